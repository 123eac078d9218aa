package sqlgen

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/plan"
)

// Storage says how the tables of a snapshot are stored, by dataset, where that
// is not as their canonical types. nil: everything is canonical. It changes how
// fast a query is, never what it gives.
type Storage map[string]TableStorage

// TableStorage is one stored table: its path in SQL, and the columns of another
// type than the canonical one.
type TableStorage struct {
	Path    string
	Columns map[string]ColumnStorage
}

// ColumnStorage is a smaller type that holds every value of a column: an
// integer type, or an ENUM whose values are in the order of their codes.
type ColumnStorage struct {
	Type   string   // as SQL
	Values []string // of an ENUM; nil for integers
}

// stored is how a column is stored, if not canonically.
func (l *layers) stored(e *plan.Expr) (ColumnStorage, bool) {
	if e.Op != plan.OpColumn || l.names[e] != "" { // another table has it, canonically
		return ColumnStorage{}, false
	}
	s, ok := l.storage.Columns[e.Name]
	return s, ok
}

// comparesAsStored are the operators that mean the same for small integers as
// for BIGINT. All others get the canonical type, whose overflow they know.
var comparesAsStored = map[plan.Op]bool{
	plan.OpEq: true, plan.OpLt: true, plan.OpLe: true, plan.OpBetween: true, plan.OpIn: true,
	plan.OpEqNull: true, plan.OpInNull: true, plan.OpNullTest: true,
}

// codes writes an (in)equality of an ENUM column with constants over its codes:
// DuckDB would cast the column to VARCHAR, row by row. ok is false for all else.
func (w *writer) codes(e *plan.Expr) (sql string, ok bool) {
	var column *plan.Expr
	var constants []*plan.Expr
	switch e.Op {
	case plan.OpEq, plan.OpEqNull, plan.OpIn, plan.OpInNull:
	default:
		return "", false
	}
	for i, a := range e.Args {
		s, is := w.l.stored(a)
		switch {
		case is && s.Values != nil && column == nil && (i == 0 || e.Op == plan.OpEq || e.Op == plan.OpEqNull):
			column = a
		case a.IsConst():
			constants = append(constants, a)
		default:
			return "", false
		}
	}
	if column == nil {
		return "", false
	}
	s, _ := w.l.stored(column)
	var list []string
	for _, c := range constants {
		text, isText := c.Const.(string)
		if !isText {
			return "", false
		}
		if i := sort.SearchStrings(s.Values, text); i < len(s.Values) && s.Values[i] == text {
			list = append(list, strconv.Itoa(i))
		}
	}
	return w.codeTest(e, column, list), true
}

// codeTest is TRUE where the column has one of the codes. A value that is not
// in the dictionary equals no row.
func (w *writer) codeTest(e, column *plan.Expr, codes []string) string {
	x := w.raw(column)
	nullIsFalse := e.Op == plan.OpEqNull || e.Op == plan.OpInNull
	switch {
	case len(codes) == 0 && (nullIsFalse || w.filling || column.Decided()):
		return "false"
	case len(codes) == 0:
		return "(CASE WHEN " + x + " IS NOT NULL THEN false END)"
	case len(codes) == 1 && nullIsFalse:
		return "(enum_code(" + x + ") IS NOT DISTINCT FROM " + codes[0] + ")"
	case len(codes) == 1:
		return "(enum_code(" + x + ") = " + codes[0] + ")"
	case nullIsFalse && !column.Decided():
		return "(" + x + " IS NOT NULL AND enum_code(" + x + ") IN (" + strings.Join(codes, ", ") + "))"
	}
	return "(enum_code(" + x + ") IN (" + strings.Join(codes, ", ") + "))"
}

// raw is a column as it is stored; a stand-in for its nulls when filling.
func (w *writer) raw(column *plan.Expr) string {
	if w.filling && !column.Decided() {
		return w.read(column, filled)
	}
	return w.read(column, plain)
}

// operand writes an operand in the type that the operator is for.
func (w *writer) operand(e, a *plan.Expr) string {
	if s, ok := w.l.stored(a); ok && comparesAsStored[e.Op] && (s.Values == nil || e.Op == plan.OpNullTest) {
		return w.raw(a)
	}
	return w.value(a)
}

// column writes a column in its canonical type.
func (w *writer) column(e *plan.Expr) string {
	if _, ok := w.l.stored(e); ok {
		return w.l.d.Typed(e, w.raw(e))
	}
	return w.raw(e)
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
	s, ok := l.stored(e)
	if !ok {
		return l.d.Typed(e, l.d.Constant(v))
	}
	if s.Values != nil {
		v = s.Values[0]
	}
	return l.d.Constant(v) + "::" + s.Type
}
