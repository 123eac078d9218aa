package plan

import (
	"fmt"

	"personae/engine/catalog"
)

// Lookup is a field of the row whose key a column holds: customer.home_store.city.
// It is ⊥ where there is no such row: the key is null, or no row has it.
type Lookup struct {
	Base   *catalog.Table // the column's table
	Column string
	Target *catalog.Table // the other row's
	// Inner is read from the other row: a column, a fold or a lookup of it. nil
	// asks whether there is a row, and is never ⊥.
	Inner *Expr
	// Sure lookups are read only where there is a row, so that they are ⊥ only
	// where Inner is.
	Sure bool
}

func (r *Lookup) key() string {
	inner := -1
	if r.Inner != nil {
		inner = r.Inner.ID
	}
	return fmt.Sprintf("lookup %s %q %s %d %t", r.Base.Name, r.Column, r.Target.Name, inner, r.Sure)
}

// lookup makes the node, with what is known of its outcome.
func (b *Builder) lookup(r Lookup) *Expr {
	there := b.alwaysFound(r.Base.Name, r.Column)
	if r.Inner == nil {
		if there {
			return b.Const(true)
		}
		return b.intern(Expr{Op: OpLookup, Type: boolean, Lookup: &r})
	}
	in := r.Inner
	e := Expr{Op: OpLookup, Type: in.Type, Lookup: &r, MayNull: in.MayNull, MayBottom: in.MayBottom || !r.Sure && !there, Facts: in.Facts}
	return b.intern(e)
}

// alwaysFound says whether facts prove that every row's key leads to a row.
func (b *Builder) alwaysFound(table, column string) bool {
	f := b.facts.Column(table, column)
	return f != nil && f.Nulls == 0 && f.Complete
}

// lookupNull is the null test of a lookup that can be both null and ⊥.
func (b *Builder) lookupNull(e *Expr) *Expr {
	r := *e.Lookup
	r.Inner, r.Sure = nil, false
	test := b.lift(*e.Lookup, b.NullTest(e.Lookup.Inner))
	if e.Lookup.Sure {
		return test
	}
	return b.If(b.lookup(r), test, b.Bottom("there is no such row", boolean))
}

// lift reads an expression over the other row from the row that references it,
// where there is one.
func (b *Builder) lift(r Lookup, e *Expr) *Expr {
	if e.IsLeaf() {
		r.Inner, r.Sure = e, true
		return b.lookup(r)
	}
	if len(e.Args) == 0 {
		return e
	}
	lifted := *e
	lifted.Args = make([]*Expr, len(e.Args))
	for i, a := range e.Args {
		lifted.Args[i] = b.lift(r, a)
	}
	return b.intern(lifted)
}

// lookupText is how plans print a lookup.
func (e *Expr) lookupText(names map[*Expr]string) string {
	if e.Lookup.Inner == nil {
		return "has(" + e.Lookup.Column + ")"
	}
	return e.Lookup.Column + "." + e.Lookup.Inner.text(names)
}
