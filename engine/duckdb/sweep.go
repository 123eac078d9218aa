package duckdb

import (
	"context"
	"maps"
	"slices"

	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// sweep drops the tables of results that hold nothing that stands, and the
// columns that do not stand of those that do. All else in that database is made
// for one Run, but for the undecided rows, of which those who write a version ask
// after it.
func (s *Snapshot) sweep(ctx context.Context, stands map[string]*standing) error {
	if !s.db.unswept {
		return nil
	}
	keep := map[string]map[string]bool{}
	for _, entity := range stands {
		keeps := func(at stored) {
			if keep[at.table] == nil {
				keep[at.table] = map[string]bool{}
			}
			keep[at.table][at.name] = true
		}
		keeps(stored{entity.base, entity.key})
		for _, at := range entity.names {
			keeps(at)
		}
	}
	drop := map[string][]string{}
	in := " WHERE database_name = " + sqltext.Literal(sqlgen.ResultSchema)
	err := s.each(ctx, "SELECT t.table_name AS t, c.column_name AS c FROM duckdb_tables() t JOIN duckdb_columns() c USING (database_name, table_name)"+in+" ORDER BY ALL", func(r foundRow) error {
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
	if err != nil {
		return err
	}
	var statements []string
	err = s.each(ctx, "SELECT view_name AS entity FROM duckdb_views()"+in+" AND NOT internal ORDER BY ALL", func(r foundRow) error {
		if entity, _ := r["entity"].(string); stands[entity] == nil {
			delete(s.db.views, entity)
			statements = append(statements, "DROP VIEW "+sqltext.Path(sqlgen.ResultSchema, entity), "DROP MACRO TABLE IF EXISTS "+sqlgen.RowsMacro(entity))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(drop)) {
		path := sqltext.Path(sqlgen.ResultSchema, table)
		if keep[table] == nil {
			statements = append(statements, "DROP TABLE "+path)
			continue
		}
		for _, name := range drop[table] {
			statements = append(statements, "ALTER TABLE "+path+" DROP COLUMN "+sqltext.Ident(name))
		}
	}
	for _, statement := range statements {
		if _, err := s.db.sql.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	s.db.unswept = false
	return nil
}
