package evaluate

import (
	"context"
	"database/sql"
	"path/filepath"
	"reflect"
	"testing"

	"personae/engine/results"
)

const lackRules = `
kind: Project
name: p
root: customer
as_of: 2026-01-01T00:00:00Z
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: c.csv}
columns: {shop: {type: string, references: shops}}
---
kind: Dataset
name: shops
entity: shop
key: code
source: {path: s.csv}
columns: {area: {type: double}, region: {type: string, references: regions}}
---
kind: Dataset
name: regions
entity: region
key: code
source: {path: r.csv}
columns: {people: {type: int}}
---
kind: Segment
name: guarded
when: has(customer.shop) && customer.shop.area > 10.0
---
kind: Segment
name: open
when: customer.shop.area > 10.0
---
kind: Segment
name: far
when: customer.shop.region.people > 5
---
kind: Segment
name: zero
when: 100 / customer.shop.floors > 10
`

// Rules that follow references say what the row there lacks, or that there is
// none, of every row that they cannot decide.
func TestUnknownsNameWhatReferencedRowsLack(t *testing.T) {
	h := &holes{world: newWorld(t, lackRules, map[string]string{
		"c.csv": "id,shop\n1,a\n2,a\n3,b\n4,b\n5,b\n6,\n7,x\n8,c\n9,d\n10,d\n",
		"s.csv": "code,area,region,floors\na,20,n,2\nb,,m,1\nc,5,,0\nd,8,y,3\n",
		"r.csv": "code,people\nn,9\nm,\n",
	})}
	h.ready(t, true)
	want := map[string]map[string]int64{
		"guarded": {"area of shop is empty": 3},
		"open":    {"area of shop is empty": 3, "shop is empty": 1, "shop leads to no row": 1},
		"far":     {"people of region of shop is empty": 3, "region of shop leads to no row": 2, "region of shop is empty": 1, "shop is empty": 1, "shop leads to no row": 1},
		"zero":    {"shop is empty": 1, "shop leads to no row": 1, "a number is divided by zero": 1},
	}
	got := map[string]map[string]int64{}
	last := results.Unknown{}
	for _, u := range h.run(t).Unknowns {
		if got[u.Name] == nil {
			got[u.Name] = map[string]int64{}
		}
		got[u.Name][u.Text()] = u.Rows
		if u.Sampled || u.Name == last.Name && u.Rows > last.Rows {
			t.Errorf("%+v stands after %+v", u, last)
		}
		last = u
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}

	path := filepath.Join(t.TempDir(), "memberships.parquet")
	if err := h.snap.ExportMemberships(context.Background(), h.plan, path, nil); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var because string
	if err := db.QueryRow("SELECT string_agg(because, '; ' ORDER BY key::INTEGER) FROM '" + path + "' WHERE segment = 'far' AND state = 'unknown'").Scan(&because); err != nil {
		t.Fatal(err)
	}
	const people, none = "people of region of shop is empty; ", "region of shop leads to no row"
	if want := people + people + people + "shop is empty; shop leads to no row; region of shop is empty; " + none + "; " + none; because != want {
		t.Errorf("%s\nwant %s", because, want)
	}
}
