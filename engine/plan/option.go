package plan

import (
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
)

// Optional values are two expressions: whether there is one, and what it is. No
// column holds them, and none has to: .orValue(), .value(), .hasValue() and ==
// make values of them.

// optionCall lowers the calls that give an optional value; nil for others.
func (l *lowerer) optionCall(e ast.Expr, c ast.CallExpr) *thing {
	ids := l.ast.GetOverloadIDs(e.ID())
	if len(ids) != 1 {
		return nil
	}
	switch ids[0] {
	case "optional_none":
		return noOption(l.b)
	case "optional_of":
		of := l.thing(c.Args()[0])
		return &thing{option: &option{some: l.whole(l.needsOf(of), l.b.Const(true)), of: of}}
	case "optional_ofNonZeroValue":
		return l.ofNonZero(l.thing(c.Args()[0]))
	case "optional_or_optional":
		a, b := l.thing(c.Target()).option, l.thing(c.Args()[0]).option
		if a == nil || b == nil {
			return nil
		}
		return l.either(a.some, &thing{option: &option{some: l.b.Const(true), of: a.of}}, &thing{option: b})
	case "list_first", "list_last":
		return l.end(ids[0], c.Target())
	}
	return nil
}

// end is first() or last() of a list of related rows or of a list that is a value.
func (l *lowerer) end(id string, operand ast.Expr) *thing {
	if some, value := l.ends(id, operand); some != nil {
		return &thing{option: &option{some: some, of: valued(value)}}
	}
	if !stored(l.typeOf(operand)) {
		return nil
	}
	t := l.thing(operand)
	list := l.single(t)
	if list == nil || list.Op == OpHole || list.Type.Kind != catalog.List {
		return nil
	}
	list = l.b.Decide(list)
	size, i := l.b.Strict(OpSizeList, "", list), l.b.Const(int64(0))
	if id == "list_last" {
		i = l.b.Strict(OpSubInt, "", size, l.b.Const(int64(1)))
	}
	some, value := l.partOf(list, i)
	if value == nil {
		return nil
	}
	return &thing{option: &option{some: some, of: valued(value)}}
}

// ofNonZero is optional.ofNonZeroValue(x); nil where x is none that has a zero.
func (l *lowerer) ofNonZero(t *thing) *thing {
	some := l.nonZero(t)
	if some == nil {
		return nil
	}
	return &thing{option: &option{some: l.whole(l.needsOf(t), some), of: t}}
}

// nonZero says whether a thing is neither null nor zero nor empty.
func (l *lowerer) nonZero(t *thing) *Expr {
	switch {
	case t.list != nil:
		return l.b.Const(len(t.list.elements) > 0)
	case t.table != nil:
		some := l.b.Const(false)
		for _, en := range t.table.entries {
			if en.some == nil {
				return l.b.Const(true)
			}
			some = l.b.Or(some, en.some)
		}
		return some
	case t.value == nil:
		return nil
	}
	x := t.value
	zeros := map[catalog.Kind]any{catalog.Bool: false, catalog.Int: int64(0), catalog.Uint: uint64(0), catalog.Double: 0.0, catalog.String: "", catalog.Bytes: []byte{},
		catalog.Duration: time.Duration(0), catalog.Timestamp: time.Time{}}
	switch k := x.Type.Kind; {
	case x.Op == OpHole:
		return x
	case k == catalog.Null:
		return l.b.Const(false)
	case k == catalog.List:
		return l.b.And(l.b.Not(l.b.NullTest(x)), l.b.Strict(OpLt, "", l.b.Const(int64(0)), l.b.Strict(OpSizeList, "", x)))
	case k == catalog.Map:
		return l.b.And(l.b.Not(l.b.NullTest(x)), l.b.Strict(OpLt, "", l.b.Const(int64(0)), l.b.Strict(OpSizeMap, "", x)))
	case k == catalog.Struct:
		return l.b.Not(l.b.NullTest(x))
	case zeros[k] == nil:
		return nil
	}
	zero := l.b.Eq(x, l.b.Const(zeros[x.Type.Kind]))
	return l.b.And(l.b.Not(l.b.NullTest(x)), l.b.Not(zero))
}

// optional is an optional value with what makes a value of it.
func (l *lowerer) optional(e ast.Expr, c ast.CallExpr) *Expr {
	if c.Target() == nil || !isOptional(l.ast.GetType(c.Target().ID())) && l.ast.GetType(c.Target().ID()).Kind() != types.DynKind {
		return l.hole(e, "optional values of this form")
	}
	t := l.thing(c.Target())
	switch {
	case t.hole() != nil:
		return l.b.Hole(t.hole().Name, l.typeOf(e))
	case t.option == nil:
		return l.hole(e, "optional values of this form")
	}
	x := l.endOption(c, t.option)
	if x == nil || x.value == nil {
		return l.hole(e, l.missing("optional values of this form"))
	}
	return x.value
}

// endOption is what .hasValue(), .value() and .orValue() say of an optional;
// nil for what has no one form.
func (l *lowerer) endOption(c ast.CallExpr, o *option) *thing {
	none := valued(l.b.Bottom("there is no value", catalog.Type{Kind: catalog.Dyn}))
	of := o.of
	if of == nil {
		of = none
	}
	// What is there where it is not null: a column, or a field.
	column := of.value != nil && o.some == l.b.Not(l.b.NullTest(of.value))
	if column && composite(of.value.Type.Kind) {
		of = valued(l.b.whole(of.value))
	}
	switch c.FunctionName() {
	case "hasValue":
		if len(c.Args()) == 0 {
			return valued(o.some)
		}
		x := l.thing(c.Args()[0])
		same := l.equalThings(of, x)
		if same == nil {
			return nil
		}
		return valued(l.whole(l.needsOf(x), l.b.If(o.some, same, l.b.Const(false))))
	case "value":
		if column {
			return valued(l.b.Decide(of.value))
		}
		return l.onlyIf(o.some, of)
	}
	d := l.thing(c.Args()[0])
	switch {
	case d.hole() != nil:
		return d
	case column && d.value != nil && !composite(of.value.Type.Kind):
		return valued(l.b.OrValue(of.value, d.value))
	}
	return l.either(o.some, of, d)
}
