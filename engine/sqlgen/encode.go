package sqlgen

import (
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// Truth is computed as small unsigned numbers, 0 and 1, because & and | on them
// are vectorised without branches, and AND and OR on nullable BOOLEANs are not.
// A boolean that may be ⊥ is two such numbers:
//
//	sure   1 where it is TRUE
//	maybe  1 where it is TRUE or ⊥
//
// Kleene's AND and OR are & and | of each; NOT swaps the two and turns them.
// (Measured on 24 conditions over columns with one null in ten: 0.4 of the time
// of one number with three values, which needs a CASE for each condition.)
//
// Conditions over columns with nulls are computed over a stand-in for the nulls
// and then masked, so that no operator has to look for them row by row:
//
//	sure   condition & known     known 1 where the column has a value
//	maybe  condition | open      open  1 where it has none
type form uint8

// The forms in which a node can be a column of a layer.
const (
	plain  form = iota // the value itself; NULL is null or ⊥. No boolean but those of the table
	sure               // of booleans
	maybe              // of booleans that may be ⊥
	filled             // the value, something where it is NULL
	known              // of table columns
	open               // of table columns
	forms              // how many there are
)

const (
	one  = "1::UTINYINT"
	zero = "0::UTINYINT"
)

// writer writes the expressions of one layer. Nodes of earlier layers are
// columns by now.
type writer struct {
	l       *layers
	level   int
	filling bool // columns with nulls are read filled
}

// fail keeps the first error.
func (w *writer) fail(err error) {
	if err != nil && w.l.err == nil {
		w.l.err = err
	}
}

// value writes a node as plain SQL.
func (w *writer) value(e *plan.Expr) string {
	if w.filling && e.Decided() && len(e.Args) > 0 {
		// What is never ⊥ may look for nulls (orValue, has, ==): a stand-in is none.
		w = &writer{l: w.l, level: w.level}
	}
	if e.IsLeaf() {
		return w.column(e)
	}
	if logic := e.Op == plan.OpAnd || e.Op == plan.OpOr; logic || e.Type.Kind == catalog.Bool && w.isColumn(e) {
		if e.Decided() {
			return "(" + w.sure(e) + " = 1)"
		}
		return w.boolean(e)
	}
	if w.isColumn(e) {
		if w.filling && !e.Decided() {
			return w.read(e, filled)
		}
		return w.read(e, plain)
	}
	return w.leaf(e)
}

// boolean is a BOOLEAN from its two numbers; NULL where they differ.
func (w *writer) boolean(e *plan.Expr) string {
	s := w.sure(e)
	return "(CASE WHEN " + s + " = " + w.maybe(e) + " THEN " + s + "::BOOLEAN END)"
}

// leaf writes a node that is not logic, from plain operands.
func (w *writer) leaf(e *plan.Expr) string {
	switch e.Op {
	case plan.OpConst:
		if e.Const == nil {
			return "NULL"
		}
		return w.l.d.Constant(e.Const)
	case plan.OpNow:
		return w.l.now
	case plan.OpElement:
		return sqltext.Ident(e.Name)
	case plan.OpHole, plan.OpBottom:
		return w.l.d.Typed(e, "NULL")
	case plan.OpIf:
		return w.choice(e)
	case plan.OpPoints:
		return w.points(e)
	case plan.OpRank:
		return bucket(w.l.d, e, w.value(e.Args[0]))
	}
	if sql, ok := w.codes(e); ok {
		return sql
	}
	operands := make([]string, len(e.Args))
	for i, a := range e.Args {
		operands[i] = w.operand(e, a)
	}
	sql, err := w.l.d.Operator(e, operands)
	w.fail(err)
	if strings.HasPrefix(sql, "CASE ") {
		sql = "(" + sql + ")"
	}
	return sql
}

// choice writes a chain of ?: as one CASE. A condition that may be ⊥ ends the
// chain where it is.
func (w *writer) choice(e *plan.Expr) string {
	var b strings.Builder
	b.WriteString("(CASE")
	first := true
	for e.Op == plan.OpIf && (first || !w.isColumn(e)) {
		cond := e.Args[0]
		if cond.Decided() {
			b.WriteString(" WHEN " + w.value(cond) + " THEN " + w.value(e.Args[1]))
		} else {
			s, m := w.sure(cond), w.maybe(cond)
			b.WriteString(" WHEN " + s + " = 1 THEN " + w.value(e.Args[1]) + " WHEN " + m + " = 1 THEN NULL")
		}
		e, first = e.Args[2], false
	}
	b.WriteString(" ELSE " + w.value(e) + " END)")
	return b.String()
}

// isTrue is a condition that is never NULL.
func (w *writer) isTrue(e *plan.Expr) string {
	if e.Decided() {
		return w.value(e)
	}
	return "(" + w.sure(e) + " = 1)"
}

// isBottom says whether a condition is ⊥.
func (w *writer) isBottom(e *plan.Expr) string {
	return "(" + w.sure(e) + " <> " + w.maybe(e) + ")"
}

// sure writes a boolean as 1 where it is TRUE, else 0.
func (w *writer) sure(e *plan.Expr) string { return w.bits(e, sure) }

// maybe writes a boolean as 1 where it is TRUE or ⊥, else 0.
func (w *writer) maybe(e *plan.Expr) string { return w.bits(e, maybe) }

func (w *writer) bits(e *plan.Expr, f form) string {
	if e.Decided() {
		f = sure
	}
	if !e.IsLeaf() && w.isColumn(e) {
		return w.read(e, f)
	}
	switch e.Op {
	case plan.OpAnd:
		return w.join(e.Args, " & ", f)
	case plan.OpOr:
		return w.join(e.Args, " | ", f)
	case plan.OpNot:
		return "xor(" + w.bits(e.Args[0], sure+maybe-f) + ", " + one + ")"
	case plan.OpConst:
		if e.Const == true || e.Const == nil && f == maybe {
			return one
		}
		return zero
	case plan.OpHole, plan.OpBottom:
		if f == maybe {
			return one
		}
		return zero
	}
	return w.leafBits(e, f)
}

// leafBits writes a condition. Where it is ⊥ exactly where one of some columns
// is null, it is computed over filled columns and masked.
func (w *writer) leafBits(e *plan.Expr, f form) string {
	if e.Decided() {
		return w.value(e) + "::UTINYINT"
	}
	if columns := w.l.openColumns(e, nil); columns != nil {
		over := &writer{l: w.l, level: w.level, filling: true}
		parts := []string{over.value(e) + "::UTINYINT"}
		mask, sign := known, " & "
		if f == maybe {
			mask, sign = open, " | "
		}
		for _, c := range columns {
			parts = append(parts, w.read(c, mask))
		}
		return "(" + strings.Join(parts, sign) + ")"
	}
	if f == maybe {
		return "(" + w.value(e) + " IS DISTINCT FROM false)::UTINYINT"
	}
	return "(" + w.value(e) + " IS NOT DISTINCT FROM true)::UTINYINT"
}

// join combines operands, those that are never ⊥ first: they are the same in
// both numbers, and DuckDB computes equal beginnings once.
func (w *writer) join(list []*plan.Expr, sign string, f form) string {
	var decided, rest []string
	for _, e := range list {
		if e.Decided() {
			decided = append(decided, w.bits(e, f))
		} else {
			rest = append(rest, w.bits(e, f))
		}
	}
	parts := append(decided, rest...)
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, sign) + ")"
}

// text defines a column of a layer.
func (w *writer) text(e *plan.Expr, f form) string {
	switch f {
	case sure, maybe:
		return w.bits(e, f)
	case filled:
		if e.IsLeaf() {
			return "coalesce(" + w.read(e, plain) + ", " + w.l.standIn(e) + ")"
		}
		w.filling = true
	case known:
		return "(" + w.read(e, plain) + " IS NOT NULL)::UTINYINT"
	case open:
		return "(" + w.read(e, plain) + " IS NULL)::UTINYINT"
	}
	sql := w.value(e)
	if e.Op == plan.OpIf || e.Op == plan.OpCoalesce {
		return w.l.d.Typed(e, sql) // which would have another type by itself
	}
	return sql
}
