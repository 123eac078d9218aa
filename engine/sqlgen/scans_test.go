package sqlgen_test

import (
	"strings"
	"testing"
)

// TestOneScanPerTableAndStratum counts the readings of each table in the SQL of
// 300 rules of all kinds: related rows are grouped once, in the first stratum
// that asks for them, for all rules of all strata, sequences of rows included.
func TestOneScanPerTableAndStratum(t *testing.T) {
	w := newRuleWriter(t)
	customers, orders := shopTablesOfBench()
	script := w.compile(t, customers, orders, nil)
	var passes []string
	for _, s := range script.Strata {
		passes = append(passes, s.Select)
	}
	passes = append(passes, script.Select)
	if len(passes) != 2 {
		t.Fatalf("%d strata", len(passes))
	}
	for i, want := range []struct{ customers, orders int }{{1, 1}, {1, 0}} {
		for table, n := range map[string]int{"customers": want.customers, "orders": want.orders} {
			if got := strings.Count(passes[i], `"snapshot"."`+table+`"`); got != n {
				t.Errorf("stratum %d reads %s %d times, not %d", i+1, table, got, n)
			}
		}
	}
}
