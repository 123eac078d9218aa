package sqlgen_test

import (
	"slices"
	"strings"
	"testing"

	"personae/engine/plan"
	"personae/engine/sqlgen"
)

// TestOneScanPerTableAndStratum counts the readings of each table in the SQL of
// 300 rules of all kinds, and what the plan says of them: related rows are
// grouped once, in the first stratum that asks for them, for all rules of all
// strata, sequences of rows included.
func TestOneScanPerTableAndStratum(t *testing.T) {
	w := newRuleWriter(t)
	customers, orders := shopTablesOfBench()
	p := w.plan(t, customers, orders, nil)
	script := generate(t, p)
	if len(script.Strata) != 1 {
		t.Fatalf("%d strata below the last", len(script.Strata))
	}
	want := []string{"customers orders", ""} // the last pass reads what the first has kept
	for i, sql := range []string{script.Strata[0].Select, script.Select} {
		if got := readings(p.Entities[0].Scans(i)); got != want[i] {
			t.Errorf("the plan of stratum %d scans %s, not %s", i+1, got, want[i])
		}
		for _, table := range []string{"customers", "orders"} {
			if got, want := strings.Count(sql, `"snapshot"."`+table+`"`), strings.Count(want[i], table); got != want {
				t.Errorf("the SQL of stratum %d reads %s %d times, not %d", i+1, table, got, want)
			}
		}
	}
	if cuts := strings.Join(script.Strata[0].CutPoints, ";"); strings.Contains(cuts, "snapshot") {
		t.Error("cut points read the data again")
	}
}

// TestComparedRowsAreScannedAgain: what rows are compared with has to be known.
func TestComparedRowsAreScannedAgain(t *testing.T) {
	s := newShop(t, calmCells, false, 20)
	b := plan.NewBuilder(s.facts)
	l, _ := s.lower(t, b, "customer.orders.exists(o, o.price > customer.orders.map(x, x.price).avg()) && customer.orders.size() > 1 && customer.orders.gaps().size() > 1")
	query, err := sqlgen.SelectSQL(sqlgen.DuckDB{}, asOf, "snapshot.customers", "id", []plan.Output{{Name: "o", Expr: l.e}})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(query, `FROM "snapshot"."orders"`); n != 2 {
		t.Errorf("orders are read %d times, not twice:\n%s", n, query)
	}
}

// readings are the tables of scans, sorted.
func readings(list []plan.Scan) string {
	var names []string
	for _, s := range list {
		if s.Alone == "" {
			names = append(names, s.Table.Name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}
