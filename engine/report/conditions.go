package report

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/parser"

	"personae/engine/compile"
)

// Rules are taken apart here: &&, || and !, the names of segments, and comparisons
// with groups of a segmentation. All else is a condition of its own.

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
	if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.Equals { // nobody has two values of one thing
		if args := e.AsCall().Args(); args[1].Kind() == ast.LiteralKind {
			a.condition(conditionText(x, e), a.thing(conditionText(x, args[0])))
		}
	}
	return a.opaque(conditionText(x, e))
}

// thing numbers what has one value for each: customer.city.
func (a *algebra) thing(name string) int32 {
	n, known := a.things[name]
	if !known {
		n = int32(len(a.things)) + 1
		a.things[name] = n
	}
	return n
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
		list = a.oneOf("segmentation."+rule.Name, texts)
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
