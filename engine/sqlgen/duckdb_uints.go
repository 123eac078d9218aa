package sqlgen

import "personae/engine/plan"

// unsigned computes a sum, a difference or a product in 128 bits, which those of
// 64 bits never leave, and guards its range.
func unsigned(op, wide string) template {
	h := "({0}::" + wide + " " + op + " {1}::" + wide + ")"
	return template{sql: "CASE WHEN " + h + " BETWEEN 0 AND 18446744073709551615 THEN " + h + "::UBIGINT END"}
}

// duckUints is the part of the table of templates that is about unsigned integers.
var duckUints = map[plan.Op]template{
	plan.OpAddUint:        unsigned("+", "HUGEINT"),
	plan.OpSubUint:        unsigned("-", "HUGEINT"),
	plan.OpMulUint:        unsigned("*", "UHUGEINT"),
	plan.OpDivUint:        {sql: "({0}::UBIGINT // {1}::UBIGINT)"}, // by zero NULL
	plan.OpModUint:        {sql: "({0}::UBIGINT % {1}::UBIGINT)"},
	plan.OpIntToUint:      guarded("({0})::UBIGINT", "CASE WHEN {0} >= 0 THEN ({0})::UBIGINT END"),
	plan.OpDoubleToUint:   {sql: "CASE WHEN {0} >= 0e0 AND {0} < 18446744073709551616e0 THEN trunc({0})::UBIGINT END"},
	plan.OpStringToUint:   {sql: "CASE WHEN regexp_full_match({0}, '[0-9]+') THEN TRY_CAST({0} AS UBIGINT) END"},
	plan.OpUintToInt:      {sql: "CASE WHEN {0} <= 9223372036854775807 THEN ({0})::BIGINT END"},
	plan.OpUintToDouble:   {sql: "({0})::DOUBLE"},
	plan.OpUintWide:       {sql: "({0})::HUGEINT"},
	plan.OpBitAndUint:     {sql: "({0}::UBIGINT & {1}::UBIGINT)"},
	plan.OpBitOrUint:      {sql: "({0}::UBIGINT | {1}::UBIGINT)"},
	plan.OpBitXorUint:     {sql: "xor({0}::UBIGINT, {1}::UBIGINT)"},
	plan.OpBitNotUint:     {sql: "xor({0}::UBIGINT, 18446744073709551615::UBIGINT)"}, // a subtraction that is compared with a constant breaks DuckDB 1.5.5
	plan.OpShiftLeftUint:  {sql: "CASE WHEN {1} >= 0 THEN ({0}::HUGEINT * (CASE WHEN {1} > 63 THEN 0 ELSE 1::HUGEINT << {1} END) % " + allBits + ")::UBIGINT END"},
	plan.OpShiftRightUint: {sql: "CASE WHEN {1} >= 0 THEN ({0}::HUGEINT // (1::HUGEINT << (CASE WHEN {1} > 63 THEN 64 ELSE {1} END)))::UBIGINT END"},
}
