package sqlgen

import (
	"strconv"
	"strings"

	"personae/engine/plan"
)

// Whole numbers are written by their digits without a sign, which are unsigned:
// the smallest int has no positive one.
const (
	minus     = "(CASE WHEN ({0})::HUGEINT < 0 THEN '-' ELSE '' END)"
	magnitude = "abs(({0})::HUGEINT)::UBIGINT"
)

// duckFormats is the part of the table of templates that writes values as
// format() does.
var duckFormats = map[plan.Op]template{
	plan.OpBinary: {sql: "(" + minus + " || bin(" + magnitude + "))"},
	plan.OpHex:    {sql: "(" + minus + " || lower(hex(" + magnitude + ")))"},
	// to_base takes what an int holds, and three bits less always are
	plan.OpOctal: {sql: "(" + minus + " || (CASE WHEN " + magnitude + " > 7 THEN to_base((" + magnitude + " // 8)::BIGINT, 8) ELSE '' END) || (" + magnitude + " % 8)::VARCHAR)"},

	plan.OpHexBytes:     {sql: "lower(hex({0}))"},
	plan.OpIsText:       {sql: "CASE WHEN {0} IS NOT NULL THEN TRY(decode({0})) IS NOT NULL END"},
	plan.OpTimeToString: {sql: "(strftime(timezone('UTC', {0}), '%Y-%m-%dT%H:%M:%S') || rtrim(strftime(timezone('UTC', {0}), '.%f'), '0.') || 'Z')"},

	plan.OpDecimal: {sql: finite("list_transform([abs({0})::VARCHAR], lambda v: CASE WHEN contains(v, 'e-') THEN '0.' || repeat('0', -" + exponent + " - 1) || " + mantissa +
		" WHEN contains(v, 'e') THEN rpad(" + mantissa + ", " + exponent + " + 1, '0') WHEN ends_with(v, '.0') THEN left(v, -2) ELSE v END)[1]")},
	plan.OpFixed:      {pick: fixed},
	plan.OpScientific: {pick: func(e *plan.Expr) string { return finite("printf('%." + e.Name + "e', abs({0}))") }},
}

// Parts of v, a double without its sign as DuckDB writes it: the shortest digits
// that mean it, with an exponent from 1e16 on and below 0.0001.
const (
	mantissa = "replace(split_part(v, 'e', 1), '.', '')"
	exponent = "split_part(v, 'e', 2)::INTEGER"
)

// finite puts the sign in front of what is written of a double without it, and
// names what is no number.
func finite(digits string) string {
	return "(CASE WHEN isnan({0}) THEN 'NaN' ELSE (CASE WHEN signbit({0}) THEN '-' ELSE '' END) || (CASE WHEN isinf({0}) THEN 'Infinity' ELSE " + digits + " END) END)"
}

// fixed: printf rounds as Go does, but loses digits of large numbers, which are
// whole.
func fixed(e *plan.Expr) string {
	n, _ := strconv.Atoi(e.Name)
	zeros := ""
	if n > 0 {
		zeros = " || '." + strings.Repeat("0", n) + "'"
	}
	return finite("(CASE WHEN {0} = trunc({0}) THEN abs({0})::BIGNUM::VARCHAR" + zeros + " ELSE printf('%." + e.Name + "f', abs({0})) END)")
}
