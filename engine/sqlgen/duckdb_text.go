package sqlgen

import (
	"strings"

	"personae/engine/plan"
)

// Parts of templates about text. Characters are code points, as in CEL: text is
// turned round and taken apart by string_split, because reverse keeps what is
// written over each other together.
const (
	textReversed = "array_to_string(list_reverse(string_split(@, '')), '')"
	// replaceable are the parts that are joined by what is put between them.
	replaceable = "(CASE WHEN {1} <> '' THEN string_split({0}, {1}) WHEN {0} || {1} = '' THEN ['', ''] WHEN {0} || {1} <> '' THEN list_concat([''], list_append(string_split({0}, ''), '')) END)"
)

// of puts an operand into a part of a template.
func of(part, operand string) string { return strings.ReplaceAll(part, "@", operand) }

// fromPlace looks for {1} in {0} from a place inside it on. The empty text is at
// the place itself, at the end at last; others are nowhere behind the end.
func fromPlace(look string) string {
	return "CASE WHEN {2} < 0 THEN NULL WHEN {2} < length({0}) THEN (CASE WHEN {1} = '' THEN {2} ELSE " + look + " END) WHEN {2} >= length({0}) THEN (CASE WHEN {1} = '' THEN length({0}) WHEN {1} <> '' THEN -1 END) END"
}

// lastIn writes the place of the last s in x, which is the first of the two
// turned round; -1 if it is not there.
func lastIn(x, s string) string {
	at := "strpos(" + of(textReversed, x) + ", " + of(textReversed, s) + ")"
	return "(CASE WHEN " + at + " = 0 THEN -1 ELSE length(" + x + ") - length(" + s + ") - " + at + " + 1 END)"
}

// duckTexts is the part of the table of templates that is about text.
var duckTexts = map[plan.Op]template{
	plan.OpIndexFrom:     {sql: fromPlace("(CASE WHEN strpos(substring({0}, {2} + 1), {1}) = 0 THEN -1 ELSE strpos(substring({0}, {2} + 1), {1}) + {2} - 1 END)")},
	plan.OpLastIndexOf:   {sql: "(CASE WHEN {1} = '' THEN length({0}) ELSE " + lastIn("{0}", "{1}") + " END)"},
	plan.OpLastIndexFrom: {sql: fromPlace(lastIn("substring({0}, 1, {2} + length({1}))", "{1}"))},
	plan.OpReplace:       {sql: "replace({0}, {1}, {2})"},
	plan.OpReplaceFirst: {sql: "CASE WHEN {2} IS NOT NULL AND {3} IS NOT NULL THEN array_to_string(list_transform(" + replaceable +
		", lambda part, place: CASE WHEN place = 1 THEN part WHEN {3} < 0 OR place - 1 <= {3} THEN {2} || part ELSE {1} || part END), '') END"},
	plan.OpReverse:       {sql: of(textReversed, "{0}")},
	plan.OpQuote:         {sql: quoted("{0}")},
	plan.OpBytesToString: {sql: "TRY(decode({0}))"}, // an error where they are no UTF-8
	plan.OpStringToDouble: {sql: "CASE WHEN regexp_full_match({0}, '" + decimalNumber + "') THEN list_transform([TRY_CAST(replace({0}, '_', '') AS DOUBLE)], lambda x: CASE WHEN isfinite(x) THEN x END)[1]" +
		" WHEN regexp_full_match({0}, '(?i)[+]?inf(inity)?') THEN 'infinity'::DOUBLE WHEN regexp_full_match({0}, '(?i)-inf(inity)?') THEN '-infinity'::DOUBLE WHEN regexp_full_match({0}, '(?i)nan') THEN 'nan'::DOUBLE" +
		" WHEN regexp_full_match({0}, '" + hexNumber + "') THEN (CASE WHEN starts_with({0}, '-') THEN -1e0 ELSE 1e0 END) * " + hexValue + " END"},
	plan.OpDoubleToString: {sql: "CASE WHEN isnan({0}) THEN 'NaN' WHEN isinf({0}) THEN (CASE WHEN {0} > 0 THEN '+Inf' ELSE '-Inf' END)" +
		" WHEN abs({0}) >= 1e6 AND abs({0}) < 1e16 THEN " + withExponent + " WHEN ends_with({0}::VARCHAR, '.0') THEN left({0}::VARCHAR, -2) ELSE {0}::VARCHAR END"},
	plan.OpLengthToString: {sql: "((CASE WHEN {0} BETWEEN -99999 AND 99999 AND {0} <> 0 THEN (CASE WHEN {0} < 0 THEN '-0.' ELSE '0.' END) || rtrim(lpad(abs({0})::VARCHAR, 9, '0'), '0')" +
		" WHEN {0} % 1000000000 = 0 THEN ({0} // 1000000000)::VARCHAR ELSE (({0} // 1000000000)::DOUBLE + ({0} % 1000000000)::DOUBLE / 1e9)::VARCHAR END) || 's')"},
}

// withExponent writes digits with a point after the first, from what DuckDB
// writes without an exponent.
const withExponent = "((CASE WHEN {0} < 0 THEN '-' ELSE '' END) || regexp_replace(rtrim(replace(abs({0})::VARCHAR, '.', ''), '0'), '^(.)(.+)$', '\\1.\\2') ||" +
	" 'e+' || lpad((strpos(abs({0})::VARCHAR, '.') - 2)::VARCHAR, 2, '0'))"

// quoted writes a text as CEL would.
func quoted(x string) string {
	for _, c := range [][2]string{{"'\\'", `'\\'`}, {"'\"'", `'\"'`}, {"chr(7)", `'\a'`}, {"chr(8)", `'\b'`}, {"chr(9)", `'\t'`}, {"chr(10)", `'\n'`}, {"chr(11)", `'\v'`}, {"chr(12)", `'\f'`}, {"chr(13)", `'\r'`}} {
		x = "replace(" + x + ", " + c[0] + ", " + c[1] + ")"
	}
	return "('\"' || " + x + " || '\"')"
}
