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
	b     *plan.Batch
	ends  map[*plan.Expr]sequenceEnd // of sequences, what the windows found
	fixed definitions                // doubles as whole numbers, columns of the FROM clause
	packs packs
}

// newGrouper is over rows with some columns, which are called by names where
// they have other names than their own.
func newGrouper(r *relations, b *plan.Batch, source string, names map[*plan.Expr]string, ends map[*plan.Expr]sequenceEnd) *grouper {
	g := &grouper{r: r, b: b, ends: ends, fixed: definitions{of: "fixed"}, packs: packs{d: r.d, most: b.Folds[0].Fold.PerOwner, operands: definitions{of: "of"}}}
	g.l = newLayers(r.d, r.now, source, b.Relation.By, withOperands(grouped(b)), 2)
	g.l.names = names
	g.l.pass = idents(orderOf(b))
	if gapsInOrder(b) {
		g.l.pass = append(g.l.pass, rowColumn)
	}
	for _, e := range b.Gaps() {
		g.l.pass = append(g.l.pass, gapIsThere(e))
	}
	for _, e := range b.Sequences() {
		g.l.pass = append(g.l.pass, ends[e].columns()...)
	}
	slices.Sort(g.l.pass)
	g.l.pass = slices.Compact(g.l.pass)
	g.w = g.l.writer()
	return g
}

// grouped lists the expressions over rows that are read where they are grouped.
// What sequences ask of rows is known by then.
func grouped(b *plan.Batch) []*plan.Expr {
	var list []*plan.Expr
	for _, e := range b.Folds {
		switch f := e.Fold; {
		case f.Func != plan.FoldSequence:
			list = append(list, f.Inner()...)
		case f.Keep.MayBottom:
			list = append(list, f.Keep)
		}
	}
	return list
}

// orderOf lists the columns of the relation whose order folds ask for when rows
// are grouped.
func orderOf(b *plan.Batch) []string {
	var list []string
	for _, e := range b.Folds {
		if f := e.Fold; f.Ordered() && f.Over == nil && f.Func != plan.FoldSequence {
			list = append(list, f.Order()...)
		}
	}
	return list
}

// gapsInOrder says that a fold asks for the order of what lies between rows.
func gapsInOrder(b *plan.Batch) bool {
	return slices.ContainsFunc(b.Folds, func(e *plan.Expr) bool { return e.Fold.Over != nil && e.Fold.Ordered() })
}

// sql is the grouped query. Its first column is the owner's key. Folds are
// written twice: what can be packed is known once all have asked.
func (g *grouper) sql() string {
	for _, e := range g.b.Folds {
		g.column(e)
	}
	g.packs.arrange()
	by := sqltext.Ident(g.b.Relation.By)
	list := []string{by + " AS " + ownerKey}
	for _, e := range g.b.Folds {
		list = append(list, g.column(e)+" AS "+nodeName(e))
	}
	from := g.packs.from(selectAlso(g.l.from(), g.fixed.list()))
	return "SELECT " + strings.Join(list, ",\n  ") + "\nFROM " + from + "\nGROUP BY " + by
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
		bottom = append(bottom, g.anyBottom(f, f.Keep))
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
	there := ""
	if f.Over != nil {
		there = "(" + gapIsThere(f.Over) + " = 1)"
	}
	if f.Keep.IsConst() && f.Keep.Const == true {
		return there
	}
	return and(there, g.w.isTrue(f.Keep))
}

// mask is where a condition on the rows of a fold is TRUE, as 0 and 1; "" for
// always.
func (g *grouper) mask(f *plan.Fold, e *plan.Expr) string {
	always := e.IsConst() && e.Const == true
	switch {
	case f.Over == nil && always:
		return ""
	case f.Over == nil:
		return g.w.one(e)
	case always:
		return gapIsThere(f.Over)
	}
	return gapIsThere(f.Over) + " & " + g.w.one(e)
}

// anyRow says whether a condition, which is never NULL, is TRUE for a row of the
// group; "" is TRUE for every row.
func (g *grouper) anyRow(mask string) string {
	if mask == "" {
		return "true" // a group has rows
	}
	if n, ok := g.packs.count(mask); ok {
		return "(" + n + " > 0)"
	}
	return "bool_or((" + mask + ")::BOOLEAN)"
}

// anyTrue says whether a condition is TRUE for a row of a fold.
func (g *grouper) anyTrue(f *plan.Fold, e *plan.Expr) string {
	return g.anyRow(g.mask(f, e))
}

// anyBottom says whether a condition is ⊥ for a row of a fold.
func (g *grouper) anyBottom(f *plan.Fold, e *plan.Expr) string {
	is := g.w.isBottom(e)
	if f.Over != nil {
		is = "(" + gapIsThere(f.Over) + " = 1 AND " + is + ")"
	}
	return g.anyRow(is)
}

func (g *grouper) aggregate(e *plan.Expr) string {
	f := e.Fold
	switch f.Func {
	case plan.FoldSize:
		return g.rowsWhere(f)
	case plan.FoldSequence:
		return g.sequence(e)
	case plan.FoldExists:
		if f.Value.Decided() {
			return g.anyTrue(f, f.Value)
		}
		return "CASE WHEN " + g.anyTrue(f, f.Value) + " THEN true WHEN " + g.anyBottom(f, f.Value) + " THEN NULL ELSE false END"
	}
	v, kept := g.w.value(f.Value), g.kept(f)
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
	return g.d().First(v, idents(f.Order()), f.Func == plan.FoldLast, f.Value.Type.Kind == catalog.Double, kept)
}

func count(what, kept string) string { return "count(" + what + ")" + where(kept) }

// rowsWhere counts the kept rows. count_if costs less than a FILTER (measured).
func (g *grouper) rowsWhere(f *plan.Fold) string {
	if n, ok := g.packs.count(g.mask(f, f.Keep)); ok {
		return n
	}
	if kept := g.kept(f); kept != "" {
		return "count_if(" + kept + ")::BIGINT"
	}
	return "count(*)"
}

// counted counts the kept rows that have a value.
func (g *grouper) counted(f *plan.Fold, v string) string {
	if f.Value.Decided() {
		return g.rowsWhere(f)
	}
	if n, ok := g.packs.count(g.valueMask(f, v)); ok {
		return n
	}
	return count(v, g.kept(f))
}

// valueMask is 1 for the kept rows that have a value.
func (g *grouper) valueMask(f *plan.Fold, v string) string {
	mask := g.mask(f, f.Keep)
	if f.Value.Decided() {
		return mask
	}
	has := "(" + v + " IS NOT NULL)::TINYINT"
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

// and joins conditions, "" for none.
func and(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " AND " + b
}
