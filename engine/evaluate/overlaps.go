package evaluate

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"personae/engine/results"
	"personae/engine/sqlgen"
)

// pairs are how many customers are in both of two segments. Nothing changes them
// once they are counted.
type pairs struct {
	at   map[stored]int // of each segment, by where it is stored
	bits [][]uint64
	both [][]int64 // at [i][j], j < i
}

// overlaps counts the customers in each pair of segments. Counts of segments that
// stand are those of before, so a segment that changed is compared with the
// others, and no more.
func overlaps(o sqlgen.Overlap, before, now *standing) []results.Overlap {
	if o.SQL == "" {
		return nil
	}
	now.pairs = &pairs{at: map[stored]int{}, both: make([][]int64, len(o.Names))}
	known := &pairs{}
	if before != nil && before.pairs != nil {
		known = before.pairs
	}
	was := make([]int, len(o.Names))
	for i, name := range o.Names {
		at := now.names["in_"+name]
		was[i] = -1
		if before, stands := known.at[at]; stands {
			was[i] = before
		}
		now.pairs.at[at] = i
		now.pairs.bits = append(now.pairs.bits, now.members[at].bits)
		now.pairs.both[i] = make([]int64, i)
	}
	now.pairs.count(was, known)
	return now.pairs.byName(o.Names)
}

// count counts the pairs of which a segment is fresh, on every core, and takes
// the others from before.
func (p *pairs) count(was []int, before *pairs) {
	var fresh [][2]int
	for i := range p.both {
		for j := range i {
			if was[i] < 0 || was[j] < 0 {
				fresh = append(fresh, [2]int{i, j})
			} else {
				p.both[i][j] = before.both[max(was[i], was[j])][min(was[i], was[j])]
			}
		}
	}
	if len(fresh) == 0 {
		return
	}
	parts := make([][]int64, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for core := range parts {
		parts[core] = make([]int64, len(fresh))
		wait.Go(func() { countStripes(p.bits, fresh, core, len(parts), parts[core]) })
	}
	wait.Wait()
	for _, part := range parts {
		for n, both := range part {
			p.both[fresh[n][0]][fresh[n][1]] += both
		}
	}
}

// stripe is how many words of all segments are looked at together: 2 kB each stay
// near the core that counts them.
const stripe = 256

// countStripes counts some pairs, in order of the first, in every so many-th
// stripe. Stripes that nobody of the first is in are passed over.
func countStripes(bits [][]uint64, fresh [][2]int, core, cores int, out []int64) {
	words := len(bits[0])
	for from := core * stripe; from < words; from += cores * stripe {
		to := min(from+stripe, words)
		first, nobody := -1, false
		for n, pair := range fresh {
			if pair[0] != first {
				first, nobody = pair[0], ones(bits[pair[0]][from:to]) == 0
			}
			if nobody {
				continue
			}
			out[n] += int64(both(bits[pair[0]][from:to], bits[pair[1]][from:to]))
		}
	}
}

// byName lists the pairs by name.
func (p *pairs) byName(names []string) []results.Overlap {
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(names[i], names[j]) })
	out := make([]results.Overlap, 0, len(names)*(len(names)-1)/2)
	for n, i := range order {
		for _, j := range order[n+1:] {
			out = append(out, results.Overlap{A: names[i], B: names[j], Both: p.both[max(i, j)][min(i, j)]})
		}
	}
	return out
}
