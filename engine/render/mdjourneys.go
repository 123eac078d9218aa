package render

import (
	"fmt"
	"strings"

	"personae/engine/report"
)

// journeys writes each journey as a table of its stages.
func (m *markdown) journeys() {
	for _, j := range m.r.Journeys {
		m.line("\n## %s\n", md(j.Title))
		m.stages(j)
	}
}

func (m *markdown) stages(j report.Journey) {
	m.row("Stage", upper(plural(j.Entity)), "Share", "Of the stage before", "Median time since then", "Skipped it", "Contacts")
	m.row("---", "--:", "--:", "--:", "--:", "--:", "---")
	for _, s := range j.Stages {
		var contacts []string
		for _, t := range s.Touchpoints {
			text := md(t.Name) + ": " + number(t.Count)
			if !t.Each.Hidden {
				text += fmt.Sprintf(" (%s each)", number(t.Each))
			}
			contacts = append(contacts, text)
		}
		cells := []string{md(s.Title), number(s.Reached), "–", "–", m.time(s.MedianHours), "–", dash(strings.Join(contacts, ", "))}
		if !s.Reached.Hidden {
			cells[2], cells[3], cells[5] = number(s.Share), number(s.FromPrevious), number(s.Skipped)
		}
		m.row(cells...)
	}
	m.line("\nNo stage: %s. Can't tell: %s.", number(j.Nowhere), number(j.Unknown))
}

// time writes hours, from two days on in days.
func (m *markdown) time(hours report.Number) string {
	if hours.Value == nil || *hours.Value < 48 {
		if hours.Hidden {
			return "–"
		}
		return number(hours) + " hours"
	}
	text, _ := m.f.Value(float64(int64(*hours.Value/24+0.5)), "")
	return md(text) + " days"
}

// exports lists the audiences.
func (m *markdown) exports() {
	if len(m.r.Exports) == 0 {
		return
	}
	m.line("\n## Exports\n")
	m.row("Audience", "People", "May be contacted", "Columns", "Personal data", "Purpose")
	m.row("---", "--:", "--:", "---", "---", "---")
	for _, x := range m.r.Exports {
		contactable := "–"
		if !x.Members.Hidden {
			contactable = number(x.Contactable)
		}
		m.row(md(x.Title), number(x.Members), contactable, md(strings.Join(x.Columns, ", ")), dash(md(strings.Join(x.Personal, ", "))), md(x.Purpose))
	}
}
