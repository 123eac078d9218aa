package report

import (
	"slices"

	"cel.dev/cel-go/common/ast"

	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/results"
)

// collect notes all counts of people that a report would show of an entity, if each
// was shown or hidden for its own sake alone.
func (a *audit) collect(e *compile.Entity) {
	a.doubts(e)
	for _, p := range a.b.Rules.Personas {
		if g, ok := group(a.found, results.Persona, p.Name, ""); ok && p.Entity == e.Name {
			a.rule(g, a.of(p.Who))
			if names := segmentsOf(p.Who); len(names) == 1 && len(plan.Conjuncts(p.Who.AST)) == 1 {
				a.kept[results.GroupKey{Kind: results.Segment, Name: names[0]}] = true
			}
			a.kept[g.Key()] = true
		}
	}
	for _, rule := range e.Rules {
		switch rule.Kind {
		case compile.SegmentRule:
			if g, ok := group(a.found, results.Segment, rule.Name, ""); ok {
				a.rule(g, a.segment(rule.Name))
				a.conditionsOf(rule, g)
			}
		case compile.SegmentationRule:
			a.rungs(rule)
		case compile.ScoreRule:
			a.bands(rule)
		}
	}
	a.audiences(e)
	a.charts()
	a.statistics()
	a.differences(e)
	a.pairs() // last: it leaves out what has nothing to do with all this
}

// doubts finds the conditions that cannot be told for everyone: those of rules that
// cannot, but for conditions that were counted alone and can.
func (a *audit) doubts(e *compile.Entity) {
	unsure := func(x *compile.Expr) {
		leaves(x.AST.NativeRep().Expr(), func(leaf ast.Expr) { a.doubtful[conditionText(x, leaf)] = true })
	}
	for _, g := range a.found.Groups {
		for _, rule := range e.Rules {
			switch {
			case g.Unknown == 0:
			case g.Kind == results.Segment && rule.Kind == compile.SegmentRule && rule.Name == g.Name:
				unsure(rule.Expr)
				a.doubtful["segment."+g.Name] = true
			case g.Kind == results.Segmentation && rule.Kind == compile.SegmentationRule && rule.Name == g.Parent:
				for _, rung := range rule.Rungs {
					unsure(rung.When)
				}
			}
		}
		for _, p := range a.b.Rules.Personas {
			if g.Kind != results.Persona || p.Name != g.Name {
				continue
			}
			if g.Unknown > 0 {
				unsure(p.Who)
			}
			for _, s := range p.Statistics {
				if f := a.found.Statistics[results.StatKey{Persona: p.Name, Stat: s.ID}]; isShare(s) && s.Evidence == nil && f.EveryoneN < a.found.Population {
					unsure(s.Arg)
				}
			}
		}
	}
	if a.found.Insight != nil {
		for _, x := range a.found.Insight.Attributes {
			if x.Kind == results.YesNo && x.Name != "" && x.Everyone[0] > 0 {
				a.doubtful[e.Name+"."+celName(x.Name)] = true
			}
		}
	}
	a.doubtfulParts(e, unsure)
	for _, x := range a.b.Rules.Exports {
		for _, c := range a.found.Exports {
			if x.Name == c.Name && c.Unknown > 0 {
				unsure(x.Who)
			}
			if x.Name == c.Name && c.Unclear > 0 {
				unsure(x.Contactable)
			}
		}
	}
	a.countedAlone(e)
}

// countedAlone takes back the conditions of segments that were counted alone and can
// be told for everyone.
func (a *audit) countedAlone(e *compile.Entity) {
	for _, rule := range e.Rules {
		table := a.table(rule)
		if table == nil || rule.Kind != compile.SegmentRule {
			continue
		}
		for i, part := range plan.Conjuncts(rule.Expr.AST) {
			if c := table.Clauses; i < len(c) && c[i].Why == "" && c[i].Unknown == 0 {
				delete(a.doubtful, conditionText(rule.Expr, part))
			}
		}
	}
}

// doubtfulParts are the conditions of scores that cannot be told for everyone.
func (a *audit) doubtfulParts(e *compile.Entity, unsure func(*compile.Expr)) {
	for _, rule := range e.Rules {
		for _, counts := range a.found.Scores {
			if rule.Score == nil || counts.Name != rule.Name || len(counts.Parts) != len(rule.Score.Parts) {
				continue
			}
			for i, p := range rule.Score.Parts {
				if counts.Parts[i].Unknown > 0 {
					unsure(p.When)
				}
			}
		}
	}
}

// rule notes the size of a group, and for how many it cannot be told.
func (a *audit) rule(g results.Group, o outcomes) *family {
	a.add(place{what: sizeOf, group: g.Key()}, o.yes, g.Members, disclosure(g.Members, a.found.Population-g.Unknown, a.b.min))
	a.family([]people{o.yes}, nil)
	f := &a.rules[len(a.rules)-1]
	a.unknown(f, place{what: cannotTell, group: g.Key(), at: -1}, o, g.Unknown)
	return f
}

// unknown notes for how many something can neither be said nor denied. That they are
// nobody says something, too, where others are in doubt about a condition of it.
func (a *audit) unknown(f *family, p place, o outcomes, n int64) {
	of := plus(plus(people{{everyone, 1}}, o.yes, -1), o.no, -1)
	if n == 0 {
		a.add(p, of, 0, shown)
		return
	}
	h := shown
	if a.b.small(n) {
		h = tooFew
	}
	a.add(p, of, n, h)
	f.parts = append(f.parts, o.no, of)
}

func (a *audit) family(groups, conditions []people) {
	a.rules = append(a.rules, family{groups: groups, conditions: conditions})
}

// conditionsOf notes the table of a segment's conditions.
func (a *audit) conditionsOf(rule *compile.Rule, g results.Group) {
	table := a.table(rule)
	parts := plan.Conjuncts(rule.Expr.AST)
	if table == nil || len(parts) != len(table.Clauses) {
		return
	}
	f := &a.rules[len(a.rules)-1]
	left, counted := people{{everyone, 1}}, true
	each := make([]outcomes, len(parts))
	for i, c := range table.Clauses {
		each[i] = a.part(rule.Expr, parts[i])
		left = a.times(left, each[i].yes)
		if c.Why != "" || len(left) > mostShares {
			counted = false
			continue
		}
		at := func(what kind) place { return place{what: what, group: g.Key(), at: i} }
		a.add(at(aloneTrue), each[i].yes, c.Alone, a.ownState(c.Alone))
		f.conditions = append(f.conditions, each[i].yes)
		if counted {
			a.add(at(leftAfter), left, c.Left, a.leftState(c.Left, g.Members))
			f.conditions = append(f.conditions, left)
		}
		a.unknown(f, at(cannotTell), each[i], c.Unknown)
	}
	for i, c := range table.Clauses {
		only := each[i].no
		for j, o := range each {
			if j != i && len(only) <= mostShares {
				only = a.times(only, o.yes)
			}
		}
		if counted && len(only) <= mostShares {
			h := shown
			if a.b.small(c.OnlyThis) {
				h = tooFew
			}
			a.add(place{what: onlyThis, group: g.Key(), at: i}, only, c.OnlyThis, h)
			f.parts = append(f.parts, only)
		}
	}
}

func (a *audit) table(rule *compile.Rule) *results.ClauseTable {
	i := slices.IndexFunc(a.found.Clauses, func(t results.ClauseTable) bool { return t.Group == rule.Name })
	if i < 0 {
		return nil
	}
	return &a.found.Clauses[i]
}

// ownState is whether a number may be shown for its own sake.
func (a *audit) ownState(n int64) hidden {
	switch {
	case a.b.small(n):
		return tooFew
	case a.b.small(a.found.Population - n):
		return tooMany
	}
	return shown
}

func (a *audit) leftState(n, members int64) hidden {
	if n == members {
		return shown
	}
	return max(disclosure(n, a.found.Population+a.b.min, a.b.min), a.ownState(n))
}

// rungs notes the groups of a segmentation, and for how many each rule is true.
func (a *audit) rungs(rule *compile.Rule) {
	groups, cells := rungGroups(rule, a.found)
	states := suppressCells(cells, a.b.min)
	a.divides(rule, groups, cells, states)
	var alone []people
	for _, rung := range rule.Rungs {
		alone = append(alone, a.of(rung.When).yes)
	}
	a.family(nil, alone)
	a.losses(rule, groups, states, alone, a.groupsOf(rule))
}

// bands notes the bands of a score.
func (a *audit) bands(rule *compile.Rule) {
	for _, counts := range a.found.Scores {
		if counts.Name != rule.Name {
			continue
		}
		a.points(rule, counts)
		var cells []int64
		var groups []results.Group
		for _, c := range counts.Bands {
			cells = append(cells, c.Rows)
		}
		for _, band := range rule.Score.Bands {
			groups = append(groups, results.Group{Kind: results.Band, Name: band.Name, Parent: rule.Name})
		}
		if len(cells) == len(groups)+1 {
			a.divides(rule, groups, cells, suppressCells(cells, a.b.min))
		}
	}
}

// points notes for how many each part of a score is true.
func (a *audit) points(rule *compile.Rule, counts results.Score) {
	if len(counts.Parts) != len(rule.Score.Parts) {
		return
	}
	f := family{}
	for i, p := range rule.Score.Parts {
		o, c := a.of(p.When), counts.Parts[i]
		a.add(partPlace(rule.Name, p, aloneTrue), o.yes, c.Yes, a.b.partState(c, a.found.Population))
		f.conditions = append(f.conditions, o.yes)
		a.unknown(&f, partPlace(rule.Name, p, cannotTell), o, c.Unknown)
	}
	a.rules = append(a.rules, f)
}

// divides notes groups of which everybody is in one, but for those that cannot be
// told: the last cell.
func (a *audit) divides(rule *compile.Rule, groups []results.Group, cells []int64, states []hidden) {
	rest, list := people{{everyone, 1}}, a.groupsOf(rule)
	for i, g := range groups {
		a.add(place{what: sizeOf, group: g.Key()}, list[i], cells[i], states[i])
		rest = plus(rest, list[i], -1)
	}
	last := len(groups)
	if cells[last] == 0 {
		states[last] = shown // nobody is said as it is
	}
	a.add(notInAny(groups[0]), rest, cells[last], states[last])
	a.family(slices.Clone(list), nil)
}

// notInAny is where it is shown for how many it cannot be told in which group of
// a segmentation or a score they are.
func notInAny(g results.Group) place {
	return place{what: cannotTell, group: results.GroupKey{Kind: g.Kind, Parent: g.Parent}, at: -1}
}

// divided gives what is shown of groups and of those in none, as the audit left it.
func (b *builder) divided(e string, groups []results.Group, cells []int64) []hidden {
	states := make([]hidden, len(cells))
	for i, g := range groups {
		states[i] = b.gone[e][place{what: sizeOf, group: g.Key()}]
	}
	last := len(groups)
	inNone := shown
	if last > 0 {
		inNone = b.gone[e][notInAny(groups[0])]
	}
	states[last] = inNone
	if suppressMore(states, cells, b.min); cells[last] == 0 {
		states[last] = inNone
	}
	return states
}

// losses notes for how many the rule of each group is true, and whom the groups
// above took of them.
func (a *audit) losses(rule *compile.Rule, groups []results.Group, states []hidden, alone, list []people) {
	table := a.table(rule)
	if table == nil || len(alone) != len(table.Clauses) {
		return
	}
	for i, c := range table.Clauses {
		if c.Why != "" {
			return
		}
		own, lost, each := rungStates(c, groups, states, i, a.found.Population, a.b.min)
		at := place{what: aloneTrue, group: groups[i].Key()}
		a.add(at, alone[i], c.Alone, own)
		var sum int64
		var all people
		for j, n := range c.Lost {
			taken := a.times(alone[i], list[j])
			sum, all = sum+n, plus(all, taken, 1)
			at.what, at.at = lostTo, j
			a.add(at, taken, n, each[j])
		}
		at.what, at.at = lostAbove, 0
		a.add(at, all, sum, lost)
	}
}

// audiences notes the exports, and who of them may be contacted.
func (a *audit) audiences(e *compile.Entity) {
	for _, x := range a.b.Rules.Exports {
		for _, c := range a.found.Exports {
			if c.Name != x.Name || x.Entity != e.Name {
				continue
			}
			g := results.Group{Kind: results.OfExport, Name: x.Name, Members: c.Members, Unknown: c.Unknown}
			o := a.of(x.Who)
			f := a.rule(g, o)
			if x.Contactable == nil {
				continue
			}
			ask := a.of(x.Contactable).yes
			may := a.times(o.yes, ask)
			no := c.Members - c.Contactable - c.Unclear
			h := disclosure(c.Contactable, c.Members+a.b.min, a.b.min)
			if a.b.small(no) || a.b.small(c.Unclear) {
				h = max(h, secondary)
			}
			if c.Contactable == 0 {
				h = shown
			}
			a.add(place{what: contactable, group: g.Key()}, may, c.Contactable, h)
			f.conditions = append(f.conditions, may)
			a.family([]people{ask}, nil)
		}
	}
}

// segmentsOf names the segments that everyone is in for whom a condition is true.
func segmentsOf(x *compile.Expr) []string {
	var out []string
	for _, part := range plan.Conjuncts(x.AST) {
		if name := named(part, "segment"); name != "" {
			out = append(out, name)
		}
	}
	return out
}
