package generate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

func open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func generate(t testing.TB, o Options) Summary {
	t.Helper()
	s, err := Run(t.Context(), open(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// digests maps the files below a folder to the digests of their bytes.
func digests(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSameBytesForAnyThreadsAndOthersForAnotherSeed(t *testing.T) {
	one, two, other := t.TempDir(), t.TempDir(), t.TempDir()
	s := generate(t, Options{Dir: one, Customers: 20_000, Seed: 1, Threads: 1})
	generate(t, Options{Dir: two, Customers: 20_000, Seed: 1, Threads: 2})
	generate(t, Options{Dir: other, Customers: 20_000, Seed: 2, Threads: 2})
	a, b, c := digests(t, one), digests(t, two), digests(t, other)
	var files int
	for _, table := range s.Tables {
		files += len(table.Files)
		for _, f := range table.Files {
			if a[f] == "" {
				t.Errorf("%s is in the summary and not on disk", f)
			}
		}
	}
	if files != len(a) {
		t.Errorf("the summary has %d files, the folder %d", files, len(a))
	}
	for f := range a {
		if a[f] != b[f] {
			t.Errorf("%s: other bytes with two threads", f)
		}
		if (a[f] == c[f]) != (f == "stores.csv") {
			t.Errorf("%s: the same as with another seed is %t", f, a[f] == c[f])
		}
	}
}

func TestChunksHoldTheSameRowsWhateverTheThreads(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	// Two full chunks and two customers in the third: nothing may depend on where a chunk ends, either.
	whole := generate(t, Options{Dir: one, Customers: 10_002, Seed: 3, Threads: 1})
	s := generate(t, Options{Dir: two, Customers: 10_002, Seed: 3, Threads: 2, chunk: 5000})
	if n := len(s.Tables[1].Files); n != 12 {
		t.Errorf("%d files of orders, want 4 years in 3 chunks", n)
	}
	db := open(t)
	for i, table := range s.Tables {
		if table.Name == "stores" {
			continue
		}
		digest := func(of Summary, dir string) (n int64, sum string) {
			var paths []string
			for _, f := range of.Tables[i].Files {
				paths = append(paths, quote(filepath.Join(dir, f)))
			}
			read := "read_parquet"
			if strings.Contains(table.Files[0], "csv") {
				read = "read_csv"
			} else if strings.Contains(table.Files[0], "json") {
				read = "read_json"
			}
			query := fmt.Sprintf("SELECT count(*), sum(hash(t)::HUGEINT)::VARCHAR FROM %s([%s]) t", read, strings.Join(paths, ","))
			if read == "read_csv" {
				query = strings.Replace(query, "])", "], all_varchar = true)", 1)
			}
			if err := db.QueryRow(query).Scan(&n, &sum); err != nil {
				t.Fatalf("%s: %v", table.Name, err)
			}
			return n, sum
		}
		n1, sum1 := digest(whole, one)
		n2, sum2 := digest(s, two)
		if n1 != table.Rows || n2 != table.Rows || sum1 != sum2 {
			t.Errorf("%s: %d rows %s, %d rows %s, summary %d", table.Name, n1, sum1, n2, sum2, table.Rows)
		}
	}
}

func TestAnotherRunReplacesTheFilesOfTheOneBefore(t *testing.T) {
	dir := t.TempDir()
	for _, f := range []string{"orders/2022-0007.parquet", "orders/mine.parquet", ".generating/part"} {
		path := filepath.Join(dir, f)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	generate(t, Options{Dir: dir, Customers: 1000})
	got := digests(t, dir)
	if got["orders/2022-0007.parquet"] != "" || got[".generating/part"] != "" {
		t.Error("files of an older run are still there")
	}
	if got["orders/mine.parquet"] == "" || got["orders/2022.parquet"] == "" {
		t.Error("a file that is not ours is gone, or ours is missing")
	}
}

func TestAStoppedRunLeavesWhatWasThere(t *testing.T) {
	dir := t.TempDir()
	generate(t, Options{Dir: dir, Customers: 1000, Seed: 1})
	before := digests(t, dir)
	ctx, stop := context.WithCancel(t.Context())
	db := open(t)
	_, err := Run(ctx, db, Options{Dir: dir, Customers: 20_000, Seed: 2, Threads: 3, Progress: func(table string, done, total int64) {
		if table == "items" {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped with %v", err)
	}
	after := digests(t, dir)
	if len(after) != len(before) {
		t.Errorf("%d files before, %d after", len(before), len(after))
	}
	for f := range before {
		if before[f] != after[f] {
			t.Errorf("%s has changed", f)
		}
	}
	// The pool's next connection knows nothing of the run.
	var left int
	if err := db.QueryRow("SELECT count(*) FROM duckdb_tables()").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d tables left, %v", left, err)
	}
}

func TestProblemsAreToldInWords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Customers: 20_000}, "no folder to write to"},
		{Options{Dir: "x", Customers: 999}, "cannot make 999 customers: ask for 1,000 to 100,000,000"},
		{Options{Dir: "x", Customers: 100_000_001}, "ask for 1,000"},
		{Options{Dir: "x", Customers: 1000, Threads: -1}, "cannot work with -1 threads"},
		{Options{Dir: filepath.Join(file, "below"), Customers: 1000}, "a file is in the way"},
	} {
		_, err := Run(t.Context(), open(t), c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.o, err, c.want)
		}
	}
	o := Options{Dir: "data", Customers: 1_000_000}
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("write: %w", syscall.ENOSPC), "the disk of data is full (while writing orders): 1000000 customers need about 581 MB"},
		{errors.New("IO Error: Could not write file: No space left on device"), "the disk of data is full"},
		{fmt.Errorf("mkdir: %w", fs.ErrPermission), "cannot write to data: choose a folder"},
		{errors.New("Binder Error"), "cannot generate orders: Binder Error"},
	} {
		if got := o.explain(c.err, "orders").Error(); !strings.HasPrefix(got, c.want) || !strings.HasSuffix(got, c.err.Error()) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestProgressEndsAtAll(t *testing.T) {
	last := map[string]int64{}
	generate(t, Options{Dir: t.TempDir(), Customers: 1000, Progress: func(table string, done, total int64) {
		if done < last[table] || done > total || total != 1000 {
			t.Errorf("%s: %d of %d after %d", table, done, total, last[table])
		}
		last[table] = done
	}})
	for _, table := range tables {
		if last[table.name] != 1000 {
			t.Errorf("%s ends at %d", table.name, last[table.name])
		}
	}
}
