package report

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestDisclosure(t *testing.T) {
	for _, c := range []struct {
		n, population int64
		want          hidden
	}{
		{0, 100, tooFew}, {4, 100, tooFew}, {5, 100, shown}, {95, 100, shown}, {96, 100, tooMany}, {100, 100, tooMany}, {3, 4, tooFew},
	} {
		if got := disclosure(c.n, c.population, 5); got != c.want {
			t.Errorf("disclosure(%d of %d) = %v, want %v", c.n, c.population, got, c.want)
		}
	}
}

func TestSuppressCells(t *testing.T) {
	for _, c := range []struct {
		cells []int64
		want  []hidden
	}{
		{[]int64{10, 20, 30}, []hidden{shown, shown, shown}},
		{[]int64{3, 20, 30}, []hidden{tooFew, secondary, shown}},
		{[]int64{3, 4, 30}, []hidden{tooFew, tooFew, shown}},
		{[]int64{0, 20, 30}, []hidden{tooFew, shown, shown}}, // an empty cell gives nobody away
		{[]int64{1, 1, 30}, []hidden{tooFew, tooFew, secondary}},
	} {
		if got := suppressCells(c.cells, 5); !slices.Equal(got, c.want) {
			t.Errorf("suppressCells(%v) = %v, want %v", c.cells, got, c.want)
		}
	}
}

// An attacker who knows the total can work out the sum of the hidden cells;
// that sum must not be a small group.
func TestHiddenCellsCannotBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.Int64Range(0, 40), 1, 8).Draw(t, "cells")
		out := suppressCells(cells, 5)
		var sum, all int64
		for i, n := range cells {
			all += n
			if n < 5 && out[i] == shown {
				t.Fatalf("%v: cell %d is shown", cells, i)
			}
			if out[i] != shown {
				sum += n
			}
		}
		if sum > 0 && sum < 5 && sum != all {
			t.Fatalf("%v: hidden cells sum to %d", cells, sum)
		}
	})
}
