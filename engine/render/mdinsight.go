package render

import (
	"fmt"
	"strings"

	"personae/engine/report"
)

// quotes are what customers wrote, or why there are none.
func (m *markdown) quotes(p report.Persona) {
	if len(p.Quotes) == 0 {
		if p.NoQuotes != "" && p.Hidden == "" {
			m.line("\n_%s_", md(p.NoQuotes))
		}
		return
	}
	m.line("\n### In their words")
	for _, q := range p.Quotes {
		m.line("\n> “%s”", md(q.Text))
		m.line(">\n> %s", md(strings.Trim(q.From+". "+q.Note, " .")))
	}
}

// apart says what sets a group apart, as a picture and as a table.
func (m *markdown) apart(level string, list []report.Difference, who, people string) {
	if len(list) == 0 {
		return
	}
	m.line("\n%s What sets them apart", level)
	s := series{title: who + " (bars) and all " + people + " (line)", axis: "Per cent of them", horizontal: true, line: []float64{}}
	for _, d := range list {
		if !d.Share.Hidden && !d.Everyone.Hidden && d.Share.Value != nil && d.Everyone.Value != nil {
			s.labels = append(s.labels, upper(d.Label)+": "+d.Value)
			s.bars, s.line = append(s.bars, percentOf(d.Share)), append(s.line, percentOf(d.Everyone))
		}
	}
	m.xy(s)
	m.line("")
	m.row("What", "Here", "Everyone", "In words")
	m.row("---", "--:", "--:", "---")
	for _, d := range list {
		m.row(md(upper(d.Label)+": "+d.Value), number(d.Share), number(d.Everyone), dash(md(d.Text)))
	}
}

// bars of one chart at most; the table has all.
const mostBars = 24

// distribution draws how an attribute is spread, with its numbers below.
func (m *markdown) distribution(d report.Distribution, who, people string) {
	m.line("\n### %s", md(d.Title))
	if d.Reason != "" || len(d.Bins) == 0 {
		m.line("\n_%s_", md(upper(orNone(d.Reason))))
		return
	}
	if d.Takeaway != "" {
		m.line("\n%s", md(d.Takeaway))
	}
	switch d.Kind {
	case report.WeekHours:
		m.week(d)
		return
	case report.YesNo:
		m.line("\n%s here, %s among everyone", number(d.Bins[0].Share), number(d.Bins[0].Everyone))
		return
	}
	s := series{title: d.Title + ": " + who + " (bars), all " + people + " (line)", axis: "Per cent of them", horizontal: d.Kind == report.Categories, line: []float64{}}
	for _, b := range d.Bins {
		label := b.Label
		if b.Share.Hidden {
			label += " (hidden)"
		}
		s.labels = append(s.labels, label)
		s.bars, s.line = append(s.bars, percentOf(b.Share)), append(s.line, percentOf(b.Everyone))
	}
	if len(s.labels) <= mostBars {
		m.xy(s)
	}
	m.line("\n<details><summary>Numbers</summary>\n")
	m.row(md(d.Title), "Here", "Everyone")
	m.row("---", "--:", "--:")
	for _, b := range d.Bins {
		m.row(dash(md(b.Label)), number(b.Share), number(b.Everyone))
	}
	if d.N.Text != "" && some(d.Unknown) {
		m.line("\nKnown for %s, can't tell for %s.", number(d.N), number(d.Unknown))
	}
	m.line("\n</details>")
}

func orNone(reason string) string {
	if reason == "" {
		return "there is no value"
	}
	return reason
}

var weekdays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// hoursTogether are the columns of a week's table.
const hoursTogether = 4

// week writes when they act: weekdays by four hours. A cell with a hidden hour
// is hidden.
func (m *markdown) week(d report.Distribution) {
	if len(d.Bins) != 7*24 {
		m.line("\n_%s_", md(upper(orNone(d.Reason))))
		return
	}
	head, rule := []string{""}, []string{"---"}
	for h := 0; h < 24; h += hoursTogether {
		head, rule = append(head, fmt.Sprintf("%d to %d", h, h+hoursTogether)), append(rule, "--:")
	}
	m.line("")
	m.row(head...)
	m.row(rule...)
	for day, name := range weekdays {
		cells := []string{name}
		for h := 0; h < 24; h += hoursTogether {
			sum, hidden := 0.0, false
			for _, b := range d.Bins[day*24+h : day*24+h+hoursTogether] {
				hidden = hidden || b.Share.Hidden || b.Share.Value == nil
				sum += percentOf(b.Share)
			}
			text, ok := m.f.Percent(sum/100, 0)
			if hidden || !ok {
				text = "–"
			}
			cells = append(cells, text)
		}
		m.row(cells...)
	}
}

// shares draws the groups of a segmentation.
func (m *markdown) shares(v segmentationView) {
	s := series{title: v.Title, axis: "Per cent of all " + v.People}
	for _, rung := range v.Rungs {
		label := rung.Title
		if rung.Size.Share.Hidden {
			label += " (hidden)"
		}
		s.labels, s.bars = append(s.labels, label), append(s.bars, percentOf(rung.Size.Share))
	}
	s.horizontal = len(s.labels) > 5
	m.xy(s)
}

// overlapsListed is how many overlaps the report lists.
const overlapsListed = 15

// overlaps lists the largest overlaps of segments, each pair once.
func (m *markdown) overlaps() {
	type pair struct {
		a, b string
		both report.Number
		lift string
	}
	var list []pair
	for _, o := range m.r.Overlaps {
		x, okX := m.segment(o.A)
		y, okY := m.segment(o.B)
		if !okX || !okY || o.A >= o.B || o.Both.Hidden || o.Both.Value == nil || *o.Both.Value == 0 {
			continue
		}
		p := pair{a: x.Title, b: y.Title, both: o.Both}
		if o.Lift != nil {
			p.lift, _ = m.f.Lift(*o.Lift, "all "+peopleOf(x.Entity))
		}
		list = append(list, p)
	}
	if len(list) == 0 {
		return
	}
	sortBy(list, func(p pair) float64 { return -*p.both.Value })
	m.line("\n## Who is in two segments\n")
	m.row("Segments", "In both", "In words")
	m.row("---", "--:", "---")
	for i, p := range list {
		if i == overlapsListed {
			m.line("\n%d more pairs share members.", len(list)-i)
			break
		}
		m.row(md(p.a)+" and "+md(p.b), number(p.both), dash(md(p.lift)))
	}
}
