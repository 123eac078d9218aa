package plan

import (
	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
)

// selected is a part of what an expression stands for: a.b, a[b], and with a
// question mark. nil where it cannot be said.
func (l *lowerer) selected(e, operand ast.Expr, key *Expr, optional bool) *thing {
	from := l.thing(operand)
	if hole := from.hole(); hole != nil {
		return valued(l.b.Hole(hole.Name, l.typeOf(e)))
	}
	if o := from.option; o != nil {
		if o.of == nil {
			return &thing{option: &option{some: l.b.If(o.some, l.b.Const(false), l.b.Const(false))}}
		}
		some, part := l.part(e, o.of, key)
		if part == nil {
			return nil
		}
		return &thing{option: &option{some: l.b.If(o.some, some, l.b.Const(false)), of: part}}
	}
	some, part := l.part(e, from, key)
	switch {
	case part == nil:
		return nil
	case optional:
		return &thing{option: &option{some: some, of: part}}
	case part.value != nil && from.value != nil && from.value.Type.Kind == catalog.Struct && composite(part.value.Type.Kind):
		return valued(l.b.whole(part.value))
	case from.value == nil && from.row == nil:
		return l.onlyIf(some, part)
	}
	return part
}

// part looks for what something holds at a key; see partOf.
func (l *lowerer) part(e ast.Expr, from *thing, key *Expr) (some *Expr, part *thing) {
	switch {
	case from.row != nil:
		return l.partOfRow(e, from.row, key)
	case from.value != nil:
		if x := from.value; !composite(x.Type.Kind) {
			return l.partOfNothing(x)
		}
		key = l.indexed(from.value, key)
		if from.value.Type.Kind == catalog.List && key.Type.Kind != catalog.Int {
			return l.noPosition()
		}
		some, x := l.partOf(from.value, key)
		if x == nil {
			return nil, nil
		}
		return some, valued(x)
	case from.list != nil:
		var entries []entry
		for i, el := range from.list.elements {
			entries = append(entries, entry{key: l.b.Const(int64(i)), value: el})
		}
		if key = l.indexed(l.b.Const(nil), key); key.Type.Kind != catalog.Int && key.Op != OpHole {
			return l.noPosition()
		}
		return l.search(entries, l.needsOf(from), key)
	case from.table != nil:
		return l.search(from.table.entries, l.needsOf(from), key)
	}
	return nil, nil
}

// indexed is the key of a list: what CEL knows as an int only at run time may be
// a uint, or a double that is one.
func (l *lowerer) indexed(x, key *Expr) *Expr {
	if key.Type.Kind == catalog.Uint && (x.Type.Kind == catalog.List || x.Type.Kind == catalog.Null) {
		return l.b.Strict(OpUintToInt, "", key)
	}
	if key.Type.Kind != catalog.Double || x.Type.Kind != catalog.List && x.Type.Kind != catalog.Null {
		return key
	}
	n := l.b.Strict(OpDoubleToInt, "", key)
	return l.b.If(l.b.Eq(l.toDouble(n), key), n, l.b.Bottom("a position is no whole number", n.Type))
}

// noPosition: asking for an element at what is no number is an error.
func (l *lowerer) noPosition() (some *Expr, part *thing) {
	bottom := l.b.Bottom("a position is no whole number", catalog.Type{Kind: catalog.Dyn})
	return l.b.Bottom("a position is no whole number", boolean), valued(bottom)
}

// partOfNothing: numbers, text and null hold nothing. Asking whether they do is
// no error.
func (l *lowerer) partOfNothing(x *Expr) (some *Expr, part *thing) {
	return l.b.strictFalse(x), valued(l.b.Bottom("there is no such element", catalog.Type{Kind: catalog.Dyn}))
}

// partOfRow is a field of a row, or the row that it leads to.
func (l *lowerer) partOfRow(e ast.Expr, row *rowRef, key *Expr) (some *Expr, part *thing) {
	name, _ := key.Const.(string)
	if next := l.reference(row, name); next != nil {
		return l.present(next), &thing{row: next}
	}
	x := l.fieldOf(e, row, name)
	if x.Op == OpHole || !stored(x.Type) {
		return nil, nil
	}
	return l.b.Not(l.b.NullTest(x)), valued(x)
}

// search looks for a key among entries, the last of which counts. Where one of
// needs is ⊥ all is.
func (l *lowerer) search(entries []entry, needs []*Expr, key *Expr) (some *Expr, part *thing) {
	if key.Op == OpHole || key.Type.Kind == catalog.Double {
		return nil, nil
	}
	some = l.b.strictFalse(key)
	for _, en := range entries {
		is := l.equalValues(key, en.key) // another type: another key
		if is == nil {
			return nil, nil
		}
		if en.some != nil {
			is = l.b.And(is, en.some)
		}
		if isBool(is, false) {
			continue
		}
		if part == nil {
			part = en.value
		} else if part = l.either(is, en.value, part); part == nil {
			return nil, nil
		}
		some = l.b.Or(is, some)
	}
	if part == nil {
		part = valued(l.b.Bottom("there is no such element", catalog.Type{Kind: catalog.Dyn}))
	}
	return l.whole(append(needs, key), some), part
}
