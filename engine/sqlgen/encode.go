package sqlgen

import (
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
)

// Truth is computed as small unsigned numbers, because & and | on them are
// vectorised without branches, and AND and OR on nullable BOOLEANs are not:
//
//	FALSE 0, ⊥ 1, TRUE 3      where a node may be ⊥: & is Kleene's AND, | its OR
//	FALSE 0, TRUE 1           where it cannot be ⊥; widened where it meets ⊥
//
// plan has moved NOT down to the leaves wherever ⊥ is possible.
type encoding uint8

const (
	plainSQL encoding = iota // the value itself; of booleans BOOLEAN, ⊥ is NULL
	twoValued
	threeValued
)

const one = "1::UTINYINT"

// widen makes 0 and 1 into 0 and 3. Multiplication looks for overflow row by
// row and costs more than twice as much (measured).
func widen(bits string) string {
	return "(CASE WHEN " + bits + " = 1 THEN 3::UTINYINT ELSE 0::UTINYINT END)"
}

// encodingOf is the encoding in which a node is stored when it is shared.
func encodingOf(e *plan.Expr) encoding {
	switch {
	case e.Type.Kind != catalog.Bool || e.Op == plan.OpColumn:
		return plainSQL
	case e.Decided():
		return twoValued
	}
	return threeValued
}

// writer writes the expressions of one layer. Nodes of earlier layers are
// columns by now.
type writer struct {
	d       Dialect
	now     string
	columns map[*plan.Expr]string // shared nodes, in encodingOf
	err     error
}

// value writes a node as plain SQL.
func (w *writer) value(e *plan.Expr) string {
	if c, ok := w.columns[e]; ok {
		switch encodingOf(e) {
		case twoValued:
			return "(" + c + " = 1)"
		case threeValued:
			return "(nullif(" + c + ", 1)::BOOLEAN)"
		}
		return c
	}
	switch e.Op {
	case plan.OpAnd, plan.OpOr:
		if e.Decided() {
			return "(" + w.bits(e) + " = 1)"
		}
		return "(nullif(" + w.threes(e) + ", 1)::BOOLEAN)"
	}
	return w.leaf(e)
}

// leaf writes a node that is not logic, from plain operands.
func (w *writer) leaf(e *plan.Expr) string {
	switch e.Op {
	case plan.OpConst:
		if e.Const == nil {
			return "NULL"
		}
		return w.d.Constant(e.Const)
	case plan.OpNow:
		return w.now
	case plan.OpHole, plan.OpBottom:
		return w.d.Typed(e, "NULL")
	case plan.OpIf:
		return w.choice(e)
	}
	operands := make([]string, len(e.Args))
	for i, a := range e.Args {
		operands[i] = w.value(a)
	}
	sql, err := w.d.Operator(e, operands)
	if err != nil && w.err == nil {
		w.err = err
	}
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
	for e.Op == plan.OpIf && (first || w.columns[e] == "") {
		cond := w.value(e.Args[0])
		b.WriteString(" WHEN " + cond + " THEN " + w.value(e.Args[1]))
		if !e.Args[0].Decided() {
			b.WriteString(" WHEN " + cond + " IS NULL THEN NULL")
		}
		e, first = e.Args[2], false
	}
	b.WriteString(" ELSE " + w.value(e) + " END)")
	return b.String()
}

// bits writes a boolean that is never ⊥ as 0 or 1.
func (w *writer) bits(e *plan.Expr) string {
	if c, ok := w.columns[e]; ok && encodingOf(e) == twoValued {
		return c
	}
	switch e.Op {
	case plan.OpAnd:
		return w.join(e.Args, " & ", w.bits)
	case plan.OpOr:
		return w.join(e.Args, " | ", w.bits)
	case plan.OpNot:
		return "xor(" + w.bits(e.Args[0]) + ", " + one + ")"
	case plan.OpConst:
		if e.Const == true {
			return one
		}
		return "0::UTINYINT"
	}
	return w.value(e) + "::UTINYINT"
}

// threes writes a boolean as 0, 1 or 3. Operands that are never ⊥ are combined
// first, as bits, and widened once.
func (w *writer) threes(e *plan.Expr) string {
	if c, ok := w.columns[e]; ok && encodingOf(e) == threeValued {
		return c
	}
	if e.Decided() {
		return widen(w.bits(e))
	}
	switch e.Op {
	case plan.OpAnd, plan.OpOr:
		sign := " & "
		if e.Op == plan.OpOr {
			sign = " | "
		}
		var decided, open []*plan.Expr
		for _, a := range w.flat(e, nil) {
			if a.Decided() {
				decided = append(decided, a)
			} else {
				open = append(open, a)
			}
		}
		if len(decided) == 0 {
			return w.join(open, sign, w.threes)
		}
		return "(" + widen(w.join(decided, sign, w.bits)) + sign + w.join(open, sign, w.threes) + ")"
	case plan.OpHole, plan.OpBottom:
		return one
	case plan.OpNot:
		// Both bits are swapped and turned: 3, 1, 0 of 0, 1, 3.
		if c, ok := w.columns[e.Args[0]]; ok && encodingOf(e.Args[0]) == threeValued {
			return "xor(3::UTINYINT, (" + c + " >> 1) | ((" + c + " & 1) * 2::UTINYINT))"
		}
	}
	return w.threeLeaf(e)
}

// flat lists the operands of && and of the && that are its operands, likewise
// of ||, down to those that are columns by now.
func (w *writer) flat(e *plan.Expr, list []*plan.Expr) []*plan.Expr {
	for _, a := range e.Args {
		if a.Op == e.Op && w.columns[a] == "" && !a.Decided() {
			list = w.flat(a, list)
			continue
		}
		list = append(list, a)
	}
	return list
}

// threeLeaf writes a leaf: 3 where it is TRUE, 1 where it is NULL. CASE over
// constants costs half of IS NOT DISTINCT FROM true, a cast and a product
// (measured). Where the leaf is NULL exactly where one column is, the test of
// the column is the cheaper one.
func (w *writer) threeLeaf(e *plan.Expr) string {
	sql := w.value(e)
	open := sql
	if c := w.openPart(e); c != nil {
		open = w.value(c)
	}
	return "(CASE WHEN " + sql + " THEN 3::UTINYINT WHEN " + open + " IS NULL THEN 1::UTINYINT ELSE 0::UTINYINT END)"
}

// openPart is the one column of this layer on which it depends whether a leaf
// is NULL, or nil: strict operators that cannot be ⊥ of themselves, over one
// operand that can.
func (w *writer) openPart(e *plan.Expr) *plan.Expr {
	for {
		row := e.Op.Lookup()
		if row == nil || !row.Strict || row.Bottom != nil && row.Bottom(e.Args) {
			return nil
		}
		var open *plan.Expr
		for _, a := range e.Args {
			if a.Decided() {
				continue
			}
			if open != nil && open != a {
				return nil
			}
			open = a
		}
		switch {
		case open == nil:
			return nil
		case w.columns[open] != "" && encodingOf(open) == plainSQL:
			return open
		case w.columns[open] != "":
			return nil
		}
		e = open
	}
}

func (w *writer) join(list []*plan.Expr, sign string, write func(*plan.Expr) string) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = write(e)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, sign) + ")"
}

// stored writes a node in the encoding in which it is stored.
func (w *writer) stored(e *plan.Expr) string {
	switch encodingOf(e) {
	case twoValued:
		return w.bits(e)
	case threeValued:
		return w.threes(e)
	}
	return w.value(e)
}
