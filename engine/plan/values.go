package plan

import (
	"strconv"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"personae/engine/catalog"
)

// Lists as values: columns that hold lists, and what rules make of them and of
// text. A list is never null, ⊥ as soon as an element is, and may hold nulls:
// those are NULL in SQL's list.

// held says whether SQL holds values of a type: those of one kind and lists of them.
func held(t catalog.Type) bool {
	return t.Kind == catalog.List && t.Elem != nil && scalar(t.Elem.Kind) && t.Elem.Kind != catalog.Null
}

func listOf(elem catalog.Type, nullable bool) catalog.Type {
	elem.Nullable = nullable
	return catalog.Type{Kind: catalog.List, Elem: &elem}
}

// listColumn reads a list from where it is stored: it is ⊥ where there is none,
// and nothing says that no element is null.
func (b *Builder) listColumn(x *Expr) *Expr {
	e := Expr{Op: OpDecide, Type: listOf(*x.Type.Elem, true), Args: []*Expr{x}, MayBottom: !x.Decided()}
	return b.intern(e)
}

// ofLists applies a strict operator that gives a list.
func (b *Builder) ofLists(op Op, elem catalog.Type, args ...*Expr) *Expr {
	e := Expr{Op: op, Type: catalog.Type{Kind: catalog.List, Elem: &elem}, Args: args}
	for _, a := range args {
		e.MayBottom = e.MayBottom || !a.Decided()
	}
	if bottom := byOp[op].Bottom; bottom != nil && bottom(args) {
		e.MayBottom = true
	}
	return b.intern(e)
}

// element stands for the elements of a list, at a depth of loops.
func (b *Builder) element(list *Expr, depth int) *Expr {
	t := *list.Type.Elem
	return b.intern(Expr{Op: OpElement, Type: t, Name: "≡e" + strconv.Itoa(depth), MayNull: t.Nullable})
}

// each is the list of what body is for each element; NULL for null and ⊥.
func (b *Builder) each(list, element, body *Expr) *Expr {
	return b.intern(Expr{Op: OpEach, Type: listOf(body.Type, body.MayNull || body.MayBottom), Args: []*Expr{list, element, body}, MayBottom: list.MayBottom})
}

// keep are the elements for which a condition is TRUE; ⊥ where it is for one.
func (b *Builder) keep(list, element, condition *Expr) *Expr {
	x := b.intern(Expr{Op: OpKeep, Type: list.Type, Args: []*Expr{list, element, condition}, MayBottom: list.MayBottom})
	if !condition.Decided() {
		x = b.ofLists(OpAllKnown, *x.Type.Elem, x, b.each(list, element, condition))
	}
	return x
}

// mapped is the list of what body is for each element; ⊥ where it is for one.
func (b *Builder) mapped(list, element, body *Expr) *Expr {
	x := b.each(list, element, body)
	elem := body.Type
	elem.Nullable = body.MayNull
	switch {
	case !body.MayBottom:
		return x
	case !body.MayNull:
		return b.ofLists(OpAllKnown, elem, x, x)
	}
	return b.ofLists(OpAllKnown, elem, x, b.each(list, element, b.NullTest(body)))
}

// anyTrue is exists.
func (b *Builder) anyTrue(list, element, condition *Expr) *Expr {
	return b.Strict(OpAnyTrue, "", b.each(list, element, condition))
}

// at is list[i].
func (b *Builder) at(list, i *Expr) *Expr {
	t := *list.Type.Elem
	return b.intern(Expr{Op: OpAt, Type: t, Args: []*Expr{list, i}, MayBottom: true, MayNull: t.Nullable})
}

// inList is x in a list that is a value.
func (b *Builder) inList(x, list *Expr) *Expr {
	var null *Expr
	if list.Type.Elem.Nullable {
		null = b.Strict(OpHasNull, "", list)
	} else {
		null = b.Strict(OpLt, "", b.Strict(OpSizeList, "", list), b.Const(int64(0)))
	}
	switch {
	case x.IsConst() && x.Const == nil:
		return null
	case !x.MayNull:
		return b.Strict(OpInList, "", x, list)
	}
	return b.If(b.NullTest(x), null, b.Strict(OpInList, "", x, list))
}

// literalList is [a, b] as a value.
func (l *lowerer) literalList(e ast.Expr) *Expr {
	elements, ok := l.written(e)
	t := l.typeOf(e)
	if !ok || !held(t) {
		return l.hole(e, "lists that rules make")
	}
	x := Expr{Op: OpList, Type: listOf(*t.Elem, false), Args: elements}
	for _, el := range elements {
		if el.Op != OpHole && el.Type.Kind != t.Elem.Kind && el.Type.Kind != catalog.Null {
			return l.hole(e, "lists of mixed types")
		}
		x.Type.Elem.Nullable = x.Type.Elem.Nullable || el.MayNull
	}
	return l.whole(elements, l.b.intern(x))
}

// maxBody bounds the text of what is done with each element: it is written as
// often as operators name it, because no column holds it.
const maxBody = 3000

// bodySize is about how often parts of a body are written, if an operator names
// its operands two or three times.
func bodySize(e *Expr) int {
	n := 1
	for _, a := range e.Args {
		if n <= maxBody {
			n += 5 * bodySize(a) / 2
		}
	}
	return n
}

// loop lowers exists, all, exists_one, filter and map over a list that is a
// value; nil for other loops.
func (l *lowerer) loop(e ast.Expr, c ast.ComprehensionExpr) *Expr {
	name, pred := quantified(c)
	var elem ast.Expr
	if name == "" {
		var ok bool
		if pred, elem, ok = listSteps(c); !ok {
			return nil
		}
	}
	if !held(l.typeOf(c.IterRange())) {
		return nil
	}
	list := l.expr(c.IterRange())
	if list.Op == OpHole {
		return l.b.Hole(list.Name, l.typeOf(e))
	}
	element := l.b.element(list, len(l.frames))
	var p, m *Expr
	l.frames = append(l.frames, frame{owner: len(l.frames) - 1})
	l.with(c.IterVar(), binding{value: element, frame: len(l.frames) - 1}, func() {
		if pred != nil {
			p = l.expr(pred)
		}
		if elem != nil && !isIdent(elem, c.IterVar()) {
			m = l.expr(elem)
		}
	})
	l.frames = l.frames[:len(l.frames)-1]
	for _, body := range []*Expr{p, m} {
		switch {
		case body == nil:
		case body.Op == OpHole:
			return l.b.Hole(body.Name, l.typeOf(e))
		case bodySize(body) > maxBody:
			return l.hole(e, "long calculations for each element of a list")
		case hasNanos(body) || !scalar(body.Type.Kind) || body.Type.Kind == catalog.Null:
			return l.hole(e, "going through lists")
		}
	}
	return l.looped(name, list, element, p, m)
}

// looped puts a loop together: p is its condition, m what it makes of each
// element; nil for none.
func (l *lowerer) looped(name string, list, element, p, m *Expr) *Expr {
	if p != nil {
		p = l.b.Decide(p)
	}
	switch name {
	case "exists":
		return l.b.anyTrue(list, element, p)
	case "all":
		return l.b.Not(l.b.anyTrue(list, element, l.b.Not(p)))
	case "exists_one":
		return l.b.Strict(OpEq, "", l.b.Strict(OpSizeList, "", l.b.keep(list, element, p)), l.b.Const(int64(1)))
	}
	if p != nil {
		list = l.b.keep(list, element, p)
	}
	if m != nil {
		list = l.b.mapped(list, element, m)
	}
	return list
}

// inValue is x in a list that is a value.
func (l *lowerer) inValue(e ast.Expr, operands []ast.Expr) *Expr {
	if !held(l.typeOf(operands[1])) {
		return l.hole(e, "looking into a list that is not written out")
	}
	list, x := l.expr(operands[1]), l.expr(operands[0])
	for _, a := range []*Expr{list, x} {
		if a.Op == OpHole {
			return l.b.Hole(a.Name, boolean)
		}
	}
	if x.Type.Kind != list.Type.Elem.Kind && x.Type.Kind != catalog.Null || hasNanos(x) {
		return l.hole(e, "values whose type is only known row by row")
	}
	return l.b.inList(x, list)
}

// equalLists compares two lists that are values; nil for others.
func (l *lowerer) equalLists(x, y *Expr) *Expr {
	if !held(x.Type) || !held(y.Type) || x.Type.Elem.Kind != y.Type.Elem.Kind {
		return nil
	}
	return l.b.Strict(OpEqList, "", x, y)
}

// optionalElement is list[?i], list.first() or list.last() of a list that is a
// value: whether there is one, and that. nil for others.
func (l *lowerer) optionalElement(e ast.Expr) (some, value *Expr) {
	if e.Kind() != ast.CallKind {
		return nil, nil
	}
	c := e.AsCall()
	operand := c.Target()
	if c.FunctionName() == operators.OptIndex {
		operand = c.Args()[0]
	} else if ids := l.ast.GetOverloadIDs(e.ID()); len(ids) != 1 || ids[0] != "list_first" && ids[0] != "list_last" {
		return nil, nil
	}
	if !held(l.typeOf(operand)) {
		return nil, nil
	}
	list := l.expr(operand)
	if list.Op == OpHole {
		return nil, nil
	}
	size, i := l.b.Strict(OpSizeList, "", list), l.b.Const(int64(0))
	switch c.FunctionName() {
	case "last":
		i = l.b.Strict(OpSubInt, "", size, l.b.Const(int64(1)))
	case operators.OptIndex:
		if i = l.expr(c.Args()[1]); i.Op == OpHole || i.Type.Kind != catalog.Int {
			return nil, nil
		}
	}
	low, high := l.b.Strict(OpLe, "", l.b.Const(int64(0)), i), l.b.Strict(OpLt, "", i, size)
	return l.b.If(low, high, l.b.If(high, l.b.Const(false), l.b.Const(false))), l.b.at(list, i)
}

// orList is row.?tags.orValue(d).
func (l *lowerer) orList(x, d *Expr) *Expr {
	if d.Op == OpHole || !held(d.Type) {
		return l.b.Hole("other lists in place of a column", x.Type)
	}
	e := *l.b.If(l.b.NullTest(x), d, l.b.listColumn(x))
	e.Type = listOf(*x.Type.Elem, true)
	return l.b.intern(e)
}
