package sqlgen_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqlgen"
	"personae/engine/sqlgen/sqltest"
)

// What six times the rules may cost: memory that is asked for says the same
// whatever else the machine does, and what grows with the square of the rules
// asks for it.
const (
	fewRules, manyRules = 100, 600
	mostGrowth          = 1.2 * manyRules / fewRules
)

// TestPlanningGrowsWithRules: planning and writing SQL, which every reload does,
// take a time in proportion to the rules.
func TestPlanningGrowsWithRules(t *testing.T) {
	few, many := planning(t, fewRules), planning(t, manyRules)
	for what, n := range many {
		if growth := float64(n) / float64(few[what]); growth > mostGrowth || growth < 3 {
			t.Errorf("%s: %d for %d rules and %d for %d, %.1f times, from 3 to %.1f times", what, few[what], fewRules, n, manyRules, growth, mostGrowth)
		}
	}
}

// TestBenchPlanning shows the time of all processors, collecting included, which
// what else the machine does changes little. It starts at 1,000
// rules: fewer leave less behind than Go collects at all, and would compare work
// without collecting to work with it. Without it, 100 rules take as long each as 1,000.
func TestBenchPlanning(t *testing.T) {
	sqltest.Benches(t)
	var rows []sqltest.Ratio
	for _, n := range []int{1000, 3000, 6000} {
		rs := manyRulesOf(t, n)
		var took sqltest.Cost
		for range 7 {
			runtime.GC() // what was there before is not this one's work
			start := sqltest.Now()
			if _, err := sqlgen.Generate(planOf(t, rs), sqlgen.DuckDB{}, asOf); err != nil {
				t.Fatal(err)
			}
			took = took.Least(start.Until())
		}
		rows = append(rows, sqltest.Ratio{What: fmt.Sprintf("%d rules", n), Took: took.CPU})
	}
	rows = append(rows, sqltest.Ratio{What: "6000 rules against 1000", Took: rows[2].Took, Base: rows[0].Took, Bound: 8})
	sqltest.Report(t, "plan and SQL", rows)
}

// planning gives what was asked for: bytes of memory, and characters of SQL.
func planning(t *testing.T, n int) map[string]int {
	t.Helper()
	rs := manyRulesOf(t, n)
	out := map[string]int{}
	var p *plan.Plan
	out["bytes to plan"] = allocated(func() { p = planOf(t, rs) })
	out["bytes to write SQL"] = allocated(func() {
		script, err := sqlgen.Generate(p, sqlgen.DuckDB{}, asOf)
		if err != nil {
			t.Fatal(err)
		}
		out["characters of SQL"] = len(script.Entities[0].Select) + len(script.Entities[0].Counts.SQL())
	})
	return out
}

func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

func planOf(t *testing.T, rs *compile.RuleSet) *plan.Plan {
	t.Helper()
	p, found := plan.Build(rs, &catalog.Facts{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	return p
}

// manyRulesOf are n rules: aggregates of related rows, and a segment of each.
func manyRulesOf(t *testing.T, n int) *compile.RuleSet {
	t.Helper()
	customers, orders := shopTablesOfBench()
	var y strings.Builder
	y.WriteString("kind: Project\nname: bench\nroot: customer\n---\nkind: Dataset\nname: customers\nentity: customer\nkey: customer_id\nsource: {path: c.parquet}\n" +
		"---\nkind: Dataset\nname: orders\nentity: order\nkey: order_id\nof: customer\nby: customer_id\ntime: placed\nsource: {path: o.parquet}\n---\nkind: Traits\ntraits:\n")
	for i := range n / 2 {
		fmt.Fprintf(&y, "  t%d: {value: \"customer.orders.filter(o, o.total > %d.5).size()\"}\n", i, i)
	}
	for i := range n / 2 {
		fmt.Fprintf(&y, "---\nkind: Segment\nname: s%d\nwhen: customer.t%d > 2 && customer.age < %d && (customer.income > %d.5 || customer.city == 'city%d')\n", i, i, i, i, i)
	}
	m, found := spec.Parse([]*source.File{source.NewFile("rules/bench.yaml", []byte(y.String()))})
	if found.HasErrors() {
		t.Fatal(found)
	}
	rs, found := compile.Compile(m, &catalog.Catalog{Tables: []*catalog.Table{customers, orders}}, compile.Options{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	return rs
}
