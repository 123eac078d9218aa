package main

import (
	"testing"

	"personae/engine"
)

func TestByRowLine(t *testing.T) {
	got := byRowLine([]engine.ByRow{{Name: "one", Rows: 1}, {Name: "none"}, {Name: "many", Rows: 9120}, {Name: "two", Rows: 2}, {Name: "three", Rows: 3}})
	if want := "9,120 rows for many, 3 rows for three, 2 rows for two, and 1 more"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := byRowLine([]engine.ByRow{{Name: "one", Rows: 1}}); got != "1 row for one" {
		t.Error(got)
	}
}
