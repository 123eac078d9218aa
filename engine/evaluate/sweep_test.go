package evaluate

import (
	"context"
	"slices"
	"testing"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqlgen"
)

// TestNothingIsLeftBehind evaluates plans of more and of less, and looks at what
// the database of results holds: a column for each output that is no condition,
// one of the key, the bytes of conditions, and of an entity that is gone nothing.
func TestNothingIsLeftBehind(t *testing.T) {
	h := newRanked(t, "hash(s, n, m, d, e, t)", "hash(s, n, m, d, e, t) % 16 = 0", true)
	const bytes = "STRUCT(b TINYINT)"
	held := func(p *plan.Plan) (columns, bits, views int) {
		t.Helper()
		if _, err := h.snap.Run(context.Background(), p, Options{}); err != nil {
			t.Fatal(err)
		}
		row, err := h.db.One(context.Background(), "SELECT count_if(data_type <> '"+bytes+"') AS columns, count_if(data_type = '"+bytes+"') AS bits, "+
			"(SELECT count(*) FROM duckdb_views() WHERE database_name = '"+sqlgen.ResultSchema+"' AND NOT internal) AS views "+
			"FROM duckdb_tables() t JOIN duckdb_columns() USING (database_name, table_name) WHERE database_name = '"+sqlgen.ResultSchema+"' AND NOT starts_with(table_name, '"+undecidedRows+"')")
		if err != nil {
			t.Fatal(err)
		}
		return int(row.Whole("columns")), int(row.Whole("bits")), int(row.Whole("views"))
	}
	all := 1 // the key
	for _, o := range h.plan.Entities[0].Outputs() {
		if o.Expr.Type.Kind != catalog.Bool || o.Open() {
			all++
		}
	}
	less := *h.plan.Entities[0]
	less.Strata = slices.Clone(less.Strata)
	last := &less.Strata[len(less.Strata)-1]
	last.Outputs = slices.DeleteFunc(slices.Clone(last.Outputs), func(o plan.Output) bool { return o.Name == "in_best" })
	less.Insight, less.Clauses = nil, nil
	for _, c := range []struct {
		what                 string
		plan                 *plan.Plan
		columns, bits, views int
	}{
		{"everything", h.plan, all, 4, 1},
		{"everything again", h.plan, all, 4, 1},
		{"all but one", &plan.Plan{Rules: h.plan.Rules, Tables: h.plan.Tables, Entities: []*plan.EntityPlan{&less}}, all, 5, 1},
		{"everything after that", h.plan, all, 5, 1},
		{"no entity", &plan.Plan{Rules: h.plan.Rules, Tables: h.plan.Tables}, 0, 0, 0},
		{"everything in the end", h.plan, all, 4, 1},
	} {
		if columns, bits, views := held(c.plan); columns != c.columns || bits != c.bits || views != c.views {
			t.Errorf("%s: %d columns, %d bytes and %d views stand, want %d, %d and %d", c.what, columns, bits, views, c.columns, c.bits, c.views)
		}
	}
}
