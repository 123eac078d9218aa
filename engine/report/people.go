package report

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/parser"

	"personae/engine/compile"
)

// Rules are published, and so a reader knows how groups lie in each other. people is
// a group as such a reader counts it: a sum over groups of those for whom several
// conditions are all true. Of `a || b` it is a + b − a·b, of `a && !b` a − a·b. Two
// groups that are the same by their conditions have the same sum, however they are
// written.
type people []share

// share is how often those count for whom all of some conditions are true.
type share struct {
	of    all
	times int64
}

// all names a set of conditions of an algebra; everyone is the empty one.
type all int32

const everyone all = 0

// mostShares is how long a sum may be. A longer one is a group that has nothing to
// do with its conditions: what follows from these is then not looked for.
const mostShares = 64

// algebra writes groups as sums. Conditions that it cannot take apart, `age > 30`,
// are told apart by their text.
type algebra struct {
	segments   map[string]*compile.Rule
	divisions  map[string]*compile.Rule // segmentations and scores
	divided    map[string][]people      // of these: their groups, as far as they were asked for
	doubtful   map[string]bool          // conditions, as text, that cannot be told for everyone
	conditions map[string]condition
	excludes   []int32 // of each condition: among those with the same number but 0 one alone is true
	sets       map[string]all
	members    [][]int32 // of each set: its conditions, sorted
	known      map[string]outcomes
	key        []byte
	passing    map[string]all // sets that are named for the time of one question alone; nil for all that follow
}

type condition int32

// outcomes are for whom something is true, and for whom it is false.
type outcomes struct{ yes, no people }

func newAlgebra(e *compile.Entity) *algebra {
	a := &algebra{segments: map[string]*compile.Rule{}, divisions: map[string]*compile.Rule{}, divided: map[string][]people{}, doubtful: map[string]bool{}, conditions: map[string]condition{}, sets: map[string]all{},
		members: [][]int32{nil}, known: map[string]outcomes{}}
	a.sets[""] = everyone
	for _, rule := range e.Rules {
		switch rule.Kind {
		case compile.SegmentRule:
			a.segments[rule.Name] = rule
		case compile.SegmentationRule, compile.ScoreRule:
			a.divisions[rule.Name] = rule
		}
	}
	return a
}

// segment gives the outcomes of a segment's rule, and its own where somebody stays
// in it though the rule no longer holds.
func (a *algebra) segment(name string) outcomes {
	if o, done := a.known[name]; done {
		return o
	}
	rule := a.segments[name]
	var o outcomes
	if rule == nil || rule.Leave != nil {
		o = a.opaque("segment." + name)
	} else {
		o = a.of(rule.Expr)
	}
	a.known[name] = o
	return o
}

// of gives the outcomes of a rule.
func (a *algebra) of(x *compile.Expr) outcomes { return a.part(x, x.AST.NativeRep().Expr()) }

func (a *algebra) part(x *compile.Expr, e ast.Expr) outcomes {
	if e.Kind() == ast.CallKind {
		var list []outcomes
		if logic[e.AsCall().FunctionName()] {
			for _, arg := range e.AsCall().Args() {
				list = append(list, a.part(x, arg))
			}
		}
		switch e.AsCall().FunctionName() {
		case operators.LogicalNot:
			return outcomes{list[0].no, list[0].yes}
		case operators.LogicalAnd, operators.LogicalOr:
			if o, ok := a.join(e.AsCall().FunctionName(), list); ok {
				return o
			}
		}
	}
	if name := named(e, "segment"); name != "" {
		return a.segment(name)
	}
	if o, is := a.inGroup(e); is {
		return o
	}
	return a.opaque(conditionText(x, e))
}

// inGroup reads `segmentation.x == 'a'`, `!=` and `in ['a', 'b']`.
func (a *algebra) inGroup(e ast.Expr) (outcomes, bool) {
	if e.Kind() != ast.CallKind || len(e.AsCall().Args()) != 2 {
		return outcomes{}, false
	}
	of, which := e.AsCall().Args()[0], e.AsCall().Args()[1]
	if of.Kind() == ast.LiteralKind {
		of, which = which, of
	}
	rule := a.divisions[named(of, "segmentation")]
	if rule == nil {
		return outcomes{}, false
	}
	asked := []ast.Expr{which}
	switch operator := e.AsCall().FunctionName(); {
	case operator == operators.In && which.Kind() == ast.ListKind:
		asked = which.AsList().Elements()
	case operator != operators.Equals && operator != operators.NotEquals || which.Kind() != ast.LiteralKind:
		return outcomes{}, false
	}
	var o outcomes
	names, groups := groupNames(rule), a.groupsOf(rule)
	for i, name := range names {
		if slices.ContainsFunc(asked, func(x ast.Expr) bool { return x.Kind() == ast.LiteralKind && x.AsLiteral().Value() == name }) {
			o.yes = plus(o.yes, groups[i], 1)
		} else {
			o.no = plus(o.no, groups[i], 1)
		}
	}
	if e.AsCall().FunctionName() == operators.NotEquals {
		o.yes, o.no = o.no, o.yes
	}
	return o, len(o.yes) <= mostShares && len(o.no) <= mostShares
}

// groupNames are the groups of a segmentation, or the bands of a score, in order.
func groupNames(rule *compile.Rule) []string {
	var names []string
	if rule.Score != nil {
		for _, band := range rule.Score.Bands {
			names = append(names, band.Name)
		}
		return names
	}
	for _, rung := range rule.Rungs {
		names = append(names, rung.Name)
	}
	return append(names, rule.Otherwise)
}

// groupsOf gives the groups that a segmentation or a score divides people into. What
// they are by their conditions is looked at where that is not too long.
func (a *algebra) groupsOf(rule *compile.Rule) []people {
	if list, done := a.divided[rule.Name]; done {
		return list
	}
	before := people{{everyone, 1}}
	var list []people
	short := rule.Score == nil
	for _, rung := range rule.Rungs {
		o := a.of(rung.When)
		list = append(list, a.times(before, o.yes))
		before = a.times(before, o.no)
		if short = len(before) <= mostShares && len(list[len(list)-1]) <= mostShares; !short {
			break
		}
	}
	if list = append(list, before); !short {
		var texts []string
		for _, name := range groupNames(rule) {
			texts = append(texts, fmt.Sprintf("segmentation.%s == %q", rule.Name, name))
		}
		list = a.oneOf(texts)
	}
	a.divided[rule.Name] = list
	return list
}

// conditionText is a condition, the same for all that are spaced otherwise.
func conditionText(x *compile.Expr, e ast.Expr) string {
	text, err := parser.Unparse(e, x.AST.NativeRep().SourceInfo())
	if err != nil { // it is like no other
		text = fmt.Sprintf("%s %s %d", x.Text.Value(), x.Digest, e.ID())
	}
	return text
}

// named is x of the name `segment.x` or `segmentation.x`, and "" of all else.
func named(e ast.Expr, namespace string) string {
	if e.Kind() != ast.IdentKind {
		return ""
	}
	name, _ := strings.CutPrefix(e.AsIdent(), namespace+".")
	if name == e.AsIdent() {
		return ""
	}
	return name
}

// leaves goes through the conditions of a rule that cannot be taken apart.
func leaves(e ast.Expr, look func(ast.Expr)) {
	if e.Kind() != ast.CallKind || !logic[e.AsCall().FunctionName()] {
		look(e)
		return
	}
	for _, arg := range e.AsCall().Args() {
		leaves(arg, look)
	}
}

var logic = map[string]bool{operators.LogicalNot: true, operators.LogicalAnd: true, operators.LogicalOr: true}

// join is && or || of several: for whom all are true, or all false, and the rest.
func (a *algebra) join(operator string, list []outcomes) (outcomes, bool) {
	and, or := people{{everyone, 1}}, people{{everyone, 1}} // all true; all false
	for _, o := range list {
		and, or = a.times(and, o.yes), a.times(or, o.no)
		if len(and) > mostShares || len(or) > mostShares {
			return outcomes{}, false
		}
	}
	if operator == operators.LogicalOr {
		yes, ok := a.anyOf(list, func(o outcomes) people { return o.yes })
		return outcomes{yes, or}, ok
	}
	no, ok := a.anyOf(list, func(o outcomes) people { return o.no })
	return outcomes{and, no}, ok
}

// anyOf are those for whom one of several is so: everyone but those for whom none is.
func (a *algebra) anyOf(list []outcomes, of func(outcomes) people) (people, bool) {
	none := people{{everyone, 1}}
	for _, o := range list {
		none = a.times(none, plus(people{{everyone, 1}}, of(o), -1))
		if len(none) > mostShares {
			return nil, false
		}
	}
	return plus(people{{everyone, 1}}, none, -1), true
}

// opaque is a condition as it is written.
func (a *algebra) opaque(text string) outcomes {
	yes := a.condition(text, 0)
	o := outcomes{yes: people{{a.set([]int32{int32(yes)}), 1}}}
	o.no = plus(people{{everyone, 1}}, o.yes, -1)
	if a.doubtful[text] {
		if a.excludes[yes] == 0 {
			a.excludes[yes] = int32(yes) + 1
		}
		unknown := a.condition("? "+text, a.excludes[yes])
		o.no = plus(o.no, people{{a.set([]int32{int32(unknown)}), 1}}, -1)
	}
	return o
}

// oneOf are groups of which everybody is in one at most.
func (a *algebra) oneOf(names []string) []people {
	out := make([]people, len(names))
	var group int32
	for i, name := range names {
		c := a.condition(name, group)
		if i == 0 {
			group = int32(c) + 1
			a.excludes[c] = group
		}
		out[i] = people{{a.set([]int32{int32(c)}), 1}}
	}
	return out
}

func (a *algebra) condition(text string, excludes int32) condition {
	c, known := a.conditions[text]
	if !known {
		c = condition(len(a.excludes))
		a.conditions[text], a.excludes = c, append(a.excludes, excludes)
	}
	return c
}

// set names a sorted list of conditions.
func (a *algebra) set(conditions []int32) all {
	a.key = a.key[:0]
	for _, c := range conditions {
		a.key = binary.LittleEndian.AppendUint32(a.key, uint32(c))
	}
	s, known := a.sets[string(a.key)]
	if known {
		return s
	}
	if a.passing != nil {
		if s, known = a.passing[string(a.key)]; !known {
			s = all(len(a.members) + len(a.passing))
			a.passing[string(a.key)] = s
		}
		return s
	}
	s = all(len(a.members))
	a.sets[string(a.key)], a.members = s, append(a.members, slices.Clone(conditions))
	return s
}

// times are those of both.
func (a *algebra) times(x, y people) people {
	if len(x) == 1 && x[0] == (share{everyone, 1}) {
		return y
	}
	if len(y) == 1 && y[0] == (share{everyone, 1}) {
		return x
	}
	var out people
	for _, p := range x {
		for _, q := range y {
			if s, some := a.both(p.of, q.of); some {
				out = append(out, share{s, p.times * q.times})
			}
		}
	}
	return out.sorted()
}

// both are those for whom the conditions of two sets are true, if there can be any.
func (a *algebra) both(x, y all) (all, bool) {
	switch {
	case x == y || y == everyone:
		return x, true
	case x == everyone:
		return y, true
	}
	list := append(slices.Clone(a.members[x]), a.members[y]...)
	slices.Sort(list)
	list = slices.Compact(list)
	for i, c := range list {
		for _, d := range list[:i] {
			if a.excludes[c] != 0 && a.excludes[c] == a.excludes[d] {
				return 0, false
			}
		}
	}
	return a.set(list), true
}

// plus adds a sum, so many times.
func plus(x, y people, times int64) people {
	out := slices.Clone(x)
	for _, s := range y {
		out = append(out, share{s.of, s.times * times})
	}
	return out.sorted()
}

// sorted brings a sum to the one order that it has.
func (p people) sorted() people {
	slices.SortFunc(p, func(x, y share) int { return cmp.Compare(x.of, y.of) })
	out := p[:0]
	for _, s := range p {
		if n := len(out); n > 0 && out[n-1].of == s.of {
			out[n-1].times += s.times
		} else {
			out = append(out, s)
		}
	}
	return slices.DeleteFunc(out, func(s share) bool { return s.times == 0 })
}
