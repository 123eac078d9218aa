package report

import (
	"fmt"
	"slices"
	"strconv"

	"personae/engine/compile"
	"personae/engine/results"
)

// Charts and statistics of personas count people by a second condition: who of them
// lives in Leeds. Two personas that lie in each other give away who is in one alone
// value by value, and a share of those in Leeds stands beside the chart of cities.

// binsOf gives for whom an attribute lies in each bin: nobody has two values of it.
func (a *audit) binsOf(at int) []people {
	if a.bins[at] == nil {
		a.bins[at] = a.binned(at)
	}
	return a.bins[at]
}

func (a *audit) binned(at int) []people {
	entity, attribute := a.found.Entity, &a.found.Insight.Attributes[at]
	if rule := a.divisions[attribute.Name]; attribute.Kind == results.Exclusive && rule != nil {
		var list []people
		for _, value := range attribute.Values {
			list = append(list, a.groupsOf(rule)[slices.Index(groupNames(rule), value)])
		}
		return list
	}
	if attribute.Kind == results.YesNo && attribute.Name != "" {
		name := entity + "." + celName(attribute.Name)
		o := a.opaque(name)
		return []people{o.no, o.yes}
	}
	thing := entity + "." + celName(attribute.Name)
	if attribute.Name == "" {
		thing = fmt.Sprint("attribute ", at)
	}
	var texts []string
	for bin := range len(attribute.Everyone) - 1 {
		texts = append(texts, binText(entity, attribute, at, bin+1))
	}
	return a.oneOf(thing, texts)
}

// pictured are the attributes of which a persona shows more than what sets it apart.
func (a *audit) pictured() []int {
	var out []int
	for _, i := range a.found.Insight.Pictures {
		x := &a.found.Insight.Attributes[i]
		if !slices.Contains(out, i) && x.One == nil && len(x.Everyone) > 1 {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}

// binText is a bin as a rule would say it, where one would.
func binText(entity string, a *results.Binned, at, bin int) string {
	name := entity + "." + celName(a.Name)
	switch {
	case a.Name == "":
	case a.Kind == results.Values && bin <= len(a.Values):
		return name + " == " + strconv.Quote(a.Values[bin-1])
	case a.Kind == results.Whole && bin > 1 && bin <= len(a.Edges) && a.Edges[bin-1]-a.Edges[bin-2] == 1:
		return fmt.Sprintf("%s == %d", name, int64(a.Edges[bin-2]))
	}
	return fmt.Sprintf("bin %d of attribute %d", bin, at)
}

// charts notes the bars of personas' charts, and those of everyone beside them.
func (a *audit) charts() {
	if a.found.Insight == nil {
		return
	}
	for _, i := range a.pictured() {
		attribute := &a.found.Insight.Attributes[i]
		inBin := make([][]people, len(attribute.Everyone))
		for bin := range inBin[1:] {
			inBin[bin+1] = append(inBin[bin+1], a.binsOf(i)[bin])
		}
		for _, p := range a.b.Rules.Personas {
			g, ok := group(a.found, results.Persona, p.Name, "")
			counts := attribute.Counts[g.Key()]
			if !ok || len(counts) != len(attribute.Everyone) || a.hides[a.sizeAt(g.Key())] {
				continue
			}
			mine := a.of(p.Who).yes
			c := a.b.cells(attribute, counts)
			a.bars(i, g.Key(), mine, c)
			for bin := range inBin[1:] {
				inBin[bin+1] = append(inBin[bin+1], a.times(mine, a.binsOf(i)[bin]))
			}
		}
		for _, list := range inBin[1:] {
			a.family(nil, list)
		}
	}
}

// bars notes the bars of one chart.
func (a *audit) bars(attribute int, g results.GroupKey, mine people, c cells) {
	var listed []int
	none, noneAll := mine, people{{everyone, 1}}
	for _, bar := range c.bars {
		var of people
		for bin := range a.binsOf(attribute) {
			if bar.bin == bin+1 || bar.bin == restBin && !slices.Contains(listed, bin+1) {
				of = plus(of, a.binsOf(attribute)[bin], 1)
			}
		}
		listed = append(listed, bar.bin)
		both := a.times(mine, of)
		none, noneAll = plus(none, both, -1), plus(noneAll, of, -1)
		at := barPlace(attribute, g, bar.bin)
		a.add(at, both, bar.members, bar.state)
		at.what = barOfAll
		a.add(at, of, bar.everyone, bar.all)
	}
	at := barPlace(attribute, g, 0)
	a.add(at, none, c.unknown.members, c.unknown.state)
	at.what = barOfAll
	a.add(at, noneAll, c.unknown.everyone, c.unknown.all)
}

func barPlace(attribute int, g results.GroupKey, bin int) place {
	return place{what: barOf, group: g, other: strconv.Itoa(attribute), at: bin}
}

// auditedBars hides the bars of a persona's chart that the audit found to tell too much.
func (b *builder) auditedBars(e *results.EntityResults, attribute int, g results.GroupKey, c *cells) {
	hide := func(x *cell, bin int) {
		at := barPlace(attribute, g, bin)
		x.state = max(x.state, b.gone[e.Entity][at])
		at.what = barOfAll
		x.all = max(x.all, b.gone[e.Entity][at])
	}
	for i := range c.bars {
		hide(&c.bars[i], c.bars[i].bin)
	}
	hide(&c.unknown, 0)
}

// statistics notes what shares of personas say: for how many something is true of
// members and of everyone, and for how many it is false.
func (a *audit) statistics() {
	for _, p := range a.b.Rules.Personas {
		g, ok := group(a.found, results.Persona, p.Name, "")
		if !ok {
			continue
		}
		mine := a.of(p.Who).yes
		for _, s := range p.Statistics {
			f, counted := a.found.Statistics[results.StatKey{Persona: p.Name, Stat: s.ID}]
			if !counted || !isShare(s) || s.Evidence != nil { // rows of evidence are nobody's
				continue
			}
			o, h := a.of(s.Arg), a.b.statisticHidden(s, f)
			a.family(nil, []people{o.yes, o.no, a.times(mine, o.yes), a.times(mine, o.no)})
			if a.hides[a.sizeAt(g.Key())] || a.b.roundly(s, f, a.found.Population) {
				continue
			}
			at := place{what: measuredShare, group: g.Key(), other: s.ID}
			a.add(at, a.times(mine, o.yes), f.True, h)
			a.add(at, a.times(mine, o.no), f.N-f.True, h)
			a.add(at, o.yes, f.EveryoneTrue, h)
			a.add(at, o.no, f.EveryoneN-f.EveryoneTrue, h)
		}
	}
}

// differences notes what sets groups apart, of those that are shown.
func (a *audit) differences(e *compile.Entity) {
	inBin := map[place][]people{}
	var order []place
	note := func(key results.GroupKey, rule *compile.Expr, mine people) {
		if a.hides[a.sizeAt(key)] {
			return
		}
		for _, c := range a.b.strongest(a.found, key, rule) {
			bin := a.binsOf(c.attribute)[c.bar.bin-1]
			a.add(c.place(key), a.times(mine, bin), c.bar.members, shown)
			a.add(c.place(key), bin, c.bar.everyone, shown)
			at := place{what: barOfAll, other: strconv.Itoa(c.attribute), at: c.bar.bin}
			if inBin[at] == nil {
				order, inBin[at] = append(order, at), []people{bin}
			}
			inBin[at] = append(inBin[at], a.times(mine, bin))
		}
	}
	for _, rule := range e.Rules {
		if rule.Kind == compile.SegmentRule {
			note(results.GroupKey{Kind: results.Segment, Name: rule.Name}, rule.Expr, a.segment(rule.Name).yes)
		}
	}
	for _, p := range a.b.Rules.Personas {
		if p.Entity == e.Name {
			note(results.GroupKey{Kind: results.Persona, Name: p.Name}, p.Who, a.of(p.Who).yes)
		}
	}
	for _, at := range order {
		a.family(nil, inBin[at])
	}
}
