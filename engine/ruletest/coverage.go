package ruletest

import (
	"context"
	"slices"

	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/source"
)

// Coverage says which conditions the tests saw both true and false.
type Coverage struct {
	Clauses  int // single conditions of all segments, segmentations, scores and journeys
	Tested   int // seen true and seen false
	Untested []Untested
}

// Untested is a condition that was never true, or never false.
type Untested struct {
	Rule  string // segment.staff
	Text  string // as written, in one line
	Range source.Range
	True  bool // was seen true
	False bool // was seen false
}

// Never says what was not seen.
func (u Untested) Never() string {
	switch {
	case u.True:
		return "never false"
	case u.False:
		return "never true"
	}
	return "never tested"
}

// coverage notes what conditions came to.
type coverage struct {
	order []*seen
	by    map[*compile.Expr][]*seen
}

type seen struct {
	rule    *compile.Rule
	clause  *compile.Clause
	yes, no bool
}

func newCoverage(rs *compile.RuleSet) *coverage {
	c := &coverage{by: map[*compile.Expr][]*seen{}}
	for _, e := range rs.Entities {
		for _, r := range e.Rules {
			if r.Kind.IsAttribute() {
				continue
			}
			for _, x := range r.Conditions() {
				for _, leaf := range compile.Clauses(x).Leaves() {
					s := &seen{rule: r, clause: leaf}
					c.order, c.by[x] = append(c.order, s), append(c.by[x], s)
				}
			}
		}
	}
	return c
}

// see evaluates the conditions of a rule by themselves: those that others
// absorb count, too.
func (c *coverage) see(row *celRow, r *compile.Rule) error {
	if r.Kind.IsAttribute() {
		return nil
	}
	for _, name := range conditionsOf(r) { // after which all that they read is known
		if _, err := row.alone.Decide(context.Background(), name); err != nil {
			return err
		}
	}
	for _, x := range r.Conditions() {
		if x == r.Leave {
			if !slices.Contains(row.given.Was, r.Name) {
				continue // nobody asks whether they leave
			}
			if err := row.alone.Read(context.Background(), x); err != nil {
				return err
			}
		}
		for _, s := range c.by[x] {
			if s.yes && s.no {
				continue
			}
			result, err := row.eval(s.clause)
			if err != nil {
				return err
			}
			s.yes = s.yes || result.Outcome == eval.True
			s.no = s.no || result.Outcome == eval.False
		}
	}
	return nil
}

func (c *coverage) result() Coverage {
	out := Coverage{Clauses: len(c.order)}
	for _, s := range c.order {
		if s.yes && s.no {
			out.Tested++
			continue
		}
		out.Untested = append(out.Untested, Untested{Rule: s.rule.Label(), Text: s.clause.OneLine(), Range: s.clause.Text.Range(), True: s.yes, False: s.no})
	}
	slices.SortStableFunc(out.Untested, func(a, b Untested) int {
		switch {
		case a.Range.Less(b.Range):
			return -1
		case b.Range.Less(a.Range):
			return 1
		}
		return 0
	})
	return out
}
