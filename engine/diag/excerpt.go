package diag

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"personae/engine/english"
	"personae/engine/source"
)

const (
	tabWidth      = 4
	excerptLines  = 3    // of a range over more lines, the first ones are shown
	farAway       = 1000 // code points from the carets that are not measured: lines can be a megabyte long
	clippedMargin = 10   // columns left standing before the carets where a long line is cut
)

// excerpt writes the lines of a range with carets.
func (t *textWriter) excerpt(r source.Range, style lipgloss.Style) {
	f := t.files.File(r.File)
	if f == nil || r.Start.Line < 1 || r.Start.Line > f.Lines() {
		return
	}
	last := min(lastLine(r), f.Lines())
	shown := min(last, r.Start.Line+excerptLines-1)
	gutter := len(fmt.Sprint(shown))
	for n := r.Start.Line; n <= shown; n++ {
		line := []rune(f.Line(n))
		from, to := 0, len(line)
		if n == r.Start.Line {
			from = min(max(r.Start.Column-1, 0), len(line))
		} else {
			for from < len(line) && (line[from] == ' ' || line[from] == '\t') {
				from++
			}
		}
		if n == r.End.Line {
			to = min(max(r.End.Column-1, 0), len(line))
		}
		text, skip, carets := marked(line, from, max(from, to), t.width-gutter-4)
		t.WriteString(strings.TrimRight(" "+t.paint(t.rail, fmt.Sprintf("%*d |", gutter, n))+" "+text, " ") + "\n")
		if from < len(line) || n == r.Start.Line {
			fmt.Fprintf(t, " %s %s%s\n", t.paint(t.rail, fmt.Sprintf("%*s |", gutter, "")),
				strings.Repeat(" ", skip), t.paint(style, strings.Repeat("^", carets)))
		}
	}
	if shown < last {
		fmt.Fprintf(t, " %s\n", t.paint(t.rail, fmt.Sprintf("%*s | ... %s more", gutter, "", english.Count(int64(last-shown), "line", "lines"))))
	}
}

// marked gives a line as it is printed in at most width columns, and where the carets under code points [from, to)
// stand.
func marked(line []rune, from, to, width int) (text string, skip, carets int) {
	if from > farAway {
		line, from, to = line[from-farAway:], farAway, to-(from-farAway)
	}
	line = line[:min(len(line), from+farAway)]
	to = min(to, len(line))
	before, part, after := expand(line[:from], 0), "", ""
	part = expand(line[from:to], lipgloss.Width(before))
	after = expand(line[to:], lipgloss.Width(before+part))
	if lipgloss.Width(before+part+after) > width {
		if lipgloss.Width(before) > clippedMargin && lipgloss.Width(before+part) > width-clippedMargin {
			before = "…" + tail(before, clippedMargin)
		}
		if lipgloss.Width(before+part+after) > width {
			rest := head(part+after, width-1-lipgloss.Width(before))
			part = head(part, lipgloss.Width(rest))
			after = rest[len(part):] + "…"
		}
	}
	return strings.TrimRight(before+part+after, " "), lipgloss.Width(before), max(1, lipgloss.Width(part))
}

// expand gives what is printed for a part of a line that begins at a column: tabs as spaces, control characters as
// escapes.
func expand(part []rune, column int) string {
	var b strings.Builder
	measured := 0
	for _, r := range part {
		if r != '\t' {
			b.WriteString(visible(r, string(r)))
			continue
		}
		column += lipgloss.Width(b.String()[measured:])
		spaces := tabWidth - column%tabWidth
		b.WriteString(strings.Repeat(" ", spaces))
		column += spaces
		measured = b.Len()
	}
	return b.String()
}

// head gives as much of the start of s as fits into width columns.
func head(s string, width int) string { return ansi.Truncate(s, max(0, width), "") }

// tail gives as much of the end of s as fits into width columns.
func tail(s string, width int) string { return ansi.TruncateLeft(s, lipgloss.Width(s)-width, "") }

// lastLine gives the last line that a range covers a part of: the line before, where it ends with a line break.
func lastLine(r source.Range) int {
	if r.End.Line > r.Start.Line && r.End.Column <= 1 {
		return r.End.Line - 1
	}
	return max(r.Start.Line, r.End.Line)
}
