package plan

import (
	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
)

// Condition plans a dataset's check over the dataset's own rows, outside any
// entity's plan. What SQL cannot decide of it is a hole, as in rules.
func Condition(rs *compile.RuleSet, facts *catalog.Facts, c *compile.DatasetCheck) Output {
	e, _ := lowerCheck(rs, facts, c)
	return Output{Name: "holds", Kind: OperandOutput, CEL: c.Expr, Expr: e}
}

func lowerCheck(rs *compile.RuleSet, facts *catalog.Facts, c *compile.DatasetCheck) (*Expr, []Hole) {
	b := NewBuilder(facts)
	e, holes := Lower(b, Scope{Entity: c.Table.Entity, Table: c.Table, Zone: rs.Settings.Zone}, c.Expr.AST)
	return b.Decide(e), holes
}

// checks remarks which parts of checks are decided row by row.
func checks(rs *compile.RuleSet, facts *catalog.Facts, problems *diag.List) {
	for _, c := range rs.Checks {
		seen := map[Hole]bool{}
		_, holes := lowerCheck(rs, facts, c)
		for _, h := range holes {
			if !seen[h] {
				seen[h] = true
				byRow(problems, c.Expr.Text.SubRunes(h.Start, h.End), h, c.Table.Entity)
			}
		}
	}
}
