package report

import (
	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/results"
)

// clauses is the table of the conditions of a rule: for how many each is true
// alone, who is left after it, and whom it alone keeps out.
func (b *builder) clauses(rule *compile.Rule, g results.Group, e *results.EntityResults, h hidden) []Clause {
	for _, t := range e.Clauses {
		if t.Group == rule.Name {
			table := b.clauseTable(t, g, e, h)
			if parts := plan.Conjuncts(rule.Expr.Written); len(parts) == len(table) {
				for i, part := range parts {
					table[i].Words = b.Prose.Part(rule.Entity, rule.Expr, part)
				}
			}
			return table
		}
	}
	return nil
}

func (b *builder) clauseTable(t results.ClauseTable, g results.Group, e *results.EntityResults, h hidden) []Clause {
	var out []Clause
	known := true
	for i, c := range t.Clauses {
		one := Clause{Expression: c.Text}
		known = known && c.Why == ""
		write := func(what kind, n int64) Number {
			return b.count(n, max(h, b.gone[e.Entity][place{what: what, group: g.Key(), at: i}]))
		}
		one.Alone, one.Unknown = write(aloneTrue, c.Alone), write(cannotTell, c.Unknown)
		one.Left, one.OnlyThis = write(leftAfter, c.Left), write(onlyThis, c.OnlyThis)
		if c.Why != "" {
			one.Alone, one.Unknown = because(c.Why), because(c.Why)
		}
		if !known {
			one.Left = because("a condition before it cannot be counted alone")
		}
		out = append(out, one)
	}
	for i := range out {
		if !known {
			out[i].OnlyThis = because("a condition of the rule cannot be counted alone")
		}
	}
	return out
}

func because(why string) Number { return Number{Hidden: true, Reason: sentence(why)} }
