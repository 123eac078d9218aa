package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"path"
	"slices"
	"strings"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// The schemas of the working database, and the names that our reading adds to
// a relation. A colon keeps them apart from what people call their columns.
const (
	snapshotSchema = "snapshot"
	viewSchema     = "views"
	stageSchema    = "stage"
	fileColumn     = "personae:file"
	rowColumn      = "personae:row"
)

// rawColumn is a column as the source has it.
type rawColumn struct {
	id      string // its name in the relation's SQL; unique, whatever the case
	name    string // as the source writes it; "" where it has no name
	typ     catalog.SQLType
	text    bool // cells are text that our grammar reads
	notNull bool
	hidden  string // why rules cannot see it, where that is known already
}

// reading says how a relation is to be read this time.
type reading struct {
	files    []int  // indexes of the files to read; nil: all
	rejects  string // table for lines that cannot be read; "" to drop them
	numbered bool   // add fileColumn and rowColumn
	values   bool   // without the flags of rejected cells
	schema   string // where other datasets' names are looked up
}

// relation is where the rows of a dataset come from, before any conversion.
type relation struct {
	kind    string // parquet csv json database sql distinct
	files   []dataFile
	columns []rawColumn
	at      source.Range // the place that problems are reported at
	depends []string     // datasets that it reads, sorted
	uses    map[string][]string
	costly  bool // reading it twice costs more than storing it once
	from    func(reading) string
	rejects bool // lines can be rejected
}

// rawByID finds a column.
func (r *relation) rawByID(id string) *rawColumn {
	for i := range r.columns {
		if r.columns[i].id == id {
			return &r.columns[i]
		}
	}
	return nil
}

// describe fills in the columns of a relation by asking the database.
func (r *relation) describe(ctx context.Context, conn *sql.Conn, query string) error {
	rows, err := conn.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE "+query+")")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, typ string
		if err := rows.Scan(&name, &typ); err != nil {
			return err
		}
		t := catalog.ParseSQLType(typ)
		r.columns = append(r.columns, rawColumn{id: name, name: name, typ: t, text: t.Name == "VARCHAR" || t.Name == "JSON"})
	}
	return rows.Err()
}

// formats maps the ends of file names to formats.
var formats = map[string]string{
	".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".txt": "csv",
	".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson",
}

// formatOf tells a file's format from its name, compression left aside.
func formatOf(name string) string {
	return formats[plainExt(name)]
}

// plainExt gives the end of a file's name without that of its compression.
func plainExt(name string) string {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	return path.Ext(name)
}

// relationOfPath makes the relation of `source.path`.
func (b *builder) relationOfPath(ctx context.Context, ds *spec.Dataset) *relation {
	files := b.db.findFiles(ds.Source.Path, b.list)
	if files == nil {
		return nil
	}
	r := &relation{files: files, at: ds.Source.Path.Range()}
	format := ds.Source.Format.Value()
	for _, f := range files {
		own := formatOf(f.name)
		switch {
		case format == "" && own == "":
			b.list.Errorf("missing-key", r.at, "The format of %s cannot be told from its name", f.name).Detail = "Write it beside `path`: `format: csv`, `parquet`, `json` or `ndjson`."
			return nil
		case format == "":
			format = own
		case ds.Source.Format.IsZero() && own != format:
			b.list.Errorf("bad-value", r.at, "%s matches files of several formats: %s is %s, %s is %s", ds.Source.Path.Value(), files[0].name, format, f.name, own).Detail = "Choose files of one format, as in orders/*.parquet."
			return nil
		}
		if f.size == 0 {
			b.list.Errorf("data-corrupt", r.at, "The file %s is empty", f.name).Detail = "It has not even names of columns. Bring the file again, or take it out."
			return nil
		}
	}
	switch format {
	case "parquet":
		return b.parquet(ctx, ds, r)
	case "csv":
		return b.csv(ctx, ds, r)
	case "json", "ndjson":
		return b.json(ctx, ds, r, format)
	}
	return nil
}

func (r *relation) paths(rd reading) string {
	var paths []string
	for i, f := range r.files {
		if rd.files == nil || slices.Contains(rd.files, i) {
			paths = append(paths, f.path)
		}
	}
	return "[" + sqltext.Literals(paths) + "]"
}

// selected lists the relation's columns for a SELECT.
func (r *relation) selected() string {
	names := make([]string, len(r.columns))
	for i, c := range r.columns {
		names[i] = sqltext.Ident(c.id)
	}
	return strings.Join(names, ", ")
}

// parquet reads Parquet files, united by name. Folders named key=value add no
// columns: they would depend on where the project lies.
func (b *builder) parquet(ctx context.Context, ds *spec.Dataset, r *relation) *relation {
	r.kind = "parquet"
	scan := func(rd reading) string {
		return "read_parquet(" + r.paths(rd) + ", union_by_name = true, hive_partitioning = false, filename = " +
			sqltext.Literal(fileColumn) + ", file_row_number = true)"
	}
	extra := map[string]bool{fileColumn: true, "file_row_number": true}
	if err := r.describe(ctx, b.conn, "SELECT * FROM "+scan(reading{})); err != nil {
		report(b.list, err, ds.Name.Value(), r.at)
		return nil
	}
	kept := r.columns[:0]
	for _, c := range r.columns {
		if !extra[c.id] {
			kept = append(kept, c)
		}
	}
	r.columns = kept
	r.from = func(rd reading) string {
		cols := r.selected()
		if rd.numbered {
			cols += ", " + sqltext.Ident(fileColumn) + ", file_row_number + 1 AS " + sqltext.Ident(rowColumn)
		}
		return "SELECT " + cols + " FROM " + scan(rd)
	}
	b.parquetNotNull(ctx, r)
	return r
}

// parquetNotNull marks the columns that every file declares REQUIRED.
func (b *builder) parquetNotNull(ctx context.Context, r *relation) {
	rows, err := b.conn.QueryContext(ctx, "SELECT name FROM parquet_schema("+r.paths(reading{})+
		") WHERE repetition_type = 'REQUIRED' AND num_children IS NULL GROUP BY name HAVING count(DISTINCT file_name) = "+sqltext.Int(int64(len(r.files))))
	if err != nil {
		return // only a refinement: columns stay nullable
	}
	defer rows.Close()
	required := map[string]bool{}
	for rows.Next() {
		var name string
		if rows.Scan(&name) == nil {
			required[name] = true
		}
	}
	for i := range r.columns {
		c := &r.columns[i]
		c.notNull = required[c.name] && c.typ.Elem == nil && c.typ.Fields == nil
	}
}

// relationOfDatabase makes the relation of `source.database`.
func (b *builder) relationOfDatabase(ctx context.Context, ds *spec.Dataset) *relation {
	files := b.db.findFiles(ds.Source.Database, b.list)
	if files == nil {
		return nil
	}
	r := &relation{kind: "database", files: files, at: ds.Source.Database.Range()}
	if len(files) > 1 {
		b.list.Errorf("bad-value", r.at, "%s matches %d files", ds.Source.Database.Value(), len(files)).Detail = "A database is one file."
		return nil
	}
	name, ok := b.db.attached[files[0].path]
	if !ok {
		name = fmt.Sprintf("source%d", len(b.db.attached)+1)
		if _, err := b.conn.ExecContext(ctx, "ATTACH "+sqltext.Literal(files[0].path)+" AS "+name+" (READ_ONLY)"); err != nil {
			report(b.list, err, ds.Name.Value(), r.at)
			return nil
		}
		b.db.attached[files[0].path] = name
	}
	table := ds.Source.Table.Value()
	schema := "main"
	if s, t, ok := strings.Cut(table, "."); ok {
		schema, table = s, t
	}
	if !b.databaseColumns(ctx, ds, r, name, schema, table) {
		return nil
	}
	r.from = func(rd reading) string {
		cols := r.selected()
		if rd.numbered {
			cols += ", " + sqltext.Literal(files[0].path) + " AS " + sqltext.Ident(fileColumn) + ", row_number() OVER () AS " + sqltext.Ident(rowColumn)
		}
		return "SELECT " + cols + " FROM " + sqltext.Path(name, schema, table)
	}
	return r
}

func (b *builder) databaseColumns(ctx context.Context, ds *spec.Dataset, r *relation, database, schema, table string) bool {
	at := ds.Source.Table.Range()
	if ds.Source.Table.IsZero() {
		b.list.Errorf("missing-key", r.at, "The table is missing").Detail = "Write it beside `database`: `table: orders`."
		return false
	}
	rows, err := b.conn.QueryContext(ctx, "SELECT column_name, data_type, is_nullable, table_name, schema_name FROM duckdb_columns() WHERE database_name = ? AND NOT internal ORDER BY schema_name, table_name, column_index", database)
	if err != nil {
		report(b.list, err, ds.Name.Value(), r.at)
		return false
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name, typ, tab, sch string
		var nullable bool
		if err := rows.Scan(&name, &typ, &nullable, &tab, &sch); err != nil {
			report(b.list, err, ds.Name.Value(), r.at)
			return false
		}
		tables = append(tables, tab)
		if tab == table && sch == schema {
			t := catalog.ParseSQLType(typ)
			r.columns = append(r.columns, rawColumn{id: name, name: name, typ: t, text: t.Name == "VARCHAR" || t.Name == "JSON", notNull: !nullable})
		}
	}
	if len(r.columns) == 0 {
		d := b.list.Errorf("data-missing", at, "%s has no table %s", r.files[0].name, ds.Source.Table.Value())
		suggest(d, table, tables)
		return false
	}
	return true
}

// suggest adds "did you mean" to a diagnostic, or lists what there is.
func suggest(d *diag.Diagnostic, name string, candidates []string) {
	if near := diag.Suggest(name, candidates); near != "" {
		d.Detail = "Did you mean " + near + "?"
		return
	}
	d.Detail = "There is: " + list(candidates, 12) + "."
}

// list joins names for people and cuts long lists.
func list(names []string, most int) string {
	seen := map[string]bool{}
	var out []string
	for _, n := range names {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	if len(out) > most {
		return strings.Join(out[:most], ", ") + fmt.Sprintf(" and %d more", len(out)-most)
	}
	return strings.Join(out, ", ")
}
