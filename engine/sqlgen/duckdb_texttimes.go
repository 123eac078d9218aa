package sqlgen

import (
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// inTime is an instant where CEL has it; DuckDB has more.
func inTime(x string) string {
	return "(CASE WHEN epoch_us(" + x + ") BETWEEN -62135596800000000 AND 253402300799999999 THEN " + x + " END)"
}

// instantPattern is RFC 3339. The cast sees to the days of months, minutes and
// seconds; it also takes 24 o'clock, and offsets of days.
const instantPattern = `\d\d\d\d-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d([.]\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)`

// duckTextTimes is the part of the table of templates that reads times from texts.
var duckTextTimes = map[plan.Op]template{
	plan.OpStringToTime: {sql: "CASE WHEN regexp_full_match({0}, '" + instantPattern + "') THEN " + inTime("TRY_CAST({0} AS TIMESTAMPTZ)") + " END"},
	plan.OpStringToDay: {pick: func(e *plan.Expr) string {
		return `CASE WHEN regexp_full_match({0}, '\d\d\d\d-\d\d-\d\d') AND left({0}, 4) <> '0000' THEN timezone(` + sqltext.Literal(e.Name) + `, TRY_CAST({0} AS DATE)::TIMESTAMP) END`
	}},
	plan.OpStringToLength: {sql: "CASE WHEN regexp_full_match({0}, '[-+]?(0|(" + lengthPart + ")+)') THEN list_transform([" + lengthSum +
		"], lambda n: CASE WHEN starts_with({0}, '-') THEN (-n)::BIGINT WHEN n < " + halfBits + " THEN n::BIGINT END)[1] END"},
}

// Parts of a length of time, each in nanoseconds: Go multiplies the digits
// behind the point with the unit as doubles, and takes no more of them than 63
// bits hold.
const (
	lengthPart = `(\d+[.]?\d*|[.]\d+)(ns|us|µs|μs|ms|s|m|h)`
	// two parts of 2^63 add up to 0, as 64 bits have it; beyond them it is NULL, and stays so
	lengthSum = "list_reduce(list_transform(regexp_extract_all({0}, '" + lengthPart + "'), lambda p: " + partNanos + "), lambda a, b: CASE WHEN a + b = " + allBits + " THEN 0 WHEN a + b <= " + halfBits + " THEN a + b END, 0::HUGEINT)"
	partUnit  = `CASE regexp_extract(p, '[^\d.]+') WHEN 'h' THEN 3600000000000 WHEN 'm' THEN 60000000000 WHEN 's' THEN 1000000000 WHEN 'ms' THEN 1000000 WHEN 'ns' THEN 1 ELSE 1000 END`
	partWhole = `TRY_CAST('0' || ltrim(regexp_extract(p, '^\d*'), '0') AS UBIGINT)`
	// the digits behind the point that Go takes; 2^63 itself is the same with a digit less
	partDigits = `list_transform([regexp_extract(p, '[.](\d*)', 1)], lambda d: list_transform([length(d) - length(ltrim(d, '0'))], lambda z:
    CASE WHEN TRY_CAST('0' || ltrim(left(d, z + 19), '0') AS BIGINT) IS NOT NULL THEN left(d, z + 19) ELSE left(d, z + 18) END)[1])`
	partNanos = `list_transform([` + partUnit + `], lambda u: list_transform(` + partDigits + `, lambda d:
    ` + partWhole + `::HUGEINT * u + trunc(('0' || ltrim(d, '0'))::BIGINT::DOUBLE * (u::DOUBLE / ` + scaleOf + `))::HUGEINT)[1])[1]`
	// ten for each digit, multiplied as Go does it
	scaleOf = "list_reduce(list_transform(range(length(d)), lambda i: 1e1), lambda a, b: a * b, 1e0)"
)
