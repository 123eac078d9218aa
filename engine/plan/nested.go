package plan

import (
	"personae/engine/catalog"
)

// Values inside values: columns hold lists, structs and maps, and these hold
// others. A field of a struct that is null is null, and ⊥ where it is itself a
// list, a struct or a map, as a column is; an element of a list or a map may be
// null whatever it is.

// stored says whether SQL holds values of a type.
func stored(t catalog.Type) bool {
	switch t.Kind {
	case catalog.List:
		return t.Elem != nil && stored(*t.Elem)
	case catalog.Map:
		return t.Key != nil && scalar(t.Key.Kind) && stored(*t.Elem)
	case catalog.Struct:
		return true // its fields are looked at when they are read
	}
	return scalar(t.Kind) && t.Kind != catalog.Null
}

// composite says whether values of a kind hold others.
func composite(k catalog.Kind) bool {
	return k == catalog.List || k == catalog.Struct || k == catalog.Map
}

// whole reads a list, a struct or a map from where it is stored: it is ⊥ where
// there is none, and nothing says that no element is null.
func (b *Builder) whole(x *Expr) *Expr {
	if x.Type.Kind == catalog.List {
		return b.listColumn(x)
	}
	return b.Decide(x)
}

// field is a field of a struct.
func (b *Builder) field(x *Expr, f catalog.Field) *Expr {
	t := f.Type
	t.Nullable = true
	return b.intern(Expr{Op: OpField, Type: t, Name: f.Name, Args: []*Expr{x}, MayBottom: !x.Decided(), MayNull: true})
}

// entry is map[key].
func (b *Builder) entry(m, key *Expr) *Expr {
	t := *m.Type.Elem
	t.Nullable = true
	return b.intern(Expr{Op: OpEntry, Type: t, Args: []*Expr{m, key}, MayBottom: true, MayNull: true})
}

// hasKey is key in map; null is no key.
func (b *Builder) hasKey(m, key *Expr) *Expr {
	has := b.Strict(OpHasKey, "", m, key)
	if !key.MayNull {
		return has
	}
	return b.If(b.NullTest(key), b.strictFalse(b.Decide(m)), has)
}

// keys is the list of a map's keys, in an order that nobody may rely on.
func (b *Builder) keys(m *Expr) *Expr { return b.ofLists(OpKeys, *m.Type.Key, b.Decide(m)) }

// partNull is the null test of what a value holds: NULL may also say that the
// value is ⊥, or that it holds no such thing.
func (b *Builder) partNull(a *Expr) *Expr {
	switch a.Op {
	case OpAt:
		return b.Strict(OpAtNull, "", a.Args...)
	case OpEntry:
		return b.Strict(OpEntryNull, "", a.Args...)
	}
	return b.Strict(OpFieldNull, a.Name, a.Args...)
}

// partOf is what a value holds at a key: whether it is there, which it is not in
// null, and what it is, ⊥ where it is not there. nil for a key that it cannot have.
func (l *lowerer) partOf(x, key *Expr) (some, part *Expr) {
	switch {
	case x.Type.Kind == catalog.Struct:
		name, _ := key.Const.(string)
		for _, f := range x.Type.Fields {
			if f.Name == name {
				part = l.b.field(x, f)
				some = l.b.Not(l.b.NullTest(part))
			}
		}
	case x.Type.Kind == catalog.Map && key.Type.Kind == x.Type.Key.Kind:
		some, part = l.b.hasKey(x, key), l.b.entry(x, key)
	case x.Type.Kind == catalog.List && key.Type.Kind == catalog.Int:
		size := l.b.Strict(OpSizeList, "", x)
		low, high := l.b.Strict(OpLe, "", l.b.Const(int64(0)), key), l.b.Strict(OpLt, "", key, size)
		some, part = l.b.If(low, high, l.b.If(high, l.b.Const(false), l.b.Const(false))), l.b.at(x, key)
	}
	if part == nil || !stored(part.Type) {
		return nil, nil
	}
	if x.MayNull {
		some = l.b.If(l.b.NullTest(x), l.b.Const(false), some)
	}
	return some, part
}
