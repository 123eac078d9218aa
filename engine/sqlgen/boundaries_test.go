package sqlgen_test

import (
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"strings"
)

// boundaries are expressions that come as close to the limits of operators as
// values get: mutants of the tables have asked for each.
var boundaries = append(strings.Split(strings.TrimSpace(`
r.t + duration('1us')
r.t + duration('-1us')
r.t - duration('-1us')
(r.t + duration('500ms')) - r.t2
(r.t + duration('1us')) - r.t2
(r.t - duration('1us')) - r.t2
r.t - (r.t2 + duration('900ms'))
r.t - (r.t2 - duration('900ms'))
(r.t + duration('145224us')) - (r.t2 + duration('999999us'))
(r.t - duration('854775us')) - (r.t2 + duration('1us'))
(r.t - duration('854776us')) - r.t2
(r.t + duration('854776us')) - r.t2
(r.t + duration('1s')) - r.t2
(r.t - duration('1s')) - (r.t2 + duration('999999us'))
((r.t + duration('1001s')) + duration('1us') - r.t).getSeconds()
(days(r.i) + duration('3599.9999999s')).getHours()
(days(r.i) + duration('59.9999999s')).getMinutes()
(days(r.i) + duration('0.999999999s')).getSeconds()
age(r.t, r.t2)
age(r.rt, r.t2 + days(1))
age(r.t, r.t2 - days(40))
age(r.t + days(17), r.t2)
atLeast(1, r.b, r.b2)
atLeast(2, r.b, r.b2, r.i2 > 2)
atLeast(1, r.rb, r.b, r.b2)
atLeast(2, r.rb, r.b, r.b2)
atLeast(3, r.b, r.b2, r.d2 > 0.5, r.i > 2)
atLeast(1, r.b, r.b2, r.i > 2)
atLeast(2, r.b, r.b2)
atLeast(3, r.b, r.b2, r.i2 > 2)
atLeast(3, r.i2 > 2, r.b, r.b2)
atLeast(3, r.rb, r.b, r.b2)
atLeast(2, r.b, r.rb, r.b2)
atLeast(2, r.b, r.i == r.i2, r.b2)
atLeast(1, r.b, r.b2, r.rb)
atLeast(2, r.b, r.b2, r.rb)
atLeast(3, r.b, r.b2, r.rb)
timestamp('2262-04-11T23:47:16.854776Z') - r.t
timestamp('2262-04-11T23:47:16.854775Z') - r.t
timestamp('2262-04-11T23:47:17Z') - r.t
r.t - timestamp('2262-04-11T23:47:16.854776Z')
r.t - timestamp('2262-04-11T23:47:16.854775Z')
r.t - timestamp('2262-04-11T23:47:17Z')
r.i * -3074457345618258603
r.i * 3074457345618258603
timestamp(r.rb ? 253402300800 : 253402300799)
timestamp(r.rb ? -62135596801 : -62135596800)
days(r.rb ? 106752 : 106751)
days(r.rb ? -106752 : -106751)
weeks(r.rb ? 15251 : 15250)
weeks(r.rb ? -15251 : -15250)
hours(r.rb ? 2562048 : 2562047)
hours(r.rb ? -2562048 : -2562047)
minutes(r.rb ? 153722868 : 153722867)
minutes(r.rb ? -153722868 : -153722867)
hours(r.i)
weeks(r.i)
minutes(r.i)
sample('salt', r.d)
sample('pepper', r.d * 10.0)
sample('pepper', r.d / r.d2)
(r.t - hours(14)).getDayOfWeek('+14:00')
r.t.getHours('-03:30')
r.t.getMinutes('-03:45')
math.abs(r.i - 20)
r.rt - r.rt2 > duration('0s')
r.rt - r.rt2 >= duration('0s')
r.t - r.t2 < duration('0s')
r.t - r.t2 <= duration('0s')
r.b > r.b2
r.b >= r.b2
r.b <= r.b2
r.t > r.t2
r.t <= r.t2
r.d < r.i2
r.d <= r.i2
r.rd > r.ri2
r.rd >= r.ri2
r.i2 < r.d
r.i2 >= r.rd
bool(r.s)
bool(r.rb ? 'True' : 'FALSE')
bool(r.rb ? 'T' : 'F')
bool(r.rb ? 't' : 'f')
bool(r.rb ? '1' : '0')
bool(r.rb ? 'TRUE' : 'False')
bool(r.rb ? 'true' : 'false')
int(r.s)
int(r.rb ? '7.6' : '1_000')
int(r.rb ? ' 7' : '1e3')
int(r.rb ? '7\n' : '0x1')
int(r.s + '1')
int((r.rb ? '+' : '-') + '9223372036854775808')
int((r.rb ? '+' : '-') + '9223372036854775807')
bytes(r.s) + bytes(r.s2)
bytes(bytes(r.s))
math.bitAnd(r.i, r.i2)
math.bitOr(r.i, r.i2)
math.bitXor(r.i, r.ri2)
math.bitNot(r.i)
math.sign(r.i)
math.sign(r.d)
math.sign(r.rd)
math.greatest(r.i, r.i2)
math.least(r.i, r.ri2)
math.greatest(r.d, r.d2)
math.least(r.rd, r.rd2)
math.greatest(r.i, r.i2, 3)
math.least(r.d, r.d2, r.rd)
[r.i, r.i2].exists(v, v > 2)
[r.i, 3, r.ri2].all(v, v > 0)
[r.b, r.b2].exists_one(v, v)
[r.i, r.i / r.i2] == [r.i2, 1]
[r.s, r.s2][r.i]
[r.i / r.i2, 3].size()
{'a': r.i, r.rs: r.i2}[r.rs2]
{'a': r.i, r.rs: r.i2}[r.s2]
{'a': r.i, r.rs: r.i / r.i2}.a
has({r.rs: r.i}.a)
r.rs in {'a': 1, r.rs2: 2}
`), "\n"), computed()...)

// spaces are what trim takes away.
const spaces = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

// computed are the boundaries that are easier to calculate than to write: each
// white space at an end, and the percentage at which a key just is not sampled.
func computed() []string {
	var list []string
	for _, c := range spaces {
		list = append(list, fmt.Sprintf(`(r.rs + '\u%04x').trim()`, c))
	}
	list = append(list, `(r.rs + '\u200b').trim()`) // is none
	for _, salt := range []string{"salt", "pepper"} {
		for id := range 3 {
			sum := md5.Sum([]byte(fmt.Sprintf("%s:%d", salt, id)))
			percent := float64(binary.BigEndian.Uint32(sum[:4])) * 100 / (1 << 32)
			list = append(list, fmt.Sprintf("sample('%s', %.20f)", salt, percent))
		}
	}
	return list
}
