package sqlgen

import (
	"strconv"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// Truth is computed as one small number, because & and | on them are vectorised
// without branches, and AND and OR on nullable BOOLEANs are not. Its lower four
// bits say that a condition is TRUE, its upper four that it is TRUE or ⊥:
//
//	TRUE   1111 1111   -1
//	⊥      1111 0000  -16
//	FALSE  0000 0000    0
//
// Kleene's AND and OR are & and |, for both questions at once. Tables of results
// keep of each number the bits of one place; see bits.go.
//
// Conditions over columns with nulls are computed over a stand-in for the nulls
// and then masked, so that no operator has to look for them row by row:
//
//	condition & known | open
//
// where known is TRUE and open FALSE for rows that have a value, and known FALSE
// and open ⊥ for those that have none.
type form uint8

// The forms in which a node can be a column of a layer.
const (
	plain  form = iota // the value itself; NULL is null or ⊥. No boolean but those of the table
	truth              // of booleans
	filled             // the value, something where it is NULL
	known              // of table columns
	open               // of table columns
	forms              // how many there are
)

// The outcomes.
const (
	tinyTrue  = "(-1)::TINYINT"
	tinyOpen  = "(-16)::TINYINT"
	tinyFalse = "0::TINYINT"
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
			return w.isTrue(e)
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

// boolean is a BOOLEAN from what is kept of it; NULL where it is ⊥.
func (w *writer) boolean(e *plan.Expr) string {
	t := w.truth(e)
	return "(CASE WHEN " + t + " <> " + tinyOpen + " THEN " + t + "::BOOLEAN END)"
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
	operands := make([]string, len(e.Args))
	for i, a := range e.Args {
		operands[i] = w.value(a)
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
			t := w.truth(cond)
			b.WriteString(" WHEN " + t + " = " + tinyTrue + " THEN " + w.value(e.Args[1]) + " WHEN " + t + " = " + tinyOpen + " THEN NULL")
		}
		e, first = e.Args[2], false
	}
	b.WriteString(" ELSE " + w.value(e) + " END)")
	return b.String()
}

// isTrue is a condition that is never NULL.
func (w *writer) isTrue(e *plan.Expr) string {
	if w.isPlain(e) {
		return w.value(e)
	}
	return "(" + w.truth(e) + " = " + tinyTrue + ")"
}

// isBottom says whether a condition is ⊥.
func (w *writer) isBottom(e *plan.Expr) string { return "(" + w.truth(e) + " = " + tinyOpen + ")" }

// one is 1 where a condition is TRUE, else 0.
func (w *writer) one(e *plan.Expr) string {
	if w.isPlain(e) {
		return w.value(e) + "::TINYINT"
	}
	return "(" + w.truth(e) + " & 1::TINYINT)"
}

// isPlain says whether a condition is a BOOLEAN by itself that is never NULL.
func (w *writer) isPlain(e *plan.Expr) bool {
	return e.Decided() && e.Op != plan.OpAnd && e.Op != plan.OpOr && (e.IsLeaf() || !w.isColumn(e))
}

// truth writes a boolean as a number.
func (w *writer) truth(e *plan.Expr) string { return w.whether(e, true) }

// whether writes a boolean, or its negation, as a number.
func (w *writer) whether(e *plan.Expr, is bool) string {
	if !e.IsLeaf() && w.isColumn(e) {
		return w.below(e, is)
	}
	switch e.Op {
	case plan.OpAnd, plan.OpOr:
		sign := " & "
		if (e.Op == plan.OpOr) == is {
			sign = " | "
		}
		return w.join(e.Args, sign, is)
	case plan.OpNot:
		return w.whether(e.Args[0], !is)
	case plan.OpConst:
		switch e.Const {
		case nil:
			return tinyOpen
		case is:
			return tinyTrue
		}
		return tinyFalse
	case plan.OpHole, plan.OpBottom:
		return tinyOpen
	}
	return w.condition(e, is)
}

// below reads a boolean of the layers below. ⊥ is its own negation.
func (w *writer) below(e *plan.Expr, is bool) string {
	t := w.read(e, truth)
	switch {
	case is:
		return t
	case e.Decided():
		return "xor(" + t + ", " + tinyTrue + ")"
	}
	return "xor(xor(" + t + ", " + tinyTrue + "), -(" + t + " = " + tinyOpen + ")::TINYINT)"
}

// condition writes what is no logic. Where it is ⊥ exactly where one of some
// columns is null, it is computed over filled columns and masked.
func (w *writer) condition(e *plan.Expr, is bool) string {
	columns := w.l.openColumns(e, nil)
	if !e.Decided() && columns == nil {
		v := w.value(e)
		return "(-(" + v + " IS NOT DISTINCT FROM " + strconv.FormatBool(is) + ")::TINYINT | (-(" + v + " IS NULL)::TINYINT & " + tinyOpen + "))"
	}
	over := &writer{l: w.l, level: w.level, filling: len(columns) > 0}
	t := "-(" + over.value(e) + ")::TINYINT"
	if !is {
		t = "xor(" + t + ", " + tinyTrue + ")"
	}
	if len(columns) == 0 {
		return t
	}
	opened := ""
	for _, c := range columns {
		t += " & " + w.read(c, known)
		opened += " | " + w.read(c, open)
	}
	return "(" + t + opened + ")"
}

// join combines operands, those that are never ⊥ first: DuckDB computes equal
// beginnings once.
func (w *writer) join(list []*plan.Expr, sign string, is bool) string {
	var decided, rest []string
	for _, e := range list {
		if e.Decided() {
			decided = append(decided, w.whether(e, is))
		} else {
			rest = append(rest, w.whether(e, is))
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
	case truth:
		return w.truth(e)
	case filled:
		if e.IsLeaf() {
			return "coalesce(" + w.read(e, plain) + ", " + w.l.standIn(e) + ")"
		}
		w.filling = true
	case known:
		return "-(" + w.read(e, plain) + " IS NOT NULL)::TINYINT"
	case open:
		return "(-(" + w.read(e, plain) + " IS NULL)::TINYINT & " + tinyOpen + ")"
	}
	sql := w.value(e)
	if e.Op == plan.OpIf || e.Op == plan.OpCoalesce {
		return w.l.d.Typed(e, sql) // which would have another type by itself
	}
	return sql
}

// column is a column of the table; a stand-in for its nulls when filling.
func (w *writer) column(e *plan.Expr) string {
	if w.filling && !e.Decided() {
		return w.read(e, filled)
	}
	return w.read(e, plain)
}

// standIn is a value that a column's nulls may take without disturbing what
// facts prove about it; "" for types that have none.
func (l *layers) standIn(e *plan.Expr) string {
	var v any
	switch e.Type.Kind {
	case catalog.Int:
		v = int64(0)
	case catalog.Double:
		v = 0.0
	case catalog.Bool:
		v = false
	case catalog.String:
		v = ""
	case catalog.Timestamp:
		v = time.UnixMicro(0)
	default:
		return ""
	}
	switch low := e.Facts.Min.(type) {
	case int64:
		v = low
		if e.Type.Kind == catalog.Timestamp {
			v = time.UnixMicro(low)
		}
	case float64:
		v = low
	}
	return l.d.Typed(e, l.d.Constant(v))
}
