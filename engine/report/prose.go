package report

import (
	"regexp"
	"strings"

	"personae/engine/compile"
	"personae/engine/spec"
)

// Stories and days are Markdown: emphasis, lists and links. What is filled into
// them is a value, and no markup in it is read.

// gap stands for a missing value inside a text that is cut into sentences.
const gap = "\x00"

// plain writes a value into a text without markup.
func plain(value string) string { return value }

// quoted writes a value into Markdown as it stands.
func quoted(value string) string {
	value = markup.ReplaceAllString(strings.Join(strings.Fields(value), " "), `\$0`)
	if strings.HasPrefix(value, "-") || strings.HasPrefix(value, "+") { // they would start a list
		value = `\` + value
	}
	return value
}

var markup = regexp.MustCompile("[\\\\`*_\\[\\]<>&~|#!]")

// prose fills a longer text: a sentence whose value is missing is left out and
// the reason is kept (REPORTS A). Paragraphs are parted by empty lines; items of a
// list stay on lines of their own.
func (b *builder) prose(p *compile.Persona, m *measured, t spec.Template) []Paragraph {
	parts, why := b.parts(p, m, t, quoted)
	out := []Paragraph{}
	next := 0
	for _, block := range blocks(strings.Join(parts, "")) {
		var lines []string
		par := Paragraph{}
		for _, x := range items(block) {
			var kept []string
			for _, s := range sentences(x.text) {
				gaps := strings.Count(s, gap)
				if gaps == 0 {
					kept = append(kept, s)
					continue
				}
				par.Missing = append(par.Missing, why[next:next+gaps]...)
				next += gaps
			}
			if len(kept) > 0 {
				lines = append(lines, x.marker+strings.Join(kept, " "))
			}
		}
		par.Text = strings.Join(lines, "\n")
		if par.Text != "" || len(par.Missing) > 0 {
			out = append(out, par)
		}
	}
	return out
}

// blocks cuts a text at empty lines.
func blocks(text string) []string {
	var out []string
	var block []string
	for _, line := range append(strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "") {
		if strings.TrimSpace(line) != "" {
			block = append(block, line)
			continue
		}
		if len(block) > 0 {
			out = append(out, strings.Join(block, "\n"))
		}
		block = nil
	}
	return out
}

// item is a piece of a block: an item of a list with its marker, or lines that
// belong together, without one.
type item struct{ marker, text string }

var listMarker = regexp.MustCompile(`^[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+`)

func items(block string) []item {
	var out []item
	for _, line := range strings.Split(block, "\n") {
		marker := listMarker.FindString(line)
		if marker != "" || len(out) == 0 {
			out = append(out, item{marker, line[len(marker):]})
			continue
		}
		out[len(out)-1].text += "\n" + line
	}
	return out
}

// sentences cuts prose after a full stop, question or exclamation mark that is
// followed by space. Line breaks inside a paragraph are spaces.
func sentences(block string) []string {
	words := strings.Fields(block)
	var out []string
	start := 0
	for i, w := range words {
		trimmed := strings.TrimRight(w, `"')]”’*_`)
		if i == len(words)-1 || strings.HasSuffix(trimmed, ".") || strings.HasSuffix(trimmed, "!") || strings.HasSuffix(trimmed, "?") {
			out = append(out, strings.Join(words[start:i+1], " "))
			start = i + 1
		}
	}
	return out
}
