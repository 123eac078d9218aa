package render

import (
	"cmp"
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
func (m *markdown) apart(level string, list []report.Difference, who string, size report.Size, entity string) {
	if len(list) == 0 {
		return
	}
	people := peopleOf(entity)
	m.line("\n%s What sets them apart\n", level)
	m.line("%s", md(upper(apartTakeaway(list[0]))))
	s := series{title: "What sets them apart: " + who + " (blue) and all " + people + " (grey)", over: "What is more or less common", axis: "Per cent of " + people, others: true}
	for _, d := range list {
		s.bars = append(s.bars, bar{upper(nameOf(d)), d.Share, d.Everyone})
	}
	m.xy(s)
	m.caption(m.comparedWith(size, entity))
	m.line("")
	m.row("What", "Here", "Everyone", "In words", "Likely range (95%)", "Based on")
	m.row("---", "--:", "--:", "---", "---", "--:")
	for _, d := range list {
		m.row(md(upper(nameOf(d))), number(d.Share), number(d.Everyone), dash(md(d.Text)), dash(md(m.likely(d))), md(m.basis(d.Share, size)))
	}
}

// caption says below a picture on whom it rests.
func (m *markdown) caption(text string) {
	if text != "" {
		m.line("\n_%s_", md(text))
	}
}

// bars of one chart at most; the table has all.
const mostBars = 24

// distribution draws how an attribute is spread, with its numbers below.
func (m *markdown) distribution(d report.Distribution, size report.Size, who, people string) {
	m.line("\n### %s", md(d.Title))
	if d.Reason != "" || len(d.Bins) == 0 {
		m.line("\n_%s_", md(upper(orNone(d.Reason))))
		return
	}
	if d.Takeaway != "" {
		m.line("\n%s", md(d.Takeaway))
	}
	rests := restsOn(d, size, people)
	switch d.Kind {
	case report.WeekHours:
		m.week(d)
		m.caption(rests)
		return
	case report.YesNo:
		m.line("\n%s here, %s among everyone", number(d.Bins[0].Share), number(d.Bins[0].Everyone))
		m.caption(rests)
		return
	}
	if len(d.Bins) <= mostBars {
		m.xy(spread(d, who, people))
	}
	m.caption(rests)
	m.line("\n<details><summary>The numbers</summary>\n")
	m.row(md(d.Title), upper(people), "Share", "Everyone")
	m.row("---", "--:", "--:", "--:")
	for _, b := range d.Bins {
		m.row(dash(md(b.Label)), number(b.Members), number(b.Share), number(b.Everyone))
	}
	m.line("\n</details>")
}

// spread is the chart of a distribution: over values that have an order, everyone is a
// line; beside others, which a line would join for nothing, bars of their own.
func spread(d report.Distribution, who, people string) series {
	s := series{title: d.Title + ": " + who + " (blue) and all " + people + " (grey)", over: valueAxis(d), axis: "Per cent of " + people}
	s.line = d.Kind == report.Histogram || d.Kind == report.Months
	s.others = !s.line
	for _, b := range d.Bins {
		s.bars = append(s.bars, bar{b.Label, b.Share, b.Everyone})
	}
	return s
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
	head, rule := []string{"Share of " + cmp.Or(d.Of, "them") + ", by hour"}, []string{"---"}
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
	s := series{title: v.Title + ": all " + v.People, over: "Group", axis: "Per cent of all " + v.People}
	for _, rung := range v.Rungs {
		s.bars = append(s.bars, bar{label: rung.Title, here: rung.Size.Share})
	}
	s.horizontal = len(s.bars) > 5
	m.xy(s)
	m.caption(basedOn(m.population(v.Entity).Count, v.Entity))
}
