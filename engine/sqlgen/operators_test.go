package sqlgen_test

import (
	"slices"
	"strings"
	"testing"

	"personae/engine/plan"
)

// expressions exercise every operator. r is short for row. {i} stands for each
// of an int column that may be null, one that may not, and so on.
var expressions = append(strings.Split(strings.TrimSpace(`
r.i == r.i2
r.i != r.i2
r.ri == r.ri2
r.i == r.ri
r.i == null
r.i != null
r.i == 3
3 != r.i
r.d == r.d2
r.d != r.d2
r.rd == r.rd2
r.d == r.rd
r.d == 0.0
r.d == null
r.s == r.s2
r.s != 'a'
r.rs == 'a\u0000b'
r.s == "it's"
r.b == r.b2
r.b == true
r.rb != r.b
r.t == r.t2
r.t != r.t2
r.t == null
r.t == timestamp('2024-02-29T12:30:45.123456Z')
r.t == timestamp('2024-02-29T12:30:45.123456789Z')
r.t != timestamp('2024-02-29T12:30:45.123456789Z')
r.t < timestamp('2024-02-29T12:30:45.123456789Z')
r.t <= timestamp('2024-02-29T12:30:45.123456789Z')
r.t > timestamp('2024-02-29T12:30:45.123456789Z')
r.t >= timestamp('2024-02-29T12:30:45.123456789Z')
r.t >= timestamp('2024-02-29T12:30:45.123455789Z')
r.t in [timestamp('2024-02-29T12:30:45.123456Z'), timestamp('2024-02-29T12:30:45.123456789Z')]
r.i < r.i2
r.i <= r.i2
r.i > 2
r.ri >= r.ri2
r.d < r.d2
r.d <= r.d2
r.d > r.d2
r.d >= r.d2
r.rd < r.rd2
r.rd >= r.rd2
r.d > 0.5
r.d >= 0.5
r.d < 0.5
0.5 < r.d
0.5 >= r.d
r.rd > 0.5
r.i < r.d
r.i < r.d2
r.d2 <= r.i
!(r.i > r.d2)
r.i >= r.d
r.d > r.i
r.rd <= r.ri
r.i > 0.5
r.d < 3
r.s < r.s2
r.s >= r.s2
r.rs > 'a'
r.t < r.t2
r.t >= r.t2
r.b < r.b2
r.b >= r.rb
r.i + r.i2
r.ri - r.ri2
r.i * r.i2
r.i / r.i2
r.ri % r.ri2
r.i % 3
r.i / -1
-r.i
-r.ri
r.i + 1 > r.i2
r.d + r.d2
r.d - r.d2
r.d * r.d2
r.rd / r.rd2
-r.d
math.abs(r.d)
math.abs(r.i)
math.ceil(r.d)
math.floor(r.rd)
math.round(r.d)
math.trunc(r.d)
math.isNaN(r.d)
math.isInf(r.d)
math.isFinite(r.rd)
double(r.i)
int(r.d)
int(r.rd)
string(r.i)
string(r.b)
int(r.t)
timestamp(r.i)
r.s + r.s2
size(r.s)
size(bytes(r.s))
bytes(r.s) == bytes(r.s2)
bytes(r.s) < bytes(r.rs2)
bytes(r.rs)
r.rs.size() + r.s2.size()
r.s.contains(r.s2)
r.s.startsWith(r.s2)
r.s.endsWith(r.s2)
r.rs.contains('\u0000')
r.s.matches('^[a-z]$')
r.s.matches('a.c')
r.s.matches('(?i)k')
r.s.matches('\\pL+')
r.s.matches('b$')
r.s.matches('^$')
r.s.matches('\\bdas\\b|\\s')
r.s.lowerAscii()
r.s.upperAscii()
r.s.trim()
r.s.trim().size()
r.s.substring(1)
r.s.substring(r.i)
r.s.substring(r.i, r.i2)
r.s.charAt(r.i)
r.s.indexOf(r.s2)
r.s.indexOf('a')
r.s.indexOf(r.s2, r.i)
r.s.indexOf('a', 1)
r.s.indexOf('', r.i)
(r.s + r.s + r.s2).indexOf(r.s, r.i2)
r.s.lastIndexOf(r.s2)
(r.s2 + r.s + r.s2).lastIndexOf(r.s2)
'abaaba'.lastIndexOf('aba') + r.i
(r.s + 'aaxaa').lastIndexOf('aa')
r.s.lastIndexOf(r.s2, r.i)
(r.s2 + r.s + r.s2 + 'b').lastIndexOf(r.s2, r.i)
(r.s + 'aaxaa').lastIndexOf('aa', r.i)
r.s.replace('a', r.s2)
(r.s + r.s).replace(r.s2, 'x')
r.s.replace('', '-')
r.s.replace('', r.s2)
(r.s2 + r.s + r.s2).replace(r.s2, '', r.i)
(r.s + 'aaa').replace('a', 'ba', r.i)
r.s.replace('', r.s2, r.i)
(r.s + r.s2).reverse()
strings.quote(r.s)
strings.quote(r.s + '\a\b\f\n\r\t\v\\"' + r.s2)
string(bytes(r.s))
'a%s%%%d!'.format([r.s, r.i])
'%s'.format([r.i])
'%s %s'.format([r.ri, uint(r.ri)])
'%s|%s'.format([r.b, r.t])
'%s'.format([r.t - r.t2])
'%s'.format([null])
'%d'.format([r.i])
'%d'.format([uint(r.i)])
'%b'.format([r.i])
'%b'.format([r.ri])
'%b'.format([uint(r.ri)])
'%b'.format([r.b])
'%o'.format([r.ri])
'%o'.format([r.ri % 2 + 8])
'%o'.format([uint(r.i)])
'%x'.format([r.ri])
'%X'.format([r.i])
'%x'.format([uint(r.ri)])
'%x'.format([r.rs])
'%X'.format([bytes(r.s)])
'%x'.format([math.bitNot(uint(r.ri))])
math.bitNot(uint(r.ri)) <= 3u
uint(r.ri) <= uint(r.ri2)
'%%s'.format([])
string(r.t)
string(r.t + duration('1ms'))
string(bytes(r.rs) + b'\xff')
string(bytes(r.rs) + (r.rb ? b'\xed\xa0\x80' : b'\xc3\xa9'))
double(string(r.i))
double(r.s)
double(r.s + '.5')
double('-' + r.s)
double(r.s + 'e' + r.s2)
double(string(r.d))
double(r.rb ? 'inf' : '+Infinity')
double(r.rb ? '-iNF' : 'NaN')
double(r.rb ? '1e400' : '.5e-3')
double(r.rb ? '-1.' : '.')
string(r.d)
string(r.rd)
string(r.d * 1e6)
string(r.d * 123456.7)
string(r.d2 / 1e3)
string(r.d * 1e10 + 0.5)
string(double(r.i))
string(r.rb ? 1e16 : -1e6)
math.bitShiftLeft(r.i, r.i2 * 21)
math.bitShiftLeft(r.i, r.i2 * 32)
math.bitShiftRight(r.i, r.i2 * 21)
double('1.0' + r.s)
double('.0' + r.s)
double('5e0' + r.s)
double('0' + r.s)
string(r.t - r.t2)
string(days(r.i))
string(r.rt - (r.rt2 + duration('1us')))
string((r.rt - r.rt2) - (r.rt - r.rt2) + duration('99us'))
string(duration('100us') - (r.rt - r.rt))
string(duration('-99999ns') + minutes(r.ri) - minutes(r.ri))
string(minutes(r.ri) - minutes(r.ri) + duration('100000ns'))
math.bitShiftLeft(r.i, r.i2)
math.bitShiftLeft(r.ri, 63)
math.bitShiftLeft(r.ri, 64)
math.bitShiftLeft(r.i, 1)
math.bitShiftRight(r.i, r.i2)
math.bitShiftRight(r.ri, 63)
math.bitShiftRight(r.ri, 64)
math.bitShiftRight(r.i, 1)
math.bitShiftRight(r.i, 0)
math.bitShiftLeft(r.i, 0)
math.sqrt(r.d)
math.sqrt(r.i)
r.t + duration('36h')
r.t - duration('1us')
r.t + duration('-1h')
duration('2562047h') + r.rt
r.t - r.t2
r.rt - r.rt2 > duration('24h')
now - r.t > days(90)
r.t > now - days(90)
r.t - days(r.i)
days(r.i)
hours(r.i) + weeks(2)
minutes(r.ri) - minutes(r.ri2)
int(days(r.i))
weeks(r.i) < days(r.i2)
(r.t - r.t2).getHours()
(r.t - r.t2).getMinutes()
(r.t - r.t2).getSeconds()
(r.t - r.t2).getMilliseconds()
r.t.getFullYear()
r.t.getMonth()
r.t.getDayOfYear()
r.t.getDayOfMonth()
r.t.getDate()
r.t.getDayOfWeek()
r.t.getHours()
r.t.getMinutes()
r.t.getSeconds()
r.t.getMilliseconds()
r.t.getHours('Europe/London')
r.t.getDate('Europe/London')
r.t.getDayOfYear('Asia/Kolkata')
r.t.getHours('America/New_York')
r.t.getMinutes('-03:30')
r.t.getDayOfWeek('+14:00')
age(r.t)
age(r.rt) > 18
age(r.t) > 18 && age(r.t) < 65
age(r.t) > 20 || age(r.t) < 30 || r.b
daysSince(r.t)
daysSince(r.rt) <= 1
hourOf(r.t)
weekdayOf(r.t)
r.i.between(r.i2, 3)
r.i.between(0, 5)
r.ri.between(r.ri2, r.i)
r.d.between(r.d2, 0.5)
r.d.between(0, 1)
r.rd.between(0.0, r.d2)
r.i.between(0.5, 2.5)
r.s.between('A', 'b')
r.t.between(r.t2, now)
days(r.i).between(days(0), days(2))
mentions(r.s, ['das', 'x'])
mentions(r.s, ['berlin'])
mentions(r.rs, [])
sample('salt', 10.0)
sample('pepper', 50)
atLeast(2, r.i > 2, r.d > 0.5, r.s == 'a')
atLeast(1, r.i > 2, r.b)
atLeast(r.i, r.rb, r.b2, r.i > 0)
atLeast(2, r.rb, r.rb2)
r.i in [1, 2, 3]
!(r.i in [1, 2, 3])
r.ri in [0, 1]
r.i in []
r.s in ['a', '', 'é']
r.rs in ['a\u0000b']
r.d in [0.0, 0.5]
r.i in [r.ri, 3]
r.s in [r.s2, 'a']
r.i + 1 in [1, 2]
r.b in [true]
r.t in [timestamp('1970-01-01T00:00:00Z')]
has(r.i)
has(r.ri)
!has(r.t)
r.?i.orValue(7)
r.?i.orValue(r.ri)
r.?i.orValue(r.i2)
r.?d.orValue(0.0) > 0.5
r.?s.orValue('') == ''
r.?ri.orValue(1)
r.?i.orValue(r.ri + 1)
r.?i.hasValue()
r.?i.value() > 2
r.?b.orValue(false)
r.b ? r.i : r.i2
r.rb ? 1 : 2
r.b ? r.i + 1 : r.ri
(r.b ? r.i : r.i2) == null
(r.b ? r.i : r.ri) == r.i2
(r.i > 2 ? r.s : r.s2) != 'a'
(r.rb ? r.i : r.i2) in [1, 2]
(r.rb ? r.d : r.d2) == r.d
r.i > 2 ? 'big' : (r.i < 0 ? 'small' : 'middle')
r.b && r.b2
r.b || r.b2
!r.b
!(r.b && r.b2)
!(r.b || r.rb)
r.rb && r.rb2
!(r.rb || r.rb2)
r.b && r.rb || r.i > 2
!(r.i > 2 && (r.d < 0.5 || !r.b)) || r.s == 'a'
r.i / r.i2 > 1 && r.i2 != 0
r.i2 == 0 || r.i / r.i2 > 1
!(r.i2 == 0 || r.i / r.i2 > 1)
(r.i > 2) == r.b
(r.i > 2) != r.rb
r.b ? r.i > 2 : r.d > 0.5
!(r.b ? r.i > 2 : r.rb2)
cel.bind(x, r.i + 1, x > 2 && x < 100)
cel.bind(x, r.i, x == null || x > 2)
r.i > params.five
r.d > params.half && r.s != params.word
r.t > date('2024-02-29')
r.t >= date('2026-03-29') || r.t < date('1900-01-01')
1 / 0 > r.i
r.rb || 1 / 0 > 2
r.b
r.i
r.s
r.t
r.d
null == r.i
true
'text'
`), "\n"), slices.Concat(boundaries, listExpressions, nestedExpressions, textExpressions, orderExpressions)...)

// benign are values for which facts let every bare operator through.
var benign = map[string][]any{
	"i": {int64(1), int64(2), int64(3), int64(7), int64(40)},
	"d": {0.25, 0.5, 1.5, 2.0, 100.0},
	"s": hostile["s"][:18],
	"t": {at("1969-12-31T23:59:59.999999Z"), at("1970-01-01T00:00:00Z"), at("2024-02-29T12:30:45.123456Z"), at("2025-12-31T23:59:59Z"), asOf},
	"b": {true, false},
}

func TestOperatorsAgreeWithCEL(t *testing.T) {
	for name, config := range map[string]struct {
		values map[string][]any
		facts  bool
	}{"hostile rows, nothing known": {hostile, false}, "hostile rows, facts": {hostile, true}, "benign rows, facts": {benign, true}} {
		t.Run(name, func(t *testing.T) { agree(t, newFixture(t, config.values, config.facts)) })
	}
}

// agree asserts that SQL's values are cel-go's, that SQL is NULL exactly where
// cel-go errs or gives null, and that the null test tells these two apart.
func agree(t *testing.T, f *fixture) {
	b := plan.NewBuilder(f.facts)
	var outputs []plan.Output
	var want [][]any
	used := map[plan.Op]bool{}
	for i, text := range expressions {
		ast := f.check(t, strings.ReplaceAll(text, "r.", "row."))
		if ast == nil {
			continue
		}
		e, missing := plan.Lower(b, f.scope(), ast)
		if len(missing) > 0 && !left(text) {
			t.Errorf("%s: not compiled: %s", text, missing[0].Reason)
			continue
		}
		note(e, used)
		outputs = append(outputs, plan.Output{Name: "o" + itoa(i), Expr: e}, plan.Output{Name: "n" + itoa(i), Expr: b.NullTest(e)})
		want = append(want, f.reference(t, ast))
	}
	for _, row := range plan.Operators {
		switch row.Op {
		case plan.OpHole, plan.OpDecide, plan.OpFold, plan.OpGap, plan.OpLookup, plan.OpPoints: // of no expression alone
			continue
		case plan.OpRank, plan.OpBeside, plan.OpNotTrue: // over all rows, and over versions: the tests of ranks and of leaving, with the database
			continue
		}
		if !used[row.Op] && f.facts == nil {
			t.Errorf("operator %s is not exercised", row.Op)
		}
	}
	got, err := f.sqlValues(t, outputs)
	if err != nil { // find the culprits one by one
		for i := range outputs {
			if _, err := f.sqlValues(t, outputs[i:i+1]); err != nil {
				t.Errorf("%s: %.1500v", outputs[i].Expr, err)
			}
		}
		t.Fatalf("%.500v", err)
	}
	var yes, no, null, bottom int
	for i := range want {
		e := outputs[2*i].Expr
		bad := 0
		for r := range f.data {
			w, g, n := want[i][r], got[2*i][r], got[2*i+1][r]
			_, isErr := w.(error)
			ok := false
			switch {
			case isErr:
				ok = g == nil && n == nil && e.MayBottom
				bottom++
			case w == nil:
				ok = g == nil && n == true && e.MayNull
				null++
			default:
				ok = same(w, g) && n == false
				if w == true {
					yes++
				} else if w == false {
					no++
				}
			}
			if !ok {
				if bad++; bad <= 3 {
					t.Errorf("%s\n  row %v\n  CEL %v, SQL %v, null test %v (may be ⊥ %v, null %v)", e, f.data[r], w, g, n, e.MayBottom, e.MayNull)
				}
			}
		}
	}
	if yes == 0 || no == 0 || f.facts == nil && (null == 0 || bottom == 0) {
		t.Fatalf("the test proves nothing: %d true, %d false, %d null, %d undecided", yes, no, null, bottom)
	}
	t.Logf("%d true, %d false, %d null, %d undecided", yes, no, null, bottom)
}

func note(e *plan.Expr, used map[plan.Op]bool) {
	used[e.Op] = true
	for _, a := range e.Args {
		note(a, used)
	}
}
