package conformance

import (
	"math"
	"math/rand/v2"
	"strings"

	"personae/engine/catalog"
)

// hostile are the values on which SQL and CEL are known to part ways; nil is
// null. NaN and infinities are rejected cells: only arithmetic makes them.
var hostile = map[string][]any{
	"i": {int64(math.MinInt64), int64(math.MinInt64 + 1), int64(-1), int64(0), int64(1), int64(2), int64(3), int64(-7), int64(1 << 53), int64(1<<53 + 1), int64(math.MaxInt64), int64(math.MaxInt64 - 1), int64(106751), int64(-62135596801), int64(3600000000000), nil},
	"d": {math.Copysign(0, -1), 0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 9007199254740993.0, 9223372036854775807.0, -9223372036854775808.0, 9223372036854774784.0, 1e308, -1e308, 5e-324, 0.1, 1e-7, 1e21, 3.0, nil},
	"s": {"", "a", "A", "b", "\x00", "a\x00b", "e\u0301", "é", " a ", "\u00a0x\u2003", "straße", "K", "Berlin, das", "a.c\n", "日本語", "10", "-0", "+7", "1_000", "7.6", "1e3", "true", "%_", "it's", "👩‍👧", "2024-02-29T00:00:00Z", "2026-07-01", "3h", strings.Repeat("x", 300), nil},
	"x": {[]byte{}, []byte("a"), []byte{0}, []byte{0xff, 0xfe}, []byte("é"), []byte("a\x00b"), []byte(`\x41`), []byte{0x7f, 0x80}, nil},
	"t": {at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59.999999Z"), at("1969-12-31T23:59:59.999999Z"), at("1970-01-01T00:00:00Z"), at("2024-02-29T12:30:45.123456Z"), at("2000-02-29T00:00:00Z"),
		at("2025-10-26T00:30:00Z"), at("2025-10-26T01:30:00Z"), at("2026-03-29T00:59:59.999999Z"), at("1847-11-30T23:59:00Z"), at("1733-09-22T00:12:43.145224Z"), at("2318-04-10T23:47:16.854775Z"), asOf, at("2025-12-31T23:59:59Z"), at("1900-02-28T23:59:59.5Z"), nil},
	"b": {true, false, nil},
}

// benign are values for which facts let bare operators through.
var benign = map[string][]any{
	"i": {int64(1), int64(2), int64(3), int64(7), int64(40)},
	"d": {0.25, 0.5, 1.5, 2.0, 100.0},
	"s": hostile["s"][:29],
	"x": hostile["x"][:8],
	"t": {at("1969-12-31T23:59:59.999999Z"), at("1970-01-01T00:00:00Z"), at("2024-02-29T12:30:45.123456Z"), at("2025-12-31T23:59:59Z"), asOf},
	"b": {true, false},
}

// columnKinds are the columns by their first letter: i and i2 may be null, ri
// and ri2 are required.
var columnKinds = map[string]catalog.Kind{"i": catalog.Int, "d": catalog.Double, "s": catalog.String, "x": catalog.Bytes, "t": catalog.Timestamp, "b": catalog.Bool}

var columnLetters = []string{"i", "d", "s", "x", "t", "b"}

// hostileLists are the lists of columns by name: empty, with nulls, and with
// equal elements. NaN is in none, as in columns.
var hostileLists = map[string][]any{
	"li": {[]any{}, []any{int64(1)}, []any{int64(1), nil, int64(3)}, []any{int64(math.MinInt64), int64(-1), int64(0)}, []any{nil}, []any{int64(2), int64(2), int64(1)}, []any{int64(math.MaxInt64), int64(1)}, nil},
	"ld": {[]any{0.5, 1e308, 0.5}, []any{}, []any{math.Copysign(0, -1), 0.0, nil}, []any{3.0}, nil, []any{1.5, 2.5}, []any{100.0, -2.5}},
	"ls": {[]any{"a", "", "a"}, []any{nil, "b"}, []any{}, []any{"é", "a\x00b", "K"}, nil, []any{"a"}, []any{"10", "A", "日本語"}},
	"lx": {[]any{[]byte("a"), []byte{}}, []any{}, nil, []any{[]byte{0xff, 0xfe}, nil}},
	"lt": {[]any{at("1970-01-01T00:00:00Z")}, []any{at("2024-02-29T12:30:45.123456Z"), nil}, []any{}, nil, []any{at("9999-12-31T23:59:59.999999Z"), at("0001-01-01T00:00:00Z")}},
	"lb": {[]any{true, false}, []any{nil, true}, []any{}, []any{false}, nil, []any{nil}},
}

// listName is the column of lists of a kind.
func listName(k catalog.Kind) string { return "l" + letters[k] }

func hostileTable() *catalog.Table {
	t := &catalog.Table{Name: "rows", Entity: "row", Role: catalog.Root, Key: "id"}
	t.Columns = append(t.Columns, &catalog.Column{Name: "id", Type: catalog.Type{Kind: catalog.Int}})
	for _, k := range columnLetters {
		for _, suffix := range []string{"", "2"} {
			t.Columns = append(t.Columns,
				&catalog.Column{Name: k + suffix, Type: catalog.Type{Kind: columnKinds[k], Nullable: true}},
				&catalog.Column{Name: "r" + k + suffix, Type: catalog.Type{Kind: columnKinds[k]}})
		}
	}
	for _, k := range columnLetters {
		elem := &catalog.Type{Kind: columnKinds[k]}
		t.Columns = append(t.Columns, &catalog.Column{Name: "l" + k, Type: catalog.Type{Kind: catalog.List, Elem: elem, Nullable: true}},
			&catalog.Column{Name: "rl" + k, Type: catalog.Type{Kind: catalog.List, Elem: elem}})
	}
	t.Columns = append(t.Columns, nestedColumns()...)
	return t
}

// hostileRows are rows in which every value of a column meets many of the
// others, by a fixed seed.
func hostileRows(values map[string][]any, n int) []map[string]any {
	random := rand.New(rand.NewPCG(1, 2))
	var out []map[string]any
	for r := range n {
		row := map[string]any{"id": int64(r)}
		for _, k := range columnLetters {
			v := values[k]
			for j, name := range []string{k, k + "2", "r" + k, "r" + k + "2"} {
				cell := v[random.IntN(len(v))]
				if j == 0 && r < len(v) {
					cell = v[r] // each at least once
				}
				for j >= 2 && cell == nil {
					cell = v[random.IntN(len(v))]
				}
				row[name] = cell
			}
			lists := hostileLists["l"+k]
			row["l"+k], row["rl"+k] = lists[random.IntN(len(lists))], lists[random.IntN(2)]
		}
		for _, name := range keys(nested) {
			row[name] = nested[name][random.IntN(len(nested[name]))]
		}
		out = append(out, row)
	}
	return out
}
