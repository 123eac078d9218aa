package render

import (
	"fmt"
	"strings"
	"unicode"
)

// Mermaid's charts stand in fenced blocks, which GitHub and GitLab draw and
// which read as text everywhere else. Nothing from data may end a string, a
// line or a block in them: mermaidText leaves only what cannot.

// How many letters a label and a title have at most.
const (
	labelLength = 40
	titleLength = 120
)

// mermaidText is text that may stand between double quotes in any chart.
func mermaidText(text string) string { return mermaidCut(text, labelLength) }

func mermaidCut(text string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ") {
		if n++; n > most {
			b.WriteString("…")
			break
		}
		switch {
		case r == '"' || r == '`':
			r = '\''
		case r == '<':
			r = '‹'
		case r == '>':
			r = '›'
		case r == ';':
			r = ','
		case r == '\\':
			r = '/'
		case r == '#':
			r = '♯'
		case r == '$':
			r = '＄'
		case r == '[' || r == '{':
			r = '('
		case r == ']' || r == '}':
			r = ')'
		case unicode.IsControl(r) || directs(r, string(r)):
			continue
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return "–"
	}
	return strings.ReplaceAll(b.String(), "%%", "%")
}

// chart writes a block of Mermaid.
func (m *markdown) chart(lines ...string) {
	m.line("\n```mermaid\n%s\n```", strings.Join(lines, "\n"))
}

// plainHTML is text inside a tag of HTML, where Markdown is not read.
func plainHTML(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ") {
		switch {
		case strings.ContainsRune("<>&\"'`*_[]|\\~$", r):
			fmt.Fprintf(&b, "&#%d;", r)
		case strings.ContainsRune("@#!%:.", r):
			b.WriteRune(r)
			if r != '.' && r != ':' {
				b.WriteString(zeroWidth)
			}
		case unicode.IsControl(r) || directs(r, string(r)):
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "://", ":"+zeroWidth+"//")
}
