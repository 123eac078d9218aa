package duckdb

import (
	"context"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"personae/engine/parquet"
	"personae/engine/sqltext"
)

// Parquet files are the same bytes for the same rows in the same order:
// the size of row groups and the compression are fixed, and the order of rows is
// that of the tables (measured: threads 1, 2 and 4 give one digest).
const parquetOptions = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880"

// CopyTo writes a query to a Parquet file. The database may write to its own
// folder only, so the file is moved to its place when it is whole.
func (db *DB) CopyTo(ctx context.Context, query, path string, meta map[string]string) error {
	tmp := filepath.Join(db.ExportDir(), filepath.Base(path))
	defer os.Remove(tmp)
	if err := db.copyHere(ctx, query, tmp, meta); err != nil {
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), PlainError(err))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func (db *DB) copyHere(ctx context.Context, query, path string, meta map[string]string) error {
	if err := os.MkdirAll(db.ExportDir(), 0o700); err != nil {
		return err
	}
	_, err := db.sql.ExecContext(ctx, "COPY ("+query+") TO "+sqltext.Literal(path)+" ("+parquetOptions+keyValues(meta)+")")
	return err
}

// CopyAll writes queries of the same columns, as many at a time as there are
// threads, to one Parquet file in which their rows follow each other.
func (db *DB) CopyAll(ctx context.Context, queries []string, path string, meta map[string]string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	parts := make([]string, len(queries))
	defer func() {
		for _, p := range parts {
			os.Remove(p)
		}
	}()
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(db.threads, len(queries)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(queries) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				parts[i] = filepath.Join(db.ExportDir(), fmt.Sprintf("%s.%d", filepath.Base(path), i))
				if err := db.copyHere(ctx, queries[i], parts[i], meta); err != nil {
					cancel(err)
				}
			}
		})
	}
	wait.Wait()
	err := context.Cause(ctx)
	if err == nil {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = parquet.Join(path, parts)
		}
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), PlainError(err))
	}
	return nil
}

func keyValues(meta map[string]string) string {
	var parts []string
	for k, v := range meta {
		parts = append(parts, sqltext.Ident(k)+": "+sqltext.Literal(v))
	}
	if len(parts) == 0 {
		return ""
	}
	sort.Strings(parts)
	return ", KV_METADATA {" + strings.Join(parts, ", ") + "}"
}

// Column is a column of a table that WriteParquet writes; Type is a DuckDB type.
type Column struct{ Name, Type string }

// WriteParquet writes rows that Go holds: the small tables of stats/. Values
// are nil, bool, int32, int64, float64, string or time.Time.
func (db *DB) WriteParquet(ctx context.Context, path string, columns []Column, rows [][]any, meta map[string]string) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return PlainError(err)
	}
	defer conn.Close()
	const table = "export_rows"
	var list []string
	for _, c := range columns {
		list = append(list, sqltext.Ident(c.Name)+" "+c.Type)
	}
	if _, err := conn.ExecContext(ctx, "CREATE OR REPLACE TABLE "+table+" (\"#\" BIGINT, "+strings.Join(list, ", ")+")"); err != nil {
		return PlainError(err)
	}
	err = Append(conn, "", "", table, func(yield func([]driver.Value) bool) {
		for i, row := range rows {
			values := append(make([]driver.Value, 0, len(row)+1), int64(i))
			for _, v := range row {
				values = append(values, v)
			}
			if !yield(values) {
				return
			}
		}
	})
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), PlainError(err))
	}
	return db.CopyTo(ctx, "SELECT * EXCLUDE \"#\" FROM "+table+" ORDER BY \"#\"", path, meta)
}

// Lend makes a file readable for the database, which sees its own folder only:
// as a second name of it, or as a copy. "" where there is no file.
func (db *DB) Lend(path string) (name string, remove func(), err error) {
	if path == "" {
		return "", func() {}, nil
	}
	if err := os.MkdirAll(db.ExportDir(), 0o700); err != nil {
		return "", nil, PlainError(err)
	}
	name = filepath.Join(db.ExportDir(), "before-"+filepath.Base(path))
	remove = func() { os.Remove(name) }
	if os.Link(path, name) == nil {
		return name, remove, nil
	}
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(name, data, 0o600)
	}
	if err != nil {
		return "", nil, fmt.Errorf("the version before cannot be read: %w", err)
	}
	return name, remove, nil
}
