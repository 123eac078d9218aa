package engine_test

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/duckdb"
)

// These projects under testdata/projects are about tables that nobody here made.
// The tables are not in the repository; where they are absent the tests say so
// and are skipped. Beside each project, expected.sql works out from the raw
// files whom its rules take, without the engine; expected.csv keeps the counts,
// so that a change of either is seen.
const (
	realData     = "../../shared/data"
	projectsPath = "testdata/projects"
)

var updateCounts = flag.Bool("update", false, "write the counts of testdata/projects/*/expected.sql as what is expected")

// dirt lists the projects, with what people have to be told about each table:
// words of one diagnostic.
var dirt = map[string][][]string{
	"clothing_reviews":              {{"A review says something", "845 "}},
	"customer_personality_ddmmyyyy": {{"Nobody is older than 113", "3 "}},
	"customer_personality_iso":      {{"Nobody is older than 113", "3 "}},
	"leads":                         {{"Column 38 of leads/Leads.csv", "no name"}},
	"online_retail":                 {{"135,037 rows of sales", "1,447,487.53"}, {"No price is negative", "2 "}},
}

func TestRealTables(t *testing.T) {
	needRealData(t)
	turned := t.TempDir()
	turnAround(t, realData, turned)
	for _, name := range sortedNames(dirt) {
		t.Run(name, func(t *testing.T) {
			outcome, list := runProject(t, name, realData, engine.Options{})
			t.Run("counts", func(t *testing.T) { sameCounts(t, name, outcome) })
			t.Run("dirt is said", func(t *testing.T) { says(t, list, dirt[name]) })
			// The order of rows and the number of threads change no byte of a version, but for run.json.
			t.Run("order of rows", func(t *testing.T) {
				other, _ := runProject(t, name, turned, engine.Options{Threads: 1})
				sameBytes(t, outcome, other)
			})
		})
	}
}

// sameCounts compares expected.csv, expected.sql, the results and the published rows.
func sameCounts(t *testing.T, name string, o *engine.Outcome) {
	want := expectedCounts(t, name)
	kept := filepath.Join(projectsPath, name, "expected.csv")
	if *updateCounts {
		if err := os.WriteFile(kept, writeCounts(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readCounts(t, kept), want); diff != "" {
		t.Errorf("expected.sql no longer gives what expected.csv says (-csv +sql):\n%s", diff)
	}
	got := outcomeCounts(t, o)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the engine differs from expected.sql (-sql +engine):\n%s", diff)
	}
	if diff := cmp.Diff(fileCounts(t, o), onlyGroups(got)); diff != "" {
		t.Errorf("data/*.parquet differs from the results (-parquet +results):\n%s", diff)
	}
	bothAnswers(t, want)
}

// bothAnswers asserts that the project proves something: groups that take some
// and leave some, and some for which it cannot be told.
func bothAnswers(t *testing.T, counts map[string]count) {
	t.Helper()
	some, unknown, all := 0, 0, int64(0)
	for group, c := range counts {
		if strings.HasPrefix(group, "rows/") {
			all = max(all, c.Members)
		}
	}
	for group, c := range counts {
		if strings.Contains(group, "stat/") {
			continue
		}
		if c.Members > 0 && c.Members < all {
			some++
		}
		if c.Unknown > 0 && c.Unknown < all {
			unknown++
		}
	}
	if some < 8 || unknown == 0 {
		t.Errorf("%d groups that take some and leave some, %d with unknowns: the project proves nothing", some, unknown)
	}
}

// Two exports of one table, in other separators, encodings, dates and words,
// give the same segments to everybody.
func TestExportsOfOneTableAgree(t *testing.T) {
	needRealData(t)
	const iso, days = "customer_personality_iso", "customer_personality_ddmmyyyy"
	if diff := cmp.Diff(readTree(t, filepath.Join(projectsPath, iso, "rules")), readTree(t, filepath.Join(projectsPath, days, "rules"))); diff != "" {
		t.Fatalf("the two projects are to have the same rules:\n%s", diff)
	}
	first, _ := runProject(t, iso, realData, engine.Options{})
	second, _ := runProject(t, days, realData, engine.Options{})
	a, b := parquetOf(first, "customer"), parquetOf(second, "customer")
	db := scratch(t)
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		var n int
		query := fmt.Sprintf("SELECT count(*) FROM (FROM '%s' EXCEPT ALL FROM '%s')", pair[0], pair[1])
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			t.Errorf("%d customers differ between the exports", n)
		}
	}
	var rows, columns int
	if err := db.QueryRow("SELECT count(*), (SELECT count(*) FROM (DESCRIBE FROM '"+a+"')) FROM '"+a+"'").Scan(&rows, &columns); err != nil || rows != 2240 || columns < 25 {
		t.Errorf("compared %d rows of %d columns (%v): too few to prove anything", rows, columns, err)
	}
}

// sameBytes compares all files of two versions but run.json.
func sameBytes(t *testing.T, one, other *engine.Outcome) {
	a, b := readTree(t, one.Version.Dir), readTree(t, other.Version.Dir)
	delete(a, "run.json")
	delete(b, "run.json")
	if len(a) < 10 {
		t.Fatalf("a version of %d files proves nothing", len(a))
	}
	for _, path := range sortedNames(a, b) {
		if a[path] != b[path] {
			t.Errorf("%s differs when the rows are turned around", path)
		}
	}
}

// says asserts that what is dirty in a table is said to whoever runs.
func says(t *testing.T, list diag.List, want [][]string) {
	for _, words := range want {
		found := slices.ContainsFunc(list, func(d diag.Diagnostic) bool {
			text := d.Summary + "\n" + d.Detail
			return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
		})
		if !found {
			t.Errorf("nobody is told %q, but: %v", words, list)
		}
	}
}

func needRealData(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(realData); err != nil {
		t.Skipf("the tables under %s are not here: nothing is tested about them (%v)", realData, err)
	}
}

// runProject publishes a copy of a project over the tables in data.
func runProject(t *testing.T, name, data string, o engine.Options) (*engine.Outcome, diag.List) {
	t.Helper()
	o.Root, o.DataDirs, o.Now = copyProject(t, name), []string{data}, time.Date(2026, 1, 15, 9, 30, 0, 0, time.UTC)
	outcome, list, err := engine.Run(context.Background(), o)
	if err != nil || list.HasErrors() {
		var text bytes.Buffer
		_ = diag.Text(&text, list, nil, diag.Options{})
		t.Fatalf("the project does not run: %v\n%s", err, text.String())
	}
	if outcome.Version == nil || outcome.Unchanged {
		t.Fatal("no version was published")
	}
	return outcome, list
}

func copyProject(t *testing.T, name string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), name)
	for _, folder := range []string{"datasets", "rules"} {
		if err := os.CopyFS(filepath.Join(root, folder), os.DirFS(filepath.Join(projectsPath, name, folder))); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func scratch(t *testing.T) *sql.DB {
	t.Helper()
	db, closer, err := duckdb.Scratch(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closer)
	return db
}

// turnAround copies the tables with their rows in the opposite order, and
// otherwise byte by byte.
func turnAround(t *testing.T, from, to string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "*", "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		target := filepath.Join(to, filepath.Base(filepath.Dir(path)), filepath.Base(path))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(path) == ".parquet" {
			copied := fmt.Sprintf("COPY (SELECT * EXCLUDE file_row_number FROM read_parquet('%s', file_row_number = true) ORDER BY file_row_number DESC) TO '%s'", path, target)
			if _, err := scratch(t).Exec(copied); err != nil {
				t.Fatal(err)
			}
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		records := splitRecords(b)
		slices.Reverse(records[1:])
		if err := os.WriteFile(target, bytes.Join(records, nil), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// splitRecords cuts a CSV file into records with the ends of their lines; line
// breaks inside quotes end none. The last record gets the end that it may lack.
func splitRecords(b []byte) [][]byte {
	var records [][]byte
	quoted, start := false, 0
	for i, c := range b {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			records = append(records, b[start:i+1])
			start = i + 1
		}
	}
	if start < len(b) {
		end := []byte("\n")
		if bytes.HasSuffix(records[0], []byte("\r\n")) {
			end = []byte("\r\n")
		}
		records = append(records, append(slices.Clone(b[start:]), end...))
	}
	return records
}

// readTree reads every file under a folder, by its path there.
func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sortedNames gives the keys of all maps, each once.
func sortedNames[V any](maps ...map[string]V) []string {
	var names []string
	for _, m := range maps {
		for name := range m {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return slices.Compact(names)
}
