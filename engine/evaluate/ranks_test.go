package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/compile"
	"personae/engine/duckdb"
	"personae/engine/eval"
	"personae/engine/results"
	"personae/engine/sqltext"
)

// rankRules have ranks of every type, over what may be null, ⊥ and NaN, over
// related rows, over each other, and among segments that SQL leaves open.
const rankRules = `
kind: Project
name: ranks
timezone: Europe/London
as_of: 2026-01-01T00:00:00Z
root: customer
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: c.parquet}
---
kind: Dataset
name: orders
entity: order
of: customer
by: id
time: at
future: true
source: {path: o.parquet}
---
kind: Traits
traits:
  ratio:    {value: customer.d / customer.e}
  quotient: {value: customer.n / customer.m}
  since:    {value: now - customer.t}
  spent:    {value: "customer.orders.map(o, o.total).sum()"}
  largest:  {value: "customer.orders.filter(o, o.total / o.total > 0.5).map(o, o.n / o.m).max()"}
  by_int:       {rank: customer.n, buckets: 5}
  by_int_low:   {rank: customer.n, buckets: 5, best: low}
  by_double:    {rank: customer.d, buckets: 3}
  by_low:       {rank: customer.d, buckets: 3, best: low}
  by_ratio:     {rank: customer.ratio, buckets: 7}
  by_ratio_low: {rank: customer.ratio, buckets: 7, best: low}
  by_quotient:  {rank: customer.quotient, buckets: 2}
  by_time:      {rank: customer.t, buckets: 4}
  by_since:     {rank: customer.since, buckets: 4, best: low}
  percent:      {rank: customer.id, buckets: 100}
  permille_low: {rank: customer.id, buckets: 1000, best: low}
  by_spent:     {rank: customer.spent, buckets: 10}
  by_largest:   {rank: customer.largest, buckets: 3}
  by_count:     {rank: customer.orders.size(), buckets: 6}
  of_rank:      {rank: customer.by_int, buckets: 3}
  of_both:      {rank: "customer.by_spent * 10 + customer.of_rank", buckets: 4, best: low}
  among_plus:   {rank: customer.n, buckets: 5, among: segment.plus}
  among_unsure: {rank: customer.d, buckets: 4, best: low, among: segment.unsure}
  among_open:   {rank: customer.n, buckets: 5, among: segment.open}
  among_reader: {rank: customer.spent, buckets: 3, among: segment.reads_open}
  of_among:     {rank: customer.among_open, buckets: 2, among: segment.best}
  nobody:       {rank: customer.n, buckets: 5, among: segment.none}
  has_rank:     {value: has(customer.by_quotient)}
  over_orders:  {value: "customer.orders.filter(o, o.total > double(customer.by_int)).size()"}
---
kind: Segment
name: plus
when: customer.n > 0
---
kind: Segment
name: unsure
when: customer.quotient >= 0 || customer.d > 1.0
---
kind: Segment
name: open
when: "[[customer.s]].flatten()[0].split('a').size() > 1 || customer.n > 2"
---
kind: Segment
name: reads_open
when: segment.open && customer.by_double >= 2
---
kind: Segment
name: best
when: customer.by_spent >= 5
---
kind: Segment
name: none
when: customer.id < 0
---
kind: Segment
name: later
when: "customer.among_open == 5 || customer.of_both == 1 && [[customer.s]].flatten()[0].split('b').size() == 1"
---
kind: Segment
name: unranked
when: customer.among_plus == null && !has(customer.by_largest)
---
kind: Segment
name: sticky
when: customer.by_int >= 4
leave: customer.by_int < 2 || customer.quotient > 0
---
kind: Segment
name: sticky_open
when: "segment.sticky && [[customer.s]].flatten()[0].split('a').size() > 1"
leave: customer.d < 0.5
---
kind: Segment
name: sticky_reader
when: segment.sticky_open || customer.n == 3
leave: "!segment.sticky && customer.m == 0"
---
kind: Segmentation
name: tiers
segments:
  - {name: top, when: customer.percent > 90}
  - {name: good, when: customer.by_ratio >= 5}
otherwise: rest
---
kind: Persona
name: ann
who: segment.best
role: primary
identity: {name: Ann}
story: "${median(customer.by_spent)} ${avg(customer.by_quotient)} ${share(customer.among_plus == 5)}"
`

// rankedRows are all combinations of hostile values, in an order of keys.
const rankedRows = `COPY (SELECT row_number() OVER (ORDER BY %[1]s) AS id, * FROM
	(SELECT unnest(['aXa', 'c', NULL]) AS s),
	(SELECT unnest([-1, 0, 1, 3, 3, -9223372036854775808, NULL]::BIGINT[]) AS n),
	(SELECT unnest([0, -1, 2, NULL]::BIGINT[]) AS m),
	(SELECT unnest([-0.0, 0.0, 1.5, -2.25, 1e300, NULL]::DOUBLE[]) AS d),
	(SELECT unnest([0.0, -1.0, 1e-300]::DOUBLE[]) AS e),
	(SELECT unnest(['2020-02-29', '1969-12-31 23:59:59.999999', NULL]::TIMESTAMPTZ[]) AS t)
	WHERE %[2]s) TO '%[3]s/c.parquet'`

const rankedOrders = `COPY (SELECT id, '2025-01-01'::TIMESTAMPTZ + to_days((hash(id, i) %% 300)::INT) AS at, i AS n, i %% 3 AS m,
	((hash(id, i, 1) %% 7) / 2.0)::DOUBLE AS total
	FROM '%[1]s/c.parquet', range(5) r(i) WHERE hash(id, i, 2) %% 3 > 0) TO '%[1]s/o.parquet'`

func newRanked(t *testing.T, order, where string, facts bool) *holes {
	t.Helper()
	h := &holes{world: newWorld(t, rankRules, nil)}
	h.make(fmt.Sprintf(rankedRows, order, where, h.root), fmt.Sprintf(rankedOrders, h.root))
	h.ready(t, facts)
	return h
}

// better counts who is strictly better, as the definition says.
func better(list []any, x any, low bool) (n, of int64) {
	for _, y := range list {
		if y == nil {
			continue
		}
		of++
		var c int
		switch x := x.(type) {
		case int64:
			c = compare(y.(int64), x)
		case float64:
			c = compare(y.(float64), x)
		case time.Duration:
			c = compare(y.(time.Duration), x)
		case time.Time:
			c = y.(time.Time).Compare(x)
		}
		if low {
			c = -c
		}
		if c > 0 {
			n++
		}
	}
	return n, of
}

func compare[T int64 | float64 | time.Duration](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// wantRanks has cel-go evaluate every rule over all rows, rule by rule, and
// ranks by the definition. was says who was in which segment before.
func (h *holes) wantRanks(t *testing.T, was map[int64]map[string]bool) []map[string]any {
	t.Helper()
	e := h.rules.Entities[0]
	o := celenv.Options{Zone: h.rules.Settings.Zone, Tables: h.rules.Catalog.Tables, Entity: e.Name, Traits: map[string]catalog.Type{}}
	for _, r := range e.Rules {
		switch {
		case r.Kind.IsAttribute():
			o.Traits[r.Name] = r.Type
		case r.Kind == compile.SegmentRule:
			o.Segments = append(o.Segments, r.Name)
		default:
			o.Segmentations = append(o.Segmentations, r.Name)
		}
	}
	env, err := celenv.Row(o)
	if err != nil {
		t.Fatal(err)
	}
	orders := map[any][]map[string]any{}
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	must(h.db.Each(context.Background(), "SELECT * FROM snapshot.orders", func(r duckdb.Row) error {
		orders[r["id"]] = append(orders[r["id"]], r)
		return nil
	}))
	var rows []*eval.Row
	var want []map[string]any
	must(h.db.Each(context.Background(), "SELECT * FROM snapshot.customers ORDER BY id", func(cells duckdb.Row) error {
		row, err := eval.NewRow(env, e.Name)
		must(err)
		row.SetNow(asOf)
		for name, v := range cells {
			must(row.Set(name, v))
		}
		must(row.SetRelated("orders", orders[cells["id"]]))
		rows, want = append(rows, row), append(want, map[string]any{"id": cells["id"]})
		return nil
	}))
	ask := func(x *compile.Expr) []eval.Result {
		program, err := eval.NewProgram(env, x.AST)
		must(err)
		out := make([]eval.Result, len(rows))
		for i, row := range rows {
			out[i], err = program.Eval(context.Background(), row)
			must(err)
		}
		return out
	}
	given := func(r eval.Result) any {
		if r.Outcome == eval.Bottom {
			return eval.Unreadable{Reason: r.Reason}
		}
		return r.Value
	}
	for _, r := range e.Rules {
		switch r.Kind {
		case compile.TraitRule:
			for i, result := range ask(r.Expr) {
				want[i][r.Name] = result.Value
				must(rows[i].Set(r.Name, given(result)))
			}
		case compile.RankRule:
			for i, result := range rankAll(r, ask) {
				want[i][r.Name] = result.Value
				must(rows[i].Set(r.Name, given(result)))
			}
		case compile.SegmentRule:
			found := ask(r.Expr)
			if r.Leave != nil {
				for i, leaves := range ask(r.Leave) {
					if was[want[i]["id"].(int64)]["in_"+r.Name] && leaves.Outcome != eval.True {
						found[i] = eval.Result{Outcome: eval.True, Value: true}
					}
				}
			}
			for i, result := range found {
				want[i]["in_"+r.Name] = result.Value
				rows[i].SetSegment(r.Name, given(result))
			}
		case compile.SegmentationRule:
			rungs := make([][]eval.Result, len(r.Rungs))
			for k, rung := range r.Rungs {
				rungs[k] = ask(rung.When)
			}
			for i := range rows {
				var group any = r.Otherwise
				for k, rung := range r.Rungs {
					if rungs[k][i].Outcome == eval.True {
						group = rung.Name
					} else if rungs[k][i].Outcome != eval.False {
						group = nil
					}
					if rungs[k][i].Outcome != eval.False {
						break
					}
				}
				want[i][r.Name] = group
				rows[i].SetSegmentation(r.Name, group)
			}
		}
	}
	return want
}

// rankAll ranks by the definition.
func rankAll(r *compile.Rule, ask func(*compile.Expr) []eval.Result) []eval.Result {
	operands := ask(r.Expr)
	among := make([]eval.Result, len(operands))
	for i := range among {
		among[i].Outcome = eval.True
	}
	if r.Rank.Among != nil {
		among = ask(r.Rank.Among)
	}
	list := make([]any, len(operands))
	for i, x := range operands {
		if d, ok := x.Value.(float64); ok && math.IsNaN(d) {
			operands[i] = eval.Result{Outcome: eval.Bottom}
		}
		if among[i].Outcome == eval.True {
			list[i] = operands[i].Value
		}
	}
	out := make([]eval.Result, len(operands))
	for i, x := range operands {
		switch {
		case among[i].Outcome == eval.False:
			out[i].Outcome = eval.Null
		case among[i].Outcome != eval.True, x.Outcome == eval.Bottom:
			out[i].Outcome = eval.Bottom
		case x.Outcome == eval.Null:
			out[i].Outcome = eval.Null
		default:
			n, of := better(list, x.Value, r.Rank.BestLow)
			out[i] = eval.Result{Outcome: eval.Value, Value: r.Rank.Buckets - r.Rank.Buckets*n/of}
		}
	}
	return out
}

// compareRanks runs the plan and compares every output of every row.
func (h *holes) compareRanks(t *testing.T, was map[int64]map[string]bool, o Options) map[string]map[any]int {
	t.Helper()
	found, err := h.snap.Run(context.Background(), h.plan, o)
	if err != nil {
		t.Fatal(err)
	}
	got, want := h.table(t), h.wantRanks(t, was)
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	seen := map[string]map[any]int{}
	bad := map[string]bool{}
	for i := range want {
		for _, out := range h.plan.Entities[0].Outputs() {
			w, known := want[i][out.Name]
			if !known {
				continue // of the persona: statistics read the columns that are compared here
			}
			g := got[i][out.Name]
			if !same(w, g) && !bad[out.Name] {
				bad[out.Name] = true
				t.Errorf("row %d: %s is %v, cel-go and the definition say %v", i, out.Name, g, w)
			}
			if seen[out.Name] == nil {
				seen[out.Name] = map[any]int{}
			}
			seen[out.Name][g]++
		}
	}
	for _, r := range found.Entities[0].Ranks {
		for i, n := range r.Sizes {
			if int64(seen[r.Name][int64(i+1)]) != n {
				t.Errorf("%s: %d in bucket %d, want %d", r.Name, n, i+1, seen[r.Name][int64(i+1)])
			}
		}
	}
	return seen
}

// Every rank is what the definition says, whatever the order of rows, with
// facts and without.
func TestRanksAgreeWithTheDefinition(t *testing.T) {
	for _, order := range []string{"hash(s, n, m, d, e, t)", "-hash(s, n, m, d, e, t)::HUGEINT"} {
		for _, facts := range []bool{false, true} {
			h := newRanked(t, order, "hash(s, n, m, d, e, t) % 5 = 0", facts)
			seen := h.compareRanks(t, nil, Options{})
			for _, r := range h.rules.Entities[0].Rules {
				if r.Kind != compile.RankRule || r.Name == "nobody" {
					continue
				}
				if len(seen[r.Name]) < 2 {
					t.Errorf("%s proves nothing: %v", r.Name, seen[r.Name])
				}
			}
			if n := seen["nobody"]; len(n) != 1 || n[nil] == 0 {
				t.Errorf("somebody is ranked among nobody: %v", n)
			}
		}
	}
}

// A rank among few, one and none is one of the definition, too.
func TestRanksOfFewRows(t *testing.T) {
	for _, where := range []string{"s = 'c' AND n = 3 AND m = 2 AND d = 1.5 AND e < 0", "s = 'c' AND n = 1 AND m = 2 AND d = 1.5 AND e < 0 AND t > '2000-01-01'", "n IS NULL AND e < 0", "false"} {
		newRanked(t, "hash(s, n, m, d, e, t)", where, true).compareRanks(t, nil, Options{})
	}
}

// The plan closes strata where ranks need it, and keeps what later ones read.
func TestStrata(t *testing.T) {
	h := newRanked(t, "hash(s, n, m, d, e, t)", "e < 0", true)
	e := h.plan.Entities[0]
	level := map[string]int{}
	for i, s := range e.Strata {
		for _, r := range s.Ranks {
			level[r.Name] = i + 1
		}
	}
	for name, want := range map[string]int{"by_int": 1, "by_spent": 1, "of_rank": 2, "of_both": 3, "among_open": 1, "among_reader": 2, "of_among": 2} {
		if level[name] != want {
			t.Errorf("%s is in stratum %d, want %d", name, level[name], want)
		}
	}
	kept := map[string]bool{}
	for _, o := range e.Outputs() {
		kept[o.Name] = slices.Contains(e.Strata[0].Kept, o.Expr)
	}
	if !kept["spent"] || kept["over_orders"] {
		t.Errorf("kept for later: %v; spent is, over_orders waits for a rank", kept)
	}
	// The tables of lower strata do not outlive what reads them, nor a Run.
	if err := h.snap.ready(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.snap.columns(context.Background(), h.plan, e, Options{}, &results.EntityResults{}); err != nil {
		t.Fatal(err)
	}
	last := len(e.Strata) - 1
	for i, s := range e.Strata {
		if s.Table == "" {
			continue
		}
		if i+1 < last && e.Strata[i+1].Table != "" {
			if _, err := h.db.One(context.Background(), "FROM "+sqltext.Path("result", s.Table)+" LIMIT 1"); err == nil {
				t.Errorf("%s still stands", s.Table)
			}
			continue
		}
		row, err := h.db.One(context.Background(), "SELECT count(*) AS n, count_if(r.id <> s.id) AS off FROM "+sqltext.Path("result", s.Table)+" r POSITIONAL JOIN snapshot.customers s")
		if err != nil || row.Whole("n") == 0 || row.Whole("off") != 0 {
			t.Errorf("%s does not stand beside its rows: %v %v", s.Table, row, err)
		}
	}
}
