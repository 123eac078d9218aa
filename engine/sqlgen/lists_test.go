package sqlgen_test

import "strings"

// listExpressions are about lists that are values: columns, and what is made of
// text and of other lists.
var listExpressions = strings.Split(strings.TrimSpace(`
has(r.li)
!has(r.ls)
r.li.size()
r.rli.size() + r.ri
size(r.ls) == 1
r.li == r.rli
r.ld == r.rld
r.rld == r.rld
r.ls != r.rls
r.lt == r.rlt
r.li[0]
r.li[r.i]
r.ld[1]
r.li[1] == r.i
r.rls[0] != 'a'
r.lb[0] && r.b
r.lt[0] < r.t
r.i in r.li
r.ri in r.rli
!(r.s in r.ls)
r.d in r.ld
r.rd in r.rld
0.0 in r.ld
r.t in r.lt
r.b in r.lb
r.s in r.s2.split('')
r.li.exists(x, x > 2)
r.li.exists(x, x == r.i)
r.rli.exists(x, x > 0 && r.rb)
r.li.all(x, x > 0)
r.ld.all(x, x >= 0.0)
r.ls.all(x, x != r.s)
r.li.exists_one(x, x == 1)
r.ls.exists_one(x, x.size() == 1)
r.lb.exists(x, x)
r.lb.all(x, x)
r.lb.exists(x, x == r.rb)
r.li.exists(x, 6 / x > 2)
r.rli.exists(x, r.rli.exists(y, y == x + 1))
r.ls.exists(x, r.li.exists(y, y == 1 && x == 'a'))
r.ls.exists(x, has(r.i) && x == 'a')
r.li.filter(x, x > 0)
r.rli.filter(x, x > 0).size()
r.ls.filter(x, x == r.s).size()
r.ld.filter(x, x == x)
r.li.map(x, x * 2)
r.li.map(x, x)
r.rli.map(x, x > 0 ? x : r.i)
r.rls.map(x, x.size())
r.lt.map(x, x - r.rt)
r.lb.map(x, !x)
r.li.map(x, x > 0, string(x)).join(',')
r.rli.map(x, 12 / x)
r.li + r.rli
r.ls + [r.s]
[r.i] + r.li
r.li.slice(1, 2)
r.rli.slice(0, r.i)
r.rls.slice(r.i, r.i2)
r.li.reverse()
r.ls.reverse()
r.li.distinct()
r.ld.distinct()
r.ls.distinct().size()
r.rli.sort()
r.li.sort()
r.ls.sort()
r.lt.sort()
r.lb.sort()
r.ls.join()
r.rls.join(r.s)
r.ls.join('-')
r.s.split('')
r.s.split('a')
r.s.split(r.s2)
r.s.split(r.s2).size()
(r.s + ',' + r.s2 + ',').split(',')[1]
r.s.split('a', 2)
(r.s + 'aaa' + r.s2).split('a', r.i)
(r.s + r.s2).split('', r.i)
r.s.split(r.s2, r.i)
(r.s + 'abab').split('ab', 0)
r.s.split('a', -1)
lists.range(r.i % 7)
lists.range(r.ri / 9000000000000000000).size()
lists.range(1000000).size() + r.i
lists.range(r.i2 * 0 + 1000001).size()
lists.range(3).map(x, x * r.i)
r.li.sum()
r.rli.sum()
r.lt.map(x, x - r.t).sum()
r.li.max()
r.ln.min()
r.ld.min()
r.rld.max()
r.ls.min()
r.rls.max()
r.lt.max()
r.rlt.min() == r.t
r.li.avg()
r.rli.avg() > 1.0
r.ld.avg()
r.rld.sum()
r.ld.sum()
r.rld.map(x, x * 1e300).sum()
[r.d, r.d2, 0.25].sum()
[r.rd, 1e-9, 2.5].avg()
r.li.median()
r.rln.median()
r.ld.median()
[r.rd, r.rd2, 0.5].median()
r.li.percentile(90)
[r.ri, r.ri2, 7].percentile(37.5)
[r.rd, r.rd2, 3.5].percentile(10)
r.li.percentile(101)
r.li.mode()
r.ln.mode()
r.ld.mode()
r.ls.mode()
r.lb.mode()
r.lt.mode()
[r.d, r.d2, r.rd].mode()
r.lt.map(x, x - r.rt).avg()
r.rlt.map(x, x - r.rt).median()
[days(1), days(r.ri % 40), hours(7)].avg()
[days(1), days(r.ri % 40), hours(7)].percentile(25.0)
[r.t - r.t2, r.rt - r.rt2].percentile(50)
r.rlt.map(x, x - r.rt).min()
r.rlt.map(x, x - r.rt).mode()
sets.contains(r.rli, r.li)
sets.contains(r.ls, ['a'])
sets.contains(r.ld, r.rld)
sets.intersects(r.li, r.rli)
sets.equivalent(r.li, r.rli)
sets.equivalent(r.ls, ['a', ''])
r.li.hasAll([1])
r.li.hasAll([1, 3])
r.li.hasAny([1, 3])
[r.d, 0.5].reverse()
r.li.hasAny(r.rli)
r.rli.hasOnly(r.li)
r.li.hasExactly([1])
r.li.first().orValue(7)
r.li.last().orValue(r.i)
r.ls.first().hasValue()
r.rls.last().value()
r.li[?r.i].orValue(5)
r.li[?1].hasValue()
r.ls[?0].value()
r.?li.orValue([1, 2]).size()
r.?ls.orValue(['x'])
r.?ls.hasValue()
r.?li.value()[0]
(r.rb ? r.li : r.rli).size()
(r.b ? r.ls : [r.s]) == r.ls
(r.i > 2 ? r.li : []).size()
cel.bind(l, r.li.filter(x, x > 0), l.size() > 0 && l[0] == 1)
[r.i, 2].filter(x, x > 1)
[r.s, r.s2].map(x, x + 'a').join(',')
[1, 2, 3].filter(x, x > r.i)
[1, 2, 3].map(x, x * r.ri).size()
[r.d, 0.5].distinct().size()
{'a': 1, 'b': 2}.exists(k, k == r.s)
{r.rs: 1}.all(k, k == 'a')
r.ln == [r.i, 1]
r.ln[r.i2] == null
r.ln[1] == r.i
null in r.ln
r.i in r.ln
r.ln.exists(x, x == null)
r.ln.exists(x, x == r.i)
r.ln.filter(x, x != null && x > 0)
r.ln.map(x, x == null ? 0 : x)
r.ln.map(x, x != null, x + 1)
r.ln.map(x, x != null ? x : r.i)
r.ln.map(x, x == null || x > 2 ? x : 1 / x)
r.ln.distinct()
sets.intersects(r.ln, [r.i, 2])
sets.contains(r.ln, r.ln)
r.ln == r.ln.reverse()
`), "\n")
