package plan

import (
	"slices"

	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
)

func isNaN(e *Expr) bool {
	d, ok := e.Const.(float64)
	return ok && d != d
}

func (l *lowerer) equal(e ast.Expr, operands []ast.Expr) *Expr {
	t := l.things(operands)
	for _, x := range t {
		if h := x.hole(); h != nil {
			return l.b.Hole(h.Name, boolean)
		}
	}
	x := l.equalThings(t[0], t[1])
	switch {
	case x != nil && t[0].value != nil && t[1].value != nil:
		return x
	case x != nil:
		return l.whole(append(l.needsOf(t[0]), l.needsOf(t[1])...), x)
	}
	return l.hole(e, "comparing values of type "+l.typeOf(operands[0]).String())
}

// equalThings is CEL's ==; nil for what cannot be compared in SQL. It need not
// be ⊥ where a thing is.
func (l *lowerer) equalThings(a, b *thing) *Expr {
	switch {
	case a.value != nil && b.value != nil:
		return l.equalValues(a.value, b.value)
	case a.choice != nil:
		yes, no := l.equalThings(a.choice.yes, b), l.equalThings(a.choice.no, b)
		if yes == nil || no == nil {
			return nil
		}
		return l.b.If(a.choice.cond, yes, no)
	case b.choice != nil:
		return l.equalThings(b, a)
	case a.option != nil && b.option != nil:
		if a.option.of == nil || b.option.of == nil {
			return l.b.And(l.b.Not(a.option.some), l.b.Not(b.option.some))
		}
		same := l.equalThings(a.option.of, b.option.of)
		if same == nil {
			return nil
		}
		return l.b.If(a.option.some, l.b.If(b.option.some, same, l.b.Const(false)), l.b.Not(b.option.some))
	case a.list != nil && b.list != nil:
		return l.equalElements(a.list.elements, b.list.elements)
	case a.table != nil && b.table != nil:
		return l.equalTables(a, b)
	case a.row != nil || b.row != nil:
		return nil
	}
	x, y := l.single(a), l.single(b)
	switch {
	case x != nil && y != nil:
		return l.equalValues(x, y)
	case x == nil && y == nil || x != nil && composite(x.Type.Kind) || y != nil && composite(y.Type.Kind):
		return nil
	}
	return l.b.Const(false) // a number is no map
}

// equalValues compares two values of SQL's: numbers by what they are, others only
// with their like.
func (l *lowerer) equalValues(x, y *Expr) *Expr {
	if x.Op == OpHole || y.Op == OpHole {
		return nil
	}
	if x.Op == OpBottom || y.Op == OpBottom {
		return l.b.Bottom("a value cannot be calculated", boolean)
	}
	a, b := l.sameNumbers(x, y)
	switch {
	case a.IsConst() && a.Const == nil, b.IsConst() && b.Const == nil:
		return l.b.Eq(a, b)
	case composite(a.Type.Kind) || composite(b.Type.Kind):
		return l.b.equalComposites(a, b)
	case !scalar(a.Type.Kind) || !scalar(b.Type.Kind):
		return nil
	case a.Type.Kind == b.Type.Kind && (a != x && x.MayNull || b != y && y.MayNull): // a null is no number
		return l.b.orBothNull(x, y, l.b.Strict(OpEq, "", a, b))
	case a.Type.Kind != b.Type.Kind:
		return l.whole([]*Expr{x, y}, l.b.And(l.b.NullTest(x), l.b.NullTest(y)))
	}
	return l.b.Eq(a, b)
}

// equalComposites compares two values of one type that hold others; nil for
// others, and for maps inside: SQL compares these in the order of their entries.
func (b *Builder) equalComposites(x, y *Expr) *Expr {
	x, y = b.alike(x, y)
	t, same := common(x.Type, y.Type)
	if !same || !stored(t) || t.Kind == catalog.Map && holdsMap(*t.Elem) || t.Kind != catalog.Map && holdsMap(t) {
		return nil
	}
	return b.orBothNull(x, y, b.Strict(OpEqList, "", x, y))
}

// holdsMap says whether values of a type are maps, or hold some.
func holdsMap(t catalog.Type) bool {
	switch t.Kind {
	case catalog.Map:
		return true
	case catalog.List:
		return holdsMap(*t.Elem)
	}
	return slices.ContainsFunc(t.Fields, func(f catalog.Field) bool { return holdsMap(f.Type) })
}

// orBothNull is equality where two values may be null: equal to each other then,
// and else what is said of them as values.
func (b *Builder) orBothNull(x, y, equal *Expr) *Expr {
	if !x.MayNull && !y.MayNull {
		return equal
	}
	nx, ny := b.NullTest(x), b.NullTest(y)
	return b.Or(b.And(nx, ny), b.And(b.Not(nx), b.Not(ny), equal))
}

func (l *lowerer) equalElements(x, y []*thing) *Expr {
	if len(x) != len(y) {
		return l.b.Const(false)
	}
	var all []*Expr
	for i := range x {
		same := l.equalThings(x[i], y[i])
		if same == nil {
			return nil
		}
		all = append(all, same)
	}
	return l.b.And(all...)
}

// equalTables compares two maps that are written out: as many keys, and the same
// value for each.
func (l *lowerer) equalTables(x, y *thing) *Expr {
	counts, others := l.effective(x.table), l.effective(y.table)
	all := []*Expr{l.b.Eq(l.sizeOf(x), l.sizeOf(y))}
	for i, a := range x.table.entries {
		found := []*Expr{l.b.Not(counts[i])}
		for j, b := range y.table.entries {
			if a.key.Type.Kind != b.key.Type.Kind {
				continue
			}
			same := l.equalThings(a.value, b.value)
			if same == nil {
				return nil
			}
			found = append(found, l.b.And(others[j], l.b.Eq(a.key, b.key), same))
		}
		all = append(all, l.b.Or(found...))
	}
	return l.b.And(all...)
}

// in is x in [a, b, ...]: constants in one operator, other elements compared
// one by one.
func (l *lowerer) in(e ast.Expr, operands []ast.Expr) *Expr {
	if list := l.list(operands[1]); list != nil && list.elem != nil {
		var x *Expr
		if l.inside(list, func() { x = l.expr(operands[0]) }); x.Op != OpHole && scalar(x.Type.Kind) {
			return l.inList(x, list)
		}
	}
	x := l.expr(operands[0])
	if x.Op == OpHole {
		return l.b.Hole(x.Name, boolean)
	}
	if !l.taken(operands[1]) {
		return l.inValue(e, operands)
	}
	t := l.thing(operands[1])
	if h := t.hole(); h != nil {
		return l.b.Hole(h.Name, boolean)
	}
	if t.table != nil {
		if some, _ := l.search(t.table.entries, l.needsOf(t), l.b.Decide(x)); some != nil && !x.MayNull {
			return some
		}
		return l.hole(e, "looking into maps of this form")
	}
	elements, ok := l.elementsOf(t)
	if !ok {
		return l.inValue(e, operands)
	}
	return l.inElements(x, elements)
}

// inElements is x in a list that is written out.
func (l *lowerer) inElements(x *Expr, elements []*Expr) *Expr {
	var constants, others, open []*Expr
	hasNull := false
	for _, el := range elements {
		switch {
		case !el.IsConst():
			others = append(others, el)
			if el.MayBottom {
				open = append(open, el)
			}
		case el.Const == nil:
			hasNull = true
		case isNaN(el) || hasNanos(el): // NaN equals nothing; nanoseconds are in no column
		case el.Type.Kind != x.Type.Kind:
			others = append(others, el)
		default:
			constants = append(constants, el)
		}
	}
	found := []*Expr{l.b.In(x, constants, hasNull)}
	for _, el := range others {
		same := l.equalValues(x, el)
		if same == nil {
			return l.b.Hole("looking for lists, structs and maps in a list", boolean)
		}
		found = append(found, same)
	}
	return l.whole(open, l.b.Or(found...))
}
