package evaluate

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/results"
)

// insightRules join conditions of every outcome: over columns that are empty
// somewhere, over traits, segments, segmentations and related rows, and one that
// SQL cannot decide.
const insightRules = `
kind: Project
name: insight
timezone: Europe/London
locale: en-GB
as_of: 2026-01-01T00:00:00Z
root: customer
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: c.parquet}
columns:
  secret: {pii: true}
  faith: {sensitive: true}
---
kind: Dataset
name: orders
entity: order
of: customer
by: customer
time: at
source: {path: o.parquet}
---
kind: Traits
traits:
  half: {value: "customer.spend / 2.0"}
  orders_all: {value: "customer.orders.size()"}
  last_total: {value: "customer.orders.map(o, o.total).max()"}
---
kind: Segment
name: young
when: customer.age < 40
---
kind: Segmentation
name: band
segments:
  - {name: high, when: "customer.spend > 500.0"}
otherwise: rest
---
kind: Persona
name: ann
who: customer.age < 40 && customer.vip
identity: {name: Ann}
charts:
  - {of: customer.age}
  - {of: customer.city}
  - {of: customer.spend / 12.0}
  - {of: customer.joined}
  - {of: segmentation.band}
  - {of: segment.young}
  - {of: customer.orders_all}
`

// joined are the segments whose clauses are counted: the conditions of each.
var joined = [][]string{
	{"customer.age > 30", "customer.spend > 100.0"},
	{"customer.vip", "customer.city == 'a'", "customer.age < 60"},
	{"(customer.age > 20 || customer.vip)", "!segment.young"},
	{"segmentation.band == 'high'", "has(customer.spend)", "customer.half < 400.0", "customer.age != 33"},
	{"customer.orders.size() > 1", "customer.spend > 10.0"},
	{"customer.orders_all < 3", "customer.last_total > 20.0"},
	{"customer.age >= 18", "customer.age >= 18"},
	{"customer.spend / 0.0 > 1.0", "customer.age / customer.zero > 1", "customer.vip"},
}

const insightFiles = `COPY (SELECT i AS id, CASE WHEN i % 7 > 0 THEN 18 + (i * 7919) % 60 END AS age,
  CASE WHEN i % 5 > 0 THEN (i * 104729) % 100000 / 100.0 END::DOUBLE AS spend,
  CASE WHEN i % 11 > 0 THEN i % 3 = 0 END AS vip, CASE WHEN i % 4 > 0 THEN chr(97 + ((i * i) % 23)::INT) END AS city,
  TIMESTAMPTZ '2023-01-15 00:00:00+00' + to_days((i % 1000)::INT) AS joined, i % 2 AS zero, 'x' || i AS secret, i % 3 AS faith
  FROM range(3000) t(i)) TO 'ROOT/c.parquet' (FORMAT parquet);
COPY (SELECT (i * 31) % 3000 AS customer, TIMESTAMPTZ '2025-01-15 00:00:00+00' + to_days((i % 300)::INT) AS at, CASE WHEN i % 9 > 0 THEN (i % 77)::DOUBLE END AS total
  FROM range(5000) t(i)) TO 'ROOT/o.parquet' (FORMAT parquet);`

func segmentYAML(name, when string) string {
	return fmt.Sprintf("---\nkind: Segment\nname: %s\nwhen: |-\n  %s\n", name, when)
}

// single is the segment of a condition, named after its text.
type single struct {
	yaml  strings.Builder
	names map[string]string
}

func (s *single) name(when string) string {
	if s.names[when] == "" {
		s.names[when] = fmt.Sprintf("single_%d", len(s.names))
		s.yaml.WriteString(segmentYAML(s.names[when], when))
	}
	return s.names[when]
}

func runInsight(t *testing.T, yaml string) (*Snapshot, *plan.Plan, *results.EntityResults) {
	t.Helper()
	snap, p := planInsight(t, yaml)
	found, err := snap.Run(context.Background(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return snap, p, &found.Entities[0]
}

func planInsight(t *testing.T, yaml string) (*Snapshot, *plan.Plan) {
	t.Helper()
	w := newWorld(t, yaml, nil)
	w.make(strings.Split(strings.ReplaceAll(insightFiles, "ROOT", w.root), ";\n")...)
	c := w.introspect()
	rules, list := compile.Compile(w.m, c, compile.Options{Today: asOf})
	if list.HasErrors() {
		t.Fatal(show(list))
	}
	snap := w.load(c)
	p, list := plan.Build(rules, snap.Facts)
	if list.HasErrors() {
		t.Fatal(show(list))
	}
	return snap, p
}

// Each number of a clause table is the size of a segment that says just that.
func TestClausesAreSegments(t *testing.T) {
	s := &single{names: map[string]string{}}
	yaml := insightRules
	for i, clauses := range joined {
		yaml += segmentYAML(fmt.Sprintf("joined_%d", i), strings.Join(clauses, " && "))
		for k, c := range clauses {
			others := slices.Delete(slices.Clone(clauses), k, k+1)
			s.name(c)
			s.name(strings.Join(clauses[:k+1], " && "))
			s.name(strings.Join(append(others, "!("+c+")"), " && "))
		}
	}
	_, _, found := runInsight(t, yaml+s.yaml.String())
	size := func(when string) results.Group {
		for _, g := range found.Groups {
			if g.Kind == results.Segment && g.Name == s.names[when] {
				return g
			}
		}
		t.Fatalf("no segment for %s", when)
		return results.Group{}
	}
	var unknown, only int64
	for i, clauses := range joined {
		table := tableOf(t, found, fmt.Sprintf("joined_%d", i))
		if len(table.Clauses) != len(clauses) {
			t.Fatalf("%v: %d clauses", clauses, len(table.Clauses))
		}
		for k, c := range table.Clauses {
			others := slices.Delete(slices.Clone(clauses), k, k+1)
			want := results.Clause{Text: strings.Trim(clauses[k], "()"), Alone: size(clauses[k]).Members, Unknown: size(clauses[k]).Unknown,
				Left:     size(strings.Join(clauses[:k+1], " && ")).Members,
				OnlyThis: size(strings.Join(append(others, "!("+clauses[k]+")"), " && ")).Members}
			if strings.Contains(clauses[k], "has(") || strings.Contains(clauses[k], "size()") || clauses[k][0] == '(' {
				want.Text = clauses[k]
			}
			if !reflect.DeepEqual(c, want) {
				t.Errorf("%v, clause %d:\n%+v, want\n%+v", clauses, k, c, want)
			}
			unknown, only = unknown+c.Unknown, only+c.OnlyThis
		}
	}
	if unknown == 0 || only == 0 {
		t.Error("nothing was unknown, or nobody kept out by one clause alone")
	}
}

// Each number of a table of rungs is the size of a segment that says just that.
func TestRungsLoseToThoseAbove(t *testing.T) {
	rungs := []string{"customer.spend > 500.0", "customer.age > 40 && customer.spend > 100.0", "customer.vip", "customer.orders.size() > 1", "customer.age > 20"}
	yaml := "---\nkind: Segmentation\nname: tiers\nsegments:\n"
	s := &single{names: map[string]string{}}
	for i, when := range rungs {
		yaml += fmt.Sprintf("  - {name: r%d, when: %q}\n", i, when)
		s.name(when)
		for j := range rungs {
			s.name(fmt.Sprintf("(%s) && segmentation.tiers == 'r%d'", when, j))
		}
	}
	_, _, found := runInsight(t, insightRules+yaml+"otherwise: rest\n"+s.yaml.String())
	size := func(when string) results.Group {
		i := slices.IndexFunc(found.Groups, func(g results.Group) bool { return g.Kind == results.Segment && g.Name == s.names[when] })
		return found.Groups[i]
	}
	var unclear, lost int64
	for i, c := range tableOf(t, found, "tiers").Clauses {
		g := size(rungs[i])
		if c.Text != rungs[i] || c.Alone != g.Members || c.Unknown != g.Unknown || len(c.Lost) != i {
			t.Errorf("rung %d: %+v, want %+v", i, c, g)
		}
		rest := c.Alone - c.Left - c.Unclear
		for j, n := range append(slices.Clone(c.Lost), c.Left) {
			if want := size(fmt.Sprintf("(%s) && segmentation.tiers == 'r%d'", rungs[i], j)).Members; n != want {
				t.Errorf("rung %d: %d are in r%d, want %d", i, n, j, want)
			}
			if j < i {
				rest, lost = rest-n, lost+n
			}
		}
		if rest != 0 {
			t.Errorf("rung %d: %+v does not add up", i, c)
		}
		unclear += c.Unclear
	}
	if unclear == 0 || lost == 0 {
		t.Errorf("nothing was lost (%d), or nothing unclear (%d)", lost, unclear)
	}
}

func tableOf(t *testing.T, found *results.EntityResults, segment string) results.ClauseTable {
	t.Helper()
	for _, table := range found.Clauses {
		if table.Group == segment {
			return table
		}
	}
	t.Fatalf("no clauses of %s", segment)
	return results.ClauseTable{}
}

// A clause that SQL cannot decide is left out with a reason; those beside it
// are counted.
func TestClausesDecidedByRow(t *testing.T) {
	_, _, found := runInsight(t, insightRules+segmentYAML("odd", "customer.age > 30 && [[customer.city]].flatten()[0].split('').size() > 0 && customer.vip"))
	table := tableOf(t, found, "odd")
	if table.Clauses[0].Alone == 0 || table.Clauses[1].Why == "" || table.Clauses[2].Alone == 0 || table.Clauses[2].OnlyThis != 0 {
		t.Errorf("%+v", table.Clauses)
	}
}

// Every count of every bin is what SQL says of the values, one by one.
func TestBinsAreCounted(t *testing.T) {
	snap, p, found := runInsight(t, insightRules)
	in := found.Insight
	kinds := map[results.BinKind]int{}
	for i, a := range in.Attributes {
		kinds[a.Kind]++
		if a.Name == "secret" || a.Name == "faith" || a.Name == "id" {
			t.Errorf("%s is counted", a.Name)
		}
		of := p.Entities[0].Insight.Attributes[i]
		column := "s.\"" + of.Column + "\""
		if of.Stored == plan.InResult {
			column = "r.\"" + of.Column + "\""
		}
		for bin := range a.Everyone {
			where := binSQL(a, column, bin)
			for group, filter := range map[results.GroupKey]string{
				{}: "true", {Kind: results.Segment, Name: "young"}: "in_young", {Kind: results.Persona, Name: "ann"}: "persona_ann",
			} {
				counts := a.Everyone
				if group.Name != "" {
					counts = a.Counts[group]
				}
				row, err := snap.db.One(context.Background(), "SELECT count(*) AS n FROM result.customer r POSITIONAL JOIN snapshot.customers s WHERE "+where+" AND "+filter)
				if err != nil {
					t.Fatal(err)
				}
				if got := row.Whole("n"); got != counts[bin] {
					t.Errorf("%s %v, bin %d of %v: %d, want %d", a.Name, a.Edges, bin, group, counts[bin], got)
				}
			}
		}
	}
	for _, k := range []results.BinKind{results.Numbers, results.Whole, results.Values, results.YesNo, results.Times, results.Exclusive} {
		if kinds[k] == 0 {
			t.Errorf("no attribute of kind %s", k)
		}
	}
	if len(in.Pictures) != 7 {
		t.Errorf("%d pictures", len(in.Pictures))
	}
}

// Counts of groups and attributes that changed, put beside those that stand, are
// those of a run from scratch, whether or not the bins of rows are kept.
func TestBinsAreCountedAgain(t *testing.T) {
	changed := insightRules
	for _, edit := range [][2]string{
		{"customer.age < 40\n---", "customer.age < 30\n---"}, {"who: customer.age < 40 && customer.vip", "who: customer.vip"}, {"customer.spend / 2.0", "customer.spend / 3.0"},
	} {
		changed = strings.Replace(changed, edit[0], edit[1], 1)
		_, p, want := runInsight(t, changed)
		for _, again := range []bool{true, false} {
			snap, first := planInsight(t, insightRules)
			before, err := snap.Run(context.Background(), first, Options{Again: again})
			if err != nil {
				t.Fatal(err)
			}
			found, err := snap.Run(context.Background(), p, Options{Again: again})
			if err != nil {
				t.Fatal(err)
			}
			if got := found.Entities[0].Insight; !reflect.DeepEqual(got, want.Insight) || reflect.DeepEqual(got, before.Entities[0].Insight) {
				t.Errorf("%s, with the bins of rows kept: %v: %+v\nwant %+v", edit[1], again, got, want.Insight)
			}
		}
	}
}

// binSQL is the condition of a bin, written in another way than the counts are.
func binSQL(a results.Binned, column string, bin int) string {
	if bin == 0 {
		return column + " IS NULL"
	}
	switch a.Kind {
	case results.YesNo:
		return fmt.Sprintf("%s = %t", column, bin == 2)
	case results.Values, results.Exclusive:
		if bin > len(a.Values) {
			return column + " NOT IN ('" + strings.Join(a.Values, "', '") + "')"
		}
		return column + " = '" + a.Values[bin-1] + "'"
	}
	if a.Kind == results.Times {
		column = "epoch(" + column + ")"
	}
	parts := []string{column + " IS NOT NULL"}
	if bin > 1 {
		parts = append(parts, fmt.Sprintf("%s >= %f", column, a.Edges[bin-2]))
	}
	if bin <= len(a.Edges) {
		parts = append(parts, fmt.Sprintf("%s < %f", column, a.Edges[bin-1]))
	}
	return strings.Join(parts, " AND ")
}
