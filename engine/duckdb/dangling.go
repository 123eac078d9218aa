package duckdb

import (
	"context"

	"personae/engine/results"
	"personae/engine/sqltext"
)

// dangling counts the rows whose reference leads to no row of its dataset. The
// rows stay, and rules see a reference that is not set. A row that is later
// than as-of is not there either, but nothing is wrong with who names it.
func (l *loader) dangling(ctx context.Context, d *dataset) {
	h := l.health[d.spec.Name.Value()]
	for _, c := range l.used(d) {
		target := l.state.datasets[c.cat.References]
		if c.cat.References == "" || target == nil || l.uses[c.cat.References] == nil || target.spec.Key.IsZero() {
			continue
		}
		column := sqltext.Ident(c.cat.Name)
		lost := column + " IS NOT NULL AND " + column + " NOT IN (SELECT " + sqltext.Ident(target.spec.Key.Value()) + " FROM " + snapshotTable(c.cat.References) + ")"
		counted := lost
		if l.later[target] {
			counted += " AND " + column + " NOT IN (FROM " + laterTable(target) + ")"
		}
		n, ok := l.counts(ctx, d, "SELECT count(*), count(CASE WHEN "+counted+" THEN 1 END) FROM "+snapshotTable(d.spec.Name.Value())+" WHERE "+lost, 2)
		if !ok {
			return
		}
		if n[0] == 0 {
			l.complete[c] = true
		}
		if n[1] == 0 {
			continue
		}
		at := d.rel.at
		if c.decl != nil {
			at = c.decl.References.Range()
		}
		h.problems = append(h.problems, &problem{
			Problem: results.Problem{Column: c.cat.Name, Reason: reasonDangling, Action: actionUnset, Severity: "warn", Rows: n[1]},
			code:    "dangling-references", at: at, where: h.kept + " AND " + counted,
		})
	}
}

// isReferenced says whether a column of some dataset references d.
func (l *loader) isReferenced(d *dataset) bool {
	for _, name := range l.state.order {
		for _, c := range l.state.datasets[name].columns {
			if c.cat.References == d.spec.Name.Value() {
				return !d.spec.Key.IsZero()
			}
		}
	}
	return false
}
