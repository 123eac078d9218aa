package duckdb

import (
	"context"

	"personae/engine/results"
	"personae/engine/sqltext"
)

// orphans leaves out the rows whose owner does not exist, and counts them with
// what they are worth. A row that names no owner is one of them. Owners are
// judged before the rows that belong to them: an item of an orphan order is an
// orphan too. What belongs to an owner that is later than as-of is later itself.
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
	missing, later := "NOT "+belongs, "false"
	if l.later[owner] {
		later = missing + " AND coalesce(" + column + " IN (FROM " + laterTable(owner) + "), false)"
		missing += " AND NOT coalesce(" + column + " IN (FROM " + laterTable(owner) + "), false)"
	}
	table := snapshotTable(name)
	rows, future, value, ok := l.countOrphans(ctx, d, "NOT "+belongs, later)
	if !ok {
		return
	}
	h := l.health[name]
	if future > 0 {
		if !l.noteLater(ctx, d, table, later) {
			return
		}
		h.laterRows(d, by.cat.Name, future, h.kept+" AND "+later)
	}
	// Taking rows out costs less than writing the others again.
	if rows+future == 0 || !l.exec(ctx, d, "DELETE FROM "+table+" WHERE NOT "+belongs) || rows == 0 {
		return
	}
	h.Rows -= rows
	p := &problem{
		Problem: results.Problem{Column: by.cat.Name, Reason: reasonOrphan, Action: actionSkipped, Severity: "warn", Rows: rows},
		code:    "orphan-rows", at: d.spec.By.Range(), where: h.kept + " AND " + missing,
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

// countOrphans counts the rows without an owner: those whose owner does not
// exist, with what they are worth, and those whose owner is later than as-of.
func (l *loader) countOrphans(ctx context.Context, d *dataset, missing, later string) (rows, future int64, value *float64, ok bool) {
	worth := "NULL"
	if d.column(d.spec.Value.Value()) != nil {
		// As decimals, so that the sum does not depend on the order of rows.
		worth = "CAST(sum(CASE WHEN NOT \"personae:later\" THEN TRY_CAST(" + sqltext.Ident(d.spec.Value.Value()) + " AS DECIMAL(38, 9)) END) AS DOUBLE)"
	}
	query := "SELECT count(CASE WHEN NOT \"personae:later\" THEN 1 END), count(CASE WHEN \"personae:later\" THEN 1 END), " + worth +
		" FROM (SELECT *, " + later + " AS \"personae:later\" FROM " + snapshotTable(d.spec.Name.Value()) + " WHERE " + missing + ")"
	if err := l.conn.QueryRowContext(ctx, query).Scan(&rows, &future, &value); err != nil {
		report(l.list, err, d.spec.Name.Value(), d.rel.at)
		return 0, 0, nil, false
	}
	return rows, future, value, true
}
