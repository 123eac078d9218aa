package scaffold

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"personae/engine/catalog"
	"personae/engine/english"
)

// ruleWords mean something in every rule, so nothing else is called so.
var ruleWords = []string{"evidence", "journey", "now", "params", "score", "segment", "segmentation", "as_of", "value"}

// plain letters for those with marks: names are ASCII.
var letters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "oe", "å", "aa",
	"á", "a", "à", "a", "â", "a", "ã", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ì", "i", "î", "i", "ï", "i",
	"ñ", "n", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "ú", "u", "ù", "u", "û", "u", "ý", "y", "č", "c", "ř", "r", "š", "s", "ž", "z",
	"ł", "l", "ś", "s", "ż", "z", "ź", "z", "ą", "a", "ę", "e", "ć", "c", "ń", "n", "%", " percent ", "&", " and ", "€", " eur ", "£", " gbp ", "$", " usd ")

// snake turns what a file calls something into a name: CustomerID is
// customer_id, "Total Visits" total_visits, 2ndTry n_2nd_try. "" where nothing
// is left.
func snake(s string) string {
	var b strings.Builder
	runes := []rune(letters.Replace(lowerMarks(strings.TrimSpace(s))))
	for i, r := range runes {
		switch {
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if unicode.IsUpper(r) && i > 0 && startsWord(runes, i) && b.Len() > 0 && !strings.HasSuffix(b.String(), "_") {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	name := strings.TrimRight(b.String(), "_")
	if len(name) > 60 {
		name = strings.TrimRight(name[:60], "_")
	}
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		name = "n_" + name
	}
	return name
}

// lowerMarks lowers the letters with marks only: capitals tell where words begin.
func lowerMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x80 {
			return unicode.ToLower(r)
		}
		return r
	}, s)
}

// startsWord says whether the capital at i begins a word: after a small letter
// or digit, or as the last of several capitals before a small letter.
func startsWord(runes []rune, i int) bool {
	before := runes[i-1]
	if unicode.IsLower(before) || unicode.IsDigit(before) {
		return true
	}
	return unicode.IsUpper(before) && i+1 < len(runes) && unicode.IsLower(runes[i+1]) && !(runes[i+1] == 's' && i+2 == len(runes))
}

// fresh gives a name that nothing has yet, and takes it.
func fresh(name, otherwise string, taken map[string]bool) string {
	if name == "" {
		name = otherwise
	}
	if !catalog.IsIdentifier(name) || slices.Contains(ruleWords, name) {
		name += "_column"
	}
	try := name
	for n := 2; taken[try]; n++ {
		try = name + "_" + strconv.Itoa(n)
	}
	taken[try] = true
	return try
}

// stem is the name of a file without folders, ends and dates.
func stem(path string) string {
	base := filepath.Base(path)
	for ext := strings.ToLower(filepath.Ext(base)); ext != ""; ext = strings.ToLower(filepath.Ext(base)) {
		if kinds[ext] == "" && ext != ".gz" && ext != ".zst" {
			break
		}
		base = base[:len(base)-len(ext)]
	}
	return snake(base)
}

// words takes a name apart.
func words(name string) []string { return strings.Split(name, "_") }

// title is spoken with a capital.
func title(name string) string {
	s := english.Spoken(name)
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
