package sqlgen

import (
	"slices"
	"strconv"
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// joining collects what is read beside the rows of one table t: columns of its
// own, and joined ones by the names that expressions have there.
type joining struct {
	r       *relations
	t       *catalog.Table
	names   map[*plan.Expr]string
	columns []string
	joins   []string
	own     map[string]bool   // columns of t that are read
	folded  map[string]string // aliases of grouped queries
}

// join is the FROM clause of a table (the first of tables; its owner and the
// owner's owner follow) in which some columns and folds can be read: its own,
// and those of its owners. keep are columns that are passed through.
func (r *relations) join(path string, tables []*catalog.Table, list []*plan.Expr, keep []string) (string, map[*plan.Expr]string) {
	t := tables[0]
	j := &joining{r: r, t: t, names: map[*plan.Expr]string{}, own: map[string]bool{}, folded: map[string]string{}}
	if r.beside.about(t) {
		path, j.names = r.beside.scan(path, list, keep)
	}
	for _, column := range append([]string{t.Key}, keep...) {
		j.column(column)
	}
	var outer, referenced []*plan.Expr
	for _, e := range list {
		switch {
		case j.names[e] != "":
			j.columns = append(j.columns, "t."+j.names[e])
		case e.Op == plan.OpColumn && e.Table == t.Name:
			j.column(e.Name)
		case e.Op == plan.OpFold && e.Fold.Owner() == t:
			j.fold(e)
		case e.Op == plan.OpLookup && e.Lookup.Base == t:
			referenced = append(referenced, e)
		default:
			outer = append(outer, e)
		}
	}
	for _, one := range byReference(referenced) {
		j.referenced(one)
	}
	if len(outer) > 0 && len(tables) > 1 {
		j.outer(tables[1:], outer)
	}
	if len(j.joins) == 0 {
		return path, j.names
	}
	return "(SELECT " + strings.Join(j.columns, ", ") + "\n  FROM " + path + " t" + strings.Join(j.joins, "") + ")", j.names
}

// column reads a column of the table's own, once.
func (j *joining) column(name string) {
	if name != "" && !j.own[name] {
		j.own[name] = true
		j.columns = append(j.columns, "t."+sqltext.Ident(name))
	}
}

// named reads what a join gives under the name of an expression.
func (j *joining) named(e *plan.Expr, text string) {
	j.names[e] = nodeName(e)
	j.columns = append(j.columns, text+" AS "+j.names[e])
}

// fold joins the grouped query that holds a fold, once.
func (j *joining) fold(e *plan.Expr) {
	table := j.r.write(j.r.batches.Of(e))
	alias := j.folded[table]
	if alias == "" {
		alias = "f" + strconv.Itoa(len(j.folded))
		j.folded[table] = alias
		j.joins = append(j.joins, " LEFT JOIN "+table+" "+alias+" ON "+alias+"."+ownerKey+" = t."+sqltext.Ident(j.t.Key))
	}
	j.named(e, j.r.filled(e, alias))
}

// referenced joins the row that some lookups go to, with what they read there.
func (j *joining) referenced(lookups []*plan.Expr) {
	alias := "l" + strconv.Itoa(len(j.joins))
	target := lookups[0].Lookup.Target
	var inner []*plan.Expr
	for _, e := range lookups {
		if in := e.Lookup.Inner; in != nil && !slices.Contains(inner, in) {
			inner = append(inner, in)
		}
	}
	from, names := j.r.join(sqltext.Path(SnapshotSchema, target.Name), []*catalog.Table{target}, inner, nil)
	key := alias + "." + sqltext.Ident(target.Key)
	for _, e := range lookups {
		j.named(e, lookedUp(e, alias, key, names))
	}
	j.joins = append(j.joins, " LEFT JOIN "+from+" "+alias+" ON "+key+" = t."+sqltext.Ident(lookups[0].Lookup.Column))
}

// outer joins the owners of the rows, with what is read of them.
func (j *joining) outer(owners []*catalog.Table, list []*plan.Expr) {
	owner := owners[0]
	from, names := j.r.join(sqltext.Path(SnapshotSchema, owner.Name), owners, list, nil)
	for _, e := range list {
		name := names[e]
		if name == "" {
			name = sqltext.Ident(e.Name)
		}
		j.named(e, "o."+name)
	}
	j.joins = append(j.joins, " JOIN "+from+" o ON o."+sqltext.Ident(owner.Key)+" = t."+sqltext.Ident(j.t.By))
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
