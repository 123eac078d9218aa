package sqlgen_test

import (
	"strings"
	"testing"

	"personae/engine/sqlgen/sqltest"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/plan"
	"personae/engine/sqlgen"
)

// packed are sums that facts bound: counts, small and wide numbers, negative
// ones, and some that are empty.
var packed = [][2]string{
	{"customer.orders.size()", "count(*)"},
	{"customer.orders.filter(o, o.small > 3).size()", "count_if(small > 3)"},
	{"customer.orders.map(o, o.wide).sum()", "sum(wide)"},
	{"customer.orders.map(o, o.below).sum()", "sum(below)"},
	{"customer.orders.filter(o, o.small > 3).map(o, o.below).sum()", "coalesce(sum(below) FILTER (small > 3), 0)"},
	{"customer.orders.map(o, o.small).avg()", "avg(small)"},
	{"customer.orders.map(o, o.money).sum()", "coalesce(sum(money::DECIMAL(12,2)), 0)"},
	{"customer.orders.map(o, o.money).avg()", "avg(money::DECIMAL(12,2))"},
	{"customer.orders.filter(o, has(o.money)).size()", "count(money)"},
	{"customer.orders.exists(o, o.small == 7)", "bool_or(small = 7)"},
	{"customer.orders.exists(o, o.wide < 0)", "false"},
}

// TestPacks compares sums that share a number with sums by themselves, at the
// limits that facts state: the owner with the most rows has the greatest values.
func TestPacks(t *testing.T) {
	db := sqltest.Open(t)
	sqltest.Exec(t, db, "CREATE SCHEMA snapshot")
	sqltest.Exec(t, db, "CREATE TABLE snapshot.customers AS SELECT range AS id FROM range(5)")
	sqltest.Exec(t, db, `CREATE TABLE snapshot.orders AS SELECT owner AS customer_id, range % 8 AS small,
		CASE WHEN owner = 2 THEN 65536000 ELSE range * 97 END AS wide, CASE WHEN owner = 2 THEN -40 WHEN owner = 3 THEN 25 ELSE range - 40 END AS below,
		CASE WHEN range % 3 > 0 THEN CASE WHEN owner = 2 THEN -99.99 ELSE range / 1e2 END END AS money
		FROM (VALUES (0, 9), (1, 1), (2, 63), (3, 30)) o(owner, n), range(n)`)
	customers := &catalog.Table{Name: "customers", Entity: "customer", Role: catalog.Root, Key: "id", Columns: []*catalog.Column{column("id", catalog.Int, false)}}
	orders := &catalog.Table{Name: "orders", Entity: "order", Role: catalog.Relation, Of: "customer", By: "customer_id", Columns: []*catalog.Column{
		column("customer_id", catalog.Int, false), column("small", catalog.Int, false), column("wide", catalog.Int, false), column("below", catalog.Int, false), column("money", catalog.Double, true)}}
	tables := []*catalog.Table{customers, orders}
	env, err := celenv.Row(celenv.Options{Tables: tables, Entity: "customer"})
	if err != nil {
		t.Fatal(err)
	}
	query := func(most int64) string {
		b := plan.NewBuilder(&catalog.Facts{Tables: map[string]*catalog.TableFacts{"orders": {Rows: 103, PerOwner: most, Columns: map[string]*catalog.ColumnFacts{
			"customer_id": {Min: int64(0), Max: int64(3)}, "small": {Min: int64(0), Max: int64(7)}, "wide": {Min: int64(0), Max: int64(65536000)},
			"below": {Min: int64(-40), Max: int64(25)}, "money": {Min: -99.99, Max: 0.29, Hundredths: true, Nulls: 1}}}}})
		var outputs []plan.Output
		for i, pair := range packed {
			checked, issues := env.Compile(pair[0])
			if issues.Err() != nil {
				t.Fatal(issues.Err())
			}
			e, holes := plan.Lower(b, plan.Scope{Entity: "customer", Table: customers, Tables: tables}, checked)
			if len(holes) > 0 {
				t.Fatal(pair[0], holes)
			}
			outputs = append(outputs, plan.Output{Name: "o" + itoa(i), Expr: e})
		}
		sql, err := sqlgen.SelectSQL(sqlgen.DuckDB{}, asOf, "snapshot.customers", "id", outputs)
		if err != nil {
			t.Fatal(err)
		}
		return sql
	}
	var list, differ []string
	for i, pair := range packed {
		list = append(list, pair[1]+" AS o"+itoa(i))
		a, h := "a.o"+itoa(i), "h.o"+itoa(i)
		differ = append(differ, "("+a+" IS NULL) <> ("+h+" IS NULL) OR coalesce(abs("+a+"::DOUBLE - "+h+"::DOUBLE), 0) > 1e-9")
	}
	byHand := "SELECT customer_id AS id, " + strings.Join(list, ", ") + " FROM snapshot.orders GROUP BY customer_id"
	for most, packs := range map[int64]bool{63: true, 1 << 40: false, 0: false} {
		ours := query(most)
		if got := strings.Contains(ours, "≡pack 1"); got != packs {
			t.Errorf("at most %d rows: packed %v\n%s", most, got, ours)
		}
		for i := range differ {
			var n, wrong int
			if err := db.QueryRow("SELECT count(*), count_if("+differ[i]+") FROM ("+ours+") a JOIN ("+byHand+") h ON a.id = h.id").Scan(&n, &wrong); err != nil {
				t.Fatal(err)
			}
			if n != 4 || wrong > 0 {
				t.Errorf("at most %d rows: %s: %d of %d differ", most, packed[i][0], wrong, n)
			}
		}
	}
}
