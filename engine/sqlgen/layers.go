package sqlgen

import (
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
type layers struct {
	d      Dialect
	now    string
	table  string
	key    string // column that is passed through, or ""
	shared map[*plan.Expr]bool
	level  map[*plan.Expr]int // of shared nodes, from 1; columns are 0
	byLvl  [][]*plan.Expr
}

// newLayers decides what is shared: nodes that are read more than once, by
// other nodes or by the SELECT list, which reads each of wanted so many times.
func newLayers(d Dialect, now, table, key string, wanted []*plan.Expr, reads int) *layers {
	l := &layers{d: d, now: now, table: table, key: key, shared: map[*plan.Expr]bool{}, level: map[*plan.Expr]int{}}
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
	for _, e := range order {
		level := 0
		for _, a := range e.Args {
			level = max(level, l.level[a])
		}
		if uses[e] > 1 && len(e.Args) > 0 {
			l.shared[e] = true
			level++
			for len(l.byLvl) < level {
				l.byLvl = append(l.byLvl, nil)
			}
			l.byLvl[level-1] = append(l.byLvl[level-1], e)
		}
		l.level[e] = level
	}
	return l
}

// below lists what writing the inner parts of e reads as columns: table
// columns and shared nodes, e itself aside.
func (l *layers) below(e *plan.Expr, read func(*plan.Expr)) {
	for _, a := range e.Args {
		if l.shared[a] || a.Op == plan.OpColumn {
			read(a)
			continue
		}
		l.below(a, read)
	}
}

// from writes the nested subqueries and returns the writer for the SELECT
// list above them. wanted are read there.
func (l *layers) from(wanted []*plan.Expr) (string, *writer) {
	// last[e] is the highest level whose subquery still reads e.
	last := map[*plan.Expr]int{}
	top := len(l.byLvl) + 1
	mark := func(level int) func(*plan.Expr) {
		return func(e *plan.Expr) { last[e] = max(last[e], level) }
	}
	for _, e := range wanted {
		if l.shared[e] || e.Op == plan.OpColumn {
			mark(top)(e)
		} else {
			l.below(e, mark(top))
		}
	}
	for i, level := range l.byLvl {
		for _, e := range level {
			l.below(e, mark(i+1))
		}
	}
	w := &writer{d: l.d, now: l.now, columns: map[*plan.Expr]string{}}
	from := l.table
	var live []*plan.Expr // columns of the subquery so far, by ID
	for e := range last {
		if e.Op == plan.OpColumn {
			live = append(live, e)
			w.columns[e] = sqltext.Ident(e.Name)
		}
	}
	for i, level := range l.byLvl {
		var list []string
		if l.key != "" {
			list = append(list, sqltext.Ident(l.key))
		}
		sort.Slice(live, func(a, b int) bool { return live[a].ID < live[b].ID })
		var kept []*plan.Expr
		for _, e := range live {
			if last[e] > i+1 {
				kept = append(kept, e)
				if name := w.columns[e]; name != sqltext.Ident(l.key) || l.key == "" {
					list = append(list, name)
				}
			}
		}
		added := map[*plan.Expr]string{}
		for _, e := range level {
			sql := w.stored(e)
			added[e] = sharedName(e)
			list = append(list, l.typed(e, sql)+" AS "+added[e])
			kept = append(kept, e)
		}
		for e, name := range added {
			w.columns[e] = name
		}
		from = "(SELECT " + strings.Join(list, ",\n    ") + "\n  FROM " + from + ")"
		live = kept
	}
	return from, w
}

// sharedName is no name that a rule can use for a column.
func sharedName(e *plan.Expr) string { return sqltext.Ident("≡" + strconv.Itoa(e.ID)) }

// typed casts what would have another type by itself.
func (l *layers) typed(e *plan.Expr, sql string) string {
	if e.Type.Kind != catalog.Bool && (e.Op == plan.OpIf || e.Op == plan.OpCoalesce) {
		return l.d.Typed(e, sql)
	}
	return sql
}
