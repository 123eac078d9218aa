package sqlgen

import (
	"slices"
	"strconv"
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// relations writes what rules calculate from related rows: one grouped query
// for each batch of plan, as a common table that the scan of the owner joins.
type relations struct {
	d       Dialect
	now     string
	batches *plan.Batches
	names   map[*plan.Batch]string // of the common tables that are written
	ctes    []string               // in order of use
	joins   bool                   // the owner's rows are joined: a join keeps no order
	beside  *beside                // what earlier strata calculated
	err     error
}

// The column of a grouped query that holds the owner's key.
const ownerKey = `"≡key"`

// newRelations finds the folds below some expressions.
func newRelations(d Dialect, now string, wanted []*plan.Expr, b *beside) *relations {
	return &relations{d: d, now: now, batches: plan.NewBatches(wanted, b.has), names: map[*plan.Batch]string{}, beside: b}
}

// with is the WITH clause of what was used, "" for nothing.
func (r *relations) with() string {
	if len(r.ctes) == 0 {
		return ""
	}
	return "WITH " + strings.Join(r.ctes, ",\n") + "\n"
}

// scan is the FROM clause of an entity's own table with all folds that some
// expressions read, and how these are called there.
func (r *relations) scan(path string, wanted []*plan.Expr) (string, map[*plan.Expr]string) {
	list := plan.Leaves(wanted)
	for _, e := range list {
		switch {
		case r.beside.has(e):
		case e.Op == plan.OpFold:
			r.joins = true
			return r.join(path, []*catalog.Table{e.Fold.Owner()}, list, nil)
		case e.Op == plan.OpLookup:
			r.joins = true
			return r.join(path, []*catalog.Table{e.Lookup.Base}, list, nil)
		}
	}
	return r.beside.scan(path, list, nil)
}

// write adds the grouped query of a batch, after those that it reads, and gives
// its name.
func (r *relations) write(b *plan.Batch) string {
	if name := r.names[b]; name != "" {
		return name
	}
	t := b.Relation
	name := sqltext.Ident(t.Name + ":" + strconv.Itoa(b.Depth))
	r.names[b] = name
	keep := slices.Concat([]string{t.By}, b.Sorted(), orderOf(b))
	list := slices.DeleteFunc(plan.Leaves(b.Inner()), func(e *plan.Expr) bool { return e.Op == plan.OpGap })
	source, names := r.join(sqltext.Path(SnapshotSchema, t.Name), b.Path(), list, keep)
	var ends map[*plan.Expr]sequenceEnd
	if b.Sorted() != nil {
		w := newWindows(r, b, source, names)
		source, ends = w.from(), w.ends
	}
	g := newGrouper(r, b, source, names, ends)
	r.ctes = append(r.ctes, name+" AS (\n"+g.sql()+")")
	r.fail(g.l.err)
	return name
}

// fail keeps the first error.
func (r *relations) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// nodeName is what a fold, or a column of another table, is called.
func nodeName(e *plan.Expr) string { return sqltext.Ident(unquoted(e)) }

func unquoted(e *plan.Expr) string { return "≡" + strconv.Itoa(e.ID) }
