package scaffold

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
)

// bare is text that needs no quotes in YAML, in braces too.
var bare = regexp.MustCompile(`^[A-Za-z_/.][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$`)

// yamlText writes a text as a YAML value on one line.
func yamlText(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", ".nan", ".inf", "~":
		return quoteYAML(s)
	}
	if bare.MatchString(s) {
		return s
	}
	return quoteYAML(s)
}

// quoteYAML uses that a JSON string is a YAML one.
func quoteYAML(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(strings.ToValidUTF8(s, "\uFFFD"))
	quoted := strings.TrimSuffix(b.String(), "\n")
	return strings.Map(func(r rune) rune {
		if r == 0x7F || r == 0xFEFF || r >= 0x80 && r < 0xA0 { // not printable in YAML
			return '\uFFFD'
		}
		return r
	}, quoted)
}

// clean makes text from data fit for a comment: one line, printable, not long.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(s, "?"))
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// comment writes lines before which # stands, wrapped at 110 characters.
func comment(indent, text string) string {
	var b strings.Builder
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, w := range strings.Fields(paragraph) {
			if line != "" && len(line)+len(w) > 108-len(indent) {
				b.WriteString(indent + "# " + line + "\n")
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += w
		}
		b.WriteString(strings.TrimRight(indent+"# "+line, " ") + "\n")
	}
	return b.String()
}

// block writes a text of several lines after a key.
func block(indent, key, text string) string {
	var b strings.Builder
	b.WriteString(indent + key + ": |-\n")
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if line == "" {
			b.WriteString("\n")
			continue
		}
		b.WriteString(indent + "  " + line + "\n")
	}
	return b.String()
}

// celString writes a text as a CEL literal in single quotes.
func celString(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// templateText escapes what templates give a meaning.
func templateText(s string) string { return strings.ReplaceAll(s, "${", "$${") }
