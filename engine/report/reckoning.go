package report

import (
	"math/bits"
	"slices"
)

// reckoning is all that can be worked out of sums over groups by adding and subtracting
// them. It is solved modulo a prime, exactly but for sums that are divisible by it.
// A known sum says how large some people are together; from marks which numbers a
// sum was worked out of.
type reckoning struct {
	rows []*worked // by the last of their groups
}

// worked is a sum, how many it is, and of which numbers it was worked out.
type worked struct {
	of   []term // by group, rising
	size uint64
	from []term // by number, rising
}

type term struct {
	at     int32
	factor uint64
}

const prime = 1<<61 - 1

func modulo(n int64) uint64 {
	if n %= prime; n < 0 {
		n += prime
	}
	return uint64(n)
}

func mulMod(x, y uint64) uint64 {
	high, low := bits.Mul64(x, y)
	_, rest := bits.Div64(high, low, prime)
	return rest
}

func negative(x uint64) uint64 {
	if x == 0 {
		return 0
	}
	return prime - x
}

// inverse is x to the power of prime − 2.
func inverse(x uint64) uint64 {
	out := uint64(1)
	for n := uint64(prime - 2); n > 0; n >>= 1 {
		if n&1 == 1 {
			out = mulMod(out, x)
		}
		x = mulMod(x, x)
	}
	return out
}

// sum writes a sum down as the reckoning reads it; number is what says so, or below 0
// where everybody knows.
func (p people) sum(size int64, number int32) worked {
	k := worked{size: modulo(size)}
	for _, s := range p {
		k.of = append(k.of, term{int32(s.of), modulo(s.times)})
	}
	if number >= 0 {
		k.from = []term{{number, 1}}
	}
	return k
}

// learn adds a sum to what is known.
func (s *reckoning) learn(k worked) {
	s.reduce(&k)
	if len(k.of) == 0 {
		return // nothing new; or against what is known: somebody stayed in a group, say
	}
	last := k.of[len(k.of)-1]
	if last.factor != 1 {
		k.scale(inverse(last.factor))
	}
	s.rows[last.at] = &k
}

func (k *worked) scale(by uint64) {
	for _, list := range [][]term{k.of, k.from} {
		for i := range list {
			list[i].factor = mulMod(list[i].factor, by)
		}
	}
	k.size = mulMod(k.size, by)
}

// reduce takes from a sum all that is known of it, and says whether that is all.
func (s *reckoning) reduce(k *worked) bool {
	for i := len(k.of) - 1; i >= 0; i-- {
		row := s.rows[k.of[i].at]
		if row == nil {
			return false
		}
		factor := negative(k.of[i].factor)
		k.of, k.from = added(k.of, row.of, factor), added(k.from, row.from, factor)
		k.size = (k.size + mulMod(row.size, factor)) % prime
		i = len(k.of)
	}
	return true
}

// tells says whether a sum can be worked out, how large it is, and from which
// numbers.
func (s *reckoning) tells(p people) (size int64, from []term, ok bool) {
	k := p.sum(0, -1)
	if !s.reduce(&k) {
		return 0, nil, false
	}
	return -signed(k.size), k.from, true
}

// signed is the number that lies nearer to zero than to the prime.
func signed(x uint64) int64 {
	if x > prime/2 {
		return -int64(prime - x)
	}
	return int64(x)
}

// added is x and so many times y.
func added(x, y []term, times uint64) []term {
	out := make([]term, 0, len(x)+len(y))
	for len(x) > 0 || len(y) > 0 {
		switch {
		case len(y) == 0 || len(x) > 0 && x[0].at < y[0].at:
			out, x = append(out, x[0]), x[1:]
		case len(x) == 0 || y[0].at < x[0].at:
			out, y = append(out, term{y[0].at, mulMod(y[0].factor, times)}), y[1:]
		default:
			if f := (x[0].factor + mulMod(y[0].factor, times)) % prime; f != 0 {
				out = append(out, term{x[0].at, f})
			}
			x, y = x[1:], y[1:]
		}
	}
	return slices.Clip(out)
}
