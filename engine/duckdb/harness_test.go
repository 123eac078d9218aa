package duckdb

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/source"
	"personae/engine/spec"
)

// asOf is the instant of the tests.
var asOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// world is a project on disk with its module and a working database.
type world struct {
	t    *testing.T
	root string
	m    *spec.Module
	db   *DB
}

// newWorld writes files (by name) and opens a database over them. The YAML is
// the text of datasets/d.yaml; it must be free of errors.
func newWorld(t *testing.T, yaml string, files map[string]string, dataDirs ...string) *world {
	t.Helper()
	w := &world{t: t, root: t.TempDir()}
	for name, text := range files {
		w.write(name, text)
	}
	w.m = module(t, yaml)
	db, err := Open(Options{WorkDir: t.TempDir(), Root: w.root, Threads: 2, MemoryLimit: "1GB", DataDirs: dataDirs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w.db = db
	return w
}

func module(t testing.TB, yaml string) *spec.Module {
	t.Helper()
	m, list := spec.Parse([]*source.File{source.NewFile("datasets/d.yaml", []byte(yaml))})
	if list.HasErrors() {
		t.Fatalf("the test's YAML: %v", show(list))
	}
	return m
}

func (w *world) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// make runs SQL in a database outside of the sandbox, to make files.
func (w *world) make(statements ...string) {
	w.t.Helper()
	makeFiles(w.t, w.root, statements...)
}

func (w *world) introspect() *catalog.Catalog {
	w.t.Helper()
	c, list := w.db.Introspect(context.Background(), w.m)
	if list.HasErrors() {
		w.t.Fatalf("introspection: %v", show(list))
	}
	return c
}

// load reads all columns of all datasets.
func (w *world) load() (*Snapshot, diag.List) {
	w.t.Helper()
	return w.loadAt(LoadOptions{AsOf: asOf})
}

func (w *world) loadAt(o LoadOptions) (*Snapshot, diag.List) {
	w.t.Helper()
	c := w.introspect()
	return w.db.Load(context.Background(), w.m, c, everything(c), o)
}

func everything(c *catalog.Catalog) []plan.TableUse {
	var uses []plan.TableUse
	for _, t := range c.Tables {
		u := plan.TableUse{Table: t}
		for _, col := range t.Columns {
			u.Columns = append(u.Columns, col.Name)
		}
		uses = append(uses, u)
	}
	return uses
}

// mustLoad fails the test on errors.
func (w *world) mustLoad() *Snapshot {
	w.t.Helper()
	s, list := w.load()
	if list.HasErrors() {
		w.t.Fatalf("load: %v", show(list))
	}
	return s
}

// rows runs a query and gives each row as text, values separated by a bar.
func (w *world) rows(query string) []string {
	w.t.Helper()
	rows, err := w.db.sql.Query(query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var out []string
	for rows.Next() {
		values, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			w.t.Fatal(err)
		}
		cells := make([]string, len(values))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
				cells[i] = "-"
			case time.Time:
				cells[i] = v.UTC().Format(time.RFC3339Nano)
			case []byte:
				cells[i] = string(v)
			default:
				cells[i] = fmt.Sprint(v)
			}
		}
		out = append(out, strings.Join(cells, "|"))
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) wantRows(query string, want ...string) {
	w.t.Helper()
	got := w.rows(query)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("%s\n got %q\nwant %q", query, got, want)
	}
}

// health gives the health of a dataset.
func (s *Snapshot) health(t *testing.T, name string) results.DatasetHealth {
	t.Helper()
	for _, h := range s.Health {
		if h.Dataset == name {
			return h
		}
	}
	t.Fatalf("no health of %s", name)
	return results.DatasetHealth{}
}

// problems writes problems one a line: reason column rows action severity file:row sample value.
func problems(h results.DatasetHealth) string {
	var b strings.Builder
	for _, p := range h.Problems {
		fmt.Fprintf(&b, "%s/%s/%d/%s/%s", p.Reason, p.Column, p.Rows, p.Action, p.Severity)
		if p.File != "" {
			fmt.Fprintf(&b, " %s:%d", p.File, p.Row)
		}
		if p.Sample != "" {
			fmt.Fprintf(&b, " %q", p.Sample)
		}
		if p.HasValue {
			fmt.Fprintf(&b, " =%g", p.Value)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

func wantProblems(t *testing.T, h results.DatasetHealth, want ...string) {
	t.Helper()
	if got := problems(h); got != strings.Join(want, "\n") {
		t.Errorf("problems of %s\n got:\n%s\nwant:\n%s", h.Dataset, got, strings.Join(want, "\n"))
	}
	left := int64(0)
	for _, p := range h.Problems {
		switch {
		case p.Reason == reasonCell && p.Action != actionSkipped, p.Reason == reasonDangling, p.Severity == "error":
		default:
			left += p.Rows
		}
	}
	if h.Read != h.Rows+left {
		t.Errorf("%s: %d rows read, %d kept, %d left out: they do not add up", h.Dataset, h.Read, h.Rows, left)
	}
}

func show(list diag.List) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s\n    %s\n", d.Error(), strings.ReplaceAll(d.Detail, "\n", "\n    "))
	}
	return b.String()
}

// want checks that a list has a diagnostic with that code whose place in the
// YAML covers the text, and whose words hold all of the parts.
func want(t *testing.T, list diag.List, yaml, code, at string, parts ...string) {
	t.Helper()
	for _, d := range list {
		if d.Code != code {
			continue
		}
		covered := ""
		if d.Range.Start.Line > 0 {
			covered = yaml[d.Range.Start.Byte:d.Range.End.Byte]
		}
		all := covered == at
		for _, p := range parts {
			all = all && strings.Contains(d.Summary+"\n"+d.Detail, p)
		}
		if all && d.Detail != "" {
			return
		}
	}
	t.Errorf("no %s at %q with %q in:\n%s", code, at, parts, show(list))
}
