package prose

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// window says rows.within(d), rows.before(d) and rows.between(d1, d2).
func (s *sentence) window(c ast.CallExpr) noun {
	n := s.value(c.Target())
	length := func(i int) string { return s.value(c.Args()[i]).closed() }
	var tail string
	switch {
	case c.FunctionName() == "within":
		tail = " in the last " + strings.TrimPrefix(length(0), "1 ")
	case c.FunctionName() == "before":
		tail = " at least " + length(0) + " old"
	case len(c.Args()) == 2:
		tail = " less than " + length(0) + " but at least " + length(1) + " old"
	}
	return n.narrowed(tail)
}

// narrowed is fewer of the same things.
func (n noun) narrowed(tail string) noun {
	if n.count == nil {
		n.count, n.owner = &count{one: "entry", many: "entries", tail: " of " + n.wrapped(), rows: true}, ""
	}
	c := *n.count
	c.tail += tail
	n.count = &c
	n.text = c.many + c.tail
	if n.owner != "" {
		n.text = n.owner + "'s " + n.text
	}
	n.bound = open
	return n
}

type loopKind int

const (
	existsLoop loopKind = iota
	allLoop
	existsOneLoop
	filterLoop
	mapLoop
	bindLoop
)

// loop is a macro that goes over a list, found again in what it became.
type loop struct {
	kind     loopKind
	over     ast.Expr // of bind: the value
	variable string
	keep     ast.Expr // which elements; nil for all
	result   ast.Expr // of map and bind
}

// matchLoop finds the macro in a comprehension.
func matchLoop(e ast.Expr) (loop, bool) {
	c := e.AsComprehension()
	l := loop{over: c.IterRange(), variable: c.IterVar()}
	if c.HasIterVar2() {
		return l, false
	}
	if c.IterRange().Kind() == ast.ListKind && c.IterRange().AsList().Size() == 0 && strings.HasPrefix(c.IterVar(), "#") {
		return loop{kind: bindLoop, over: c.AccuInit(), variable: c.AccuVar(), result: c.Result()}, true
	}
	step := c.LoopStep()
	if step.Kind() != ast.CallKind || len(step.AsCall().Args()) < 2 {
		return l, false
	}
	args := step.AsCall().Args()
	switch step.AsCall().FunctionName() {
	case operators.LogicalOr:
		l.kind, l.keep = existsLoop, args[1]
	case operators.LogicalAnd:
		l.kind, l.keep = allLoop, args[1]
	case operators.Add:
		return l.collects(args[1])
	case operators.Conditional:
		l.keep = args[0]
		if args[1].Kind() != ast.CallKind || len(args[1].AsCall().Args()) != 2 {
			return l, false
		}
		added := args[1].AsCall().Args()[1]
		if added.Kind() == ast.LiteralKind {
			l.kind = existsOneLoop
			return l, true
		}
		return l.collects(added)
	default:
		return l, false
	}
	return l, true
}

// collects is a loop that puts something into a list for each element.
func (l loop) collects(added ast.Expr) (loop, bool) {
	if added.Kind() != ast.ListKind || added.AsList().Size() != 1 {
		return l, false
	}
	l.kind, l.result = mapLoop, added.AsList().Elements()[0]
	if l.result.Kind() == ast.IdentKind && l.result.AsIdent() == l.variable {
		l.kind = filterLoop
	}
	return l, true
}

// over says what a loop goes over, and what its variable stands for.
func (s *sentence) loopOver(l loop) (n noun, inner *sentence) {
	n = s.value(l.over)
	x := subject{variable: l.variable}
	t := s.typeOf(l.over)
	if t.Kind() == types.ListKind && len(t.Parameters()) == 1 {
		if table := s.table(t.Parameters()[0]); table != nil {
			x.entity = table.Entity
		}
	}
	return n, s.under(x)
}

// loopCondition says exists, all and exists_one.
func (s *sentence) loopCondition(e ast.Expr, not bool) (string, level, bool) {
	l, ok := matchLoop(e)
	if !ok || l.kind == filterLoop || l.kind == mapLoop {
		return "", single, false
	}
	if l.kind == bindLoop {
		text, level := s.bind(l.variable, s.value(l.over)).condition(l.result, not)
		return text, level, true
	}
	n, inner := s.loopOver(l)
	if n.count == nil {
		what, many := "entry", "entries"
		if s.typeOf(l.over).Kind() == types.MapKind {
			what, many = "key", "keys"
		}
		n.count, n.owner = &count{one: what, many: many, tail: " of " + n.wrapped(), rows: true}, ""
	}
	c := n.count
	meets := inner.inside(l.keep)
	switch l.kind {
	case existsLoop:
		return n.owned(pick(not, "has no "+c.many, "has at least "+s.whole(1)+" "+c.one) + c.tail + " where " + meets), single, true
	case existsOneLoop:
		return n.owned(pick(not, "does not have", "has") + " exactly " + s.whole(1) + " " + c.one + c.tail + " where " + meets), single, true
	}
	of := ""
	if n.owner != "" {
		of = n.owner + "'s "
	}
	if not {
		return "not all " + of + c.many + c.tail + " meet " + meets, single, true
	}
	return "all " + of + c.many + c.tail + ", if any, meet " + meets, single, true
}

// loopValue says filter, map, bind, and what optMap and sortBy became.
func (s *sentence) loopValue(e ast.Expr) (noun, bool) {
	l, ok := matchLoop(e)
	if !ok {
		return noun{}, false
	}
	switch l.kind {
	case bindLoop:
		if n, ok := s.sorted(l); ok {
			return n, true
		}
		return s.bind(l.variable, s.value(l.over)).value(l.result), true
	case filterLoop:
		n, inner := s.loopOver(l)
		return n.narrowed(" where " + inner.inside(l.keep)), true
	case mapLoop:
		n, inner := s.loopOver(l)
		if l.keep != nil {
			n = n.narrowed(" where " + inner.inside(l.keep))
		}
		each := inner.value(l.result)
		named := each.bound == tight && l.result.Kind() == ast.SelectKind && !strings.HasPrefix(each.text, "“")
		return noun{text: each.closed() + " over " + n.text, unit: each.unit, bound: open, each: named}, true
	}
	return noun{}, false
}

// sorted says list.sortBy(x, key), which became a bind around a map.
func (s *sentence) sorted(l loop) (noun, bool) {
	if l.result.Kind() != ast.CallKind || l.result.AsCall().FunctionName() != "@sortByAssociatedKeys" {
		return noun{}, false
	}
	keys := l.result.AsCall().Args()[0]
	if keys.Kind() != ast.ComprehensionKind {
		return noun{}, false
	}
	by, ok := matchLoop(keys)
	if !ok || by.result == nil {
		return noun{}, false
	}
	bound := s.bind(l.variable, s.value(l.over))
	n, inner := bound.loopOver(by)
	key := "it"
	if by.kind != filterLoop {
		key = inner.value(by.result).closed()
	}
	return noun{text: n.closed() + " in order of " + key, bound: loose}, true
}

// sequence says rows.sequence(o, step(p), never(q), step(r, days(7))), which
// became a map of the rows to what the conditions say of them, with the shape
// of the sequence: s a step, w a step within a limit, n what must not occur.
func (s *sentence) sequence(c ast.CallExpr, not bool) (string, bool) {
	if !c.IsMemberFunction() || c.Target().Kind() != ast.ComprehensionKind || len(c.Args()) != 2 || c.Args()[1].Kind() != ast.ListKind {
		return "", false
	}
	l, ok := matchLoop(c.Target())
	v, known := s.literal(c.Args()[0])
	shape, isText := v.(string)
	if !ok || !known || !isText || l.kind != mapLoop || l.result.Kind() != ast.CallKind || len(l.result.AsCall().Args()) != 2 {
		return "", false
	}
	list := l.result.AsCall().Args()[1]
	if list.Kind() != ast.ListKind || list.AsList().Size() != len(shape) {
		return "", false
	}
	n, inner := s.loopOver(l)
	limits := c.Args()[1].AsList().Elements()
	last := strings.LastIndexAny(shape, "sw")
	var parts []string
	for i, truth := range list.AsList().Elements() {
		if truth.Kind() != ast.CallKind || len(truth.AsCall().Args()) != 1 {
			return "", false
		}
		meets := "where " + inner.inside(truth.AsCall().Args()[0])
		before := strings.ContainsAny(shape[:i], "sw")
		switch {
		case shape[i] == 'n' && !before:
			parts = append(parts, "none before the first "+meets)
		case shape[i] == 'n' && i > last:
			parts = append(parts, "none after it "+meets)
		case shape[i] == 'n':
			parts = append(parts, "none in between "+meets)
		case shape[i] == 'w' && len(limits) > 0:
			parts = append(parts, "then one within "+s.value(limits[0]).closed()+" "+meets)
			limits = limits[1:]
		case before:
			parts = append(parts, "then one "+meets)
		default:
			parts = append(parts, "one "+meets)
		}
	}
	return n.owned(pick(not, "does not have", "has") + " in this order, among " + n.text + ": (" + strings.Join(parts, "; ") + ")"), true
}
