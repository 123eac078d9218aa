package main

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"personae/engine/duckdb"
)

// A run keeps to this much memory where the database is given so much of it,
// however many customers there are: what does not fit is spilled.
const (
	benchLimit  = "3GB"
	benchMemory = 4_000 // MB, of the whole process
)

// TestBenchMemory runs a whole project as people do: one table, 50 segments of
// about half of everyone each, one value in ten of two columns empty.
// PERSONAE_BENCH_ROWS is another number of customers.
func TestBenchMemory(t *testing.T) {
	if os.Getenv("PERSONAE_BENCH") == "" {
		t.Skip("set PERSONAE_BENCH=1 (make bench)")
	}
	program := benchProgram(t)
	sizes := []int{5_000_000, 20_000_000}
	if n, err := strconv.Atoi(os.Getenv("PERSONAE_BENCH_ROWS")); err == nil {
		sizes = []int{n}
	}
	for _, rows := range sizes {
		dir := benchCustomers(t, rows, 50)
		c := exec.Command(program, "-C", dir, "run", "--memory-limit", benchLimit)
		start := time.Now()
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "version 1") {
			t.Fatalf("%v: %s", err, out)
		}
		wall, cpu := time.Since(start), c.ProcessState.UserTime()+c.ProcessState.SystemTime()
		peak := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10
		t.Logf("%d customers, 50 segments, memory limit %s: wall %.0f s, CPU %.0f s, peak memory %d MB (at most %d MB)",
			rows, benchLimit, wall.Seconds(), cpu.Seconds(), peak, benchMemory)
		if peak > benchMemory {
			t.Errorf("%d customers: %d MB, at most %d MB", rows, peak, benchMemory)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

// benchCustomers writes a project of one generated table and some segments.
func benchCustomers(t *testing.T, rows, segments int) string {
	t.Helper()
	dir := t.TempDir()
	rng := rand.New(rand.NewSource(1))
	columns := []struct {
		name string
		top  float64
	}{{"age", 88}, {"orders", 60}, {"idle_days", 700}, {"visits", 200}, {"spend", 2000}, {"basket", 150}, {"income", 90000}, {"tenure", 4000}}
	clause := func(share float64) string {
		c := columns[rng.Intn(len(columns))]
		if rng.Intn(2) == 0 {
			return fmt.Sprintf("customer.%s < %.1f", c.name, c.top*share)
		}
		return fmt.Sprintf("customer.%s > %.1f", c.name, c.top*(1-share))
	}
	rules := "kind: Project\nname: bench\nroot: customer\n"
	for i := range segments {
		rules += fmt.Sprintf("---\nkind: Segment\nname: s%d\ntitle: Segment %d\nwhen: |-\n  %s && %s && (%s || %s)\n", i, i, clause(.8), clause(.8), clause(.6), clause(.6))
	}
	for name, text := range map[string]string{
		"rules/bench.yaml":        rules,
		"datasets/customers.yaml": "kind: Dataset\nname: customers\nentity: customer\nkey: customer_id\nsource: {path: data/customers.parquet}\n",
		"data/.keep":              "",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	list := []string{"range AS customer_id"}
	for _, c := range columns {
		value := fmt.Sprintf("random() * %.0f", c.top)
		if c.name == "income" || c.name == "tenure" {
			value = "CASE WHEN random() < 0.9 THEN " + value + " END"
		}
		list = append(list, value+" AS "+c.name)
	}
	db, closer, err := duckdb.Scratch(t.TempDir(), "1GB")
	if err != nil {
		t.Fatal(err)
	}
	defer closer()
	db.SetMaxOpenConns(1) // one connection has the seed
	for _, statement := range []string{"SELECT setseed(0.5)", fmt.Sprintf("COPY (SELECT %s FROM range(%d)) TO '%s' (FORMAT parquet, COMPRESSION zstd)",
		strings.Join(list, ", "), rows, filepath.Join(dir, "data", "customers.parquet"))} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
