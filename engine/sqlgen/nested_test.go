package sqlgen_test

import (
	"math"
	"sort"
	"strings"

	"personae/engine/catalog"
)

func typed(text string) catalog.Type {
	t, err := catalog.ParseType(text)
	if err != nil {
		panic(err)
	}
	return t
}

// nestedTypes are the types of columns that hold others inside, by name.
var nestedTypes = map[string]string{
	"st": "struct<n int?, s string?, d double?, t timestamp?, b bool?, l list<int?>?, g struct<n int?, s string?>?>?",
	"mp": "map<string, int?>?",
	"mi": "map<int, string?>?",
	"ms": "map<string, struct<n int?, s string?>?>?",
	"ml": "map<string, list<int?>?>?",
	"ll": "list<list<int?>?>?",
	"lp": "list<struct<n int?, s string?, l list<string?>?>?>?",
	"lm": "list<map<string, int?>?>?",
}

// record is a struct as rows hold it, with n and s and what else is given.
func pair(n, s any, more ...any) map[string]any {
	m := map[string]any{"n": n, "s": s}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i].(string)] = more[i+1]
	}
	return m
}

// nestedValues are the cells of these columns.
var nestedValues = map[string][]any{
	"st": {
		pair(int64(1), "a", "d", 0.5, "t", asOf, "b", true, "l", []any{int64(1), nil}, "g", pair(int64(3), "x")),
		nil,
		pair(nil, nil, "d", nil, "t", nil, "b", nil, "l", nil, "g", nil),
		pair(int64(math.MaxInt64), "", "d", math.NaN(), "t", at("1969-12-31T23:59:59.999999Z"), "b", false, "l", []any{}, "g", pair(nil, "é")),
		pair(int64(-7), "a", "d", 1.5, "t", at("2024-02-29T12:30:45.123456Z"), "b", true, "l", []any{int64(2)}, "g", pair(int64(0), nil)),
	},
	"mp": {map[any]any{"a": int64(1), "b": nil}, nil, map[any]any{}, map[any]any{"é": int64(math.MinInt64), "a": int64(3), "": int64(0)}, map[any]any{"a": nil}},
	"mi": {map[any]any{int64(1): "a", int64(-1): nil}, map[any]any{}, nil, map[any]any{int64(math.MinInt64): "x", int64(2): ""}},
	"ms": {map[any]any{"a": pair(int64(1), "x"), "b": nil}, nil, map[any]any{}, map[any]any{"a": pair(nil, nil)}},
	"ml": {map[any]any{"a": []any{int64(1), nil}, "b": nil}, map[any]any{"a": []any{}}, nil, map[any]any{}},
	"ll": {[]any{[]any{int64(1)}, nil}, []any{}, nil, []any{[]any{}, []any{int64(2), nil, int64(3)}}, []any{[]any{nil}}},
	"lp": {[]any{pair(int64(1), "a", "l", []any{"x"}), pair(int64(4), nil, "l", nil)}, []any{}, nil, []any{nil, pair(int64(2), "b", "l", []any{})}, []any{pair(nil, "a", "l", []any{nil})}},
	"lm": {[]any{map[any]any{"a": int64(1)}, nil}, []any{map[any]any{}}, nil, []any{}},
}

func nestedColumns() []*catalog.Column {
	var names []string
	for name := range nestedTypes {
		names = append(names, name)
	}
	sort.Strings(names)
	var out []*catalog.Column
	for _, name := range names {
		out = append(out, &catalog.Column{Name: name, Type: typed(nestedTypes[name])})
	}
	return out
}

// nestedExpressions are about what is inside structs, maps and lists.
var nestedExpressions = strings.Split(strings.TrimSpace(`
r.st.n
r.st.n == 1
r.st.n == null
r.st.s == r.s
r.st.d > 0.5
r.st.t < r.t
r.st.b
!r.st.b || r.st.n > 0
r.st.n + 1
has(r.st)
has(r.st.n)
!has(r.st.g)
has(r.st.g.s)
has(r.st.l)
has(r.st.b)
has(r.st.t)
has(r.st.d)
r.st.g.n
r.st.g.s == 'x'
r.st == null
r.st.g == null
r.st.l.size()
r.st.l[0]
r.i in r.st.l
r.st.l.exists(x, x == r.st.n)
has(r.st) && r.st.g.n >= 0
r.?st.?n.orValue(r.ri)
r.?st.n.orValue(5)
r.?st.hasValue()
r.?st.?g.?s.orValue('none')
r.?st.g.s.hasValue()
r.?st.?g.value().s
r.st.?n.value()
r.?st.?l.orValue([7]).size()
r.?st.?l[?0].orValue(r.i)
r.st.?d.optMap(x, x * 2.0).orValue(0.0)
r.?st.optFlatMap(x, x.?n).orValue(-1)
r.?st.?n.or(r.?i).orValue(0)
r.mp['a']
r.mp.a
r.mp[r.rs]
r.mp[r.s] == 1
r.mp['a'] == null
r.mp.b == r.i
has(r.mp)
has(r.mp.a)
has(r.mp.zz)
'a' in r.mp
r.s in r.mp
!(r.rs in r.mp)
r.i in r.mi
r.mi[1]
r.mi[r.i]
r.mi[r.ri] + 'b'
r.mp.size()
size(r.mi) > 1
r.mp.exists(k, k == 'a')
r.mp.exists(k, r.mp[k] == 1)
r.mp.all(k, r.mp[k] > 0)
r.mp.exists_one(k, k != r.rs)
r.mp.?a.orValue(9)
r.mp.?b.hasValue()
r.mp[?r.s].orValue(r.i)
r.mp[?'a'].value()
r.?mp.?a.orValue(9)
r.?mp[?'b'].hasValue()
r.?mp.orValue({'a': 5}).size() > 0
r.ms.a.n
r.ms.a.s == 'x'
r.ms['b'].n
has(r.ms.b.n)
r.ms.?a.?n.orValue(3)
r.ms.?b.?n.hasValue()
r.ms[?r.rs].n.hasValue()
r.ms.exists(k, r.ms[k].n == 1)
r.ml.a.size()
r.ml.?a[?1].hasValue()
r.ml.a.exists(x, x == 1)
r.ll.size()
r.ll[0]
r.ll[0].size()
r.ll[1][r.i]
r.ll.exists(x, x.size() > 1)
r.ll.exists(x, x.exists(y, y == r.ri))
r.ll.map(x, x.size()).sum()
r.ll.filter(x, x.size() > 0).size()
r.ll.all(x, x.size() > 0)
(r.rb ? r.ln : []).exists(x, x == null)
(r.rb ? [] : r.ln).exists(x, x == null)
[1, 2].map(x, [x, r.i]).size()
{'a': r.i}.a
{'a': r.i, 'b': 2}[r.rs]
{'a': {'b': r.i}}.a.b
{'a': [r.i, 2]}.a[1]
{'a': [r.i, 2]}.?b[0].orValue(7)
r.?mp.orValue({}).size()
r.?mi.orValue({1: r.s})[1]
(r.rb ? r.mp : {'a': r.i, 'b': 0}).a
(r.ll + [r.li])[0].size()
[r.li, r.rli].exists(l, l.size() > 2)
r.ll.reverse()[0].size()
r.ll.slice(0, 1).size()
r.ll.first().orValue([4]).size()
r.ll[?0].hasValue()
r.lp.size()
r.lp[0].n
r.lp[0].s == 'a'
r.lp.exists(p, p.n > 1)
r.lp.exists(p, p.n > 1 && p.s == 'b')
r.lp.all(p, p.s != r.s)
r.lp.exists_one(p, p.n == 1)
r.lp.exists(p, has(p.s) && p.n > 1)
r.lp.exists(p, p == null)
r.lp.filter(p, p != null && has(p.n)).size()
r.lp.map(p, p.n)
r.lp.map(p, p.n * 2)
r.lp.map(p, p.s).join(',')
r.lp.filter(p, has(p.n)).map(p, p.n).sum()
'a' in r.lp.map(p, p.s)
r.lp.map(p, p.n).max()
r.lp.map(p, double(p.n) * 1.5).sum()
r.lp.filter(p, has(p.n)).map(p, p.n).median()
r.lp.exists(p, p.l.exists(x, x == 'x'))
r.lp.map(p, has(p.l) ? p.l.size() : -1)
r.lp.filter(p, p.n == r.ri).size() > 0
r.lp[?0].n.orValue(8)
r.lp.first().?s.orValue('-')
r.lp.last().hasValue()
r.lp.filter(p, has(p.n))[0].n == 4
r.lp.reverse()[0].n
r.lm[0].a
r.lm.exists(m, 'a' in m)
r.lm.exists(m, has(m.a) && m.a == 1)
cel.bind(a, r.st.g, has(a.n) && a.n > 0)
cel.bind(a, r.?st.?g, a.hasValue() && has(a.value().n))
(r.rb ? r.lp : []).size()
(r.rb ? r.mp : r.mp).size()
(r.rb ? r.st : r.st).n
optional.of(r.i).hasValue()
optional.of(r.i).value()
optional.of(r.s).or(optional.of('x')).value()
optional.ofNonZeroValue(r.i).orValue(7)
optional.ofNonZeroValue(r.d).orValue(0.25)
optional.ofNonZeroValue(r.s).hasValue()
optional.ofNonZeroValue(r.b).hasValue()
optional.ofNonZeroValue(r.t).or(optional.of(r.t2)).value()
optional.ofNonZeroValue(r.li).hasValue()
optional.ofNonZeroValue(r.mp).hasValue()
optional.ofNonZeroValue(r.st).hasValue()
optional.ofNonZeroValue(r.t - r.t2).hasValue()
(r.rb ? optional.of(r.i) : optional.none()).orValue(3)
(r.rb ? r.?s : optional.none()).hasValue()
r.?i == r.?i2
r.?i != optional.none()
optional.of(r.i) == r.?ri
[?r.?i, r.i2, ?r.?ri]
[?r.?s].size()
{?'a': r.?i, 'b': r.ri}.?a.orValue(5)
{?'a': r.?i, 'b': r.ri}.size()
{r.rs: 1, 'a': 2}[r.rs2]
{r.rs: 1, 'a': 2}.size()
{r.rs: 1} == {'a': 1}
{r.rs: r.i, 'b': 2} == {r.rs2: 1, 'b': r.i2}
{r.rs: [1, r.i]} != {'a': [1, 2]}
uint(r.i)
uint(r.ri) + uint(r.i2)
uint(r.ri) - uint(r.ri2)
uint(r.ri) * uint(r.ri2)
uint(r.ri) * 2u
uint(r.ri) * 2u + uint(r.ri2) * 2u
uint(r.s + '.6')
int(uint(r.ri) + 1u)
math.bitShiftLeft(uint(r.ri) * 2u, r.i % 3 + 62)
math.bitShiftLeft(uint(r.ri), r.i % 3 + 62)
math.bitShiftLeft(uint(r.ri) * 2u, r.i2 % 3 + 62)
math.bitShiftRight(uint(r.ri) * 2u + 1u, r.i % 3 + 62)
uint(r.ri) / uint(r.ri2)
uint(r.i) % uint(r.i2)
uint(r.d)
uint(r.d * 2.0)
uint(r.s)
uint(string(r.i))
uint('1844674407370955161' + string(r.i))
int(uint(r.i))
int(uint(r.ri) * 2u)
double(uint(r.i) * 2u)
string(uint(r.i) * 2u + 1u)
uint(r.i) < uint(r.i2)
uint(r.ri) >= uint(r.ri2)
uint(r.i) > r.i2
uint(r.i) * 2u <= r.ri
r.ri < uint(r.ri2) * 2u
uint(r.i) < r.d
r.rd >= uint(r.ri) * 2u
dyn(uint(r.i)) == r.i2
dyn(uint(r.i) * 2u) == r.d
uint(r.i) == uint(r.i2)
uint(r.i) != 3u
uint(r.ri) in [1u, 2u]
math.abs(uint(r.i))
math.sign(uint(r.ri))
math.sqrt(uint(r.i))
math.greatest(uint(r.i), uint(r.i2))
math.least(uint(r.ri), 2u)
math.greatest([uint(r.ri), 5u, uint(r.ri2)])
math.bitAnd(uint(r.i), uint(r.i2))
math.bitOr(uint(r.i) * 2u, uint(r.i2))
math.bitXor(uint(r.i) * 2u, uint(r.i2))
math.bitNot(uint(r.i))
math.bitShiftLeft(uint(r.i), r.i2)
math.bitShiftLeft(uint(r.i), r.i2 % 66)
math.bitShiftRight(uint(r.i) * 2u, r.i2)
math.bitShiftRight(uint(r.i) * 2u, r.i2 % 66)
[uint(r.ri), 2u].sort()[0]
[1, 2, 3][dyn(uint(r.i))]
{1u: r.i, 2u: 7}[uint(r.ri)]
optional.ofNonZeroValue(uint(r.ri)).hasValue()
dyn(r.i) == r.d
dyn(r.d) == dyn(r.ri)
dyn(r.s) == r.i
dyn(r.i) < dyn(r.d)
dyn(r.s) < dyn(r.i)
dyn(r.ri) + dyn(r.i)
dyn(r.s).size() > 1
dyn(r.i) in [dyn(1), dyn('a'), dyn(0.5)]
[r.i, r.i2][dyn(r.d)] == 1
dyn(r.b) || r.rb
dyn(r.i) || r.rb
`), "\n")
