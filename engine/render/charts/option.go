package charts

import (
	"math"
	"unicode/utf8"

	"personae/engine/report"
)

// The colours are the page's: one for the group, grey for everyone.
const (
	Group    = "var(--accent)"
	Everyone = "var(--all)"
	Ink      = "var(--ink)"
	Soft     = "var(--soft)"
	Line     = "var(--line)"
	Hatch    = "url(#hatch)" // a pattern that every page defines
)

// Width is the width of most pictures. A phone shows them a little smaller and a
// desk a little larger, so that their letters stay readable.
const Width = 340

const letters = 12 // size of the letters, in pixels of the picture

// Words writes numbers as the project does.
type Words interface {
	Percent(share float64) string
	Value(v float64, unit string) string
}

// canvas is what every picture has: no frame, no movement, the page's letters.
func canvas(e edges) Option {
	grid := Option{"left": e.left, "right": e.right, "top": e.top, "bottom": e.bottom, "containLabel": false, "outerBoundsMode": "none"}
	return Option{"textStyle": Option{"fontFamily": "inherit", "fontSize": letters}, "grid": grid}
}

// unseen is an axis that only places things.
func unseen(kind string, more Option) Option {
	axis := Option{"type": kind, "show": false}
	for k, v := range more {
		axis[k] = v
	}
	return axis
}

// scale is an axis of shares from 0, with a few labelled lines.
func scale(top float64, w Words) Option {
	step := stepOf(top)
	top = math.Ceil(top/step-1e-9) * step
	ticks := [][2]any{}
	for i := 0; float64(i)*step <= top+1e-9; i++ {
		ticks = append(ticks, [2]any{round(float64(i) * step), w.Percent(round(float64(i) * step))})
	}
	return Option{"type": "value", "min": 0, "max": round(top), "interval": round(step),
		"axisLabel": Option{"ticks": ticks, "color": Soft, "fontSize": letters, "hideOverlap": false},
		"splitLine": Option{"lineStyle": Option{"color": Line}}, "axisLine": Option{"show": false}, "axisTick": Option{"show": false}}
}

// stepOf cuts an axis into two to five steps of round shares.
func stepOf(top float64) float64 {
	for _, s := range []float64{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5} {
		if top/s <= 4 {
			return s
		}
	}
	return 0.5
}

func round(v float64) float64 { return math.Round(v*1e9) / 1e9 }

// shown says whether a number is there to be drawn.
func shown(n report.Number) bool {
	return !n.Hidden && n.Value != nil && !math.IsNaN(*n.Value) && !math.IsInf(*n.Value, 0)
}

func value(n report.Number) float64 {
	if !shown(n) {
		return 0
	}
	return *n.Value
}

// top is the largest share among the bins, of the group and of everyone; at least
// one per cent.
func top(bins []report.Bin) float64 {
	most := 0.01
	for _, b := range bins {
		most = max(most, value(b.Share), value(b.Everyone))
	}
	return most
}

// wide is how many pixels a text takes, roughly: enough to keep labels apart.
func wide(s string) float64 { return float64(utf8.RuneCountInString(s)) * letters * 0.58 }

// cut shortens a text to a width; the table below the picture has it whole.
func cut(s string, width float64) string {
	if wide(s) <= width {
		return s
	}
	runes := []rune(s)
	keep := int(width/(letters*0.58)) - 1
	return string(runes[:max(keep, 1)]) + "…"
}

// every is how many labels share one place, so that none covers the next.
func every(labels []string, width float64) int {
	most := 0.0
	for _, l := range labels {
		most = max(most, wide(l)+10)
	}
	if len(labels) == 0 || most == 0 {
		return 1
	}
	room := max(int(width/most), 1)
	return (len(labels) + room - 1) / room
}
