package render

import (
	"strings"

	"personae/engine/report"
)

// exportView is an audience as pages show it.
type exportView struct {
	report.Export
	People     string
	Hands      string // the columns that are handed over
	Private    string // the personal ones among them
	CannotTell string
}

func (s *site) exports() []exportView {
	var out []exportView
	for _, x := range s.r.Exports {
		out = append(out, exportView{Export: x, People: peopleOf(x.Entity), Hands: strings.Join(x.Columns, ", "), Private: strings.Join(x.Personal, ", "),
			CannotTell: cannotTell(report.Size{Unknown: x.Unknown, UnknownWhy: x.UnknownWhy}, x.Entity)})
	}
	return out
}

// exports lists the audiences.
func (m *markdown) exports() {
	list := m.site.exports()
	if len(list) == 0 {
		return
	}
	m.line("\n## Exports\n")
	m.row("Audience", "People", "May be contacted", "Columns", "Personal data", "Purpose", "Can't tell")
	m.row("---", "--:", "--:", "---", "---", "---", "---")
	for _, x := range list {
		contactable := "–"
		if !x.Members.Hidden {
			contactable = number(x.Contactable)
		}
		tagged := ""
		if len(x.Tags) > 0 {
			tagged = " (tagged " + md(strings.Join(x.Tags, ", ")) + ")"
		}
		m.row(md(x.Title)+tagged, number(x.Members), contactable, md(x.Hands), dash(md(x.Private)), md(x.Purpose), dash(md(x.CannotTell)))
	}
	m.line("\n<details><summary>How do we know?</summary>\n")
	for _, x := range list {
		text := ""
		if x.ContactRule != "" {
			text = "; may be contacted: " + code(x.ContactRule, false)
		}
		m.line("- %s%s, written in %s: %s%s", md(x.Title), inWords(x.Who.Words), md(place(x.Who.File, x.Who.Line)), code(x.Who.Expression, false), text)
	}
	m.line("\n</details>")
}
