package duckdb

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"personae/engine/catalog"
	"personae/engine/plan"
)

// TestKeptTablesEqualFreshOnes loads again and again in one database, after
// random changes of files, of what is read and of as-of, and compares all that a
// Load gives with a database that has loaded nothing before.
func TestKeptTablesEqualFreshOnes(t *testing.T) {
	w := newWorld(t, shopYAML, shopFiles)
	rnd := rand.New(rand.NewPCG(1, 2))
	read, stood := 0, 0
	old := func(name string) { // files that have come to rest
		at := time.Now().Add(-time.Duration(rnd.IntN(1000)+100) * time.Second)
		if err := os.Chtimes(filepath.Join(w.root, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	for name := range shopFiles {
		old(name)
	}
	o := LoadOptions{AsOf: asOf, Progress: func(dataset string, _, _ int64) {
		if dataset != "" {
			read++
		}
	}}
	for step := range 40 {
		switch rnd.IntN(6) {
		case 0:
			w.write("data/orders/b.csv", fmt.Sprintf("order_id,customer_id,ordered_at,total\n%d,1,2025-06-01 12:00:00,%d\n", 100+rnd.IntN(5), rnd.IntN(3)))
			old("data/orders/b.csv")
		case 1:
			w.write("data/customers.csv", shopFiles["data/customers.csv"]+fmt.Sprintf("%d,3,01/01/1990,f@x.com,Baker,1,no\n", 77-rnd.IntN(2)*70))
			old("data/customers.csv")
		case 2:
			o.AsOf = asOf.AddDate(rnd.IntN(2), 0, 0)
		}
		c := w.introspect()
		uses := everything(c)
		for i := range uses {
			if rnd.IntN(2) == 0 {
				uses[i].Columns = slices.DeleteFunc(uses[i].Columns, func(string) bool { return rnd.IntN(8) == 0 })
			}
		}
		before := read
		got, found := w.db.Load(context.Background(), w.m, c, uses, o)
		if read-before < 2 {
			stood++
		}
		fresh, err := Open(Options{WorkDir: t.TempDir(), Root: w.root, Threads: 2, MemoryLimit: "1GB"})
		if err != nil {
			t.Fatal(err)
		}
		v := &world{t: t, root: w.root, m: w.m, db: fresh}
		want, wanted := fresh.Load(context.Background(), w.m, v.introspect(), uses, LoadOptions{AsOf: o.AsOf})
		if diff := cmp.Diff(show(wanted), show(found)); diff != "" {
			t.Fatalf("step %d, diagnostics (-fresh +kept):\n%s", step, diff)
		}
		if want != nil {
			compareSnapshots(t, step, want, got)
			for _, u := range uses {
				compareTables(t, step, v, w, u)
			}
		}
		if err := fresh.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if stood < 10 || read < 10 {
		t.Fatalf("tables stood in %d of 40 loads, and were read %d times: the test sees too little of one of them", stood, read)
	}
}

func compareSnapshots(t *testing.T, step int, want, got *Snapshot) {
	t.Helper()
	if diff := cmp.Diff(want.Health, got.Health); diff != "" {
		t.Fatalf("step %d, health (-fresh +kept):\n%s", step, diff)
	}
	if diff := cmp.Diff(want.Facts, got.Facts, cmp.AllowUnexported(catalog.Facts{}, catalog.TableFacts{})); diff != "" {
		t.Fatalf("step %d, facts (-fresh +kept):\n%s", step, diff)
	}
}

func compareTables(t *testing.T, step int, fresh, kept *world, u plan.TableUse) {
	t.Helper()
	query := "FROM " + snapshotTable(u.Table.Name) + " ORDER BY ALL"
	if diff := cmp.Diff(fresh.rows(query), kept.rows(query)); diff != "" {
		t.Fatalf("step %d, %s (-fresh +kept):\n%s", step, u.Table.Name, diff)
	}
}
