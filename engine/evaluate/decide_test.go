package evaluate

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/compile"
	"personae/engine/duckdb"
	"personae/engine/eval"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqltext"
)

// holeRules have a part that SQL cannot decide in every place where one may be.
const holeRules = `
kind: Project
name: holes
timezone: Europe/London
locale: en-GB
currency: GBP
as_of: 2026-01-01T00:00:00Z
root: customer
value: {customer: "customer.d * double([[customer.s]].flatten()[0].split('a').size())"}
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: c.parquet}
---
kind: Parameters
values: {least: 2}
---
kind: Traits
traits:
  parts: {value: "[[customer.s]].flatten()[0].split('a').size()"}
  neat: {value: "customer.n > 1 ? customer.s : [[customer.s]].flatten()[0].replace('a', 'b')"}
  written: {value: "string([[customer.d]].flatten()[0])"}
  half: {value: "customer.n == 3 ? double(customer.written) : customer.d / 2.0"}
  read: {value: "timestamp(customer.instant)"}
  later: {value: "customer.read > now - days(1) ? customer.read : now"}
  long: {value: "duration(customer.length)"}
  odd: {value: "customer.neat != null && [[customer.neat]].flatten()[0].split('').size() % 2 == 1"}
  exact: {value: "customer.n / customer.m"}
---
kind: Segment
name: many
when: "customer.n > 0 && [[customer.s]].flatten()[0].split('a').size() > 1"
---
kind: Segment
name: narrow
when: "customer.n == 3 && [[customer.s]].flatten()[0].split('a').size() >= params.least"
---
kind: Segment
name: fits
when: customer.n < 3 && customer.s.matches(customer.pattern)
---
kind: Segment
name: either
when: customer.n > 0 || customer.written.startsWith('-')
---
kind: Segment
name: turned
when: "!(customer.b && customer.parts > 1) && customer.m != 0"
---
kind: Segment
name: chosen
when: "customer.b ? customer.parts > 1 : customer.exact > 0"
---
kind: Segment
name: by_list
when: customer.b && customer.tags.exists(x, x == 'a')
---
kind: Segment
name: dated
when: customer.later > now || customer.long > hours(1)
---
kind: Segment
name: reads_another
when: segment.many && customer.b || customer.m == 0 && segment.fits && has(customer.neat)
---
kind: Segment
name: neither
when: "!segment.reads_another && !segment.exactly && segmentation.band != 'high'"
---
kind: Segment
name: exactly
when: customer.exact > 0 && customer.s != 'a'
---
kind: Segmentation
name: band
segments:
  - {name: high, when: "customer.n > 2"}
  - {name: middle, when: "customer.parts > 1 && customer.b"}
  - {name: low, when: "segment.fits"}
otherwise: rest
---
kind: Score
name: certain                      # no part has a hole
parts:
  - {name: a, when: customer.n > 0, points: 10, unknown: 2.5}
  - {name: b, when: customer.b, points: 5}
  - {name: c, when: customer.d > 1.0, points: 0.1, unknown: 0.02}
  - {name: d, when: customer.m == 0, points: -3}
  - {name: e, when: customer.n / customer.m > 1, points: -1.25}
bands: {high: 12.5, middle: 5, low: -4.25}
outcome: customer.s.contains('a')
---
kind: Score
name: open                         # parts that SQL cannot decide, beside such that it can
parts:
  - {name: a, when: "customer.b && [[customer.s]].flatten()[0].split('a').size() > 1", points: 4, unknown: 3}
  - {name: b, when: customer.n > 0, points: 4}
  - {name: c, when: customer.m == 0 && customer.parts > 2, points: -2}
  - {name: d, when: segment.fits, points: 1, unknown: 0.5}
bands: {high: 4, low: -2}
outcome: customer.odd
---
kind: Journey
name: way                          # its stages may be skipped, undecided and decided by row
stages:
  - {name: first, entered: customer.n >= 0, at: customer.read}
  - {name: second, entered: "customer.b && [[customer.s]].flatten()[0].split('a').size() > 1", at: "customer.n == 3 ? now : customer.later", touchpoints: [{name: Parts, count: customer.parts}]}
  - {name: third, entered: customer.m == 0, touchpoints: [{name: Mail, count: customer.n / customer.m}, {name: Shop, count: "customer.n == null ? 0 : 1"}]}
  - {name: last, entered: customer.n == 3 && customer.d > 1.0, at: customer.later}
---
kind: Journey
name: exact                        # no stage has a hole
stages:
  - {name: aware, entered: customer.n >= 0}
  - {name: bought, entered: customer.b}
---
kind: Segment
name: on_the_way
when: reached('way', 'second') && journey.way != 'last' || journey.exact == null
---
kind: Segment
name: aware
when: reached('exact', 'aware') && journey.exact in ['aware', 'bought']
---
kind: Export
name: calls
who: segment.on_the_way
contactable: customer.b
columns: [id, way_stage]
purpose: calls
---
kind: Segment
name: by_points
when: score.certain > 7.0 || score.open == 4.0
---
kind: Segment
name: by_band
when: segmentation.open == 'high' && segmentation.certain in ['high', 'middle']
---
kind: Persona
name: ann
who: customer.n == 1 || segment.many || customer.n == 0 && customer.odd
role: primary
journey: way
identity: {name: Ann}
story: "${median(customer.parts)} ${top(customer.neat, 3)[0].value} ${asPercent(share([[customer.s]].flatten()[0].split('b').size() > 1))} ${asPercent(share([[customer.s]].flatten()[0].split('c').size() > 1))} ${avg(customer.half)}"
`

// hostileRows makes every combination of hostile values, in two orders of keys.
const hostileRows = `COPY (SELECT row_number() OVER (ORDER BY %s) AS id, s, n, m, b, z.* FROM
	(SELECT unnest(['', 'a', 'aXa', 'é', 'a' || chr(0) || 'a', 'bab', 'c', NULL]) AS s),
	(SELECT unnest([-1, 0, 1, 3, -9223372036854775808, NULL]::BIGINT[]) AS n),
	(SELECT unnest([0, -1, NULL]::BIGINT[]) AS m),
	(SELECT unnest([true, false, NULL]) AS b),
	(SELECT unnest([struct_pack(d := -0.5::DOUBLE, pattern := 'a.*', instant := '2026-01-01T00:00:00.5Z', length := '2h', tags := ['a', NULL]),
		struct_pack(d := 2::DOUBLE, pattern := 'b', instant := '2025-12-31T00:00:00.000000001Z', length := '30m', tags := ['b']),
		struct_pack(d := 1e300::DOUBLE, pattern := '(', instant := '1969-12-31T23:59:59.999999999Z', length := 'x', tags := []::VARCHAR[]),
		struct_pack(d := NULL::DOUBLE, pattern := NULL, instant := 'never', length := NULL, tags := NULL)]) AS z)
	) TO '%s/c.parquet'`

// holes is a project with holes over hostile rows.
type holes struct {
	*world
	rules *compile.RuleSet
	snap  *Snapshot
	plan  *plan.Plan
	// related gives a row's related rows, by relation; nil where there are none.
	related func(id any) map[string][]map[string]any
	// referenced gives the rows that a row references, by column.
	referenced func(cells map[string]any) map[string]map[string]any
}

func newHoles(t *testing.T, rules, order string, facts bool) *holes {
	t.Helper()
	h := &holes{world: newWorld(t, rules, nil)}
	h.make(fmt.Sprintf(hostileRows, order, h.root))
	h.ready(t, facts)
	return h
}

// ready reads the data and plans the rules.
func (h *holes) ready(t *testing.T, facts bool) {
	t.Helper()
	c := h.introspect()
	h.rules = compileRules(t, h, c)
	h.snap = h.load(c)
	h.build(t, facts)
}

// build plans the rules, with the facts about the data or without.
func (h *holes) build(t *testing.T, facts bool) {
	t.Helper()
	known := h.snap.Facts
	if !facts {
		known = nil
	}
	built, found := plan.Build(h.rules, known)
	if found.HasErrors() {
		t.Fatal(show(found))
	}
	h.plan = built
}

func compileRules(t *testing.T, h *holes, c *catalog.Catalog) *compile.RuleSet {
	t.Helper()
	rules, list := compile.Compile(h.m, c, compile.Options{Today: asOf})
	if list.HasErrors() {
		t.Fatal(show(list))
	}
	return rules
}

func (h *holes) run(t *testing.T) *results.EntityResults {
	t.Helper()
	found, err := h.snap.Run(context.Background(), h.plan, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &found.Entities[0]
}

// table reads all outputs by row.
func (h *holes) table(t *testing.T) []map[string]any {
	t.Helper()
	var out []map[string]any
	err := h.db.Each(context.Background(), "SELECT * FROM "+sqltext.Path("result", "customer")+" ORDER BY id", func(r duckdb.Row) error {
		out = append(out, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// reference has cel-go evaluate every rule over every row, in order.
func (h *holes) reference(t *testing.T) []map[string]any {
	t.Helper()
	e := h.rules.Entities[0]
	o := celenv.Options{Zone: h.rules.Settings.Zone, Tables: h.rules.Catalog.Tables, Entity: e.Name, Traits: map[string]catalog.Type{}, Journeys: map[string][]string{}, Params: h.rules.Params}
	for _, r := range e.Rules {
		switch r.Kind {
		case compile.TraitRule:
			o.Traits[r.Name] = r.Type
		case compile.SegmentRule:
			o.Segments = append(o.Segments, r.Name)
		case compile.JourneyRule:
			for _, s := range r.Journey.Stages {
				o.Journeys[r.Name] = append(o.Journeys[r.Name], s.Name)
			}
		case compile.ScoreRule:
			o.Scores = append(o.Scores, r.Name)
			o.Segmentations = append(o.Segmentations, r.Name)
		default:
			o.Segmentations = append(o.Segmentations, r.Name)
		}
	}
	env, err := celenv.Row(o)
	if err != nil {
		t.Fatal(err)
	}
	row, err := eval.NewRow(env, e.Name)
	if err != nil {
		t.Fatal(err)
	}
	row.SetNow(asOf)
	programs := map[*compile.Expr]*eval.Program{}
	ask := func(x *compile.Expr) eval.Result {
		if programs[x] == nil {
			if programs[x], err = eval.NewProgram(env, x.Written); err != nil {
				t.Fatal(err)
			}
		}
		r, err := programs[x].Eval(context.Background(), row)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	given := func(r eval.Result) any {
		if r.Outcome == eval.Bottom {
			return eval.Unreadable{Reason: r.Reason}
		}
		return r.Value
	}
	var out []map[string]any
	err = h.db.Each(context.Background(), "SELECT * FROM "+sqltext.Path("snapshot", "customers")+" ORDER BY id", func(cells duckdb.Row) error {
		row.Clear()
		for name, v := range cells {
			if _, references := row.Position(name + "_key"); references {
				name += "_key"
			}
			if err := row.Set(name, v); err != nil {
				return err
			}
		}
		if h.related != nil {
			for name, rows := range h.related(cells["id"]) {
				if err := row.SetRelated(name, rows); err != nil {
					return err
				}
			}
		}
		if h.referenced != nil {
			for name, to := range h.referenced(cells) {
				if err := row.SetReference(name, to); err != nil {
					return err
				}
			}
		}
		want := map[string]any{"id": cells["id"]}
		for _, r := range e.Rules {
			switch r.Kind {
			case compile.TraitRule:
				if r.IsList() {
					keepList(t, env, r, row)
					continue
				}
				result := ask(r.Expr)
				want[r.Name] = result.Value
				if err := row.Set(r.Name, given(result)); err != nil {
					return err
				}
			case compile.SegmentRule:
				result := ask(r.Expr)
				want["in_"+r.Name] = result.Value
				row.SetSegment(r.Name, given(result))
			case compile.SegmentationRule:
				var group any = r.Otherwise
				for _, rung := range r.Rungs {
					result := ask(rung.When)
					if result.Outcome == eval.True {
						group = rung.Name
					} else if result.Outcome != eval.False {
						group = nil
					}
					if result.Outcome != eval.False {
						break
					}
				}
				want[r.Name] = group
				row.SetSegmentation(r.Name, group)
			case compile.ScoreRule:
				scoreReference(h.m, r, ask, want, row)
			case compile.JourneyRule:
				journeyReference(r, ask, want, row)
			}
		}
		for _, p := range h.rules.Personas {
			want["persona_"+p.Name] = ask(p.Who).Value
			for _, a := range h.plan.Entities[0].Aggregates {
				if a.Stat.Arg == nil {
					continue
				}
				result := ask(a.Stat.Arg)
				want[a.Operand] = result.Value
				if a.NullTest != "" && result.Outcome != eval.Bottom {
					want[a.NullTest] = result.Outcome == eval.Null
				}
			}
		}
		for _, x := range h.rules.Exports {
			want["export:"+x.Name], want["contact:"+x.Name] = ask(x.Who).Value, ask(x.Contactable).Value
		}
		if e.Value != nil {
			want["value"] = ask(e.Value).Value
		}
		out = append(out, want)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// same compares a CEL value with what the table holds.
func same(want, got any) bool {
	switch w := want.(type) {
	case time.Time:
		g, ok := got.(time.Time)
		return ok && g.Equal(w.Truncate(time.Microsecond))
	case time.Duration:
		return got == int64(w)
	case float64:
		g, ok := got.(float64)
		return ok && (g == w || g != g && w != w)
	}
	return reflect.DeepEqual(want, got)
}

// compare holds every output of every row against cel-go, and returns what
// cel-go says.
func (h *holes) compare(t *testing.T) []map[string]any {
	t.Helper()
	got, want := h.table(t), h.reference(t)
	if len(got) != len(want) || len(got) < 500 {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	outcomes := map[string]map[string]int{}
	bad := 0
	for i := range want {
		for _, o := range h.plan.Entities[0].Outputs() {
			if strings.HasPrefix(o.Name, "clause:") {
				continue // a part of a rule, for its table
			}
			w, known := want[i][o.Name]
			if !known && o.NullOf == "" {
				t.Fatalf("no reference for %s", o.Name)
			}
			if !known {
				continue // a null test that only by-row decisions read
			}
			if g := got[i][o.Name]; !same(w, g) {
				if bad++; bad < 20 {
					t.Errorf("row %v: %s is %v (%T), cel-go says %v (%T)", want[i]["id"], o.Name, g, g, w, w)
				}
			}
			if outcomes[o.Name] == nil {
				outcomes[o.Name] = map[string]int{}
			}
			outcomes[o.Name][fmt.Sprint(w)]++
		}
	}
	for name, seen := range outcomes {
		if !strings.HasPrefix(name, "random_") && (len(seen) < 2 || strings.HasPrefix(name, "in_") && len(seen) < 3) {
			t.Errorf("%s is always %v: proves nothing", name, seen)
		}
	}
	return want
}

// Every output of every row is what cel-go says, whether SQL or cel-go decided
// it, also where an output reads one that has a hole.
func TestHolesAgreeWithCEL(t *testing.T) {
	for _, facts := range []bool{false, true} {
		h := newHoles(t, holeRules, "hash(n, s, m, b, z.d)", facts)
		found := h.run(t)
		want := h.compare(t)
		h.checkPrefilter(t, found)
		h.checkCounts(t, found, want)
		h.checkScores(t, found, want)
		h.checkJourneys(t, found, want)
	}
}

// checkPrefilter proves that cel-go was asked for the open rows and no others.
func (h *holes) checkPrefilter(t *testing.T, found *results.EntityResults) {
	t.Helper()
	asked := map[string]results.ByRow{}
	for _, b := range found.ByRow {
		asked[b.Name] = b
	}
	for _, name := range []string{"parts", "many", "narrow", "fits", "either", "turned", "chosen", "reads_another", "neither", "band", "open", "by_points", "by_band", "ann"} {
		b, ok := asked[name]
		if !ok || b.Asked == 0 || b.Decided == 0 {
			t.Errorf("%s was not decided by row: %+v", name, b)
		}
		if b.Asked > found.Population || b.Asked == found.Population && name != "parts" {
			t.Errorf("%s: all %d rows were asked for: nothing was filtered", name, b.Asked)
		}
	}
	if b, ok := asked["by_list"]; ok {
		t.Errorf("a list was gone through row by row: %+v", b)
	}
	if b := asked["narrow"]; b.Asked > found.Population/3 {
		t.Errorf("narrow: %d of %d rows were asked for", b.Asked, found.Population)
	}
	for _, name := range []string{"exactly", "certain"} {
		if b, ok := asked[name]; ok {
			t.Errorf("%s has no hole and was asked for: %+v", name, b)
		}
	}
}

// checkCounts proves that counts are made after the answers were written back.
func (h *holes) checkCounts(t *testing.T, found *results.EntityResults, want []map[string]any) {
	t.Helper()
	for _, g := range found.Groups {
		column, member := outputOf(g), any(true)
		switch g.Kind {
		case results.Everyone:
			continue
		case results.Segmentation, results.Band:
			member = g.Name
		}
		var members, unknown int64
		for _, r := range want {
			if r[column] == member {
				members++
			} else if r[column] == nil {
				unknown++
			}
		}
		if g.Members != members || g.Unknown != unknown {
			t.Errorf("%s %s: %d members, %d unknown, want %d and %d", g.Kind, g.Name, g.Members, g.Unknown, members, unknown)
		}
	}
	for _, a := range h.plan.Entities[0].Aggregates {
		st := found.Statistics[results.StatKey{Persona: a.Persona, Stat: a.Stat.ID}]
		var n, yes, null int64
		for _, r := range want {
			if r["persona_ann"] != true || a.Operand == "" {
				continue
			}
			if r[a.Operand] != nil {
				n++
			}
			if r[a.Operand] == true {
				yes++
			}
			if a.NullTest != "" && r[a.NullTest] == true {
				null++
			}
		}
		if st.N != n || st.True != yes || st.Skipped != null || n == 0 {
			t.Errorf("%s: n %d, true %d, skipped %d, want %d, %d, %d", a.Stat.Text, st.N, st.True, st.Skipped, n, yes, null)
		}
	}
}

// The order of rows changes nothing but the order of keys, and two runs give
// the same table.
func TestHolesAreDeterministic(t *testing.T) {
	h := newHoles(t, holeRules, "n, s, m, b, z.d", true)
	first := h.run(t)
	one := h.table(t)
	second := h.run(t)
	if two := h.table(t); !reflect.DeepEqual(one, two) && fmt.Sprint(one) != fmt.Sprint(two) {
		t.Error("two runs differ")
	}
	if !reflect.DeepEqual(first.ByRow, second.ByRow) || !reflect.DeepEqual(first.Unknowns, second.Unknowns) {
		t.Error("two runs report differently")
	}
	if !slices.ContainsFunc(first.ByRow, func(b results.ByRow) bool { return b.Decided > 0 }) {
		t.Error("nothing was decided by row: proves nothing")
	}
}

// A cancelled run ends, and says so.
func TestHolesStopWhenCancelled(t *testing.T) {
	h := newHoles(t, holeRules, "n, s, m, b, z.d", true)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := h.snap.Run(ctx, h.plan, Options{Progress: func(done, all int64) { cancel() }})
	if err == nil {
		t.Fatal("a cancelled run came to an end")
	}
	if _, err := h.snap.Run(context.Background(), h.plan, Options{}); err != nil {
		t.Fatalf("the run after it: %v", err)
	}
}

// Whoever a rule cannot decide is explained by what cel-go says, in our words:
// empty columns counted in all rows, and no value of a row in any reason.
func TestUnknownsSayWhy(t *testing.T) {
	h := newHoles(t, holeRules, "n, s, m, b, z.d", true)
	found := h.run(t)
	why := map[string]map[string]results.Unknown{}
	for _, u := range found.Unknowns {
		if why[u.Name] == nil {
			why[u.Name] = map[string]results.Unknown{}
		}
		why[u.Name][u.Text()] = u
		for _, cell := range []string{"never", "(", "aXa"} {
			if strings.Contains(u.Text(), cell) || u.Text() == eval.NoReason {
				t.Errorf("%s: %q", u.Name, u.Text())
			}
		}
	}
	for rule, reasons := range map[string][]string{
		"fits": {"a pattern cannot be read", "pattern is empty", "s is empty"}, "by_list": {"tags is empty", "b is empty"},
		"chosen": {"a number is divided by zero", "m is empty", "b is empty"}, "dated": {"a text is not a time", "a text is not a length of time"},
		"neither": {"a number is divided by zero", "a pattern cannot be read"}, "band": {"pattern is empty"}, "ann": {"n is empty"},
	} {
		for _, reason := range reasons {
			if u, ok := why[rule][reason]; !ok || u.Rows == 0 {
				t.Errorf("%s: nothing about %q: %+v", rule, reason, why[rule])
			}
		}
	}
	if u, ok := why["narrow"]["m is empty"]; ok {
		t.Errorf("narrow does not read m: %+v", u)
	}
	row, err := h.db.One(context.Background(), "SELECT count(*) AS n FROM result.customer r POSITIONAL JOIN snapshot.customers s WHERE r.in_fits IS NULL AND s.pattern IS NULL")
	if u := why["fits"]["pattern is empty"]; err != nil || u.Rows != row.Whole("n") || u.Sampled {
		t.Errorf("%+v, want %d rows counted (%v)", u, row.Whole("n"), err)
	}
}

// A trait over related rows is read beside a hole: null where there are none,
// undecided where one is in error.
func TestHolesBesideRelatedRows(t *testing.T) {
	h := &holes{world: newWorld(t, `
kind: Project
name: p
root: customer
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: c.csv}
columns: {id: {type: int}, s: {type: string}}
---
kind: Dataset
name: orders
entity: order
of: customer
by: id
time: at
source: {path: o.csv}
columns: {id: {type: int}, at: {type: date}, total: {type: int}, n: {type: int}}
---
kind: Traits
traits:
  mean: {value: "customer.orders.map(o, o.total / o.n).avg()"}
---
kind: Segment
name: x
when: "[[customer.s]].flatten()[0].split('a').size() > 1 && (customer.mean == null || customer.mean > 3.0)"
`, map[string]string{
		"c.csv": "id,s\n1,bab\n2,bab\n3,bab\n4,bab\n5,b\n",
		"o.csv": "id,at,total,n\n2,2025-01-01,8,2\n3,2025-01-01,8,0\n4,2025-01-01,2,2\n5,2025-01-01,8,2\n",
	})}
	h.ready(t, false)
	for _, facts := range []bool{false, true} {
		h.build(t, facts)
		found := h.run(t)
		var got []any
		for _, r := range h.table(t) {
			got = append(got, r["in_x"])
		}
		if want := []any{true, true, nil, false, false}; !reflect.DeepEqual(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		if len(found.Unknowns) != 1 || found.Unknowns[0].Text() != "a number is divided by zero" {
			t.Errorf("%+v", found.Unknowns)
		}
	}
}

// Every membership that cannot be told says why, also where no column is empty,
// and rows stay in the order of segments, states and keys.
func TestMembershipsSayWhy(t *testing.T) {
	h := newHoles(t, holeRules, "n, s, m, b, z.d", true)
	found := h.run(t)
	path := filepath.Join(t.TempDir(), "memberships.parquet")
	if err := h.snap.ExportMemberships(context.Background(), h.plan, path, nil); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT segment, key::BIGINT, state, because FROM '" + path + "'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	why := map[string]map[string]int64{}
	last, lastKey := "", int64(0)
	for rows.Next() {
		var segment, state, because string
		var key int64
		if err := rows.Scan(&segment, &key, &state, &because); err != nil {
			t.Fatal(err)
		}
		if at := segment + " " + state; at < last || at == last && key <= lastKey {
			t.Fatalf("%s %d stands after %s %d", at, key, last, lastKey)
		}
		last, lastKey = segment+" "+state, key
		if why[segment] == nil {
			why[segment] = map[string]int64{}
		}
		why[segment][state]++
		if state == "unknown" {
			why[segment][because]++
		}
	}
	for _, g := range found.Groups {
		if g.Kind == results.Segment && (why[g.Name]["in"] != g.Members || why[g.Name]["unknown"] != g.Unknown || why[g.Name][eval.NoReason] > 0) {
			t.Errorf("%s: %v, want %d and %d", g.Name, why[g.Name], g.Members, g.Unknown)
		}
	}
	for segment, reason := range map[string]string{"fits": "a pattern cannot be read", "chosen": "a number is divided by zero", "exactly": "a whole number is out of range", "dated": "a text is not a time"} {
		if why[segment][reason] == 0 {
			t.Errorf("%s: nobody because %s: %v", segment, reason, why[segment])
		}
	}
}
