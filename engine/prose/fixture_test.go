package prose

import (
	"testing"

	"cel.dev/cel-go/cel"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/compile"
	"personae/engine/format"
	"personae/engine/source"
	"personae/engine/spec"
)

const shopRules = `
kind: Project
name: shop
timezone: Europe/London
locale: en-GB
currency: GBP
root: customer
---
kind: Parameters
name: numbers
values: {big_spender: 500.0, lapse_days: 60, vip: true, town: Leeds}
---
kind: Traits
name: traits
traits:
  age:          {value: age(customer.born_on), unit: years, title: Age}
  idle_days:    {value: daysSince(customer.last_order_at), unit: days, title: Days since the last order}
  orders_90d:   {value: customer.orders.within(days(90)).size(), title: Orders in the last 90 days}
  gifts:        {value: "customer.orders.filter(o, o.gift).size()"}
  spends_well:  {value: customer.spend_365d > params.big_spender}
  loyal_rich:   {value: customer.spend_365d > 10.0 && customer.visits > 3}
  largest_order: {value: "customer.orders.map(o, o.total).max()", unit: GBP}
---
kind: Segment
name: staff
when: customer.is_staff
---
kind: Segment
name: win_back
title: Win back, or lose
when: customer.visits > 3
---
kind: Segmentation
name: lifecycle
title: Life cycle
segments:
  - {name: champion, title: Champions, when: customer.visits > 10}
  - {name: at_risk, when: customer.visits > 5}
otherwise: everyone_else
`

func columns(list ...any) []*catalog.Column {
	var out []*catalog.Column
	for i := 0; i < len(list); i += 2 {
		c := list[i+1].(catalog.Column)
		c.Name = list[i].(string)
		out = append(out, &c)
	}
	return out
}

func required(k catalog.Kind) catalog.Column { return catalog.Column{Type: catalog.Type{Kind: k}} }
func nullable(k catalog.Kind) catalog.Column {
	return catalog.Column{Type: catalog.Type{Kind: k, Nullable: true}}
}
func titled(title, unit string, c catalog.Column) catalog.Column {
	c.Title, c.Unit = title, unit
	return c
}

func listOf(k catalog.Kind) catalog.Column {
	return catalog.Column{Type: catalog.Type{Kind: catalog.List, Elem: &catalog.Type{Kind: k}}}
}

// shop is a catalog with a column of every kind.
func shop() *catalog.Catalog {
	address := catalog.Column{Type: catalog.Type{Kind: catalog.Struct, Fields: []catalog.Field{{Name: "street", Type: catalog.Type{Kind: catalog.String}}}}}
	home := nullable(catalog.String)
	home.References = "stores"
	region := nullable(catalog.String)
	region.References = "regions"
	return &catalog.Catalog{Tables: []*catalog.Table{
		{Name: "customers", Entity: "customer", Role: catalog.Root, Key: "customer_id", Columns: columns(
			"customer_id", required(catalog.String),
			"income", titled("Household income", "GBP", nullable(catalog.Double)),
			"spend_365d", titled("Spend in the last 365 days", "GBP", required(catalog.Double)),
			"spend", titled("", "GBP", required(catalog.Double)),
			"visits", required(catalog.Int),
			"children", nullable(catalog.Int),
			"mails_sent", titled("Mails in the last year", "", required(catalog.Int)),
			"recency", required(catalog.Int),
			"order_count", required(catalog.Int),
			"orders_365d", required(catalog.Int),
			"night_share", titled("Night orders", "share", nullable(catalog.Double)),
			"gift_share", titled("Share of orders with a gift", "share", nullable(catalog.Double)),
			"distance", titled("", "km", required(catalog.Double)),
			"city", nullable(catalog.String),
			"country", required(catalog.String),
			"review", titled("Review text", "", nullable(catalog.String)),
			"dos", titled("Dos and don'ts", "", required(catalog.String)),
			"is_staff", required(catalog.Bool),
			"has_company", required(catalog.Bool),
			"newsletter", nullable(catalog.Bool),
			"converted", required(catalog.Bool),
			"born_on", nullable(catalog.Timestamp),
			"joined_at", required(catalog.Timestamp),
			"last_order_at", nullable(catalog.Timestamp),
			"tags", listOf(catalog.String),
			"scores", listOf(catalog.Double),
			"address", address,
			"raw", required(catalog.Bytes),
			"home_store", home,
		)},
		{Name: "orders", Entity: "order", Role: catalog.Relation, Of: "customer", By: "customer_id", Time: "ordered_at", Columns: columns(
			"ordered_at", required(catalog.Timestamp),
			"total", titled("", "GBP", required(catalog.Double)),
			"discount", titled("", "GBP", required(catalog.Double)),
			"channel", required(catalog.String),
			"gift", required(catalog.Bool),
			"quantity", required(catalog.Int),
		)},
		{Name: "items", Entity: "item", Role: catalog.Relation, Of: "order", By: "order_id", Columns: columns(
			"name", required(catalog.String),
			"price", titled("", "GBP", required(catalog.Double)),
		)},
		{Name: "stores", Entity: "store", Role: catalog.Lookup, Key: "store_id", Columns: columns("store_id", required(catalog.String), "town", required(catalog.String),
			"floor_area", titled("Floor area", "m2", nullable(catalog.Double)), "region", region)},
		{Name: "regions", Entity: "region", Role: catalog.Lookup, Key: "code", Columns: columns("code", required(catalog.String), "name", nullable(catalog.String))},
	}}
}

func fixture(t testing.TB) (*Writer, *cel.Env) {
	t.Helper()
	m, found := spec.Parse([]*source.File{source.NewFile("rules/shop.yaml", []byte(shopRules))})
	for _, d := range found {
		if d.Code != "unknown-dataset" {
			t.Log(d)
		}
	}
	rs, found := compile.Compile(m, shop(), compile.Options{})
	for _, d := range found {
		t.Log(d)
	}
	f, err := format.New("en-GB", "GBP", rs.Settings.Zone)
	if err != nil {
		t.Fatal(err)
	}
	w := New(rs, f)
	if len(w.traits) == 0 || len(w.titles) == 0 {
		t.Fatal("the fixture's rules are broken")
	}
	o := celenv.Options{
		Zone: rs.Settings.Zone, Tables: rs.Catalog.Tables, Entity: "customer", Params: rs.Params,
		Segments: []string{"staff", "win_back"}, Segmentations: []string{"lifecycle"},
		Traits: map[string]catalog.Type{},
	}
	for _, r := range w.traits {
		o.Traits[r.Name] = r.Type
	}
	env, err := celenv.Population(o)
	if err != nil {
		t.Fatal(err)
	}
	env, err = env.Extend(cel.Variable("journey.purchase", cel.NullableType(cel.StringType)), cel.Variable("score.bant", cel.DoubleType))
	if err != nil {
		t.Fatal(err)
	}
	return w, env
}

// say writes an expression about a customer.
func say(t testing.TB, w *Writer, env *cel.Env, expression string) string {
	t.Helper()
	checked, issues := env.Compile(expression)
	if issues.Err() != nil {
		t.Fatalf("%s: %v", expression, issues.Err())
	}
	tree := checked.NativeRep()
	return w.sentence("customer", tree, tree.Expr())
}
