package engine_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"personae/engine"
	"personae/engine/report"
	"personae/engine/results"
)

// The example project at the top of the repository runs over data that are made
// for the test, as `make run` makes them: 20,000 customers, seed 1.
const (
	harbourRoot      = ".."
	harbourCustomers = 20_000
)

// harbour is one run of the example, which the tests share.
type harbour struct {
	data      string
	generated engine.Generated
	outcome   *engine.Outcome
}

func TestHarbour(t *testing.T) {
	h := runHarbour(t)
	t.Run("groups have the members that the raw files say", h.groups)
	t.Run("dirt that was planted is found", h.dirt)
	t.Run("personas hold", h.personas)
	t.Run("every statistic has a value", h.measured)
	t.Run("its pages can be read", h.pages)
	t.Run("nothing new publishes nothing", h.again)
}

// runHarbour copies the example beside freshly made data and publishes it.
func runHarbour(t *testing.T) *harbour {
	t.Helper()
	root := t.TempDir()
	for _, folder := range []string{"datasets", "rules", "schemas"} {
		if err := os.CopyFS(filepath.Join(root, folder), os.DirFS(filepath.Join(harbourRoot, folder))); err != nil {
			t.Fatal(err)
		}
	}
	h := &harbour{data: filepath.Join(root, "data")}
	if err := os.Mkdir(h.data, 0o755); err != nil {
		t.Fatal(err)
	}
	var err error
	h.generated, err = engine.Generate(context.Background(), engine.GenerateOptions{Dir: h.data, Customers: harbourCustomers, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	h.outcome = h.run(t, 2)
	if h.outcome.Unchanged || h.outcome.Report == nil {
		t.Fatal("no version was published")
	}
	return h
}

func (h *harbour) run(t *testing.T, threads int) *engine.Outcome {
	t.Helper()
	o := engine.Options{Root: filepath.Dir(h.data), Threads: threads, Now: time.Date(2026, 1, 1, 9, 30, 0, 0, time.UTC)}
	outcome, list, err := engine.Run(context.Background(), o)
	if err != nil || list.HasErrors() {
		t.Fatalf("the example does not run: %v\n%v", err, list)
	}
	for _, d := range list {
		if d.Code == "lock-drift" || strings.HasPrefix(d.Range.File, "rules/") {
			t.Errorf("the example is to be clean but for its planted dirt: %v", d)
		}
	}
	return outcome
}

// size is how many are in a group, and for how many nobody can tell.
type size struct{ Members, Unknown int64 }

// groups compares every segment and rung with testdata/harbour.sql.
func (h *harbour) groups(t *testing.T) {
	got := map[string]size{}
	for _, e := range h.outcome.Results.Entities {
		for _, g := range e.Groups {
			switch g.Kind {
			case results.Segment:
				got[g.Name] = size{g.Members, g.Unknown}
			case results.Band:
				got[g.Parent+"/"+g.Name] = size{g.Members, g.Unknown}
			case results.Segmentation:
				got[g.Parent+"/"+g.Name] = size{g.Members, 0}
				if g.Unknown != 0 {
					t.Errorf("%s/%s cannot be told for %d: the example's segmentations decide for everybody", g.Parent, g.Name, g.Unknown)
				}
			}
		}
	}
	for _, e := range h.outcome.Results.Entities {
		for _, j := range e.Journeys {
			if j.Subject != "" {
				continue
			}
			for i, s := range h.outcome.Report.Journeys[0].Stages {
				got[j.Name+"/"+s.Name] = size{j.Stages[i].Here, j.Unknown}
			}
			got[j.Name+"/nowhere"] = size{j.Nowhere, j.Unknown}
		}
		for _, x := range e.Exports {
			got["export/"+x.Name] = size{x.Members, x.Unknown}
			got["export/"+x.Name+", may be called"] = size{x.Contactable, x.Unclear}
		}
	}
	want := h.expected(t)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the engine differs from harbour.sql (-sql +engine):\n%s", diff)
	}
	unknown := 0
	for name, s := range want {
		if s.Members < 20 || s.Members > harbourCustomers*95/100 {
			t.Errorf("%s has %d members: a group of nearly nobody or nearly everybody teaches nothing", name, s.Members)
		}
		if s.Unknown > 0 {
			unknown++
		}
	}
	for _, s := range h.outcome.Report.Segments {
		if s.Name == "flagship_locals" && s.Size.UnknownWhy != "floor_area of home_store is empty" {
			t.Errorf("%s cannot be told because %q", s.Name, s.Size.UnknownWhy)
		}
	}
	if len(want) < 45 || unknown == 0 {
		t.Errorf("%d groups, %d with unknowns: too few to prove anything", len(want), unknown)
	}
}

// expected runs testdata/harbour.sql over the raw files.
func (h *harbour) expected(t *testing.T) map[string]size {
	t.Helper()
	out := map[string]size{}
	rawRows(t, h.data, "harbour.sql", func(rows *sql.Rows) error {
		var name string
		var s size
		err := rows.Scan(&name, &s.Members, &s.Unknown)
		out[name] = s
		return err
	})
	return out
}

// rawRows hands on what a query under testdata gives over the raw files of the
// example.
func rawRows(t *testing.T, data, file string, take func(*sql.Rows) error) {
	t.Helper()
	query, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	db := scratch(t)
	if _, err := db.Exec("SET GLOBAL file_search_path = '" + strings.ReplaceAll(data, "'", "''") + "'"); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(string(query))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// dirt compares what the generator planted with what the run reports, problem
// by problem: nothing may be missing, and nothing more may be found.
func (h *harbour) dirt(t *testing.T) {
	rows := func(table, column string, kinds ...string) (n int64) {
		for _, kind := range kinds {
			n += h.planted(t, table, column, kind).Rows
		}
		return n
	}
	want := map[string]int64{
		"customer_records duplicate row customer_id": rows("customers", "", "exact duplicate"),
		"customer_records null key customer_id":      rows("customers", "customer_id", "no key"),
		"customer_records check failed":              rows("customers", "born_on", "born in 1893"),
		"orders orphan row customer_id":              rows("orders", "customer_id", "customer does not exist", "no customer"),
		"orders no time ordered_at":                  rows("orders", "ordered_at", "no time"),
		"orders later than as-of ordered_at":         rows("orders", "ordered_at", "in the future"),
		"reviews orphan row customer_id":             rows("reviews", "customer_id", "no customer"),
		"reviews unreadable value rating":            rows("reviews", "rating", "five"),
		"survey orphan row customer_id":              rows("survey", "Customer", "customer does not exist"),
		"survey unreadable value monthly_budget":     rows("survey", "Monthly budget", "1,234.5", "abc"),
		"leads unreadable value budget":              rows("leads", "budget", "1,234.5", "abc"),
		"stores unreadable value floor_area":         rows("stores", "floor_area", "n/a"),
		"stores check failed":                        rows("stores", "floor_area", "n/a"),
	}
	got := map[string]int64{}
	for _, d := range h.outcome.Health {
		for _, p := range d.Problems {
			got[strings.TrimSpace(d.Dataset+" "+p.Reason+" "+p.Column)] += p.Rows
		}
		if d.Stale {
			t.Errorf("%s is stale", d.Dataset)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dirt (-planted +found):\n%s", diff)
	}
	h.worth(t)
}

// worth checks what orders without a customer are worth, and the values that
// were declared as empty.
func (h *harbour) worth(t *testing.T) {
	pence := h.planted(t, "orders", "customer_id", "customer does not exist").Pence + h.planted(t, "orders", "customer_id", "no customer").Pence
	for _, d := range h.outcome.Health {
		for _, p := range d.Problems {
			if d.Dataset == "orders" && p.Reason == "orphan row" && (!p.HasValue || int64(p.Value*100+0.5) != pence) {
				t.Errorf("orders without a customer are worth %v, planted were %d pence", p.Value, pence)
			}
		}
	}
	empty := h.planted(t, "customers", "income", "empty").Rows + h.planted(t, "customers", "income", "666666").Rows
	for _, e := range h.outcome.Results.Entities {
		for _, g := range e.Groups {
			if g.Name == "comfortable_households" && g.Unknown != empty {
				t.Errorf("income is empty for %d, planted were %d", g.Unknown, empty)
			}
		}
	}
}

func (h *harbour) planted(t *testing.T, table, column, kind string) (d struct{ Rows, Pence int64 }) {
	t.Helper()
	for _, p := range h.generated.Dirt {
		if p.Table == table && p.Column == column && p.Kind == kind {
			d.Rows, d.Pence = p.Rows, p.Pence
			return d
		}
	}
	t.Fatalf("the generator plants no %s in %s.%s", kind, table, column)
	return d
}

// closest is the claim that stands near its line on purpose, and how near.
const (
	closest       = "More than half of a family's orders come in after seven in the evening"
	closestMargin = 0.05
)

// personas checks that everybody is shown, that every claim holds, at several
// distances from its line, and that all three kinds of evidence occur.
func (h *harbour) personas(t *testing.T) {
	r := h.outcome.Report
	if len(r.Personas) != 5 {
		t.Fatalf("%d personas", len(r.Personas))
	}
	roles, evidence, near, far := map[string]int{}, map[string]int{}, "", 0
	for _, p := range r.Personas {
		roles[p.Role]++
		if p.Hidden != "" || p.Size.Members.Hidden {
			t.Errorf("%s is hidden: %s", p.DisplayName, p.Hidden)
		}
		for _, text := range p.Story {
			if len(text.Missing) > 0 {
				t.Errorf("%s: sentences of the story are left out: %v", p.DisplayName, text.Missing)
			}
		}
		claims := 0
		for _, s := range statementsOf(p) {
			evidence[string(s.Evidence)]++
			if s.Text == "" || s.Missing != "" {
				t.Errorf("%s:%d: a statement has no value: %s", s.File, s.Line, s.Missing)
			}
			if s.Expression == "" {
				continue
			}
			claims++
			if s.Status != report.Holds {
				t.Errorf("%s:%d: %q: %s", s.File, s.Line, s.Text, s.StatusText)
			}
			switch margin := marginOf(s); {
			case s.Text == closest && margin < closestMargin:
				near = s.Text
			case margin > 0.3:
				far++
			}
		}
		if claims < 8 {
			t.Errorf("%s makes %d claims: too few to be checked", p.DisplayName, claims)
		}
	}
	if near == "" || far < 10 {
		t.Errorf("near its line: %q; far from theirs: %d claims", near, far)
	}
	if roles["primary"] == 0 || roles["secondary"] == 0 || roles["negative"] == 0 {
		t.Errorf("roles: %v", roles)
	}
	if evidence["measured"] < 40 || evidence["researched"] < 15 || evidence["assumed"] < 15 {
		t.Errorf("evidence: %v", evidence)
	}
	for _, s := range r.Segments {
		if s.Guard.Verdict != "ok" {
			t.Errorf("%s: expected size: %s %s", s.Title, s.Guard.Verdict, s.Guard.Text)
		}
		if s.Owner == "" || s.Description == "" || s.Basis == "" || len(s.Tags) == 0 {
			t.Errorf("%s lacks owner, description, basis or tags", s.Title)
		}
	}
}

// marginOf is how far a claim is from its line, as a part of what is needed.
func marginOf(s report.Statement) float64 {
	if s.Value.Value == nil || s.Needed.Value == nil || *s.Needed.Value == 0 {
		return 0
	}
	d := (*s.Value.Value - *s.Needed.Value) / *s.Needed.Value
	return max(d, -d)
}

func statementsOf(p report.Persona) (out []report.Statement) {
	for _, f := range p.Facts {
		out = append(out, f.Statement)
	}
	for _, pairs := range [][]report.Pair{p.Goals, p.Needs} {
		for _, pair := range pairs {
			out = append(out, pair.Statement)
		}
	}
	for _, s := range p.Sections {
		out = append(out, s.Statements...)
	}
	return out
}

// measured looks through what people read for what is not there.
func (h *harbour) measured(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(h.outcome.Version.Dir, "report", "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, word := range []string{"not measured", "NaN", "<nil>", "null", "%!", "${", "Too few", "No longer true"} {
		if strings.Contains(text, word) {
			t.Errorf("report.md says %q", word)
		}
	}
	for _, name := range []string{"Bianca Keller", "Marlon Whitaker", "Rosalind Pryce", "Callum Reid", "Jude Mercer"} {
		if !strings.Contains(text, name) {
			t.Errorf("report.md has no %s", name)
		}
	}
}

// again runs once more, on one thread: the same rules over the same data are
// the same version.
func (h *harbour) again(t *testing.T) {
	if o := h.run(t, 1); !o.Unchanged || o.Version.Number != h.outcome.Version.Number {
		t.Errorf("a second run published version %d", o.Version.Number)
	}
}
