package sqlgen_test

import (
	"database/sql"
	"fmt"
	"math"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	_ "github.com/duckdb/duckdb-go/v2"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/eval"
	"personae/engine/plan"
	"personae/engine/sqlgen/sqltest"
)

// asOf of these tests, with a fraction.
var asOf = time.Date(2026, 1, 1, 0, 0, 0, 123456000, time.UTC)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

// hostile are the values on which SQL and CEL are known to part ways. nil is null.
var hostile = map[string][]any{
	"i": {int64(math.MinInt64), int64(math.MinInt64 + 1), int64(-1), int64(0), int64(1), int64(2), int64(3), int64(-7), int64(1 << 53), int64(1<<53 + 1), int64(math.MaxInt64), int64(math.MaxInt64 - 1), int64(106751), nil},
	"d": {math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 9007199254740993.0, 9223372036854775807.0, -9223372036854775808.0, 1e308, 5e-324, 0.1, nil},
	"s": {"", "a", "A", "b", "\x00", "a\x00b", "e\u0301", "é", " a ", "\u00a0x\u2003", "straße", "K", "Berlin, das", "a.c\n", "日本語", "10", "%_", "it's", nil},
	"t": {at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59.999999Z"), at("1969-12-31T23:59:59.999999Z"), at("1970-01-01T00:00:00Z"), at("2024-02-29T12:30:45.123456Z"), at("2000-02-29T00:00:00Z"),
		at("2025-10-26T00:30:00Z"), at("2025-10-26T01:30:00Z"), at("2026-03-29T00:59:59.999999Z"), at("1847-11-30T23:59:00Z"), at("1733-09-22T00:12:43.145224Z"), at("2318-04-10T23:47:16.854775Z"), asOf, at("2025-12-31T23:59:59Z"), nil},
	"b": {true, false, nil},
}

// lists are the columns of lists by name, hostile ones among them.
var lists = map[string][]any{
	"li": {[]any{}, []any{int64(1)}, []any{int64(1), nil, int64(3)}, []any{int64(math.MinInt64), int64(-1), int64(0)}, []any{nil}, []any{int64(2), int64(2), int64(1)}, []any{int64(math.MaxInt64), int64(1)}, nil},
	"ln": {[]any{int64(1), nil, int64(3)}, []any{nil}, []any{}, []any{int64(2), int64(2), nil, nil, int64(-7)}, nil},
	"ld": {[]any{0.5, math.NaN(), 0.5}, []any{}, []any{math.Copysign(0, -1), 0.0, nil}, []any{math.Inf(1)}, nil, []any{1.5, 2.5}, []any{math.NaN(), math.NaN()}},
	"ls": {[]any{"a", "", "a"}, []any{nil, "b"}, []any{}, []any{"é", "a\x00b", "K"}, nil, []any{"a"}, []any{"10", "A", "日本語"}},
	"lt": {[]any{at("1970-01-01T00:00:00Z")}, []any{at("2024-02-29T12:30:45.123456Z"), nil}, []any{}, nil, []any{at("9999-12-31T23:59:59.999999Z"), at("0001-01-01T00:00:00Z")}},
	"lb": {[]any{true, false}, []any{nil, true}, []any{}, []any{false}, nil, []any{nil}},
}

var listKinds = map[string]catalog.Kind{"li": catalog.Int, "ln": catalog.Int, "ld": catalog.Double, "ls": catalog.String, "lt": catalog.Timestamp, "lb": catalog.Bool}

var kinds = map[string]catalog.Kind{"i": catalog.Int, "d": catalog.Double, "s": catalog.String, "t": catalog.Timestamp, "b": catalog.Bool}

// table has two nullable columns of each kind, i and i2 and so on, and two
// that are required (ri, ri2): every value meets every other.
func table() *catalog.Table {
	t := &catalog.Table{Name: "rows", Entity: "row", Role: catalog.Root, Key: "id"}
	t.Columns = append(t.Columns, &catalog.Column{Name: "id", Type: catalog.Type{Kind: catalog.Int}, SQLType: "BIGINT"})
	for _, k := range []string{"i", "d", "s", "t", "b"} {
		for _, suffix := range []string{"", "2"} {
			t.Columns = append(t.Columns,
				&catalog.Column{Name: k + suffix, Type: catalog.Type{Kind: kinds[k], Nullable: true}},
				&catalog.Column{Name: "r" + k + suffix, Type: catalog.Type{Kind: kinds[k]}})
		}
	}
	for _, k := range []string{"li", "ln", "ld", "ls", "lt", "lb"} {
		elem := &catalog.Type{Kind: listKinds[k], Nullable: k == "ln"} // rules may ask whether its elements are null
		t.Columns = append(t.Columns, &catalog.Column{Name: k, Type: catalog.Type{Kind: catalog.List, Elem: elem, Nullable: true}},
			&catalog.Column{Name: "r" + k, Type: catalog.Type{Kind: catalog.List, Elem: elem}})
	}
	t.Columns = append(t.Columns, nestedColumns()...)
	return t
}

// rows gives the values of each column by row.
func rows(values map[string][]any) []map[string]any {
	n := 0
	for _, v := range values {
		n = max(n, len(v))
	}
	var out []map[string]any
	for p := range n {
		for q := range n {
			row := map[string]any{"id": int64(len(out))}
			for k, v := range values {
				a, b := v[p%len(v)], v[q%len(v)]
				row[k], row[k+"2"] = a, b
				row["r"+k], row["r"+k+"2"] = orElse(a, v[0]), orElse(b, v[1])
			}
			for k, v := range lists {
				row[k], row["r"+k] = v[p%len(v)], orElse(v[q%len(v)], v[0])
			}
			for k, v := range nestedValues {
				row[k] = v[(p+q)%len(v)]
			}
			out = append(out, row)
		}
	}
	return out
}

func orElse(v, other any) any {
	if v == nil {
		return other
	}
	return v
}

// celValue makes a CEL value of a row's value.
func celValue(v any) ref.Val {
	switch v := v.(type) {
	case int64:
		return types.Int(v)
	case float64:
		return types.Double(v)
	case string:
		return types.String(v)
	case bool:
		return types.Bool(v)
	case time.Time:
		return types.Timestamp{Time: v}
	case []any:
		list := make([]ref.Val, len(v))
		for i, x := range v {
			list[i] = celValue(x)
		}
		return types.NewRefValList(types.DefaultTypeAdapter, list)
	}
	return types.NullValue
}

// London has odd offsets before 1847 and summer time since 1916.
var london, _ = time.LoadLocation("Europe/London")

// fixture is one table in both engines.
type fixture struct {
	env   *cel.Env
	table *catalog.Table
	data  []map[string]any
	facts *catalog.Facts
	db    *sql.DB
}

func newFixture(t testing.TB, values map[string][]any, facts bool) *fixture {
	t.Helper()
	tab := table()
	env, err := celenv.Row(celenv.Options{Zone: london, Tables: []*catalog.Table{tab}, Entity: "row", Params: map[string]any{"five": int64(5), "half": 0.5, "word": "a"}})
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{env: env, table: tab, data: rows(values), db: sqltest.Open(t)}
	if facts {
		f.facts = &catalog.Facts{Tables: map[string]*catalog.TableFacts{tab.Name: sqltest.Facts(tab, f.data)}}
	}
	sqltest.Load(t, f.db, tab, f.data)
	return f
}

func (f *fixture) scope() plan.Scope {
	return plan.Scope{Entity: "row", Table: f.table, Zone: london}
}

func (f *fixture) check(t testing.TB, text string) *cel.Ast {
	t.Helper()
	ast, issues := f.env.Compile(text)
	if issues != nil && issues.Err() != nil {
		t.Errorf("%s: %v", text, issues.Err())
		return nil
	}
	return ast
}

// reference is what cel-go says for every row: a value, nil for null, an error for ⊥.
func (f *fixture) reference(t testing.TB, ast *cel.Ast) []any {
	t.Helper()
	return f.referenceWith(t, ast, func(_ map[string]any, _ string, v any) ref.Val { return celValue(v) })
}

// referenceWith has cells changed on the way to cel-go.
func (f *fixture) referenceWith(t testing.TB, ast *cel.Ast, cell func(row map[string]any, column string, v any) ref.Val) []any {
	t.Helper()
	program, err := f.env.Program(ast)
	if err != nil {
		t.Fatal(err)
	}
	record := celenv.RecordOf(f.env, "row")
	out := make([]any, len(f.data))
	for r, row := range f.data {
		values := make([]ref.Val, len(record.Fields()))
		for i, field := range record.Fields() {
			if values[i] = cell(row, field.Column, row[field.Column]); nestedTypes[field.Name] != "" && !types.IsError(values[i]) {
				values[i] = eval.FieldValue(field, row[field.Column])
			}
		}
		v, _, err := program.Eval(map[string]any{"row": celenv.NewRecord(record, values), "now": asOf})
		switch {
		case err != nil:
			out[r] = err
		case v == types.NullValue:
			out[r] = nil
		default:
			out[r] = goValue(v)
		}
	}
	return out
}

// goValue is a CEL value as same compares it.
func goValue(v ref.Val) any {
	list, ok := v.(traits.Lister)
	if !ok {
		return v.Value()
	}
	elements := []ref.Val{}
	for it := list.Iterator(); it.HasNext() == types.True; {
		elements = append(elements, it.Next())
	}
	return elements
}

// sqlValues runs outputs over the table, all in one statement.
func (f *fixture) sqlValues(t testing.TB, outputs []plan.Output) ([][]any, error) {
	t.Helper()
	return f.values(t, "snapshot.rows", outputs)
}

// same compares a CEL value with what SQL gave.
func same(want, got any) bool {
	switch w := want.(type) {
	case []ref.Val:
		g, ok := got.([]any)
		ok = ok && len(g) == len(w)
		for i := 0; ok && i < len(w); i++ {
			ok = w[i] == types.NullValue && g[i] == nil || w[i] != types.NullValue && same(w[i].Value(), g[i])
		}
		return ok
	case []any: // of SQL before
		g, ok := got.([]any)
		ok = ok && len(g) == len(w)
		for i := 0; ok && i < len(w); i++ {
			ok = same(w[i], g[i])
		}
		return ok
	case time.Time:
		g, ok := got.(time.Time)
		return ok && g.Equal(w)
	case []byte:
		g, ok := got.([]byte)
		return ok && string(g) == string(w)
	case time.Duration:
		return got == int64(w)
	case float64:
		g, ok := got.(float64)
		return ok && (g == w || g != g && w != w)
	case int64:
		switch g := got.(type) {
		case int32:
			return int64(g) == w
		case int64:
			return g == w
		}
		return false
	}
	return want == got
}

func itoa(i int) string { return fmt.Sprint(i) }
