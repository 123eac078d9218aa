package report

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFewAndTheirOppositeHideTheSame(t *testing.T) {
	seen := map[hidden]int{}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 9).Draw(t, "cells")
		group, opposite := make([]*cell, n), make([]*cell, n)
		for i := range n {
			in, out := rapid.Int64Range(0, 20).Draw(t, "in"), rapid.Int64Range(0, 20).Draw(t, "out")
			group[i], opposite[i] = &cell{members: in, everyone: in + out}, &cell{members: out, everyone: in + out}
		}
		suppress(group, 5)
		suppress(opposite, 5)
		var in, out, all, hiddenCells, allHidden int64
		for i, c := range group {
			seen[c.state]++
			if (c.state == shown) != (opposite[i].state == shown) {
				t.Fatalf("cell %d is hidden on one side", i)
			}
			if c.state == shown && (c.members > 0 && c.members < 5 || c.everyone > c.members && c.everyone-c.members < 5) {
				t.Fatalf("cell %d is small and shown", i)
			}
			if c.all != shown {
				all += c.everyone
				allHidden++
			}
			if c.state != shown {
				in, out, hiddenCells = in+c.members, out+c.everyone-c.members, hiddenCells+1
			}
		}
		whole := func(sum, cells int64) bool {
			return cells == int64(n) || sum == 0 && cells != 1 || sum >= 5 && cells != 1
		}
		if !whole(all, allHidden) || !whole(in, hiddenCells) || !whole(out, hiddenCells) {
			t.Fatalf("hidden cells can be worked out: %d of everyone, %d and %d", all, in, out)
		}
	})
	if seen[shown] == 0 || seen[tooFew] == 0 || seen[secondary] == 0 {
		t.Errorf("not all states were seen: %v", seen)
	}
}
