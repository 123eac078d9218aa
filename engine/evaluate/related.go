package evaluate

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"personae/engine/byrow"
	"personae/engine/duckdb"
	"personae/engine/eval"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// rowSource is which rows go through cel-go: a query of them in the order of
// their numbers, and what is read of the rows that belong to them and of those
// that they reference.
type rowSource struct {
	query     string
	found     int // how many of a row's values SQL found
	relations []*byrow.Relation
	related   []*relatedQuery // of relations
}

// relatedQuery reads the rows of one relation, in the order of the numbers of
// the rows that they are read for, so that both are read side by side.
type relatedQuery struct {
	relation *byrow.Relation
	query    string
	below    []*relatedQuery
}

// source writes the queries for rows with a condition over results (r), which
// have every output by its name, and snapshot (s).
func (s *Snapshot) source(ctx context.Context, e *plan.EntityPlan, results string, d *byrow.Decider, where string, explain bool) (rowSource, error) {
	columns, err := s.loaded(ctx, e.Entity.Table.Name, "s", d.Columns())
	if err != nil {
		return rowSource{}, err
	}
	from := " FROM " + results + " r JOIN " + sqltext.Path(sqlgen.SnapshotSchema, e.Entity.Table.Name) + " s ON s.rowid = r.rowid"
	list := []string{"r.rowid"}
	for _, o := range d.Outputs() {
		list = append(list, "r."+sqltext.Ident(o.Name))
	}
	out := rowSource{found: len(d.Outputs()), relations: d.Relations(explain)}
	out.query = "SELECT " + strings.Join(append(list, columns...), ", ") + from + " WHERE " + where + " ORDER BY r.rowid"
	out.related, err = s.relatedQueries(ctx, out.relations, from, "s", e.Entity.Table.Key, where)
	return out, err
}

// relatedQueries writes the queries of relations of the rows that are called
// owner and have a key.
func (s *Snapshot) relatedQueries(ctx context.Context, relations []*byrow.Relation, from, owner, key, where string) ([]*relatedQuery, error) {
	var out []*relatedQuery
	for _, relation := range relations {
		t := relation.Table
		alias := sqltext.Ident(strings.Trim(owner, "\"") + "≡" + t.Name) // a table may lead to itself
		columns, err := s.loaded(ctx, t.Name, alias, relation.Columns)
		if err != nil {
			return nil, err
		}
		mine, theirs := t.By, key
		if relation.Column != "" {
			mine, theirs = t.Key, relation.Column
		}
		joined := from + " JOIN " + sqltext.Path(sqlgen.SnapshotSchema, t.Name) + " " + alias + " ON " + alias + "." + sqltext.Ident(mine) + " = " + owner + "." + sqltext.Ident(theirs)
		q := &relatedQuery{relation: relation, query: "SELECT r.rowid, " + strings.Join(columns, ", ") + joined + " WHERE " + where + " ORDER BY r.rowid"}
		if q.below, err = s.relatedQueries(ctx, relation.Below, joined, alias, t.Key, where); err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, nil
}

// relatedRows reads a relatedQuery.
type relatedRows struct {
	q     *relatedQuery
	rows  *sql.Rows
	cells []any
	owner int64 // of the cells; after the last row beyond all
	below []*relatedRows
}

const noOwner = 1<<63 - 1

// openRelated starts reading. What it returns is to be closed, error or not.
func (s *Snapshot) openRelated(ctx context.Context, list []*relatedQuery) ([]*relatedRows, error) {
	var out []*relatedRows
	for _, q := range list {
		rows, err := s.db.sql.QueryContext(ctx, q.query)
		if err != nil {
			return out, err
		}
		r := &relatedRows{q: q, rows: rows, cells: make([]any, 1+len(q.relation.Columns))}
		out = append(out, r)
		if err := r.advance(); err != nil {
			return out, err
		}
		if r.below, err = s.openRelated(ctx, q.below); err != nil {
			return out, err
		}
	}
	return out, nil
}

func closeRelated(list []*relatedRows) error {
	var errs []error
	for _, r := range list {
		errs = append(errs, r.rows.Close(), closeRelated(r.below))
	}
	return errors.Join(errs...)
}

func (r *relatedRows) advance() error {
	if !r.rows.Next() {
		r.owner = noOwner
		return r.rows.Err()
	}
	targets := make([]any, len(r.cells))
	for i := range r.cells {
		targets[i] = &r.cells[i]
	}
	if err := r.rows.Scan(targets...); err != nil {
		return err
	}
	r.owner, _ = r.cells[0].(int64)
	return nil
}

// of takes the rows that belong to one row. Owners are asked for in order.
func (r *relatedRows) of(owner int64) ([]map[string]any, error) {
	var out []map[string]any
	for r.owner <= owner && r.owner != noOwner {
		if r.owner == owner {
			row := make(map[string]any, len(r.cells)-1+len(r.below))
			for i, name := range r.q.relation.Columns {
				row[name] = duckdb.Plain(r.cells[1+i])
			}
			out = append(out, row)
		}
		if err := r.advance(); err != nil {
			return nil, err
		}
	}
	for _, b := range r.below {
		rows, err := b.of(owner)
		if err != nil {
			return nil, err
		}
		attach(out, r.q.relation.Table.Key, b.q.relation, rows)
	}
	return out, nil
}

// attach gives rows with a key those of a relation of theirs.
func attach(owners []map[string]any, key string, relation *byrow.Relation, rows []map[string]any) {
	t := relation.Table
	mine := t.By
	if relation.Column != "" {
		mine = t.Key
	}
	byKey := map[any][]map[string]any{}
	for _, row := range rows {
		byKey[mapKey(row[mine])] = append(byKey[mapKey(row[mine])], row)
	}
	for _, owner := range owners {
		if relation.Column == "" {
			owner[t.Name] = byKey[mapKey(owner[key])]
		} else if to := byKey[mapKey(owner[relation.Column])]; len(to) > 0 {
			owner[eval.ReferenceName(relation.Column)] = to[0]
		}
	}
}

// mapKey makes a key of a map of a value.
func mapKey(v any) any {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return v
}

// relatedOf takes the rows of all relations that belong to one row.
func relatedOf(list []*relatedRows, owner int64) ([][]map[string]any, error) {
	if len(list) == 0 {
		return nil, nil
	}
	out := make([][]map[string]any, len(list))
	for i, r := range list {
		rows, err := r.of(owner)
		if err != nil {
			return nil, err
		}
		out[i] = rows
	}
	return out, nil
}
