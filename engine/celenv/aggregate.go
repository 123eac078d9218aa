package celenv

import (
	"math"
	"math/big"
	"sort"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// listImpl works on the values of a list that are not null, and on the other
// arguments. Empty is what the sum of no elements of that type is.
type listImpl func(values, rest []ref.Val, empty ref.Val) ref.Val

// onList takes the nulls out; ⊥ in a list is ⊥.
func onList(impl listImpl, empty ref.Val) func(*time.Location, []ref.Val) ref.Val {
	return func(_ *time.Location, a []ref.Val) ref.Val {
		list, ok := a[0].(traits.Lister)
		if !ok {
			return types.MaybeNoSuchOverloadErr(a[0])
		}
		var values []ref.Val
		for it := list.Iterator(); it.HasNext() == types.True; {
			v := it.Next()
			if types.IsUnknownOrError(v) {
				return v
			}
			if v != types.NullValue {
				values = append(values, v)
			}
		}
		return impl(values, a[1:], empty)
	}
}

func outOfRange() ref.Val { return types.NewErr("the sum is out of range") }

func sumOf(values, _ []ref.Val, empty ref.Val) ref.Val {
	if len(values) == 0 {
		return empty
	}
	switch values[0].(type) {
	case types.Double:
		total, bad := fixedSum(values)
		if bad != nil {
			return bad
		}
		return types.Double(fixedDouble(total))
	case types.Duration:
		total, bad := wholeSum(values)
		if bad != nil || !total.IsInt64() {
			return outOfRange()
		}
		return types.Duration{Duration: time.Duration(total.Int64())}
	}
	total, bad := wholeSum(values)
	if bad != nil {
		return bad
	}
	if !total.IsInt64() {
		return outOfRange()
	}
	return types.Int(total.Int64())
}

// wholeSum adds integers, and durations as nanoseconds, exactly.
func wholeSum(values []ref.Val) (*big.Int, ref.Val) {
	total, term := new(big.Int), new(big.Int)
	for _, v := range values {
		switch n := v.(type) {
		case types.Int:
			term.SetInt64(int64(n))
		case types.Duration:
			term.SetInt64(int64(n.Duration))
		default:
			return nil, types.MaybeNoSuchOverloadErr(v)
		}
		total.Add(total, term)
	}
	return total, nil
}

// maxTerm is from where on a double is out of range of sums: 128 bits hold a
// billion smaller ones, so that no sum overflows while it is made.
const maxTerm = 1e20

// fixedSum adds doubles as 128-bit multiples of one billionth, so that the
// order of the rows does not matter: each becomes round(x·1e9), half away
// from zero. DESIGN section 4.
func fixedSum(values []ref.Val) (*big.Int, ref.Val) {
	total, term := new(big.Int), new(big.Int)
	for _, v := range values {
		x, ok := v.(types.Double)
		if !ok {
			return nil, types.MaybeNoSuchOverloadErr(v)
		}
		if !(math.Abs(float64(x)) < maxTerm) {
			return nil, outOfRange()
		}
		scaled := math.Round(float64(x) * 1e9)
		if math.Abs(scaled) < 1<<62 {
			term.SetInt64(int64(scaled))
		} else {
			new(big.Float).SetFloat64(scaled).Int(term)
		}
		total.Add(total, term)
	}
	if total.BitLen() > 127 {
		return nil, outOfRange()
	}
	return total, nil
}

var billion = big.NewInt(1_000_000_000)

// fixedDouble is (S // 1e9) + (S % 1e9)/1e9, both truncating.
func fixedDouble(s *big.Int) float64 {
	whole, rest := new(big.Int).QuoRem(s, billion, new(big.Int))
	return wideDouble(whole) + float64(rest.Int64())/1e9
}

// wideDouble turns 128 bits into a double as DuckDB does, by halves of 64 bits:
// beyond 2^53 the last bit may be another than that of the nearest double.
func wideDouble(v *big.Int) float64 {
	low := new(big.Int).And(v, maxUint64)
	high := new(big.Int).Rsh(v, 64)
	if high.IsInt64() && high.Int64() == -1 {
		return -float64(math.MaxUint64-low.Uint64()) - 1
	}
	return float64(low.Uint64()) + float64(float64(high.Int64())*math.MaxUint64)
}

var maxUint64 = new(big.Int).SetUint64(math.MaxUint64)

func avgOf(values, _ []ref.Val, _ ref.Val) ref.Val {
	if len(values) == 0 {
		return types.NullValue
	}
	n := float64(len(values))
	switch values[0].(type) {
	case types.Double:
		total, bad := fixedSum(values)
		if bad != nil {
			return bad
		}
		return types.Double(fixedDouble(total) / n)
	case types.Duration:
		total, bad := wholeSum(values)
		if bad != nil {
			return bad
		}
		return types.Duration{Duration: time.Duration(total.Quo(total, big.NewInt(int64(len(values)))).Int64())}
	}
	total, bad := wholeSum(values)
	if bad != nil {
		return bad
	}
	return types.Double(wideDouble(total) / n)
}

// inOrder sorts values by CEL's comparison; NaN has no place in an order.
func inOrder(values []ref.Val) ([]ref.Val, ref.Val) {
	sorted := append([]ref.Val(nil), values...)
	var bad ref.Val
	for _, v := range sorted {
		if d, ok := v.(types.Double); ok && math.IsNaN(float64(d)) {
			return nil, types.NewErr("a value is not a number")
		}
	}
	sort.SliceStable(sorted, func(i, j int) bool {
		c, ok := sorted[i].(traits.Comparer)
		if !ok {
			bad = types.MaybeNoSuchOverloadErr(sorted[i])
			return false
		}
		order := c.Compare(sorted[j])
		if types.IsUnknownOrError(order) {
			bad = order
		}
		return order == types.IntNegOne
	})
	return sorted, bad
}

func minOf(values, _ []ref.Val, _ ref.Val) ref.Val {
	return atEnd(values, func(n int) int { return 0 })
}
func maxOf(values, _ []ref.Val, _ ref.Val) ref.Val {
	return atEnd(values, func(n int) int { return n - 1 })
}

func atEnd(values []ref.Val, index func(n int) int) ref.Val {
	sorted, bad := inOrder(values)
	if bad != nil {
		return bad
	}
	if len(sorted) == 0 {
		return types.NullValue
	}
	return unsignedZero(sorted[index(len(sorted))])
}

// unsignedZero makes -0.0 zero: the two are equal, and which of them stands
// first depends on the order of the rows.
func unsignedZero(v ref.Val) ref.Val {
	if v == types.Double(0) {
		return types.Double(0)
	}
	return v
}

func medianOf(values, _ []ref.Val, _ ref.Val) ref.Val { return quantile(values, 50) }

func percentileOf(values, rest []ref.Val, _ ref.Val) ref.Val {
	switch p := rest[0].(type) {
	case types.Double:
		return quantile(values, float64(p))
	case types.Int:
		return quantile(values, float64(p))
	}
	return types.MaybeNoSuchOverloadErr(rest[0])
}

// quantile is at h = (n-1)·p/100 of the sorted values, linear between two.
// Integers beyond 2^53 lose digits, as in every double.
func quantile(values []ref.Val, p float64) ref.Val {
	if !(p >= 0 && p <= 100) {
		return types.NewErr("a percentile is from 0 to 100")
	}
	sorted, bad := inOrder(values)
	if bad != nil {
		return bad
	}
	if len(sorted) == 0 {
		return types.NullValue
	}
	h := float64(len(sorted)-1) * p / 100
	low := int(math.Floor(h))
	part := h - math.Floor(h)
	if _, ok := sorted[low].(types.Duration); ok {
		return durationBetween(sorted, low, part)
	}
	a := number(sorted[low])
	if part == 0 {
		return unsignedZero(types.Double(a))
	}
	// Written as DuckDB does, and with conversions that keep compilers from
	// fusing multiplication and addition: the last bit is part of the answer.
	return unsignedZero(types.Double(float64(a*(1-part)) + float64(number(sorted[low+1])*part)))
}

// durationBetween is a length of time between two of a sorted list, in whole
// nanoseconds.
func durationBetween(sorted []ref.Val, low int, part float64) ref.Val {
	a, ok := sorted[low].(types.Duration)
	if part == 0 {
		return a
	}
	b, ok1 := sorted[low+1].(types.Duration)
	if !ok || !ok1 {
		return types.MaybeNoSuchOverloadErr(sorted[low+1])
	}
	more := (float64(b.Duration) - float64(a.Duration)) * part
	sum := new(big.Int)
	big.NewFloat(math.Trunc(more)).Int(sum)
	if sum.Add(sum, big.NewInt(int64(a.Duration))); !sum.IsInt64() {
		return types.NewErr("the length of time is out of range: duration overflow")
	}
	return types.Duration{Duration: time.Duration(sum.Int64())}
}

func number(v ref.Val) float64 {
	switch n := v.(type) {
	case types.Double:
		return float64(n)
	case types.Int:
		return float64(n)
	}
	return math.NaN()
}

// modeOf is the most frequent value; of equally frequent ones the smallest.
func modeOf(values, _ []ref.Val, _ ref.Val) ref.Val {
	sorted, bad := inOrder(values)
	if bad != nil {
		return bad
	}
	var best ref.Val = types.NullValue
	most := 0
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j].Equal(sorted[i]) == types.True {
			j++
		}
		if j-i > most {
			best, most = sorted[i], j-i
		}
		i = j
	}
	return unsignedZero(best)
}
