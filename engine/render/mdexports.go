package render

import "strings"

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
