package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// GivenTable is a table whose rows are given, as tests give them, and not read.
// It stands where a run has the table of that name: of a dataset in the
// snapshot, or among the results.
type GivenTable struct {
	Name    string
	Result  bool
	Columns []GivenColumn
	Rows    [][]any // values as package eval has them; nil for NULL
}

// GivenColumn is a column with the type that it has in a snapshot.
type GivenColumn struct{ Name, SQLType string }

// Give makes tables, in place of those that are there.
func (db *DB) Give(ctx context.Context, tables []GivenTable) error {
	if _, err := db.sql.ExecContext(ctx, "ATTACH IF NOT EXISTS ':memory:' AS "+sqlgen.ResultSchema); err != nil {
		return PlainError(err)
	}
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return PlainError(err)
	}
	defer conn.Close()
	for _, t := range tables {
		if err := give(ctx, conn, t); err != nil {
			return PlainError(err)
		}
	}
	return nil
}

func give(ctx context.Context, conn *sql.Conn, t GivenTable) error {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = sqltext.Ident(c.Name) + " " + c.SQLType
	}
	database, schema := "", snapshotSchema
	if t.Result {
		database, schema = sqlgen.ResultSchema, "main"
	}
	path := sqltext.Path(schema, t.Name)
	if database != "" {
		path = sqltext.Ident(database) + "." + path
	}
	if _, err := conn.ExecContext(ctx, "CREATE OR REPLACE TABLE "+path+" ("+strings.Join(columns, ", ")+")"); err != nil || len(t.Rows) == 0 {
		return err
	}
	return Append(conn, database, schema, t.Name, func(yield func([]driver.Value) bool) {
		values := make([]driver.Value, len(t.Columns))
		for _, row := range t.Rows {
			for i, v := range row {
				values[i] = givenValue(v)
			}
			if !yield(values) {
				return
			}
		}
	})
}

// givenValue turns the values of package eval into those that the driver writes.
func givenValue(v any) any {
	switch x := v.(type) {
	case time.Duration:
		return int64(x)
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = givenValue(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for name, e := range x {
			out[name] = givenValue(e)
		}
		return out
	case map[any]any:
		var out duckdb.OrderedMap
		byText := func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
		for _, key := range slices.SortedFunc(maps.Keys(x), byText) {
			out.Set(key, givenValue(x[key]))
		}
		return out
	}
	return v
}
