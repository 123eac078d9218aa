package duckdb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"time"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// kept is a dataset as the last Load left it: its snapshot table stands, and is
// taken over by the next one where all that it was made from is the same.
type kept struct {
	key    string
	health *health
	facts  *catalog.TableFacts
	later  bool // the keys of its rows that are later than as-of are in a table
}

// sameColumns says whether the last introspection holds for m: the same text of
// datasets and project, the same roles, the same files. What it found wrong is
// told again.
func (db *DB) sameColumns(m *spec.Module) (*catalog.Catalog, diag.List, bool) {
	s := db.state
	if s == nil || s.found.HasErrors() || s.key != ColumnsKey(m) {
		return nil, nil, false
	}
	for _, ds := range m.Datasets {
		d := s.datasets[ds.Name.Value()]
		if d == nil {
			return nil, nil, false
		}
		var problems diag.List
		var files []dataFile
		if !ds.Source.Path.IsZero() {
			files = db.findFiles(ds.Source.Path, &problems)
		}
		if len(problems) > 0 || !ds.Source.Path.IsZero() && !slices.EqualFunc(files, d.rel.files, dataFile.same) ||
			slices.ContainsFunc(d.rel.files, func(f dataFile) bool { return f.changed() || !f.settled() }) {
			return nil, nil, false
		}
	}
	s.module = m
	return s.catalog, slices.Clone(s.found), true
}

// same says whether two findings are of one file in one state.
func (f dataFile) same(g dataFile) bool {
	return f.name == g.name && f.path == g.path && f.size == g.size && f.modTime.Equal(g.modTime)
}

// ColumnsKey stands for what Introspect reads of a module: every file
// with a dataset, positions included, the time zone, and whom rules are about.
func ColumnsKey(m *spec.Module) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", zoneOf(m))
	for _, f := range documentsOf(m) {
		fmt.Fprintf(h, "%q %x\n", f.Path, sha256.Sum256(f.Bytes))
	}
	about := entitiesOfRules(m)
	if m.Project != nil {
		about = append(about, m.Project.Root.Value())
	}
	sort.Strings(about)
	fmt.Fprintf(h, "%q", slices.Compact(about))
	return hex.EncodeToString(h.Sum(nil))
}

// documentsOf lists the files that hold datasets, in order.
func documentsOf(m *spec.Module) []*source.File {
	holds := map[string]bool{}
	for _, ds := range m.Datasets {
		holds[ds.Range.File] = true
	}
	var out []*source.File
	for _, f := range m.Files {
		if holds[f.Path] {
			out = append(out, f)
		}
	}
	return out
}

// keys stand for all that the snapshot table and the health of each dataset
// depend on: how it is declared and where, its files, the columns that are read,
// as-of where it has a time, and the keys of the datasets that it needs.
func (l *loader) keys(order []string) map[string]string {
	out := map[string]string{}
	for _, name := range order {
		l.key(name, out)
	}
	return out
}

func (l *loader) key(name string, keys map[string]string) string {
	if k, ok := keys[name]; ok {
		return k
	}
	keys[name] = "" // a circle of owners is refused elsewhere
	d := l.state.datasets[name]
	h := sha256.New()
	fmt.Fprintln(h, l.state.key, d.role)
	for _, f := range d.rel.files {
		fmt.Fprintf(h, "%q %d %d\n", f.path, f.size, f.modTime.UnixNano())
	}
	for _, c := range l.used(d) {
		fmt.Fprintf(h, "%q %s %v\n", c.cat.Name, c.cat.SQLType, c.cat.Type)
	}
	fmt.Fprintln(h, l.asOf.UnixNano()) // what belongs to a later row is later, whatever its own time
	for _, other := range l.needs(d) {
		fmt.Fprintf(h, "%q %s\n", other, l.key(other, keys))
	}
	keys[name] = hex.EncodeToString(h.Sum(nil))
	return keys[name]
}

// needs lists the datasets whose rows decide about those of d.
func (l *loader) needs(d *dataset) []string {
	out := slices.Clone(d.rel.depends)
	if !d.spec.Of.IsZero() {
		if owner := ownerOf(l.state.datasets, l.state.order, d.spec.Of.Value()); owner != nil && owner != d {
			out = append(out, owner.spec.Name.Value())
		}
	}
	for _, c := range d.columns {
		if l.state.datasets[c.cat.References] != nil && l.uses[c.cat.References] != nil {
			out = append(out, c.cat.References)
		}
	}
	sort.Strings(out)
	return slices.Compact(out)
}

// takeOver keeps the tables that stand, drops all others, and returns the names
// of the datasets that need not be read.
func (l *loader) takeOver(ctx context.Context, keys map[string]string) map[string]bool {
	standing := map[string]bool{}
	for name, k := range l.db.kept {
		if keys[name] != "" && keys[name] == k.key {
			standing[name] = true
			l.health[name], l.facts.Tables[name] = k.health, k.facts
			l.later[l.state.datasets[name]] = k.later
			continue
		}
		delete(l.db.kept, name)
	}
	l.clear(ctx, standing)
	return standing
}

// clear drops the tables of the Load before, but for those that stand.
func (l *loader) clear(ctx context.Context, standing map[string]bool) {
	keep := map[string]bool{}
	for name := range standing {
		keep[snapshotTable(name)] = true
		keep[laterTable(l.state.datasets[name])] = true
	}
	rows, err := l.conn.QueryContext(ctx, "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN ("+
		sqltext.Literal(snapshotSchema)+", "+sqltext.Literal(stageSchema)+")")
	if err != nil {
		report(l.list, err, "", source.Range{})
		return
	}
	var drop []string
	for rows.Next() {
		var schema, table string
		if err = rows.Scan(&schema, &table); err != nil {
			break
		}
		if path := sqltext.Path(schema, table); !keep[path] {
			drop = append(drop, path)
		}
	}
	if err == nil {
		err = rows.Err()
	}
	rows.Close()
	for _, path := range drop {
		if err == nil {
			_, err = l.conn.ExecContext(ctx, "DROP TABLE "+path)
		}
	}
	if err != nil {
		report(l.list, err, "", source.Range{})
	}
}

// tick is longer than the steps in which file systems tell the time of a change.
const tick = 20 * time.Millisecond

// settled says whether a file that changes from now on will be seen to have
// changed: two writes within a tick can have one time.
func (f dataFile) settled() bool { return f.found.Sub(f.modTime) > tick }

// keep remembers what was loaded, for the next Load.
func (l *loader) keep(keys map[string]string) {
	l.db.kept = map[string]*kept{}
	for name, key := range keys {
		if slices.ContainsFunc(l.state.datasets[name].rel.files, func(f dataFile) bool { return !f.settled() }) {
			continue
		}
		l.db.kept[name] = &kept{key, l.health[name], l.facts.Tables[name], l.later[l.state.datasets[name]]}
	}
}
