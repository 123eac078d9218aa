package sqlgen_test

import (
	"database/sql"
	"flag"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"personae/engine/sqlgen/sqltest"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqlgen"
)

var update = flag.Bool("update", false, "write what the tests find as what they expect")

// project is a small project over the fixture's table.
const project = `
kind: Project
name: test
timezone: Europe/London
root: row
value: {row: row.d}
---
kind: Dataset
name: rows
entity: row
key: id
source: {path: rows.parquet}
---
kind: Parameters
values: {big: 2}
---
kind: Traits
traits:
  total: {value: "row.?i.orValue(0) > 1000 ? 0 : row.?i.orValue(0)"}
  ratio: {value: "row.i / row.ri2"}
  kind:  {value: "row.b ? row.s : row.s2"}
  grown: {value: "age(row.rt)"}
---
kind: Segment
name: big
when: row.i > params.big && row.rd > 0.5
---
kind: Segment
name: not_big
when: "!segment.big"
---
kind: Segment
name: known
when: has(row.i) && row.rb
---
kind: Segment
name: ratio_high
when: row.ratio > 1 || segment.known
---
kind: Segment
name: empty_text
when: row.s == '' || row.s in ['a', 'b']
---
kind: Segmentation
name: size
segments:
  - {name: small, when: row.i < 3}
  - {name: middle, when: row.ri < 10}
otherwise: large
---
kind: Persona
name: anna
who: segment.not_big
identity: {name: Anna}
story: |-
  ${count()} rows, ${asPercent(share(row.b))} ${lift(row.rb)} ${median(row.ri)} ${percentile(row.rd, 90)} ${percentile(row.ri, 25)}
  ${sum(row.rd)} ${avg(row.i)} ${mode(row.s)} ${top(row.rs, 3)[0].value} ${sum(row.ratio)} ${mode(row.kind)}
`

// built compiles the project over the fixture's table.
func built(t testing.TB, text string, facts *catalog.Facts) *plan.Plan {
	t.Helper()
	return builtOver(t, text, []*catalog.Table{table()}, facts)
}

func builtOver(t testing.TB, text string, tables []*catalog.Table, facts *catalog.Facts) *plan.Plan {
	t.Helper()
	m, found := spec.Parse([]*source.File{source.NewFile("rules/test.yaml", []byte(text))})
	if found.HasErrors() {
		t.Fatal(found)
	}
	rs, found := compile.Compile(m, &catalog.Catalog{Tables: tables}, compile.Options{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	p, found := plan.Build(rs, facts)
	if found.HasErrors() {
		t.Fatal(found)
	}
	return p
}

func TestScriptAgreesWithCEL(t *testing.T) {
	for name, config := range map[string]struct {
		values map[string][]any
		facts  bool
	}{"hostile": {calm(hostile), false}, "hostile, facts": {calm(hostile), true}, "benign": {benign, true}} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, config.values, config.facts)
			p := built(t, project, f.facts)
			script, err := sqlgen.Generate(p, sqlgen.DuckDB{}, asOf)
			if err != nil {
				t.Fatal(err)
			}
			s := script.Entities[0]
			sqltest.Exec(t, f.db, "CREATE SCHEMA IF NOT EXISTS result")
			sqltest.Exec(t, f.db, "CREATE OR REPLACE TABLE result.row AS "+s.Results())
			f.env, err = celenv.Row(celenv.Options{Zone: london, Tables: []*catalog.Table{f.table}, Entity: "row", Params: map[string]any{"big": int64(2)}})
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, f, s)
			checkOverlap(t, f, s)
			checkStatistics(t, f, s)
		})
	}
}

// calm leaves out doubles that no sum can hold.
func calm(values map[string][]any) map[string][]any {
	out := map[string][]any{}
	for k, v := range values {
		out[k] = v
	}
	out["d"] = []any{0.5, -0.5, 1.5, 2.5, 0.1, 0.2, 1e-9, 123456.789, nil, 0.3}
	return out
}

// inlined are the segments as one expression each: what cel-go is asked.
var inlined = map[string]string{
	"big": "row.i > 2 && row.rd > 0.5", "not_big": "!(row.i > 2 && row.rd > 0.5)", "known": "has(row.i) && row.rb",
	"ratio_high": "row.i / row.ri2 > 1 || has(row.i) && row.rb", "empty_text": "row.s == '' || row.s in ['a', 'b']",
	"small": "row.i < 3", "middle": "!(row.i < 3) && row.ri < 10", "large": "!(row.i < 3) && !(row.ri < 10)",
}

func checkCounts(t *testing.T, f *fixture, s *sqlgen.EntityScript) {
	t.Helper()
	row := oneRow(t, f.db, s.Counts.SQL())
	if row["rows"] != int64(len(f.data)) {
		t.Fatalf("%v rows", row["rows"])
	}
	var yes, unknown int64
	for _, g := range s.Groups {
		expression, ok := inlined[g.Name]
		if !ok {
			if g.Kind != plan.PersonaOutput {
				t.Errorf("group %s is not checked", g.Name)
			}
			continue
		}
		var members, open int64
		value := 0.0
		for r, v := range f.reference(t, f.check(t, expression)) {
			if v == true {
				members++
				if d, ok := f.data[r]["d"].(float64); ok {
					value += d
				}
			} else if v != false {
				open++
			}
		}
		if g.Parent != "" { // unknown where the first rung is, in all
			open = 0
			for _, v := range f.reference(t, f.check(t, "row.i < 3")) {
				if _, ok := v.(bool); !ok {
					open++
				}
			}
		}
		got, _ := row[g.Unknown].(int64)
		if row[g.Members] != members || got != open {
			t.Errorf("%s: %v members and %v unknown, want %d and %d (%T)", g.Name, row[g.Members], got, members, open, row[g.Members])
		}
		if math.Abs(row[g.Value].(float64)-value) > 1e-6*math.Abs(value)+1e-6 {
			t.Errorf("%s: worth %v, want %v", g.Name, row[g.Value], value)
		}
		yes, unknown = yes+members, unknown+open
	}
	if yes == 0 || unknown == 0 && f.facts == nil {
		t.Errorf("proves nothing: %d members, %d unknown", yes, unknown)
	}
}

func checkOverlap(t *testing.T, f *fixture, s *sqlgen.EntityScript) {
	t.Helper()
	rows, err := f.db.Query(s.Overlap.SQL)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	both := make([][]int64, len(s.Overlap.Names))
	for i := range both {
		both[i] = make([]int64, len(both))
	}
	in, targets := make([]sql.NullBool, len(both)), make([]any, len(both))
	for i := range in {
		targets[i] = &in[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		for i := range in {
			for j := i + 1; j < len(in); j++ {
				if in[i].Bool && in[j].Bool {
					both[i][j]++
				}
			}
		}
	}
	found := int64(0)
	for i, a := range s.Overlap.Names {
		for j := i + 1; j < len(both); j++ {
			x, y := f.reference(t, f.check(t, inlined[a])), f.reference(t, f.check(t, inlined[s.Overlap.Names[j]]))
			want := int64(0)
			for r := range x {
				if x[r] == true && y[r] == true {
					want++
				}
			}
			if both[i][j] != want {
				t.Errorf("%s and %s: %d, want %d", a, s.Overlap.Names[j], both[i][j], want)
			}
			found += want
		}
	}
	if found == 0 {
		t.Error("no overlap: proves nothing")
	}
}

// checkStatistics compares with cel-go's own list functions where there are
// some, else by hand.
func checkStatistics(t *testing.T, f *fixture, s *sqlgen.EntityScript) {
	t.Helper()
	row := oneRow(t, f.db, s.Statistics.SQL())
	member := f.reference(t, f.check(t, inlined["not_big"]))
	for _, st := range s.Stats {
		switch st.Func {
		case "percentile", "median":
			for _, want := range []float64{quantile(f, member, st.Stat, s)} {
				if got := row[st.Value]; got != want {
					t.Errorf("%s %s: %v, want %v", st.Func, st.Stat, got, want)
				}
			}
		case "share", "lift":
			var yes, n int64
			for r := range f.data {
				column := map[string]string{"share": "b", "lift": "rb"}[st.Func]
				if v, ok := f.data[r][column].(bool); ok && member[r] == true {
					n++
					if v {
						yes++
					}
				}
			}
			if row[st.True] != yes || row[st.N] != n || n == 0 {
				t.Errorf("%s: %v of %v, want %d of %d", st.Func, row[st.True], row[st.N], yes, n)
			}
		}
		if st.Members == "" || st.N == "" {
			t.Errorf("%s has no n", st.Func)
		}
		n, _ := row[st.N].(int64)
		skipped, _ := row[st.Skipped].(int64)
		unknown, _ := row[st.Unknown].(int64)
		if n+skipped+unknown != row[st.Members] {
			t.Errorf("%s %s: %d values, %d empty and %d undecided do not sum to %v", st.Func, st.Stat, n, skipped, unknown, row[st.Members])
		}
	}
}

// quantile computes median(ri), percentile(rd, 90) and percentile(ri, 25) of
// the members, by the formula of the design.
func quantile(f *fixture, member []any, stat string, s *sqlgen.EntityScript) float64 {
	column, p := "ri", 50.0
	for i, st := range s.Stats {
		if st.Stat == stat && st.Func == "percentile" {
			column, p = "rd", 90
			if i > 0 && s.Stats[i-1].Func == "percentile" {
				column, p = "ri", 25
			}
		}
	}
	var values []float64
	for r, row := range f.data {
		if member[r] != true {
			continue
		}
		switch v := row[column].(type) {
		case int64:
			values = append(values, float64(v))
		case float64:
			values = append(values, v)
		}
	}
	sort.Float64s(values)
	h := float64(len(values)-1) * p / 100
	low, part := int(math.Floor(h)), h-math.Floor(h)
	if part == 0 {
		return values[low]
	}
	return float64(values[low]*(1-part)) + float64(values[low+1]*part)
}

func oneRow(t testing.TB, db *sql.DB, query string) map[string]any {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	cells, pointers := make([]any, len(names)), make([]any, len(names))
	for i := range cells {
		pointers[i] = &cells[i]
	}
	if !rows.Next() {
		t.Fatalf("no row: %v\n%s", rows.Err(), query)
	}
	if err := rows.Scan(pointers...); err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	for i, name := range names {
		out[name] = cells[i]
	}
	return out
}

// TestPlans compares plans and their SQL with the files in engine/testdata/plans.
func TestPlans(t *testing.T) {
	f := &catalog.Facts{Tables: map[string]*catalog.TableFacts{table().Name: sqltest.Facts(table(), rows(benign))}}
	plans := map[string]*plan.Plan{
		"nothing_known": built(t, project, nil), "facts": built(t, project, f),
		"relations": builtOver(t, shopRules, shopTables().tables(), nil),
	}
	for name, p := range plans {
		script, err := sqlgen.Generate(p, sqlgen.DuckDB{}, asOf)
		if err != nil {
			t.Fatal(err)
		}
		e := script.Entities[0]
		got := strings.Join([]string{"-- plan", p.String(), "-- outputs", e.Select, "\n-- counts", e.Counts.SQL(),
			"\n-- overlap", e.Overlap.SQL, "\n-- statistics", e.Statistics.SQL(), ""}, "\n")
		path := filepath.Join("..", "testdata", "plans", name+".sql")
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != got {
			t.Errorf("%s differs; run with -update and read the difference", path)
		}
	}
}
