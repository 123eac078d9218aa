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
			table := b.clauseTable(t, g, e.Population, h)
			if parts := plan.Conjuncts(rule.Expr.AST); len(parts) == len(table) {
				for i, part := range parts {
					table[i].Words = b.Prose.Part(rule.Entity, rule.Expr, part)
				}
			}
			return table
		}
	}
	return nil
}

func (b *builder) clauseTable(t results.ClauseTable, g results.Group, population int64, h hidden) []Clause {
	states := clauseStates(t.Clauses, g, population, h, b.min)
	var out []Clause
	known := true
	for i, c := range t.Clauses {
		one := Clause{Expression: c.Text}
		known = known && c.Why == ""
		one.Alone, one.Unknown = b.count(c.Alone, states[i].alone), b.count(c.Unknown, states[i].unknown)
		one.Left, one.OnlyThis = b.count(c.Left, states[i].left), b.count(c.OnlyThis, states[i].only)
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

// clauseState says what of a clause is hidden.
type clauseState struct{ alone, left, unknown, only hidden }

// clauseStates decides what of a clause table may be shown. What is left after a
// clause holds what is left after the next, and what is true alone holds what is
// left after it: a small difference of two shown numbers is a small group, and so
// is what two of them leave of everyone.
func clauseStates(list []results.Clause, g results.Group, population int64, h hidden, min int64) []clauseState {
	out := make([]clauseState, len(list))
	small := func(n int64) bool { return n > 0 && n < min }
	if h != shown {
		for i := range out {
			out[i] = clauseState{h, h, h, h}
		}
		return out
	}
	// From the last one back: what is left at the end is the group, which is shown;
	// but for those who stay in it though the rule no longer holds.
	below := g.Members
	for i := len(list) - 1; i >= 0; i-- {
		n := list[i].Left
		switch {
		case n == g.Members:
			below = n
		case small(g.Members - n):
			out[i].left = secondary
		case n < min:
			out[i].left = tooFew
		case small(population - n):
			out[i].left = tooMany
		case small(n - below):
			out[i].left = secondary
		default:
			below = n
		}
	}
	for i, c := range list {
		switch {
		case small(c.Alone):
			out[i].alone = tooFew
		case small(population - c.Alone):
			out[i].alone = tooMany
		}
		for j := i; j < len(list); j++ {
			if out[j].left == shown && small(c.Alone-list[j].Left) {
				out[i].alone = max(out[i].alone, secondary)
			}
		}
		if i == 0 && out[0].left != shown {
			out[0].alone = max(out[0].alone, out[0].left) // one number
		}
		if small(c.Unknown) {
			out[i].unknown = tooFew
		}
		if out[i].alone == shown && out[i].unknown == shown && small(population-c.Alone-c.Unknown) {
			out[i].unknown = secondary
		}
		out[i].only = onlyState(list, i, g.Members, population, min)
	}
	if out[0].alone != shown {
		out[0].left = max(out[0].left, out[0].alone)
	}
	return out
}

// onlyState decides on those whom one clause alone keeps out: with the members
// and those for whom it cannot be told they are all for whom the others hold.
func onlyState(list []results.Clause, i int, members, population, min int64) hidden {
	small := func(n int64) bool { return n > 0 && n < min }
	n := list[i].OnlyThis
	switch {
	case small(n):
		return tooFew
	case small(population - n - members):
		return secondary
	}
	// The others together are counted where they are all that come before, and
	// where there is one other.
	if k := len(list) - 1; i == k && small(list[k-1].Left-members-n) {
		return secondary
	}
	if len(list) == 2 && small(list[1-i].Alone-members-n) {
		return secondary
	}
	return shown
}
