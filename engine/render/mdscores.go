package render

import (
	"slices"

	"personae/engine/format"
	"personae/engine/report"
)

// scores writes each score: its bands with how often each has the outcome, and
// what each part adds.
func (m *markdown) scores() {
	for _, s := range m.r.Scores {
		m.line("\n## %s\n", md(s.Title))
		m.labels(s.Labels)
		if s.Verdict != "" {
			m.line("**%s**\n", md(s.Verdict))
		}
		m.bands(s)
		m.sizes(s)
		m.rates(s)
		m.gain(s)
		m.line("")
		m.row("Part", "Points", upper(peopleOf(s.Entity)), "Can't tell", "Adds on average", "Expression")
		m.row("---", "--:", "--:", "--:", "--:", "---")
		for _, p := range s.Parts {
			m.row(md(p.Title)+inWords(p.Words), m.points(p.Points), number(p.True), number(p.Unknown), number(p.Mean), code(p.Expression, true))
		}
	}
}

func (m *markdown) bands(s report.Score) {
	head, rule := []string{"Band", "From points", upper(peopleOf(s.Entity)), "Share"}, []string{"---", "--:", "--:", "--:"}
	if s.Outcome != "" {
		head, rule = append(head, "Have the outcome", "Likely range (95%)", "Based on"), append(rule, "--:", "---", "--:")
	}
	m.row(head...)
	m.row(rule...)
	for _, b := range s.Bands {
		cells := []string{md(b.Title), m.points(b.From), number(b.Size.Members), "–"}
		if !b.Size.Members.Hidden {
			cells[3] = number(b.Size.Share)
		}
		if s.Outcome != "" {
			between := "–"
			if b.Low != nil && b.High != nil {
				between = m.between(*b.Low, *b.High)
			}
			n, _ := m.rests(b.Rate)
			cells = append(cells, number(b.Rate), between, dash(md(n)))
		}
		m.row(cells...)
	}
	if s.Unknown.Hidden || s.Unknown.Value != nil && *s.Unknown.Value > 0 {
		cells := append([]string{"Can't tell", "–", number(s.Unknown)}, slices.Repeat([]string{"–"}, len(head)-3)...)
		m.row(cells...)
	}
	if s.UnknownWhy != "" {
		m.line("\nCan't tell for %s: %s.", number(s.Unknown), md(s.UnknownWhy))
	}
	m.usedBy(s.UsedBy)
	if s.Outcome != "" {
		m.line("\nThe outcome is %s.", code(s.Outcome, false))
	}
}

// between writes an interval of shares.
func (m *markdown) between(low, high float64) string {
	from, _ := m.f.Percent(low, format.Auto)
	to, _ := m.f.Percent(high, format.Auto)
	return md(from + " to " + to)
}

func (m *markdown) points(v float64) string {
	text, _ := m.f.Value(v, "")
	return md(text)
}
