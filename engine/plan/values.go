package plan

import (
	"strconv"

	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
)

// Lists as values: columns that hold lists, and what rules make of them and of
// text. A list is never null, ⊥ as soon as an element is, and may hold nulls:
// those are NULL in SQL's list.

// flat says whether values of a type are lists of what has no parts.
func flat(t catalog.Type) bool {
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
	if len(e.AsList().OptionalIndices()) > 0 {
		return l.optionalElements(e)
	}
	t := l.thing(e)
	if h := t.hole(); h != nil {
		return l.b.Hole(h.Name, l.typeOf(e))
	}
	x := l.listValue(t.list)
	if x == nil || x.Op == OpHole {
		return l.hole(e, "lists of mixed types")
	}
	return x
}

// optionalElements is [a, ?b] as a value: lists of one element or none, put together.
func (l *lowerer) optionalElements(e ast.Expr) *Expr {
	var all *Expr
	optional := map[int32]bool{}
	for _, i := range e.AsList().OptionalIndices() {
		optional[i] = true
	}
	for i, el := range e.AsList().Elements() {
		t, some := l.thing(el), l.b.Const(true)
		if h := t.hole(); h != nil {
			return l.b.Hole(h.Name, l.typeOf(e))
		}
		if optional[int32(i)] {
			if t.option == nil {
				return l.hole(e, "lists of this form")
			}
			if some, t = t.option.some, t.option.of; t == nil {
				continue
			}
		}
		one := l.listValue(&listed{elements: []*thing{t}})
		if one == nil || one.Op == OpHole {
			return l.hole(e, "lists of mixed types")
		}
		if some.Op != OpConst {
			one = l.b.If(some, one, l.b.emptyList(*one.Type.Elem))
		} else if isBool(some, false) {
			continue
		}
		if all == nil {
			all = one
		} else if all = concatLists(l.b, []*Expr{all, one}); all == nil {
			return l.hole(e, "lists of mixed types")
		}
	}
	if all == nil {
		return l.hole(e, "lists of nothing")
	}
	return all
}

func (b *Builder) emptyList(elem catalog.Type) *Expr {
	return b.intern(Expr{Op: OpList, Type: catalog.Type{Kind: catalog.List, Elem: &elem}})
}

// listValue is a list that is written out as one value; nil for a list of mixed
// types, and of what is no value.
func (l *lowerer) listValue(list *listed) *Expr {
	elem, ofError := catalog.Type{Kind: catalog.Null}, catalog.Type{Kind: catalog.Int}
	nullable := false
	var elements []*Expr
	for _, el := range list.elements {
		x := l.single(el)
		if x == nil || hasNanos(x) {
			return nil
		}
		nullable = nullable || x.MayNull
		elements = append(elements, x)
		switch {
		case x.Op == OpHole:
			return x
		case x.Op == OpBottom && stored(x.Type):
			ofError = x.Type
		case x.Type.Kind == catalog.Null, x.Op == OpBottom:
		case elem.Kind == catalog.Null:
			elem = x.Type
		default:
			both, ok := common(elem, x.Type)
			if !ok {
				return nil
			}
			elem = both
		}
	}
	if elem.Kind == catalog.Null && !nullable { // of nothing, or of errors alone
		elem = ofError
	}
	if !stored(elem) {
		return nil
	}
	return l.whole(append(append([]*Expr{}, list.needs...), elements...), l.b.intern(Expr{Op: OpList, Type: listOf(elem, nullable), Args: elements}))
}

// common is the type of values of two types: elements may be null where those of
// one may. Not ok for different kinds.
func common(a, b catalog.Type) (catalog.Type, bool) {
	if a.Kind != b.Kind || a.Kind == catalog.Struct && a.String() != b.String() {
		return a, false
	}
	a.Nullable = a.Nullable || b.Nullable
	if a.Kind == catalog.List || a.Kind == catalog.Map {
		elem, ok := common(*a.Elem, *b.Elem)
		a.Elem = &elem
		if !ok {
			return a, false
		}
	}
	if a.Kind == catalog.Map {
		key, ok := common(*a.Key, *b.Key)
		a.Key = &key
		return a, ok
	}
	return a, true
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
	t := l.typeOf(c.IterRange())
	if !stored(t) && t.Kind != catalog.Dyn {
		return nil
	}
	if name != "" || l.unordered[e.ID()] {
		l.inAnyOrder(c.IterRange())
	}
	list := l.expr(c.IterRange())
	switch {
	case list.Op == OpHole:
		return l.b.Hole(list.Name, l.typeOf(e))
	case list.Type.Kind == catalog.Map && name == "" && !l.unordered[e.ID()]:
		return l.hole(e, "going through a map, which has no order")
	case list.Type.Kind == catalog.Map:
		list = l.b.keys(list)
	case list.Type.Kind != catalog.List:
		return nil
	}
	list = l.b.Decide(list)
	element := l.b.element(list, len(l.frames))
	var p, m *Expr
	l.frames = append(l.frames, frame{owner: len(l.frames) - 1})
	l.with(c.IterVar(), binding{value: element, frame: len(l.frames) - 1}, func() {
		if pred != nil {
			p = l.truth(pred)
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
		case hasNanos(body) || !stored(body.Type):
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
	l.inAnyOrder(operands[1])
	list, x := l.expr(operands[1]), l.expr(operands[0])
	for _, a := range []*Expr{list, x} {
		if a.Op == OpHole {
			return l.b.Hole(a.Name, boolean)
		}
	}
	switch {
	case list.Type.Kind == catalog.Map && x.Type.Kind == list.Type.Key.Kind:
		return l.b.hasKey(list, x)
	case list.Type.Kind != catalog.List:
		return l.hole(e, "looking for lists, structs and maps in a list")
	}
	list = l.b.Decide(list)
	if !flat(list.Type) {
		element := l.b.element(list, setDepth)
		if same := l.equalValues(element, x); same != nil && stored(x.Type) {
			return l.whole([]*Expr{x, list}, l.b.anyTrue(list, element, same))
		}
		return l.hole(e, "looking for lists, structs and maps in a list")
	}
	if x.Type.Kind != list.Type.Elem.Kind && x.Type.Kind != catalog.Null || hasNanos(x) {
		return l.hole(e, "values whose type is only known row by row")
	}
	return l.b.inList(x, list)
}
