package duckdb

import (
	"fmt"
	"strings"

	"personae/engine/catalog"
	"personae/engine/sqltext"
)

// The grammar of cells. A cell is matched as a whole, blanks around it left
// aside, and only then cast: TRY_CAST('7.6' AS BIGINT) is 8, and '1_000' would
// be a thousand.
const (
	intPattern        = `[+-]?[0-9]{1,19}`
	doublePattern     = `[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?`
	commaPattern      = `[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?([eE][+-]?[0-9]{1,3})?`
	datePattern       = `[0-9]{4}-[0-9]{2}-[0-9]{2}`
	clockPattern      = datePattern + `[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?`
	zonedClockPattern = datePattern + `[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}(:?[0-9]{2})?)`
	leadingZero       = `[+-]?0[0-9].*`
	longWhole         = `[+-]?[0-9]{16,}`
)

// The instants that CEL has, with a day's room for time zones.
const (
	firstInstant = "TIMESTAMP '0001-01-02 00:00:00'"
	lastInstant  = "TIMESTAMP '9999-12-30 23:59:59.999999'"
)

// cellRules say how the text of a cell is read.
type cellRules struct {
	zone   string // IANA name: calendar days and clocks without a zone are there
	comma  bool   // decimal commas
	format string // strptime; "" for ISO 8601
	date   bool   // calendar days, at local midnight
}

func matches(x, pattern string) string {
	return "regexp_full_match(" + x + ", " + sqltext.Literal(pattern) + ")"
}

// textTo writes the SQL that reads the text x as a type: NULL where the text
// does not fit. x is NULL for null and has no blanks around it.
func textTo(t catalog.Type, r cellRules, x string) string {
	switch t.Kind {
	case catalog.Int:
		return fmt.Sprintf("CASE WHEN %s THEN TRY_CAST(%s AS BIGINT) END", matches(x, intPattern), x)
	case catalog.Double:
		pattern, number := doublePattern, x
		if r.comma {
			pattern, number = commaPattern, "replace(replace("+x+", '.', ''), ',', '.')"
		}
		return fmt.Sprintf("CASE WHEN %s THEN %s END", matches(x, pattern), finite("TRY_CAST("+number+" AS DOUBLE)"))
	case catalog.Bool:
		return fmt.Sprintf("CASE WHEN lower(%[1]s) IN ('true', 'yes', '1') THEN true WHEN lower(%[1]s) IN ('false', 'no', '0') THEN false END", x)
	case catalog.Timestamp:
		return textToInstant(r, x)
	case catalog.Bytes:
		return "encode(" + x + ")"
	case catalog.List:
		return textToList(t, r, x)
	}
	return x
}

func textToInstant(r cellRules, x string) string {
	if r.format != "" {
		parsed := "try_strptime(" + x + ", " + sqltext.Literal(r.format) + ")"
		if strings.Contains(strings.ToLower(r.format), "%z") {
			parsed = "timezone('UTC', " + parsed + ")"
			if !r.date {
				return "timezone('UTC', " + ranged(parsed) + ")"
			}
		}
		return localised(r, ranged(parsed))
	}
	day := fmt.Sprintf("WHEN %s THEN %s", matches(x, datePattern), localised(r, ranged("CAST(TRY_CAST("+x+" AS DATE) AS TIMESTAMP)")))
	if r.date {
		return "CASE " + day + " END"
	}
	return fmt.Sprintf("CASE WHEN %s THEN %s WHEN %s THEN %s %s END",
		matches(x, zonedClockPattern), "timezone('UTC', "+ranged("timezone('UTC', TRY_CAST("+x+" AS TIMESTAMPTZ))")+")",
		matches(x, clockPattern), localised(r, ranged("TRY_CAST("+x+" AS TIMESTAMP)")), day)
}

// textToList reads a JSON list. One element that does not fit rejects the cell.
func textToList(t catalog.Type, r cellRules, x string) string {
	texts := fmt.Sprintf("CASE WHEN json_valid(%[1]s) AND json_type(%[1]s) = 'ARRAY' THEN json_extract_string(%[1]s, '$[*]') END", x)
	return allOrNothing(texts, "list_transform("+texts+", lambda e: "+textTo(*t.Elem, r, "e")+")")
}

// allOrNothing is the converted list, or NULL where an element got lost.
func allOrNothing(before, after string) string {
	return fmt.Sprintf("CASE WHEN list_count(%s) = list_count(%s) THEN %s END", before, after, after)
}

func finite(x string) string {
	return fmt.Sprintf("CASE WHEN isfinite(%[1]s) THEN %[1]s END", x)
}

// ranged is the TIMESTAMP x where CEL has it, else NULL; infinities go too.
func ranged(x string) string {
	return fmt.Sprintf("CASE WHEN %[1]s BETWEEN %[2]s AND %[3]s THEN %[1]s END", x, firstInstant, lastInstant)
}

// rangedInstant is ranged for instants. They are compared as they are: asking
// for their clock time costs more than reading them.
func rangedInstant(x string) string {
	return fmt.Sprintf("CASE WHEN %[1]s BETWEEN %[2]s AND %[3]s THEN %[1]s END", x, instant(firstInstant), instant(lastInstant))
}

// instant makes the literal of a TIMESTAMP that of the instant in UTC.
func instant(literal string) string {
	return "TIMESTAMPTZ" + strings.TrimSuffix(strings.TrimPrefix(literal, "TIMESTAMP"), "'") + "+00'"
}

// localised turns a TIMESTAMP of the project's zone into an instant.
func localised(r cellRules, x string) string {
	if r.date {
		x = "CAST(CAST(" + x + " AS DATE) AS TIMESTAMP)"
	}
	return "timezone(" + sqltext.Literal(r.zone) + ", " + x + ")"
}

// nativeTo writes the SQL that turns a typed value x into the canonical type
// of t: NULL where it does not fit. fallible says whether that can happen, ok
// whether the conversion makes sense at all.
func nativeTo(from catalog.SQLType, t catalog.Type, r cellRules, x string) (text string, fallible, ok bool) {
	own, _, hidden := catalog.FromSQL(from)
	switch t.Kind {
	case catalog.String:
		nested := own.Kind == catalog.List || own.Kind == catalog.Map || own.Kind == catalog.Struct
		return "CAST(" + x + " AS VARCHAR)", false, !nested
	case catalog.Bool:
		switch own.Kind {
		case catalog.Bool:
			return x, false, true
		case catalog.Int, catalog.Double:
			return fmt.Sprintf("CASE %s WHEN 1 THEN true WHEN 0 THEN false END", x), true, true
		}
	case catalog.Int:
		return nativeToInt(from, own, x)
	case catalog.Double:
		switch own.Kind {
		case catalog.Int:
			return "CAST(" + x + " AS DOUBLE)", false, true
		case catalog.Double:
			if from.Name == "DECIMAL" {
				return "CAST(" + x + " AS DOUBLE)", false, true
			}
			return finite("CAST(" + x + " AS DOUBLE)"), true, true
		}
	case catalog.Timestamp:
		if own.Kind == catalog.Timestamp {
			return nativeToInstant(from, r, x), true, true
		}
	case catalog.Bytes:
		if own.Kind == catalog.Bytes {
			return x, false, true
		}
	case catalog.List:
		return nativeToList(from, t, r, x)
	case catalog.Struct, catalog.Map:
		if hidden == "" && own.Kind == t.Kind {
			text, fallible = nested(from, t, r, x)
			return text, fallible, true
		}
	}
	return "", false, false
}

func nativeToInt(from catalog.SQLType, own catalog.Type, x string) (string, bool, bool) {
	switch {
	case own.Kind == catalog.Bool:
		return "CAST(" + x + " AS BIGINT)", false, true
	case own.Kind == catalog.Double:
		// A double beyond 2^53 is no exact whole number any more, but has one value.
		return fmt.Sprintf("CASE WHEN %[1]s = trunc(%[1]s) THEN TRY_CAST(%[1]s AS BIGINT) END", x), true, true
	case own.Kind != catalog.Int:
		return "", false, false
	case from.Name == "BIGINT":
		return x, false, true
	case from.Name == "HUGEINT" || from.Name == "UHUGEINT" || from.Name == "UBIGINT":
		return "TRY_CAST(" + x + " AS BIGINT)", true, true
	}
	return "CAST(" + x + " AS BIGINT)", false, true
}

func nativeToInstant(from catalog.SQLType, r cellRules, x string) string {
	switch {
	case from.Name == "TIMESTAMP WITH TIME ZONE" && r.date:
		return localised(r, "timezone("+sqltext.Literal(r.zone)+", "+rangedInstant(x)+")")
	case from.Name == "TIMESTAMP WITH TIME ZONE":
		return rangedInstant(x)
	case from.Name == "TIMESTAMP":
		return localised(r, ranged(x))
	}
	return localised(r, ranged("TRY_CAST("+x+" AS TIMESTAMP)"))
}

func nativeToList(from catalog.SQLType, t catalog.Type, r cellRules, x string) (string, bool, bool) {
	if from.Elem == nil || from.Name != "LIST" {
		return "", false, false
	}
	elem := "e"
	if from.Elem.Name == "VARCHAR" {
		if t.Elem.Kind == catalog.String {
			return "CAST(" + x + " AS VARCHAR[])", false, true
		}
		elem = textTo(*t.Elem, r, "nullif(trim(e), '')")
	} else {
		text, _, ok := nativeTo(*from.Elem, *t.Elem, r, "e")
		if !ok {
			return "", false, false
		}
		elem = text
	}
	list := "CAST(" + x + " AS " + from.Elem.Text + "[])" // arrays of fixed length become lists
	return allOrNothing(list, "list_transform("+list+", lambda e: "+elem+")"), true, true
}

// nested rebuilds a struct or map of canonical types. A field or value that
// does not fit rejects the whole cell.
func nested(from catalog.SQLType, t catalog.Type, r cellRules, x string) (text string, fallible bool) {
	if from.Name == "MAP" {
		key, keyFails, _ := nativeTo(*from.Key, *t.Key, r, "m.key")
		value, valueFails, _ := nativeTo(*from.Elem, *t.Elem, r, "m.value")
		entries := "map_entries(" + x + ")"
		if keyFails { // no map has a null key
			entries = "list_filter(" + entries + ", lambda m: (" + key + ") IS NOT NULL)"
		}
		made := fmt.Sprintf("map_from_entries(list_transform(%s, lambda m: {'key': %s, 'value': %s}))", entries, key, value)
		if !keyFails && !valueFails {
			return made, false
		}
		return fmt.Sprintf("CASE WHEN len(map_keys(%[1]s)) = len(map_keys(%[2]s)) AND list_count(map_values(%[1]s)) = list_count(map_values(%[2]s)) THEN %[2]s END", x, made), true
	}
	fields, lost := make([]string, len(from.Fields)), []string{"false"}
	for i, f := range from.Fields {
		field := "struct_extract(" + x + ", " + sqltext.Literal(f.Name) + ")"
		text, fails, _ := nativeTo(f.Type, t.Fields[i].Type, r, field)
		fields[i] = sqltext.Ident(f.Name) + " := " + text
		if fails {
			lost = append(lost, "("+field+" IS NOT NULL AND ("+text+") IS NULL)")
		}
	}
	return fmt.Sprintf("CASE WHEN %s IS NOT NULL AND NOT (%s) THEN struct_pack(%s) END", x, strings.Join(lost, " OR "), strings.Join(fields, ", ")), len(lost) > 1
}
