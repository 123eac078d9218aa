package sqlgen_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"personae/engine/sqlgen/sqltest"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqlgen"
)

// TestOrderBySign compares doubles with constants, zeros of both signs and the
// smallest numbers among them, as Go does.
func TestOrderBySign(t *testing.T) {
	db := sqltest.Open(t)
	zero := math.Copysign(0, -1)
	values := []float64{-1e308, -1, -5e-324, zero, 0, 5e-324, 0.1, 1, 1e308}
	table := &catalog.Table{Name: "t"}
	b := plan.NewBuilder(&catalog.Facts{Tables: map[string]*catalog.TableFacts{"t": {Columns: map[string]*catalog.ColumnFacts{"x": {Min: values[0], Max: values[len(values)-1]}}}}})
	x := b.Column(table, &catalog.Column{Name: "x", Type: catalog.Type{Kind: catalog.Double}})
	forms := map[bool]int{}
	answers := map[bool]int{}
	for _, c := range values {
		for _, test := range []struct {
			e    *plan.Expr
			want func(x float64) bool
		}{
			{b.Strict(plan.OpLt, "", x, b.Const(c)), func(x float64) bool { return x < c }},
			{b.Strict(plan.OpLt, "", b.Const(c), x), func(x float64) bool { return c < x }},
			{b.Strict(plan.OpLe, "", x, b.Const(c)), func(x float64) bool { return x <= c }},
			{b.Strict(plan.OpLe, "", b.Const(c), x), func(x float64) bool { return c <= x }},
		} {
			var operands []string
			for _, a := range test.e.Args {
				if a == x {
					operands = append(operands, "x")
				} else {
					operands = append(operands, sqlgen.DuckDB{}.Constant(c))
				}
			}
			sql, err := sqlgen.DuckDB{}.Operator(test.e, operands)
			if err != nil {
				t.Fatal(err)
			}
			forms[strings.Contains(sql, "signbit")]++
			for _, v := range values {
				row := oneRow(t, db, fmt.Sprintf("SELECT %s AS y FROM (SELECT %s AS x)", sql, sqlgen.DuckDB{}.Typed(x, sqlgen.DuckDB{}.Constant(v))))
				answers[test.want(v)]++
				if row["y"] != test.want(v) {
					t.Errorf("%s is %v where x is %v", sql, row["y"], v)
				}
			}
		}
	}
	if forms[true] < 20 || forms[false] < 8 || answers[true] == 0 || answers[false] == 0 {
		t.Errorf("proves nothing: forms %v, answers %v", forms, answers)
	}
}
