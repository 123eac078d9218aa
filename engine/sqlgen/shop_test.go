package sqlgen_test

import (
	"database/sql"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"personae/engine/sqlgen/sqltest"

	"cel.dev/cel-go/cel"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/eval"
)

// shop is an owner with two relations, one with a key and relations of its own,
// one with neither key nor required columns.
type shop struct {
	customers, orders, items, visits *catalog.Table
	more                             []*catalog.Table // of the mall

	env   *cel.Env
	facts *catalog.Facts
	db    *sql.DB
	rows  []map[string]any // customers, their relations inside
	made  []*eval.Row      // the same for cel-go
}

// shopRules are a few rules over its related rows.
const shopRules = `
kind: Project
name: shop
root: customer
value: {customer: customer.spend_90d}
---
kind: Traits
traits:
  orders_90d: {value: customer.orders.within(days(90)).size()}
  spend_90d:  {value: "customer.orders.within(days(90)).map(o, o.total).sum()"}
  favourite:  {value: "customer.orders.map(o, o.city).mode()"}
  pages:      {value: "customer.visits.map(v, v.page).distinct().size()"}
---
kind: Segment
name: big
when: customer.orders.exists(o, o.total > 50.0 && o.city == customer.city)
---
kind: Segment
name: above_own_average
when: customer.orders.exists(o, o.price > customer.orders.map(x, x.price).avg())
---
kind: Segment
name: colourful
when: customer.orders.filter(o, o.items.exists(i, i.colour == 'red')).size() > 1 && !segment.big
`

func column(name string, kind catalog.Kind, nullable bool) *catalog.Column {
	return &catalog.Column{Name: name, Type: catalog.Type{Kind: kind, Nullable: nullable}}
}

func shopTables() *shop {
	return &shop{
		customers: &catalog.Table{Name: "customers", Entity: "customer", Role: catalog.Root, Key: "id", Columns: []*catalog.Column{
			column("id", catalog.Int, false), column("level", catalog.Int, true), column("budget", catalog.Double, true), column("city", catalog.String, true), column("vip", catalog.Bool, true)}},
		orders: &catalog.Table{Name: "orders", Entity: "order", Role: catalog.Relation, Of: "customer", By: "customer_id", Key: "order_id", Time: "at", Columns: []*catalog.Column{
			column("customer_id", catalog.Int, false), column("order_id", catalog.Int, false), column("at", catalog.Timestamp, false), column("total", catalog.Double, true), column("price", catalog.Double, false),
			column("n", catalog.Int, true), column("m", catalog.Int, false), column("city", catalog.String, true), column("paid", catalog.Bool, true), column("sent", catalog.Timestamp, true)}},
		items: &catalog.Table{Name: "items", Entity: "item", Role: catalog.Relation, Of: "order", By: "order_id", Columns: []*catalog.Column{
			column("order_id", catalog.Int, false), column("cost", catalog.Double, true), column("colour", catalog.String, true)}},
		visits: &catalog.Table{Name: "visits", Entity: "visit", Role: catalog.Relation, Of: "customer", By: "customer", Time: "when", Columns: []*catalog.Column{
			column("customer", catalog.Int, false), column("when", catalog.Timestamp, true), column("page", catalog.String, true), column("seconds", catalog.Int, true)}},
	}
}

func (s *shop) tables() []*catalog.Table {
	return append([]*catalog.Table{s.customers, s.items, s.orders, s.visits}, s.more...)
}

// shopCells are what cells of the shop hold.
type shopCells struct {
	doubles, wholes, cities, times []any
}

var hostileCells = shopCells{
	doubles: []any{nil, nil, math.NaN(), math.Inf(1), -0.5, math.Copysign(0, -1), 0.0, 0.1, 0.1, 0.2, 50.0, 1e-9, 1e18, 123456.789, 1e308},
	wholes:  []any{nil, nil, int64(math.MinInt64), int64(-1), int64(0), int64(0), int64(1), int64(2), int64(3), int64(math.MaxInt64), int64(1 << 53)},
	cities:  []any{nil, "", "Berlin", "Berlin", "a\x00b", "é", "Bath"},
	times:   []any{at("1969-12-31T23:59:59.999999Z"), asOf, asOf, asOf.Add(-24 * time.Hour), asOf.Add(-90 * 24 * time.Hour), asOf.Add(-90*24*time.Hour + time.Microsecond), asOf.Add(-10 * 24 * time.Hour), asOf.Add(time.Hour), at("2024-02-29T12:30:45Z")},
}

var calmCells = shopCells{
	doubles: []any{nil, -0.5, 0.0, 0.1, 0.1, 0.2, 0.3, 50.0, 60.5, 123456.789},
	wholes:  []any{nil, int64(-1), int64(0), int64(1), int64(2), int64(3), int64(3)},
	cities:  []any{nil, "", "Berlin", "Berlin", "é", "Bath"},
	times:   hostileCells.times,
}

// moneyCells are hundredths, among them sums like 1.14, whose parts do not add
// up to the nearest double.
var moneyCells = shopCells{
	doubles: []any{nil, -0.5, 0.0, 0.1, 0.2, 0.3, 1.14, 1.36, 1.39, 0.57, -1.57, 1.61, 50.0, 60.55, 1999999.99},
	wholes:  calmCells.wholes, cities: calmCells.cities, times: hostileCells.times,
}

func newShop(t testing.TB, cells shopCells, facts bool, customers int) *shop {
	t.Helper()
	s := shopTables()
	r := rand.New(rand.NewPCG(3, 4))
	one := func(of []any) any { return of[r.IntN(len(of))] }
	some := func(of []any) any {
		for {
			if v := one(of); v != nil {
				return v
			}
		}
	}
	bools := []any{nil, true, false, true, false}
	number := int64(0)
	for i := range customers {
		c := map[string]any{"id": int64(i), "level": one(cells.wholes), "budget": one(cells.doubles), "city": one(cells.cities), "vip": one(bools)}
		var orders, visits []map[string]any
		for range []int{0, 1, 1, 2, 3, 9}[r.IntN(6)] {
			number++
			o := map[string]any{"customer_id": int64(i), "order_id": number * 7919 % 100003, "at": one(cells.times), "total": one(cells.doubles), "price": some(calmCells.doubles),
				"n": one(cells.wholes), "m": some(cells.wholes), "city": one(cells.cities), "paid": one(bools), "sent": one(append(cells.times, nil))}
			var items []map[string]any
			for range r.IntN(4) {
				items = append(items, map[string]any{"order_id": o["order_id"], "cost": one(cells.doubles), "colour": one(cells.cities)})
			}
			o["items"] = items
			orders = append(orders, o)
		}
		for range []int{0, 0, 1, 3, 6}[r.IntN(5)] {
			visits = append(visits, map[string]any{"customer": int64(i), "when": some(cells.times), "page": one(cells.cities), "seconds": one(cells.wholes)})
		}
		c["orders"], c["visits"] = orders, visits
		s.rows = append(s.rows, c)
	}
	s.load(t, facts)
	s.open(t)
	return s
}

func (s *shop) open(t testing.TB) {
	t.Helper()
	var err error
	if s.env, err = celenv.Row(celenv.Options{Zone: london, Tables: s.tables(), Entity: "customer"}); err != nil {
		t.Fatal(err)
	}
}

func (s *shop) load(t testing.TB, facts bool) {
	t.Helper()
	var orders, items, visits []map[string]any
	for _, c := range s.rows {
		orders = append(orders, c["orders"].([]map[string]any)...)
		visits = append(visits, c["visits"].([]map[string]any)...)
	}
	for _, o := range orders {
		items = append(items, o["items"].([]map[string]any)...)
	}
	s.store(t, facts, map[string][]map[string]any{"customers": s.rows, "orders": orders, "items": items, "visits": visits})
}

// store makes the tables, and the facts about them where they are wanted.
func (s *shop) store(t testing.TB, facts bool, data map[string][]map[string]any) {
	t.Helper()
	s.db = sqltest.Open(t)
	if facts {
		s.facts = &catalog.Facts{Tables: map[string]*catalog.TableFacts{}}
	}
	for _, table := range s.tables() {
		sqltest.Load(t, s.db, table, data[table.Name])
		if facts {
			s.facts.Tables[table.Name] = sqltest.Facts(table, data[table.Name])
		}
	}
}
