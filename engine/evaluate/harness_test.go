package evaluate

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/source"
	"personae/engine/spec"
)

// asOf is the instant of the tests.
var asOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// world is a project on disk with its module and a working database.
type world struct {
	t    testing.TB
	root string
	m    *spec.Module
	db   *Database
}

// newWorld writes files (by name) and opens a database over them. The YAML is
// the text of datasets/d.yaml; it must be free of errors.
func newWorld(t testing.TB, yaml string, files map[string]string) *world {
	t.Helper()
	return newWorldOf(t, yaml, files, "1GB")
}

// newWorldOf is newWorld with so much memory.
func newWorldOf(t testing.TB, yaml string, files map[string]string, memory string) *world {
	t.Helper()
	w := &world{t: t, root: t.TempDir()}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(w.root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, list := spec.Parse([]*source.File{source.NewFile("datasets/d.yaml", []byte(yaml))})
	if list.HasErrors() {
		t.Fatalf("the test's YAML: %v", show(list))
	}
	w.m = m
	db, err := duckdb.Open(duckdb.Options{WorkDir: t.TempDir(), Root: w.root, Threads: 2, MemoryLimit: memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w.db = New(db)
	return w
}

// make runs SQL in a database outside of the sandbox, to make files.
func (w *world) make(statements ...string) {
	w.t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, s := range append([]string{"SET file_search_path = '" + w.root + "'"}, statements...) {
		if _, err := db.Exec(s); err != nil {
			w.t.Fatalf("%s: %v", s, err)
		}
	}
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
func (w *world) load(c *catalog.Catalog) *Snapshot {
	w.t.Helper()
	var uses []plan.TableUse
	for _, t := range c.Tables {
		u := plan.TableUse{Table: t}
		for _, col := range t.Columns {
			u.Columns = append(u.Columns, col.Name)
		}
		uses = append(uses, u)
	}
	s, list := w.db.Load(context.Background(), w.m, c, uses, duckdb.LoadOptions{AsOf: asOf})
	if list.HasErrors() {
		w.t.Fatalf("load: %v", show(list))
	}
	return w.db.Over(s)
}

func show(list diag.List) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s\n    %s\n", d.Error(), strings.ReplaceAll(d.Detail, "\n", "\n    "))
	}
	return b.String()
}
