package duckdb

import (
	"fmt"
	"strings"
	"testing"
)

const shopYAML = `kind: Project
name: shop
timezone: Europe/London
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: data/customers.csv}
columns:
  income: {type: double, null_values: ["n/a"]}
  born: {type: date, format: "%d/%m/%Y"}
  email: {type: string, pii: true}
  kids: {type: int, pii: true}
  work: {from: "What is your job", replace: {Housewife: Homemaker}}
---
kind: Dataset
name: orders
entity: order
key: order_id
of: customer
by: customer_id
time: ordered_at
value: total
source: {path: data/orders/*.csv}
columns:
  total: {type: double}
`

var shopFiles = map[string]string{
	"data/customers.csv": "id,income,born,email,What is your job,kids,member\n" +
		"1,1000.5,31/01/1980,a@x.com,Housewife,2,yes\n" +
		"2,n/a,30/02/1980,b@x.com,Baker,7.6,no\n" +
		",5,01/01/1990,c@x.com,Baker,1,no\n" +
		"3,1_000,01/07/1990,d@x.com,,99999999999999999999,yes\n" +
		"1,1000.5,31/01/1980,a@x.com,Housewife,2,yes\n" +
		"4,12,too,short\n" +
		"5,NaN,,e@x.com,\"multi\nline\",,YES\n",
	"data/orders/b.csv": "order_id,customer_id,ordered_at,total\n" +
		"10,1,2025-06-01 12:00:00,5.5\n" +
		"11,77,2025-06-01 12:00:00,7\n" +
		"12,2,2026-06-01 12:00:00,9\n",
	"data/orders/a.csv": "order_id,total,customer_id,ordered_at\n" +
		"1,1.25,1,2025-01-01 12:00:00\n" +
		"2,2.5,,2025-01-01 12:00:00\n" +
		"3,3,3,\n" +
		"4,x,3,2025-01-02 00:00:00\n",
}

func TestDirtIsCounted(t *testing.T) {
	w := newWorld(t, shopYAML, shopFiles)
	s := w.mustLoad()
	wantProblems(t, s.health(t, "customers"),
		`duplicate row/id/1/dropped/warn data/customers.csv:1`,
		`null key/id/1/row skipped/warn data/customers.csv:3`,
		`unreadable line//1/row skipped/warn data/customers.csv:7`,
		`unreadable value/born/1/set to null/warn data/customers.csv:2 "30/02/1980"`,
		`unreadable value/income/2/set to null/warn data/customers.csv:4 "1_000"`,
		`unreadable value/kids/2/set to null/warn data/customers.csv:2`)
	wantProblems(t, s.health(t, "orders"),
		`later than as-of/ordered_at/1/row skipped/warn data/orders/b.csv:3`,
		`no time/ordered_at/1/row skipped/warn data/orders/a.csv:3`,
		`orphan row/customer_id/2/row skipped/warn data/orders/a.csv:2 =9.5`,
		`unreadable value/total/1/set to null/warn data/orders/a.csv:4 "x"`)
	w.wantRows("FROM snapshot.customers",
		"1|1000.5|1980-01-31T00:00:00Z|a@x.com|Homemaker|2|true",
		"2|-|-|b@x.com|Baker|-|false",
		"3|-|1990-06-30T23:00:00Z|d@x.com|-|-|true",
		"5|-|-|e@x.com|multi\nline|-|true")
	w.wantRows("SELECT order_id, customer_id, ordered_at, total FROM snapshot.orders ORDER BY 1",
		"1|1|2025-01-01T12:00:00Z|1.25", "4|3|2025-01-02T00:00:00Z|-", "10|1|2025-06-01T11:00:00Z|5.5")
	if h := s.health(t, "customers"); h.Read != 7 || h.Rows != 4 {
		t.Errorf("read %d, kept %d", h.Read, h.Rows)
	}
	f := s.Facts.Column("customers", "income")
	if f.Nulls != 3 || f.Min != 1000.5 || f.Max != 1000.5 || f.HasNaN {
		t.Errorf("facts of income: %+v", f)
	}
	if got := strings.Join(s.Facts.Column("customers", "work").Distinct, ","); got != "Baker,Homemaker,multi\nline" {
		t.Errorf("values of work: %s", got)
	}
}

// A reading leaves nothing in the database but its snapshot, however often data
// are read.
func TestReadingsLeaveNothingBehind(t *testing.T) {
	const yaml = "kind: Project\nname: p\nroot: customer\n---\nkind: Dataset\nname: customers\nentity: customer\nkey: id\nsource: {path: c.csv}\ncolumns: {id: {type: int}, n: {type: int}}\n"
	w := newWorld(t, yaml, map[string]string{"c.csv": "id,n\n1,2\n2,3,4\n3,x\n"})
	for i := range 3 {
		w.write("c.csv", fmt.Sprintf("id,n\n1,%d\n2,3,4\n3,x\n", i))
		h := w.mustLoad().health(t, "customers")
		if h.Read != 3 || h.Rows != 2 {
			t.Fatalf("%d rows read, %d kept", h.Read, h.Rows)
		}
		w.wantRows("SELECT table_name FROM duckdb_tables() ORDER BY 1", "customers")
	}
}
