package render

import (
	"cmp"
	"slices"
	"strings"

	"personae/engine/report"
)

// labels writes what a rule's authors say of it: that it should no longer be
// used, what it means, and in one line what it is filed under and who answers
// for it.
func (m *markdown) labels(l report.Labels) {
	if l.Deprecated != nil {
		m.line("**Deprecated.** %s\n", md(l.Deprecated.Text))
	}
	if l.Description != "" {
		m.line("%s\n", md(l.Description))
	}
	var parts []string
	if l.Basis != "" {
		parts = append(parts, upper(md(l.Basis)))
	}
	if len(l.Tags) > 0 {
		parts = append(parts, "tagged "+md(strings.Join(l.Tags, ", ")))
	}
	if l.Owner != "" {
		parts = append(parts, "owner "+md(l.Owner))
	}
	if len(parts) > 0 {
		m.line("%s\n", strings.Join(parts, " · "))
	}
}

// owners lists who answers for what, by name; what nobody owns comes last.
func (s *site) owners() []ownerView {
	owns := map[string][]string{}
	add := func(owner, name string) { owns[owner] = append(owns[owner], name) }
	for _, p := range s.r.Personas {
		add(p.Owner, p.DisplayName)
	}
	for _, g := range s.r.Segments {
		add(g.Owner, g.Title)
	}
	for _, g := range s.r.Segmentations {
		add(g.Owner, g.Title)
	}
	for _, x := range s.r.Scores {
		add(x.Owner, "Score: "+x.Title)
	}
	for _, j := range s.r.Journeys {
		add(j.Owner, "Journey: "+j.Title)
	}
	for _, x := range s.r.Exports {
		add(x.Owner, "Export: "+x.Title)
	}
	var out []ownerView
	for owner, names := range owns {
		out = append(out, ownerView{owner, names})
	}
	slices.SortFunc(out, func(x, y ownerView) int {
		if (x.Owner == "") != (y.Owner == "") {
			return strings.Compare(y.Owner, x.Owner)
		}
		return cmp.Compare(x.Owner, y.Owner)
	})
	return out
}
