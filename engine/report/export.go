package report

import (
	"personae/engine/compile"
	"personae/engine/results"
)

// exports lists the audiences: how large they are, who of them may be contacted,
// and which columns are handed over. It holds no row.
func (b *builder) exports(e *compile.Entity, found *results.EntityResults) []Export {
	var out []Export
	for _, x := range b.Rules.Exports {
		if x.Entity != e.Name {
			continue
		}
		for _, counts := range found.Exports {
			if counts.Name == x.Name {
				one := b.export(x, counts, found)
				if counts.Unknown > 0 {
					one.UnknownWhy = reasons(found, results.OfExport, x.Name)
				}
				out = append(out, one)
			}
		}
	}
	return out
}

func (b *builder) export(x *compile.Export, c results.Export, found *results.EntityResults) Export {
	population := found.Population
	src := x.Spec
	out := Export{
		Name: x.Name, Title: title(src.Title.Value(), x.Name), Description: src.Description.Value(), Entity: x.Entity, Owner: src.Owner.Value(), Tags: tags(src.Tags),
		Purpose: src.Purpose.Value(), Who: b.ruleOf(x.Entity, x.Who, x.Digest), Columns: []string{}, Personal: []string{},
	}
	for _, col := range x.Columns {
		out.Columns = append(out.Columns, col.Name)
		if col.PII {
			out.Personal = append(out.Personal, col.Name)
		}
	}
	g := results.Group{Kind: results.OfExport, Name: x.Name, Members: c.Members, Unknown: c.Unknown}
	h := b.groupHidden(g, found)
	out.Members, out.Unknown = b.count(c.Members, h), b.unknownOf(g, found)
	if h != shown {
		out.Share, out.Contactable = b.hide(h), b.hide(h)
		return out
	}
	out.Share = b.percent(float64(c.Members), float64(population))
	if x.Contactable == nil {
		out.Contactable = b.count(c.Members, h)
		return out
	}
	out.ContactRule = b.ruleOf(x.Entity, x.Contactable, "").Expression
	h = b.gone[found.Entity][place{what: contactable, group: g.Key()}]
	out.Contactable = b.count(c.Contactable, h)
	return out
}
