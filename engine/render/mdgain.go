package render

import (
	"fmt"

	"personae/engine/report"
)

// sizes draws how many are in each band; those whose band cannot be told are a bar
// of their own.
func (m *markdown) sizes(s report.Score) {
	population := m.population(s.Entity).Count
	chart := series{title: s.Title + ": how many are in each band", over: "Band", axis: "Per cent of all " + peopleOf(s.Entity)}
	for _, b := range s.Bands {
		chart.bars = append(chart.bars, bar{label: b.Title, here: b.Size.Share})
	}
	if some(s.Unknown) {
		chart.bars = append(chart.bars, bar{label: "Can’t tell", here: m.shareOf(s.Unknown, population)})
	}
	m.xy(chart)
	m.caption(basedOn(population, s.Entity))
}

// rates draws how often each band has the outcome.
func (m *markdown) rates(s report.Score) {
	if s.Outcome == "" {
		return
	}
	chart := series{title: s.Title + ": how often each band has the outcome", over: "Band", axis: "Per cent of the band"}
	for _, b := range s.Bands {
		chart.bars = append(chart.bars, bar{label: b.Title, here: b.Rate})
	}
	m.xy(chart)
	m.caption(m.ratesRest(s))
}

// gain draws which part of the outcomes the best have, if there are enough
// points for a line.
func (m *markdown) gain(s report.Score) {
	const steps = 11
	if len(s.Gain) < 2 {
		return
	}
	chart := series{title: s.Title + ": those with most points (bars), as many at random (line)",
		over: "Per cent of all " + peopleOf(s.Entity) + ", most points first", axis: "Per cent of the outcomes", line: true}
	for i := range steps {
		share := float64(i) / (steps - 1)
		won := gainAt(s.Gain, share)
		chart.bars = append(chart.bars, bar{fmt.Sprintf("%d", i*10), report.Number{Value: &won}, report.Number{Value: &share}}) // beside what no score at all would do
	}
	m.xy(chart)
	m.caption(m.ratesRest(s))
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
