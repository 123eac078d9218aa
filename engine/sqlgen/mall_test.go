package sqlgen_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"personae/engine/catalog"
	"personae/engine/eval"
	"personae/engine/plan"
)

// The mall is the shop with rows that others reference, and with three levels
// of related rows: customers order items that have parts; customers and orders
// have a store, stores have a region and staff, customers were referred by
// customers. References are empty, lead nowhere, and lead through rows that
// have none themselves.

func reference(name, to string, nullable bool) *catalog.Column {
	c := column(name, catalog.Int, nullable)
	c.References = to
	return c
}

func mallTables() *shop {
	s := shopTables()
	s.customers.Columns = append(s.customers.Columns, reference("home_store", "stores", true), reference("referrer", "customers", true), reference("region", "regions", false))
	s.orders.Columns = append(s.orders.Columns, reference("store", "stores", true))
	s.items.Key, s.items.Time = "item_id", "packed"
	s.items.Columns = append(s.items.Columns, column("item_id", catalog.Int, false), column("packed", catalog.Timestamp, false), reference("maker", "stores", true))
	s.more = []*catalog.Table{
		{Name: "parts", Entity: "part", Role: catalog.Relation, Of: "item", By: "item_id", Key: "part_id", Time: "made", Columns: []*catalog.Column{
			column("item_id", catalog.Int, false), column("part_id", catalog.Int, false), column("made", catalog.Timestamp, false), column("weight", catalog.Double, true), column("n", catalog.Int, true), column("metal", catalog.String, true)}},
		{Name: "regions", Entity: "region", Role: catalog.Lookup, Key: "region_id", Columns: []*catalog.Column{
			column("region_id", catalog.Int, false), column("name", catalog.String, false), column("size", catalog.Int, true)}},
		{Name: "staff", Entity: "employee", Role: catalog.Relation, Of: "store", By: "store_id", Columns: []*catalog.Column{
			column("store_id", catalog.Int, false), column("age", catalog.Int, true), column("town", catalog.String, true)}},
		{Name: "stores", Entity: "store", Role: catalog.Lookup, Key: "store_id", Columns: []*catalog.Column{
			column("store_id", catalog.Int, false), column("city", catalog.String, true), column("area", catalog.Double, true), column("floors", catalog.Int, false), column("open", catalog.Bool, true),
			column("opened", catalog.Timestamp, true), reference("region", "regions", true)}},
	}
	return s
}

// builder fills the mall.
type builder struct {
	r     *rand.Rand
	cells shopCells
	next  int64
	data  map[string][]map[string]any
}

func (m *builder) one(of []any) any { return of[m.r.IntN(len(of))] }

func (m *builder) some(of []any) any {
	for {
		if v := m.one(of); v != nil {
			return v
		}
	}
}

func (m *builder) id() int64 {
	m.next++
	return m.next * 7919 % 1000003
}

// refer gives a row a reference: to one of some rows, to none, or to a key that
// no row has.
func (m *builder) refer(row map[string]any, column, table, key string, nowhere bool) {
	rows := m.data[table]
	switch n := m.r.IntN(8); {
	case n == 0 && nowhere:
		row[column] = nil
	case n == 1 && nowhere:
		row[column] = int64(-77)
	case len(rows) > 0:
		to := rows[m.r.IntN(len(rows))]
		row[column], row[eval.ReferenceName(column)] = to[key], to
	}
}

func (m *builder) add(table string, row map[string]any) map[string]any {
	m.data[table] = append(m.data[table], row)
	return row
}

func newMall(t testing.TB, cells shopCells, facts bool, customers int) *shop {
	t.Helper()
	s := mallTables()
	m := &builder{r: rand.New(rand.NewPCG(5, 6)), cells: cells, data: map[string][]map[string]any{}}
	bools := []any{nil, true, false}
	for i := range 4 {
		m.add("regions", map[string]any{"region_id": int64(i), "name": m.some(cells.cities), "size": m.one(cells.wholes)})
	}
	for range 12 {
		store := m.add("stores", map[string]any{"store_id": m.id(), "city": m.one(cells.cities), "area": m.one(cells.doubles), "floors": m.some(cells.wholes), "open": m.one(bools), "opened": m.one(append(cells.times, nil))})
		m.refer(store, "region", "regions", "region_id", true)
		var staff []map[string]any
		for range m.r.IntN(4) {
			staff = append(staff, m.add("staff", map[string]any{"store_id": store["store_id"], "age": m.one(cells.wholes), "town": m.one(cells.cities)}))
		}
		store["staff"] = staff
	}
	for i := range customers {
		c := map[string]any{"id": int64(i), "level": m.one(cells.wholes), "budget": m.one(cells.doubles), "city": m.one(cells.cities), "vip": m.one(bools)}
		m.refer(c, "home_store", "stores", "store_id", true)
		m.refer(c, "region", "regions", "region_id", false)
		for c["region"] == nil {
			m.refer(c, "region", "regions", "region_id", false)
		}
		if i > 3 && m.r.IntN(3) > 0 {
			to := m.data["customers"][m.r.IntN(i/2)]
			c["referrer"], c[eval.ReferenceName("referrer")] = to["id"], to
		}
		c["orders"], c["visits"] = m.orders(c), []map[string]any(nil)
		for range m.r.IntN(3) {
			c["visits"] = append(c["visits"].([]map[string]any), m.add("visits", map[string]any{"customer": c["id"], "when": m.some(cells.times), "page": m.one(cells.cities), "seconds": m.one(cells.wholes)}))
		}
		m.add("customers", c)
	}
	s.rows = m.data["customers"]
	s.store(t, facts, m.data)
	if facts {
		s.facts.Column("customers", "region").Complete = true
	}
	s.open(t)
	return s
}

func (m *builder) orders(c map[string]any) (list []map[string]any) {
	bools := []any{nil, true, false}
	for range []int{0, 1, 2, 5}[m.r.IntN(4)] {
		o := m.add("orders", map[string]any{"customer_id": c["id"], "order_id": m.id(), "at": m.some(m.cells.times), "total": m.one(m.cells.doubles), "price": m.some(calmCells.doubles),
			"n": m.one(m.cells.wholes), "m": m.some(m.cells.wholes), "city": m.one(m.cells.cities), "paid": m.one(bools), "sent": m.one(append(m.cells.times, nil))})
		m.refer(o, "store", "stores", "store_id", true)
		var items []map[string]any
		for range m.r.IntN(4) {
			i := m.add("items", map[string]any{"order_id": o["order_id"], "item_id": m.id(), "packed": m.some(m.cells.times), "cost": m.one(m.cells.doubles), "colour": m.one(m.cells.cities)})
			m.refer(i, "maker", "stores", "store_id", true)
			var parts []map[string]any
			for range m.r.IntN(3) {
				parts = append(parts, m.add("parts", map[string]any{"item_id": i["item_id"], "part_id": m.id(), "made": m.some(m.cells.times).(time.Time), "weight": m.one(m.cells.doubles), "n": m.one(m.cells.wholes), "metal": m.one(m.cells.cities)}))
			}
			i["parts"] = parts
			items = append(items, i)
		}
		o["items"] = items
		list = append(list, o)
	}
	return list
}

var mallExpressions = strings.Split(strings.TrimSpace(`
customer.home_store.city == 'Berlin'
customer.home_store.city != 'Berlin'
!(customer.home_store.city == 'Berlin')
customer.home_store.city
customer.home_store.floors
customer.home_store.floors > 1
customer.home_store.area > 50.0
customer.home_store.area
customer.home_store.open
customer.home_store.open || customer.vip
!customer.home_store.open && customer.vip
daysSince(customer.home_store.opened) > 10
customer.home_store.opened < now
customer.home_store.city == customer.city
customer.home_store.city in ['Berlin', 'Bath']
customer.city in [customer.home_store.city, 'Bath']
customer.home_store.city.size() > 0
customer.home_store.city == null
has(customer.home_store)
!has(customer.home_store)
has(customer.home_store) && customer.home_store.city == 'Berlin'
has(customer.home_store) ? customer.home_store.city : 'none'
has(customer.home_store.city)
has(customer.home_store) && has(customer.home_store.city)
has(customer.home_store.region)
has(customer.home_store.region.size)
has(customer.home_store.region) ? customer.home_store.region.name : 'none'
customer.home_store.region.name
customer.home_store.region.name == 'Berlin' || customer.home_store.floors > 0
customer.home_store.region.size
customer.home_store.region.size == null
customer.home_store.region.size == customer.region.size
customer.home_store.region_key
customer.home_store_key
customer.home_store_key == null
has(customer.home_store_key)
customer.home_store_key == customer.referrer.home_store_key
customer.region.name
customer.region.size
customer.region.size > 0
has(customer.region)
has(customer.region.size)
customer.?home_store.hasValue()
customer.?home_store.?city.hasValue()
customer.?home_store.city.hasValue()
customer.?home_store.?city.orValue('none')
customer.?home_store.city.orValue('none')
customer.?home_store.?floors.orValue(-3)
customer.?home_store.?region.?name.orValue('none')
customer.?home_store.region.name.orValue('none')
customer.?home_store.?region.hasValue()
customer.?home_store.?region.?size.value()
customer.home_store.?city.orValue('none')
customer.home_store.?region.?name.orValue('none')
customer.?home_store.?region_key.orValue(-9)
customer.referrer.city
customer.referrer.city == customer.city
customer.referrer.referrer.city
customer.referrer.home_store.city
customer.referrer.home_store.region.name == 'Berlin'
has(customer.referrer) && customer.referrer.vip
customer.referrer.orders.size()
customer.referrer.orders.map(o, o.total).sum()
customer.referrer.orders.map(o, o.total).max()
customer.referrer.orders.map(o, o.total).max() == null
customer.referrer.orders.map(o, o.price).avg()
customer.referrer.orders.exists(o, o.total > 50.0)
customer.referrer.orders.exists(o, o.store.city == 'Berlin')
customer.referrer.orders.map(o, o.items.size()).sum()
customer.referrer.orders.within(days(90)).size()
customer.referrer.orders.map(o, o.city).first().orValue('none')
customer.referrer.orders.map(o, o.n).last().orValue(-1)
'Berlin' in customer.referrer.orders.map(o, o.city)
customer.referrer.orders.size() > customer.orders.size()
customer.home_store.staff.size()
customer.home_store.staff.map(s, s.age).max()
customer.home_store.staff.map(s, s.age).max() == null
customer.home_store.staff.exists(s, s.age > 1)
customer.home_store.staff.all(s, s.age > 1)
customer.home_store.staff.map(s, s.town).mode()
customer.home_store.staff.map(s, s.town).first().orValue('none')
customer.referrer.home_store.staff.map(s, s.age).sum()
has(customer.home_store) ? customer.home_store.staff.size() : -1
customer.orders.exists(o, o.store.city == 'Berlin')
customer.orders.filter(o, o.store.city == 'Berlin').size()
customer.orders.filter(o, has(o.store)).size()
customer.orders.filter(o, has(o.store) && o.store.city == 'Berlin').size()
customer.orders.filter(o, has(o.store)).map(o, o.store.floors).max()
customer.orders.filter(o, has(o.store)).map(o, o.store.city).mode()
customer.orders.filter(o, has(o.store)).map(o, o.store.city).distinct().size()
customer.orders.map(o, o.store.area).sum()
customer.orders.map(o, o.store.area).avg() == null
customer.orders.exists(o, o.store.city == customer.city)
customer.orders.exists(o, o.store.city == customer.home_store.city)
customer.orders.filter(o, o.store_key == customer.home_store_key).size()
customer.orders.exists(o, o.store.region.name == customer.region.name)
customer.orders.exists(o, o.store.staff.exists(s, s.age > 1))
customer.orders.filter(o, o.store.staff.size() > 1).size()
customer.orders.filter(o, has(o.store) && o.store.staff.size() > customer.orders.size()).map(o, o.price).sum()
customer.orders.filter(o, has(o.store)).map(o, o.store).filter(s, s.floors > 1).size()
customer.orders.map(o, o.store).exists(s, s.city == 'Berlin')
customer.orders.filter(o, has(o.store)).map(o, o.store).map(s, s.region).filter(r, r.name == 'Berlin').size()
customer.orders.map(o, o.?store.?city.orValue('none')).mode()
customer.orders.map(o, o.?store.hasValue()).mode()
customer.orders.filter(o, o.price > customer.referrer.orders.map(x, x.price).avg()).size()
'Berlin' in customer.orders.filter(o, has(o.store)).map(o, o.store.city)
customer.home_store.city in customer.orders.map(o, o.city)
customer.home_store.floors in customer.orders.map(o, o.m)
customer.orders.exists(o, o.items.exists(i, i.colour == 'Berlin'))
customer.orders.exists(o, o.items.exists(i, i.maker.city == o.store.city))
customer.orders.exists(o, o.items.exists(i, i.maker.city == customer.home_store.city))
customer.orders.exists(o, o.items.exists(i, i.maker.region.name == 'Berlin'))
customer.orders.map(o, o.items.map(i, i.cost).sum()).sum()
customer.orders.filter(o, o.price > 0.1).map(o, o.items.map(i, i.cost).sum()).sum()
customer.orders.map(o, o.items.map(i, i.parts.size()).sum()).sum()
customer.orders.exists(o, o.items.exists(i, i.parts.exists(p, p.metal == 'Berlin')))
customer.orders.exists(o, o.items.exists(i, i.parts.exists(p, p.metal == i.colour)))
customer.orders.exists(o, o.items.exists(i, i.parts.exists(p, p.metal == o.city)))
customer.orders.exists(o, o.items.exists(i, i.parts.exists(p, p.metal == customer.city)))
customer.orders.exists(o, o.items.exists(i, i.parts.exists(p, p.metal == customer.home_store.city)))
customer.orders.exists(o, o.items.exists(i, i.parts.exists(p, p.metal == o.store.city && p.weight > customer.budget)))
customer.orders.all(o, o.items.all(i, i.parts.all(p, p.weight > 0.0)))
customer.orders.filter(o, o.items.filter(i, i.parts.map(p, p.n).sum() > 1).size() > 0).size()
customer.orders.map(o, o.items.map(i, i.parts.map(p, p.weight).max()).max()).max()
customer.orders.map(o, o.items.within(days(90)).size()).sum()
customer.orders.within(days(90)).map(o, o.items.before(days(10)).map(i, i.parts.between(days(91), hours(24)).size()).sum()).sum()
customer.orders.map(o, o.items.within(days(o.m)).size()).sum()
customer.orders.map(o, o.items.within(days(customer.level)).size()).sum()
customer.orders.exists_one(o, o.items.exists_one(i, i.parts.size() > 0))
customer.orders.map(o, o.items.map(i, i.cost).first().orValue(0.0)).max()
customer.orders.map(o, o.items.map(i, i.colour).last().orValue('none')).mode()
customer.orders.map(o, o.items.map(i, i.colour).mode()).mode()
customer.orders.map(o, o.items.map(i, i.cost).median()).median()
customer.orders.map(o, o.items.map(i, i.cost).avg()).percentile(90)
customer.orders.filter(o, o.city in o.items.map(i, i.colour)).size()
customer.orders.filter(o, customer.city in o.items.map(i, i.colour)).size()
customer.orders.exists(o, customer.orders.map(x, x.items.size()).max() == o.items.size())
customer.orders.exists(o, o.items.exists(i, i.cost > o.items.map(x, x.cost).avg()))
customer.orders.exists(o, o.items.exists(i, i.cost > customer.orders.map(x, x.price).avg()))
cel.bind(s, customer.home_store, s.city == 'Berlin' || s.floors > 1)
cel.bind(r, customer.referrer, r.orders.size() + r.visits.size())
cel.bind(n, customer.level, customer.orders.filter(o, o.m > n).size())
cel.bind(r, customer.orders, customer.visits.size() + r.filter(o, o.paid).size())
customer.orders.map(o, cel.bind(n, o.m, o.items.filter(i, i.cost > double(n)).size())).sum()
`), "\n")

func TestReferencesAndNestedRowsAgreeWithCEL(t *testing.T) {
	for name, config := range map[string]struct {
		cells shopCells
		facts bool
	}{"hostile rows": {hostileCells, false}, "hostile rows, facts": {hostileCells, true}, "calm rows, facts": {calmCells, true}} {
		t.Run(name, func(t *testing.T) {
			s := newMall(t, config.cells, config.facts, 300)
			b := plan.NewBuilder(s.facts)
			var list []lowered
			for _, text := range mallExpressions {
				l, holes := s.lower(t, b, text)
				if len(holes) > 0 {
					t.Errorf("%s: not compiled: %s", text, holes[0].Reason)
					continue
				}
				list = append(list, l)
			}
			n := s.compare(t, b, list)
			if n.yes == 0 || n.no == 0 || n.values == 0 || n.null == 0 || n.bottom == 0 {
				t.Errorf("the test proves nothing: %+v", n)
			}
			t.Logf("%d expressions: %+v", len(list), n)
		})
	}
}

// Rows of two lists have no values in each other's loop: SQL must not mistake
// one for the other.
func TestRowsOfTwoListsAreNotMixed(t *testing.T) {
	s := newMall(t, calmCells, true, 5)
	b := plan.NewBuilder(s.facts)
	for _, text := range strings.Split(strings.TrimSpace(`
customer.orders.exists(o, customer.orders.exists(p, p.city == o.city && p.order_id != o.order_id))
customer.orders.exists(o, customer.visits.exists(v, v.page == o.city))
customer.orders.exists(o, customer.visits.within(days(o.m)).size() > 0)
customer.orders.exists(o, o.city in customer.visits.map(v, v.page))
customer.orders.exists(o, customer.orders.exists(p, p.items.exists(i, i.cost > o.price)))
customer.orders.map(o, o.m).exists(n, customer.visits.exists(v, v.seconds > n))
customer.orders.exists(o, cel.bind(n, o.m, customer.visits.exists(v, v.seconds > n)))
cel.bind(r, customer.orders, customer.visits.exists(v, r.exists(o, o.at > v.when)))
customer.home_store.staff.exists(s, s.town == customer.city)
customer.home_store.staff.exists(s, s.town == customer.home_store.city)
customer.referrer.orders.exists(o, o.city == customer.city)
customer.referrer.orders.exists(o, customer.orders.exists(p, p.city == o.city))
customer.referrer.orders.within(days(customer.level)).size() > 0
customer.orders.exists(o, o.store.staff.exists(s, s.town == o.city))
customer.referrer.orders.exists(o, o.items.exists(i, i.colour == customer.city))
`), "\n") {
		_, holes := s.lower(t, b, text)
		if len(holes) == 0 || holes[0].Reason != "comparing rows of two lists with each other" {
			t.Errorf("%s: %v", text, holes)
		}
	}
}
