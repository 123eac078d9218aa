package sqlgen

import (
	"personae/engine/catalog"
	"personae/engine/plan"
)

// duckAggregates is the part of the table of templates that is about aggregates
// over lists. Those of DuckDB skip NULL, as CEL's do. They follow the folds of
// related rows: sums of doubles are sums of billionths, a zero has no sign.
var duckAggregates = map[plan.Op]template{
	plan.OpCountList: {sql: "list_count({0})"},
	plan.OpMinList:   {pick: ordinary("list_min({0})")},
	plan.OpMaxList:   {pick: ordinary("list_max({0})")},
	plan.OpModeList: {pick: ordinary("list_sort(list_transform(map_entries(list_aggregate({0}, 'histogram')), " +
		"lambda e: struct_pack(c := -(e.value::BIGINT), v := e.key)))[1].v")},
	plan.OpSumDoubles: {sql: "CASE WHEN list_count({0}) = 0 THEN 0e0 ELSE list_transform([list_transform({0}, lambda x: CASE WHEN abs(x) < 1e20 THEN round(x * 1e9)::HUGEINT END)], " +
		"lambda f: CASE WHEN list_count(f) = list_count({0}) THEN (list_sum(f) // 1000000000)::DOUBLE + (list_sum(f) % 1000000000)::DOUBLE / 1e9 END)[1] END"},
	plan.OpSumWide:    {sql: "list_sum({0})::DOUBLE"},
	plan.OpAvgLengths: {sql: "(list_sum({0}) // list_count({0}))::BIGINT"},
	plan.OpQuantileList: {pick: func(e *plan.Expr) string {
		sorted := "list_sort(list_filter({0}, lambda x: x IS NOT NULL))"
		if e.Args[0].Type.Elem.Kind == catalog.Int {
			sorted += "::DOUBLE[]"
		}
		found := "list_transform([" + sorted + "], lambda s: list_transform([(len(s) - 1)::DOUBLE * " + e.Name + " / 1e2], lambda h: " +
			"CASE WHEN h % 1 = 0 THEN s[h::BIGINT + 1] ELSE s[floor(h)::BIGINT + 1] * (1e0 - (h - floor(h))) + s[floor(h)::BIGINT + 2] * (h - floor(h)) END)[1])[1] + 0e0"
		return withoutNaN(e, found)
	}},
	plan.OpLengthQuantile: {pick: func(e *plan.Expr) string {
		const between = "s[floor(h)::BIGINT + 1]::HUGEINT + trunc((s[floor(h)::BIGINT + 2]::DOUBLE - s[floor(h)::BIGINT + 1]::DOUBLE) * (h - floor(h)))::HUGEINT"
		return "list_transform([list_sort(list_filter({0}, lambda x: x IS NOT NULL))], lambda s: list_transform([(len(s) - 1)::DOUBLE * " + e.Name + " / 1e2], lambda h: " +
			"CASE WHEN h % 1 = 0 THEN s[h::BIGINT + 1] ELSE list_transform([" + between + "], lambda v: CASE WHEN v" + inRange + "v::BIGINT END)[1] END)[1])[1]"
	}},
}

// ordinary guards an aggregate of doubles against NaN, which has no place in an
// order, and takes the sign off zero.
func ordinary(sql string) func(*plan.Expr) string {
	return func(e *plan.Expr) string {
		if e.Args[0].Type.Elem.Kind != catalog.Double {
			return sql
		}
		return withoutNaN(e, sql+" + 0e0")
	}
}

func withoutNaN(e *plan.Expr, sql string) string {
	if e.Args[0].Type.Elem.Kind != catalog.Double {
		return sql
	}
	return "CASE WHEN NOT coalesce(list_contains({0}, 'nan'::DOUBLE), false) THEN " + sql + " END"
}
