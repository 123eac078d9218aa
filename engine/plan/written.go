package plan

import (
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"

	"personae/engine/catalog"
)

// Lists and maps that a rule writes out, as [customer.a, customer.b], have no
// value in SQL. What asks about them is worked out element by element.

// written are the elements of a list that is written out; ok is false for all
// else, and for elements that are no values. Those that are holes are among them.
func (l *lowerer) written(e ast.Expr) (elements []*Expr, ok bool) {
	if !l.taken(e) {
		return nil, false
	}
	elements, ok = l.elementsOf(l.thing(e))
	return elements, ok && !anyNanos(elements)
}

func anyNanos(list []*Expr) bool { return slices.ContainsFunc(list, hasNanos) }

func (l *lowerer) elementsOf(t *thing) (elements []*Expr, ok bool) {
	if t.list == nil || len(t.list.needs) > 0 {
		return nil, false
	}
	for _, el := range t.list.elements {
		x := l.single(el)
		if x == nil {
			return nil, false
		}
		elements = append(elements, x)
	}
	return elements, true
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

// unrolled goes through a list or the keys of a map that are written out, for
// exists, all and exists_one; nil for other loops.
func (l *lowerer) unrolled(c ast.ComprehensionExpr) *Expr {
	name, pred := quantified(c)
	if name == "" || !l.taken(c.IterRange()) {
		return nil
	}
	t := l.thing(c.IterRange())
	elements, ok := l.elementsOf(t)
	var there []*Expr // of entries of a map: whether they are
	if t.table != nil {
		there, ok = l.effective(t.table), true
		for _, en := range t.table.entries {
			elements = append(elements, en.key)
		}
	}
	if !ok || anyNanos(elements) {
		return nil
	}
	var conditions []*Expr
	for i, el := range elements {
		if el.Op == OpHole {
			return l.b.Hole(el.Name, boolean)
		}
		var p *Expr
		l.with(c.IterVar(), binding{value: el, frame: len(l.frames) - 1}, func() { p = l.truth(pred) })
		switch {
		case there != nil && name == "all":
			p = l.b.Or(l.b.Not(there[i]), p)
		case there != nil:
			p = l.b.And(there[i], p)
		}
		conditions = append(conditions, p)
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
	return l.whole(append(append(l.needsOf(t), elements...), holesOf(conditions)...), x)
}

// keysOf are the keys of a map that is written out, if all are surely there and
// different: equal keys are one.
func (l *lowerer) keysOf(t *thing) (keys []*Expr, ok bool) {
	for i, en := range t.table.entries {
		if en.some != nil || !distinctKey(t.table.entries[:i], en.key) {
			return nil, false
		}
		keys = append(keys, en.key)
	}
	return keys, true
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

// writtenCall lowers calls on lists and maps that are written out; nil for others.
func (l *lowerer) writtenCall(e ast.Expr, c ast.CallExpr, id string) *Expr {
	switch {
	case c.FunctionName() == operators.Index:
		return l.partValue(e)
	case id == overloads.SizeList || id == overloads.SizeListInst || id == overloads.SizeMap || id == overloads.SizeMapInst:
		operand := c.Target()
		if operand == nil {
			operand = c.Args()[0]
		}
		if l.taken(operand) {
			return l.sizeOf(l.thing(operand))
		}
	case id == "math_@max_list_uint" || id == "math_@min_list_uint" || id == "math_@max_list_int" || id == "math_@max_list_double" || id == "math_@min_list_int" || id == "math_@min_list_double":
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

// partValue is a part of something as a value: a.b, a[i]; nil for no value.
func (l *lowerer) partValue(e ast.Expr) *Expr {
	var t *thing
	if e.Kind() == ast.SelectKind {
		t = l.selected(e, e.AsSelect().Operand(), l.b.Const(e.AsSelect().FieldName()), false)
	} else {
		t = l.callThing(e, e.AsCall())
	}
	if t == nil {
		return nil
	}
	return l.single(t)
}

// sizeOf is how many elements or entries something has; nil for what has none.
func (l *lowerer) sizeOf(t *thing) *Expr {
	if h := t.hole(); h != nil {
		return l.b.Hole(h.Name, catalog.Type{Kind: catalog.Int})
	}
	switch {
	case t.list != nil:
		return l.whole(l.needsOf(t), l.b.Const(int64(len(t.list.elements))))
	case t.table != nil:
		n := l.b.Const(int64(0))
		for _, counts := range l.effective(t.table) {
			n = l.b.Strict(OpAddInt, "", n, l.b.If(counts, l.b.Const(int64(1)), l.b.Const(int64(0))))
		}
		return l.whole(l.needsOf(t), n)
	case t.value != nil && t.value.Type.Kind == catalog.List:
		return l.b.Strict(OpSizeList, "", t.value)
	case t.value != nil && t.value.Type.Kind == catalog.Map:
		return l.b.Strict(OpSizeMap, "", t.value)
	}
	return nil
}

// effective says of each entry of a map whether it counts: it is there, and no
// later one has its key.
func (l *lowerer) effective(t *tabled) []*Expr {
	all := make([]*Expr, len(t.entries))
	for i, en := range t.entries {
		counts := []*Expr{}
		if en.some != nil {
			counts = append(counts, en.some)
		}
		for _, later := range t.entries[i+1:] {
			if later.key.IsConst() && en.key.IsConst() && later.key.Type.Kind == en.key.Type.Kind && later.key != en.key {
				continue
			}
			same := l.equalValues(en.key, later.key)
			if same == nil {
				same = l.b.Const(false)
			}
			if later.some != nil {
				same = l.b.And(same, later.some)
			}
			counts = append(counts, l.b.Not(same))
		}
		all[i] = l.b.And(counts...)
	}
	return all
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
	return l.ordered(a, b, x)
}

// ordered is what follows from the order of two numbers; NaN has none.
func (l *lowerer) ordered(a, b, x *Expr) *Expr {
	if !anyNaN([]*Expr{a, b}) {
		return x
	}
	some := l.b.Not(l.b.Or(l.isNaN(a), l.isNaN(b)))
	return l.b.If(some, x, l.b.Bottom("a value is not a number", x.Type))
}

func (l *lowerer) isNaN(x *Expr) *Expr {
	if x.Type.Kind != catalog.Double {
		return l.b.strictFalse(l.b.Decide(x))
	}
	return l.b.Strict(OpIsNaN, "", x)
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
