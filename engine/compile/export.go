package compile

import (
	"personae/engine/source"
	"personae/engine/spec"
)

// Export is an audience: whom it takes, who of them may be contacted, and what
// is handed over.
type Export struct {
	Spec        *spec.Export
	Name        string
	Entity      string
	Who         *Expr
	Contactable *Expr // nil: everybody
	Columns     []ExportColumn
	Digest      string
}

// ExportColumn is one column that is handed over: of the entity's data, or of
// its results.
type ExportColumn struct {
	Name string
	PII  bool
	Rule *Rule // what computes it, nil for a column of the data
}

// exports checks all exports, in order of file and place.
func (c *compiler) exports() []*Export {
	var out []*Export
	for _, doc := range c.module.Exports {
		s := c.about(doc.For, doc.Range)
		if s == nil || s.env == nil {
			continue
		}
		if one := c.export(s, doc); one != nil {
			out = append(out, one)
		}
	}
	return out
}

// export checks one export; nil where it is broken. Its purpose is always
// written, so sensitive columns need no other.
func (c *compiler) export(s *scope, doc *spec.Export) *Export {
	out := &Export{Spec: doc, Name: doc.Name.Value(), Entity: s.entity}
	ok := true
	if !doc.Who.IsZero() {
		out.Who = c.compileDraft(newDraft(doc.Who.Text, s, aCondition, "Whom export "+out.Name+" takes"))
	}
	if !doc.Contactable.IsZero() {
		out.Contactable = c.compileDraft(newDraft(doc.Contactable.Text, s, aCondition, "Who may be contacted by export "+out.Name))
		ok = out.Contactable != nil
	}
	columns := s.exportable()
	for _, name := range doc.Columns {
		if column, known := columns[name.Value()]; known {
			out.Columns = append(out.Columns, column)
			if column.Rule != nil && column.Rule.Labels.Deprecated != nil {
				usesRetired(&c.diags, name.Range(), column.Rule)
			}
			continue
		}
		ok = false
		c.unknownColumn(s, name, columns)
	}
	if out.Who == nil || !ok {
		return nil
	}
	if !c.verdict {
		parts := []string{"export", out.Entity, canonicalOf(doc), out.Who.Digest}
		parts = append(parts, s.refDigests(out.Who)...)
		if out.Contactable != nil {
			parts = append(append(parts, out.Contactable.Digest), s.refDigests(out.Contactable)...)
		}
		out.Digest = digestOf(parts...)
	}
	return out
}

// exportable gives what an export can hand over, by the name of its column.
func (s *scope) exportable() map[string]ExportColumn {
	out := map[string]ExportColumn{}
	for _, col := range s.table.Columns {
		out[col.Name] = ExportColumn{Name: col.Name, PII: col.PII}
	}
	for _, nodes := range []map[string]*node{s.traits, s.segments, s.segmentations, s.scores, s.journeys} {
		for _, n := range nodes {
			for _, name := range n.rule.Columns() {
				if _, taken := out[name]; !taken {
					out[name] = ExportColumn{Name: name, PII: len(n.rule.Taint.PII) > 0, Rule: n.rule}
				}
			}
		}
	}
	return out
}

func (c *compiler) unknownColumn(s *scope, name source.Text, columns map[string]ExportColumn) {
	hint := ""
	for what, nodes := range map[string]map[string]*node{"segment": s.segments, "score": s.scores, "journey": s.journeys} {
		if n := nodes[name.Value()]; n != nil {
			hint = "That is a " + what + ": name its column, " + n.rule.Columns()[0] + "."
		}
	}
	if n := s.traits[name.Value()]; n != nil && n.rule.IsList() {
		hint = n.label() + " is a list, and what is handed over has single values: make one of it, as in " + n.label() + ".size()."
	}
	names := make([]string, 0, len(columns))
	for other := range columns {
		names = append(names, other)
	}
	unknown(&c.diags, name.Range(), "column or calculated value", name.Value(), sortedUnique(names), hint)
}
