package report

import (
	"math"
	"testing"
)

func TestLiftInterval(t *testing.T) {
	near := func(got, want float64) bool { return math.Abs(got-want) < 5e-4 }
	// 40 of 100 members, 100 of 900 others: R = 3.6, ln R ± 1.96·√(0.6/40 + (8/9)/100) is
	// 2.6592 to 4.8737, and w = 0.1.
	lift, low, high := liftInterval(40, 100, 100, 900)
	if !near(lift, 0.4/0.14) || !near(low, 2.2807) || !near(high, 3.5129) {
		t.Errorf("%.4f [%.4f, %.4f]", lift, low, high)
	}
	// Members who are nearly everyone cannot differ much from everyone.
	if _, low, high := liftInterval(400, 990, 5, 10); high > 1.02 || low < 0.9 {
		t.Errorf("[%.4f, %.4f]", low, high)
	}
	if lift, low, high := liftInterval(50, 100, 450, 900); lift != 1 || low >= 1 || high <= 1 {
		t.Errorf("no difference: %v [%v, %v]", lift, low, high)
	}
}

func TestChance(t *testing.T) {
	for _, c := range []struct{ x1, n1, x2, n2, want float64 }{
		{50, 100, 450, 900, 1}, {60, 100, 450, 900, 0.0571}, {100, 100, 900, 900, 1},
	} {
		if got := chance(c.x1, c.n1, c.x2, c.n2); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("chance(%v of %v, %v of %v) = %v, want %v", c.x1, c.n1, c.x2, c.n2, got, c.want)
		}
	}
}

// The example of Benjamini and Hochberg (1995): of 15 tests, the first four stay.
func TestDiscoveries(t *testing.T) {
	var list []candidate
	for i, p := range []float64{0.4262, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.5719, 0.6528, 0.7590, 1} {
		list = append(list, candidate{attribute: i, chance: p})
	}
	if got := discoveries(list); len(got) != 4 || got[3].chance != 0.0095 {
		t.Errorf("%d stay: %v", len(got), got)
	}
	if got := discoveries(nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestConditionsAreCEL(t *testing.T) {
	for text, want := range map[string]string{
		"Leeds": `'Leeds'`, `O'Hara`: `'O\'Hara'`, `a\b`: `'a\\b'`, "two\nlines": `'two\nlines'`, "\x01": `'\u0001'`, "日本": `'日本'`,
	} {
		if got := celText(text); got != want {
			t.Errorf("celText(%q) = %s, want %s", text, got, want)
		}
	}
	if celName("age") != "age" || celName("full name") != "`full name`" || celName("2nd") != "`2nd`" {
		t.Error("names")
	}
}
