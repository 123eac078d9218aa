package duckdb

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Files that are written one by one and joined are the one file that one query
// writes: the same rows in the same order, also where a reader skips row groups.
func TestQueriesFollowEachOtherInOneFile(t *testing.T) {
	w := newWorld(t, "kind: Project\nname: p\nroot: customer\n", nil)
	ctx := context.Background()
	queries := []string{
		"SELECT i AS n, 'city' || i % 50 AS city, i % 7 = 0 AS odd FROM range(300000) t(i)",
		"SELECT i AS n, 'none' AS city, true AS odd FROM range(300000, 300000) t(i)",
		"SELECT i AS n, 'town' || i % 9 AS city, NULL::BOOLEAN AS odd FROM range(300000, 300010) t(i)",
		"SELECT i AS n, NULL::VARCHAR AS city, i % 2 = 0 AS odd FROM range(300010, 600000) t(i)",
	}
	path := filepath.Join(t.TempDir(), "data", "all.parquet")
	if err := w.db.CopyAll(ctx, queries, path, map[string]string{"a": "b"}); err != nil {
		t.Fatal(err)
	}
	db, closer, err := Scratch(t.TempDir(), "1GB")
	if err != nil {
		t.Fatal(err)
	}
	defer closer()
	file := "'" + path + "'"
	for query, want := range map[string]int64{
		"SELECT count(*) FROM " + file: 600000,
		"SELECT count(*) FROM (SELECT *, file_row_number AS place FROM read_parquet(" + file + ", file_row_number = true)) WHERE n = place":                              600000,
		"SELECT count(*) FROM " + file + " a JOIN (" + strings.Join(queries, " UNION ALL ") + ") b USING (n) WHERE (a.city, a.odd) IS NOT DISTINCT FROM (b.city, b.odd)": 600000,
		"SELECT count(*) FROM " + file + " WHERE city = 'town3'":                                                           2,
		"SELECT count(*) FROM " + file + " WHERE city = 'nowhere'":                                                         0,
		"SELECT count(*) FROM " + file + " WHERE n BETWEEN 299998 AND 300001":                                              4,
		"SELECT count(*) FROM parquet_kv_metadata(" + file + ") WHERE key = 'a' AND value = 'b'":                           1,
		"SELECT count(DISTINCT row_group_id) FROM parquet_metadata(" + file + ")":                                          7,
		"SELECT sum(total_compressed_size > 0)::BIGINT FROM parquet_metadata(" + file + ") WHERE column_id = 0":            7,
		"SELECT num_rows FROM parquet_file_metadata(" + file + ")":                                                         600000,
		"SELECT (count_if(NOT bloom_filter_excludes) > 0)::BIGINT FROM parquet_bloom_probe(" + file + ", 'city', 'town3')": 1,
		"SELECT (count_if(bloom_filter_excludes) > 2)::BIGINT FROM parquet_bloom_probe(" + file + ", 'city', 'town33')":    1,
	} {
		var got int64
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, want %d (%v)", query, got, want, err)
		}
	}
	if left, _ := os.ReadDir(w.db.ExportDir()); len(left) > 0 {
		t.Errorf("%d files stay in the work folder", len(left))
	}
	bad := append(queries[:2:2], "SELECT 1")
	if err := w.db.CopyAll(ctx, bad, filepath.Join(t.TempDir(), "bad.parquet"), nil); err == nil || !strings.Contains(err.Error(), "different columns") {
		t.Errorf("files of different columns: %v", err)
	}
	if err := w.db.CopyAll(ctx, []string{queries[0], "SELECT error('no')"}, filepath.Join(t.TempDir(), "bad.parquet"), nil); err == nil || !strings.Contains(fmt.Sprint(err), "bad.parquet cannot be written") {
		t.Errorf("a query that fails: %v", err)
	}
}
