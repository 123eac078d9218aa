package plan

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"personae/engine/catalog"
)

// FoldFunc is what a fold makes of the related rows that it keeps.
type FoldFunc string

// The folds. Those of values skip nulls; of no rows size, count and sum are 0,
// exists is FALSE, and the others are null.
const (
	FoldSize     FoldFunc = "size"     // how many rows are kept
	FoldCount    FoldFunc = "count"    // how many kept rows have a value
	FoldDistinct FoldFunc = "distinct" // how many different values; null counts as one
	FoldExists   FoldFunc = "exists"   // whether Value is TRUE for a row: Kleene's OR
	FoldSum      FoldFunc = "sum"
	FoldAvg      FoldFunc = "avg"
	FoldMin      FoldFunc = "min"
	FoldMax      FoldFunc = "max"
	FoldQuantile FoldFunc = "percentile" // at Param of 100; median is at 50
	FoldMode     FoldFunc = "mode"
	FoldFirst    FoldFunc = "first" // Value of the first kept row, in the relation's order
	FoldLast     FoldFunc = "last"
	FoldBits     FoldFunc = "bits"     // how many different values, which are from 0 to 62
	FoldGap      FoldFunc = "gap"      // of an OpGap: the time since the kept row before
	FoldSequence FoldFunc = "sequence" // whether rows fulfil the steps of Sequence, one after the other
)

// Fold is a calculation over the rows that belong to one row of an owner. All
// folds of one relation are one GROUP BY.
//
// Keep says which rows count. Where it is ⊥ for a row, the whole fold is ⊥:
// that is what an error in filter or map is in CEL. Value is ⊥ for no row that
// Keep keeps, but for exists, whose Value absorbs: it holds Keep already.
type Fold struct {
	Func  FoldFunc
	Path  []*catalog.Table // the relation, its owner, the owner's owner
	Keep  *Expr
	Value *Expr // nil for size
	Param float64
	Rows  int64 // that the relation has at most; 0: nothing is known
	// PerOwner is how many rows an owner has at most; 0: nothing is known.
	PerOwner int64
	// Over is an OpGap where the fold is over what lies between rows.
	Over     *Expr
	Sequence *Sequence // of FoldSequence; Value is then when a row happened
}

// Relation is the table whose rows are folded.
func (f *Fold) Relation() *catalog.Table { return f.Path[0] }

// Owner is the table whose rows the fold is about.
func (f *Fold) Owner() *catalog.Table { return f.Path[1] }

// Ordered says whether the order of the rows matters.
func (f *Fold) Ordered() bool {
	switch f.Func {
	case FoldFirst, FoldLast, FoldGap, FoldSequence:
		return true
	}
	return false
}

// Inner lists the expressions over the relation's rows.
func (f *Fold) Inner() []*Expr {
	if f.Value == nil {
		return []*Expr{f.Keep}
	}
	inner := []*Expr{f.Keep, f.Value}
	if f.Sequence != nil {
		inner = append(inner, f.Sequence.Parts()...)
	}
	return inner
}

func (f *Fold) key() string {
	value := -1
	if f.Value != nil {
		value = f.Value.ID
	}
	key := fmt.Sprintf("fold %s %s %d %d %v", f.Func, f.Path[0].Name, f.Keep.ID, value, f.Param)
	if f.Over != nil {
		key += fmt.Sprintf(" over %d", f.Over.ID)
	}
	if f.Sequence != nil {
		key += f.Sequence.key()
	}
	return key
}

// Empty is what the fold gives an owner without rows: a constant, or nil for null.
func (f *Fold) Empty() any {
	switch f.Func {
	case FoldSize, FoldCount, FoldDistinct, FoldBits:
		return int64(0)
	case FoldExists, FoldSequence:
		return false
	case FoldSum:
		if f.Value.Type.Kind == catalog.Double {
			return 0.0
		}
		return int64(0)
	}
	return nil
}

// text is how plans print a fold, in the scan of its relation.
func (f *Fold) text(names map[*Expr]string) string {
	text := string(f.Func)
	if f.Func == FoldQuantile {
		text += fmt.Sprintf(" %v", f.Param)
	}
	if f.Sequence != nil {
		text += " of " + strings.Join(f.Sequence.text(names), ", ")
	} else if f.Value != nil {
		text += " of " + f.Value.text(names)
	}
	if !isBool(f.Keep, true) {
		text += " where " + f.Keep.text(names)
	}
	if f.Over != nil {
		text += ", between rows: " + f.Over.Fold.text(names)
	}
	return text
}

// fold makes the node, with what is known of its outcome.
func (b *Builder) fold(f Fold) *Expr {
	f.Rows, f.PerOwner = b.rows(f.Path[0]), b.perOwner(f.Path[0])
	rows := f.Rows
	if f.PerOwner > 0 {
		rows = f.PerOwner
	}
	e := Expr{Op: OpFold, Fold: &f, MayBottom: f.Keep.MayBottom}
	switch f.Func {
	case FoldSize, FoldCount, FoldDistinct:
		e.Type.Kind = catalog.Int
		e.Facts = Interval{Min: int64(0), Max: rows}
	case FoldBits:
		e.Type.Kind = catalog.Int
		e.Facts = Interval{Min: int64(0), Max: min(rows, bitWeeks)}
	case FoldSequence:
		e.Type.Kind = catalog.Bool
		for _, p := range f.Sequence.Parts() {
			e.MayBottom = e.MayBottom || p.MayBottom
		}
	case FoldExists:
		e.Type.Kind = catalog.Bool
		e.MayBottom = f.Keep.MayBottom || f.Value.MayBottom
	case FoldSum:
		e.Type.Kind = f.Value.Type.Kind
		e.Facts = sumFacts(f.Value, rows)
		e.MayBottom = e.MayBottom || e.Facts.Min == nil
	case FoldAvg:
		e.Type.Kind, e.MayNull = catalog.Double, true
		if f.Value.Type.Kind == catalog.Duration {
			e.Type.Kind = catalog.Duration
		}
		e.Facts = Interval{NoNaN: true}
		e.MayBottom = e.MayBottom || f.Value.Type.Kind == catalog.Double && sumFacts(f.Value, rows).Min == nil
	case FoldQuantile:
		e.Type.Kind, e.MayNull = catalog.Double, true
		e.Facts, e.MayBottom = Interval{NoNaN: finiteValue(f.Value)}, e.MayBottom || anyNaN([]*Expr{f.Value})
		if f.Value.Type.Kind == catalog.Duration {
			e.Type.Kind, e.Facts, e.MayBottom = catalog.Duration, Interval{}, e.MayBottom || !farFromLimits(f.Value)
		}
	case FoldMin, FoldMax, FoldMode:
		e.Type.Kind, e.MayNull = f.Value.Type.Kind, true
		e.Facts, e.MayBottom = f.Value.Facts, e.MayBottom || anyNaN([]*Expr{f.Value})
		e.Facts.NoNaN = f.Value.Type.Kind == catalog.Double
	default: // first and last: only asked for where there is a row
		e.Type, e.MayNull, e.Facts = f.Value.Type, f.Value.MayNull, f.Value.Facts
	}
	e.Type.Nullable = e.MayNull
	return b.intern(e)
}

// finiteValue says that interpolation between two values is never infinity
// minus infinity.
func finiteValue(e *Expr) bool {
	_, _, ok := e.Facts.Finite()
	return ok || e.Type.Kind == catalog.Int
}

// farFromLimits says that a value between two others is a length of time, too.
func farFromLimits(e *Expr) bool {
	low, high := ints(e)
	return low.BitLen() < 62 && high.BitLen() < 62
}

// rows is how many rows a table has at most.
func (b *Builder) rows(t *catalog.Table) int64 {
	if b.facts != nil && b.facts.Tables[t.Name] != nil {
		return b.facts.Tables[t.Name].Rows
	}
	return math.MaxUint32
}

// perOwner is how many rows an owner has at most, 0 where nothing is known.
func (b *Builder) perOwner(t *catalog.Table) int64 {
	if b.facts == nil || b.facts.Tables[t.Name] == nil {
		return 0
	}
	return b.facts.Tables[t.Name].PerOwner
}

// past says whether facts prove that no row of a table is later than now.
func (b *Builder) past(t *catalog.Table) bool {
	return b.facts != nil && b.facts.Tables[t.Name] != nil && b.facts.Tables[t.Name].Past
}

// sumFacts bounds the sum of at most n values; nothing where it may be out of range.
func sumFacts(v *Expr, n int64) Interval {
	if v.Type.Kind == catalog.Double {
		low, high, ok := v.Facts.Finite()
		limit := 1e20 / float64(max(n, 1))
		if !ok || low < -limit || high > limit {
			return Interval{}
		}
		return Interval{Min: math.Min(low, 0) * float64(n), Max: math.Max(high, 0) * float64(n), NoNaN: true}
	}
	low, high := ints(v)
	rows := big.NewInt(n)
	low, high = new(big.Int).Mul(low, rows), new(big.Int).Mul(high, rows)
	if low.Sign() > 0 {
		low.SetInt64(0)
	}
	if high.Sign() < 0 {
		high.SetInt64(0)
	}
	if !low.IsInt64() || !high.IsInt64() {
		return Interval{}
	}
	return Interval{Min: low.Int64(), Max: high.Int64(), Micros: v.Facts.Micros}
}

// foldNull is the null test of a fold that can be both null and ⊥.
func (b *Builder) foldNull(e *Expr) *Expr {
	f := *e.Fold
	if f.Ordered() {
		f.Value = b.NullTest(f.Value)
		return b.fold(f)
	}
	f.Func, f.Param = FoldCount, 0
	none := b.Strict(OpEq, "", b.fold(f), b.Const(int64(0)))
	return b.If(none, b.Const(true), b.NullTest(b.Decide(e)))
}

// then is p where keep is TRUE, FALSE where it is FALSE and ⊥ where it is ⊥:
// unlike &&, an error on the left is not absorbed.
func (b *Builder) then(keep, p *Expr) *Expr {
	if keep.Decided() {
		return b.And(keep, p)
	}
	return b.If(keep, p, b.Const(false))
}

// notBottom is TRUE unless e is ⊥.
func (b *Builder) notBottom(e *Expr) *Expr {
	if !e.MayBottom {
		return b.Const(true)
	}
	n := b.NullTest(e)
	return b.Or(n, b.Not(n))
}

// Reads calls f for every column below some expressions, and for the columns
// that folds join and order by. Each node is visited once.
func Reads(list []*Expr, f func(table, column string)) {
	seen := map[*Expr]bool{}
	for _, e := range list {
		within(e, seen, func(n *Expr) {
			switch n.Op {
			case OpColumn:
				f(n.Table, n.Name)
			case OpFold, OpGap:
				for _, column := range n.Fold.joins() {
					f(n.Fold.Path[0].Name, column)
				}
				for _, owner := range n.Fold.Path[1:] {
					f(owner.Name, owner.Key)
				}
			case OpLookup:
				f(n.Lookup.Base.Name, n.Lookup.Column)
				f(n.Lookup.Target.Name, n.Lookup.Target.Key)
			}
		})
	}
}

// within is visit that looks into folds and lookups, too.
func within(e *Expr, seen map[*Expr]bool, f func(*Expr)) {
	visit(e, seen, func(n *Expr) {
		if n.Fold != nil {
			for _, inner := range n.Fold.Inner() {
				within(inner, seen, f)
			}
			if n.Fold.Over != nil {
				within(n.Fold.Over, seen, f)
			}
		}
		if n.Op == OpLookup && n.Lookup.Inner != nil {
			within(n.Lookup.Inner, seen, f)
		}
		f(n)
	})
}

// joins lists the columns of the relation that a fold reads besides those of
// its expressions.
func (f *Fold) joins() []string {
	columns := []string{f.Path[0].By}
	if f.Ordered() && f.Over == nil {
		columns = append(columns, f.Order()...)
	}
	return columns
}

// Order lists the columns by which the rows of the relation are in order.
func (f *Fold) Order() []string {
	switch t := f.Path[0]; {
	case f.Over != nil:
		return []string{RowColumn}
	case f.Func == FoldGap: // of rows of one time, the order makes no difference
		return []string{t.Time}
	default:
		return t.Order()
	}
}
