package sqlgen_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"personae/engine/sqlgen/sqltest"
)

// openWork opens a database as a run does: what rules read is in a file, what
// they find in memory, and what memory does not hold is spilled.
func openWork(t *testing.T) *sql.DB {
	t.Helper()
	dir := t.TempDir()
	db, err := sql.Open("duckdb", filepath.Join(dir, "work.duckdb")+"?storage_compatibility_version=latest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	for _, s := range []string{"SET TimeZone = 'UTC'", "SET threads = 2", "SET memory_limit = '" + benchMemory() + "'",
		"SET temp_directory = '" + filepath.Join(dir, "spill") + "'", "CREATE SCHEMA snapshot", "ATTACH ':memory:' AS result"} {
		sqltest.Exec(t, db, s)
	}
	return db
}

// benchMemory is how much memory the database may take: PERSONAE_BENCH_MEMORY.
// 300 rules of 5 M customers take 14 GB of results and 3 GB of what was grouped.
func benchMemory() string {
	if limit := os.Getenv("PERSONAE_BENCH_MEMORY"); limit != "" {
		return limit
	}
	return "18GB"
}

// benchRounds is how often both sides take turns: PERSONAE_BENCH_ROUNDS, or
// once where a round takes minutes.
func benchRounds(usual, manyRows int) int {
	if n, err := strconv.Atoi(os.Getenv("PERSONAE_BENCH_ROUNDS")); err == nil {
		return n
	}
	if benchRows() > manyRows {
		return 1
	}
	return usual
}

// moment is when something began, on the clock and in the time that processors
// have given to this process.
type moment struct {
	at  time.Time
	cpu time.Duration
}

func now() moment {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return moment{time.Now(), time.Duration(u.Utime.Nano() + u.Stime.Nano())}
}

func (m moment) until() cost {
	n := now()
	return cost{n.at.Sub(m.at), n.cpu - m.cpu}
}

// least is the less of two costs, each by itself; nothing is no cost.
func (c cost) least(other cost) cost {
	if c == (cost{}) {
		return other
	}
	return cost{min(c.wall, other.wall), min(c.cpu, other.cpu)}
}

// row says both times of a cost.
func (c cost) row(what string) benchRow {
	return benchRow{what: fmt.Sprintf("%-44s (%8.2f s of CPU)", what, c.cpu.Seconds()), took: c.wall}
}

// peakMemory is the most memory that this process has held since it was asked
// last, "" where the system does not tell.
func peakMemory() string {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600)
	return strings.TrimSpace(line)
}
