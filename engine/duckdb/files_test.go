package duckdb

import (
	"database/sql"
	"testing"
)

// makeFiles runs SQL in a database without a sandbox, relative to a folder.
func makeFiles(t testing.TB, dir string, statements ...string) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, s := range append([]string{"SET file_search_path = '" + dir + "'"}, statements...) {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
