package sqlgen

import (
	"math"
	"slices"
	"time"
)

// Spread is what the sample says of an attribute's numbers or instants (in
// microseconds since 1970): values at Quantiles, and how many different ones
// there are.
type Spread struct {
	At       []float64
	Distinct int64
}

// few is how many bins at most show whole numbers one by one; fewer is how many
// bins a range is cut into, about.
const (
	few   = 12
	about = 10
)

// Same says that one value is all there is.
func (s Spread) Same() bool {
	return len(s.At) > 0 && s.At[0] == s.At[len(s.At)-1]
}

// ends are the values between which edges lie. The first and the last bin are
// open and hold a part of everyone that is no small group: no edge may show
// how far single people are from the others.
func (s Spread) ends(rows, smallest int64) (low, high float64) {
	at := 1
	for at < 4 && Quantiles[at]*float64(rows) < float64(smallest) {
		at++
	}
	return s.At[at], s.At[len(s.At)-1-at]
}

// WholeEdges cuts whole numbers: one bin each where there are few, ranges with
// round edges else. Each says that bins are single numbers.
func (s Spread) WholeEdges(rows, smallest int64) (edges []float64, each bool) {
	if len(s.At) == 0 || s.Same() {
		return nil, false
	}
	low, high := s.ends(rows, smallest)
	if high-low <= few {
		if low == high { // nearly all have one value: it gets a bin of its own
			low, high = math.Max(low-1, s.At[0]), math.Min(high+1, s.At[len(s.At)-1])
		}
		for v := low + 1; v <= high; v++ {
			edges = append(edges, v)
		}
		return edges, true
	}
	for _, e := range s.Edges(rows, smallest) {
		if e == math.Trunc(e) {
			edges = append(edges, e)
		}
	}
	return edges, false
}

// Edges cuts numbers at round values: equal steps, or 1, 2, 5, 10, 20, ... where
// a few are far larger than most.
func (s Spread) Edges(rows, smallest int64) []float64 {
	if len(s.At) == 0 || s.Same() {
		return nil
	}
	low, high := s.ends(rows, smallest)
	if low == high {
		low, high = s.At[0], s.At[len(s.At)-1]
	}
	middle := s.At[9] - s.At[5] // between the quartiles
	var edges []float64
	if low >= 0 && high-low > about*middle {
		edges = s.series(low, high)
	}
	if len(edges) < 3 {
		edges = steps(low, high)
	}
	// Nobody lies above the largest value, and what lies at it alone is no range.
	return slices.DeleteFunc(edges, func(e float64) bool { return e <= s.At[0] || e >= s.At[len(s.At)-1] && s.Distinct > 2 })
}

// steps are the multiples of a round number from above low to high.
func steps(low, high float64) []float64 {
	digit, power := round125((high - low) / about)
	at := func(k float64) float64 {
		if power < 0 {
			return k * digit / math.Pow(10, -power) // exact where k·digit is
		}
		return k * digit * math.Pow(10, power)
	}
	var edges []float64
	for k := math.Floor(low / at(1)); len(edges) < 2*about; k++ {
		e := at(k)
		if e > high {
			break
		}
		if e > low {
			edges = append(edges, e)
		}
	}
	return edges
}

// round125 is the smallest number of the series 1, 2, 5, 10, ... that is not
// below x: digit times ten to the power.
func round125(x float64) (digit, power float64) {
	power = math.Floor(math.Log10(x))
	for _, digit := range []float64{1, 2, 5} {
		if v := digit * math.Pow(10, power); v >= x*(1-1e-9) {
			return digit, power
		}
	}
	return 1, power + 1
}

// series are the numbers 1, 2, 5, 10, ... between the first value above zero
// and high; every power of ten alone where these are too many.
func (s Spread) series(low, high float64) []float64 {
	first := high
	for _, v := range s.At {
		if v > 0 && v >= low {
			first = v
			break
		}
	}
	for _, digits := range [][]float64{{1, 2, 5}, {1}} {
		var edges []float64
		for power := math.Floor(math.Log10(first)); power <= math.Log10(high); power++ {
			for _, digit := range digits {
				e := digit * math.Pow(10, power)
				if power < 0 {
					e = digit / math.Pow(10, -power)
				}
				if e > low && e <= high {
					edges = append(edges, e)
				}
			}
		}
		if len(edges) <= few {
			return edges
		}
	}
	return nil
}

// TimeEdges cuts instants at the first of a month in a zone: every month, or
// every third, twelfth, ... where these are too many. Instants are in
// microseconds.
func (s Spread) TimeEdges(rows, smallest int64, zone *time.Location) []float64 {
	if len(s.At) == 0 || s.Same() {
		return nil
	}
	low, high := s.ends(rows, smallest)
	if low == high {
		low, high = s.At[0], s.At[len(s.At)-1]
	}
	from, to := time.UnixMicro(int64(low)).In(zone), time.UnixMicro(int64(high)).In(zone)
	months := (to.Year()-from.Year())*12 + int(to.Month()-from.Month())
	step := 1
	for _, longer := range []int{3, 12, 24, 60, 120, 240, 600, 1200} {
		if months/step > 2*few {
			step = longer
		}
	}
	var edges []float64
	first := from.Year()*12 + int(from.Month()) - 1
	for m := first - first%step; len(edges) <= 2*few+1; m += step {
		t := time.Date(m/12, time.Month(m%12+1), 1, 0, 0, 0, 0, zone)
		if t.After(to) {
			break
		}
		if t.After(from) {
			edges = append(edges, float64(t.UnixMicro()))
		}
	}
	return edges
}
