package sqlgen

import (
	"math"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// sum is exact, whatever the order of rows: whole numbers in 128 bits, doubles
// in billionths, or in hundredths where facts say that they are such.
func (g *grouper) sum(f *plan.Fold, v, kept string) string {
	average := f.Func == plan.FoldAvg
	n := ""
	if average {
		n = g.counted(f, v)
	}
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
		return "CASE WHEN " + n + " > 0 THEN (" + g.wholeSum(f, v, kept) + ")::DOUBLE / (" + n + ")::DOUBLE END"
	}
	sum := g.wholeSum(f, v, kept)
	if g.bounded(f) {
		return sum
	}
	return "CASE WHEN " + sum + "::HUGEINT" + inRange + "(" + sum + ")::BIGINT END"
}

// wholeSum is the sum of whole numbers, in 128 bits where it is not packed.
func (g *grouper) wholeSum(f *plan.Fold, v, kept string) string {
	low, ok1 := f.Value.Facts.Min.(int64)
	high, ok2 := f.Value.Facts.Max.(int64)
	if ok1 && ok2 && low > -1<<packBits && high < 1<<packBits {
		if sum, ok := g.packed(f, v, "("+v+")::DOUBLE", float64(low), float64(high)); ok {
			return sum
		}
	}
	return "coalesce(sum(" + v + "::BIGINT)" + where(kept) + ", 0)"
}

// packed is the sum of whole numbers that facts bound, as a BIGINT. Those that
// may be negative are counted from the lowest on.
func (g *grouper) packed(f *plan.Fold, v, number string, low, high float64) (string, bool) {
	low = math.Min(low, 0)
	value := number
	if low < 0 {
		value = "(" + number + " - (" + g.d().Constant(low) + "))"
	}
	if !f.Value.Decided() {
		value = "coalesce(" + value + ", 0)"
	}
	mask := g.mask(f, f.Keep)
	sum, ok := g.packs.sum(mask, value, math.Max(high, 0)-low)
	if low == 0 {
		return sum, ok
	}
	n, counted := g.packs.count(g.valueMask(f, v))
	return "(" + sum + " + " + n + " * (" + sqltext.Int(int64(low)) + "))", ok && counted
}

// bounded says that facts keep the sum of whole numbers within 64 bits.
func (g *grouper) bounded(f *plan.Fold) bool {
	for _, e := range g.b.Folds {
		if o := e.Fold; o.Func == plan.FoldSum && o.Value == f.Value && e.Facts.Min != nil {
			return true
		}
	}
	return false
}

func (g *grouper) fixedSum(f *plan.Fold, v, kept string) string {
	low, ok1 := f.Value.Facts.Min.(float64)
	high, ok2 := f.Value.Facts.Max.(float64)
	if limit := max(-low, high); ok1 && ok2 && f.Value.Facts.Hundredths && limit < 2e6 && f.Rows > 0 && limit < 1e13/float64(f.Rows) {
		name := g.fixed.name(g.d().Hundredths(v))
		k, ok := g.packed(f, v, name, math.Round(low*1e2), math.Round(high*1e2))
		if ok {
			return g.d().HundredthsSum("(" + k + ")::DOUBLE")
		}
		k = "sum(" + masked(name, kept) + ")"
		if !f.Value.Decided() {
			k = "coalesce(" + k + ", 0)"
		}
		return g.d().HundredthsSum(k)
	}
	small := ok1 && ok2 && f.Value.Facts.NoNaN && low > -9e9 && high < 9e9
	name := g.fixed.name(g.d().Fixed(v, small))
	if small {
		return g.d().SmallSum(name, kept, f.Rows > 0 && max(-low, high) < 9e9/float64(f.Rows))
	}
	return g.d().FixedSum(v, name, kept)
}
