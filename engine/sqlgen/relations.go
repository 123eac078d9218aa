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
	return r.beside.scan(path, list)
}

// join is the FROM clause of a table (the first of tables; its owner and the
// owner's owner follow) in which some columns and folds can be read: its own,
// and those of its owners. keep are columns that are passed through.
func (r *relations) join(path string, tables []*catalog.Table, list []*plan.Expr, keep []string) (string, map[*plan.Expr]string) {
	t := tables[0]
	names := map[*plan.Expr]string{}
	if r.beside.about(t) {
		path, names = r.beside.scan(path, list)
	}
	var columns, joins []string
	var outer, referenced []*plan.Expr
	own := map[string]bool{}
	add := func(column string) {
		if column != "" && !own[column] {
			own[column] = true
			columns = append(columns, "t."+sqltext.Ident(column))
		}
	}
	for _, column := range append([]string{t.Key}, keep...) {
		add(column)
	}
	joined := map[string]string{}
	for _, e := range list {
		switch {
		case names[e] != "":
			columns = append(columns, "t."+names[e])
		case e.Op == plan.OpColumn && e.Table == t.Name:
			add(e.Name)
		case e.Op == plan.OpFold && e.Fold.Owner() == t:
			table := r.write(r.batches.Of(e))
			alias := joined[table]
			if alias == "" {
				alias = "f" + strconv.Itoa(len(joined))
				joined[table] = alias
				joins = append(joins, " LEFT JOIN "+table+" "+alias+" ON "+alias+"."+ownerKey+" = t."+sqltext.Ident(t.Key))
			}
			names[e] = nodeName(e)
			columns = append(columns, r.filled(e, alias)+" AS "+names[e])
		case e.Op == plan.OpLookup && e.Lookup.Base == t:
			referenced = append(referenced, e)
		default:
			outer = append(outer, e)
		}
	}
	for _, one := range byReference(referenced) {
		alias := "l" + strconv.Itoa(len(joins))
		target := one[0].Lookup.Target
		var inner []*plan.Expr
		for _, e := range one {
			if in := e.Lookup.Inner; in != nil && !slices.Contains(inner, in) {
				inner = append(inner, in)
			}
		}
		from, innerNames := r.join(sqltext.Path(SnapshotSchema, target.Name), []*catalog.Table{target}, inner, nil)
		key := alias + "." + sqltext.Ident(target.Key)
		for _, e := range one {
			names[e] = nodeName(e)
			columns = append(columns, lookedUp(e, alias, key, innerNames)+" AS "+names[e])
		}
		joins = append(joins, " LEFT JOIN "+from+" "+alias+" ON "+key+" = t."+sqltext.Ident(one[0].Lookup.Column))
	}
	if len(outer) > 0 && len(tables) > 1 {
		owner := tables[1]
		from, outerNames := r.join(sqltext.Path(SnapshotSchema, owner.Name), tables[1:], outer, nil)
		for _, e := range outer {
			name := outerNames[e]
			if name == "" {
				name = sqltext.Ident(e.Name)
			}
			names[e] = nodeName(e)
			columns = append(columns, "o."+name+" AS "+names[e])
		}
		joins = append(joins, " JOIN "+from+" o ON o."+sqltext.Ident(owner.Key)+" = t."+sqltext.Ident(t.By))
	}
	if len(joins) == 0 {
		return path, names
	}
	return "(SELECT " + strings.Join(columns, ", ") + "\n  FROM " + path + " t" + strings.Join(joins, "") + ")", names
}

// byReference puts lookups together that go to the same row.
func byReference(list []*plan.Expr) [][]*plan.Expr {
	at := map[string]int{}
	var out [][]*plan.Expr
	for _, e := range list {
		i, known := at[e.Lookup.Column]
		if !known {
			i = len(out)
			at[e.Lookup.Column] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], e)
	}
	return out
}

// lookedUp is a lookup's column, NULL where there is no row.
func lookedUp(e *plan.Expr, alias, key string, names map[*plan.Expr]string) string {
	in := e.Lookup.Inner
	switch {
	case in == nil:
		return "(" + key + " IS NOT NULL)"
	case names[in] != "":
		return alias + "." + names[in]
	}
	return alias + "." + sqltext.Ident(in.Name)
}

// filled is a fold's column, with its value for owners without rows.
func (r *relations) filled(e *plan.Expr, alias string) string {
	column := alias + "." + nodeName(e)
	empty := e.Fold.Empty()
	switch {
	case empty == nil:
		return column
	case e.MayBottom:
		return "CASE WHEN " + alias + "." + ownerKey + " IS NULL THEN " + r.d.Constant(empty) + " ELSE " + column + " END"
	}
	return "coalesce(" + column + ", " + r.d.Constant(empty) + ")"
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
