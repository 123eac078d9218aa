package sqlgen

import "personae/engine/plan"

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
	plan.OpTimeToString: {sql: "(strftime(timezone('UTC', {0}), '%Y-%m-%dT%H:%M:%S') || rtrim(strftime(timezone('UTC', {0}), '.%f'), '0.') || 'Z')"},
}
