package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// githubLevels gives the workflow command for each severity.
var githubLevels = [...]string{Error: "error", Warning: "warning", Info: "notice"}

// githubData and githubProperty escape as the runner's own toolkit does, so that text from files and data cannot end
// a command or begin one.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// GitHub writes workflow commands, which GitHub Actions shows beside the changed lines. GitHub keeps ten of a kind and
// step and drops the others: the worst come first, and a last line of plain text counts all.
func GitHub(w io.Writer, l List, _ Sources, opt Options) error {
	out := bufio.NewWriter(w)
	for _, d := range l.Sorted() {
		var properties []string
		add := func(key string, value any) {
			properties = append(properties, key+"="+githubProperty.Replace(fmt.Sprint(value)))
		}
		if r := d.Range; r.File != "" {
			add("file", opt.Path(r))
			if r.Start.Line > 0 {
				add("line", r.Start.Line)
				add("endLine", lastLine(r))
			}
			if r.Start.Line > 0 && r.Start.Line == r.End.Line { // GitHub takes columns on one line only; its end is inclusive
				add("col", r.Start.Column)
				add("endColumn", max(r.Start.Column, r.End.Column-1))
			}
		}
		add("title", d.Code)
		fmt.Fprintf(out, "::%s %s::%s\n", githubLevels[d.Severity.known()], strings.Join(properties, ","),
			githubData.Replace(d.message()))
	}
	fmt.Fprintln(out, closing(l, opt.Files))
	return out.Flush()
}

// message gives all that a diagnostic says, in lines, for formats that have one field for it.
func (d Diagnostic) message() string {
	lines := []string{clean(d.Summary)}
	if d.Detail != "" {
		lines = append(lines, cleanLines(d.Detail)...)
	}
	if d.Fix != nil {
		lines = append(lines, "Fix: "+clean(fixTitle(*d.Fix)))
	}
	for _, r := range d.Related {
		lines = append(lines, relatedLine(r))
	}
	return strings.Join(lines, "\n")
}
