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

	duckdb "github.com/duckdb/duckdb-go/v2"

	"personae/engine/byrow"
	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// Parquet files are the same bytes for the same rows in the same order:
// the size of row groups and the compression are fixed, and the order of rows is
// that of the tables (measured: threads 1, 2 and 4 give one digest).
const parquetOptions = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"

// copyTo writes a query to a Parquet file. The database may write to its own
// folder only, so the file is moved to its place when it is whole.
func (db *DB) copyTo(ctx context.Context, query, path string, meta map[string]string) error {
	if err := os.MkdirAll(db.ExportDir(), 0o700); err != nil {
		return plainError(err)
	}
	tmp := filepath.Join(db.ExportDir(), filepath.Base(path))
	defer os.Remove(tmp)
	statement := "COPY (" + query + ") TO " + sqltext.Literal(tmp) + " (" + parquetOptions + keyValues(meta) + ")"
	if _, err := db.sql.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), plainError(err))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.Rename(tmp, path)
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
// segmentations, scores, as_of; a row a customer, sorted by key. Lists and records stay
// out: the file is flat.
func (s *Snapshot) ExportEntity(ctx context.Context, p *plan.EntityPlan, path string, meta map[string]string) error {
	list := []string{sqltext.Ident(p.Entity.Table.Key)}
	for _, o := range outputs(p) {
		switch o.Kind {
		case plan.TraitOutput:
			if !flat(o.Expr.Type.Kind) {
				continue
			}
		case plan.SegmentOutput, plan.SegmentationOutput, plan.PointsOutput, plan.BandOutput:
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

// ExportMemberships writes data/memberships.parquet of REPORTS D: one row for
// each customer who is in a segment or whom it cannot decide, with the reason;
// sorted by entity, segment, state and key. It goes through a table that each segment
// is added to, so that no sort of all memberships is needed.
func (s *Snapshot) ExportMemberships(ctx context.Context, p *plan.Plan, path string, meta map[string]string) error {
	table := sqltext.Path(sqlgen.ResultSchema, "memberships of all")
	create := "CREATE OR REPLACE TABLE " + table + " (entity VARCHAR, segment VARCHAR, key VARCHAR, state VARCHAR, because VARCHAR, as_of TIMESTAMPTZ)"
	if _, err := s.db.sql.ExecContext(ctx, create); err != nil {
		return plainError(err)
	}
	for _, e := range p.Entities {
		if err := s.addMemberships(ctx, p, e, table); err != nil {
			return err
		}
	}
	return s.db.copyTo(ctx, "SELECT * FROM "+table, path, meta)
}

// addMemberships adds the rows of one entity's segments, in order of their names.
func (s *Snapshot) addMemberships(ctx context.Context, p *plan.Plan, e *plan.EntityPlan, table string) error {
	list := []plan.Output{}
	for _, o := range outputs(e) {
		if o.Kind == plan.SegmentOutput {
			list = append(list, o)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	env, err := byrow.NewEnv(p, e)
	if err != nil {
		return err
	}
	if err := s.setUndecided(ctx, e, list); err != nil {
		return plainError(err)
	}
	for _, o := range list {
		if err := s.addSegment(ctx, env, e, o, table); err != nil {
			return fmt.Errorf("the members of %s cannot be written: %w", o.Rule.Name, plainError(err))
		}
	}
	return nil
}

// addSegment adds one segment: its members, then those that it cannot decide.
func (s *Snapshot) addSegment(ctx context.Context, env *byrow.Env, e *plan.EntityPlan, o plan.Output, table string) error {
	if _, err := s.db.sql.ExecContext(ctx, "INSERT INTO "+table+" "+s.members(e, o)); err != nil || o.Expr.Decided() {
		return err
	}
	asked, err := s.because(ctx, env, e, o)
	if err != nil {
		return err
	}
	_, err = s.db.sql.ExecContext(ctx, "INSERT INTO "+table+" "+s.unknownMembers(e, o, asked > 0))
	return err
}

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
