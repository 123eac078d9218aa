package render

import (
	"strings"

	"personae/engine/report"
)

// lossView is what a rung of a segmentation lost to those above it.
type lossView struct {
	report.Rung
	To string // "At risk 120, New 14"
}

// lossesOf lists the rungs of a segmentation; none where nothing is known of them.
func lossesOf(g report.Segmentation) []lossView {
	var out []lossView
	known := false
	for _, rung := range g.Groups {
		if rung.Rule.Expression == "" {
			continue
		}
		var to []string
		for _, l := range rung.LostTo {
			text := l.Members.Text
			if l.Members.Hidden {
				text = "(hidden)"
			}
			to = append(to, isolate(l.Title)+" "+text)
		}
		known = known || rung.Alone.Text != "" || rung.Alone.Hidden
		out = append(out, lossView{rung, strings.Join(to, ", ")})
	}
	if !known {
		return nil
	}
	return out
}

// losses writes what each rung lost to those above.
func (m *markdown) losses(g report.Segmentation) {
	list := lossesOf(g)
	if len(list) == 0 {
		return
	}
	m.line("")
	m.row("Group", "Rule is true for", "In the group", "Lost to those above", "Of them to")
	m.row("---", "--:", "--:", "--:", "---")
	for _, l := range list {
		m.row(md(l.Title), number(l.Alone), number(l.Size.Members), number(l.Lost), dash(md(l.To)))
	}
}
