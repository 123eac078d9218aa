package sqlgen

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"personae/engine/plan"
	"personae/engine/sqltext"
)

// ClausesSQL counts conditions beside the results.
type ClausesSQL struct {
	plan   *plan.EntityPlan
	wanted []*plan.Expr
	at     map[*plan.Expr]int
	list   string // of the SELECT
	from   func(source string) string
	source func(first, last int64) string
}

// NewClauses prepares the query of all clauses of an entity; nil where there
// are none. Equal clauses of several segments are one.
func NewClauses(p *plan.EntityPlan, d Dialect, asOf time.Time) (*ClausesSQL, error) {
	s := &ClausesSQL{plan: p, at: map[*plan.Expr]int{}}
	for _, t := range p.Clauses {
		for _, c := range t.Clauses {
			if _, there := s.at[c.Expr]; c.Expr != nil && !there {
				s.at[c.Expr] = len(s.wanted)
				s.wanted = append(s.wanted, c.Expr)
			}
		}
	}
	if len(s.wanted) == 0 {
		return nil, nil
	}
	const place = "\x00"
	l := newLayers(d, d.Constant(asOf.Truncate(time.Microsecond)), place, "", withOperands(s.wanted), 2)
	w := l.writer()
	list := make([]string, len(s.wanted))
	for i, e := range s.wanted {
		list[i] = fmt.Sprintf("%s AS c%d", w.truth(e), i)
	}
	from := l.from()
	s.list = "SELECT " + strings.Join(list, ",\n  ") + "\nFROM "
	s.from = func(source string) string { return strings.ReplaceAll(from, place, source) }
	s.source = s.sources()
	return s, errors.Join(l.err)
}

// sources puts the columns that are read of both tables side by side.
func (s *ClausesSQL) sources() func(first, last int64) string {
	var result, snapshot []string
	for _, e := range plan.Leaves(s.wanted) {
		column := sqltext.Ident(e.Name)
		switch {
		case e.Op != plan.OpColumn:
		case e.FromResult() && !slices.Contains(result, column):
			result = append(result, column)
		case !e.FromResult() && !slices.Contains(snapshot, column):
			snapshot = append(snapshot, column)
		}
	}
	part := func(columns []string, schema, table string, first, last int64) string {
		if len(columns) == 0 {
			return ""
		}
		if schema == ResultSchema {
			return "(SELECT " + strings.Join(columns, ", ") + " FROM " + Rows(table, first, last) + ")"
		}
		return fmt.Sprintf("(SELECT %s FROM %s WHERE rowid BETWEEN %d AND %d)", strings.Join(columns, ", "), sqltext.Path(schema, table), first, last)
	}
	return func(first, last int64) string {
		r := part(result, ResultSchema, s.plan.Entity.Name, first, last)
		t := part(snapshot, SnapshotSchema, s.plan.Entity.Table.Name, first, last)
		switch {
		case r == "" && t == "":
			return "(SELECT 1 FROM " + Rows(s.plan.Entity.Name, first, last) + ")"
		case r == "":
			return t
		case t == "":
			return r
		}
		return "(SELECT * FROM " + r + " POSITIONAL JOIN " + t + ")"
	}
}

// Width is how many columns Block has: one for each different clause, bit 0 of
// which says that it is TRUE, and bit 4 that it is TRUE or ⊥.
func (s *ClausesSQL) Width() int { return len(s.wanted) }

// At is the position of a clause among the different ones.
func (s *ClausesSQL) At(c plan.Clause) int { return s.at[c.Expr] }

// Block reads a block of rows.
func (s *ClausesSQL) Block(first, last int64) string {
	return s.list + s.from(s.source(first, last))
}
