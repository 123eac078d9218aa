package evaluate

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What gives a person away in running text. A telephone number is seven digits
// or more with what people write between them; a price or a year is less.
var (
	mailAddress = regexp.MustCompile(`(?i)[\p{L}0-9._%+'-]+\s*(?:@|\(at\)|\[at\])\s*[\p{L}0-9-]+(?:\s*(?:\.|\(dot\)|\[dot\])\s*[\p{L}0-9-]+)+`)
	webAddress  = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]*://\S+|www\.\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|co|uk|de|fr|eu|info|biz|me|app|shop|link|ly|gl)(?:/\S*)?)`)
	handle      = regexp.MustCompile(`(^|[^\pL\pN])@[\pL\pN_.]{2,}`)
	telephone   = regexp.MustCompile(`\+?\(?\p{Nd}(?:[\s().\-/\x{00a0}\x{2011}]{0,3}\p{Nd}){6,}`)
)

// redact takes mail addresses, links, telephone numbers and names out of a text.
func redact(text string, names []string) string {
	text = strings.ToValidUTF8(text, "")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d' {
			if unicode.IsSpace(r) {
				return ' '
			}
			return -1
		}
		return r
	}, text)
	text = mailAddress.ReplaceAllString(text, "[mail]")
	text = webAddress.ReplaceAllString(text, "[link]")
	text = handle.ReplaceAllString(text, "$1[name]")
	text = telephone.ReplaceAllString(text, "[number]")
	for _, name := range names {
		for _, part := range append([]string{name}, strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' })...) {
			text = withoutWord(text, part)
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// shortestName is how long a word of a name is that is taken out: initials and
// particles are in every text.
const shortestName = 3

// withoutWord replaces a word, in any case, where it stands by itself.
func withoutWord(text, word string) string {
	if utf8.RuneCountInString(word) < shortestName {
		return text
	}
	pattern, err := regexp.Compile(`(?i)` + regexp.QuoteMeta(word))
	if err != nil {
		return text
	}
	var out strings.Builder
	from := 0
	for _, at := range pattern.FindAllStringIndex(text, -1) {
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		if wordRune(before) || wordRune(after) {
			continue
		}
		out.WriteString(text[from:at[0]] + "[name]")
		from = at[1]
	}
	return out.String() + text[from:]
}

func wordRune(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
