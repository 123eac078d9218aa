package render

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"personae/engine/report"
)

// Markdown is report.md, the report for a repository's pages: it reads the same
// on GitHub and on GitLab.
func Markdown(r *report.Report) ([]byte, error) {
	s, err := newSite(r, "", Art{})
	if err != nil {
		return nil, err
	}
	m := &markdown{site: s}
	m.head()
	m.cards()
	for _, p := range r.Personas {
		m.persona(s.persona(p))
	}
	for _, t := range s.segmentTables() {
		m.segments(t)
	}
	m.segmentations()
	m.ranks()
	m.scores()
	m.journeys()
	m.overlaps()
	m.exports()
	m.data()
	m.reading()
	return m.b.Bytes(), nil
}

type markdown struct {
	*site
	b bytes.Buffer
}

// line writes a block or a line of one; values in it are escaped by the caller.
func (m *markdown) line(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n", args...) }

// row writes a row of a table.
func (m *markdown) row(cells ...string) { m.line("| %s |", strings.Join(cells, " | ")) }

func number(n report.Number) string {
	switch {
	case n.Hidden && n.Reason != "":
		return "_" + md(n.Reason) + "_"
	case n.Hidden || n.Text == "":
		return "–"
	}
	return md(n.Text)
}

func (m *markdown) head() {
	v := m.index()
	m.line("# %s: segments and personas\n", md(v.Project))
	m.line("- Calculated for %s", md(v.AsOf))
	if v.Until != "" {
		m.line("- Data until %s", md(v.Until))
	}
	for _, e := range v.Everyone {
		text := fmt.Sprintf("- %s: %s", md(upper(e.Entity)), number(e.Count))
		if !e.Value.Hidden {
			text += ", value " + number(e.Value)
		}
		m.line("%s", text)
	}
	if len(m.r.Notices) > 0 {
		m.line("\n## Before you rely on this\n")
		for _, n := range m.r.Notices {
			m.line("- **%s**: %s", severityWord(n.Severity), md(n.Text))
		}
	}
}

func severityWord(severity string) string {
	switch severity {
	case "error":
		return "Error"
	case "warn":
		return "Warning"
	}
	return "Note"
}

func (m *markdown) persona(v *personaView) {
	m.line("\n## %s\n", md(v.P.DisplayName))
	if v.P.Tagline != "" {
		m.line("_%s_\n", md(v.P.Tagline))
	}
	m.line("%s persona. %s%s%s\n", upper(v.P.Role), v.Who.Before, md(v.Who.Title), v.Who.After)
	m.standing(v)
	m.story(v)
	m.quotes(v.P)
	m.sections(v.Numbers)
	if !v.Quiet {
		m.apart("###", v.P.Apart, v.P.DisplayName, v.P.Size, v.P.Entity)
		for _, d := range v.P.Charts {
			m.distribution(d, v.P.Size, v.P.DisplayName, v.People)
		}
	}
	m.personality(v.Sliders)
	m.sections(v.Life)
	m.day(v)
	m.pairs("Goals, and why", v.Goals)
	m.pairs("Pains, and what would help", v.Needs)
	m.sections(v.Motives, v.Behaviour)
	if v.P.Journey != nil {
		m.journey("###", *v.P.Journey, v.P.DisplayName, v.Quiet)
	}
	m.sections(v.Other)
	m.using(v)
	m.evidenceTable(v)
}

func (m *markdown) day(v *personaView) {
	if v.Day != "" {
		m.line("\n### A day in their life\n\n%s", proseMarkdown(v.Day))
	}
}

// using is what to do with it: content and words, then what to do, then what not.
func (m *markdown) using(v *personaView) {
	var before, after []sectionView
	for _, s := range v.Use {
		if s.Name == "do" || s.Name == "dont" {
			after = append(after, s)
		} else {
			before = append(before, s)
		}
	}
	m.sections(before)
	if len(v.P.Messages) > 0 {
		m.line("\n### What to say\n")
		for _, t := range v.P.Messages {
			m.line("- %s", md(t))
		}
	}
	m.pairs("Objections, and answers", v.Objections)
	m.sections(after)
	if len(v.P.LeftOut) > 0 {
		m.line("\n_Left out of this page: %s_", md(strings.Join(v.P.LeftOut, "; ")))
	}
}

// standing is how many they are and what the page rests on.
func (m *markdown) standing(v *personaView) {
	if v.Quiet {
		m.line("**%s.** This persona has no numbers.\n", md(v.P.Hidden))
	} else {
		m.line("%s", m.sized(v.P.Size, v.P.Entity, v.Worth))
		if v.CannotTell != "" {
			m.line("- %s", md(v.CannotTell))
		}
	}
	m.line("- %s", md(v.P.Meter.Text))
	if !v.Quiet {
		m.line("- %s", v.Holds)
	}
	if v.P.ReviewBy != "" {
		m.line("- %s %s", v.ReviewWord, md(cmp.Or(v.P.ReviewText, v.P.ReviewBy)))
	}
	if v.P.Owner != "" {
		m.line("- Owner: %s", md(v.P.Owner))
	}
	if len(v.P.Tags) > 0 {
		m.line("- Tagged %s", md(strings.Join(v.P.Tags, ", ")))
	}
}

func (m *markdown) story(v *personaView) {
	for _, p := range v.Story {
		if p.Text != "" {
			m.line("\n%s", proseMarkdown(p.Text))
		}
		if len(p.Missing) > 0 {
			m.line("\n_Left out here: %s_", md(strings.Join(p.Missing, "; ")))
		}
	}
	for _, text := range v.P.ByAnyone {
		m.line("\n_%s_", md(text))
	}
	if len(v.Facts) > 0 {
		m.line("")
		for _, f := range v.Facts {
			m.line("- **%s**: %s%s", md(f.Label), statementLine(f.S), spreadLine(f.Mini))
		}
	}
}

func (m *markdown) personality(list []sliderView) {
	if len(list) == 0 {
		return
	}
	m.line("\n### Personality\n")
	for _, t := range list {
		m.line("- %s to %s: %s (%s)", md(t.Low), md(t.High), md(t.Text), strings.ToLower(t.Chip))
	}
}

func (m *markdown) sized(size report.Size, entity string, worth bool) string {
	text := fmt.Sprintf("- %s %s, %s of all", number(size.Members), md(peopleOf(entity)), number(size.Share))
	if worth {
		text += fmt.Sprintf("; value %s, %s of all value", number(size.Value), number(size.ValueShare))
	}
	return text
}

// statementLine is a statement with what it rests on, in one line.
func statementLine(s statementView) string {
	text := md(s.Text)
	if s.Text == "" {
		text = "_Left out. " + md(upper(s.Left)) + "_"
	}
	rests := []string{strings.ToLower(s.Chip)}
	if s.Source != "" {
		rests[0] += ": " + md(s.Source)
	}
	if s.Compares {
		compared := fmt.Sprintf("%s here, %s for everyone", number(s.Value), number(s.Everyone))
		if s.Compared != "" {
			compared += ", " + md(s.Compared)
		}
		rests = append(rests, compared)
	}
	if s.StatusIs != "" {
		rests = append(rests, "**"+md(s.StatusIs)+"**")
	}
	return text + " (" + strings.Join(rests, "; ") + ")"
}

func (m *markdown) pairs(title string, list []pairView) {
	if len(list) == 0 {
		return
	}
	m.line("\n### %s\n", title)
	for _, p := range list {
		m.line("- %s", statementLine(p.S))
		if p.Then != "" {
			m.line("  - %s", md(p.Then))
		}
		if p.Left != "" {
			m.line("  - _Left out: %s_", md(p.Left))
		}
	}
}

func (m *markdown) sections(groups ...[]sectionView) {
	for _, list := range groups {
		for _, sec := range list {
			m.line("\n### %s\n", md(sec.Title))
			for _, s := range sec.Statements {
				m.line("- %s%s", statementLine(s), spreadLine(s.Mini))
			}
		}
	}
}

func (m *markdown) evidenceTable(v *personaView) {
	m.line("\n<details><summary>How do we know?</summary>\n")
	if v.P.Who.Words != "" {
		m.line("Stands for all %s of whom this is true: %s.\n", v.People, md(v.P.Who.Words))
	}
	m.line("Rule, written in %s: %s\n", md(place(v.P.Who.File, v.P.Who.Line)), code(v.P.Who.Expression, false))
	if len(v.Evidence) > 0 {
		m.row("Statement", "Value", "Needed", "Everyone", "Based on", "Can't tell", "Evidence", "Status", "Expression")
		m.row("---", "--:", "--:", "--:", "--:", "--:", "---", "---", "---")
		for _, e := range v.Evidence {
			text := md(e.Text)
			if e.Text == "" {
				text = "_" + md(e.Missing) + "_"
			}
			m.row(text, number(e.Value), dash(md(e.NeededText)), number(e.Everyone), dash(md(e.Rests)), dash(md(e.CannotTell)),
				e.Chip, dash(md(e.StatusIs)), dash(code(e.Expression, true)))
		}
		m.line("")
	}
	if len(v.Statistics) > 0 {
		m.row("Measure", "Value", "Everyone", "Based on", "Can't tell")
		m.row("---", "--:", "--:", "--:", "--:")
		for _, st := range v.Statistics {
			value := number(st.Value)
			if len(st.Top) > 0 {
				var items []string
				for _, t := range st.Top {
					items = append(items, fmt.Sprintf("%s %s (%s)", md(t.Value), number(t.Share), number(t.Count)))
				}
				value = strings.Join(items, "; ")
			}
			m.row(code(st.Expression, true), value, number(st.Everyone), dash(md(st.Rests)), dash(md(st.CannotTell)))
		}
		m.line("")
	}
	m.spreads(v)
	m.line("</details>")
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
