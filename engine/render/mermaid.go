package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"personae/engine/report"
)

// Mermaid's charts stand in fenced blocks, which GitHub and GitLab draw and
// which read as text everywhere else. Nothing from data may end a string, a
// line or a block in them: mermaidText leaves only what cannot.

// palette are the colours of bars and of the line for everyone.
const palette = `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#2f6f8f, #8a8a8a"}}}}%%`

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

// series are the bars of a chart, and the line beside them.
type series struct {
	title, axis string
	horizontal  bool
	labels      []string
	bars, line  []float64 // line may be nil
}

// xy draws bars, and a line, over labels. Fewer than two bars are no chart.
func (m *markdown) xy(s series) {
	if len(s.labels) < 2 {
		return
	}
	top := 0.0
	for _, x := range append(append([]float64{}, s.bars...), s.line...) {
		top = max(top, x)
	}
	if top == 0 {
		return
	}
	quoted := make([]string, len(s.labels))
	for i, l := range s.labels {
		quoted[i] = `"` + mermaidText(l) + `"`
	}
	kind := "xychart-beta"
	if s.horizontal {
		kind += " horizontal"
	}
	lines := []string{palette, kind,
		`    title "` + mermaidCut(s.title, titleLength) + `"`,
		"    x-axis [" + strings.Join(quoted, ", ") + "]",
		fmt.Sprintf(`    y-axis "%s" 0 --> %s`, mermaidText(s.axis), plainNumber(roundUp(top))),
		"    bar [" + plainNumbers(s.bars) + "]"}
	if s.line != nil {
		lines = append(lines, "    line ["+plainNumbers(s.line)+"]")
	}
	m.chart(lines...)
}

// roundUp is the end of an axis: the next 1, 2 or 5 of its size.
func roundUp(x float64) float64 {
	size := math.Pow(10, math.Floor(math.Log10(x)))
	for _, step := range []float64{1, 2, 5, 10} {
		if x <= step*size {
			return step * size
		}
	}
	return x
}

func plainNumbers(list []float64) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = plainNumber(x)
	}
	return strings.Join(out, ", ")
}

// plainNumber writes a number as Mermaid reads it: digits and a point.
func plainNumber(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) || x < 0 {
		x = 0
	}
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
}

// percentOf is a share as the number of per cent; hidden ones are 0, and their
// labels say so.
func percentOf(n report.Number) float64 {
	if n.Hidden || n.Value == nil {
		return 0
	}
	return *n.Value * 100
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
