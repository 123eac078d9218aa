package ruletest

import (
	"strings"
	"testing"
)

// TestAnswers: everything that a fixture can say, and every kind of answer. Each
// test here passes; in TestEveryAnswerCanFail none does.
const answers = `kind: Test
name: columns of all types
now: 2026-01-01T00:00:00
given:
  customer:
    {First name: "O'Brien \"Bob\"; DROP TABLE x", age: 9223372036854775806, spend: 1e300, tags: [a, vip], home: {city: null, floor: 3}, raw: äb, joined: 2025-12-31T00:00:00, code: "01234"}
expect:
  customer.first: "O'Brien \"Bob\"; DROP TABLE x"
  customer.next_year: 9223372036854775807
  customer.doubled: 2e300
  customer.tag: true
  customer.floor: 3
  customer.rawness: 3
  customer.since: days(1)
  customer.shout: "01234"
---
kind: Test
name: empty is empty, and out of range is unknown
now: 2026-01-01
given: {customer: {age: 9223372036854775807}}
expect: {customer.next_year: unknown, customer.first: null, customer.floor: unknown, customer.tag: unknown, segment.adults: true}
---
kind: Test
name: stubs
given:
  customers:
    - {customer_id: a, rank: 5, segment.club: true}
    - {customer_id: b, rank: 4, segment.club: true}
    - {customer_id: c, rank: unknown, segment.club: true}
    - {customer_id: d, rank: null, segment.club: false}
    - {customer_id: e, rank: unknown, segment.club: false}
    - {customer_id: f, segment.best: unknown, segment.club: true}
    - {customer_id: g, rank: 5, segment.club: unknown}
expect:
  a: {segment.best: true, segmentation.kinds: best, persona.bianca: false, customer.points: 50}
  b: {segment.best: false, segmentation.kinds: club, persona.bianca: true, customer.points: 40}
  c: {segment.best: unknown, segmentation.kinds: unknown, persona.bianca: unknown, customer.points: unknown}
  d: {segment.best: false, segmentation.kinds: others, customer.points: unknown}
  e: {segment.best: false, persona.bianca: false}
  f: {segmentation.kinds: unknown, persona.bianca: unknown}
  g: {segment.best: unknown}
---
kind: Test
name: scores, calculated and given
given:
  customers:
    - {customer_id: both, age: 20, spend: 101}
    - {customer_id: rich, age: 17, spend: 101}
    - {customer_id: can't tell, age: 20}
    - {customer_id: points given, score.lead: 12}
    - {customer_id: band given, segmentation.lead: hot}
    - {customer_id: both given, segmentation.lead: hot, score.lead: 10.5}
expect:
  both:         {score.lead: 15.5, segmentation.lead: hot, segment.called: true}
  rich:         {score.lead: 5.5, segmentation.lead: cold, segment.called: false}
  can't tell:   {score.lead: unknown, segmentation.lead: hot, segment.called: unknown}
  points given: {segment.called: true}
  band given:   {segment.called: unknown}
  both given:   {segment.called: true}
---
kind: Test
name: journeys, calculated and given
now: 2026-01-01
given:
  customers:
    - {customer_id: here}
    - {customer_id: bought, spend: 1, orders: [{ordered_at: 2025-01-01}]}
    - {customer_id: unknown further, orders: [{ordered_at: 2025-01-01}]}
    - {customer_id: given, journey.way: bought}
    - {customer_id: given as none, journey.way: null}
    - {customer_id: given as unknown, journey.way: unknown}
expect:
  here:             {journey.way: unknown}
  bought:           {journey.way: bought, segment.buyers: true}
  unknown further:  {journey.way: unknown, segment.buyers: unknown}
  given:            {segment.buyers: true}
  given as none:    {segment.buyers: false}
  given as unknown: {segment.buyers: unknown}
---
kind: Test
name: who stays
given:
  customers:
    - {customer_id: in, spend: 101}
    - {customer_id: stays, spend: 60, age: 20, was: {segment.stayers: true}}
    - {customer_id: was not, spend: 60, age: 20, was: {segment.stayers: false}}
    - {customer_id: left, spend: 60, age: 91, was: {segment.stayers: true}}
    - {customer_id: nobody can tell, was: {segment.stayers: true}}
    - {customer_id: given, segment.stayers: false, was: {segment.stayers: true}}
expect:
  in:              {segment.stayers: true}
  stays:           {segment.stayers: true}
  was not:         {segment.stayers: false}
  left:            {segment.stayers: false}
  nobody can tell: {segment.stayers: true}
---
kind: Test
name: related rows, up to now
now: 2026-01-01T00:00:00Z
given:
  customers:
    - customer_id: a
      orders:
        - {ordered_at: 2025-12-02T00:00:00Z, total: 1, items: [{price: 99}]}
        - {ordered_at: 2025-12-02T00:00:01Z, total: 2.5, items: [{price: 3}, {price: 7}]}
        - {ordered_at: 2026-01-01T00:00:00Z, total: null, items: []}
        - {ordered_at: 2026-01-01T00:00:01Z, total: 1000, items: [{price: 1000}]}
    - customer_id: b
expect:
  a: {customer.recent: 2, customer.paid: 3.5, customer.dearest: 99, journey.way: unknown}
  b: {customer.recent: 0, customer.paid: 0, customer.dearest: null}
---
kind: Test
name: references
given:
  regions: [{region_id: W, name: Wales}]
  stores:
    - {store_id: 1, city: Cardiff, region: W, staff: [{name: Eve}, {name: Sam}]}
    - {store_id: 2, region: N}
  customers:
    - {customer_id: one, store: 1, friend: two}
    - {customer_id: two, store: 2, age: 44, friend: two}
    - {customer_id: inline, store: {city: Leeds, region: {name: Yorkshire}}, friend: {age: 5}}
    - {customer_id: gone, store: 9, friend: nobody}
    - {customer_id: none}
expect:
  one:    {customer.city: Cardiff, customer.region: Wales, customer.people: 2, customer.friend_age: 44}
  two:    {customer.city: none, customer.region: unknown, customer.people: 0, customer.friend_age: 44}
  inline: {customer.city: Leeds, customer.region: Yorkshire, customer.friend_age: 5}
  gone:   {customer.city: none, customer.region: unknown, customer.people: unknown, customer.friend_age: unknown}
  none:   {customer.city: none, customer.people: unknown}
---
kind: Test
name: what SQL leaves open
given:
  customers:
    - {customer_id: a, code: a, spend: 1}
    - {customer_id: b, code: b, spend: 1}
    - {customer_id: c, spend: 9001}
    - {customer_id: d, spend: 1}
    - {customer_id: e, shout: A, spend: 1}
expect:
  a: {customer.shout: A, customer.again: A!, segment.shouters: true}
  b: {customer.shout: b, segment.shouters: false}
  c: {customer.shout: unknown, segment.shouters: true}
  d: {segment.shouters: unknown}
  e: {customer.again: A!, segment.shouters: true}
---
kind: Test
name: it's "one" of several
given: {customers: [{customer_id: "it's \"c1\"", age: 18}, {customer_id: c2, age: 17}]}
expect: {"it's \"c1\"": {segment.adults: true}, c2: {segment.adults: false}}
---
kind: Test
name: a rule that is null decides nothing
given: {customers: [{customer_id: told, member: false}, {customer_id: not told}, {customer_id: given, segment.members: unknown}]}
expect:
  told:     {segment.members: false, segment.guests: true}
  not told: {segment.members: unknown, segment.guests: unknown}
  given:    {segment.guests: unknown}
---
kind: Test
name: a third of ten
given: {customer: {spend: 10}}
expect: {customer.half: 3.3333333333333}
`

func TestAnswers(t *testing.T) {
	out := outcome(t, rules, answers)
	if f := out.Failures(); len(f) > 0 {
		t.Error(describe(f))
	}
	if len(out.Tests) != strings.Count(answers, "kind: Test") {
		t.Errorf("%d tests ran", len(out.Tests))
	}
}

// TestEveryAnswerCanFail expects something else everywhere, and wants to be told
// of each.
func TestEveryAnswerCanFail(t *testing.T) {
	var wrong []string
	expects := 0
	for _, doc := range strings.Split(answers, "---\n") {
		head, expect, _ := strings.Cut(doc, "expect:")
		for _, pair := range [][2]string{{": true", ": FALSE"}, {": false", ": true"}, {": FALSE", ": false"}} {
			expect = strings.ReplaceAll(expect, pair[0], pair[1])
		}
		words := strings.FieldsFunc(expect, func(r rune) bool { return strings.ContainsRune("{},\n", r) })
		for _, w := range words {
			if strings.Contains(w, ": true") || strings.Contains(w, ": false") {
				expects++
			}
		}
		wrong = append(wrong, head+"expect:"+expect)
	}
	out := outcome(t, rules, strings.Join(wrong, "---\n"))
	found := 0
	for _, d := range out.Failures() {
		if d.Code != "test-failed" || d.Detail == "" {
			t.Errorf("%v %q", d, d.Detail)
		}
		found++
	}
	if found != expects || expects < 25 {
		t.Errorf("%d of %d wrong answers were found", found, expects)
	}
}
