package plan

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"

	"personae/engine/catalog"
)

// Lists and maps that a rule writes out, as [customer.a, customer.b], have no
// value in SQL. What asks about them is worked out element by element.

// written are the elements of a list that is written out; ok is false for all
// else. Elements that are holes are among them.
func (l *lowerer) written(e ast.Expr) (elements []*Expr, ok bool) {
	if e.Kind() != ast.ListKind || len(e.AsList().OptionalIndices()) > 0 {
		return nil, false
	}
	for _, el := range e.AsList().Elements() {
		if !scalar(l.typeOf(el).Kind) {
			return nil, false
		}
	}
	elements = l.exprs(e.AsList().Elements())
	for _, x := range elements {
		if hasNanos(x) {
			return nil, false
		}
	}
	return elements, true
}

// entry is one entry of a map that is written out.
type entry struct{ key, value *Expr }

// writtenMap are the entries of a map that is written out.
func (l *lowerer) writtenMap(e ast.Expr) (entries []entry, ok bool) {
	if e.Kind() != ast.MapKind {
		return nil, false
	}
	for _, x := range e.AsMap().Entries() {
		m := x.AsMapEntry()
		if m.IsOptional() || !scalar(l.typeOf(m.Value()).Kind) || !scalar(l.typeOf(m.Key()).Kind) {
			return nil, false
		}
		en := entry{l.expr(m.Key()), l.expr(m.Value())}
		if k := en.key.Type.Kind; en.key.MayNull || hasNanos(en.value) || k != catalog.String && k != catalog.Int && k != catalog.Bool {
			return nil, false
		}
		entries = append(entries, en)
	}
	return entries, true
}

func parts(entries []entry) []*Expr {
	var all []*Expr
	for _, en := range entries {
		all = append(all, en.key, en.value)
	}
	return all
}

// whole makes x ⊥ where one of the parts is: a list with an element in error
// is an error, whatever is asked about it.
func (l *lowerer) whole(parts []*Expr, x *Expr) *Expr {
	for _, p := range parts {
		if p.Op == OpHole {
			return l.b.Hole(p.Name, x.Type)
		}
		if p.MayBottom {
			n := l.b.NullTest(p)
			x = l.b.If(l.b.Or(n, l.b.Not(n)), x, x)
		}
	}
	return x
}

// unrolled goes through a list that is written out, for exists, all and
// exists_one; nil for other loops.
func (l *lowerer) unrolled(c ast.ComprehensionExpr) *Expr {
	name, pred := quantified(c)
	if name == "" {
		return nil
	}
	elements, ok := l.written(c.IterRange())
	if entries, isMap := l.writtenMap(c.IterRange()); isMap {
		for i, en := range entries {
			elements = append(elements, en.key)
			if !distinctKey(entries[:i], en.key) {
				return nil
			}
		}
		ok = true
	}
	if !ok {
		return nil
	}
	var conditions []*Expr
	for _, el := range elements {
		if el.Op == OpHole {
			return l.b.Hole(el.Name, boolean)
		}
		l.with(c.IterVar(), binding{value: el, frame: len(l.frames) - 1}, func() { conditions = append(conditions, l.expr(pred)) })
	}
	var x *Expr
	switch name {
	case "exists":
		x = l.b.Or(conditions...)
	case "all":
		x = l.b.And(conditions...)
	default:
		count := l.b.Const(int64(0))
		for _, p := range conditions {
			count = l.b.Strict(OpAddInt, "", count, l.b.If(l.b.Decide(p), l.b.Const(int64(1)), l.b.Const(int64(0))))
		}
		x = l.b.Strict(OpEq, "", count, l.b.Const(int64(1)))
	}
	return l.whole(append(elements, holesOf(conditions)...), x)
}

// distinctKey says whether a key of a map is surely none of the ones before it:
// equal keys are one.
func distinctKey(before []entry, key *Expr) bool {
	for _, en := range before {
		if !en.key.IsConst() || !key.IsConst() || en.key == key {
			return false
		}
	}
	return true
}

func holesOf(list []*Expr) []*Expr {
	var holes []*Expr
	for _, x := range list {
		if x.Op == OpHole {
			holes = append(holes, x)
		}
	}
	return holes
}

// sameLists compares two lists that are written out; nil for others.
func (l *lowerer) sameLists(operands []ast.Expr) *Expr {
	if operands[0].Kind() != ast.ListKind || operands[1].Kind() != ast.ListKind {
		return nil
	}
	x, ok1 := l.written(operands[0])
	y, ok2 := l.written(operands[1])
	if !ok1 || !ok2 {
		return nil
	}
	all := append(append([]*Expr{}, x...), y...)
	if len(x) != len(y) {
		return l.whole(all, l.b.Const(false))
	}
	var equal []*Expr
	for i := range x {
		if x[i].Op == OpHole || y[i].Op == OpHole {
			continue
		}
		a, b := l.sameNumbers(x[i], y[i])
		if a.Type.Kind != b.Type.Kind && a.Type.Kind != catalog.Null && b.Type.Kind != catalog.Null {
			return nil
		}
		equal = append(equal, l.b.Eq(a, b))
	}
	return l.whole(all, l.b.And(equal...))
}

// at is list[i] or map[key] of what is written out; nil for others.
func (l *lowerer) at(e ast.Expr, operands []ast.Expr) *Expr {
	if elements, ok := l.written(operands[0]); ok && l.typeOf(operands[1]).Kind == catalog.Int {
		i := l.expr(operands[1])
		var entries []entry
		for n, el := range elements {
			entries = append(entries, entry{l.b.Const(int64(n)), el})
		}
		return l.lookup(e, entries, i)
	}
	if entries, ok := l.writtenMap(operands[0]); ok && scalar(l.typeOf(operands[1]).Kind) {
		return l.lookup(e, entries, l.expr(operands[1]))
	}
	return nil
}

// lookup is the value of the last entry with that key, ⊥ where there is none.
func (l *lowerer) lookup(e ast.Expr, entries []entry, key *Expr) *Expr {
	if key.Op == OpHole {
		return nil
	}
	key = l.b.Decide(key) // nothing is at null
	x := l.b.Bottom("there is no such element", l.typeOf(e))
	for _, en := range entries {
		if en.key.Type.Kind != key.Type.Kind || en.value.Type.Kind != l.typeOf(e).Kind {
			return nil
		}
		if en.key.Op != OpHole && en.value.Op != OpHole {
			x = l.b.If(l.b.Eq(key, en.key), en.value, x)
		}
	}
	return l.whole(parts(entries), x)
}

// keyIn says whether a map that is written out has a key; nil for others.
func (l *lowerer) keyIn(m ast.Expr, key *Expr) *Expr {
	entries, ok := l.writtenMap(m)
	if !ok || key.MayNull || key.Op == OpHole {
		return nil
	}
	var found []*Expr
	for _, en := range entries {
		if en.key.Type.Kind != key.Type.Kind {
			return nil
		}
		if en.key.Op != OpHole {
			found = append(found, l.b.Eq(key, en.key))
		}
	}
	return l.whole(append(parts(entries), key), l.b.Or(found...))
}

// writtenCall lowers calls on lists and maps that are written out; nil for others.
func (l *lowerer) writtenCall(e ast.Expr, c ast.CallExpr, id string) *Expr {
	switch {
	case c.FunctionName() == operators.Index:
		return l.at(e, c.Args())
	case id == overloads.SizeList || id == overloads.SizeListInst:
		operand := c.Target()
		if operand == nil {
			operand = c.Args()[0]
		}
		if elements, ok := l.written(operand); ok {
			return l.whole(elements, l.b.Const(int64(len(elements))))
		}
	case id == "math_@max_list_int" || id == "math_@max_list_double" || id == "math_@min_list_int" || id == "math_@min_list_double":
		if len(c.Args()) != 1 {
			return nil
		}
		elements, ok := l.written(c.Args()[0])
		if !ok || len(elements) == 0 {
			return nil
		}
		best := elements[0]
		for _, el := range elements[1:] {
			if el.Op == OpHole || best.Op == OpHole {
				return l.b.Hole("an extreme of what SQL cannot decide", l.typeOf(e))
			}
			best = l.better(id[:len("math_@max")] == "math_@max", best, el)
		}
		return l.whole(elements, best)
	}
	return nil
}

// extreme is math.greatest and math.least of two.
func extreme(greatest bool) rule {
	return rule{with: func(l *lowerer, _ string, a []*Expr) *Expr { return l.better(greatest, a[0], a[1]) }}
}

// better is the first of two numbers unless the second is beyond it; NaN has no
// place in an order.
func (l *lowerer) better(greatest bool, a, b *Expr) *Expr {
	beyond := l.b.Strict(OpLt, "", b, a)
	if greatest {
		beyond = l.b.Strict(OpLt, "", a, b)
	}
	x := l.b.If(beyond, l.b.Decide(b), l.b.Decide(a))
	if anyNaN([]*Expr{a, b}) {
		ordered := l.b.Not(l.b.Or(l.b.Strict(OpIsNaN, "", a), l.b.Strict(OpIsNaN, "", b)))
		x = l.b.If(ordered, x, l.b.Bottom("a value is not a number", x.Type))
	}
	return x
}

// signOf is math.sign; NaN stays NaN, and the sign of -0.0 is 0.0.
func signOf(one, zero, minus any) rule {
	return rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
		x, zeroX := a[0], l.b.Const(zero)
		e := l.b.If(l.b.Strict(OpLt, "", zeroX, x), l.b.Const(one), l.b.If(l.b.Strict(OpLt, "", x, zeroX), l.b.Const(minus), zeroX))
		if anyNaN(a) {
			e = l.b.If(l.b.Strict(OpIsNaN, "", x), l.b.Decide(x), e)
		}
		return e
	}}
}

// readBool is bool(string).
var readBool = rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
	texts := func(list ...string) []*Expr {
		var out []*Expr
		for _, s := range list {
			out = append(out, l.b.Const(s))
		}
		return out
	}
	x := l.b.Decide(a[0])
	no := l.b.If(l.b.In(x, texts("0", "f", "F", "false", "FALSE", "False"), false), l.b.Const(false), l.b.Bottom("the text is no truth value", boolean))
	return l.b.If(l.b.In(x, texts("1", "t", "T", "true", "TRUE", "True"), false), l.b.Const(true), no)
}}
