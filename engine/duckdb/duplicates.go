package duckdb

import (
	"context"
	"strings"

	"personae/engine/results"
	"personae/engine/sqltext"
)

// duplicates leaves one row for each key. Copies that are equal in all columns
// that are read are dropped and counted; rows with the same key and other
// content are for `on_duplicate`.
func (l *loader) duplicates(ctx context.Context, d *dataset, columns []*column, h *health) bool {
	key := d.spec.Key.Value()
	if d.column(key) == nil || d.rel.kind == "distinct" {
		return true
	}
	name := d.spec.Name.Value()
	table, k := snapshotTable(name), sqltext.Ident(key)
	repeated, rows := sqltext.Path(stageSchema, name+":repeated"), sqltext.Path(stageSchema, name+":rows")
	// Different hashes are different keys, and take less to compare.
	found, ok := l.counts(ctx, d, "SELECT count(*) - count(DISTINCT hash("+k+")) FROM "+table, 1)
	if !ok || found[0] == 0 {
		return ok
	}
	suspects := "SELECT " + k + " FROM " + table + " WHERE hash(" + k + ") IN (SELECT hash(" + k + ") FROM " + table + " GROUP BY ALL HAVING count(*) > 1)"
	ok = l.exec(ctx, d, "CREATE TABLE "+repeated+" AS "+suspects+" GROUP BY ALL HAVING count(*) > 1") &&
		l.exec(ctx, d, "CREATE TABLE "+rows+" AS SELECT *, count(*) AS \"personae:copies\" FROM "+table+" WHERE "+k+" IN (FROM "+repeated+") GROUP BY ALL")
	if !ok {
		return false
	}
	found, ok = l.counts(ctx, d, "SELECT sum(\"personae:copies\") - count(*), count(*) - count(DISTINCT "+k+") FROM "+rows, 2)
	if !ok {
		return false
	}
	copies, others := found[0], found[1]
	h.Rows -= copies + others
	where := h.kept + " AND " + k + " IN (FROM " + repeated + ")"
	if copies > 0 {
		h.problems = append(h.problems, &problem{
			Problem: results.Problem{Column: key, Reason: reasonCopy, Action: actionDropped, Severity: "warn", Rows: copies},
			code:    "duplicate-rows", at: d.spec.Key.Range(), where: h.kept + " AND " + k + " IN (SELECT " + k + " FROM " + rows + " WHERE \"personae:copies\" > 1)",
		})
	}
	if others > 0 {
		p := &problem{
			Problem: results.Problem{Column: key, Reason: reasonDuplicate, Action: actionDropped, Severity: "warn", Rows: others},
			code:    "duplicate-rows", at: d.spec.Key.Range(), where: where,
		}
		if !d.spec.OnDuplicate.IsZero() {
			p.at = d.spec.OnDuplicate.Range()
		}
		if dup := d.spec.OnDuplicate.Value(); dup != "first" && dup != "last" {
			p.Action, p.Severity = actionFailed, "error"
		}
		h.problems = append(h.problems, p)
		if !l.decides(ctx, d, rows) {
			return false
		}
	}
	return l.keepOne(ctx, d, columns, repeated, rows)
}

// keepOne leaves the first of the rows with a repeated key. Where the order of
// rows makes no difference, only these rows are written.
func (l *loader) keepOne(ctx context.Context, d *dataset, columns []*column, repeated, rows string) bool {
	table, k := snapshotTable(d.spec.Name.Value()), sqltext.Ident(d.spec.Key.Value())
	names := selected(columns)
	chosen := "SELECT " + names + " FROM (SELECT *, row_number() OVER (PARTITION BY " + k + " ORDER BY " + strings.Join(append(orderTerms(d), names), ", ") + ") AS \"personae:n\" FROM " + rows + ") WHERE \"personae:n\" = 1"
	if !d.ruled() {
		return l.exec(ctx, d, "DELETE FROM "+table+" WHERE "+k+" IN (FROM "+repeated+")") &&
			l.exec(ctx, d, "INSERT INTO "+table+" "+chosen+" ORDER BY "+k)
	}
	return l.replaceTable(ctx, d, "SELECT "+names+" FROM ("+"SELECT "+names+" FROM "+table+" WHERE "+k+" NOT IN (FROM "+repeated+") UNION ALL "+chosen+")"+sortedBy(d))
}

// orderTerms is `order_by` as SQL, turned round for `last`. What is null is oldest.
func orderTerms(d *dataset) []string {
	var terms []string
	for _, t := range d.spec.OrderBy {
		descending := strings.HasSuffix(strings.ToLower(strings.TrimSpace(t.Value())), " desc")
		term := sqltext.Ident(orderColumn(t.Value()))
		if descending != (d.spec.OnDuplicate.Value() == "last") {
			term += " DESC NULLS LAST"
		} else {
			term += " ASC NULLS FIRST"
		}
		terms = append(terms, term)
	}
	return terms
}

// decides checks that `order_by` is total: no two rows with a key share the first place.
func (l *loader) decides(ctx context.Context, d *dataset, rows string) bool {
	terms := orderTerms(d)
	if dup := d.spec.OnDuplicate.Value(); len(terms) == 0 || dup != "first" && dup != "last" {
		return true
	}
	k := sqltext.Ident(d.spec.Key.Value())
	found, ok := l.counts(ctx, d, "SELECT count(*) FROM (SELECT "+k+" FROM (SELECT "+k+", rank() OVER (PARTITION BY "+k+" ORDER BY "+strings.Join(terms, ", ")+") AS place FROM "+rows+") WHERE place = 1 GROUP BY ALL HAVING count(*) > 1)", 1)
	if !ok {
		return false
	}
	if found[0] > 0 {
		l.list.Errorf("duplicate-rows", d.spec.OrderBy[0].Range(), "`order_by` does not decide which row is %s for %d keys of dataset %s", d.spec.OnDuplicate.Value(), found[0], d.spec.Name.Value()).Detail =
			"These rows are equal in the columns that it names, and differ in others. Add columns until no two rows are equal."
		return false
	}
	return true
}

// replaceTable puts the result of a query in the place of a snapshot table.
func (l *loader) replaceTable(ctx context.Context, d *dataset, query string) bool {
	name := d.spec.Name.Value()
	table, fresh := snapshotTable(name), sqltext.Path(snapshotSchema, name+":new")
	return l.exec(ctx, d, "CREATE TABLE "+fresh+" AS "+query) &&
		l.exec(ctx, d, "DROP TABLE "+table) &&
		l.exec(ctx, d, "ALTER TABLE "+fresh+" RENAME TO "+sqltext.Ident(name))
}
