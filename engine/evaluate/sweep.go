package evaluate

import (
	"context"
	"maps"
	"slices"

	"personae/engine/duckdb"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// sweep drops the tables of results that hold nothing that stands, and the
// columns that do not stand of those that do. A byte stands as long as one of its
// bits does. All else in that database is made
// for one Run, but for the undecided rows, of which those who write a version ask
// after it.
func (s *Snapshot) sweep(ctx context.Context, stands map[string]*standing) error {
	if !s.db.unswept {
		return nil
	}
	tables, err := s.fallenTables(ctx, keptColumns(stands))
	if err != nil {
		return err
	}
	views, err := s.fallenViews(ctx, stands)
	if err != nil {
		return err
	}
	for _, statement := range append(views, tables...) {
		if _, err := s.db.sql.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	s.db.unswept = false
	return nil
}

// keptColumns are the columns that stand, by table.
func keptColumns(stands map[string]*standing) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	keep := func(at stored) {
		if out[at.table] == nil {
			out[at.table] = map[string]bool{}
		}
		out[at.table][at.at.Column] = true
	}
	for _, entity := range stands {
		keep(stored{entity.base, sqlgen.Place{Column: entity.key}})
		for _, at := range entity.names {
			keep(at)
		}
	}
	return out
}

const amongResults = " WHERE database_name = '" + sqlgen.ResultSchema + "'"

// fallenTables are the statements that drop what is not kept.
func (s *Snapshot) fallenTables(ctx context.Context, keep map[string]map[string]bool) ([]string, error) {
	drop := map[string][]string{}
	query := "SELECT t.table_name AS t, c.column_name AS c FROM duckdb_tables() t JOIN duckdb_columns() c USING (database_name, table_name)" + amongResults + " ORDER BY ALL"
	err := s.db.Each(ctx, query, func(r duckdb.Row) error {
		table, _ := r["t"].(string)
		name, _ := r["c"].(string)
		if entity, rows := undecidedOf(table); rows && s.undecided[entity] {
			return nil
		}
		if !keep[table][name] {
			drop[table] = append(drop[table], name)
		}
		return nil
	})
	var out []string
	for _, table := range slices.Sorted(maps.Keys(drop)) {
		path := sqltext.Path(sqlgen.ResultSchema, table)
		if keep[table] == nil {
			out = append(out, "DROP TABLE "+path)
			continue
		}
		for _, name := range drop[table] {
			out = append(out, "ALTER TABLE "+path+" DROP COLUMN "+sqltext.Ident(name))
		}
	}
	return out, err
}

// fallenViews are the statements that drop the views of entities that are no more.
func (s *Snapshot) fallenViews(ctx context.Context, stands map[string]*standing) ([]string, error) {
	var out []string
	err := s.db.Each(ctx, "SELECT view_name AS entity FROM duckdb_views()"+amongResults+" AND NOT internal ORDER BY ALL", func(r duckdb.Row) error {
		if entity, _ := r["entity"].(string); stands[entity] == nil {
			delete(s.db.views, entity)
			out = append(out, "DROP VIEW "+sqltext.Path(sqlgen.ResultSchema, entity), "DROP MACRO TABLE IF EXISTS "+sqlgen.RowsMacro(entity))
		}
		return nil
	})
	return out, err
}
