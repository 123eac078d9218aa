package sqlgen

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// layers is the FROM clause under which shared nodes are columns: one nested
// subquery a level, innermost the scan. DuckDB finds equal parts only within
// one SELECT list and never inside AND, OR and CASE, so sharing is ours.
//
// Level 0 is the table, level 1 its columns without nulls and where the nulls
// were, shared nodes follow; top is the SELECT list above them. It is written
// from the top down, and a level holds only what is read above it.
type layers struct {
	d       Dialect
	now     string
	table   string
	key     string                // column that is passed through, or ""
	pass    []string              // more columns that are passed through, quoted
	names   map[*plan.Expr]string // of columns in table, where they are not called by their own names
	shared  map[*plan.Expr]bool
	level   map[*plan.Expr]int
	byLevel map[int][]*plan.Expr // shared nodes
	top     int
	last    map[cell]int // the highest level that reads it
	err     error
}

// cell is a column of a layer.
type cell struct {
	e *plan.Expr
	f form
}

// newLayers decides what is shared: nodes that are read more than once, by
// other nodes or by the SELECT list, which reads each of wanted so many times.
func newLayers(d Dialect, now, table, key string, wanted []*plan.Expr, reads int) *layers {
	l := &layers{d: d, now: now, table: table, key: key, shared: map[*plan.Expr]bool{}, level: map[*plan.Expr]int{},
		byLevel: map[int][]*plan.Expr{}, last: map[cell]int{}, top: 2}
	uses := map[*plan.Expr]int{}
	var order []*plan.Expr
	seen := map[*plan.Expr]bool{}
	var walk func(e *plan.Expr)
	walk = func(e *plan.Expr) {
		if seen[e] {
			return
		}
		seen[e] = true
		for _, a := range e.Args {
			uses[a]++
			walk(a)
		}
		order = append(order, e)
	}
	for _, e := range wanted {
		uses[e] += reads
		walk(e)
	}
	inLoops := elements{}
	for _, e := range order {
		inLoops.note(e)
	}
	repeated(d, order, uses)
	inline := map[*plan.Expr]bool{}
	for {
		l.assign(order, func(e *plan.Expr) bool {
			return uses[e] > 1 && len(e.Args) > 0 && inLoops[e] == nil && !inline[e]
		})
		idle := l.idle(uses)
		if idle == nil {
			return l
		}
		for _, e := range idle {
			inline[e] = true
		}
	}
}

// assign puts each shared node on the first level above those that it reads.
// Order has operands first.
func (l *layers) assign(order []*plan.Expr, shared func(*plan.Expr) bool) {
	clear(l.shared)
	clear(l.level)
	clear(l.byLevel)
	l.top = 2
	for _, e := range order {
		level := 1
		for _, a := range e.Args {
			level = max(level, l.level[a])
		}
		if shared(e) {
			level++
			l.shared[e] = true
			l.byLevel[level] = append(l.byLevel[level], e)
			l.top = max(l.top, level+1)
		}
		l.level[e] = level
	}
}

// idle lists the nodes of a level that costs more than it saves: one that only
// joins conditions which are columns already. Every column of the levels below has
// to be handed through it, which takes about half as long as to join two.
func (l *layers) idle(uses map[*plan.Expr]int) []*plan.Expr {
	below := 0
	for level := 2; level < l.top; level++ {
		saved := 0
		for _, e := range l.byLevel[level] {
			if !l.joinsColumns(e) {
				saved = below
				break
			}
			saved += (uses[e] - 1) * (len(e.Args) - 1)
		}
		if 2*saved < below {
			return l.byLevel[level]
		}
		below += len(l.byLevel[level])
	}
	return nil
}

// joinsColumns says whether a node is && or || of what are columns below it.
func (l *layers) joinsColumns(e *plan.Expr) bool {
	return (e.Op == plan.OpAnd || e.Op == plan.OpOr) &&
		!slices.ContainsFunc(e.Args, func(a *plan.Expr) bool { return !l.shared[a] })
}

// writer writes the SELECT list above the layers; from is to be asked after.
func (l *layers) writer() *writer { return &writer{l: l, level: l.top} }

// isColumn says whether a node is a column for this layer.
func (w *writer) isColumn(e *plan.Expr) bool {
	return e.IsLeaf() || w.l.shared[e] && w.l.level[e] < w.level
}

// read names a column of the layers below, which it makes them hold.
func (w *writer) read(e *plan.Expr, f form) string {
	c := cell{e, f}
	w.l.last[c] = max(w.l.last[c], w.level)
	return w.l.name(c)
}

// name is no name that a rule can use for a column, but for table columns.
func (l *layers) name(c cell) string {
	if c.e.IsLeaf() && c.f == plain {
		if name := l.names[c.e]; name != "" {
			return name
		}
		return sqltext.Ident(c.e.Name)
	}
	suffix := [forms]string{filled: "~", known: "+", open: "-"}[c.f]
	return sqltext.Ident("≡" + strconv.Itoa(c.e.ID) + suffix)
}

// from writes the nested subqueries.
func (l *layers) from() string {
	defined := make([][]cell, l.top)
	texts := map[cell]string{}
	define := func(level int, c cell) {
		if l.last[c] > 0 {
			w := &writer{l: l, level: level}
			texts[c] = w.text(c.e, c.f)
			defined[level] = append(defined[level], c)
		}
	}
	for level := l.top - 1; level > 1; level-- {
		for _, e := range l.byLevel[level] {
			for f := plain; f < forms; f++ {
				define(level, cell{e, f})
			}
		}
	}
	columns := l.columns()
	for _, e := range columns {
		for _, f := range []form{filled, known, open} {
			define(1, cell{e, f})
		}
	}
	var live []cell
	for _, e := range columns {
		live = append(live, cell{e, plain})
	}
	from := l.table
	for level := 1; level < l.top; level++ {
		if len(defined[level]) == 0 {
			continue
		}
		live = slices.DeleteFunc(live, func(c cell) bool { return l.last[c] <= level })
		var list []string
		listed := map[string]bool{}
		pass := func(name string) {
			if !listed[name] {
				listed[name] = true
				list = append(list, name)
			}
		}
		if l.key != "" {
			pass(sqltext.Ident(l.key))
		}
		for _, column := range l.pass {
			pass(column)
		}
		for _, c := range live {
			pass(l.name(c))
		}
		for _, c := range defined[level] {
			list = append(list, texts[c]+" AS "+l.name(c))
		}
		from = "(SELECT " + strings.Join(list, ",\n    ") + "\n  FROM " + from + ")"
		live = append(live, defined[level]...)
	}
	return from
}

// columns lists the table's columns that are read in some form, by ID.
func (l *layers) columns() []*plan.Expr {
	seen := map[*plan.Expr]bool{}
	var out []*plan.Expr
	for c := range l.last {
		if c.e.IsLeaf() && !seen[c.e] {
			seen[c.e] = true
			out = append(out, c.e)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// openColumns lists the columns on whose nulls alone it depends whether a node
// is ⊥: strict operators that cannot be ⊥ of themselves, over columns. nil
// where it depends on more.
func (l *layers) openColumns(e *plan.Expr, found []*plan.Expr) []*plan.Expr {
	switch {
	case e.Decided():
		return found
	case e.IsLeaf():
		if l.standIn(e) == "" {
			return nil
		}
		if !slices.Contains(found, e) {
			found = append(found, e)
		}
		return found
	}
	if row := e.Op.Lookup(); e.Op != plan.OpDecide && (row == nil || !row.Strict || row.Bottom != nil && row.Bottom(e.Args)) {
		return nil
	}
	for _, a := range e.Args {
		if a.Decided() {
			continue
		}
		if l.shared[a] && a.Type.Kind == catalog.Bool {
			return nil // kept as its truth, not filled
		}
		if found = l.openColumns(a, found); found == nil {
			return nil
		}
	}
	return found
}
