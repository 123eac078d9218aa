package render

import (
	"strconv"

	"personae/engine/report"
)

// overlaps is the map of who is in two segments, as a table: Mermaid draws none.
func (m *markdown) overlaps() {
	drew := *m.site
	drew.easel = &easel{} // nothing is drawn
	titled := false
	for _, p := range m.r.Populations {
		f := drew.overlapMap(p.Entity)
		if f == nil {
			continue
		}
		if !titled {
			m.line("\n## Who is in two segments")
			titled = true
		}
		m.line("\nThe largest segments of %s. Each row: how many per cent of the segment are also in the one with the number above. –: hidden, because a part of it is small.\n", md(peopleOf(p.Entity)))
		rule := []string{"---"}
		for range f.Head[1:] {
			rule = append(rule, "--:")
		}
		m.row(f.Head...)
		m.row(rule...)
		for i, row := range f.Rows {
			cells := []string{md(row.Name), number(row.Cells[0])}
			for j, n := range row.Cells[1:] {
				cells = append(cells, percentCell(n, i == j))
			}
			m.row(cells...)
		}
		m.caption(basedOn(p.Count, p.Entity))
	}
}

// percentCell is a share in a narrow cell; of itself there is nothing to say.
func percentCell(n report.Number, itself bool) string {
	switch {
	case itself:
		return ""
	case n.Hidden || n.Value == nil:
		return "–"
	}
	return strconv.FormatFloat(*n.Value*100, 'f', 0, 64)
}

// also lists the largest overlaps of one segment.
func (m *markdown) also(v *segmentView) {
	if len(v.Overlaps) == 0 {
		return
	}
	m.line("\n#### Where they also are\n")
	for _, o := range v.Overlaps {
		text := number(o.Share) + " are in “" + md(o.Title) + "” too: " + number(o.Both) + " " + md(v.People)
		if o.Lift != "" {
			text += ", " + md(o.Lift)
		}
		m.line("- %s", text)
	}
}
