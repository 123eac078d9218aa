package sqlgen_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

// peakMemory is the most memory that this process has held since it was asked
// last, "" where the system does not tell.
func peakMemory() string {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600)
	return strings.TrimSpace(line)
}
