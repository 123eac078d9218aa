package sqlgen

import (
	"slices"
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// grouper writes one GROUP BY over a relation: all folds of a batch.
type grouper struct {
	r     *relations
	l     *layers
	w     *writer
	by    string
	folds []*plan.Expr
	rows  int64    // that the relation has at most, 0 where nothing is known
	fixed []string // doubles as whole numbers, columns of the FROM clause
	packs packs
}

func newGrouper(r *relations, source string, names map[*plan.Expr]string, by string, folds []*plan.Expr) *grouper {
	g := &grouper{r: r, by: by, folds: folds, packs: packs{d: r.d}}
	order := map[string]bool{}
	var wanted []*plan.Expr
	for _, e := range folds {
		wanted = append(wanted, e.Fold.Inner()...)
		g.rows, g.packs.most = e.Fold.Rows, e.Fold.PerOwner
		if e.Fold.Ordered() {
			for _, column := range e.Fold.Order() {
				order[column] = true
			}
		}
	}
	l := newLayers(r.d, r.now, source, by, withOperands(wanted), 2)
	l.names, g.l, g.w = names, l, l.writer()
	for column := range order {
		l.pass = append(l.pass, column)
	}
	slices.Sort(l.pass)
	return g
}

// sql is the grouped query. Its first column is the owner's key. Folds are
// written twice: what can be packed is known once all have asked.
func (g *grouper) sql() string {
	for _, e := range g.folds {
		g.column(e)
	}
	g.packs.arrange()
	list := []string{sqltext.Ident(g.by) + " AS " + ownerKey}
	for _, e := range g.folds {
		list = append(list, g.column(e)+" AS "+nodeName(e))
	}
	from := g.packs.from(selectAlso(g.l.from(), g.fixed))
	return "SELECT " + strings.Join(list, ",\n  ") + "\nFROM " + from + "\nGROUP BY " + sqltext.Ident(g.by)
}

// column is a fold, NULL where a row is ⊥ that CEL does not absorb.
func (g *grouper) column(e *plan.Expr) string {
	f := e.Fold
	sql := g.d().Typed(e, g.aggregate(e))
	if mayBeZero(f) {
		sql = "(CASE WHEN " + sql + " = 0 THEN 0e0 ELSE " + sql + " END)"
	}
	var bottom []string
	if f.Keep.MayBottom {
		bottom = append(bottom, g.anyBottom(f.Keep))
	}
	if f.Value != nil && f.Value.Type.Kind == catalog.Double && !f.Value.Facts.NoNaN {
		switch f.Func {
		case plan.FoldMin, plan.FoldMax, plan.FoldMode, plan.FoldQuantile:
			bottom = append(bottom, "coalesce(bool_or(isnan("+g.w.value(f.Value)+"))"+where(g.kept(f))+", false)")
		}
	}
	if len(bottom) == 0 {
		return sql
	}
	return "CASE WHEN NOT (" + strings.Join(bottom, " OR ") + ") THEN " + sql + " END"
}

// mayBeZero says that which of 0.0 and -0.0 a fold finds depends on the order of
// rows: it is zero then, as in CEL.
func mayBeZero(f *plan.Fold) bool {
	if f.Value == nil || f.Value.Type.Kind != catalog.Double {
		return false
	}
	switch f.Func {
	case plan.FoldMin, plan.FoldMax, plan.FoldMode, plan.FoldQuantile:
		low, ok1 := f.Value.Facts.Min.(float64)
		high, ok2 := f.Value.Facts.Max.(float64)
		return !(ok1 && low > 0 || ok2 && high < 0)
	}
	return false
}

func (g *grouper) d() Dialect { return g.r.d }

// kept is the condition under which a row counts, "" for always.
func (g *grouper) kept(f *plan.Fold) string {
	if f.Keep.IsConst() && f.Keep.Const == true {
		return ""
	}
	return g.isTrue(f.Keep)
}

// isTrue is a condition that is never NULL.
func (g *grouper) isTrue(e *plan.Expr) string {
	if e.Decided() {
		return g.w.value(e)
	}
	return "(" + g.w.sure(e) + " = 1)"
}

func (g *grouper) isBottom(e *plan.Expr) string {
	return "(" + g.w.sure(e) + " <> " + g.w.maybe(e) + ")"
}

// mask is a condition as 0 and 1, "" for always.
func (g *grouper) mask(e *plan.Expr) string {
	if e.IsConst() && e.Const == true {
		return ""
	}
	return g.w.sure(e)
}

// anyTrue says whether a condition is TRUE for a row of the group.
func (g *grouper) anyTrue(e *plan.Expr) string {
	if n, ok := g.packs.count(g.mask(e)); ok {
		return "(" + n + " > 0)"
	}
	return "bool_or(" + g.isTrue(e) + ")"
}

// anyBottom says whether a condition is ⊥ for a row of the group.
func (g *grouper) anyBottom(e *plan.Expr) string {
	is := g.isBottom(e)
	if n, ok := g.packs.count(is); ok {
		return "(" + n + " > 0)"
	}
	return "bool_or(" + is + ")"
}

func (g *grouper) aggregate(e *plan.Expr) string {
	f := e.Fold
	kept := g.kept(f)
	if f.Func == plan.FoldSize {
		return g.rowsWhere(f.Keep)
	}
	if f.Func == plan.FoldExists {
		if f.Value.Decided() {
			return g.anyTrue(f.Value)
		}
		return "CASE WHEN " + g.anyTrue(f.Value) + " THEN true WHEN " + g.anyBottom(f.Value) + " THEN NULL ELSE false END"
	}
	v := g.w.value(f.Value)
	switch f.Func {
	case plan.FoldCount:
		return g.counted(f, v)
	case plan.FoldDistinct:
		return g.distinct(f, v, kept)
	case plan.FoldBits:
		return g.d().Bits(v, kept)
	case plan.FoldSum, plan.FoldAvg:
		return g.sum(f, v, kept)
	case plan.FoldMin:
		return "min(" + v + ")" + where(kept)
	case plan.FoldMax:
		return "max(" + v + ")" + where(kept)
	case plan.FoldMode:
		return g.d().Top(v, kept, 1) + "[1].value"
	case plan.FoldQuantile:
		if f.Value.Type.Kind == catalog.Duration {
			return g.d().LengthQuantile(v, kept, f.Param)
		}
		return g.d().Quantile(v, kept, f.Param)
	}
	order := make([]string, 0, 2)
	for _, column := range f.Order() {
		order = append(order, sqltext.Ident(column))
	}
	return g.d().First(v, order, f.Func == plan.FoldLast, f.Value.Type.Kind == catalog.Double, kept)
}

func count(what, kept string) string { return "count(" + what + ")" + where(kept) }

// rowsWhere counts rows. count_if costs less than a FILTER (measured).
func (g *grouper) rowsWhere(keep *plan.Expr) string {
	mask := g.mask(keep)
	if n, ok := g.packs.count(mask); ok {
		return n
	}
	if mask == "" {
		return "count(*)"
	}
	return "count_if(" + g.isTrue(keep) + ")::BIGINT"
}

// counted counts the kept rows that have a value.
func (g *grouper) counted(f *plan.Fold, v string) string {
	if f.Value.Decided() {
		return g.rowsWhere(f.Keep)
	}
	if n, ok := g.packs.count(g.valueMask(f, v)); ok {
		return n
	}
	return count(v, g.kept(f))
}

// valueMask is 1 for the kept rows that have a value.
func (g *grouper) valueMask(f *plan.Fold, v string) string {
	mask := g.mask(f.Keep)
	if f.Value.Decided() {
		return mask
	}
	has := "(" + v + " IS NOT NULL)::UTINYINT"
	if mask == "" {
		return has
	}
	return mask + " & " + has
}

// distinct counts null as one value, and every NaN as one of its own, as CEL
// compares them.
func (g *grouper) distinct(f *plan.Fold, v, kept string) string {
	numbers := kept
	more := ""
	if f.Value.Type.Kind == catalog.Double && !f.Value.Facts.NoNaN {
		numbers = and(kept, "NOT isnan("+v+")")
		more = " + count(*)" + where(and(kept, "isnan("+v+")"))
	}
	if f.Value.MayNull {
		more += " + (" + count("*", kept) + " > " + count(v, kept) + ")::BIGINT"
	}
	return "count(DISTINCT " + v + ")" + where(numbers) + more
}

func and(a, b string) string {
	if a == "" {
		return b
	}
	return a + " AND " + b
}
