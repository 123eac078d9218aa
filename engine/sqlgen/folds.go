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
	fixed []string // doubles in billionths, columns of the FROM clause
}

func newGrouper(r *relations, source string, names map[*plan.Expr]string, by string, folds []*plan.Expr) *grouper {
	g := &grouper{r: r, by: by, folds: folds}
	order := map[string]bool{}
	var wanted []*plan.Expr
	for _, e := range folds {
		wanted = append(wanted, e.Fold.Inner()...)
		g.rows = e.Fold.Rows
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

// sql is the grouped query. Its first column is the owner's key.
func (g *grouper) sql() string {
	list := []string{sqltext.Ident(g.by) + " AS " + ownerKey}
	for _, e := range g.folds {
		list = append(list, g.column(e)+" AS "+nodeName(e))
	}
	from := g.l.from()
	if len(g.fixed) > 0 {
		from = "(SELECT *, " + strings.Join(g.fixed, ", ") + " FROM " + from + ")"
	}
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
		bottom = append(bottom, "bool_or("+g.isBottom(f.Keep)+")")
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

func (g *grouper) aggregate(e *plan.Expr) string {
	f := e.Fold
	kept := g.kept(f)
	if f.Func == plan.FoldSize {
		return rows(kept)
	}
	if f.Func == plan.FoldExists {
		if f.Value.Decided() {
			return "bool_or(" + g.isTrue(f.Value) + ")"
		}
		return "CASE WHEN bool_or(" + g.isTrue(f.Value) + ") THEN true WHEN bool_or(" + g.isBottom(f.Value) + ") THEN NULL ELSE false END"
	}
	v := g.w.value(f.Value)
	switch f.Func {
	case plan.FoldCount:
		return counted(f, v, kept)
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

// rows counts rows. count_if costs less than a FILTER (measured).
func rows(kept string) string {
	if kept == "" {
		return "count(*)"
	}
	return "count_if(" + kept + ")::BIGINT"
}

// counted counts the kept rows that have a value.
func counted(f *plan.Fold, v, kept string) string {
	if !f.Value.MayNull && !f.Value.MayBottom {
		return rows(kept)
	}
	return count(v, kept)
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

// sum is exact, whatever the order of rows: whole numbers in 128 bits, doubles
// in billionths.
func (g *grouper) sum(f *plan.Fold, v, kept string) string {
	n := counted(f, v, kept)
	average := f.Func == plan.FoldAvg
	switch kind := f.Value.Type.Kind; {
	case kind == catalog.Double:
		sum := g.fixedSum(f, v, kept)
		if average {
			return "CASE WHEN " + n + " > 0 THEN (" + sum + ") / (" + n + ")::DOUBLE END"
		}
		return sum
	case average && kind == catalog.Duration:
		return "CASE WHEN " + n + " > 0 THEN sum(" + v + ")" + where(kept) + " // " + n + " END"
	case average:
		return "CASE WHEN " + n + " > 0 THEN (sum(" + v + "::BIGINT)" + where(kept) + ")::DOUBLE / (" + n + ")::DOUBLE END"
	}
	sum := "coalesce(sum(" + v + "::BIGINT)" + where(kept) + ", 0)"
	if g.bounded(f) {
		return sum
	}
	return "CASE WHEN " + sum + "::HUGEINT" + inRange + "(" + sum + ")::BIGINT END"
}

// bounded says that facts keep the sum of whole numbers within 64 bits.
func (g *grouper) bounded(f *plan.Fold) bool {
	for _, e := range g.folds {
		if o := e.Fold; o.Func == plan.FoldSum && o.Value == f.Value && e.Facts.Min != nil {
			return true
		}
	}
	return false
}

func (g *grouper) fixedSum(f *plan.Fold, v, kept string) string {
	low, ok1 := f.Value.Facts.Min.(float64)
	high, ok2 := f.Value.Facts.Max.(float64)
	name := sqltext.Ident("≡" + v)
	if limit := max(-low, high); ok1 && ok2 && f.Value.Facts.Hundredths && limit < 2e6 && g.rows > 0 && limit < 1e13/float64(g.rows) {
		g.fix(g.d().Hundredths(v) + " AS " + name)
		return g.d().HundredthsSum(name, kept, f.Value.Decided())
	}
	small := ok1 && ok2 && f.Value.Facts.NoNaN && low > -9e9 && high < 9e9
	g.fix(g.d().Fixed(v, small) + " AS " + name)
	if small {
		return g.d().SmallSum(name, kept, g.rows > 0 && max(-low, high) < 9e9/float64(g.rows))
	}
	return g.d().FixedSum(v, name, kept)
}

// fix adds a column of numbers without fractions to the FROM clause.
func (g *grouper) fix(column string) {
	if !slices.Contains(g.fixed, column) {
		g.fixed = append(g.fixed, column)
	}
}
