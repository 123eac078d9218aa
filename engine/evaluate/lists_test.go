package evaluate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"

	"personae/engine/compile"
	"personae/engine/eval"
)

// namedLists are calculated values that are lists: of rows, of values of them, of
// lists; over each other, over columns, and with what SQL cannot calculate.
const namedLists = `
---
kind: Traits
traits:
  recent: {value: "customer.orders.within(days(40))"}
  old: {value: "customer.orders.before(days(20))"}
  dear: {value: "customer.recent.filter(o, o.total > 5)"}
  counted: {value: "customer.recent.filter(o, o.n / o.n == 1)"}
  cities: {value: "customer.orders.map(o, o.city)"}
  totals: {value: "customer.recent.map(o, o.total)"}
  sure: {value: "customer.totals.filter(t, t != null && t > 0)"}
  labels: {value: customer.tags}
  own: {value: "customer.?tags.orValue(['b'])"}
  long: {value: "customer.own.filter(t, t != null && t.size() > 1)"}
  costs: {value: "customer.recent.map(o, o.items.map(i, i.cost))"}
  split: {value: "customer.orders.filter(o, [[o.city]].flatten()[0].split('a').size() > 1)"}
  pages: {value: "customer.visits.map(v, v.page).distinct()"}
  gaps: {value: "customer.recent.gaps()"}
  fresh: {value: "customer.orders.filter(o, o.at > now - days(40))"}
  recent_count: {value: "customer.recent.size()"}
  total: {value: "customer.totals.sum()"}
  surest: {value: "customer.sure.max()"}
  latest: {value: "customer.cities.last().orValue('none') == null ? 'empty' : 'city'"}
  labelled: {value: "customer.labels.size()"}
  longest: {value: "customer.gaps.max()"}
  page_count: {value: "customer.pages.size()"}
  cost: {value: "customer.costs.map(l, l.size()).sum()"}
  mean_age: {value: "customer.old.map(o, now - o.at).avg()"}
---
kind: Segment
name: spends
when: "customer.recent.exists(o, o.total > 8) && customer.recent_count > 0"
---
kind: Segment
name: steady
when: "customer.dear.size() > 0 && customer.counted.all(o, o.total > 5)"
---
kind: Segment
name: labelled_b
when: "'b' in customer.labels || customer.n == 3"
---
kind: Segment
name: whole
when: "!(customer.s in customer.cities) && customer.s.size() > 0"
---
kind: Segment
name: within
when: "customer.recent.within(days(9)).exists(o, o.items.exists(i, i.cost > 1.0))"
---
kind: Segment
name: both
when: "customer.recent.exists(o, o.total > 5 && customer.old.exists(p, p.total > o.total))"
---
kind: Segment
name: shadowed
when: "customer.visits.exists(now, customer.fresh.exists(o, o.total > now.seconds)) && customer.n > 0"
---
kind: Segment
name: hole
when: "customer.split.size() > 0 && customer.n < 3"
---
kind: Segment
name: through
when: "customer.recent.exists(o, o.n > 1) && segment.spends"
---
kind: Segmentation
name: kinds
segments:
  - {name: rich, when: "customer.sure.sum() > 9"}
  - {name: known, when: "customer.pages.exists(p, p == 'c')"}
otherwise: rest
---
kind: Score
name: points
parts:
  - {name: recent, when: "customer.recent.size() > 1", points: 3}
  - {name: dear, when: "customer.dear.size() > 0", points: 4}
bands: {high: 5, low: 0}
---
kind: Persona
name: ann
who: customer.recent.size() > 1 && customer.recent.exists(o, o.total > 1)
role: primary
identity: {name: Ann}
story: "${median(customer.recent.size())} ${asPercent(share(customer.recent.exists(o, o.total > 8)))} ${avg(customer.totals.max())}"
`

// randomLists asks random things of the lists.
func randomLists(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	condition := func() string {
		return one("o.total > 5", "o.n > 1", "o.city == 'a'", "o.n == null", "o.total / o.n > 3", "o.items.size() > 1", "o.city in customer.labels", "o.total in customer.sure", "o.at < now - days(9)")
	}
	var b strings.Builder
	b.WriteString("---\nkind: Traits\ntraits:\n")
	for i := range n {
		rows := "customer." + one("recent", "old", "dear", "counted")
		for range r.IntN(3) {
			rows += one(".filter(o, "+condition()+")", ".within(days(30))", ".before(days(5))", ".between(days(60), days(customer.n))")
		}
		asked := rows + one(".size() > 1", ".exists(o, "+condition()+")", ".all(o, "+condition()+")", ".exists_one(o, "+condition()+")", ".map(o, o.total).sum() > 6", ".map(o, o.city).distinct().size() > 1")
		values := "customer." + one("cities", "own", "labels", "pages")
		other := values + one(".exists(v, v == 'a')", ".size() > 1", ".all(v, v != 'aXa')") + " " + one("&&", "||") + " " + asked
		if i%2 == 0 {
			other = asked
		}
		fmt.Fprintf(&b, "  random_%d: {value: \"%s\"}\n", i, other)
	}
	return b.String()
}

// keepList gives a row the list that a calculated value is, as a value.
func keepList(t *testing.T, env *cel.Env, r *compile.Rule, row *eval.Row) {
	t.Helper()
	program, err := env.Program(r.Expr.Written)
	if err != nil {
		t.Fatal(err)
	}
	i, ok := row.Position(r.Name)
	if !ok {
		t.Fatalf("no field %s", r.Name)
	}
	list, _, err := program.Eval(row)
	if err != nil {
		row.SetAt(i, eval.Unreadable{Reason: err.Error()})
		return
	}
	row.SetValue(i, list)
}

// What is put in place of a name means what a list with that name would: cel-go,
// which is given the lists as values, says the same of every row.
func TestNamedListsAgreeWithCEL(t *testing.T) {
	base, _, _ := strings.Cut(relatedHoleRules, "---\nkind: Traits")
	for _, facts := range []bool{false, true} {
		h := newRelatedHoles(t, base+namedLists[1:]+randomLists(7, 40), facts)
		found := h.run(t)
		want := h.compare(t)
		yes, no, open := 0, 0, 0
		for _, row := range want {
			for name, v := range row {
				if !strings.HasPrefix(name, "random_") {
					continue
				}
				switch v {
				case true:
					yes++
				case false:
					no++
				default:
					open++
				}
			}
		}
		if yes < 100 || no < 100 || open < 100 {
			t.Errorf("random lists are %d times true, %d false, %d open", yes, no, open)
		}
		for _, r := range found.ByRow {
			switch r.Name {
			case "spends", "steady", "whole", "within", "recent_count", "total", "kinds", "points":
				t.Errorf("%s was decided by row", r.Name)
			}
		}
	}
}
