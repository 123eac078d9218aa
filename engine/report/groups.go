package report

import (
	"fmt"

	"personae/engine/compile"
	"personae/engine/results"
	"personae/engine/spec"
)

func (b *builder) segments(e *compile.Entity, found *results.EntityResults) []Segment {
	var out []Segment
	for _, rule := range e.Rules {
		if rule.Kind != compile.SegmentRule {
			continue
		}
		g, ok := group(found, results.Segment, rule.Name, "")
		if !ok {
			continue
		}
		s := Segment{
			Name: rule.Name, Labels: b.labels(rule), Entity: e.Name,
			Size:  b.size(g, found, b.groupHidden(g, found)),
			Guard: b.guard(rule.Expect, g, found.Population),
			Rule:  b.ruleOf(e.Name, rule.Expr, rule.Digest),
		}
		if stays := b.Prose.Condition(e.Name, rule.Leave); stays != "" {
			s.Rule.Words += "; who was in before stays until this is true: " + stays
		}
		s.UsedBy, s.Ranks = b.used[rule], b.ranksOf(e, rule.Deciders()...)
		s.Clauses = b.clauses(rule, g, found, b.groupHidden(g, found))
		s.Apart = b.apart(found, g.Key(), rule.Expr, b.groupHidden(g, found))
		s.DecidedByRow = b.byRow(g, found)
		out = append(out, s)
	}
	return out
}

// byRow counts the rows that a segment's rule left to be decided one by one.
// They are a group of their own, around the members that are among them: it is
// shown only where neither it nor what it has beyond the members is small.
func (b *builder) byRow(g results.Group, e *results.EntityResults) *Number {
	for _, r := range e.ByRow {
		if r.Kind != g.Kind || r.Name != g.Name || r.Asked == 0 {
			continue
		}
		h := max(disclosure(r.Asked, e.Population, b.min), b.groupHidden(g, e))
		if beyond := r.Asked - g.Members; beyond > -b.min && beyond < b.min {
			h = max(h, secondary)
		}
		n := b.count(r.Asked, h)
		return &n
	}
	return nil
}

func (b *builder) segmentations(e *compile.Entity, found *results.EntityResults) []Segmentation {
	var out []Segmentation
	for _, rule := range e.Rules {
		if rule.Kind != compile.SegmentationRule {
			continue
		}
		s := Segmentation{
			Name: rule.Name, Labels: b.labels(rule), Entity: e.Name,
			File: rule.Source.Range.File, Line: rule.Source.Range.Start.Line, Digest: rule.Digest,
		}
		s.UsedBy, s.Ranks = b.used[rule], b.ranksOf(e, rule.Deciders()...)
		groups, cells := rungGroups(rule, found)
		states := b.divided(e.Name, groups, cells)
		for i, g := range groups {
			rung := Rung{Name: g.Name, Title: title("", g.Name), Size: b.size(g, found, states[i])}
			rung.Size.Unknown, rung.Size.UnknownWhy = Number{}, ""
			if i < len(rule.Rungs) {
				rung.Title = title(rule.Rungs[i].Title, g.Name)
				rung.Rule = b.ruleOf(e.Name, rule.Rungs[i].When, "")
			}
			s.Groups = append(s.Groups, rung)
		}
		s.Unknown = b.count(cells[len(groups)], states[len(groups)])
		if cells[len(groups)] == 0 {
			s.Unknown = b.count(0, shown)
		} else if len(groups) > 0 {
			s.UnknownWhy = b.why(groups[0], found)
		}
		b.losses(&s, rule, found, groups, states)
		b.proof(&s, groups, found.Population)
		out = append(out, s)
	}
	return out
}

// rungGroups gives the groups in order, otherwise last, and their sizes with
// the unknown as the last cell: together they are the population.
func rungGroups(rule *compile.Rule, found *results.EntityResults) ([]results.Group, []int64) {
	var groups []results.Group
	var cells []int64
	rest := found.Population
	names := make([]string, 0, len(rule.Rungs)+1)
	for _, rung := range rule.Rungs {
		names = append(names, rung.Name)
	}
	for _, name := range append(names, rule.Otherwise) {
		g, ok := group(found, results.Segmentation, name, rule.Name)
		if !ok {
			g = results.Group{Kind: results.Segmentation, Name: name, Parent: rule.Name}
		}
		groups = append(groups, g)
		cells = append(cells, g.Members)
		rest -= g.Members
	}
	return groups, append(cells, rest)
}

func group(e *results.EntityResults, kind results.GroupKind, name, parent string) (results.Group, bool) {
	for _, g := range e.Groups {
		if g.Kind == kind && g.Name == name && g.Parent == parent {
			return g, true
		}
	}
	return results.Group{}, false
}

// guard compares a size with what is expected. It is decided on the true size,
// hidden or not: that a group is outside its bounds names nobody.
func (b *builder) guard(x *spec.Expect, g results.Group, population int64) Guard {
	if x == nil {
		return Guard{Verdict: "none"}
	}
	var out Guard
	value := float64(g.Members)
	write := func(v float64) string { return b.Words.Count(int64(v)) }
	switch {
	case len(x.Share) == 2 && population > 0:
		low, high := x.Share[0].V, x.Share[1].V
		value /= float64(population)
		out = Guard{Low: &low, High: &high, Of: "share"}
		write = b.Words.Percent
	case len(x.Members) == 2:
		low, high := float64(x.Members[0].V), float64(x.Members[1].V)
		out = Guard{Low: &low, High: &high, Of: "members"}
	default:
		return Guard{Verdict: "none"}
	}
	out.Verdict = "ok"
	bounds := fmt.Sprintf(" (%s to %s)", write(*out.Low), write(*out.High))
	switch {
	case value < *out.Low:
		out.Verdict, out.Text = "low", "Smaller than expected"+bounds
	case value > *out.High:
		out.Verdict, out.Text = "high", "Larger than expected"+bounds
	default:
		out.Text = "As expected" + bounds
	}
	return out
}

// ruleOf writes down a condition over one row of an entity.
func (b *builder) ruleOf(entity string, x *compile.Expr, digest string) Rule {
	if x == nil {
		return Rule{}
	}
	r := x.Text.Range()
	if digest == "" {
		digest = x.Digest
	}
	return Rule{Expression: x.Text.Value(), Words: b.Prose.Condition(entity, x), File: r.File, Line: r.Start.Line, Digest: digest}
}

// title is what people call a thing: its title, or its name with spaces.
func title(title, name string) string {
	if title != "" {
		return title
	}
	return sentence(name)
}
