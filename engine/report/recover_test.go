package report

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"personae/engine/results"
)

// attacker knows every number that is published of one attribute: of a group, of
// its opposite and of everyone, and that they add up. Variables are the true
// counts: of members by bin, then of the others by bin; bin 0 has no value.
type attacker struct {
	system
	bins int
}

// published adds what a chart shows: first is 0 for the group and bins for its
// opposite.
func (a *attacker) published(c cells, first int) {
	other := a.bins - first
	var listed []int
	for _, bar := range append(c.bars, c.unknown) {
		of := []int{bar.bin}
		if bar.bin == restBin {
			of = nil
			for bin := 1; bin < a.bins; bin++ {
				if !slices.Contains(listed, bin) {
					of = append(of, bin)
				}
			}
		}
		listed = append(listed, of...)
		var mine, all []int
		for _, bin := range of {
			mine, all = append(mine, first+bin), append(all, first+bin, other+bin)
		}
		if bar.state == shown {
			a.know(bar.members, mine...)
		}
		if bar.all == shown {
			a.know(bar.everyone, all...)
		}
	}
}

// Nobody can work out a small count from what charts show of a group, of its
// opposite and of everyone, with the sizes of all three.
func TestHiddenBinsCannotBeWorkedOut(t *testing.T) {
	b := &builder{min: 5}
	seen := map[hidden]int{}
	solved := 0
	rapid.Check(t, func(t *rapid.T) {
		bins := rapid.IntRange(2, 14).Draw(t, "bins")
		kind := rapid.SampledFrom([]results.BinKind{results.Numbers, results.Values}).Draw(t, "kind")
		group, opposite := make([]int64, bins+1), make([]int64, bins+1)
		a := &results.Binned{Kind: kind, Everyone: make([]int64, bins+1)}
		var members, others int64
		for i := range group {
			group[i] = rapid.SampledFrom([]int64{0, 1, 3, 4, 5, 6, 9, 30, 200}).Draw(t, "in")
			opposite[i] = rapid.SampledFrom([]int64{0, 1, 3, 4, 5, 6, 9, 30, 200}).Draw(t, "out")
			a.Everyone[i] = group[i] + opposite[i]
			members, others = members+group[i], others+opposite[i]
			if i > 0 && i < bins {
				a.Values = append(a.Values, string(rune('a'+i)))
			}
		}
		if members < 5 || others < 5 {
			return // such groups have no charts
		}
		attack := &attacker{system: system{variables: 2 * (bins + 1)}, bins: bins + 1}
		all, mine := []int{}, []int{}
		for i := range bins + 1 {
			all, mine = append(all, i, bins+1+i), append(mine, i)
		}
		attack.know(members, mine...)
		attack.know(members+others, all...)
		for i, counts := range [][]int64{group, opposite} {
			c := b.cells(a, counts)
			for _, bar := range append(c.bars, c.unknown) {
				seen[bar.state]++
			}
			attack.published(c, i*(bins+1))
		}
		small := func(n int64) bool { return n > 0 && n < 5 }
		for v, n := range attack.determined() {
			solved++
			truth := append(append([]int64{}, group...), opposite...)[v]
			if n != truth {
				t.Fatalf("the attack is wrong: variable %d is %d, not %d", v, truth, n)
			}
			if small(n) {
				t.Fatalf("%s: group %v, opposite %v: count %d (%d) can be worked out", kind, group, opposite, v, n)
			}
		}
	})
	if seen[shown] == 0 || seen[tooFew] == 0 || seen[secondary] == 0 || solved == 0 {
		t.Errorf("not all states were seen: %v, %d counts solved", seen, solved)
	}
}
