package evaluate

import (
	"context"
	"strings"
	"testing"

	"personae/engine/duckdb"
)

const relatedHoleRules = `
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
---
kind: Dataset
name: orders
entity: order
key: order_id
of: customer
by: id
time: at
source: {path: o.parquet}
---
kind: Dataset
name: items
entity: item
of: order
by: order_id
source: {path: i.parquet}
---
kind: Dataset
name: visits
entity: visit
of: customer
by: id
time: at
source: {path: v.parquet}
---
kind: Traits
traits:
  parts: {value: "customer.orders.map(o, [[o.city]].flatten()[0].split('a').size()).sum()"}
  newest: {value: "customer.visits.map(v, [[v.page]].flatten()[0].replace('a', 'b')).last().orValue('none')"}
  mean: {value: "customer.orders.map(o, o.total / o.n).avg()"}
  spelled: {value: "customer.mean == null ? [[customer.s]].flatten()[0].replace('a', '') : customer.s"}
  first_gap: {value: "customer.orders.filter(o, [[o.city]].flatten()[0].split('a').size() > 1).gaps().first().orValue(days(0))"}
---
kind: Segment
name: some
when: "customer.n > 0 && customer.orders.exists(o, o.total > 5 && [[o.city]].flatten()[0].split('a').size() > 1)"
---
kind: Segment
name: each
when: "!customer.orders.all(o, [[o.city]].flatten()[0].replace('a', 'b') != 'bXb' || o.n > 1) || customer.s == 'a'"
---
kind: Segment
name: kept
when: "customer.orders.filter(o, [[o.city]].flatten()[0].split('').size() % 2 == 1).size() > 1 || customer.n == 3"
---
kind: Segment
name: nested
when: "customer.orders.exists(o, o.items.exists(i, [[i.colour]].flatten()[0].split('a').size() > 1 && i.cost > 1.0)) && customer.n != 0"
---
kind: Segment
name: ordered
when: "customer.visits.sequence(v, step(v.page.startsWith('a')), never(v.page == 'c'), step([[v.page]].flatten()[0].split('a').size() > 1, days(customer.n)))"
---
kind: Segment
name: weekly
when: "customer.visits.filter(v, [[v.page]].flatten()[0].split('a').size() > 1).weeksActive(8) >= 2"
---
kind: Segment
name: beside
when: "[[customer.s]].flatten()[0].split('a').size() > 1 && (customer.mean == null || customer.mean > 3.0)"
---
kind: Segment
name: reads
when: "segment.some || customer.parts > 3 && !segment.ordered"
---
kind: Segment
name: outer
when: "customer.orders.exists(o, [[o.city]].flatten()[0].split(customer.s).size() > 1)"
---
kind: Segment
name: plain
when: customer.orders.exists(o, o.total > 5)
---
kind: Segment
name: sum
when: customer.orders.map(o, o.total).sum() > 20
---
kind: Segmentation
name: band
segments:
  - {name: high, when: "customer.orders.size() > 3"}
  - {name: middle, when: "customer.orders.exists(o, [[o.city]].flatten()[0].split('a').size() > 2)"}
otherwise: rest
---
kind: Persona
name: ann
who: "customer.orders.exists(o, [[o.city]].flatten()[0].split('a').size() > 1) || customer.n == 1"
role: primary
identity: {name: Ann}
story: "${median(customer.parts)} ${avg(customer.orders.map(o, [[o.city]].flatten()[0].split('a').size()).max())}"
`

// newRelatedHoles makes rows that belong to rows, hostile ones among them.
func newRelatedHoles(t *testing.T, rules string, facts bool) *holes {
	t.Helper()
	h := &holes{world: newWorld(t, rules, nil)}
	h.make("COPY (SELECT i::BIGINT AS id, (['a', 'aXa', '', 'é', 'bab', NULL])[(1 + hash(i, 1) % 6)::BIGINT] AS s, ([-1, 0, 1, 3, NULL]::BIGINT[])[(1 + hash(i, 2) % 5)::BIGINT] AS n, ([['a', 'b'], ['a', NULL], [], ['bab'], NULL]::VARCHAR[][])[(1 + hash(i, 8) % 5)::BIGINT] AS tags FROM range(900) r(i) ORDER BY hash(i)) TO '" + h.root + "/c.parquet'")
	h.make(`COPY (SELECT (hash(i, 3) % 900)::BIGINT AS id, 'o' || i AS order_id, TIMESTAMPTZ '2026-01-01 00:00:00+00' - to_hours((hash(i, 4) % 2000)::BIGINT) AS at,
		([1, 6, 9, NULL, -9223372036854775807]::BIGINT[])[(1 + hash(i, 5) % (CASE WHEN hash(i, 3) % 3 = 0 THEN 5 ELSE 3 END))::BIGINT] AS total, ([1, 2, 0, NULL]::BIGINT[])[(1 + hash(i, 6) % (CASE WHEN hash(i, 3) % 2 = 0 THEN 4 ELSE 2 END))::BIGINT] AS n,
		(['a', 'aXa', '', 'b', NULL])[(1 + hash(i, 7) % (CASE WHEN hash(i, 3) % 4 = 0 THEN 5 ELSE 4 END))::BIGINT] AS city FROM range(1500) r(i) ORDER BY hash(i, 9)) TO '` + h.root + `/o.parquet'`)
	h.make(`COPY (SELECT 'o' || (hash(i, 3) % 1500) AS order_id, (['a', 'aXa', '', NULL])[(1 + hash(i, 4) % 4)::BIGINT] AS colour, ([0.5, 2.5, NULL]::DOUBLE[])[(1 + hash(i, 5) % 3)::BIGINT] AS cost FROM range(2000) r(i)) TO '` + h.root + `/i.parquet'`)
	h.make(`COPY (SELECT (hash(i, 3) % 900)::BIGINT AS id, TIMESTAMPTZ '2026-01-01 00:00:00+00' - to_days((hash(i, 4) % 9)::INTEGER) AS at, (['a', 'aXa', 'c', 'b', NULL])[(1 + hash(i, 5) % (CASE WHEN hash(i, 3) % 3 = 0 THEN 5 ELSE 4 END))::BIGINT] AS page,
		(hash(i, 6) % 7)::BIGINT AS seconds FROM range(2500) r(i)) TO '` + h.root + `/v.parquet'`)
	h.ready(t, facts)
	h.related = h.relatedRows(t)
	return h
}

// relatedRows reads the snapshot, without any query that the engine uses.
func (h *holes) relatedRows(t *testing.T) func(id any) map[string][]map[string]any {
	t.Helper()
	read := func(table, by string) map[any][]map[string]any {
		out := map[any][]map[string]any{}
		err := h.db.Each(context.Background(), "SELECT * FROM snapshot."+table, func(r duckdb.Row) error {
			out[r[by]] = append(out[r[by]], r)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	orders, items, visits := read("orders", "id"), read("items", "order_id"), read("visits", "id")
	for _, list := range orders {
		for _, o := range list {
			o["items"] = items[o["order_id"]]
		}
	}
	return func(id any) map[string][]map[string]any {
		return map[string][]map[string]any{"orders": orders[id], "visits": visits[id]}
	}
}

// What SQL cannot calculate of related rows is decided by cel-go, over the rows
// that belong to the open customers.
func TestHolesInRelatedRowsAgreeWithCEL(t *testing.T) {
	for _, facts := range []bool{false, true} {
		h := newRelatedHoles(t, relatedHoleRules, facts)
		found := h.run(t)
		h.compare(t)
		asked := map[string]int64{}
		for _, r := range found.ByRow {
			asked[r.Name] = r.Asked
		}
		for _, name := range []string{"some", "each", "kept", "nested", "ordered", "weekly", "beside", "reads", "outer", "band", "ann", "parts", "newest", "first_gap"} {
			if asked[name] == 0 || asked[name] > 900 {
				t.Errorf("%s: %d rows were decided by row", name, asked[name])
			}
		}
		if asked["some"] > 500 || asked["plain"] > 0 {
			t.Errorf("SQL is no prefilter: %v", asked)
		}
	}
}

// An undecided rule over related rows names the column that is empty in them.
func TestUnknownsNameRelatedColumns(t *testing.T) {
	h := newRelatedHoles(t, relatedHoleRules, true)
	why := map[string][]string{}
	for _, u := range h.run(t).Unknowns {
		why[u.Name] = append(why[u.Name], u.Text())
	}
	for rule, reason := range map[string]string{"plain": "order.total is empty", "some": "order.city is empty", "nested": "item.colour is empty", "ordered": "visit.page is empty", "sum": "the sum is out of range"} {
		if !strings.Contains(strings.Join(why[rule], "; "), reason) {
			t.Errorf("%s cannot tell because %q, want %q", rule, why[rule], reason)
		}
	}
}
