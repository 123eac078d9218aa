package render

import "strings"

// cards lists the personas, before each has its part.
func (m *markdown) cards() {
	list := m.index().Personas
	if len(list) == 0 {
		return
	}
	m.line("\n## Personas\n")
	m.row("Persona", "Role", "In a sentence", "People", "Share", "Share of value", "Checked")
	m.row("---", "---", "---", "--:", "--:", "--:", "---")
	for _, c := range list {
		people, share, worth, holds := number(c.P.Size.Members), number(c.P.Size.Share), "–", md(c.Holds)
		switch {
		case c.P.Hidden != "":
			people, share, holds = "_"+md(c.P.Hidden)+"_", "–", "–"
		case c.Worth:
			worth = number(c.P.Size.ValueShare)
		}
		m.row(md(c.P.DisplayName), upper(c.P.Role), dash(md(c.P.Tagline)), people, share, worth, holds)
	}
}

// spreadLine says behind a fact how it is spread, so that "most common" is not read
// as "all"; the last tables have the rest.
func spreadLine(b *mini) string {
	if b == nil || b.Reason != "" || len(b.Legend) == 0 {
		return ""
	}
	var parts []string
	for _, p := range b.Legend {
		parts = append(parts, md(p.Label)+": "+number(p.Here))
	}
	return " – " + strings.Join(parts, ", ")
}

// spreads are the numbers behind the facts.
func (m *markdown) spreads(v *personaView) {
	if len(v.Spreads) > 0 {
		m.line("How the facts are spread:\n")
	}
	for _, d := range v.P.Spreads()[:len(v.Spreads)] {
		if d.Reason != "" {
			continue
		}
		var parts []string
		for _, b := range d.Bins {
			if b.Share.Hidden {
				parts = append(parts, md(b.Label)+": –")
				continue
			}
			parts = append(parts, md(b.Label)+": "+number(b.Share)+" ("+number(b.Everyone)+")")
		}
		m.line("- %s (everyone in brackets): %s. %s", md(d.Title), strings.Join(parts, ", "), md(restsOn(d, v.P.Size, v.People)))
	}
	if len(v.Spreads) > 0 {
		m.line("")
	}
}
