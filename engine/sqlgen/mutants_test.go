package sqlgen_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"personae/engine/sqlgen/sqltest"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqlgen"
)

// mutant is a mistake in one entry of a table.
type mutant struct {
	name string
	op   plan.Op
	of   string // the template that it changes, "" for all of the operator
	make func(e *plan.Expr, operands []string) (string, error)
}

// mutantDialect is DuckDB with one mistake.
type mutantDialect struct {
	sqlgen.DuckDB
	*mutant
}

// Operator makes the mistake.
func (d mutantDialect) Operator(e *plan.Expr, operands []string) (string, error) {
	if e.Op != d.op || d.of != "" && d.of != templateOf(e) {
		return d.DuckDB.Operator(e, operands)
	}
	return d.make(e, operands)
}

// placeholders stand for operands in templates.
func placeholders(e *plan.Expr) []string {
	list := make([]string, len(e.Args))
	for i := range list {
		list[i] = "⟦" + strings.Repeat("i", i+1) + "⟧"
	}
	return list
}

func templateOf(e *plan.Expr) string {
	sql, err := sqlgen.DuckDB{}.Operator(e, placeholders(e))
	if err != nil {
		return ""
	}
	return sql
}

// edited makes a mutant that edits a template.
func edited(e *plan.Expr, name string, template string) *mutant {
	return &mutant{name: string(e.Op) + ": " + name + " in " + short(templateOf(e)), op: e.Op, of: templateOf(e), make: func(e *plan.Expr, operands []string) (string, error) {
		sql := template
		for i, p := range placeholders(e) {
			sql = strings.ReplaceAll(sql, p, operands[i])
		}
		return sql, nil
	}}
}

func short(s string) string {
	if len(s) > 90 {
		return s[:90] + "…"
	}
	return s
}

// edits are exchanged in templates, one place at a time.
var edits = [][2]string{
	{" <= ", " < "}, {" < ", " <= "}, {" >= ", " > "}, {" > ", " >= "}, {" = ", " <> "}, {" <> ", " = "}, {" + ", " - "}, {" - ", " + "}, {" * ", " + "}, {" // ", " % "}, {" % ", " // "}, {" / ", " * "},
	{" AND ", " OR "}, {" OR ", " AND "}, {"IS NOT NULL", "IS NULL"}, {" IS NULL", " IS NOT NULL"}, {"THEN false", "THEN true"}, {"THEN true", "THEN false"}, {" false END", " true END"},
	{"trunc(", "round("}, {"round(", "trunc("}, {"floor(", "ceil("}, {"ceil(", "floor("}, {"starts_with(", "ends_with("}, {"year(", "month("}, {"month(", "day("}, {"hour(", "minute("},
	{"isnan(", "isinf("}, {"isinf(", "isnan("}, {"IS NOT DISTINCT", "IS DISTINCT"}, {"NOT ", ""}, {"length(", "octet_length("}, {"abs(", "("}, {"(-", "("}, {"substring(", "left("}, {"trim(", "ltrim("}, {"||", "=="},
}

var (
	numeral = regexp.MustCompile(`\d+`)
	guard   = regexp.MustCompile(`(?s)^\(?CASE WHEN .*? THEN (.*?)( ELSE .*)? END\)?$`)
)

// mutantsOf lists the mistakes in the entry of one operator as e uses it.
func mutantsOf(e *plan.Expr) []*mutant {
	var list []*mutant
	t := templateOf(e)
	if t == "" {
		return nil
	}
	for _, x := range edits {
		for from := 0; ; {
			i := strings.Index(t[from:], x[0])
			if i < 0 {
				break
			}
			at := from + i
			list = append(list, edited(e, fmt.Sprintf("%q for %q at %d", x[1], x[0], at), t[:at]+x[1]+t[at+len(x[0]):]))
			from = at + len(x[0])
		}
	}
	if e.Op != plan.OpMatches && e.Op != plan.OpIn && e.Op != plan.OpInNull && e.Op != plan.OpAtLeast {
		for _, at := range numeral.FindAllStringIndex(t, -1) {
			if n, err := strconv.ParseUint(t[at[0]:at[1]], 10, 64); err == nil && !letterBefore(t, at[0]) {
				list = append(list, edited(e, fmt.Sprintf("%d for %d at %d", n+1, n, at[0]), t[:at[0]]+strconv.FormatUint(n+1, 10)+t[at[1]:]))
			}
		}
	}
	if m := guard.FindStringSubmatch(t); m != nil {
		list = append(list, edited(e, "guard dropped", m[1]))
	}
	if p := placeholders(e); len(p) >= 2 {
		list = append(list, edited(e, "operands swapped", strings.NewReplacer(p[0], p[1], p[1], p[0]).Replace(t)))
	}
	for _, n := range neighbours(e) {
		list = append(list, &mutant{name: string(e.Op) + ": " + string(n) + " in its place", op: e.Op, make: func(e *plan.Expr, operands []string) (string, error) {
			other := *e
			other.Op = n
			return sqlgen.DuckDB{}.Operator(&other, operands)
		}})
	}
	return list
}

func letterBefore(s string, at int) bool {
	return at > 0 && (s[at-1] >= 'a' && s[at-1] <= 'z' || s[at-1] >= 'A' && s[at-1] <= 'Z' || s[at-1] == '_' || s[at-1] == '\'')
}

// neighbours are the operators of the same signature next to one in the table.
func neighbours(e *plan.Expr) []plan.Op {
	var group []plan.Op
	at := -1
	row := e.Op.Lookup()
	for _, o := range plan.Operators {
		if o.Strict == row.Strict && o.Args == row.Args && o.Result == row.Result && o.Strict && o.Op != plan.OpTimePart && o.Op != plan.OpMatches && o.Op != plan.OpLength && o.Op != plan.OpDurationPart && o.Op != plan.OpAge && o.Op != plan.OpDaysSince {
			if o.Op == e.Op {
				at = len(group)
			}
			group = append(group, o.Op)
		}
	}
	if at < 0 || len(group) < 2 {
		return nil
	}
	next, last := group[(at+1)%len(group)], group[(at+len(group)-1)%len(group)]
	if next == last {
		return []plan.Op{next}
	}
	return []plan.Op{next, last}
}

// judge is a fixture with everything that mutants are judged by.
type judge struct {
	*fixture
	outputs []plan.Output // of each expression its value and its null test
	texts   []string
	asts    []*cel.Ast
	want    [][]any
	uses    []map[plan.Op]bool
}

func newJudge(t *testing.T, values map[string][]any, facts bool) *judge {
	j := &judge{fixture: newFixture(t, values, facts)}
	sqltest.Exec(t, j.db, "PRAGMA disable_optimizer") // half of the time, and no matter to what SQL means
	b := plan.NewBuilder(j.facts)
	for _, text := range compiled() {
		checked := j.check(t, text)
		e, _ := plan.Lower(b, j.scope(), checked)
		test := b.NullTest(e)
		uses := map[plan.Op]bool{}
		note(e, uses)
		note(test, uses)
		j.outputs = append(j.outputs, plan.Output{Name: "o", Expr: e}, plan.Output{Name: "n", Expr: test})
		j.texts, j.asts, j.want, j.uses = append(j.texts, text), append(j.asts, checked), append(j.want, j.reference(t, checked)), append(j.uses, uses)
	}
	return j
}

// templates are all operators as the expressions use them, by template.
func (j *judge) templates() map[string]*plan.Expr {
	found := map[string]*plan.Expr{}
	var walk func(e *plan.Expr)
	walk = func(e *plan.Expr) {
		for _, a := range e.Args {
			walk(a)
		}
		if len(e.Args) > 0 && e.Op != plan.OpAnd && e.Op != plan.OpOr && e.Op != plan.OpIf {
			found[string(e.Op)+" "+templateOf(e)] = e
		}
	}
	for _, o := range j.outputs {
		walk(o.Expr)
	}
	return found
}

// catches says whether some expression gives another answer, or none.
func (j *judge) catches(t *testing.T, d sqlgen.Dialect, outputs []plan.Output, want [][]any) bool {
	for i := range outputs {
		outputs[i].Name = "o" + itoa(i)
	}
	got, err := j.valuesIn(d, outputs)
	if err != nil {
		return true
	}
	for i := range want {
		for r, w := range want[i] {
			g, n := got[2*i][r], got[2*i+1][r]
			_, isErr := w.(error)
			if isErr && (g != nil || n != nil) || !isErr && w == nil && (g != nil || n != true) || !isErr && w != nil && (!same(w, g) || n != false) {
				return true
			}
		}
	}
	return false
}

func (j *judge) valuesIn(d sqlgen.Dialect, outputs []plan.Output) ([][]any, error) {
	query, err := sqlgen.SelectSQL(d, asOf, "snapshot.rows", "id", outputs)
	if err != nil {
		return nil, err
	}
	return sqltest.Columns(j.db, query)
}

// catchesOp tries a mutant on the expressions that use its operator, short ones
// first: they cost little and say most.
func (j *judge) catchesOp(t *testing.T, m *mutant) bool {
	var using []int
	for i := range j.texts {
		if j.uses[i][m.op] {
			using = append(using, i)
		}
	}
	slices.SortStableFunc(using, func(a, b int) int { return cmp.Compare(len(j.texts[a]), len(j.texts[b])) })
	var outputs []plan.Output
	var want [][]any
	for _, i := range using {
		outputs = append(outputs, j.outputs[2*i], j.outputs[2*i+1])
		want = append(want, j.want[i])
	}
	for start, end := 0, 0; start < len(want); start = end { // most are caught at once
		end = min(2*start+2, len(want))
		if j.catches(t, mutantDialect{mutant: m}, outputs[2*start:2*end], want[start:end]) {
			return true
		}
	}
	return false
}

// TestMutantsOfTheDialect makes one mistake at a time in DuckDB's table: the
// expressions of the operator test have to notice each.
func TestMutantsOfTheDialect(t *testing.T) {
	judges := []*judge{newJudge(t, hostile, false), newJudge(t, benign, true), newJudge(t, hostile, true)}
	seen := map[string]bool{}
	killed, alike := 0, 0
	for _, j := range judges {
		templates := j.templates()
		var names []string
		for name := range templates {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			for _, m := range mutantsOf(templates[name]) {
				if seen[m.name+m.of] {
					continue
				}
				seen[m.name+m.of] = true
				caught := false
				for _, other := range judges {
					if caught = other.catchesOp(t, m); caught {
						break
					}
				}
				switch why := equivalent(m.name); {
				case caught:
					killed++
				case why != "":
					alike++
				default:
					t.Errorf("survives: %s\n%s", m.name, m.of)
				}
			}
		}
	}
	t.Logf("%d mutants of the dialect caught, %d mean the same", killed, alike)
	if killed < 200 {
		t.Error("proves nothing")
	}
}

// TestMutantsOfLowering gives each overload the operator of another overload
// of the same signature.
func TestMutantsOfLowering(t *testing.T) {
	j := newJudge(t, hostile, false)
	groups := map[string][]string{}
	bySignature := map[string]string{}
	for _, f := range j.env.Functions() {
		for _, o := range f.OverloadDecls() {
			sign := fmt.Sprint(o.IsMemberFunction() && len(o.ArgTypes()) > 2, o.ResultType().Kind())
			for _, a := range o.ArgTypes() {
				sign += " " + a.String()
			}
			groups[sign] = append(groups[sign], o.ID())
			bySignature[o.ID()] = sign
		}
	}
	for _, g := range groups {
		sort.Strings(g)
	}
	used := map[string][]int{}
	for i, checked := range j.asts {
		for id := range overloadsOf(checked) {
			used[id] = append(used[id], i)
		}
	}
	var ids []string
	for id := range used {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	killed := 0
	for _, id := range ids {
		for _, other := range groups[bySignature[id]] {
			if other == id {
				continue
			}
			caught, compiled := j.catchesSwap(t, id, other, used[id])
			switch {
			case !compiled:
			case caught:
				killed++
			case equivalent("lowering: "+other+" in place of "+id) == "":
				t.Errorf("survives: lowering: %s in place of %s", other, id)
			}
		}
	}
	t.Logf("%d mutants of the lowering caught", killed)
	if killed < 50 {
		t.Error("proves nothing")
	}
}

func overloadsOf(checked *cel.Ast) map[string]bool {
	ids := map[string]bool{}
	for _, r := range checked.NativeRep().ReferenceMap() {
		if len(r.OverloadIDs) == 1 {
			ids[r.OverloadIDs[0]] = true
		}
	}
	return ids
}

// catchesSwap lowers expressions with one overload taken for another.
func (j *judge) catchesSwap(t *testing.T, id, other string, expressions []int) (caught, compiled bool) {
	b := plan.NewBuilder(nil)
	var outputs []plan.Output
	var want [][]any
	for _, i := range expressions {
		checked := j.check(t, j.texts[i])
		refs := checked.NativeRep().ReferenceMap()
		for at, r := range refs {
			if len(r.OverloadIDs) == 1 && r.OverloadIDs[0] == id {
				refs[at] = ast.NewFunctionReference(other)
			}
		}
		e, holes := plan.Lower(b, j.scope(), checked)
		if len(holes) > 0 || e.Type.Kind == catalog.Invalid {
			continue
		}
		if was, _ := plan.Lower(b, j.scope(), j.asts[i]); was == e {
			continue // both have the same entry, or none
		}
		outputs = append(outputs, plan.Output{Expr: e}, plan.Output{Expr: b.NullTest(e)})
		want = append(want, j.want[i])
	}
	if len(want) == 0 {
		return false, false
	}
	return j.catches(t, sqlgen.DuckDB{}, outputs, want), true
}

// alike are mutants that mean the same, by what their names hold, with the reason.
var alike = []struct{ part, why string }{
	{"add_double: operands swapped", "a + b is b + a"}, {"add_int: operands swapped", "a + b is b + a"},
	{"mul_double: operands swapped", "a * b is b * a"}, {"mul_int: operands swapped", "a * b is b * a"},
	{"bit_and: operands swapped", "a & b is b & a"}, {"bit_or: operands swapped", "a | b is b | a"}, {"bit_xor: operands swapped", "so is xor"},
	{"eq: operands swapped", "a == b is b == a, and the guard is for both"}, {"eq_null: operands swapped", "a == b is b == a"},
	{`at: " + " for " - "`, "behind the end of a list is no element in SQL either"},
	{`double_to_string: " >= " for " > " at 79`, "an infinite number is not 0"}, {"double_to_string: 1 for 0 at 82", "likewise"},
	{`double_to_string: " <= " for " < " at 186`, "it is a million at least"}, {"double_to_string: 1 for 0 at 189", "likewise"},
	{"is_text: guard dropped", "what is not known to be text is left open either way"},
	{"add_uint: operands swapped", "a + b is b + a"}, {"mul_uint: operands swapped", "a * b is b * a"},
	{"bit_and_uint: operands swapped", "a & b is b & a"}, {"bit_or_uint: operands swapped", "a | b is b | a"}, {"bit_xor_uint: operands swapped", "so is xor"},
	{"shift_right_uint: 64 for 63", "by 64 is as by more"}, {"shift_right_uint: 65 for 64", "likewise"},
	{"length_quantile: 9223372036854775809 for", "what lies between two lengths of time is in range"}, {"length_quantile: 9223372036854775808 for 9223372036854775807", "likewise"},
	{`max_list: " - " for " + "`, "these tests see no sign of zero; those of package conformance do"}, {`min_list: " - " for " + "`, "likewise"}, {`mode_list: " - " for " + "`, "likewise"},
	{`quantile_list: " - " for " + " at 3`, "likewise: it is the last sum"},
	{`quantile_list: " // " for " % "`, "at a whole place nothing lies between two"}, {"quantile_list: 2 for 1 at 17", "likewise"}, {"quantile_list: 2 for 1 at 239", "likewise"}, {`length_quantile: " // " for " % "`, "likewise"},
	{"length_quantile: 2 for 1 at 162", "at a whole place nothing lies between two"}, {"length_quantile: 2 for 1 at 165", "likewise"},
	{"eq_list: operands swapped", "a == b is b == a"},
	{`index_from: " <= " for " < " at 48`, "at the end nothing but the empty text is found either way"},
	{`length_to_string: " <= " for " < " at 85`, "it is not 0 there"}, {"length_to_string: 1 for 0 at 88", "no duration is half a nanosecond"},
	{"length_to_string: 100000 for 99999", "0.0001 is written alike by both"},
	{`shift_right: " - " for " + " at 2`, "2^64 - 2^63 is 2^63"}, {"shift_right: 64 for 63", "by 64 is as by more"}, {"shift_right: 65 for 64", "likewise"},
	{`split_first: " >= " for " > "`, "the last part is all of the rest"}, {"split_first: 2 for 1 at", "nothing is from the second to before the first, too"},
	{`fixed: "round(" for "trunc("`, "what is its own nearest whole number is whole"}, {"string_to_double: 6 for 5 at", "exponents of six digits differ from those of five in texts of 25,000 characters alone"},
	{"in: operands swapped in (⟦i⟧ IN (⟦ii⟧))", "a in [b] is b in [a]"},
	{"double_to_int: 9223372036854775809 for", "no double lies between the two"},
	{"duration_part: 1000000001 for 1000000000 at 73", "a share of a unit that is smaller by a billionth: only a time within a picosecond of a whole unit shows it"},
	{"duration_part: 60000000001 for 60000000000 at 75", "likewise"}, {"duration_part: 3600000000001 for 3600000000000 at 79", "likewise"},
	{`minute(make_timestamp(epoch_us(⟦i⟧) + -12600000000))`, "3½ hours more or less are 7 hours apart: the minute is the same"},
}

func equivalent(name string) string {
	for _, a := range alike {
		if strings.Contains(name, a.part) {
			return a.why
		}
	}
	return ""
}
