package plan

import (
	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
)

// Condition plans one expression over the rows of one table, outside any
// entity's plan: a dataset's check.
func Condition(rs *compile.RuleSet, facts *catalog.Facts, table *catalog.Table, x *compile.Expr) (*Expr, diag.List) {
	var list diag.List
	entity := table.Entity
	if entity == "" {
		entity = "row"
	}
	e, holes := Lower(NewBuilder(facts), Scope{Entity: entity, Table: table, Zone: rs.Settings.Zone}, x.AST)
	for _, h := range holes {
		list.Report("not-supported-yet", x.Text.SubRunes(h.Start, h.End), "%s cannot be calculated yet", h.Reason)
	}
	return e, list
}
