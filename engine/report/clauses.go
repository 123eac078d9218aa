package report

import (
	"strings"

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

func (b *builder) clauseTable(t results.ClauseTable, g results.Group, population int64, h hidden) []Clause {
	states := clauseStates(t.Clauses, g, population, h, b.min, b.published(t))
	b.withoutPairs(states, t, g)
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

// published says of which conditions a size is shown elsewhere: they are a segment.
func (b *builder) published(t results.ClauseTable) []bool {
	out := make([]bool, len(t.Clauses))
	for i, c := range t.Clauses {
		name, is := strings.CutPrefix(strings.TrimPrefix(strings.Join(strings.Fields(c.Text), ""), "!"), "segment.")
		out[i] = is && b.givesAway[results.GroupKey{Kind: results.Segment, Name: name}] == shown
	}
	return out
}

// withoutPairs hides what says how many two segments have in common, where a part of
// the two is small: who is left after both, and whom the third of three alone keeps
// out.
func (b *builder) withoutPairs(states []clauseState, t results.ClauseTable, g results.Group) {
	k := len(t.Clauses)
	names := make([]string, k)
	for i, c := range t.Clauses {
		names[i] = strings.TrimPrefix(strings.TrimPrefix(strings.Join(strings.Fields(c.Text), ""), "!"), "segment.")
	}
	if k > 2 && b.delicate[[2]string{names[0], names[1]}] && t.Clauses[1].Left != g.Members {
		states[1].left = max(states[1].left, secondary)
	}
	for i := range states {
		if k == 3 && b.delicate[[2]string{names[(i+1)%3], names[(i+2)%3]}] {
			states[i].only = max(states[i].only, secondary)
		}
	}
}

func because(why string) Number { return Number{Hidden: true, Reason: sentence(why)} }

// clauseState says what of a clause is hidden.
type clauseState struct{ alone, left, unknown, only hidden }

// clauseStates decides what of a clause table may be shown. What is left after a
// clause holds what is left after the next, and what is true alone holds what is
// left after it: a small difference of two shown numbers is a small group, and so
// is what two of them leave of everyone. Where a condition's number is published
// elsewhere, the other one is hidden.
func clauseStates(list []results.Clause, g results.Group, population int64, h hidden, min int64, published []bool) []clauseState {
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
			if out[j].left != shown || !small(c.Alone-list[j].Left) {
				continue
			}
			if published[i] && list[j].Left != g.Members {
				out[j].left = secondary
			} else {
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
	// Whom the last one alone keeps out, with the members and those that cannot be
	// told, is who is left before it; of two conditions each is the other's rest.
	k := len(list) - 1
	if k > 0 && out[k-1].left != shown {
		out[k].only = max(out[k].only, secondary)
	}
	if k == 1 && out[1].alone != shown {
		out[0].only = max(out[0].only, secondary)
	}
	return out
}

// shareClauses hides a condition's number in every table where it is hidden in one:
// they are the same people. What says how large a hidden segment is, is hidden too.
func (b *builder) shareClauses(list []Segment) {
	type condition struct{ entity, text string }
	gone := map[condition]bool{}
	for _, s := range list {
		if s.Size.Members.Hidden {
			gone[condition{s.Entity, "segment." + s.Name}], gone[condition{s.Entity, "!segment." + s.Name}] = true, true
		}
		for _, c := range s.Clauses {
			if c.Alone.Hidden && strings.HasPrefix(c.Alone.Reason, wordHidden) {
				gone[condition{s.Entity, c.Expression}] = true
			}
		}
	}
	for _, s := range list {
		for i := range s.Clauses {
			if !gone[condition{s.Entity, s.Clauses[i].Expression}] {
				continue
			}
			b.conceal(&s.Clauses[i].Alone)
			if i == 0 {
				b.conceal(&s.Clauses[0].Left)
			}
			if len(s.Clauses) == 2 {
				b.conceal(&s.Clauses[1-i].OnlyThis)
			}
		}
	}
}

// conceal hides a number that is shown.
func (b *builder) conceal(n *Number) {
	if !n.Hidden {
		*n = b.hide(secondary)
	}
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
	// The others together are counted where they are all that come before.
	if k := len(list) - 1; i == k && small(list[k-1].Left-members-n) {
		return secondary
	}
	for j, other := range list { // they lie in each of the others
		if j != i && (small(other.Alone-members-n) || i > j && small(other.Left-members-n)) {
			return secondary
		}
	}
	return shown
}
