package main

import "testing"

func TestGrowthOfTheHeap(t *testing.T) {
	for alive, want := range map[uint64]int{1 << 20: 1300, 8 << 20: 75, 10 << 20: 60, 100 << 20: growth} {
		if got := percent(alive); got != want {
			t.Errorf("%d MB: %d percent, want %d", alive>>20, got, want)
		}
	}
	if percent(0) <= 0 {
		t.Error("nothing alive: no percentage")
	}
}
