package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// marks are the letters that start something in Markdown; a backslash takes
// their meaning. `$` starts a formula on GitHub even behind a backslash.
var marks = map[rune]string{
	'\\': `\\`, '`': "\\`", '*': `\*`, '_': `\_`, '[': `\[`, ']': `\]`, '|': `\|`, '~': `\~`,
	'<': "&lt;", '>': "&gt;", '&': "&amp;", '$': "&#36;",
}

// zeroWidth parts what GitHub and GitLab would join into a mention or a
// reference: @name, #12, !12, www.example.com.
const zeroWidth = "\u200b"

// md writes text as plain text in one line of Markdown, in a paragraph, a list
// or a cell of a table.
func md(text string) string {
	var b strings.Builder
	words := strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	for i, r := range words {
		next, _ := utf8.DecodeRuneInString(words[i+utf8.RuneLen(r):])
		switch {
		case marks[r] != "":
			b.WriteString(marks[r])
		case r == '#' && !letter(next):
			b.WriteString(`\#`)
		case strings.ContainsRune("@#!%", r) && letter(next):
			b.WriteRune(r)
			b.WriteString(zeroWidth)
		case r == ':' && strings.HasPrefix(words[i:], "://"), r == '.' && strings.HasSuffix(strings.ToLower(words[max(0, i-3):i]), "www"):
			b.WriteRune(r)
			b.WriteString(zeroWidth)
		case i == 0 && (r == '-' || r == '+' || r == '='):
			b.WriteString(`\`)
			b.WriteRune(r)
		case (r == '.' || r == ')') && i > 0 && digits(words[:i]) && !letter(next):
			b.WriteString(`\`) // 1. would start a list
			b.WriteRune(r)
		case unicode.IsControl(r), directs(r, words):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// directs says whether a letter turns the direction of all text behind it.
// Scripts know theirs without it. What isolates a name may stay where it ends.
func directs(r rune, text string) bool {
	if r >= 0x2066 && r <= 0x2069 {
		return strings.Count(text, "\u2066")+strings.Count(text, "\u2067")+strings.Count(text, "\u2068") != strings.Count(text, "\u2069")
	}
	return r >= 0x202a && r <= 0x202e
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// code writes an expression between backticks, more of them than it holds. In a
// cell of a table a bar needs a backslash even there.
func code(text string, cell bool) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return ""
	}
	longest, run := 0, 0
	for _, r := range text {
		run++
		if r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 {
		text = " " + text + " "
	}
	if cell {
		text = strings.ReplaceAll(text, "|", `\|`)
	}
	return fence + text + fence
}
