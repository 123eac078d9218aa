package conformance

import (
	"math"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"github.com/duckdb/duckdb-go/v2"

	"personae/engine/catalog"
)

// nestedTypes are the types of columns that hold structs, maps and lists of
// lists, by name.
var nestedTypes = map[string]string{
	"st": "struct<i int?, d double?, s string?, t timestamp?, b bool?, l list<int?>?, g struct<i int?, s string?>?>?",
	"mp": "map<string, int?>?",
	"ms": "map<int, struct<i int?, s string?>?>?",
	"lp": "list<struct<i int?, d double?, s string?, b bool?>?>?",
	"ll": "list<list<int?>?>?",
}

func nestedColumns() []*catalog.Column {
	var out []*catalog.Column
	for _, name := range keys(nestedTypes) {
		t, err := catalog.ParseType(nestedTypes[name])
		if err != nil {
			panic(err)
		}
		out = append(out, &catalog.Column{Name: name, Type: t})
	}
	return out
}

// nested are the cells of these columns: what a map does not name is null.
var nested = map[string][]any{
	"st": {
		map[string]any{"i": int64(1), "d": 0.5, "s": "a", "t": asOf, "b": true, "l": []any{int64(1), nil}, "g": map[string]any{"i": int64(3), "s": "x"}},
		nil, map[string]any{},
		map[string]any{"i": int64(math.MaxInt64), "d": -2.5, "s": "", "t": at("1969-12-31T23:59:59.999999Z"), "b": false, "l": []any{}, "g": map[string]any{"s": "é"}},
		map[string]any{"i": int64(-7), "s": "10", "b": true, "l": []any{int64(2), int64(3)}, "g": map[string]any{"i": int64(0)}},
	},
	"mp": {map[any]any{"a": int64(1), "b": nil}, nil, map[any]any{}, map[any]any{"é": int64(math.MinInt64), "a": int64(3), "": int64(0)}},
	"ms": {map[any]any{int64(1): map[string]any{"i": int64(1), "s": "x"}, int64(-1): nil}, nil, map[any]any{}, map[any]any{int64(2): map[string]any{}}},
	"lp": {
		[]any{map[string]any{"i": int64(1), "d": 1.5, "s": "a", "b": true}, map[string]any{"i": int64(4), "b": false}},
		[]any{}, nil, []any{nil, map[string]any{"i": int64(2), "s": "b", "d": 3.0}}, []any{map[string]any{"i": int64(math.MinInt64), "s": "a", "b": true, "d": 0.5}},
	},
	"ll": {[]any{[]any{int64(1)}, nil}, []any{}, nil, []any{[]any{}, []any{int64(2), nil, int64(3)}}, []any{[]any{int64(-1), int64(7)}}},
}

// sameMap compares a CEL map with what SQL gave.
func sameMap(want map[ref.Val]ref.Val, got any) bool {
	g, ok := got.(duckdb.OrderedMap)
	if !ok || len(g.Keys()) != len(want) {
		return false
	}
	for i, key := range g.Keys() {
		w, found := want[types.DefaultTypeAdapter.NativeToValue(key)]
		if !found || w == types.NullValue && g.Values()[i] != nil || w != types.NullValue && !same(w.Value(), g.Values()[i]) {
			return false
		}
	}
	return true
}

// parts are the productions over what is inside structs, maps and lists, over
// optional values, and over what has a type only row by row.
func (g *grammar) parts(e *engines) {
	b, i, s, d, t := catalog.Bool, catalog.Int, catalog.String, catalog.Double, catalog.Timestamp
	for _, p := range []struct {
		kind  catalog.Kind
		text  string
		parts []catalog.Kind
	}{
		{i, "row.st.i", nil}, {d, "row.st.d", nil}, {s, "row.st.s", nil}, {t, "row.st.t", nil}, {b, "row.st.b", nil}, {i, "row.st.g.i", nil}, {s, "row.st.g.s", nil},
		{b, "has(row.st)", nil}, {b, "has(row.st.s)", nil}, {b, "has(row.st.g)", nil}, {b, "has(row.st.g.s)", nil},
		{i, "row.?st.?i.orValue(\x01)", []catalog.Kind{i}}, {s, "row.?st.?g.?s.orValue(\x01)", []catalog.Kind{s}}, {b, "row.?st.g.s.hasValue()", nil}, {d, "row.st.?d.value()", nil},
		{i, "row.st.l[\x01]", []catalog.Kind{i}}, {b, "row.st.l.exists(v, v == \x01)", []catalog.Kind{i}}, {i, "row.?st.?l[?\x01].orValue(\x01)", []catalog.Kind{i, i}},
		{i, "row.mp[\x01]", []catalog.Kind{s}}, {i, "row.mp.a", nil}, {b, "has(row.mp.b)", nil}, {b, "(\x01 in row.mp)", []catalog.Kind{s}}, {i, "row.mp.size()", nil},
		{b, "row.mp.exists(k, row.mp[k] > \x01)", []catalog.Kind{i}}, {b, "row.mp.all(k, k != \x01)", []catalog.Kind{s}}, {i, "row.mp[?\x01].orValue(\x01)", []catalog.Kind{s, i}}, {i, "row.?mp.?a.orValue(\x01)", []catalog.Kind{i}},
		{s, "row.ms[\x01].s", []catalog.Kind{i}}, {i, "row.ms[?\x01].?i.orValue(\x01)", []catalog.Kind{i, i}}, {b, "(\x01 in row.ms)", []catalog.Kind{i}}, {b, "has(row.ms[\x01].i)", []catalog.Kind{i}},
		{i, "row.lp.size()", nil}, {i, "row.lp[\x01].i", []catalog.Kind{i}}, {b, "row.lp.exists(p, p.i > \x01)", []catalog.Kind{i}}, {b, "row.lp.exists(p, p.b && p.s == \x01)", []catalog.Kind{s}}, {b, "row.lp.all(p, has(p.s) || \x01)", []catalog.Kind{b}},
		{b, "row.lp.exists_one(p, p.d < \x01)", []catalog.Kind{d}}, {i, "row.lp.filter(p, has(p.i) && p.i > \x01).map(p, p.i).sum()", []catalog.Kind{i}}, {b, "(\x01 in row.lp.map(p, p.s))", []catalog.Kind{s}},
		{i, "row.lp.filter(p, p != null && \x01).size()", []catalog.Kind{b}}, {s, "row.lp.first().?s.orValue(\x01)", []catalog.Kind{s}}, {i, "row.lp.last().i.orValue(\x01)", []catalog.Kind{i}},
		{i, "row.ll[\x01][\x01]", []catalog.Kind{i, i}}, {i, "row.ll.map(l, l.size()).sum()", nil}, {b, "row.ll.exists(l, l.exists(v, v == \x01))", []catalog.Kind{i}}, {b, "row.ll.all(l, l.size() > 0 && l[0] > \x01)", []catalog.Kind{i}},
		{i, "{'a': \x01, \x01: 2}['a']", []catalog.Kind{i, s}}, {i, "{'a': {'b': \x01}}.?a[?\x01].orValue(\x01)", []catalog.Kind{i, s, i}}, {b, "({\x01: \x01} == {'a': \x01})", []catalog.Kind{s, i, i}}, {i, "{'a': \x01, 'b': \x01}[\x01]", []catalog.Kind{i, i, s}}, {i, "(\x01 ? row.mp : {'a': \x01}).size()", []catalog.Kind{b, i}}, {i, "{\x01: 1, \x01: 2}.size()", []catalog.Kind{s, s}},
		{i, "row.?i.optMap(x, x + \x01).orValue(\x01)", []catalog.Kind{i, i}}, {s, "row.?s.or(row.?s2).orValue(\x01)", []catalog.Kind{s}}, {b, "row.?i.optFlatMap(x, row.?s).hasValue()", nil},
		{i, "[?row.?i, \x01].size()", []catalog.Kind{i}}, {i, "[?row.?i, ?row.?i2, \x01][0]", []catalog.Kind{i}}, {i, "{?'a': row.?i, 'b': \x01}.?a.orValue(\x01)", []catalog.Kind{i, i}},
		{b, "(row.st == row.st)", nil}, {b, "(row.lp[\x01] == row.lp[\x01])", []catalog.Kind{i, i}}, {b, "row.lp.exists(p, p == row.lp[\x01])", []catalog.Kind{i}}, {b, "(row.lp[\x01] in row.lp)", []catalog.Kind{i}}, {b, "(row.lp != row.lp.reverse())", nil},
		{b, "(row.ll == [[\x01], row.li])", []catalog.Kind{i}}, {b, "([[\x01], [\x01]] == [[\x01], [\x01]])", []catalog.Kind{i, i, i, i}}, {b, "(row.li in row.ll)", nil}, {b, "([\x01] in row.ll)", []catalog.Kind{i}}, {b, "([[\x01]] == [row.ld])", []catalog.Kind{d}},
		{b, "(row.mp == {'a': \x01})", []catalog.Kind{i}}, {b, "(row.ms == row.ms)", nil}, {b, "{\x01: 1, \x01: 2}.exists_one(k, k == \x01)", []catalog.Kind{i, i, i}}, {b, "{\x01: 1, \x01: 2}.all(k, k > \x01)", []catalog.Kind{s, s, s}},
		{i, "row.mp.map(k, row.mp[k]).sum()", nil}, {i, "row.mp.filter(k, row.mp[k] != null && row.mp[k] > \x01).size()", []catalog.Kind{i}}, {s, "row.mp.map(k, k).max()", nil}, {b, "(\x01 in row.mp.filter(k, k < \x01))", []catalog.Kind{s, s}},
		{b, "row.mp.filter(k, \x01).exists(k, k == \x01)", []catalog.Kind{b, s}}, {s, "row.mp.map(k, k + \x01).sort()[0]", []catalog.Kind{s}}, {i, "row.ms.map(k, k + \x01).sum()", []catalog.Kind{i}}, {b, "row.mp.map(k, k).hasAny([\x01])", []catalog.Kind{s}}, {i, "math.greatest(row.mp.map(k, row.mp[k]))", nil},
		{i, "row.lp.sortBy(p, p.s)[0].i", nil}, {s, "row.lp.filter(p, has(p.i)).sortBy(p, p.i % 2).map(p, p.s)[0]", nil},
		{b, "(optional.of(\x01) == row.?i)", []catalog.Kind{i}}, {b, "(\x01 ? row.?s : optional.none()).hasValue()", []catalog.Kind{b}},
	} {
		g.add(e, p.kind, production{p.text, p.parts})
	}
	for _, k := range []catalog.Kind{b, i, s, d, t, catalog.Bytes} {
		g.add(e, k, production{"optional.ofNonZeroValue(\x01).orValue(\x01)", []catalog.Kind{k, k}})
		g.add(e, k, production{"(\x01 ? optional.of(\x01) : optional.none()).or(optional.of(\x01)).value()", []catalog.Kind{b, k, k}})
		for _, other := range []catalog.Kind{i, s, d, catalog.Uint} {
			g.add(e, b, production{"(dyn(\x01) == \x01)", []catalog.Kind{k, other}})
			g.add(e, b, production{"(dyn(\x01) < dyn(\x01))", []catalog.Kind{k, other}})
			g.add(e, b, production{"(\x01 in [dyn(\x01), dyn(\x01)])", []catalog.Kind{k, other, k}})
		}
	}
}
