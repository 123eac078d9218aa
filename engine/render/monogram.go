package render

import (
	"hash/fnv"
	"strings"
	"unicode"
)

// monogram stands where a portrait will: initials on a colour that the name
// decides.
type monogram struct {
	Initials string
	Colour   string
}

// tones carry white letters at 4.5 to 1 and better, on light and dark pages.
var tones = []string{"#2f6f73", "#4a5f8f", "#7a4f6d", "#6b6136", "#8a4b3a", "#3f6b4c", "#5c5680", "#56616b"}

func monogramOf(name string) monogram {
	h := fnv.New32a()
	h.Write([]byte(name))
	sum := h.Sum32()
	return monogram{Initials: initials(name), Colour: tones[(sum^sum>>16)%uint32(len(tones))]}
}

// initials are the first letters of the first and the last word.
func initials(name string) string {
	var letters []rune
	for _, word := range strings.Fields(name) {
		for _, r := range word {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				letters = append(letters, unicode.ToUpper(r))
				break
			}
		}
	}
	switch n := len(letters); {
	case n == 0:
		return "•"
	case n == 1:
		return string(letters)
	default:
		return string([]rune{letters[0], letters[n-1]})
	}
}
