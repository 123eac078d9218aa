package celenv

import (
	"testing"
	"time"

	"personae/engine/catalog"
)

func london(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func column(name string, kind catalog.Kind, nullable bool) *catalog.Column {
	return &catalog.Column{Name: name, Type: catalog.Type{Kind: kind, Nullable: nullable}}
}

func listColumn(name string, elem catalog.Kind, nullable bool) *catalog.Column {
	return &catalog.Column{Name: name, Type: catalog.Type{Kind: catalog.List, Nullable: true, Elem: &catalog.Type{Kind: elem, Nullable: nullable}}}
}

// testOptions describe a small project with every kind of column.
func testOptions(t testing.TB) Options {
	store := &catalog.Column{Name: "home_store", Type: catalog.Type{Kind: catalog.String, Nullable: true}, References: "stores"}
	return Options{
		Zone: london(t),
		Tables: []*catalog.Table{
			{Name: "customers", Entity: "customer", Role: catalog.Root, Key: "customer_id", Columns: []*catalog.Column{
				column("customer_id", catalog.String, false), column("income", catalog.Double, true), column("children", catalog.Int, true),
				column("age", catalog.Int, false), column("city", catalog.String, true), column("active", catalog.Bool, true),
				column("born", catalog.Timestamp, true), column("joined", catalog.Timestamp, false), column("odd name", catalog.Int, true),
				listColumn("amounts", catalog.Double, true), listColumn("visits", catalog.Int, false), listColumn("tags", catalog.String, false),
				listColumn("dates", catalog.Timestamp, true), store,
			}},
			{Name: "orders", Entity: "order", Role: catalog.Relation, Of: "customer", By: "customer_id", Columns: []*catalog.Column{column("total", catalog.Double, true)}},
			{Name: "stores", Entity: "store", Role: catalog.Lookup, Key: "store_id", Columns: []*catalog.Column{column("store_id", catalog.String, false), column("city", catalog.String, true)}},
		},
		Entity:        "customer",
		Traits:        map[string]catalog.Type{"spend": {Kind: catalog.Double}, "recency": {Kind: catalog.Int, Nullable: true}},
		Segments:      []string{"staff", "big"},
		Segmentations: []string{"lifecycle"},
		Params:        map[string]any{"big": 500.0, "few": int64(3), "home": "Berlin", "on": true},
	}
}

func TestRowChecks(t *testing.T) {
	env, err := Row(testOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	for expr, want := range map[string]string{
		"customer.income > params.big":                                 "bool",
		"customer.income > 5":                                          "bool",
		"customer.?income.orValue(0.0)":                                "wrapper(double)",
		"has(customer.income) && customer.income > 1.0":                "bool",
		"customer.income == null":                                      "bool",
		"customer.`odd name` > 2":                                      "bool",
		"segment.staff && !segment.big":                                "bool",
		"segmentation.lifecycle == 'champion'":                         "bool",
		"segmentation.lifecycle in ['champion', 'at_risk']":            "bool",
		"age(customer.born)":                                           "int",
		"daysSince(customer.born) > 30":                                "bool",
		"customer.joined > now - days(30)":                             "bool",
		"sample('a', 10)":                                              "bool",
		"sample('a', 12.5)":                                            "bool",
		"atLeast(2, segment.staff, customer.age > 3, customer.active)": "bool",
		"customer.age.between(18, 65)":                                 "bool",
		"customer.income.between(18, 65.5)":                            "bool",
		"customer.amounts.sum()":                                       "double",
		"customer.visits.sum()":                                        "int",
		"customer.amounts.avg()":                                       "wrapper(double)",
		"customer.visits.max()":                                        "wrapper(int)",
		"customer.visits.median()":                                     "wrapper(double)",
		"customer.amounts.percentile(90)":                              "wrapper(double)",
		"customer.tags.mode()":                                         "wrapper(string)",
		"customer.dates.max()":                                         "google.protobuf.Timestamp",
		"customer.tags.distinct()":                                     "list(string)",
		"customer.tags.first()":                                        "optional_type(string)",
		"mentions(customer.city, ['x'])":                               "bool",
		"customer.home_store_key == 'x'":                               "bool",
		"customer.home_store.city == 'x'":                              "bool",
		"customer.orders.map(o, o.total).sum()":                        "double",
		"math.greatest(customer.age, 3)":                               "int",
		"cel.bind(x, customer.age, x * x)":                             "int",
		"sets.contains(customer.tags, ['a'])":                          "bool",
		"customer.spend > 3.0 || customer.recency == 2":                "bool",
		"weekdayOf(now) + hourOf(now)":                                 "int",
		"date('2026-01-01') + weeks(2)":                                "google.protobuf.Timestamp",
	} {
		ast, iss := env.Compile(expr)
		if iss.Err() != nil {
			t.Errorf("%s: %v", expr, iss.Err())
		} else if got := ast.OutputType().String(); got != want {
			t.Errorf("%s: type %s, want %s", expr, got, want)
		}
	}
}
