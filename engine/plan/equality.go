package plan

import (
	"cel.dev/cel-go/common/ast"
)

func isNaN(e *Expr) bool {
	d, ok := e.Const.(float64)
	return ok && d != d
}

func (l *lowerer) equal(e ast.Expr, operands []ast.Expr) *Expr {
	if x := l.sameLists(operands); x != nil {
		return x
	}
	a := l.exprs(operands)
	for _, x := range a {
		if x.Op == OpHole {
			return l.b.Hole(x.Name, boolean)
		}
	}
	if x := l.equalLists(a[0], a[1]); x != nil {
		return x
	}
	for _, x := range a {
		if !scalar(x.Type.Kind) {
			return l.hole(e, "comparing values of type "+x.Type.String())
		}
	}
	x, y := l.sameNumbers(a[0], a[1])
	return l.b.Eq(x, y)
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
	if found := l.keyIn(operands[1], x); found != nil {
		return found
	}
	if operands[1].Kind() != ast.ListKind || len(operands[1].AsList().OptionalIndices()) > 0 {
		return l.inValue(e, operands)
	}
	var constants, others, open []*Expr
	hasNull := false
	for _, el := range l.exprs(operands[1].AsList().Elements()) {
		switch {
		case el.Op == OpHole:
			return l.b.Hole(el.Name, boolean)
		case !el.IsConst():
			others = append(others, el)
			if el.MayBottom {
				open = append(open, el)
			}
		case el.Const == nil:
			hasNull = true
		case isNaN(el) || hasNanos(el): // NaN equals nothing; nanoseconds are in no column
		default:
			constants = append(constants, el)
		}
	}
	if x.Op == OpHole {
		return l.b.Hole(x.Name, boolean)
	}
	found := []*Expr{l.b.In(x, constants, hasNull)}
	for _, el := range others {
		a, c := l.sameNumbers(x, el)
		found = append(found, l.b.Eq(a, c))
	}
	result := l.b.Or(found...)
	for _, el := range open { // a list with an element in error is an error
		n := l.b.NullTest(el)
		result = l.b.If(l.b.Or(n, l.b.Not(n)), result, result)
	}
	return result
}
