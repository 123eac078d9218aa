package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"math/big"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Row is one row by column name: nil, bool, int64, float64, string, time.Time,
// lists and records of these.
type Row map[string]any

// One reads the one row of a query.
func (db *DB) One(ctx context.Context, query string) (Row, error) {
	var out Row
	err := db.Each(ctx, query, func(r Row) error {
		out = r
		return nil
	})
	return out, err
}

// Each calls f for every row of a query that the engine wrote.
func (db *DB) Each(ctx context.Context, query string, f func(Row) error) error {
	rows, err := db.sql.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(names))
	targets := make([]any, len(names))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		r := make(Row, len(names))
		for i, n := range names {
			r[n] = Plain(values[i])
		}
		if err := f(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Whole is 0 for NULL and for "".
func (r Row) Whole(column string) int64 {
	n, _ := r[column].(int64)
	return n
}

// Double is not ok for NULL and for "".
func (r Row) Double(column string) (float64, bool) {
	switch v := r[column].(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	}
	return 0, false
}

// List is nil for NULL and for "".
func (r Row) List(column string) []any {
	list, _ := r[column].([]any)
	return list
}

// Rows are the rows of a query that the engine wrote.
func (db *DB) Rows(ctx context.Context, query string) ([]map[string]any, error) {
	var out []map[string]any
	err := db.Each(ctx, query, func(r Row) error {
		out = append(out, r)
		return nil
	})
	if err != nil {
		return nil, PlainError(err)
	}
	return out, nil
}

// Plain turns the driver's types into those of packages results and eval.
func Plain(v any) any {
	switch x := v.(type) {
	case nil, int64, float64, string, bool: // nearly all
		return v
	case duckdb.OrderedMap:
		keys, values := x.Keys(), x.Values()
		out := make(map[any]any, len(keys))
		for i, k := range keys {
			out[Plain(k)] = Plain(values[i])
		}
		return out
	case *big.Int:
		if x != nil && x.IsInt64() {
			return x.Int64()
		}
		return nil
	case int8:
		return int64(x)
	case int16:
		return int64(x)
	case int32:
		return int64(x)
	case uint8:
		return int64(x)
	case uint16:
		return int64(x)
	case uint32:
		return int64(x)
	case float32:
		return float64(x)
	case duckdb.Decimal:
		return x.Float64()
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = Plain(x[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for k := range x {
			out[k] = Plain(x[k])
		}
		return out
	}
	return v
}

// Append adds rows to a table. It reads a row before it asks for the next one. An
// error names the row that has no place there, from 1.
func Append(conn *sql.Conn, database, schema, table string, rows iter.Seq[[]driver.Value]) error {
	return conn.Raw(func(c any) error {
		appender, err := duckdb.NewAppender(c.(driver.Conn), database, schema, table)
		if err != nil {
			return err
		}
		n := 0
		for row := range rows {
			n++
			if err := appender.AppendRow(row...); err != nil {
				return errors.Join(fmt.Errorf("row %d: %w", n, err), appender.Close())
			}
		}
		return appender.Close()
	})
}
