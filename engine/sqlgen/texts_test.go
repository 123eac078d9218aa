package sqlgen_test

import (
	"slices"
	"strconv"
	"strings"
)

// oneOf is an expression that is another text in each row.
func oneOf(texts ...string) string {
	list := make([]string, len(texts))
	for i, s := range texts {
		list[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(list, ", ") + "][r.id % " + itoa(len(texts)) + "]"
}

// textExpressions read times and numbers from texts, those on the edge of what
// is read among them.
var textExpressions = []string{
	"'%s %d'.format([r.d, r.rd])",
	"'%s'.format([r.d * 1e16])",
	"'%s'.format([r.d / 3e4])",
	"'%f %.0f'.format([r.d, r.rd])",
	"'%.2f'.format([r.d / 3.0])",
	"'%.2f'.format([r.d * 1e20])",
	"'%f %e'.format([r.i, r.ri])",
	"'%e %.0e'.format([r.d, r.rd])",
	"'%s and %s'.format([r.li, r.ls])",
	"'%s'.format([r.ld])",
	"'%s'.format([r.ll])",
	"'%.3s %.2d'.format([[r.s, r.s2], r.ri])",
	"timestamp(" + oneOf("2024-02-29T12:30:45Z", "2024-02-29T09:30:45.5-02:00", "2023-02-29T00:00:00Z", "0001-01-01T00:00:00Z", "0000-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:00-00:01", "1987-06-15T20:07:38Z",
		"2024-06-01T24:00:00Z", "2024-06-01T20:00:00+23:59", "2024-06-01T20:00:00-20:09", "2024-06-01T10:00:00+24:00", "2024-06-01T10:00:00-19:60", "2024-06-01T10:00:00", "2024-06-01 10:00:00Z", "x") + ")",
	"timestamp(r.s)",
	"timestamp('2024-02-29T12:30:' + r.s + 'Z')",
	"date(" + oneOf("2024-02-29", "2023-02-29", "0001-01-01", "0001-01-02", "0000-12-31", "9999-12-31", "2026-07-01", "2026-7-01", "2026-07-01T00:00:00Z", "") + ")",
	"date(r.s)",
	"duration(r.s)",
	"duration(r.s + 's')",
	"duration(" + oneOf("0", "-0s", "00", "1h", "-1.5h", "2h3m4s", "5ms6us7ns", "1µs", "1μs", ".5s", "5.s", ".s", "1.5.s", "+1s", "2562047h47m16.854775807s", "2562047h47m16.854775808s", "-2562047h47m16.854775808s", "9223372036854775808ns9223372036854775808ns") + ")",
	"duration(" + oneOf("-9223372036854775808ns9223372036854775808ns1h", "-9223372036854775808ns9223372036854775808ns", "-9223372036854775809ns", "9223372036854775808ns", "-9223372036854775808ns1ns", "00000000000000000000000000000000000000000000001ns", "10000000000000000000000000000000000000000ns",
		"18446744073709551615ns1ns", "18446744073709551616ns", "0.47208454592888888116h", "0.075333878018888891129h", "0.97279158112166659622h", "0.99999999999999999999h", "-9223372036854775.808us", "153722867m16s", "153722868m", "2562048h", "-2562048h", "9223372037s", "9223372036854ms", "9223372036855ms") + ")",
	"double(" + oneOf("0x1p-2", "0X1.8P+1", "-0x0p0", "0x1", "0x.p1", "0x_1_0p1_0", "1_000", "1_000.5_5e1_0", "1__0", "1_.5", "0x1.00000000000008p0", "0x1.00000000000018p0", "0x1.00000000000008000000000000001p0", "0x1.000000000000081p0", "0x1fffffffffffff.8p0",
		"0x1.fffffffffffff7p1023", "0x1.fffffffffffff8p1023", "-0x1p1024", "-0x1.8p2") + ")",
	"double(" + oneOf("0x0.8p-1074", "0x0.80001p-1074", "0x1.8p-1074", "0x1.8p-1075", "0x2.8p-1074", "0x1p-1076", "0x1p99999", "0x0p99999", "0x000000000000000000000000000000000000001.8p0", "0x123456789abcdef012345p-200", "0x1p00000000000000005", "0x1.00000000000000001p-1022", "0X.ABCDEFP4",
		"0x1234567890abcdef1p-9", "0xfffffffffffffc01p0", "0xfffffffffffffc00p0", "0xffffffffffffffffp-1100", "0x1_.8p0") + ")",
	// Not of texts: values that hold others, compared, and numbers of two types.
	"r.st == r.st",
	"r.st.g == r.st.g",
	"[r.st] == [r.st]",
	"r.lp[0] == r.lp.last().value()",
	"r.lp.exists(p, p == r.lp[0])",
	"r.lp[0] in r.lp",
	"r.lp == r.lp.reverse()",
	"r.mp == r.mp",
	"r.mp != {'b': 2, 'a': 1}",
	"{'b': r.i, 'a': r.ri} == (r.rb ? {'a': r.ri2, 'b': r.i2} : r.mp)",
	"r.ll == [[1], [2, 3]]",
	"r.ll == []",
	"r.ll == [r.li, r.rli]",
	"r.li in r.ll",
	"(r.rb ? [r.li, r.rli] : r.ll)[0]",
	"[r.ld] == [r.ld]",
	"[r.ld] == [r.rld]",
	"[r.rld] == [r.ld]",
	"[[r.rld]] != [[r.ld]]",
	"r.rld == r.ld",
	"{'a': r.d} == {'a': r.d2}",
	"(r.rb ? {'a': r.rd, 'b': 1.0} : {'b': 1.0, 'a': r.rd2}) == (r.rb2 ? {'a': r.rd} : {'a': r.rd, 'b': 1.0})",
	"math.greatest(r.i, r.d) == r.i2",
	"math.least(r.d, r.i) < r.d2",
	"double(math.greatest(r.i, r.rd))",
	"string(math.least(r.ri, 2.5))",
	"math.greatest([dyn(r.ri), dyn(r.d), dyn(uint(r.i2)), dyn(2)]) >= 3",
	"math.least([dyn(r.ri), dyn(r.rd), dyn(uint(r.i2))]) == r.d2",
	"math.greatest(r.i, 2.5) + 1",
	"{r.i: 1, r.i2: 2}.exists_one(k, k == r.i)",
	"{r.i: 1, r.i2: 2}.all(k, 5 / k > 0)",
	"{?r.s: r.?i, 'a': 1}.exists(k, k == r.s2)",
	"(r.rb ? {string(5 / r.i): r.rb} : {'a': true}).size()",
	"r.i > 2 && duration(r.s) > duration('1h')",
	"timestamp(r.s) > r.t || r.b",
	"r.t - timestamp(" + oneOf("2024-02-29T12:30:45Z", "1969-12-31T23:59:59.25+05:30", "") + ")",
}

// left says of which expressions cel-go may decide some rows, which none of the
// tests is: those of fractions of nanoseconds, of long lists with equal elements, and
// of bytes that are no text.
func left(text string) bool {
	return slices.Contains(textExpressions, text) && strings.Contains(text, "timestamp(") || slices.Contains(orderExpressions, text) && (strings.Contains(text, "sort") || strings.Contains(text, "bytes("))
}
