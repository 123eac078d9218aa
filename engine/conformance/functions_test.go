package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"

	"personae/engine/plan"
)

// form is a way of writing that is no overload by itself, with an example over
// the tables of the random tests.
type form struct {
	written string // for people
	example string
	byRow   bool
}

// forms are the macros, the operators that treat null and "can't tell" in ways
// of their own, and what stands over lists, related rows, maps and records.
var forms = []form{
	{"`p && q` `p \\|\\| q` `!p` `c ? x : y`", "row.b && row.rb || !(row.b2 ? row.b : row.rb2)", false},
	{"`x == y` `x != y` of one type, and of lists, structs and maps", "row.i == row.ri && row.ls != row.rls && row.lp[0] == row.lp[1] && row.ll == [[1]] && row.mp != {'a': 1}", false},
	{"`x == null` `has(row.x)`", "row.i == null || has(row.s)", false},
	{"`row.?x.orValue(y)` `.hasValue()` `.value()`", "row.?i.orValue(1) > 2 && row.?s.hasValue() && row.?b.value()", false},
	{"`x in [a, b]`, in a list column, among the keys of a map that is written out", "row.i in [1, row.ri] && row.s in row.ls && row.rs in {'a': 1}", false},
	{"`atLeast(n, p, q)`", "atLeast(1, row.b, row.rb)", false},
	{"`cel.bind(x, a, b)`", "cel.bind(x, row.i + 1, x > 2)", false},
	{"`exists` `all` `exists_one` `filter` `map` over a list column and what is made of it", "row.li.filter(x, x > 0).map(x, x * 2).exists(x, x == 4) && row.ls.all(x, x != '') && row.lb.exists_one(x, x)", false},
	{"the same over a list or a map that is written out", "[row.i, 2].exists(x, x > 1) && {'a': row.i}.all(k, k == row.s)", false},
	{"the same over related rows", "row.events.filter(e, e.rb).map(e, e.i).exists(x, x == 4) && row.events.all(e, e.b) && row.events.exists_one(e, e.rb)", false},
	{"`rows.within(d)` `.before(d)` `.between(d, d)` `.gaps()` `.weeksActive(n)` `.sequence(...)`", "row.events.within(days(3)).size() > 1 && row.events.before(days(1)).gaps().max() > days(2) && row.events.between(days(9), days(2)).weeksActive(8) > 1 && row.events.sequence(e, step(e.b), never(e.rb), step(e.b, days(2)))", false},
	{"`size` `sum` `avg` `min` `max` `median` `percentile` `mode` `distinct` `first` `last` over related rows", "row.events.size() > 1 && row.events.map(e, e.i).sum() > 1 && row.events.map(e, e.rd).avg() > row.events.map(e, e.rd).median() && row.events.map(e, e.ri).percentile(90) > 1.0 && row.events.map(e, e.s).mode() == 'a' && row.events.map(e, e.s).distinct().size() > 1 && row.events.map(e, e.s).first().orValue('') != row.events.map(e, e.s).last().orValue('') && row.events.map(e, e.ri).min() < row.events.map(e, e.ri).max()", false},
	{"`size` `sum` `avg` `min` `max` `median` `percentile` `mode` `first` `last` `distinct` `list[i]` `list[?i]` over a list column and what is made of it", "row.ld.sum() > 1.0 && row.li.avg() > 1.0 && row.li.max() > row.li.min() && row.ld.median() > 1.0 && row.li.percentile(90) > 1.0 && row.ls.mode() == 'a' && row.li.size() > 1 && row.li.sum() > 1 && row.ls.first().orValue('') == row.ls.last().orValue('') && row.ls.distinct()[0] != row.ls[?1].orValue('')", false},
	{"`map[key]`, `map.key`, `==` of maps that are written out", "{'a': row.i, 'b': 2}[row.s] > 1 && {row.rs: 1} != {'a': row.i}", false},
	{"`math.greatest` and `math.least` of a list column and what is made of it", "math.greatest(row.li) > math.least(row.rli.map(x, x * 2))", false},
	{"`sortBy(x, y)` and `sort()` of doubles, in lists of more than 12 elements with equal ones among them: the database sorts all others", "row.li.sortBy(x, -x)[0] > 1", true},
	{"`flatten()`", "row.ll.flatten().size() > 1", true},
	{"`x.field` `has(x.field)` `x.?field` of a struct; `x[key]` `x.key` `x[?key]` `key in x` `size` `exists` `all` over a map; these, `map` and `filter` over lists of structs and of lists", "has(row.st.g.s) && row.?st.?i.orValue(1) > 2 && row.mp.a > row.mp[?row.s].orValue(1) && row.s in row.mp && row.mp.exists(k, row.mp[k] > 1) && row.lp.exists(p, p.i > 1 && p.b) && row.ll.map(l, l.size()).sum() > 1 && [row.li].size() > 1", false},
	{"optional values: `optional.of` `optional.none` `optional.ofNonZeroValue` `or` `orValue` `optMap` `optFlatMap` `==`, `{?k: x}` `[?x]`", "row.?i.optMap(x, x + 1).or(optional.ofNonZeroValue(row.ri)).orValue(1) > 1 && {?'a': row.?i}.?a != optional.none() && [?row.?i].size() > 0", false},
	{"`dyn(x)` of what has one type", "dyn(row.i) == row.d && dyn(row.i) < dyn(row.d)", false},
	{"`filter` and `map` over the keys of a map, for what does not look at the order of the result: `size` `sum` `min` `max` `exists` `all` `in` `sort` `sets.contains` and the like", "row.mp.map(k, row.mp[k]).sum() > 1 && row.mp.filter(k, row.mp[k] > 1).size() > 1 && 'a' in row.mp.map(k, k).filter(k, k != '')", false},
	{"the same for what does: keys have no order, in cel-go it is another every time", "row.mp.map(k, k)[0] == 'a'", true},
	{"maps inside of lists, compared with each other", "row.li.map(v, row.mp) == row.rli.map(v, row.mp)", true},
	{"`'%s: %d'.format([x, y])` of a constant text, with `%s` `%d` `%f` `%e` `%b` `%o` `%x` `%X` of numbers, texts, bytes, yes and no, times, lengths of time, lists and maps", "'%s %d %.2f %e %b %x %s %s %s'.format([row.s, row.i, row.d, row.d, row.b, row.x, row.t, row.ld, row.mp]) == 'a'", false},
	{"`%s` in `format` of bytes that are no text: the database writes all others", "'%s'.format([row.x]) == 'a'", true},
	{"`timestamp(text)` of what has nanoseconds: the database reads all others", "timestamp(row.s) > now", true},
	{"patterns, zones, words and salts that vary from row to row", "row.s.matches(row.s2)", true},
	{"rows of two lists compared with each other", "row.events.exists(e, row.events.filter(f, f.i == e.i).size() > 1)", true},
}

// formOverloads are overloads that are lowered as forms: the examples hold them.
var formOverloads = map[string]bool{"logical_and": true, "logical_or": true, "logical_not": true, "conditional": true, "equals": true, "not_equals": true,
	"in_list": true, "in_map": true, "select_optional_field": true, "optional_orValue_value": true, "optional_hasValue": true, "optional_value": true,
	"list_optindex_optional_int": true, "map_optindex_optional_value": true, "index_map": true, "optional_list_index_int": true, "optional_map_index_value": true, "size_map": true, "map_size": true, "list_first": true, "list_last": true}

// hidden are functions that no rule writes, and those that the forms are about.
func hidden(name string) bool {
	switch name {
	case "cel.@block", "_in_", "in", "sum", "avg", "min", "max", "median", "percentile", "mode", "sequence", "or", "_[?_]", "dyn", "flatten", "hasValue", "unwrapOpt", "format":
		return true
	}
	return strings.HasPrefix(name, "@") || strings.HasPrefix(name, "__") || strings.HasPrefix(name, "optional.")
}

// writtenNames are functions as rules write them.
var writtenNames = map[string]string{"_[_]": "x[i]", "math.@max": "math.greatest", "math.@min": "math.least"}

const page = `# What the database calculates, and what is decided row by row

A rule is worked out by the database wherever that gives, for every row, what CEL says. The rest is a **hole**: the database decides every row that the
other parts of the rule decide, and cel-go decides the others. The answer is exact either way; a hole costs about a microsecond for each row that is left open.
This page is written by a test (` + "`go test ./engine/conformance -run TestFunctionsPage -update`" + `), which tries every line.

## Forms

| | |
|---|---|
`

// TestFunctionsPage holds the page of the reference against the tables.
func TestFunctionsPage(t *testing.T) {
	e := newRelatedEngines(t, hostileTable(), eventsTable(), nil, false, london)
	var b strings.Builder
	b.WriteString(page)
	for _, f := range forms {
		checked, issues := e.env.Compile(f.example)
		if issues.Err() != nil {
			t.Errorf("%s: %v", f.example, issues.Err())
			continue
		}
		_, holes := plan.Lower(plan.NewBuilder(nil), plan.Scope{Entity: "row", Table: e.table, Tables: e.tables, Zone: e.zone}, checked)
		if f.byRow != (len(holes) > 0) {
			t.Errorf("%s: %v", f.example, holes)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", f.written, map[bool]string{false: "database", true: "row by row"}[f.byRow])
	}
	b.WriteString("\n## Functions and operators\n\n| | database | row by row |\n|---|---|---|\n")
	exact := plan.Overloads()
	functions := e.env.Functions()
	for _, name := range keys(functions) {
		if hidden(name) {
			continue
		}
		var in, out []string
		for _, o := range functions[name].OverloadDecls() {
			switch {
			case strings.HasPrefix(o.ID(), "at_least_") || formOverloads[o.ID()] || strings.Contains(o.ID(), "_event_"):
			case slices.Contains(exact, o.ID()):
				in = append(in, signature(name, o.ArgTypes(), o.IsMemberFunction()))
			default:
				out = append(out, signature(name, o.ArgTypes(), o.IsMemberFunction()))
			}
		}
		if len(in)+len(out) > 0 {
			shown := writtenNames[name]
			if shown == "" {
				shown = strings.Trim(name, "_")
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", shown, strings.Join(in, " "), strings.Join(out, " "))
		}
	}
	path := filepath.Join("..", "..", "rules", "FUNCTIONS.md")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("%s differs; run with -update and read the difference", path)
	}
}

// signature is how an overload is called, in types.
func signature(name string, args []*cel.Type, member bool) string {
	list := make([]string, len(args))
	for i, a := range args {
		list[i] = strings.NewReplacer("google.protobuf.Timestamp", "timestamp", "google.protobuf.Duration", "duration", "wrapper", "", "<", "", ">", "").Replace(a.String())
	}
	if member && len(list) > 0 {
		return "`" + list[0] + "." + name + "(" + strings.Join(list[1:], ", ") + ")`"
	}
	return "`" + strings.Join(list, ", ") + "`"
}
