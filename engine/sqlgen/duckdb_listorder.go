package sqlgen

import (
	"personae/engine/catalog"
	"personae/engine/plan"
)

// duckOrders is the part of the table of templates that is about the order of
// elements.
var duckOrders = map[plan.Op]template{
	plan.OpSortBy:   {sql: "CASE WHEN " + of(allKnown, "{1}") + " THEN list_select({0}, list_transform(list_sort(list_transform({1}, lambda k, i: struct_pack(k := k, i := i))), lambda p: p.i)) END"},
	plan.OpGreatest: {pick: firstLike("list_max")},
	plan.OpLeast:    {pick: firstLike("list_min")},
}

// firstLike is the first of the elements that are equal to what an aggregate finds:
// zeros differ in their sign.
func firstLike(aggregate string) func(e *plan.Expr) string {
	return func(e *plan.Expr) string {
		guard := of(allKnown, "{0}")
		if e.Args[0].Type.Elem.Kind == catalog.Double { // NaN has no place in an order
			guard += " AND (len({0}) = 1 OR NOT coalesce(list_contains({0}, 'nan'::DOUBLE), false))"
		}
		return "CASE WHEN " + guard + " THEN {0}[list_position({0}, " + aggregate + "({0}))] END"
	}
}
