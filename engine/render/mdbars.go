package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"personae/engine/report"
)

// Bars in Markdown. Mermaid draws bars from the edge of its picture, a little left of
// or below zero, so that none looks like a few per cent. Upright bars have an axis to be
// read by; lying ones have no axis but their number beside their name, and then start
// at zero.

// How they begin: the height of the picture, and the colours of bars and of everyone's.
const (
	uprightBars = `%%{init: {"xyChart": {"height": 360}, "themeVariables": {"xyChart": {"plotColorPalette": "#2f6f8f, #8a8a8a"}}}}%%`
	lyingBars   = `%%%%{init: {"xyChart": {"height": %d, "yAxis": {"showLabel": false, "showTick": false}}, "themeVariables": {"xyChart": {"plotColorPalette": "#2f6f8f, #8a8a8a"}}}}%%%%`
)

// How high lying bars are, in pixels.
const (
	lyingHead = 90
	lyingRow  = 28
)

// series are the bars of a chart. Everyone's may stand beside them: as a line over
// labels that have an order, else as bars of their own.
type series struct {
	title      string
	over, axis string // what the labels are, and the bars
	horizontal bool
	bars       []bar
	line       bool // everyone's numbers are a line
	others     bool // they are bars
}

// bar is one of them, with the number of everyone.
type bar struct {
	label          string
	here, everyone report.Number
}

// xy draws bars over labels. Fewer than two bars are no chart, nor are bars of nobody.
func (m *markdown) xy(s series) {
	top := 0.0
	for _, b := range s.bars {
		top = max(top, percentOf(b.here), percentOf(b.everyone))
	}
	if len(s.bars) < 2 || top == 0 {
		return
	}
	if s.horizontal || s.others {
		m.lying(s, top)
	} else {
		m.upright(s, top)
	}
}

func (m *markdown) upright(s series, top float64) {
	var labels []string
	var here, everyone []float64
	for _, b := range s.bars {
		label := mermaidText(b.label)
		if b.here.Hidden {
			label += " (hidden)"
		}
		labels = append(labels, label)
		here, everyone = append(here, percentOf(b.here)), append(everyone, percentOf(b.everyone))
	}
	lines := append([]string{uprightBars, "xychart-beta"}, axesLines(s, labels, top)...)
	lines = append(lines, "    bar ["+plainNumbers(here)+"]")
	if s.line {
		lines = append(lines, "    line ["+plainNumbers(everyone)+"]")
	}
	m.chart(lines...)
}

// lying puts everyone's bar below each other one: two series that leave each other's
// places empty, because Mermaid draws all series on the same ones. No label may be
// there twice: spaces of no width tell those of everyone apart.
func (m *markdown) lying(s series, top float64) {
	var labels []string
	var here, everyone []float64
	for i, b := range s.bars {
		labels = append(labels, mermaidCut(b.label, 50)+" · "+barText(b.here))
		here, everyone = append(here, percentOf(b.here)), append(everyone, 0)
		if s.others {
			labels = append(labels, "everyone · "+barText(b.everyone)+strings.Repeat(zeroWidth, i))
			here, everyone = append(here, 0), append(everyone, percentOf(b.everyone))
		}
	}
	lines := append([]string{fmt.Sprintf(lyingBars, lyingHead+lyingRow*len(labels)), "xychart-beta horizontal"}, axesLines(s, labels, top)...)
	lines = append(lines, "    bar ["+plainNumbers(here)+"]")
	if s.others {
		lines = append(lines, "    bar ["+plainNumbers(everyone)+"]")
	}
	m.chart(lines...)
}

func barText(n report.Number) string {
	if n.Hidden || n.Text == "" {
		return "hidden"
	}
	return n.Text
}

// axesLines are the title of a chart and its two axes.
func axesLines(s series, labels []string, top float64) []string {
	quoted := make([]string, len(labels))
	for i, l := range labels {
		quoted[i] = `"` + mermaidCut(l, 2*labelLength) + `"`
	}
	return []string{
		`    title "` + mermaidCut(s.title, titleLength) + `"`,
		`    x-axis "` + mermaidCut(s.over, 2*labelLength) + `" [` + strings.Join(quoted, ", ") + "]",
		fmt.Sprintf(`    y-axis "%s" 0 --> %s`, mermaidText(s.axis), plainNumber(roundUp(top))),
	}
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
