package report

import "testing"

// Where the smallest group is one person nothing is too small to be shown, and "fewer
// than 1 people" is nobody.
func TestWhereNothingIsTooSmall(t *testing.T) {
	for least, want := range map[int64][2]string{1: {"Nobody", "Everybody"}, 5: {"Hidden: fewer than 5 people", "Hidden: all but fewer than 5 people"}} {
		b := &builder{min: least}
		b.Words = plainWords{}
		if got := [2]string{b.hide(disclosure(0, 10, least)).Reason, b.hide(disclosure(10, 10, least)).Reason}; got != want {
			t.Errorf("of a smallest group of %d it says %q, want %q", least, got, want)
		}
	}
}
