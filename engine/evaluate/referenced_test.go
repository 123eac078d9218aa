package evaluate

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"personae/engine/duckdb"
	"personae/engine/eval"
)

const referencedHoleRules = `
kind: Project
name: holes
timezone: Europe/London
as_of: 2026-01-01T00:00:00Z
root: customer
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: c.parquet}
columns:
  shop: {type: string, references: shops}
  friend: {type: int, references: customers}
---
kind: Dataset
name: orders
entity: order
key: order_id
of: customer
by: id
time: at
source: {path: o.parquet}
columns: {shop: {type: string, references: shops}}
---
kind: Dataset
name: shops
entity: shop
key: code
source: {path: s.parquet}
columns: {region: {type: string, references: regions}}
---
kind: Dataset
name: staff
entity: clerk
of: shop
by: code
source: {path: t.parquet}
---
kind: Dataset
name: regions
entity: region
key: code
source: {path: r.parquet}
---
kind: Traits
traits:
  town: {value: "[[customer.shop.town]].flatten()[0] + ' in ' + customer.shop.region.name"}
  area: {value: "customer.shop.area * 2.0"}
  clerks: {value: "customer.shop.staff.filter(c, [[c.name]].flatten()[0] == 'Ann').size()"}
---
kind: Segment
name: straight
when: customer.n > 0 && customer.shop.area > 1.0 && [[customer.shop.town]].flatten()[0] == 'York'
---
kind: Segment
name: deep
when: customer.n == 3 || [[customer.shop.region.name]].flatten()[0] == 'North'
---
kind: Segment
name: guarded
when: has(customer.shop) && has(customer.shop.region) && [[customer.shop.region.name]].flatten()[0] != 'North' && customer.n > 0
---
kind: Segment
name: by_orders
when: customer.orders.exists(o, o.total > 3 && [[o.shop.region.name]].flatten()[0] == 'South')
---
kind: Segment
name: their_staff
when: customer.orders.filter(o, has(o.shop)).map(o, o.shop).exists(s, s.staff.exists(c, [[c.name]].flatten()[0] == 'Bob')) || customer.n > 1
---
kind: Segment
name: friends
when: "[[customer.friend.friend.shop.town]].flatten()[0] == 'York' || customer.n == 0"
---
kind: Segment
name: friends_order
when: customer.friend.orders.exists(o, string([[o.total]].flatten()[0]) == '6')
---
kind: Segment
name: beside
when: "string([[customer.n]].flatten()[0]) == '1' && customer.area > 10.0"
---
kind: Segment
name: optional
when: (customer.?shop.?town.orValue('none') == 'none' || [[customer.shop.town]].flatten()[0] == 'Hull') && customer.n < 2
---
kind: Segment
name: bound
when: cel.bind(s, customer.shop, s.area > 1.0 && [[s.town]].flatten()[0] == 'York')
---
kind: Segmentation
name: band
segments:
  - {name: near, when: "[[customer.shop.town]].flatten()[0] == 'York'"}
  - {name: large, when: "customer.shop.area > 10.0"}
otherwise: rest
---
kind: Persona
name: ann
who: "[[customer.shop.town]].flatten()[0] == 'York' || customer.n == 1"
role: primary
identity: {name: Ann}
story: "${median(customer.n)} ${avg(customer.shop.area + double(string([[customer.n]].flatten()[0])))}"
`

// newReferencedHoles makes rows that reference others, some of which are not
// there, and one another.
func newReferencedHoles(t *testing.T, facts bool) *holes {
	t.Helper()
	h := &holes{world: newWorld(t, referencedHoleRules, nil)}
	pick := func(list string, n, salt int) string {
		return "(" + list + ")[(1 + hash(i, " + strconv.Itoa(salt) + ") % " + strconv.Itoa(n) + ")::BIGINT]"
	}
	shops := "['a', 'b', 'c', 'd', 'gone', NULL]"
	h.make("COPY (SELECT i::BIGINT AS id, " + pick(shops, 6, 1) + " AS shop, " + pick("[-1, 0, 1, 3, NULL]::BIGINT[]", 5, 2) + " AS n, CASE hash(i, 3) % 5 WHEN 0 THEN NULL WHEN 1 THEN 5000 ELSE hash(i, 4) % 700 END::BIGINT AS friend FROM range(700) r(i) ORDER BY hash(i)) TO '" + h.root + "/c.parquet'")
	h.make("COPY (SELECT (hash(i, 3) % 700)::BIGINT AS id, 'o' || i AS order_id, TIMESTAMPTZ '2026-01-01 00:00:00+00' - to_hours((hash(i, 4) % 2000)::BIGINT) AS at, " +
		pick("[1, 6, 9, NULL]::BIGINT[]", 4, 5) + " AS total, " + pick(shops, 5, 6) + " AS shop FROM range(1200) r(i) ORDER BY hash(i, 9)) TO '" + h.root + "/o.parquet'")
	h.make("COPY (SELECT * FROM (VALUES ('a', 'York', 20.0, 'n'), ('b', NULL, 0.5, 's'), ('c', 'Hull', NULL, NULL), ('d', 'York', 7.0, 'lost')) v(code, town, area, region)) TO '" + h.root + "/s.parquet'")
	h.make("COPY (SELECT * FROM (VALUES ('a', 'Ann'), ('a', 'Bob'), ('b', 'Bob'), ('b', 'Ann'), ('b', 'Ann'), ('d', NULL)) v(code, name)) TO '" + h.root + "/t.parquet'")
	h.make("COPY (SELECT * FROM (VALUES ('n', 'North'), ('s', 'South')) v(code, name)) TO '" + h.root + "/r.parquet'")
	h.ready(t, facts)
	h.readReferenced(t)
	return h
}

// readReferenced puts rows together, without any query that the engine uses.
func (h *holes) readReferenced(t *testing.T) {
	t.Helper()
	read := func(table string) (rows []map[string]any) {
		err := h.db.Each(context.Background(), "SELECT * FROM snapshot."+table, func(r duckdb.Row) error {
			rows = append(rows, r)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	find := func(rows []map[string]any, column string, v any) (found []map[string]any) {
		for _, r := range rows {
			if v != nil && r[column] == v {
				found = append(found, r)
			}
		}
		return found
	}
	customers, orders, shops, staff, regions := read("customers"), read("orders"), read("shops"), read("staff"), read("regions")
	refer := func(row map[string]any, column string, to []map[string]any) {
		if len(to) > 0 {
			row[eval.ReferenceName(column)] = to[0]
		}
	}
	for _, s := range shops {
		s["staff"] = find(staff, "code", s["code"])
		refer(s, "region", find(regions, "code", s["region"]))
	}
	for _, o := range orders {
		refer(o, "shop", find(shops, "code", o["shop"]))
	}
	// Of friends of friends only so much is made as the rules read.
	last := func(c map[string]any) map[string]any {
		out := map[string]any{"id": c["id"], "n": c["n"], "shop": c["shop"], "friend": c["friend"], "orders": find(orders, "id", c["id"])}
		refer(out, "shop", find(shops, "code", c["shop"]))
		return out
	}
	first := func(c map[string]any) map[string]any {
		out := last(c)
		for _, f := range find(customers, "id", c["friend"]) {
			out[eval.ReferenceName("friend")] = last(f)
		}
		return out
	}
	h.related = func(id any) map[string][]map[string]any {
		return map[string][]map[string]any{"orders": find(orders, "id", id)}
	}
	h.referenced = func(cells map[string]any) map[string]map[string]any {
		out := map[string]map[string]any{"shop": nil, "friend": nil}
		for _, s := range find(shops, "code", cells["shop"]) {
			out["shop"] = s
		}
		for _, f := range find(customers, "id", cells["friend"]) {
			out["friend"] = first(f)
		}
		return out
	}
}

// What SQL cannot calculate of referenced rows is decided by cel-go, which is
// given them as deep as the rules go, also where rows reference one another.
func TestHolesBesideReferencesAgreeWithCEL(t *testing.T) {
	for _, facts := range []bool{false, true} {
		h := newReferencedHoles(t, facts)
		found := h.run(t)
		h.compare(t)
		asked := map[string]int64{}
		for _, r := range found.ByRow {
			asked[r.Name] = r.Asked
		}
		for _, name := range []string{"town", "clerks", "straight", "deep", "guarded", "by_orders", "their_staff", "friends", "friends_order", "beside", "optional", "bound", "band", "ann"} {
			if asked[name] == 0 {
				t.Errorf("%s: no row was decided by row", name)
			}
		}
		if asked["straight"] > 500 || asked["area"] > 0 {
			t.Errorf("SQL is no prefilter: %v", asked)
		}
		why := map[string]string{}
		for _, u := range found.Unknowns {
			why[u.Name] += u.Text() + "; "
		}
		for rule, reasons := range map[string][]string{
			"straight": {"shop is empty", "shop leads to no row"}, "deep": {"region of shop is empty", "region of shop leads to no row"},
			"by_orders": {"order.total is empty", "region of order.shop leads to no row"}, "friends": {"friend is empty", "friend of friend is empty", "shop of friend of friend leads to no row"},
		} {
			for _, reason := range reasons {
				if !strings.Contains(why[rule], reason) {
					t.Errorf("%s cannot tell because %s: not that %s", rule, why[rule], reason)
				}
			}
		}
	}
}
