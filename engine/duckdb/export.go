package duckdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"personae/engine/catalog"
	"personae/engine/parquet"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// Parquet files are the same bytes for the same rows in the same order:
// the size of row groups and the compression are fixed, and the order of rows is
// that of the tables (measured: threads 1, 2 and 4 give one digest).
const parquetOptions = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880"

// copyTo writes a query to a Parquet file. The database may write to its own
// folder only, so the file is moved to its place when it is whole.
func (db *DB) copyTo(ctx context.Context, query, path string, meta map[string]string) error {
	tmp := filepath.Join(db.ExportDir(), filepath.Base(path))
	defer os.Remove(tmp)
	if err := db.copyHere(ctx, query, tmp, meta); err != nil {
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), plainError(err))
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

// copyAll writes queries of the same columns, as many at a time as there are
// threads, to one Parquet file in which their rows follow each other.
func (db *DB) copyAll(ctx context.Context, queries []string, path string, meta map[string]string) error {
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
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), plainError(err))
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

// ExportEntity writes data/<entity>.parquet of REPORTS D: key, traits, segments,
// segmentations, scores, journeys, as_of; a row a customer, sorted by key. Lists and records stay
// out: the file is flat.
func (s *Snapshot) ExportEntity(ctx context.Context, p *plan.EntityPlan, path string, meta map[string]string) error {
	list := []string{sqltext.Ident(p.Entity.Table.Key)}
	for _, o := range p.Outputs() {
		switch o.Kind {
		case plan.TraitOutput:
			if !flat(o.Expr.Type.Kind) {
				continue
			}
		case plan.SegmentOutput, plan.SegmentationOutput, plan.PointsOutput, plan.BandOutput, plan.StageOutput, plan.SinceOutput:
		default:
			continue
		}
		list = append(list, sqltext.Ident(o.Name))
	}
	list = append(list, s.asOf()+" AS as_of")
	return s.db.copyTo(ctx, "SELECT "+strings.Join(list, ", ")+" FROM "+sqltext.Path(sqlgen.ResultSchema, p.Entity.Name), path, meta)
}

func flat(k catalog.Kind) bool {
	switch k {
	case catalog.Bool, catalog.Int, catalog.Uint, catalog.Double, catalog.String, catalog.Bytes, catalog.Timestamp, catalog.Duration:
		return true
	}
	return false
}

func (s *Snapshot) asOf() string { return sqlgen.DuckDB{}.Constant(s.AsOf) }

// Column is a column of a table that WriteParquet writes; Type is a DuckDB type.
type Column struct{ Name, Type string }

// WriteParquet writes rows that Go holds: the small tables of stats/. Values
// are nil, bool, int32, int64, float64, string or time.Time.
func (db *DB) WriteParquet(ctx context.Context, path string, columns []Column, rows [][]any, meta map[string]string) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return plainError(err)
	}
	defer conn.Close()
	const table = "export_rows"
	var list []string
	for _, c := range columns {
		list = append(list, sqltext.Ident(c.Name)+" "+c.Type)
	}
	if _, err := conn.ExecContext(ctx, "CREATE OR REPLACE TABLE "+table+" (\"#\" BIGINT, "+strings.Join(list, ", ")+")"); err != nil {
		return plainError(err)
	}
	err = conn.Raw(func(c any) error {
		appender, err := duckdb.NewAppenderFromConn(c.(driver.Conn), "", table)
		if err != nil {
			return err
		}
		for i, row := range rows {
			values := make([]driver.Value, 0, len(row)+1)
			values = append(values, int64(i))
			for _, v := range row {
				values = append(values, v)
			}
			if err := appender.AppendRow(values...); err != nil {
				return errors.Join(fmt.Errorf("row %s of %s: %w", strconv.Itoa(i+1), filepath.Base(path), err), appender.Close())
			}
		}
		return appender.Close()
	})
	if err != nil {
		return plainError(err)
	}
	return db.copyTo(ctx, "SELECT * EXCLUDE \"#\" FROM "+table+" ORDER BY \"#\"", path, meta)
}
