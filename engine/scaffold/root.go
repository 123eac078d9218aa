package scaffold

import (
	"fmt"
	"strings"

	"personae/engine/catalog"
	"personae/engine/english"
	"personae/engine/sqltext"
)

// root is whom the rules are about, and the dataset that has a row for each.
type root struct {
	entity  string
	dataset string // the one that rules see
	base    *table // the file with a row for each; nil where there is none, then
	keys    string // is the dataset of the keys that are found in
	origin  *table // this file
	key     string // the key column
	orders  *table // what recency, frequency and money are taken from; nil for none

	// The columns that the SELECT adds, and what they are called.
	lastOrder, recencyDays, orderCount, spent, average string
	recency, frequency, monetary                       string
}

// findRoot chooses whom the rules are about.
func (m *maker) findRoot() *root {
	base := m.findBase()
	r := &root{base: base}
	if base != nil {
		r.entity, r.dataset, r.key = base.entity, base.name, base.key.name
	} else if !m.findOrigin(r) {
		m.guess("project", "nobody to write rules about", Medium, "no file has a key, and none names a customer")
		return nil
	}
	r.orders = m.findOrders(r)
	if r.orders != nil {
		r.name(m)
	}
	m.guess("project", "rules are about "+r.entity, confidenceOfRoot(r), r.why())
	return r
}

func confidenceOfRoot(r *root) string {
	if r.base == nil || r.base.parent || len(r.base.notes) > 0 && r.entity != "customer" {
		return High
	}
	return Medium
}

func (r *root) why() string {
	if r.base == nil {
		return "no file has a row for each; the keys are those that are found in " + r.origin.name
	}
	return r.base.name + " has a row for each"
}

// findBase finds the file with a row for each customer.
func (m *maker) findBase() *table {
	var best *table
	score := 0
	others := false
	for _, t := range m.tables {
		others = others || t.customerColumn() != nil
	}
	for _, t := range m.tables {
		if t.key == nil || t.owner != nil || t.customerColumn() != nil || t.entity == "" {
			continue
		}
		_, byName := isPerson(t.name)
		_, byKey := isPerson(t.key.name)
		own := 1
		if byName || byKey || t.name == "crm" {
			own += 4
		}
		if t.parent {
			own += 2
		}
		if own == 1 && others {
			continue // rows of things, and somebody else has customers
		}
		if own > score {
			best, score = t, own
		}
	}
	return best
}

// findOrigin finds the file that names customers without describing them.
func (m *maker) findOrigin(r *root) bool {
	for _, t := range m.tables {
		if t.customerColumn() != nil && (r.origin == nil || t.time != nil && t.hasAmount() && (r.origin.time == nil || !r.origin.hasAmount())) {
			r.origin = t
		}
	}
	if r.origin == nil {
		return false
	}
	c := r.origin.customerColumn()
	r.entity, _ = isPerson(c.name)
	taken := map[string]bool{}
	for _, t := range m.tables {
		taken[t.name], taken[t.entity] = true, true
	}
	r.entity = fresh(r.entity, "customer", taken)
	r.key = c.name
	r.keys = fresh(r.entity+"_keys", "", taken)
	r.dataset = r.keys
	for _, t := range m.tables {
		if own := t.customerColumn(); own != nil && own.name == c.name && own.typ.Kind == c.typ.Kind {
			t.ofRoot, t.by = true, own
			t.notes = append(t.notes, m.guess(t.given, "rows belong to a "+r.entity+" by "+own.name, High,
				fmt.Sprintf("its name; %s different values, %s without one", english.Number(own.distinct), english.Count(t.rows-own.count, "row", "rows"))))
			if t.entity == r.entity || t.entity == "" {
				t.entity = fresh(t.rowWord(), "row", taken)
			}
		}
	}
	return true
}

// findOrders finds the table that says when a customer bought for how much.
func (m *maker) findOrders(r *root) *table {
	var best *table
	score := 0
	for _, t := range m.tables {
		if t.time == nil || !t.hasAmount() || !t.ofRoot && (t.owner == nil || t.owner != r.base) {
			continue
		}
		own := 1
		if orderTable.MatchString(t.name) {
			own += 2
		}
		if t.key != nil || t.orderID != nil {
			own++
		}
		if own > score {
			best, score = t, own
		}
	}
	return best
}

// name gives the dataset and its new columns names that nothing has.
func (r *root) name(m *maker) {
	taken, columns := map[string]bool{}, map[string]bool{}
	for _, t := range m.tables {
		taken[t.name], columns[t.name] = true, true // `customer.orders` are the orders
		columns[t.entity] = true
	}
	taken[r.keys] = true
	if r.base != nil {
		for _, c := range r.base.columns {
			columns[c.name] = true
		}
	}
	columns[r.key] = true
	name := english.Plural(r.entity)
	if taken[name] {
		name = r.entity + "_rfm"
	}
	r.dataset = fresh(name, "", taken)
	for _, n := range []struct {
		to   *string
		name string
	}{{&r.lastOrder, "last_order_at"}, {&r.recencyDays, "recency_days"}, {&r.orderCount, "order_count"}, {&r.spent, "total_spent"},
		{&r.average, "average_order"}, {&r.recency, "recency"}, {&r.frequency, "frequency"}, {&r.monetary, "monetary"}} {
		*n.to = fresh(n.name, "", columns)
	}
}

// keysYAML drafts the dataset of the keys that are found in a file.
func (r *root) keysYAML() string {
	var b strings.Builder
	b.WriteString(comment("", "No file has a row for each "+r.entity+". The keys are those that are found in "+r.origin.name+"."))
	b.WriteString("kind: Dataset\nname: " + r.keys + "\n")
	if r.orders == nil {
		b.WriteString("entity: " + r.entity + "\n")
	}
	b.WriteString("key: " + r.key + "\nsource: {distinct: " + r.origin.name + "}\n")
	return b.String()
}

// sqlYAML drafts the dataset that joins each customer with what they bought.
func (r *root) sqlYAML() string {
	var b strings.Builder
	b.WriteString(comment("", "One row for each "+r.entity+", with what they bought: how long ago, how often, for how much. The scores are 1 to 5: "+
		"the best fifth has 5, equals have equal scores, and whoever never bought has none.\nOrders count from "+r.orders.name+"; what one is worth is "+r.orders.amountWords()+"."))
	b.WriteString("kind: Dataset\nname: " + r.dataset + "\nentity: " + r.entity + "\nkey: " + r.key + "\nsource:\n")
	b.WriteString(block("  ", "sql", r.sql()))
	b.WriteString("columns:\n")
	unit := ""
	if r.orders.amount != nil && r.orders.amount.unit != "" {
		unit = ", unit: " + r.orders.amount.unit
	} else if r.orders.price != nil && r.orders.price.unit != "" {
		unit = ", unit: " + r.orders.price.unit
	}
	b.WriteString("  " + r.lastOrder + ": {basis: behavioural, title: Last order}\n")
	b.WriteString("  " + r.recencyDays + ": {basis: behavioural, unit: days, title: Days since the last order}\n")
	b.WriteString("  " + r.orderCount + ": {required: true, basis: behavioural, title: Orders}\n")
	b.WriteString("  " + r.spent + ": {required: true, basis: behavioural, title: Total spent" + unit + "}\n")
	b.WriteString("  " + r.average + ": {basis: behavioural, title: Average order" + unit + "}\n")
	if r.base != nil {
		for _, c := range r.base.columns {
			if keys := c.saying(); len(keys) > 0 && !c.pii {
				b.WriteString("  " + c.name + ": {" + strings.Join(keys, ", ") + "}\n")
			}
		}
	}
	return b.String()
}

// sql is the SELECT of sqlYAML. Scores are 5 - 5 × (how many are better) // n,
// never ntile, which would split equals by chance.
func (r *root) sql() string {
	o := r.orders
	by, at, amount := sqltext.Ident(o.by.name), sqltext.Ident(o.time.name), o.amountSQL()
	rows, orders := "", "count(*)"
	if o.orderID != nil {
		orders = "count(DISTINCT " + sqltext.Ident(o.orderID.name) + ")"
	}
	if o.negative() {
		rows = " FILTER (WHERE " + amount + " > 0)"
	}
	key := sqltext.Ident(r.key)
	base, from := sqltext.Ident(r.keys), "k."+key
	if r.base != nil {
		base, from = sqltext.Ident(r.base.name), r.base.kept()
	}
	score := func(order, value, name string) string {
		return "CASE WHEN " + value + " IS NOT NULL THEN 5 - (5 * (rank() OVER (ORDER BY " + order + " NULLS LAST) - 1)) // count(" + value + ") OVER () END AS " + name
	}
	own, negative := "", ""
	if r.base != nil {
		own = " AND " + by + " IN (SELECT " + key + " FROM " + base + ")"
	}
	if rows != "" {
		negative = "  -- Rows below zero are returns and cancellations: they lower what was spent, and are no orders.\n"
	}
	return "WITH bought AS (\n" + negative +
		"  SELECT " + by + " AS who,\n" +
		"    max(" + at + ")" + rows + " AS last_at,\n" +
		"    " + orders + rows + " AS orders,\n" +
		"    sum(" + amount + ") AS spent\n" +
		"  FROM " + sqltext.Ident(o.name) + "\n" +
		"  WHERE " + by + " IS NOT NULL AND " + at + " IS NOT NULL" + own + "\n" +
		"  GROUP BY " + by + "\n" +
		"), scored AS (\n" +
		"  SELECT who, last_at, orders, spent,\n" +
		"    date_diff('day', last_at, max(last_at) OVER ()) AS days,\n" +
		"    " + score("last_at DESC", "last_at", "recency") + ",\n" +
		"    " + score("orders DESC", "orders", "frequency") + ",\n" +
		"    " + score("spent DESC", "spent", "monetary") + "\n" +
		"  FROM bought\n" +
		")\n" +
		"SELECT " + from + ",\n" +
		"  s.last_at AS " + r.lastOrder + ",\n" +
		"  s.days AS " + r.recencyDays + ",\n" +
		"  coalesce(s.orders, 0) AS " + r.orderCount + ",\n" +
		"  CAST(coalesce(s.spent, 0) AS DOUBLE) AS " + r.spent + ",\n" +
		"  s.spent / nullif(s.orders, 0) AS " + r.average + ",\n" +
		"  s.recency AS " + r.recency + ",\n" +
		"  s.frequency AS " + r.frequency + ",\n" +
		"  s.monetary AS " + r.monetary + "\n" +
		"FROM " + base + " AS k LEFT JOIN scored AS s ON s.who = k." + key
}

// negative says whether some amounts are below zero.
func (t *table) negative() bool {
	for _, c := range []*column{t.amount, t.quantity, t.price} {
		if c != nil && strings.HasPrefix(c.min.String, "-") {
			return true
		}
	}
	return false
}

// kept lists the columns of the joined table, without those that identify
// people: no rule needs them.
func (t *table) kept() string {
	var b strings.Builder
	line := 0
	for _, c := range t.columns {
		if c.pii && c != t.key {
			continue
		}
		switch item := "k." + sqltext.Ident(c.name); {
		case b.Len() == 0:
			b.WriteString(item)
			line = len(item)
		case line+len(item) > 90:
			b.WriteString(",\n  " + item)
			line = len(item)
		default:
			b.WriteString(", " + item)
			line += len(item) + 2
		}
	}
	return b.String()
}

// attributes lists the columns of the root's dataset that rules can use, with
// their facts; those that the SELECT adds have none yet.
func (r *root) attributes() []*column {
	var out []*column
	if r.base != nil {
		for _, c := range r.base.columns {
			if c != r.base.key && c.readable() {
				out = append(out, c)
			}
		}
	}
	if r.orders != nil {
		for _, n := range []struct {
			name, title string
			kind        catalog.Kind
		}{{r.spent, "Total spent", catalog.Double}, {r.orderCount, "Orders", catalog.Int},
			{r.recencyDays, "Since the last order", catalog.Int}, {r.average, "Average order", catalog.Double}} {
			out = append(out, &column{id: n.name, from: n.name, name: n.name, title: n.title, typ: catalog.Type{Kind: n.kind}, count: 1, distinct: 1 << 20})
		}
	}
	return out
}
