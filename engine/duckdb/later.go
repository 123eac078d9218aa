package duckdb

import (
	"context"

	"personae/engine/results"
	"personae/engine/sqltext"
)

// What belongs to a row that is later than as-of is later than as-of itself,
// whether or not it has a time of its own: the item of a future order is no
// orphan. The keys of owners that were left out for that are kept in a table.

func laterTable(d *dataset) string {
	return sqltext.Path(stageSchema, d.spec.Name.Value()+":later")
}

// owns says whether rows of another dataset may belong to those of d, or
// reference them.
func (l *loader) owns(d *dataset) bool {
	entity := d.spec.Entity.Value()
	return entity != "" && ownerOf(l.state.datasets, l.state.order, entity) == d || l.isReferenced(d)
}

// noteLater keeps the keys of the rows of a reading that where selects.
func (l *loader) noteLater(ctx context.Context, d *dataset, from, where string) bool {
	if !l.owns(d) {
		return true
	}
	keys := "SELECT " + sqltext.Ident(d.spec.Key.Value()) + " AS k FROM " + from + " WHERE " + where
	if l.later[d] {
		return l.exec(ctx, d, "INSERT INTO "+laterTable(d)+" "+keys)
	}
	l.later[d] = true
	return l.exec(ctx, d, "CREATE TABLE "+laterTable(d)+" AS "+keys)
}

// laterRows counts rows of a relation as later than as-of, with those that are
// so by their own time.
func (h *health) laterRows(d *dataset, column string, rows int64, where string) {
	h.Rows -= rows
	for _, p := range h.problems {
		if p.Reason == reasonFuture {
			p.Rows += rows
			p.where = "(" + p.where + ") OR (" + where + ")"
			return
		}
	}
	h.problems = append(h.problems, &problem{
		Problem: results.Problem{Column: column, Reason: reasonFuture, Action: actionSkipped, Severity: "warn", Rows: rows},
		code:    "rejected-rows", at: d.spec.By.Range(), where: where,
	})
}
