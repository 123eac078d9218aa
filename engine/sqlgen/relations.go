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
// for each relation, for all rules together, as a common table that the scan of
// the owner joins. Rules that compare related rows with such a result need a
// second one: batches have a depth.
type relations struct {
	d       Dialect
	now     string
	depth   map[*plan.Expr]int
	batches map[batchKey]*batch
	ctes    []string // in order of use
	joins   bool     // the owner's rows are joined: a join keeps no order
	beside  *beside  // what earlier strata calculated
	err     error
}

type batchKey struct {
	relation string
	depth    int
	own      *plan.Expr // of folds over gaps, the OpGap; of a sequence, itself; else nil
}

// batch is one grouped query.
type batch struct {
	key     batchKey
	folds   []*plan.Expr // by ID
	name    string
	written bool
}

// The column of a grouped query that holds the owner's key.
const ownerKey = `"≡key"`

// newRelations finds the folds below some expressions.
func newRelations(d Dialect, now string, wanted []*plan.Expr, b *beside) *relations {
	r := &relations{d: d, now: now, depth: map[*plan.Expr]int{}, batches: map[batchKey]*batch{}, beside: b}
	r.find(wanted)
	return r
}

// find gives every fold its batch. A fold waits for those that its rows are
// compared with.
func (r *relations) find(list []*plan.Expr) {
	for _, e := range leaves(list) {
		if e.Op == plan.OpLookup && e.Lookup.Inner != nil {
			r.find([]*plan.Expr{e.Lookup.Inner})
		}
		if e.Op != plan.OpFold || r.beside.has(e) {
			continue
		}
		if _, done := r.depth[e]; done {
			continue
		}
		f := e.Fold
		under := f.Inner()
		if f.Over != nil {
			under = append(under, f.Over.Fold.Inner()...)
		}
		r.find(under)
		depth := 0
		for _, inner := range leaves(under) {
			below, isOwn := r.below(inner)
			if below != nil && !(isOwn && below.Fold.Owner() == f.Relation()) {
				depth = max(depth, r.depth[below]+1)
			} else if below != nil {
				depth = max(depth, r.depth[below])
			}
		}
		r.depth[e] = depth
		key := r.key(e)
		if r.batches[key] == nil {
			r.batches[key] = &batch{key: key}
		}
		b := r.batches[key]
		at := len(b.folds)
		for at > 0 && b.folds[at-1].ID > e.ID {
			at--
		}
		b.folds = append(b.folds[:at], append([]*plan.Expr{e}, b.folds[at:]...)...)
	}
}

// key is the batch of a fold. Folds over gaps share one where the gaps are the
// same; a sequence is a query of its own.
func (r *relations) key(e *plan.Expr) batchKey {
	key := batchKey{e.Fold.Relation().Name, r.depth[e], e.Fold.Over}
	if e.Fold.Func == plan.FoldSequence {
		key.own = e
	}
	return key
}

// below is the fold that a leaf reads, nil for none: its own, or that of a row
// that it references.
func (r *relations) below(e *plan.Expr) (fold *plan.Expr, own bool) {
	own = true
	for e != nil && e.Op == plan.OpLookup {
		e, own = e.Lookup.Inner, false
	}
	if e == nil || e.Op != plan.OpFold || r.beside.has(e) {
		return nil, false
	}
	return e, own
}

// leaves lists the columns, folds and lookups that expressions read, each once,
// in order of first use.
func leaves(list []*plan.Expr) []*plan.Expr {
	var out []*plan.Expr
	seen := map[*plan.Expr]bool{}
	var walk func(e *plan.Expr)
	walk = func(e *plan.Expr) {
		if seen[e] {
			return
		}
		seen[e] = true
		if e.IsLeaf() {
			out = append(out, e)
		}
		for _, a := range e.Args {
			walk(a)
		}
	}
	for _, e := range list {
		walk(e)
	}
	return out
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
	list := leaves(wanted)
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
	joined := map[*batch]string{}
	for _, e := range list {
		switch {
		case names[e] != "":
			columns = append(columns, "t."+names[e])
		case e.Op == plan.OpColumn && e.Table == t.Name, e.Op == plan.OpGap:
			add(e.Name)
		case e.Op == plan.OpFold && e.Fold.Owner() == t:
			b := r.write(r.batches[r.key(e)])
			alias := joined[b]
			if alias == "" {
				alias = "f" + strconv.Itoa(len(joined))
				joined[b] = alias
				joins = append(joins, " LEFT JOIN "+b.name+" "+alias+" ON "+alias+"."+ownerKey+" = t."+sqltext.Ident(t.Key))
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

// write adds the grouped query of a batch, after those that it reads.
func (r *relations) write(b *batch) *batch {
	if b.written {
		return b
	}
	b.written = true
	name := b.key.relation + ":" + strconv.Itoa(b.key.depth)
	if b.key.own != nil {
		name += ":" + strconv.Itoa(b.key.own.ID)
	}
	b.name = sqltext.Ident(name)
	if own := b.key.own; own != nil && own.Op == plan.OpFold {
		r.ctes = append(r.ctes, b.name+" AS (\n"+r.sequence(own)+")")
		return b
	}
	relation := b.folds[0].Fold.Relation()
	keep := []string{relation.By}
	var wanted []*plan.Expr
	var path []*catalog.Table
	for _, e := range b.folds {
		wanted = append(wanted, e.Fold.Inner()...)
		if e.Fold.Ordered() {
			keep = append(keep, e.Fold.Order()...)
		}
		if len(e.Fold.Path) > len(path) { // a row that was looked up does not know all of its owners
			path = e.Fold.Path
		}
	}
	table := sqltext.Path(SnapshotSchema, relation.Name)
	if b.key.own != nil {
		table = r.gaps(b.key.own)
	}
	source, names := r.join(table, path, leaves(wanted), keep)
	g := newGrouper(r, source, names, relation.By, b.folds)
	r.ctes = append(r.ctes, b.name+" AS (\n"+g.sql()+")")
	if g.l.err != nil && r.err == nil {
		r.err = g.l.err
	}
	return b
}

// nodeName is what a fold, or a column of another table, is called.
func nodeName(e *plan.Expr) string { return sqltext.Ident(unquoted(e)) }

func unquoted(e *plan.Expr) string { return "≡" + strconv.Itoa(e.ID) }
