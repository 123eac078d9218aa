package ruletest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"personae/engine"
	"personae/engine/diag"
)

// tables are the columns of the tests' project, as check --lock records them.
const tables = `version: 1
datasets:
  - name: customers
    entity: customer
    role: root
    key: customer_id
    time: joined
    columns:
      - {name: customer_id, type: "string", source: VARCHAR}
      - {name: joined, type: "timestamp?", source: TIMESTAMP WITH TIME ZONE}
      - {name: First name, type: "string?", source: VARCHAR}
      - {name: age, type: "int?", source: BIGINT}
      - {name: spend, type: "double?", source: DOUBLE}
      - {name: member, type: "bool?", source: BOOLEAN}
      - {name: tags, type: "list<string?>?", source: "VARCHAR[]"}
      - {name: home, type: "struct<city string?, floor int?>?", source: "STRUCT(city VARCHAR, floor BIGINT)"}
      - {name: raw, type: "bytes?", source: BLOB}
      - {name: code, type: "string?", source: VARCHAR}
      - {name: friend, type: "string?", source: VARCHAR, references: customers}
      - {name: store, type: "int?", source: BIGINT, references: stores}
  - name: items
    entity: item
    role: relation
    of: order
    by: order_id
    columns:
      - {name: order_id, type: "int", source: BIGINT}
      - {name: price, type: "double?", source: DOUBLE}
  - name: orders
    entity: order
    role: relation
    key: order_id
    of: customer
    by: customer_id
    time: ordered_at
    columns:
      - {name: order_id, type: "int", source: BIGINT}
      - {name: customer_id, type: "string?", source: VARCHAR}
      - {name: ordered_at, type: "timestamp", source: TIMESTAMP WITH TIME ZONE}
      - {name: total, type: "double?", source: DOUBLE}
      - {name: shop, type: "int?", source: BIGINT, references: stores}
  - name: regions
    entity: region
    role: lookup
    key: region_id
    columns:
      - {name: region_id, type: "string", source: VARCHAR}
      - {name: name, type: "string?", source: VARCHAR}
  - name: staff
    entity: employee
    role: relation
    of: store
    by: store_id
    columns:
      - {name: store_id, type: "int", source: BIGINT}
      - {name: name, type: "string?", source: VARCHAR}
  - name: stores
    entity: store
    role: lookup
    key: store_id
    columns:
      - {name: store_id, type: "int", source: BIGINT}
      - {name: city, type: "string?", source: VARCHAR}
      - {name: region, type: "string?", source: VARCHAR, references: regions}
`

const rules = `kind: Project
timezone: Europe/London
root: customer
---
kind: Traits
traits:
  rank: {rank: customer.spend, buckets: 5}
  when_ranked: {rank: customer.joined, buckets: 5}
  points: {value: customer.rank * 10}
  doubled: {value: customer.spend * 2.0}
  half: {value: customer.spend / 3.0}
  next_year: {value: customer.age + 1}
  since: {value: "now - customer.joined"}
  recent: {value: "customer.orders.within(days(30)).size()"}
  paid: {value: "customer.orders.map(o, o.total).sum()"}
  dearest: {value: "customer.orders.map(o, o.items.map(i, i.price).max()).max()"}
  city: {value: "customer.?store.?city.orValue('none')"}
  region: {value: customer.store.region.name}
  people: {value: customer.store.staff.size()}
  friend_age: {value: customer.friend.age}
  first: {value: "customer.` + "`First name`" + `"}
  shout: {value: "customer.code.replace('a', 'A')"}
  again: {value: "customer.shout + '!'"}
  tag: {value: "'vip' in customer.tags"}
  floor: {value: customer.home.floor}
  rawness: {value: customer.raw.size()}
---
kind: Segment
name: adults
when: customer.age >= 18
---
kind: Segment
name: members
when: customer.member
---
kind: Segment
name: guests
when: "!segment.members"
---
kind: Segment
name: club
when: |-
  (customer.member || segment.adults)
    && customer.spend > 100.0
---
kind: Segment
name: best
when: customer.rank == 5 && segment.club
---
kind: Segment
name: stayers
when: customer.spend > 100.0
leave: customer.spend < 50.0 || customer.age > 90
---
kind: Segment
name: shouters
when: customer.again == 'A!' || customer.spend > 9000.0
---
kind: Segmentation
name: kinds
segments:
  - {name: best, when: segment.best}
  - {name: club, when: segment.club}
otherwise: others
---
kind: Score
name: lead
parts:
  - {name: grown, when: segment.adults, points: 10}
  - {name: rich, when: customer.spend > 100.0, points: 5.5}
bands: {hot: 10, cold: 0}
---
kind: Segment
name: called
when: "segmentation.lead == 'hot' && score.lead > 10.0"
---
kind: Journey
name: way
stages:
  - {name: here, entered: "true || customer.age > 1"}
  - {name: bought, entered: customer.orders.size() > 0}
  - {name: loved, entered: customer.spend > 100.0}
---
kind: Segment
name: buyers
when: "reached('way', 'bought') && journey.way != 'loved'"
---
kind: Persona
name: bianca
who: segment.club && !segment.best
`

// project writes a project with those rules and tests, and checks it.
func project(t testing.TB, rules, tests string) (*engine.Project, diag.List) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"schemas/catalog.lock.yaml": tables, "rules/rules.yaml": rules, "rules/tests.yaml": tests} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, list, err := engine.Check(context.Background(), engine.Options{Root: dir, Now: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return p, list
}

// outcome runs tests over the rules above; what is wrong with the project fails.
func outcome(t testing.TB, rules, tests string) *Outcome {
	t.Helper()
	p, list := project(t, rules, tests)
	if list.HasErrors() {
		t.Fatal(describe(list))
	}
	out, list, err := Run(context.Background(), p, engine.Options{Root: t.TempDir()}, nil)
	if err != nil || len(list) > 0 {
		t.Fatal(err, describe(list))
	}
	return out
}

func describe(list diag.List) string {
	var b strings.Builder
	for _, d := range list {
		b.WriteString(d.Error() + "\n    " + strings.ReplaceAll(d.Detail, "\n", "\n    ") + "\n")
	}
	return b.String()
}
