package render

import (
	"fmt"
	"math"
	"strings"

	"personae/engine/report"
)

// journeys are those of everyone.
func (m *markdown) journeys() {
	for _, j := range m.r.Journeys {
		m.journey("##", j, peopleOf(j.Entity), false)
	}
}

// journey draws the stages and how many reach each, how it feels, and says what
// happens at each stage. For a hidden group there are no numbers.
func (m *markdown) journey(level string, j report.Journey, who string, quiet bool) {
	if len(j.Stages) == 0 {
		return
	}
	m.line("\n%s %s", level, md("Journey: "+j.Title))
	if !quiet && level == "##" {
		m.line("")
		m.labels(j.Labels)
	} else if j.Description != "" { // the rest is said where it is everyone's
		m.line("\n%s", md(j.Description))
	}
	m.flow(j, quiet)
	m.feelings(j, who)
	m.line("")
	if quiet {
		m.row("Stage", "What they do", "What they think", "What hurts", "What we do")
		m.row("---", "---", "---", "---", "---")
	} else {
		m.row("Stage", "Reached", "Share", "Of the stage before", "Skipped it", "Median time since then", "What they do", "What they think", "What hurts", "What we do")
		m.row("---", "--:", "--:", "--:", "--:", "--:", "---", "---", "---", "---")
	}
	for _, st := range j.Stages {
		cells := []string{md(st.Title)}
		if !quiet {
			cells = append(cells, number(st.Reached), number(st.Share), number(st.FromPrevious), number(st.Skipped), m.hours(st.MedianHours))
		}
		m.row(append(cells, dash(md(st.Doing)), dash(md(st.Thinking)), dash(md(strings.Join(st.Pains, "; "))), dash(md(st.Response)))...)
	}
	m.touchpoints(j, quiet)
	if !quiet {
		if some(j.Nowhere) {
			m.line("\n%s have entered no stage.", number(j.Nowhere))
		}
		if some(j.Unknown) {
			text := number(j.Unknown)
			if j.UnknownWhy != "" {
				text += ": " + md(j.UnknownWhy)
			}
			m.line("\nCan't tell for %s.", text)
		}
	}
	m.stageRules(j)
}

// hours writes a time, or why there is none.
func (m *markdown) hours(n report.Number) string {
	if n.Hidden || n.Value == nil {
		return number(n)
	}
	return md(m.site.hours(*n.Value))
}

// some says whether there is anyone to speak of.
func some(n report.Number) bool { return n.Hidden && n.Reason != "" || n.Value != nil && *n.Value > 0 }

// flow draws the stages from left to right, and how many go on to the next.
func (m *markdown) flow(j report.Journey, quiet bool) {
	lines := []string{"flowchart LR"}
	for i, st := range j.Stages {
		label := mermaidText(st.Title)
		if !quiet && !st.Share.Hidden && st.Share.Text != "" {
			label += ", " + mermaidText(st.Share.Text)
		}
		lines = append(lines, fmt.Sprintf(`    s%d["%s"]`, i, label))
	}
	for i := 1; i < len(j.Stages); i++ {
		arrow := "-->"
		if n := j.Stages[i].FromPrevious; !quiet && !n.Hidden && n.Text != "" {
			arrow = `-->|"` + mermaidText(n.Text) + `"|`
		}
		lines = append(lines, fmt.Sprintf("    s%d %s s%d", i-1, arrow, i))
	}
	m.chart(lines...)
}

// feelings draws how it feels, from 1 to 5, where that is written for any stage.
func (m *markdown) feelings(j report.Journey, who string) {
	lines := []string{"journey", "    title How it feels, from 1 to 5"}
	told := false
	for _, st := range j.Stages {
		if st.Feeling == nil {
			continue
		}
		told = true
		lines = append(lines, "    section "+journeyText(st.Title))
		what := st.Doing
		if what == "" {
			what = st.Title
		}
		score := int(math.Round(min(max(*st.Feeling, -2), 2))) + 3
		lines = append(lines, fmt.Sprintf("      %s: %d: %s", journeyText(what), score, journeyText(who)))
	}
	if told {
		m.chart(lines...)
	}
}

// journeyText is text that stands without quotes in a journey, where colons and
// commas part the fields.
func journeyText(text string) string {
	return strings.NewReplacer(":", " –", ",", " ", "%", " per cent", "(", " ", ")", " ").Replace(mermaidText(text))
}

func (m *markdown) touchpoints(j report.Journey, quiet bool) {
	any := false
	for _, st := range j.Stages {
		any = any || len(st.Touchpoints) > 0
	}
	if !any {
		return
	}
	m.line("")
	if quiet {
		m.row("Stage", "Touchpoint")
		m.row("---", "---")
	} else {
		m.row("Stage", "Touchpoint", "Contacts", "Each")
		m.row("---", "---", "--:", "--:")
	}
	for _, st := range j.Stages {
		for _, t := range st.Touchpoints {
			cells := []string{md(st.Title), md(t.Name)}
			if !quiet {
				cells = append(cells, number(t.Count), number(t.Each))
			}
			m.row(cells...)
		}
	}
}

func (m *markdown) stageRules(j report.Journey) {
	m.line("\n<details><summary>How do we know?</summary>\n")
	for _, st := range j.Stages {
		m.line("- %s%s: %s", md(st.Title), inWords(st.Words), code(st.Expression, false))
	}
	m.line("\n</details>")
}
