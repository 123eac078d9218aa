package duckdb

import (
	"context"
	"database/sql"
	"slices"
	"sort"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// dataset is a dataset whose source and columns are known.
type dataset struct {
	spec    *spec.Dataset
	rel     *relation
	columns []*column
	hidden  []catalog.HiddenColumn
	role    catalog.Role
}

// column returns the column with that name, or nil.
func (d *dataset) column(name string) *column {
	for _, c := range d.columns {
		if c.cat.Name == name {
			return c
		}
	}
	return nil
}

func (d *dataset) names() []string {
	out := make([]string, len(d.columns))
	for i, c := range d.columns {
		out[i] = c.cat.Name
	}
	return out
}

// introspection is what Introspect found, for Load to use.
type introspection struct {
	module   *spec.Module
	catalog  *catalog.Catalog
	datasets map[string]*dataset
	order    []string // every dataset after those that it reads
	key      string   // of what it was made from
	found    diag.List
}

// builder holds the state of one introspection.
type builder struct {
	db    *DB
	conn  *sql.Conn
	list  *diag.List
	zone  string
	specs map[string]*spec.Dataset
	done  map[string]*dataset
	order []string
}

// Introspect finds the names and types of every dataset. Text files are read
// as a whole: a type is chosen only if every cell fits it. A dataset with an
// error is not in the catalog; all problems are reported in one go. Where
// datasets and files are the same as the last time, so is the catalog.
func (db *DB) Introspect(ctx context.Context, m *spec.Module) (*catalog.Catalog, diag.List) {
	if c, found, ok := db.sameColumns(m); ok {
		return c, found
	}
	var list diag.List
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		report(&list, err, "", source.Range{})
		return &catalog.Catalog{}, list
	}
	defer conn.Close()
	b := &builder{db: db, conn: conn, list: &list, zone: zoneOf(m), specs: map[string]*spec.Dataset{}, done: map[string]*dataset{}}
	for _, ds := range m.Datasets {
		b.specs[ds.Name.Value()] = ds
	}
	for _, ds := range m.Datasets {
		b.build(ctx, ds, nil)
	}
	b.roles(m)
	b.checkKeys()
	b.checkReferences()
	c := &catalog.Catalog{}
	for _, name := range b.order {
		c.Tables = append(c.Tables, b.done[name].table())
	}
	sort.Slice(c.Tables, func(i, j int) bool { return c.Tables[i].Name < c.Tables[j].Name })
	list.Sort()
	db.state = &introspection{module: m, catalog: c, datasets: b.done, order: b.order, key: ColumnsKey(m), found: slices.Clone(list)}
	return c, list
}

// zoneOf is the project's time zone. A name that does not exist is reported
// where settings are resolved; here it is UTC.
func zoneOf(m *spec.Module) string {
	if m.Project == nil || m.Project.Timezone.Value() == "" {
		return "UTC"
	}
	name := m.Project.Timezone.Value()
	if _, err := time.LoadLocation(name); err != nil || strings.EqualFold(name, "local") {
		return "UTC"
	}
	return name
}

// build makes a dataset after those that it reads. path holds the names from
// the first one to here, to show a circle.
func (b *builder) build(ctx context.Context, ds *spec.Dataset, path []string) *dataset {
	name := ds.Name.Value()
	if d, ok := b.done[name]; ok {
		return d
	}
	if ds.Source == nil {
		return nil // reported when it was read
	}
	for i, p := range path {
		if p == name {
			circle := append(append([]string(nil), path[i:]...), name)
			b.list.Errorf("cycle", sourcePlace(ds), "Datasets read each other in a circle: %s", strings.Join(circle, " → ")).Detail = "One of them must come from a file."
			return nil
		}
	}
	before := b.list.Count(diag.Error)
	r := b.relationOf(ctx, ds, append(path, name))
	var d *dataset
	if r != nil {
		if d = b.columns(ds, r); b.list.Count(diag.Error) == before {
			b.finish(ctx, d)
		}
	}
	if _, again := b.done[name]; again {
		return b.done[name]
	}
	if r == nil || b.list.Count(diag.Error) > before {
		d = nil
	}
	b.done[name] = d
	if d != nil {
		b.order = append(b.order, name)
	}
	return d
}

// finish sniffs types, checks formats and names, and makes the view that `sql`
// datasets see.
func (b *builder) finish(ctx context.Context, d *dataset) {
	name := d.spec.Name.Value()
	b.checkFormats(ctx, d)
	if err := b.sniff(ctx, d); err != nil {
		report(b.list, err, name, d.rel.at)
		return
	}
	b.checkColumns(d)
	view := "CREATE OR REPLACE VIEW " + sqltext.Path(viewSchema, name) + " AS " + d.converted(d.columns, reading{schema: viewSchema, values: true})
	if _, err := b.conn.ExecContext(ctx, view); err != nil {
		report(b.list, err, name, d.rel.at)
	}
}

// relationOf finds where the rows come from.
func (b *builder) relationOf(ctx context.Context, ds *spec.Dataset, path []string) *relation {
	switch src := ds.Source; {
	case !src.Path.IsZero():
		return b.relationOfPath(ctx, ds)
	case !src.Database.IsZero():
		return b.relationOfDatabase(ctx, ds)
	case !src.SQL.IsZero():
		q := b.parseSQL(ctx, ds)
		if q == nil {
			return nil
		}
		names := make([]string, 0, len(q.tables))
		for n := range q.tables {
			names = append(names, n)
		}
		sort.Strings(names)
		ok := true
		for _, n := range names {
			ok = b.build(ctx, b.specs[n], path) != nil && ok
		}
		if !ok {
			return nil // what it reads is reported
		}
		return b.relationOfSQL(ctx, ds, q)
	case !src.Distinct.IsZero():
		other := b.specs[src.Distinct.Value()]
		if other == nil {
			var names []string
			for n := range b.specs {
				names = append(names, n)
			}
			sort.Strings(names)
			d := b.list.Errorf("unknown-name", src.Distinct.Range(), "There is no dataset %s", src.Distinct.Value())
			suggest(d, src.Distinct.Value(), names)
			return nil
		}
		from := b.build(ctx, other, path)
		if from == nil {
			return nil
		}
		return b.relationOfDistinct(ds, from)
	}
	b.list.Errorf("missing-key", ds.Source.Range, "Dataset %s does not say where its rows come from", ds.Name.Value()).Detail = "Write one of `path`, `database`, `sql` and `distinct`."
	return nil
}

func sourcePlace(ds *spec.Dataset) source.Range {
	for _, t := range []spec.Text{ds.Source.Path, ds.Source.Database, ds.Source.SQL, ds.Source.Distinct} {
		if !t.IsZero() {
			return t.Range()
		}
	}
	return ds.Source.Range
}

// table is the dataset as rules see it.
func (d *dataset) table() *catalog.Table {
	s := d.spec
	t := &catalog.Table{
		Name: s.Name.Value(), Entity: s.Entity.Value(), Role: d.role, Key: s.Key.Value(), Of: s.Of.Value(),
		By: s.By.Value(), Time: s.Time.Value(), Hidden: d.hidden,
	}
	for _, c := range d.columns {
		t.Columns = append(t.Columns, c.cat)
	}
	return t
}

// scanInts runs a query that gives one row of whole numbers.
func scanInts(ctx context.Context, conn *sql.Conn, query string, n int) ([]int64, error) {
	values, pointers := make([]sql.NullInt64, n), make([]any, n)
	for i := range values {
		pointers[i] = &values[i]
	}
	if err := conn.QueryRowContext(ctx, query).Scan(pointers...); err != nil {
		return nil, err
	}
	out := make([]int64, n)
	for i, v := range values {
		out[i] = v.Int64
	}
	return out, nil
}
