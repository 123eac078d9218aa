package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"personae/engine/english"
)

const (
	defaultWidth = 100 // columns, where the caller does not know the terminal's
	minWidth     = 40
)

// styles are the colours of the text format. Status is never told by colour alone: the word stands beside it.
type styles struct {
	severity           [3]lipgloss.Style
	place, rail, faint lipgloss.Style
	color              bool
}

func newStyles(color bool) styles {
	bold := lipgloss.NewStyle().Bold(true)
	return styles{
		severity: [3]lipgloss.Style{
			bold.Foreground(lipgloss.Red), bold.Foreground(lipgloss.Yellow), bold.Foreground(lipgloss.Blue),
		},
		place: bold,
		rail:  lipgloss.NewStyle().Foreground(lipgloss.Blue),
		faint: lipgloss.NewStyle().Faint(true),
		color: color,
	}
}

// paint renders in a style, or not at all without colour.
func (s styles) paint(style lipgloss.Style, text string) string {
	if !s.color || text == "" {
		return text
	}
	return style.Render(text)
}

// WantsColor says whether to colour what is written to w: a terminal that can, and NO_COLOR and CLICOLOR_FORCE of the
// environment ("KEY=value") as they ask.
func WantsColor(w io.Writer, env []string) bool {
	return colorprofile.Detect(w, env) > colorprofile.ASCII
}

// textWriter writes the text format.
type textWriter struct {
	*bufio.Writer
	styles
	files Sources
	width int
}

// Text writes diagnostics for people: the place, what is wrong, the lines with carets under the exact columns, what
// to do, and a closing line that counts. Characters that a terminal would obey are shown as escapes.
func Text(w io.Writer, l List, files Sources, opt Options) error {
	t := &textWriter{Writer: bufio.NewWriter(w), styles: newStyles(opt.Color), files: files, width: opt.Width}
	if t.files == nil {
		t.files = Files(nil)
	}
	if t.width == 0 {
		t.width = defaultWidth
	}
	t.width = max(t.width, minWidth)
	for _, d := range l.Sorted() {
		if opt.Brief && d.Severity != Error {
			t.brief(d)
			continue
		}
		t.diagnostic(d)
		t.WriteString("\n")
	}
	t.WriteString(closing(l, opt.Files) + "\n")
	return t.Flush()
}

// brief writes a remark on one line, with the place in the data where there is
// one: that is what stands last in a detail of several lines.
func (t *textWriter) brief(d Diagnostic) {
	t.headline(d)
	if _, last, several := strings.Cut(d.Detail, "\n"); several {
		t.paragraph("  ", last[strings.LastIndex(last, "\n")+1:])
	}
}

// headline writes where and what.
func (t *textWriter) headline(d Diagnostic) {
	if place := clean(d.Range.String()); place != "" {
		t.WriteString(t.paint(t.place, place) + ": ")
	}
	fmt.Fprintf(t, "%s: %s %s\n", t.paint(t.severity[d.Severity.known()], d.Severity.String()), clean(d.Summary),
		t.paint(t.faint, "["+clean(d.Code)+"]"))
}

func (t *textWriter) diagnostic(d Diagnostic) {
	style := t.severity[d.Severity.known()]
	t.headline(d)
	t.excerpt(d.Range, style)
	if d.Detail != "" {
		t.paragraph("  ", d.Detail)
	}
	if d.Fix != nil {
		t.paragraph("  ", "Fix: "+fixTitle(*d.Fix))
	}
	for _, r := range d.Related {
		t.WriteString("  " + relatedLine(r) + "\n") // not wrapped: it ends with a place to click on
		t.excerpt(r.Range, t.rail)
	}
}

// relatedLine gives another place on one line: "first defined here: rules/a.yaml:3:1".
func relatedLine(r Related) string {
	if place := r.Range.String(); place != "" {
		return clean(r.Message + ": " + place)
	}
	return clean(r.Message)
}

// fixTitle says what a fix does; without a title, what it writes.
func fixTitle(f Fix) string {
	if f.Title != "" {
		return f.Title
	}
	if f.Replacement == "" {
		return "delete it"
	}
	return "write " + f.Replacement
}

// paragraph writes text of one or more lines, indented and wrapped at the width.
func (t *textWriter) paragraph(indent, text string) {
	for _, line := range cleanLines(text) {
		for _, part := range wrap(line, t.width-len(indent)) {
			t.WriteString(strings.TrimRight(indent+part, " ") + "\n")
		}
	}
}

// wrap breaks a line between words. What stands before the first word is kept on all parts, so that examples and
// list items stay aligned. Words that are too long are left whole: they are paths and expressions to copy.
func wrap(line string, width int) []string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	var parts []string
	current := ""
	for _, word := range strings.Fields(line) {
		switch {
		case current == "":
			current = indent + word
		case lipgloss.Width(current)+1+lipgloss.Width(word) > width:
			parts = append(parts, current)
			current = indent + word
		default:
			current += " " + word
		}
	}
	return append(parts, current)
}

// closing counts: "2 errors, 1 warning in 24 files".
func closing(l List, files int) string {
	var parts []string
	for _, s := range []Severity{Error, Warning} {
		if n := l.Count(s); n > 0 {
			parts = append(parts, english.Count(int64(n), s.String(), s.String()+"s"))
		}
	}
	if n := l.Count(Info); n > 0 {
		parts = append(parts, english.Count(int64(n), "remark", "remarks"))
	}
	text := "no problems"
	if len(parts) > 0 {
		text = strings.Join(parts, ", ")
	}
	if files > 0 {
		text += " in " + english.Count(int64(files), "file", "files")
	}
	return text
}
