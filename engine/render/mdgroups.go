package render

import (
	"fmt"
	"strings"
)

// segments writes one entity's segments as a table, and their rules folded.
func (m *markdown) segments(t segmentTable) {
	title := "Segments"
	if t.Titled {
		title += " of " + t.People
	}
	m.line("\n## %s\n", md(title))
	head, rule := []string{"Segment", "Kind", upper(t.People), "Share"}, []string{"---", "---", "--:", "--:"}
	if t.Worth {
		head, rule = append(head, "Value", "Share of value"), append(rule, "--:", "--:")
	}
	head, rule = append(head, "Can't tell"), append(rule, "---")
	if t.Guards {
		head, rule = append(head, "Expected size"), append(rule, "---")
	}
	m.row(head...)
	m.row(rule...)
	for _, g := range t.Rows {
		name := md(g.Title)
		if g.Deprecated != nil {
			name += " (deprecated)"
		}
		cells := []string{name, dash(md(g.Basis)), number(g.Size.Members), number(g.Size.Share)}
		if g.Size.Members.Hidden {
			cells[3] = "–"
		}
		switch {
		case t.Worth && g.Size.Members.Hidden:
			cells = append(cells, "–", "–")
		case t.Worth:
			cells = append(cells, number(g.Size.Value), number(g.Size.ValueShare))
		}
		cells = append(cells, dash(md(g.CannotTell)))
		if t.Guards {
			cells = append(cells, dash(md(g.Guard.Text)))
		}
		m.row(cells...)
	}
	for i, g := range t.Rows {
		if i == segmentsTold {
			m.line("\nThe first %d of %d segments are told in full here. All are in report.json, and each has a page.", i, len(t.Rows))
			break
		}
		m.segmentDetails(m.segmentPage(g.Segment))
	}
}

// segmentsTold is how many segments of an entity are told in full: GitHub and GitLab
// show no Markdown of several megabytes.
const segmentsTold = 100

// segmentDetails is all about one segment, folded.
func (m *markdown) segmentDetails(g *segmentView) {
	m.line("\n<details><summary>%s</summary>\n", plainHTML(g.Title))
	m.labels(g.Labels)
	if g.Rule.Words != "" {
		m.line("All %s of whom this is true: %s.\n", g.People, md(g.Rule.Words))
	}
	m.line("Rule, written in %s: %s", md(place(g.Rule.File, g.Rule.Line)), code(g.Rule.Expression, false))
	if len(g.Segment.Clauses) > 0 {
		m.line("")
		m.row("Condition", "True alone", "Left after it", "Can't tell", "Kept out by it alone")
		m.row("---", "--:", "--:", "--:", "--:")
		for _, c := range g.Segment.Clauses {
			words := md(c.Words)
			if words == "" {
				words = code(c.Expression, true)
			}
			m.row(words, number(c.Alone), number(c.Left), number(c.Unknown), number(c.OnlyThis))
		}
	}
	m.ranksRead(g.Entity, g.Ranks)
	m.usedBy(g.UsedBy)
	if !g.Size.Members.Hidden {
		m.apart("####", g.Segment.Apart, g.Title, g.Size, g.Entity)
	}
	m.also(g)
	m.line("\n</details>")
}

// inWords is a rule as a sentence behind a title.
func inWords(words string) string {
	if words == "" {
		return ""
	}
	return ": " + md(words)
}

func (m *markdown) segmentations() {
	for _, g := range m.r.Segmentations {
		v := m.segmentation(g)
		m.line("\n## %s\n", md(g.Title))
		m.labels(g.Labels)
		head, rule := []string{"Group", upper(v.People), "Share"}, []string{"---", "--:", "--:"}
		if v.Worth {
			head, rule = append(head, "Value", "Share of value"), append(rule, "--:", "--:")
		}
		m.row(head...)
		m.row(rule...)
		for _, rung := range v.Rungs {
			cells := []string{md(rung.Title), number(rung.Size.Members)}
			for range len(head) - 2 {
				cells = append(cells, "–")
			}
			if !rung.Size.Members.Hidden {
				cells[2] = number(rung.Size.Share)
				if v.Worth {
					cells[3], cells[4] = number(rung.Size.Value), number(rung.Size.ValueShare)
				}
			}
			m.row(cells...)
		}
		if v.HasUnknown {
			cells := []string{"Can't tell", number(g.Unknown)}
			for range len(head) - 2 {
				cells = append(cells, "–")
			}
			m.row(cells...)
		}
		if g.Proof != "" {
			m.line("\n%s", md(g.Proof))
		}
		if v.CannotTell != "" {
			m.line("\n%s.", md(v.CannotTell))
		}
		m.ranksRead(g.Entity, g.Ranks)
		m.usedBy(g.UsedBy)
		m.shares(v)
		m.rungs(v)
	}
}

// rungs says how the groups are decided, folded.
func (m *markdown) rungs(v segmentationView) {
	m.line("\n<details><summary>How do we know?</summary>\n")
	m.line("The first that is true decides.\n")
	for _, rung := range v.Rungs {
		if rung.Rule.Expression == "" {
			m.line("- %s: everyone else", md(rung.Title))
			continue
		}
		m.line("- %s%s, written in %s: %s", md(rung.Title), inWords(rung.Rule.Words), md(place(rung.Rule.File, rung.Rule.Line)), code(rung.Rule.Expression, false))
	}
	m.losses(v.Segmentation)
	m.line("\n</details>")
}

func (m *markdown) data() {
	if len(m.r.Datasets) == 0 {
		return
	}
	m.line("\n## Data health\n")
	m.row("Data", "Rows used", "Rows read", "Newest row", "Found")
	m.row("---", "--:", "--:", "---", "---")
	for _, d := range m.r.Datasets {
		v := m.dataset(d)
		var found []string
		if d.Stale != "" {
			found = append(found, "**"+md(d.Stale)+"**")
		}
		for _, p := range d.Problems {
			found = append(found, severityWord(p.Severity)+": "+md(p.Text))
		}
		m.row(md(d.Title), number(d.Rows), number(d.Read), dash(md(v.Newest)), dash(strings.Join(found, "; ")))
	}
}

func (m *markdown) reading() {
	v := m.index()
	m.line("\n## How to read this\n")
	m.line("- **Can't tell**: the data says too little about these people to decide. They count neither as in nor as out.")
	m.line("- **Measured** is worked out from the data, **from research** from interviews and other studies, **assumed** is a guess.")
	m.line("- %s", md(v.Small))
	for _, h := range v.Hidden {
		var names []string
		for _, n := range h.Names {
			names = append(names, md(n))
		}
		m.line("  - %s: %s", md(h.Reason), strings.Join(names, ", "))
	}
	if v.NoValue != "" {
		m.line("- %s", md(v.NoValue))
	}
	for _, o := range v.Owners {
		var names []string
		for _, n := range o.Owns {
			names = append(names, md(n))
		}
		owner := "Nobody yet answers for"
		if o.Owner != "" {
			owner = md(o.Owner) + " answers for"
		}
		m.line("- %s %s.", owner, strings.Join(names, ", "))
	}
	m.line("%s", fmt.Sprintf("- Times and days are those of %s.", md(v.Zone)))
}
