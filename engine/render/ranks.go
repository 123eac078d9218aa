package render

import (
	"fmt"
	"slices"
	"strings"

	"personae/engine/report"
)

// rankView is a rank with its steps, the best first.
type rankView struct {
	report.Rank
	People string
	Intro  string // what is compared, and among whom
	Steps  []stepView
}

type stepView struct {
	report.RankStep
	Name string // 5, or 91 to 100
}

// ranks prepares the ranks of these names; all where there are none.
func (s *site) ranks(entity string, names []string) []rankView {
	var out []rankView
	for _, r := range s.r.Ranks {
		if names != nil && (r.Entity != entity || !slices.Contains(names, r.Name)) {
			continue
		}
		v := rankView{Rank: r, People: peopleOf(r.Entity), Intro: s.rankIntro(r)}
		for _, step := range r.Steps {
			name := s.f.Int(step.To)
			if step.From != step.To {
				name = s.f.Int(step.From) + " to " + name
			}
			v.Steps = append(v.Steps, stepView{step, name})
		}
		out = append(out, v)
	}
	return out
}

// ranksRead are the ranks of these names; none where there are none.
func (s *site) ranksRead(entity string, names []string) []rankView {
	if len(names) == 0 {
		return nil
	}
	return s.ranks(entity, names)
}

// rankIntro says what a rank compares.
func (s *site) rankIntro(r report.Rank) string {
	whom := "all " + peopleOf(r.Entity)
	if r.Among != "" {
		whom = "the " + peopleOf(r.Entity) + " in “" + isolate(r.Among) + "”"
	}
	of := r.Of
	if of == "" {
		of = r.Rule.Expression
	}
	text := fmt.Sprintf("Compares %s by %s; %s is best.", whom, isolate(of), map[string]string{"low": "the lowest", "high": "the highest"}[r.Best])
	if !r.Ranked.Hidden && r.Ranked.Text != "" {
		text += " " + someone(r.Ranked, r.Entity) + " have a rank."
	}
	return text
}

// ranks writes each rank and where its steps begin.
func (m *markdown) ranks() {
	if len(m.r.Ranks) == 0 {
		return
	}
	m.line("\n## Ranks")
	for _, v := range m.site.ranks("", nil) {
		m.line("\n### %s\n", md(v.Title))
		m.labels(v.Labels)
		m.line("%s\n", md(v.Intro))
		if v.Text != "" {
			m.line("**%s**\n", md(v.Text))
		}
		m.row("Rank", "Starts at", upper(v.People), "Share of the ranked")
		m.row("--:", "--:", "--:", "--:")
		for _, step := range v.Steps {
			m.row(md(step.Name), number(step.Start), number(step.Members), number(step.Share))
		}
		m.line("\nThe value is %s, written in %s.", code(v.Rule.Expression, false), md(place(v.Rule.File, v.Rule.Line)))
	}
}

// ranksRead says of the ranks that a rule reads where their best part starts.
func (m *markdown) ranksRead(entity string, names []string) {
	for _, v := range m.site.ranksRead(entity, names) {
		text := v.Text
		if text == "" {
			text = v.Intro
		}
		m.line("\n%s: %s", md(v.Title), md(text))
	}
}

// usedBy names what reads a rule.
func (m *markdown) usedBy(titles []string) {
	if len(titles) == 0 {
		return
	}
	list := make([]string, len(titles))
	for i, t := range titles {
		list[i] = md(t)
	}
	m.line("\nUsed by %s.", strings.Join(list, ", "))
}
