package render

import (
	"personae/engine/format"
	"personae/engine/render/charts"
	"personae/engine/report"
)

// scoreView is a score on the first page: who is in which band, and whether it
// separates those with the outcome from the others.
type scoreView struct {
	report.Score
	People string
	Bands  *figure
	Rates  *figure
	Gain   *figure
	None   string // that no outcome is named
	Told   string // for how many the band cannot be told
}

// shareOf writes a number of people as a part of all.
func (s *site) shareOf(n, all report.Number) report.Number {
	if n.Hidden || all.Hidden || n.Value == nil || all.Value == nil || *all.Value == 0 {
		return report.Number{Hidden: true, Reason: n.Reason}
	}
	v := *n.Value / *all.Value
	text, _ := s.f.Percent(v, format.Auto)
	return report.Number{Value: &v, Text: text}
}

func (s *site) score(x report.Score) scoreView {
	v := scoreView{Score: x, People: peopleOf(x.Entity)}
	population, unknown := s.population(x.Entity).Count, (*report.Number)(nil)
	if n := x.Unknown; n.Hidden || n.Value != nil && *n.Value > 0 {
		share := s.shareOf(n, population)
		unknown = &share
	}
	v.Bands = &figure{Title: "How many are in each band", Head: []string{"Band", upper(v.People), "Share"}, job: s.chart(charts.Bands(x, unknown, charts.Axes{Across: shareOfAll(v.People)})),
		Foot: basedOn(population, x.Entity)}
	for _, b := range x.Bands {
		v.Bands.Rows = append(v.Bands.Rows, figureRow{b.Title, []report.Number{b.Size.Members, b.Size.Share}})
	}
	v.Told = cannotTell(report.Size{Unknown: x.Unknown, UnknownWhy: x.UnknownWhy}, x.Entity)
	if unknown != nil {
		v.Bands.Rows = append(v.Bands.Rows, figureRow{"Can’t tell", []report.Number{x.Unknown, *unknown}})
	}
	if x.Outcome == "" {
		v.None = "No outcome is named, so nobody knows whether this score works."
		return v
	}
	rest, gain := s.ratesRest(x), charts.Axes{Across: "Share of " + v.People + ", most points first", Up: "Share of the outcomes"}
	v.Rates = &figure{Title: "How often the outcome comes", Head: []string{"Band", "With the outcome", "Likely range", "Based on"},
		job: s.chart(charts.Rates(x, charts.Axes{Across: "Share of the band with the outcome"})), Foot: rest + " The thin lines are likely ranges (95%)."}
	for _, b := range x.Bands {
		span := report.Number{Hidden: true}
		n, _ := s.rests(b.Rate)
		if b.Low != nil && b.High != nil && !b.Rate.Hidden {
			low, _ := s.f.Percent(*b.Low, 0)
			high, _ := s.f.Percent(*b.High, 0)
			span = cellOf(low + " to " + high)
		}
		v.Rates.Rows = append(v.Rates.Rows, figureRow{b.Title, []report.Number{b.Rate, span, cellOf(n)}})
	}
	if c := charts.Gain(x, chartWords{s.f}, gain); c.Option != nil {
		v.Gain = &figure{Title: "Whom to call first", job: s.chart(c), Head: []string{"Of all " + v.People + ", most points first", "Of all outcomes"},
			Foot: rest + " Dashed: picking at random."}
		for _, g := range x.Gain {
			at, _ := s.f.Percent(g.Share, 0)
			won, _ := s.f.Percent(g.Outcomes, 0)
			v.Gain.Rows = append(v.Gain.Rows, figureRow{at, []report.Number{cellOf(won)}})
		}
	}
	return v
}
