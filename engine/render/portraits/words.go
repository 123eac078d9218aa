package portraits

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// worn is how words of a description are drawn: the first that fits counts.
type worn struct {
	words    string // any of them, as a regular expression
	variants []string
}

// look is what a style can draw of a description, and what it draws by itself.
type look struct {
	component string // what the variants in hair are of
	hair      []worn
	glasses   string // the component that stands for glasses
	beard     string
	set       map[string]any // whatever the description says
}

// looks are the styles with people in them. Faces are calm: nobody is drawn angry,
// masked or crying, and there is no beard that the description does not speak of.
var looks = map[string]look{
	"notionists": {
		component: "hair", glasses: "glasses", beard: "beard",
		hair: []worn{
			{"hat|cap|beanie", []string{"hat"}},
			{"headscarf|hijab|veil", variants(62, 63)},
			{"turban", variants(61)},
			{"bald|white hair|grey hair|gray hair", variants(42)},
			{"bun|topknot", variants(29, 48, 57)},
			{"ponytail", variants(45, 47)},
			{"curly|curls|afro", variants(9, 20, 22, 33, 40)},
			{"long hair|long dark hair", variants(2, 8, 10, 23, 28, 41, 58)},
			{"fringe|bangs", variants(1, 3, 19)},
			{"woman .*short|short.* woman", variants(4, 11, 17, 43)},
			{"woman|girl|mother|grandmother", variants(2, 4, 8, 10, 11, 17, 23, 28, 41, 43, 48, 57, 58)},
			{"man|boy|father|grandfather", variants(5, 6, 7, 13, 15, 16, 18, 24, 25, 27, 34, 35, 38, 54, 55)},
			{"", variants(1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 17, 18, 20, 22, 24, 25, 28, 34, 38, 41, 43, 54, 57, 58)},
		},
		set: map[string]any{"gestureProbability": 0, "clothesGraphicProbability": 0, "mouthVariant": variants(3, 4, 5, 17, 18, 21, 22, 24)},
	},
	"lorelei": {glasses: "glasses", beard: "beard", set: map[string]any{"mouthVariant": numbered("happy%02d", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}},
	"open_peeps": {
		component: "head", glasses: "accessories", beard: "facialHair",
		hair: []worn{
			{"hat|cap|beanie", []string{"hatBeanie", "hatHip"}},
			{"headscarf|hijab|veil", []string{"hijab"}},
			{"turban", []string{"turban"}},
			{"bald", []string{"noHair1", "noHair2", "noHair3"}},
			{"white hair|grey hair|gray hair", []string{"grayBun", "grayMedium", "grayShort"}},
			{"bun|topknot", []string{"bun", "bun2", "buns"}},
			{"curly|curls|afro", []string{"afro", "longAfro", "longCurly"}},
			{"long hair|long dark hair", []string{"long", "longBangs", "longCurly"}},
			{"fringe|bangs", []string{"bangs", "bangs2", "mediumBangs"}},
			{"woman|girl|mother|grandmother", []string{"bangs", "bun", "long", "longBangs", "medium1", "medium2", "mediumBangs", "mediumStraight"}},
			{"man|boy|father|grandfather", []string{"flatTop", "pomp", "short1", "short2", "short3", "short4", "short5", "shaved1"}},
			{"", []string{"afro", "bangs", "bun", "long", "longCurly", "medium1", "medium2", "mediumStraight", "pomp", "short1", "short2", "short3", "twists"}},
		},
		set: map[string]any{"maskProbability": 0, "accessoriesVariant": []string{"glasses", "glasses2", "glasses3"},
			"expressionVariant": []string{"calm", "cheeky", "cute", "lovingGrin1", "smile", "smileBig"}},
	},
	"pixel_art": {glasses: "glasses", beard: "beard"},
}

func numbered(pattern string, numbers ...int) []string {
	var out []string
	for _, n := range numbers {
		out = append(out, fmt.Sprintf(pattern, n))
	}
	return out
}

func variants(numbers ...int) []string { return numbered("variant%02d", numbers...) }

// options are what DiceBear is told.
func (f Face) options() map[string]any {
	o := map[string]any{"seed": f.Seed}
	l, people := looks[f.Style]
	if !people {
		return o
	}
	for k, v := range l.set {
		o[k] = v
	}
	says := func(words string) bool { return regexp.MustCompile(`(?i)\b(` + words + `)\b`).MatchString(f.Alt) }
	for component, words := range map[string]string{l.glasses: "glasses|spectacles", l.beard: "beard|bearded|moustache|mustache|stubble"} {
		o[component+"Probability"] = 0
		if says(words) {
			o[component+"Probability"] = 100
		}
	}
	for _, h := range l.hair {
		if h.words == "" || says(h.words) {
			o[l.component+"Variant"] = h.variants
			break
		}
	}
	return o
}

// KnownStyle says whether there is such a style. None at all is the first one.
func KnownStyle(name string) bool {
	return name == "" || slices.Contains(Styles(), strings.TrimSpace(name))
}
