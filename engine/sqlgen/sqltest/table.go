package sqltest

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"personae/engine/catalog"
	"personae/engine/sqltext"
)

// Open gives an empty database in memory, of one connection. The test imports
// the driver.
func Open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	Exec(t, db, "SET TimeZone='UTC'")
	return db
}

// Exec runs a statement that has to work.
func Exec(t testing.TB, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), query); err != nil {
		t.Fatalf("%v\n%.3000s", err, query)
	}
}

// insertRows is how many rows one statement writes.
const insertRows = 200

// Load makes a table of a snapshot, in place of one that is there.
func Load(t testing.TB, db *sql.DB, table *catalog.Table, data []map[string]any) {
	t.Helper()
	var columns []string
	for _, c := range table.Columns {
		columns = append(columns, sqltext.Ident(c.Name)+" "+catalog.SnapshotType(c.Type))
	}
	path := sqltext.Path("snapshot", table.Name)
	Exec(t, db, "CREATE SCHEMA IF NOT EXISTS snapshot")
	Exec(t, db, "CREATE OR REPLACE TABLE "+path+" ("+strings.Join(columns, ", ")+")")
	for start := 0; start < len(data); start += insertRows {
		var values []string
		for _, row := range data[start:min(start+insertRows, len(data))] {
			var cells []string
			for _, c := range table.Columns {
				cells = append(cells, Value(c.Type, row[c.Name]))
			}
			values = append(values, "("+strings.Join(cells, ", ")+")")
		}
		Exec(t, db, "INSERT INTO "+path+" VALUES "+strings.Join(values, ",\n"))
	}
}

// Facts states what is true of the rows of a table, as reading them does.
func Facts(t *catalog.Table, data []map[string]any) *catalog.TableFacts {
	tf := &catalog.TableFacts{Rows: int64(len(data)), Columns: map[string]*catalog.ColumnFacts{}}
	owners := map[any]int64{}
	for _, row := range data {
		owners[row[t.By]]++
		tf.PerOwner = max(tf.PerOwner, owners[row[t.By]])
	}
	for _, c := range t.Columns {
		f := &catalog.ColumnFacts{Hundredths: c.Type.Kind == catalog.Double}
		for _, row := range data {
			switch v := row[c.Name].(type) {
			case nil:
				f.Nulls++
			case int64:
				extend(f, v, func(a, b int64) bool { return a < b })
			case float64:
				f.Hundredths = f.Hundredths && math.Round(v*1e2)/1e2 == v
				if v != v {
					f.HasNaN = true
					continue
				}
				extend(f, v, func(a, b float64) bool { return a < b })
			case time.Time:
				extend(f, v, time.Time.Before)
			}
		}
		tf.Columns[c.Name] = f
	}
	return tf
}

// extend makes room for a value between the smallest and the largest.
func extend[T any](f *catalog.ColumnFacts, v T, less func(a, b T) bool) {
	if f.Min == nil || less(v, f.Min.(T)) {
		f.Min = v
	}
	if f.Max == nil || less(f.Max.(T), v) {
		f.Max = v
	}
}

// Columns are the values of a query's columns but the first, the key, by which
// rows are ordered.
func Columns(db *sql.DB, query string) ([][]any, error) {
	rows, err := db.Query("SELECT * FROM (" + query + ") ORDER BY 1")
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, query)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	out := make([][]any, len(names)-1)
	cells, pointers := make([]any, len(names)), make([]any, len(names))
	for i := range cells {
		pointers[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return nil, err
		}
		for i := range out {
			out[i] = append(out[i], cells[i+1])
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, query)
	}
	return out, nil
}
