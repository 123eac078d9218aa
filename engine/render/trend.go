package render

import (
	"html/template"

	"personae/engine/render/charts"
	"personae/engine/report"
)

// trendLength is how many versions a sparkline shows, the current one included.
const trendLength = 12

// Past is what a trend needs of an earlier version: how many there were, by name.
type Past struct {
	Segments map[string]report.Number
	Personas map[string]report.Number
}

// PastOf takes out of a report what later trends show.
func PastOf(r *report.Report) Past {
	p := Past{map[string]report.Number{}, map[string]report.Number{}}
	for _, g := range r.Segments {
		p.Segments[g.Name] = g.Size.Members
	}
	for _, x := range r.Personas {
		p.Personas[x.Name] = x.Size.Members
	}
	return p
}

// trends draws how numbers of people went, as the changes beside them say it, where there is a past.
func (s *site) trends(v *indexView, history []Past) {
	if len(history) == 0 {
		return
	}
	history = history[max(len(history)-trendLength+1, 0):]
	line := func(name string, now report.Number, of func(Past) map[string]report.Number) template.HTML {
		var values []*float64
		add := func(n report.Number) {
			if n.Hidden {
				n.Value = nil
			}
			values = append(values, n.Value)
		}
		for _, p := range history {
			add(of(p)[name])
		}
		add(now)
		return template.HTML(charts.Spark("How many there were in the last versions", values))
	}
	for i := range v.Personas {
		c := &v.Personas[i]
		c.Trend = line(c.P.Name, c.P.Size.Members, func(p Past) map[string]report.Number { return p.Personas })
	}
	for i := range v.Tables {
		for j := range v.Tables[i].Rows {
			row := &v.Tables[i].Rows[j]
			row.Trend = line(row.Name, row.Size.Members, func(p Past) map[string]report.Number { return p.Segments })
			v.Tables[i].Trends = v.Tables[i].Trends || row.Trend != ""
		}
	}
}
