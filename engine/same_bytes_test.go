package engine_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"personae/engine"
)

// shopRows makes the shop's files: rows of customers and of orders, dirt included.
func shopRows(n int) (customers, orders []string) {
	r := rand.New(rand.NewPCG(1, 2))
	cities := []string{"London", "LONDON", "Leeds", "", "Bath", `St "Quote"; Town`}
	for i := range n {
		income := fmt.Sprintf("%d.%02d", 10000+r.IntN(90000), r.IntN(100))
		switch r.IntN(20) {
		case 0:
			income = ""
		case 1:
			income = "n/a"
		}
		row := fmt.Sprintf("c%06d,%q,%s,%d,%.2f,2020-%02d-%02d,c%d@example.com,2025-01-01 00:00:%02d",
			i, cities[r.IntN(len(cities))], income, r.IntN(90)-1, r.Float64()*1000, 1+r.IntN(12), 1+r.IntN(28), i, r.IntN(60))
		row = strings.ReplaceAll(row, `\"`, `""`)
		customers = append(customers, row)
		if i%100 == 0 {
			customers = append(customers, row, strings.Replace(row, "2025-01-01", "2025-02-01", 1))
		}
		for range r.IntN(4) {
			orders = append(orders, fmt.Sprintf("c%06d,%.2f,2025-%02d-%02d 10:00:00", r.IntN(n+20), r.Float64()*100, 1+r.IntN(12), 1+r.IntN(28)))
		}
	}
	return customers, orders
}

// shopProject writes the shop with its rows in the given order.
func shopProject(t *testing.T, customers, orders []string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/shop")); err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string][]string{
		"customers.csv": append([]string{"customer_id,city,income,age,spend,joined_on,email,changed_at"}, customers...),
		"orders.csv":    append([]string{"customer_id,total,ordered_at"}, orders...),
	} {
		path := filepath.Join(dir, "data", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runShop publishes and returns the digest of every file of the version.
func runShop(t *testing.T, dir string, threads int, now time.Time) (map[string]string, *engine.Outcome) {
	t.Helper()
	out, list, err := engine.Run(context.Background(), engine.Options{Root: dir, Threads: threads, Now: now})
	if err != nil || list.HasErrors() {
		t.Fatal(err, list)
	}
	files := map[string]string{}
	root := out.Version.Dir
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(root, path)
		files[filepath.ToSlash(rel)] = fmt.Sprintf("%x", sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, out
}

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// The same inputs give the same bytes in every file but run.json: whatever the
// number of threads, the order of rows, the clock and the place.
func TestSameInputsSameBytes(t *testing.T) {
	customers, orders := shopRows(3000)
	want, out := runShop(t, withHoles(t, shopProject(t, customers, orders)), 1, noon)
	if len(want) < 15 || out.Report.Segments[0].Size.Members.Hidden {
		t.Fatalf("only %d files, or nothing to see: the test proves nothing", len(want))
	}
	for i, threads := range []int{1, 2, 4} {
		r := rand.New(rand.NewPCG(uint64(i), 7))
		r.Shuffle(len(customers), func(i, j int) { customers[i], customers[j] = customers[j], customers[i] })
		r.Shuffle(len(orders), func(i, j int) { orders[i], orders[j] = orders[j], orders[i] })
		got, _ := runShop(t, withHoles(t, shopProject(t, customers, orders)), threads, noon.Add(time.Duration(i)*time.Hour))
		for path, digest := range want {
			if got[path] != digest && path != "run.json" {
				t.Errorf("%d threads, shuffled: %s has other bytes", threads, path)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d files, want %d", len(got), len(want))
		}
	}
}

// What changes the inputs changes the version; what does not, publishes nothing.
func TestUnchangedInputsPublishNothing(t *testing.T) {
	customers, orders := shopRows(300)
	dir := shopProject(t, customers, orders)
	_, first := runShop(t, dir, 0, noon)
	_, second := runShop(t, dir, 0, noon.Add(time.Hour))
	if !second.Unchanged || second.Version.Number != first.Version.Number {
		t.Fatalf("the same inputs gave version %d after %d", second.Version.Number, first.Version.Number)
	}
	rules := filepath.Join(dir, "rules", "shop.yaml")
	text, err := os.ReadFile(rules)
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, new string) {
		t.Helper()
		changed := bytes.Replace(text, []byte(old), []byte(new), 1)
		if bytes.Equal(changed, text) {
			t.Fatalf("%q is not in the rules", old)
		}
		if err := os.WriteFile(rules, changed, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	change("kind: Project", "# a comment\nkind: Project")
	if _, out := runShop(t, dir, 0, noon); !out.Unchanged {
		t.Error("a comment made a version")
	}
	for n, edit := range [][2]string{{"40000.0", "41000.0"}, {"Ann is", "Ann was"}, {"title: Well off", "title: Rich"}} {
		change(edit[0], edit[1])
		if _, out := runShop(t, dir, 0, noon); out.Unchanged || out.Version.Number != n+2 {
			t.Errorf("%s → %s: version %d, unchanged %v", edit[0], edit[1], out.Version.Number, out.Unchanged)
		}
	}
}
