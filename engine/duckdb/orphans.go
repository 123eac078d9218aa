package duckdb

import (
	"context"

	"personae/engine/results"
	"personae/engine/sqltext"
)

// orphans leaves out the rows whose owner does not exist, and counts them with
// what they are worth. A row that names no owner is one of them. Owners are
// judged before the rows that belong to them: an item of an orphan order is an
// orphan too.
func (l *loader) orphans(ctx context.Context, d *dataset, done map[string]bool) {
	name := d.spec.Name.Value()
	if done[name] {
		return
	}
	done[name] = true
	by := d.column(d.spec.By.Value())
	owner := ownerOf(l.state.datasets, l.state.order, d.spec.Of.Value())
	if d.spec.Of.IsZero() || by == nil || owner == nil || owner == d {
		return
	}
	l.orphans(ctx, owner, done)
	column := sqltext.Ident(by.cat.Name)
	belongs := "coalesce(" + column + " IN (SELECT " + sqltext.Ident(owner.spec.Key.Value()) + " FROM " + snapshotTable(owner.spec.Name.Value()) + "), false)"
	worth := "NULL"
	if d.column(d.spec.Value.Value()) != nil {
		// As decimals, so that the sum does not depend on the order of rows.
		worth = "CAST(sum(TRY_CAST(" + sqltext.Ident(d.spec.Value.Value()) + " AS DECIMAL(38, 9))) AS DOUBLE)"
	}
	var rows int64
	var value *float64
	table := snapshotTable(name)
	if err := l.conn.QueryRowContext(ctx, "SELECT count(*), "+worth+" FROM "+table+" WHERE NOT "+belongs).Scan(&rows, &value); err != nil {
		report(l.list, err, name, d.rel.at)
		return
	}
	if rows == 0 || !l.replaceTable(ctx, d, "SELECT * FROM "+table+" WHERE "+belongs) {
		return
	}
	h := l.health[name]
	h.Rows -= rows
	p := &problem{
		Problem: results.Problem{Column: by.cat.Name, Reason: reasonOrphan, Action: actionSkipped, Severity: "warn", Rows: rows},
		code:    "orphan-rows", at: d.spec.By.Range(), where: h.kept + " AND NOT " + belongs,
	}
	switch d.spec.Orphans.Value() {
	case "error":
		p.Action, p.Severity, p.at = actionFailed, "error", d.spec.Orphans.Range()
	case "ignore":
		p.Severity = "info"
	}
	if value != nil {
		p.Value, p.HasValue = *value, true
	}
	h.problems = append(h.problems, p)
}
