package scaffold

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the tests find as what they expect")

// shop writes a made-up pair of files with dirt in known places: month-first
// dates, decimal commas, N/A for null, an order without a customer, returns.
func shop(t *testing.T, dir string) []string {
	t.Helper()
	var crm, orders, items strings.Builder
	crm.WriteString("Customer ID;Full Name;E-Mail;Signed Up;City;Ethnicity;Children;Newsletter;Income (EUR)\n")
	orders.WriteString("OrderNo,CustomerID,Ordered,Total,Store\n")
	items.WriteString("order_no,product,qty\n")
	cities := []string{"Lyon", "Lyon", "Paris", "N/A"}
	n := 0
	for i := range 60 {
		fmt.Fprintf(&crm, "%d;Person %d;p%d@example.com;%d/%d/2023;%s;group %d;%d;%s;%d,50\n",
			1000+i, i, i, i%12+1, i%28+1, cities[i%4], i%3, i%4, []string{"Y", "N"}[i%2], 20000+i*701)
		for k := range (i * i) % 7 {
			n++
			total := fmt.Sprintf("%d.25", 20+(i*k*13)%400)
			if n%17 == 0 {
				total = "-15.00"
			}
			fmt.Fprintf(&orders, "%d,%d,2024-%02d-%02d %02d:30:00,%s,S%d\n", 5000+n, 1000+i, n%12+1, n%28+1, n%24, total, n%3)
			for line := range n%2 + 1 {
				fmt.Fprintf(&items, "%d,thing %d,%d\n", 5000+n, (n+line)%5, n%3+1)
			}
		}
	}
	orders.WriteString("9999,7777,2024-12-30 10:00:00,12.50,S1\n")
	for name, text := range map[string]string{"crm.csv": crm.String(), "orders.csv": orders.String(), "items.csv": items.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return []string{filepath.Join(dir, "crm.csv"), filepath.Join(dir, "orders.csv"), filepath.Join(dir, "items.csv")}
}

// TestShop compares a whole draft with testdata/shop.txtar, twice: a draft is
// the same each time.
func TestShop(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	files := shop(t, filepath.Join(dir, "data"))
	project(t, files...) // from outside it must compile too
	var drafts []string
	for range 2 {
		r, list, err := Make(context.Background(), Options{Dir: dir, Files: files, Today: today})
		if err != nil || list.HasErrors() {
			t.Fatal(err, show(list))
		}
		if len(r.DataDirs) > 0 {
			t.Errorf("the files are inside, and --data is asked for: %v", r.DataDirs)
		}
		drafts = append(drafts, strings.ReplaceAll(draft(r), dir, "DIR"))
	}
	if drafts[0] != drafts[1] {
		t.Error(cmp.Diff(drafts[0], drafts[1]))
	}
	const golden = "testdata/shop.txtar"
	if *update {
		if err := os.WriteFile(golden, []byte(drafts[0]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), drafts[0]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// draft is all of a result as one text.
func draft(r *Result) string {
	a := &txtar.Archive{}
	for _, path := range sortedFiles(r.Files) {
		a.Files = append(a.Files, txtar.File{Name: path, Data: r.Files[path]})
	}
	var b strings.Builder
	for _, g := range r.Guesses {
		fmt.Fprintf(&b, "%s: %s: %s (%s)\n", g.Confidence, g.Subject, g.Guess, g.Why)
	}
	a.Files = append(a.Files, txtar.File{Name: "guesses", Data: []byte(b.String())}, txtar.File{Name: "command", Data: []byte(r.Command + "\n")})
	return string(txtar.Format(a))
}
