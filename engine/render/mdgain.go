package render

import (
	"fmt"

	"personae/engine/report"
)

// rates draws how often each band has the outcome.
func (m *markdown) rates(s report.Score) {
	if s.Outcome == "" {
		return
	}
	chart := series{title: s.Title + ": how often each band has the outcome", axis: "Per cent of the band"}
	for _, b := range s.Bands {
		label := b.Title
		if b.Rate.Hidden {
			label += " (hidden)"
		}
		chart.labels, chart.bars = append(chart.labels, label), append(chart.bars, percentOf(b.Rate))
	}
	m.xy(chart)
}

// gain draws which part of the outcomes the best have, if there are enough
// points for a line.
func (m *markdown) gain(s report.Score) {
	const steps = 11
	if len(s.Gain) < 2 {
		return
	}
	chart := series{title: "The best so many per cent have so many of the outcomes", axis: "Per cent of the outcomes", line: []float64{}}
	for i := range steps {
		share := float64(i) / (steps - 1)
		chart.labels = append(chart.labels, fmt.Sprintf("%d", i*10))
		chart.bars = append(chart.bars, 100*gainAt(s.Gain, share))
		chart.line = append(chart.line, 100*share) // what no score at all would do
	}
	m.xy(chart)
}

// gainAt reads a gain line between its points.
func gainAt(line []report.GainPoint, share float64) float64 {
	before := report.GainPoint{}
	for _, p := range line {
		if p.Share >= share {
			if p.Share == before.Share {
				return p.Outcomes
			}
			return before.Outcomes + (p.Outcomes-before.Outcomes)*(share-before.Share)/(p.Share-before.Share)
		}
		before = p
	}
	return before.Outcomes
}
