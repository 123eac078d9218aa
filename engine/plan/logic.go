package plan

import (
	"personae/engine/catalog"
)

var boolean = catalog.Type{Kind: catalog.Bool}

func isBool(e *Expr, v bool) bool {
	c, ok := e.Const.(bool)
	return ok && e.Op == OpConst && c == v
}

// And is CEL's &&: FALSE absorbs ⊥. Operands that are null count as ⊥.
func (b *Builder) And(args ...*Expr) *Expr { return b.kleene(OpAnd, args) }

// Or is CEL's ||: TRUE absorbs ⊥. Operands that are null count as ⊥.
func (b *Builder) Or(args ...*Expr) *Expr { return b.kleene(OpOr, args) }

func (b *Builder) kleene(op Op, args []*Expr) *Expr {
	neutral := op == OpAnd
	var kept []*Expr
	seen := map[*Expr]bool{}
	for _, a := range args {
		if isBool(a, !neutral) {
			return a
		}
		if isBool(a, neutral) || seen[a] {
			continue
		}
		seen[a] = true
		kept = append(kept, a)
	}
	switch len(kept) {
	case 0:
		return b.Const(neutral)
	case 1:
		return b.Decide(kept[0])
	}
	e := Expr{Op: op, Type: boolean, Args: kept}
	for _, a := range kept {
		e.MayBottom = e.MayBottom || !a.Decided()
	}
	return b.intern(e)
}

// Not is CEL's !. Where the operand may be ⊥ it moves down to the leaves by De
// Morgan, which is exact in three values: the three-valued encoding of SQL has
// a cheap & and | and no cheap negation.
func (b *Builder) Not(a *Expr) *Expr {
	switch {
	case a.MayBottom && (a.Op == OpAnd || a.Op == OpOr):
		negated := make([]*Expr, len(a.Args))
		for i, x := range a.Args {
			negated[i] = b.Not(x)
		}
		if a.Op == OpAnd {
			return b.Or(negated...)
		}
		return b.And(negated...)
	case a.Op == OpNot && a.Args[0].Type.Kind == catalog.Bool && !a.Args[0].MayNull:
		return a.Args[0]
	case isBool(a, true), isBool(a, false):
		return b.Const(!a.Const.(bool))
	}
	return b.Strict(OpNot, "", a)
}

// If is CEL's ?: where a ⊥ or null condition is ⊥.
func (b *Builder) If(cond, yes, no *Expr) *Expr {
	if isBool(cond, true) {
		return yes
	}
	if isBool(cond, false) {
		return no
	}
	if cond.Decided() && yes == no {
		return yes
	}
	if hasNanos(yes) || hasNanos(no) {
		return b.Hole("a time with nanoseconds", yes.Type)
	}
	yes, no = b.alike(yes, no)
	t := yes.Type
	if t.Kind == catalog.Null || yes.Op == OpBottom && no.Type.Kind != catalog.Null {
		t = no.Type
	} else if both, ok := common(t, no.Type); ok {
		t = both
	}
	t.Nullable = yes.MayNull || no.MayNull
	e := Expr{Op: OpIf, Type: t, Args: []*Expr{cond, b.openAs(yes, t), b.openAs(no, t)}}
	e.MayBottom = !cond.Decided() || yes.MayBottom || no.MayBottom
	e.MayNull = yes.MayNull || no.MayNull
	e.Facts.NoNaN = yes.Facts.NoNaN && no.Facts.NoNaN
	e.Facts.Micros = yes.Facts.Micros && no.Facts.Micros
	return b.intern(e)
}

// openAs gives what is ⊥ in every row, whatever was to be there, the type of the
// values beside it.
func (b *Builder) openAs(x *Expr, t catalog.Type) *Expr {
	if x.Op == OpBottom || x.Op == OpHole {
		return b.intern(Expr{Op: x.Op, Name: x.Name, Type: t, MayBottom: true})
	}
	return x
}

// alike gives an empty list or map that is written out the type of the other value.
func (b *Builder) alike(x, y *Expr) (*Expr, *Expr) {
	empty := func(e *Expr) bool { return (e.Op == OpList || e.Op == OpMap) && len(e.Args) == 0 }
	switch {
	case x.Type.Kind != y.Type.Kind:
	case empty(x):
		return b.intern(Expr{Op: x.Op, Type: y.Type}), y
	case empty(y):
		return x, b.intern(Expr{Op: y.Op, Type: x.Type})
	}
	return x, y
}

// Decide makes null ⊥: a rule that yields null decides nothing.
func (b *Builder) Decide(a *Expr) *Expr {
	if !a.MayNull {
		return a
	}
	if a.IsConst() {
		return b.Bottom("null decides nothing", boolean)
	}
	t := a.Type
	t.Nullable = false
	return b.intern(Expr{Op: OpDecide, Type: t, Args: []*Expr{a}, MayBottom: true, Facts: a.Facts})
}

// NullTest is TRUE where a is null, FALSE where it is a value, ⊥ where it is
// ⊥. SQL NULL alone cannot tell null from ⊥, so the test follows the structure.
func (b *Builder) NullTest(a *Expr) *Expr {
	switch {
	case a.IsConst():
		return b.Const(a.Const == nil)
	case a.Decided():
		return b.Const(false)
	case a.Op == OpFold && a.MayNull && a.MayBottom:
		return b.foldNull(a)
	case a.Op == OpLookup && a.MayNull && a.MayBottom:
		return b.lookupNull(a)
	case (a.Op == OpAt || a.Op == OpEntry || a.Op == OpField && a.MayBottom) && a.MayNull:
		return b.partNull(a)
	case a.Op == OpRank:
		return b.NullTest(a.Args[0])
	case a.Op == OpIf:
		return b.If(a.Args[0], b.NullTest(a.Args[1]), b.NullTest(a.Args[2]))
	case a.Op == OpCoalesce:
		return b.And(b.NullTest(a.Args[0]), b.NullTest(a.Args[1]))
	}
	return b.intern(Expr{Op: OpNullTest, Type: boolean, Args: []*Expr{a}, MayBottom: a.MayBottom})
}

// OrValue is customer.?x.orValue(d): it catches null, never ⊥.
func (b *Builder) OrValue(x, d *Expr) *Expr {
	switch {
	case !x.MayNull:
		return x
	case x.IsConst(): // null
		return d
	case hasNanos(d):
		return b.Hole("a time with nanoseconds", x.Type)
	case x.MayBottom:
		return b.If(b.NullTest(x), d, x)
	}
	t := x.Type
	t.Nullable = d.MayNull
	return b.intern(Expr{Op: OpCoalesce, Type: t, Args: []*Expr{x, d}, MayBottom: d.MayBottom, MayNull: d.MayNull,
		Facts: Interval{NoNaN: x.Facts.NoNaN && d.Facts.NoNaN, Micros: x.Facts.Micros && d.Facts.Micros}})
}

// Eq is CEL's ==, in which null is a value: equal to null and to nothing else.
func (b *Builder) Eq(x, y *Expr) *Expr {
	switch {
	case x.IsConst() && x.Const == nil:
		return b.NullTest(y)
	case y.IsConst() && y.Const == nil:
		return b.NullTest(x)
	case !x.MayNull && !y.MayNull:
		return b.Strict(OpEq, "", x, y)
	}
	noNaN := x.Type.Kind != catalog.Double || x.Facts.NoNaN || y.Facts.NoNaN
	noNanos := !hasNanos(x) && !hasNanos(y)
	if !x.MayBottom && !y.MayBottom && noNaN && noNanos {
		return b.intern(Expr{Op: OpEqNull, Type: boolean, Args: []*Expr{x, y}})
	}
	return b.orBothNull(x, y, b.Strict(OpEq, "", x, y))
}

// In is x in [constants]; null is among them only if hasNull says so.
func (b *Builder) In(x *Expr, values []*Expr, hasNull bool) *Expr {
	var in *Expr
	switch {
	case len(values) == 0:
		in = b.strictFalse(x)
	case x.MayNull && !x.MayBottom:
		in = b.intern(Expr{Op: OpInNull, Type: boolean, Args: append([]*Expr{x}, values...)})
	default:
		in = b.Strict(OpIn, "", append([]*Expr{x}, values...)...)
		if x.MayNull {
			in = b.And(b.Not(b.NullTest(x)), in)
		}
	}
	if hasNull && x.MayNull {
		return b.Or(b.NullTest(x), in)
	}
	return in
}

// strictFalse is FALSE for values and null, and ⊥ for ⊥.
func (b *Builder) strictFalse(x *Expr) *Expr {
	n := b.NullTest(x)
	return b.And(n, b.Not(n))
}
