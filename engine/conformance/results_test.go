package conformance

import (
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the tests find as what they expect")

// suiteResults are the results of the conformance suite by file.
type suiteResults struct {
	cases  []*suiteCase
	files  []string
	byFile map[string]*fileResult
	rows   int      // row-expressions on which both engines had to agree
	strays []string // tests for which cel-go does not say what the suite says
}

type fileResult struct {
	total  int
	unheld map[string]int
	modes  map[string]*modeResult
}

type modeResult struct {
	agree int
	holes map[string][]string // tests by reason
}

func newSuiteResults(cases []*suiteCase) *suiteResults {
	r := &suiteResults{cases: cases, byFile: map[string]*fileResult{}}
	for _, c := range cases {
		f := r.byFile[c.file]
		if f == nil {
			f = &fileResult{unheld: map[string]int{}, modes: map[string]*modeResult{"constants": {holes: map[string][]string{}}, "columns": {holes: map[string][]string{}}}}
			r.byFile[c.file] = f
			r.files = append(r.files, c.file)
		}
		f.total++
		if c.unheld != "" {
			f.unheld[c.unheld]++
		}
	}
	return r
}

func (r *suiteResults) note(mode string, c *suiteCase, hole string, rows int) {
	m := r.byFile[c.file].modes[mode]
	if hole == "" {
		m.agree++
	} else {
		m.holes[hole] = append(m.holes[hole], c.name)
	}
	r.rows += rows
}

// check compares the page with the one that is committed.
func (r *suiteResults) check(t *testing.T, db *sql.DB) {
	of := versions(t, db)
	page := r.page(fmt.Sprintf("cel.dev/expr %s, run by DuckDB %s and cel-go %s", module(t, "cel.dev/expr"), strings.TrimPrefix(of["duckdb"], "v"), of["cel-go"]))
	t.Logf("%d row-expressions\n%s", r.rows, page[:strings.Index(page, "## Types")])
	path := filepath.Join("..", "testdata", "conformance", "RESULTS.md")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != page {
		t.Errorf("%s differs; run with -update and read the difference", path)
	}
}

func (r *suiteResults) page(versions string) string {
	var b strings.Builder
	b.WriteString(`# The CEL conformance suite in SQL

The ` + fmt.Sprint(len(r.cases)) + ` tests of ` + versions + `. This page is written by the test
in engine/conformance (` + "`go test ./engine/conformance -run TestSuite -update`" + `).

**Constants**: the expression as it stands. **Columns**: its literals are columns of a table that has a row for each test, so that good
and bad rows stand in one vector; the answer has to be cel-go's on all rows. Patterns, time zones, texts of format() and durations stay constants, as no column holds them.
**Agree**: SQL gives cel-go's value, and NULL where cel-go errs. **Hole**: SQL leaves it to cel-go, row by row. None disagrees: that fails the test.

| file | tests | SQL cannot hold | constants agree | constants hole | columns agree | columns hole |
|---|--:|--:|--:|--:|--:|--:|
`)
	var sum [6]int
	for _, name := range r.files {
		f := r.byFile[name]
		n := [6]int{f.total, count(f.unheld), f.modes["constants"].agree, tests(f.modes["constants"].holes), f.modes["columns"].agree, tests(f.modes["columns"].holes)}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d |\n", name, n[0], n[1], n[2], n[3], n[4], n[5])
		for i := range n {
			sum[i] += n[i]
		}
	}
	fmt.Fprintf(&b, "| **all** | **%d** | **%d** | **%d** | **%d** | **%d** | **%d** |\n", sum[0], sum[1], sum[2], sum[3], sum[4], sum[5])
	b.WriteString("\n## Types that SQL cannot hold\n\n| file | reason | tests |\n|---|---|--:|\n")
	for _, name := range r.files {
		for _, reason := range keys(r.byFile[name].unheld) {
			fmt.Fprintf(&b, "| %s | %s | %d |\n", name, reason, r.byFile[name].unheld[reason])
		}
	}
	for _, mode := range []string{"constants", "columns"} {
		fmt.Fprintf(&b, "\n## Holes: %s\n\n| file | reason | tests |\n|---|---|---|\n", mode)
		for _, name := range r.files {
			holes := r.byFile[name].modes[mode].holes
			for _, reason := range keys(holes) {
				fmt.Fprintf(&b, "| %s | %s | %d: %s |\n", name, reason, len(holes[reason]), strings.Join(holes[reason], ", "))
			}
		}
	}
	b.WriteString("\n## Where cel-go does not say what the suite says\n\n")
	for _, s := range r.strays {
		b.WriteString("- " + s + "\n")
	}
	if len(r.strays) == 0 {
		b.WriteString("Nowhere.\n")
	}
	return b.String()
}

func count(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

func tests(m map[string][]string) (n int) {
	for _, v := range m {
		n += len(v)
	}
	return n
}

func keys[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
