package sqlgen

import (
	"strconv"
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// allKnown says that a list holds no NULL; NULL where there is no list.
const allKnown = "list_count(@) = len(@)"

// duckLists is the part of the table of templates that is about lists.
// list_concat, list_append and array_to_string take NULL for nothing; || does not.
var duckLists = map[plan.Op]template{
	plan.OpList: {pick: writtenList},
	plan.OpMap:  {pick: writtenMap},
	plan.OpEach: {sql: "list_transform({0}, lambda {1}: {2})"},
	plan.OpKeep: {sql: "list_filter({0}, lambda {1}: {2})"},
	plan.OpAnyTrue: guarded("list_contains({0}, true)",
		"CASE WHEN list_contains({0}, true) THEN true WHEN "+of(allKnown, "{0}")+" THEN false END"),
	plan.OpAllKnown:    {sql: "CASE WHEN " + of(allKnown, "{1}") + " THEN {0} END"},
	plan.OpHasNull:     {sql: "(list_count({0}) < len({0}))"},
	plan.OpInList:      {pick: inList},
	plan.OpEqList:      {pick: equalValues},
	plan.OpSizeList:    {sql: "len({0})"},
	plan.OpAt:          {sql: "CASE WHEN {1} BETWEEN 0 AND len({0}) - 1 THEN {0}[{1} + 1] END"},
	plan.OpAtNull:      {sql: "CASE WHEN {1} BETWEEN 0 AND len({0}) - 1 THEN {0}[{1} + 1] IS NULL END"},
	plan.OpField:       {sql: "struct_extract({0}, {name})"},
	plan.OpFieldNull:   {sql: "CASE WHEN {0} IS NOT NULL THEN struct_extract({0}, {name}) IS NULL END"},
	plan.OpEntry:       {sql: "{0}[{1}]"},
	plan.OpEntryNull:   {sql: "CASE WHEN map_contains({0}, {1}) THEN {0}[{1}] IS NULL END"},
	plan.OpHasKey:      {sql: "map_contains({0}, {1})"},
	plan.OpKeys:        {sql: "map_keys({0})"},
	plan.OpSizeMap:     {sql: "cardinality({0})::BIGINT"},
	plan.OpConcatList:  {sql: "({0} || {1})"},
	plan.OpSlice:       {sql: "CASE WHEN {1} BETWEEN 0 AND {2} AND {2} <= len({0}) THEN {0}[{1} + 1:{2}] END"},
	plan.OpReverseList: {sql: "list_reverse({0})"},
	plan.OpDistinct: {pick: func(e *plan.Expr) string {
		first := "list_position({0}, x) = i"
		if e.Args[0].Type.Elem.Kind == catalog.Double {
			first += " OR coalesce(isnan(x), false)"
		}
		return "list_filter({0}, lambda x, i: " + first + ")"
	}},
	plan.OpSort:    guarded("list_sort({0})", "CASE WHEN "+of(allKnown, "{0}")+" THEN list_sort({0}) END"),
	plan.OpRange:   {sql: "CASE WHEN {0} BETWEEN 0 AND 1000000 THEN range({0}) END"},
	plan.OpSumList: {sql: "CASE WHEN list_sum({0}) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN list_sum({0})::BIGINT WHEN list_count({0}) = 0 THEN 0 END"},

	plan.OpSplit: {sql: splitParts},
	// The last part is what is left: all characters that are not in the parts
	// before it, nor between them.
	plan.OpSplitFirst: {pick: splitFirst},
	plan.OpJoin:       guarded(joined, "CASE WHEN "+of(allKnown, "{0}")+" THEN "+joined+" END"),
}

// splitParts: no part is in nothing. string_split takes NULL for a text that is not there.
const splitParts = "(CASE WHEN {0} || {1} = '' THEN []::VARCHAR[] WHEN {0} || {1} <> '' THEN string_split({0}, {1}) END)"

const joined = "substring(array_to_string(list_transform({0}, lambda part: {1} || part), ''), length({1}) + 1)"

func splitFirst(*plan.Expr) string {
	const all = splitParts
	rest := "substring({0}, coalesce(list_sum(list_transform(" + all + "[1:{2} - 1], lambda part: length(part) + length({1}))), 0)::BIGINT + 1)"
	return "CASE WHEN {2} < 0 OR {2} > len(" + all + ") THEN " + all + " WHEN {2} = 0 THEN string_split({0} || {1}, 'a')[1:0] WHEN {2} >= 1 THEN " + all + "[1:{2} - 1] || [" + rest + "] END"
}

func writtenList(e *plan.Expr) string {
	items := make([]string, len(e.Args))
	for i := range items {
		items[i] = "{" + strconv.Itoa(i) + "}"
	}
	return "([" + strings.Join(items, ", ") + "]::" + duckType(e.Type) + ")"
}

// writtenMap guards keys that may be ⊥: a NULL among them ends the query.
func writtenMap(e *plan.Expr) string {
	keys, values, guards := make([]string, len(e.Args)/2), make([]string, len(e.Args)/2), []string(nil)
	for i := range keys {
		keys[i], values[i] = "{"+strconv.Itoa(2*i)+"}", "{"+strconv.Itoa(2*i+1)+"}"
		if !e.Args[2*i].Decided() {
			guards = append(guards, keys[i]+" IS NOT NULL")
		}
	}
	text := "(map([" + strings.Join(keys, ", ") + "], [" + strings.Join(values, ", ") + "])::" + duckType(e.Type) + ")"
	if guards != nil {
		return "(CASE WHEN " + strings.Join(guards, " AND ") + " THEN " + text + " END)"
	}
	return text
}

// inList: a list may hold NULL, which is nothing that is looked for, and NaN,
// which equals nothing.
func inList(e *plan.Expr) string {
	if x := e.Args[0]; x.Type.Kind == catalog.Double && !x.Facts.NoNaN {
		return "(CASE WHEN isnan({0}) AND {1} IS NOT NULL THEN false ELSE list_contains({1}, {0}) END)"
	}
	return "list_contains({1}, {0})"
}

// equalValues: inside of values SQL takes null for equal to null, as CEL does, and
// NaN for equal to NaN. Entries of maps have no order.
func equalValues(e *plan.Expr) string {
	t := e.Args[0].Type
	equal := "{0} = {1}"
	if t.Kind == catalog.Map {
		equal = "list_sort(map_entries({0})) = list_sort(map_entries({1}))"
	}
	if nan := nanIn("{0}", t, 0); nan != "" {
		equal += " AND ({1} IS NULL OR NOT " + nan + ")"
	}
	return "(" + equal + ")"
}

// nanIn says whether a value holds NaN, false of NULL; "" of what cannot.
func nanIn(x string, t catalog.Type, depth int) string {
	switch t.Kind {
	case catalog.Double:
		return "coalesce(isnan(" + x + "), false)"
	case catalog.Map:
		return nanIn("map_values("+x+")", catalog.Type{Kind: catalog.List, Elem: t.Elem}, depth)
	case catalog.List:
		if t.Elem.Kind == catalog.Double {
			return "coalesce(list_contains(" + x + ", 'nan'::DOUBLE), false)"
		}
		element := "n" + strconv.Itoa(depth)
		if inside := nanIn(element, *t.Elem, depth+1); inside != "" {
			return "coalesce(list_contains(list_transform(" + x + ", lambda " + element + ": " + inside + "), true), false)"
		}
	case catalog.Struct:
		var any []string
		for _, f := range t.Fields {
			if inside := nanIn("struct_extract("+x+", "+sqltext.Literal(f.Name)+")", f.Type, depth); inside != "" {
				any = append(any, inside)
			}
		}
		if any != nil {
			return "(" + strings.Join(any, " OR ") + ")"
		}
	}
	return ""
}

// duckType is the SQL type of values.
func duckType(t catalog.Type) string {
	switch t.Kind {
	case catalog.List:
		return duckType(*t.Elem) + "[]"
	case catalog.Map:
		return "MAP(" + duckType(*t.Key) + ", " + duckType(*t.Elem) + ")"
	case catalog.Struct:
		fields := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = sqltext.Ident(f.Name) + " " + duckType(f.Type)
		}
		return "STRUCT(" + strings.Join(fields, ", ") + ")"
	}
	if name := duckTypes[t.Kind]; name != "" {
		return name
	}
	return "VARCHAR"
}

// elements tells which loops' elements a node depends on, by its node.
type elements map[*plan.Expr]map[string]bool

// note looks at a node after its operands.
func (l elements) note(e *plan.Expr) {
	var names map[string]bool
	add := func(name string) {
		if names == nil {
			names = map[string]bool{}
		}
		names[name] = true
	}
	if e.Op == plan.OpElement {
		add(e.Name)
	}
	for i, a := range e.Args {
		for name := range l[a] {
			if bound := e.Op == plan.OpEach || e.Op == plan.OpKeep; !bound || i == 0 || name != e.Args[1].Name {
				add(name)
			}
		}
	}
	if names != nil {
		l[e] = names
	}
}
