package compile

import (
	"fmt"
	"slices"
	"strings"

	"personae/engine/catalog"
	"personae/engine/source"
	"personae/engine/spec"
)

// unknownWord is what a test writes for ⊥, without quotes.
const unknownWord = "unknown"

// answering is what a name of a test stands for: a rule, or the band of a score.
type answering struct {
	node *node
	band bool
}

// rule finds what a name stands for: age or customer.age, segment.staff. Not ok
// is reported, but for what is broken elsewhere.
func (t *testCompiler) rule(name source.Text) (answering, bool) {
	s := t.scope
	space, rest, dotted := strings.Cut(name.Value(), ".")
	if !dotted || space == s.entity {
		if !dotted {
			rest = space
		}
		if n := s.traits[rest]; n != nil {
			a, ok := t.sound(answering{node: n})
			return a, ok && !t.isList(n, name)
		}
		return answering{}, t.noAttribute(name, rest)
	}
	groups := map[string]map[string]*node{segmentVar: s.segments, segmentationVar: s.segmentations, scoreVar: s.scores, journeyVar: s.journeys}[space]
	if n := groups[rest]; n != nil {
		return t.sound(answering{n, space == segmentationVar && n.rule.Kind == ScoreRule})
	}
	t.broken = true
	if groups == nil {
		unknown(&t.c.diags, name.Range(), "rule", name.Value(), t.names(), fmt.Sprintf("Rules are %s.name, segment.name, segmentation.name, score.name and journey.name.", s.entity))
		return answering{}, false
	}
	if s.broken(upperFirst(space), rest) || space == segmentationVar && s.broken("Score", rest) {
		return answering{}, false
	}
	if other := s.elsewhere[rest]; other != "" {
		t.report("bad-value", name.Range(), "%s is about %s, and this test is about %s", name.Value(), other, s.entity).
			Detail = "Say with `for` whom the test is about, and give one " + other + "."
		return answering{}, false
	}
	d := unknown(&t.c.diags, name.Range(), space, rest, nodeNames(groups), "")
	if d.Fix != nil {
		d.Fix = replace(name.Range(), space+"."+d.Fix.Replacement)
	}
	return answering{}, false
}

// sound says whether a rule can be evaluated; what is wrong with it has been
// reported where it is written.
func (t *testCompiler) sound(a answering) (answering, bool) {
	if a.node.broken || slices.ContainsFunc(a.node.drafts, func(d *draft) bool { return d.expr == nil }) {
		t.broken = true
		return a, false
	}
	return a, true
}

// isList reports a list under a name, which no test speaks of.
func (t *testCompiler) isList(n *node, name source.Text) bool {
	if !n.rule.IsList() {
		return false
	}
	t.report("bad-value", name.Range(), "%s is a list, and a test gives and expects single values", n.label()).
		Detail = "Give the rows or columns that it is made of. Expect a calculated value that asks something of it, such as its size()."
	return true
}

// noAttribute reports a name that is no calculated value of the entity.
func (t *testCompiler) noAttribute(name source.Text, rest string) bool {
	t.broken = true
	s := t.scope
	if s.broken("Traits", "") {
		return false
	}
	hint := hiddenHint(s.table, rest)
	if column, ok := strings.CutSuffix(rest, "_key"); ok && s.table.Column(column) != nil && s.table.Column(column).References != "" {
		hint = "Write " + column + ": its value is the key."
	}
	for space, groups := range map[string]map[string]*node{segmentVar: s.segments, scoreVar: s.scores, journeyVar: s.journeys} {
		if groups[rest] != nil {
			hint = fmt.Sprintf("That is a %s: write %s.%s.", space, space, rest)
		}
	}
	if n := s.segmentations[rest]; n != nil && n.rule.Kind == SegmentationRule {
		hint = fmt.Sprintf("That is a segmentation: write segmentation.%s.", rest)
	}
	d := unknown(&t.c.diags, name.Range(), "column or calculated value", rest, s.attributes(), hint)
	d.Summary = fmt.Sprintf("%s has no column or calculated value %s", s.entity, quote(rest))
	if d.Fix != nil && rest != name.Value() {
		d.Fix = replace(name.Range(), s.entity+"."+d.Fix.Replacement)
	}
	return false
}

// names lists all rules as a test writes them.
func (t *testCompiler) names() []string {
	var out []string
	for _, n := range t.scope.traits {
		out = append(out, n.label())
	}
	for space, groups := range map[string]map[string]*node{segmentVar: t.scope.segments, segmentationVar: t.scope.segmentations, scoreVar: t.scope.scores, journeyVar: t.scope.journeys} {
		for name := range groups {
			out = append(out, space+"."+name)
		}
	}
	return sortedUnique(out)
}

// answerType is the type of what a rule says. A rank is null for whom nothing
// ranks.
func (a answering) answerType() catalog.Type {
	if a.band {
		return catalog.Type{Kind: catalog.String}
	}
	typ := a.node.rule.Type
	typ.Nullable = typ.Nullable || a.node.rule.Kind == RankRule
	return typ
}

// answer reads what a rule is to say, or says.
func (t *testCompiler) answer(a answering, g *spec.Given, name string) (Answer, bool) {
	if g.IsWord(unknownWord) {
		return Answer{Unknown: true}, true
	}
	n := a.node
	v, ok := t.value(g, a.answerType(), name)
	if !ok || v == nil {
		return Answer{}, ok
	}
	switch text, isText := v.(string); {
	case isText && !n.rule.Kind.IsAttribute() && !slices.Contains(n.groups(), text):
		d := t.report("unknown-name", g.Range, "%s has no %s %s", upperFirst(string(n.rule.Kind)+" "+n.rule.Name), n.groupWord(), quote(text))
		suggestGroup(d, text, n.groups(), g.Range)
		d.Detail = strings.TrimSpace(d.Detail + choices("Its "+n.groupWord()+"s are", n.groups()))
		d.Relate(n.name.Range(), "The "+string(n.rule.Kind))
		return Answer{}, false
	case n.rule.Kind == RankRule:
		if bucket, _ := v.(int64); bucket < 1 || bucket > n.rule.Rank.Buckets {
			t.report("bad-value", g.Range, "%s is a rank from 1 to %d", name, n.rule.Rank.Buckets).Detail = "The best have the highest."
			return Answer{}, false
		}
	}
	return Answer{Value: v}, true
}

// stub reads the answer of a rule that a fixture gives.
func (t *testCompiler) stub(r *TestRow, name string, e spec.Entry[*spec.Given]) {
	written := source.Plain(name, e.Key.Range())
	a, ok := t.rule(written)
	if !ok {
		return
	}
	given, _ := t.answer(a, e.Value, a.node.label()) // what cannot be read is given all the same
	r.Stubs = append(r.Stubs, &Stub{Rule: a.node.rule, Band: a.band, Answer: given, Range: e.Key.Range().To(e.Value.Range)})
}

// derive completes the stubs of scores: points tell the band, and a band alone
// leaves the points unknown.
func (t *testCompiler) derive(r *TestRow) {
	for _, s := range slices.Clone(r.Stubs) {
		if s.Rule.Score == nil || r.Stub(s.Rule, !s.Band) != nil {
			continue
		}
		other := &Stub{Rule: s.Rule, Band: !s.Band, Answer: Answer{Unknown: true}, Range: s.Range}
		if points, ok := s.Value.(float64); ok {
			other.Answer = Answer{Value: s.Rule.Score.BandOf(int64(points * float64(s.Rule.Score.Scale)))}
		}
		r.Stubs = append(r.Stubs, other)
	}
}

// Stub gives what a fixture says of a rule, nil for nothing.
func (r *TestRow) Stub(rule *Rule, band bool) *Stub {
	for _, s := range r.Stubs {
		if s.Rule == rule && s.Band == band {
			return s
		}
	}
	return nil
}

// was reads in which segments somebody was.
func (t *testCompiler) was(r *TestRow, g *spec.Given) {
	if g.Form != spec.Keyed {
		t.report("wrong-type", t.at(g), "`was` wants segments with true or false, and this is %s", formWord(g)).Detail = "Write {segment.name: true}."
		return
	}
	for _, e := range g.Keys {
		a, ok := t.rule(e.Key)
		if !ok {
			continue
		}
		if a.node.rule.Kind != SegmentRule || a.node.rule.Leave == nil {
			t.report("bad-value", e.Key.Range(), "%s does not remember who was in", a.node.label()).
				Detail = "Only segments with `leave` do. Delete it."
			continue
		}
		in, ok := t.value(e.Value, catalog.Type{Kind: catalog.Bool}, e.Key.Value())
		if ok && in == true {
			r.Was = append(r.Was, a.node.rule.Name)
		}
	}
	slices.Sort(r.Was)
}
