package evaluate

import (
	"context"
	"slices"
	"testing"

	"personae/engine/plan"
	"personae/engine/sqlgen"
)

// TestNothingIsLeftBehind evaluates plans of more and of less, and looks at what
// the database of results holds: a column for each output, one of the key, and
// of an entity that is gone nothing.
func TestNothingIsLeftBehind(t *testing.T) {
	h := newRanked(t, "hash(s, n, m, d, e, t)", "hash(s, n, m, d, e, t) % 16 = 0", true)
	held := func(p *plan.Plan) (columns, views int) {
		t.Helper()
		if _, err := h.snap.Run(context.Background(), p, Options{}); err != nil {
			t.Fatal(err)
		}
		row, err := h.db.One(context.Background(), "SELECT (SELECT count(*) FROM duckdb_tables() t JOIN duckdb_columns() USING (database_name, table_name) WHERE database_name = '"+sqlgen.ResultSchema+"' AND NOT starts_with(table_name, '"+undecidedRows+"')) AS columns, "+
			"(SELECT count(*) FROM duckdb_views() WHERE database_name = '"+sqlgen.ResultSchema+"' AND NOT internal) AS views")
		if err != nil {
			t.Fatal(err)
		}
		return int(row.Whole("columns")), int(row.Whole("views"))
	}
	all := len(h.plan.Entities[0].Outputs())
	less := *h.plan.Entities[0]
	less.Strata = slices.Clone(less.Strata)
	last := &less.Strata[len(less.Strata)-1]
	last.Outputs = slices.DeleteFunc(slices.Clone(last.Outputs), func(o plan.Output) bool { return o.Name == "in_best" })
	less.Insight, less.Clauses = nil, nil
	for _, c := range []struct {
		what    string
		plan    *plan.Plan
		columns int
		views   int
	}{
		{"everything", h.plan, all + 1, 1},
		{"everything again", h.plan, all + 1, 1},
		{"all but one", &plan.Plan{Rules: h.plan.Rules, Tables: h.plan.Tables, Entities: []*plan.EntityPlan{&less}}, all, 1},
		{"everything after that", h.plan, all + 1, 1},
		{"no entity", &plan.Plan{Rules: h.plan.Rules, Tables: h.plan.Tables}, 0, 0},
		{"everything in the end", h.plan, all + 1, 1},
	} {
		if columns, views := held(c.plan); columns != c.columns || views != c.views {
			t.Errorf("%s: %d columns and %d views stand, want %d and %d", c.what, columns, views, c.columns, c.views)
		}
	}
}
