package duckdb

import (
	"context"
	"database/sql"
	"maps"
	"sort"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// LoadOptions say for which instant data is read.
type LoadOptions struct {
	AsOf     time.Time                             // rows later than it do not exist
	Latest   bool                                  // as-of is the newest event in the data; AsOf is ignored, but where no dataset has a time
	Progress func(dataset string, done, all int64) // called before each dataset and at the end; may be nil
}

// Snapshot is what Load made: tables snapshot.<dataset> in the working
// database, which stand until a Load that needs others.
type Snapshot struct {
	AsOf   time.Time
	Facts  *catalog.Facts
	Health []results.DatasetHealth // sorted by dataset
}

// loader holds the state of one Load.
type loader struct {
	db     *DB
	conn   *sql.Conn
	list   *diag.List
	state  *introspection
	asOf   time.Time
	uses   map[string]map[string]bool // dataset → columns to read
	health map[string]*health
	facts  *catalog.Facts
	later  map[*dataset]bool // owners with rows later than as-of: see later.go
	// complete are the references of which every key that is not null leads to a row.
	complete map[*column]bool
}

// health is a dataset's health while it is counted.
type health struct {
	results.DatasetHealth
	problems []*problem
	left     int64  // rows that kept leaves out
	kept     string // true, in a reading, for rows that are not left out before duplicates and orphans
}

// Load reads the columns that are used, and the keys, times and rules of rows
// that decide which rows there are, into snapshot tables. Dirt is counted in
// the health of each dataset and reported; errors mean that nothing may be
// calculated from this data, and give no snapshot. c is what Introspect gave
// for m; where it is not, the data is introspected again. Datasets that are the
// same as at the Load before are not read again.
func (db *DB) Load(ctx context.Context, m *spec.Module, c *catalog.Catalog, uses []plan.TableUse, o LoadOptions) (*Snapshot, diag.List) {
	var list diag.List
	if db.state == nil || db.state.module != m || db.state.catalog != c {
		if _, list = db.Introspect(ctx, m); list.HasErrors() {
			return nil, list
		}
	}
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		report(&list, err, "", source.Range{})
		return nil, list
	}
	defer conn.Close()
	l := &loader{db: db, conn: conn, list: &list, state: db.state, asOf: o.AsOf, health: map[string]*health{}, later: map[*dataset]bool{}, complete: map[*column]bool{}, facts: &catalog.Facts{Tables: map[string]*catalog.TableFacts{}}}
	l.need(uses)
	if l.changed(); list.HasErrors() {
		return nil, list
	}
	if o.Latest {
		l.latest(ctx)
	}
	order := l.order()
	keys := l.keys(order)
	standing := l.takeOver(ctx, keys)
	if list.HasErrors() {
		return nil, list
	}
	for i, name := range order {
		if standing[name] {
			continue
		}
		if o.Progress != nil {
			o.Progress(name, int64(i), int64(len(order)))
		}
		if !l.stage(ctx, l.state.datasets[name]) {
			l.changed()
			return nil, list
		}
	}
	l.finish(ctx, order, standing)
	if o.Progress != nil {
		o.Progress("", int64(len(order)), int64(len(order)))
	}
	list.Sort()
	if list.HasErrors() {
		return nil, list
	}
	l.keep(keys)
	return l.snapshot(), list
}

// finish decides about orphans, finds the first row of each problem and
// measures what is left. Of datasets that stand all this is known.
func (l *loader) finish(ctx context.Context, order []string, standing map[string]bool) {
	done := maps.Clone(standing)
	for _, name := range order {
		l.orphans(ctx, l.state.datasets[name], done)
	}
	for _, name := range order {
		d := l.state.datasets[name]
		if !standing[name] {
			l.dangling(ctx, d)
			l.locate(ctx, d)
			l.measure(ctx, d)
		}
		l.freshness(d)
		l.describe(d)
	}
	l.changed()
}

func (l *loader) snapshot() *Snapshot {
	s := &Snapshot{AsOf: l.asOf, Facts: l.facts}
	for _, h := range l.health {
		out := h.DatasetHealth
		for _, p := range h.problems {
			out.Problems = append(out.Problems, p.Problem)
		}
		sort.SliceStable(out.Problems, func(i, j int) bool {
			a, b := out.Problems[i], out.Problems[j]
			if a.Reason != b.Reason {
				return a.Reason < b.Reason
			}
			return a.Column < b.Column
		})
		s.Health = append(s.Health, out)
	}
	sort.Slice(s.Health, func(i, j int) bool { return s.Health[i].Dataset < s.Health[j].Dataset })
	return s
}

// need collects what has to be read: used columns, the owners that orphans are
// looked up in, the datasets that `sql` and `distinct` read, and those with a
// promise to keep (fresh, checks).
func (l *loader) need(uses []plan.TableUse) {
	l.uses = map[string]map[string]bool{}
	for _, u := range uses {
		l.use(u.Table.Name, u.Columns)
	}
	for _, name := range l.state.order {
		if s := l.state.datasets[name].spec; s.Fresh != nil || len(s.Checks) > 0 {
			l.use(name, nil)
		}
	}
}

// use adds columns of a dataset, and all that follows from its being read.
func (l *loader) use(name string, columns []string) {
	d := l.state.datasets[name]
	if d == nil {
		return
	}
	set, known := l.uses[name]
	if !known {
		set = map[string]bool{}
		l.uses[name] = set
	}
	for _, c := range columns {
		set[c] = true
	}
	if known {
		return
	}
	s := d.spec
	for _, t := range append([]spec.Text{s.Key, s.By, s.Time, s.Value}, s.OrderBy...) {
		set[orderColumn(t.Value())] = true
	}
	delete(set, "")
	for _, c := range d.columns {
		if c.required || c.onError == "skip" || c.onError == "fail" {
			set[c.cat.Name] = true
		}
	}
	if !s.Of.IsZero() {
		if owner := ownerOf(l.state.datasets, l.state.order, s.Of.Value()); owner != nil {
			l.use(owner.spec.Name.Value(), nil)
		}
	}
	for _, other := range d.rel.depends {
		l.use(other, l.columnsRead(l.state.datasets[other], d.rel.uses[other]))
	}
}

// columnsRead gives the columns of d among lower-case names; all for nil.
func (l *loader) columnsRead(d *dataset, names []string) []string {
	var out []string
	for _, c := range d.columns {
		i := sort.SearchStrings(names, strings.ToLower(c.cat.Name))
		if names == nil || i < len(names) && names[i] == strings.ToLower(c.cat.Name) {
			out = append(out, c.cat.Name)
		}
	}
	return out
}

// order lists the needed datasets, each after those that it reads.
func (l *loader) order() []string {
	var out []string
	for _, name := range l.state.order {
		if l.uses[name] != nil {
			out = append(out, name)
		}
	}
	return out
}

// used lists the columns of d that are read, in the dataset's order.
func (l *loader) used(d *dataset) []*column {
	var out []*column
	for _, c := range d.columns {
		if l.uses[d.spec.Name.Value()][c.cat.Name] {
			out = append(out, c)
		}
	}
	return out
}

// changed reports files that are no longer what they were when the columns
// were found. Facts must come from the bytes that are evaluated.
func (l *loader) changed() {
	for _, name := range l.order() {
		d := l.state.datasets[name]
		for _, f := range d.rel.files {
			if f.changed() {
				l.list.Errorf("data-changed-while-read", d.rel.at, "The file %s changed while it was read", f.name).Detail =
					"Nothing was published. Run again when whatever writes the file has finished; best, write to another name and rename it."
				break
			}
		}
	}
	*l.list = l.list.Dedup()
}

// latest makes as-of the newest event: the greatest time over all datasets
// that come from files or databases and have a `time`, used or not, so that it
// does not depend on the rules. Datasets with `future: true` and `sql` ones
// do not count: they hold plans, or what was calculated.
func (l *loader) latest(ctx context.Context) {
	var newest time.Time
	for _, name := range l.state.order {
		d := l.state.datasets[name]
		c := d.column(d.spec.Time.Value())
		if c == nil || d.rel.kind == "sql" || d.rel.kind == "distinct" || d.spec.Future.V {
			continue
		}
		var t sql.NullTime
		query := "SELECT max(" + sqltext.Ident(c.cat.Name) + ") FROM (" + d.converted([]*column{c}, reading{values: true}) + ")"
		if err := l.conn.QueryRowContext(ctx, query).Scan(&t); err != nil {
			report(l.list, err, name, d.rel.at)
			continue
		}
		if t.Valid && t.Time.After(newest) {
			newest = t.Time.UTC()
		}
	}
	if !newest.IsZero() {
		l.asOf = newest
		return
	}
	l.list.Warnf("bad-as-of", source.Range{}, "`as_of: latest` finds no event in the data").Detail = "No dataset has a `time` with values. Midnight today is used instead."
}

// exec runs a statement; an error is reported at the dataset's place.
func (l *loader) exec(ctx context.Context, d *dataset, statement string) bool {
	if _, err := l.conn.ExecContext(ctx, statement); err != nil {
		report(l.list, err, d.spec.Name.Value(), d.rel.at)
		return false
	}
	return true
}

// counts runs a query that gives one row of whole numbers.
func (l *loader) counts(ctx context.Context, d *dataset, query string, n int) ([]int64, bool) {
	out, err := scanInts(ctx, l.conn, query, n)
	if err != nil {
		report(l.list, err, d.spec.Name.Value(), d.rel.at)
		return nil, false
	}
	return out, true
}

func snapshotTable(name string) string { return sqltext.Path(snapshotSchema, name) }
