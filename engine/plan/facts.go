package plan

import (
	"math"
	"math/big"

	"personae/engine/catalog"
)

// NowMin and NowMax bound the as-of instant, in microseconds since 1970: the
// years 1900 to 2199. Plans rest on it, so SQL is generated for no other.
const (
	NowMin int64 = -2208988800_000_000
	NowMax int64 = 7258118400_000_000 - 1
)

// The years 1 to 9999 in microseconds since 1970.
const (
	timeMin int64 = -62135596800_000_000
	timeMax int64 = 253402300800_000_000 - 1
)

// columnFacts turns what is known of a column into bounds.
func columnFacts(kind catalog.Kind, f *catalog.ColumnFacts) Interval {
	if f == nil {
		return Interval{}
	}
	i := Interval{NoNaN: kind == catalog.Double && !f.HasNaN, Hundredths: kind == catalog.Double && f.Hundredths && !f.HasNaN}
	switch kind {
	case catalog.Int, catalog.Double:
		i.Min, i.Max = f.Min, f.Max
	case catalog.Timestamp:
		low, ok1 := f.Min.(interface{ UnixMicro() int64 })
		high, ok2 := f.Max.(interface{ UnixMicro() int64 })
		if ok1 && ok2 {
			i.Min, i.Max = low.UnixMicro(), high.UnixMicro()
		}
	}
	return i
}

type bigOp func(z, a, b *big.Int) *big.Int

func addInt(z, a, b *big.Int) *big.Int { return z.Add(a, b) }
func subInt(z, a, b *big.Int) *big.Int { return z.Sub(a, b) }
func mulInt(z, a, b *big.Int) *big.Int { return z.Mul(a, b) }

// ints gives the bounds of an int or duration, the widest where none are known.
func ints(e *Expr) (low, high *big.Int) {
	low, high = big.NewInt(math.MinInt64), big.NewInt(math.MaxInt64)
	if v, ok := e.Facts.Min.(int64); ok {
		low.SetInt64(v)
	}
	if v, ok := e.Facts.Max.(int64); ok {
		high.SetInt64(v)
	}
	return low, high
}

// corners applies an operation to the corners of two intervals, between which
// sums, differences and products lie.
func corners(op bigOp, args []*Expr) (low, high *big.Int) {
	a0, a1 := ints(args[0])
	b0, b1 := ints(args[1])
	for _, a := range []*big.Int{a0, a1} {
		for _, b := range []*big.Int{b0, b1} {
			v := op(new(big.Int), a, b)
			if low == nil || v.Cmp(low) < 0 {
				low = v
			}
			if high == nil || v.Cmp(high) > 0 {
				high = v
			}
		}
	}
	return low, high
}

func overflows(op bigOp) func([]*Expr) bool {
	return func(args []*Expr) bool {
		low, high := corners(op, args)
		return !low.IsInt64() || !high.IsInt64()
	}
}

func bounds(op bigOp) func([]*Expr) Interval {
	return func(args []*Expr) Interval {
		i := Interval{Micros: args[0].Facts.Micros && args[1].Facts.Micros}
		if low, high := corners(op, args); low.IsInt64() && high.IsInt64() {
			i.Min, i.Max = low.Int64(), high.Int64()
		}
		return i
	}
}

// divides: the divisor may be zero, or the quotient may leave 64 bits.
func divides(args []*Expr) bool {
	low, high := ints(args[1])
	zero := low.Sign() <= 0 && high.Sign() >= 0
	minusOne := big.NewInt(-1)
	hasMinusOne := low.Cmp(minusOne) <= 0 && high.Cmp(minusOne) >= 0
	return zero || hasMinusOne && mayBeMin(args[:1])
}

func negBounds(args []*Expr) Interval {
	i := Interval{Micros: args[0].Facts.Micros}
	if low, ok := args[0].Facts.Min.(int64); ok && low != math.MinInt64 {
		i.Max = -low
	}
	if high, ok := args[0].Facts.Max.(int64); ok {
		i.Min = -high
	}
	return i
}

// Finite gives the bounds of doubles that are neither NaN nor infinite.
func (i Interval) Finite() (low, high float64, ok bool) {
	low, ok1 := i.Min.(float64)
	high, ok2 := i.Max.(float64)
	ok = ok1 && ok2 && i.NoNaN && !math.IsInf(low, 0) && !math.IsInf(high, 0)
	return low, high, ok
}

// doubles bounds an operation that is monotone in each operand; without finite
// operands the result may be NaN (infinity minus infinity).
func doubles(op func(a, b float64) float64) func([]*Expr) Interval {
	return func(args []*Expr) Interval {
		a0, a1, ok1 := args[0].Facts.Finite()
		b0, b1, ok2 := args[1].Facts.Finite()
		if !ok1 || !ok2 {
			return Interval{}
		}
		v := []float64{op(a0, b0), op(a0, b1), op(a1, b0), op(a1, b1)}
		low, high := v[0], v[0]
		for _, x := range v {
			low, high = math.Min(low, x), math.Max(high, x)
		}
		return Interval{Min: low, Max: high, NoNaN: true}
	}
}

func divBounds(args []*Expr) Interval {
	b0, b1, ok := args[1].Facts.Finite()
	if _, _, ok1 := args[0].Facts.Finite(); !ok || !ok1 {
		return Interval{}
	}
	if b0 <= 0 && b1 >= 0 {
		return Interval{} // 0/0
	}
	return Interval{NoNaN: true}
}

func noNaN(args []*Expr) Interval { return Interval{NoNaN: args[0].Facts.NoNaN} }

func intToDouble(args []*Expr) Interval {
	low, high := ints(args[0])
	a, _ := new(big.Float).SetInt(low).Float64()
	b, _ := new(big.Float).SetInt(high).Float64()
	return Interval{Min: a, Max: b, NoNaN: true}
}

func leavesInt(args []*Expr) bool {
	low, high, ok := args[0].Facts.Finite()
	return !ok || low <= math.MinInt64 || high >= math.MaxInt64
}

func natural([]*Expr) Interval { return Interval{Min: int64(0), Max: int64(math.MaxUint32)} }

func same(args []*Expr) Interval { return args[0].Facts }

func times(e *Expr) (low, high *big.Int) {
	low, high = big.NewInt(timeMin), big.NewInt(timeMax)
	if v, ok := e.Facts.Min.(int64); ok {
		low.SetInt64(v)
	}
	if v, ok := e.Facts.Max.(int64); ok {
		high.SetInt64(v)
	}
	return low, high
}

// moved bounds a timestamp plus (sign 1) or minus (sign -1) a duration.
func moved(args []*Expr, sign int64) (low, high *big.Int) {
	low, high = times(args[0])
	d0, d1 := ints(args[1])
	if sign < 0 {
		d0, d1 = d1.Neg(d1), d0.Neg(d0)
	}
	thousand := big.NewInt(1000)
	return low.Add(low, d0.Quo(d0, thousand)), high.Add(high, d1.Quo(d1, thousand))
}

func leavesTime(sign int64) func([]*Expr) bool {
	return func(args []*Expr) bool {
		low, high := moved(args, sign)
		// x - d is x + (-d) in cel-go, and the smallest duration has no negative.
		return low.Cmp(big.NewInt(timeMin)) < 0 || high.Cmp(big.NewInt(timeMax)) > 0 ||
			sign < 0 && mayBeMin(args[1:])
	}
}

func timeBounds(sign int64) func([]*Expr) Interval {
	return func(args []*Expr) Interval {
		low, high := moved(args, sign)
		if leavesTime(sign)(args) {
			return Interval{}
		}
		return Interval{Min: low.Int64(), Max: high.Int64()}
	}
}

func diff(args []*Expr) (low, high *big.Int) {
	a0, a1 := times(args[0])
	b0, b1 := times(args[1])
	thousand := big.NewInt(1000)
	low, high = a0.Sub(a0, b1), a1.Sub(a1, b0)
	return low.Mul(low, thousand), high.Mul(high, thousand)
}

func diffOverflows(args []*Expr) bool {
	low, high := diff(args)
	return !low.IsInt64() || !high.IsInt64()
}

func diffBounds(args []*Expr) Interval {
	i := Interval{Micros: true}
	if low, high := diff(args); low.IsInt64() && high.IsInt64() {
		i.Min, i.Max = low.Int64(), high.Int64()
	}
	return i
}
