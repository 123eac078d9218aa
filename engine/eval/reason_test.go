package eval

import "testing"

// What a cell holds does not get into a reason that reports show.
func TestPublicReasonsHoldNoValues(t *testing.T) {
	for reason, want := range map[string]string{
		"income is empty":                   "income is empty",
		"income and city are empty":         "income and city are empty",
		"a number is divided by zero":       "a number is divided by zero",
		"a key is not in the map":           "a key is not in the map",
		"spend could not be calculated":     "spend could not be calculated",
		`no such thing as "Ann is empty"`:   NoReason,
		"`Ann` is empty":                    NoReason,
		"cannot read Ann Example: is empty": NoReason,
		"Ann Example":                       NoReason,
		"":                                  NoReason,
	} {
		if got := Public(reason); got != want {
			t.Errorf("%q: %q, want %q", reason, got, want)
		}
	}
	for _, w := range wordings {
		if Public(w.words) != w.words {
			t.Errorf("%q is our own", w.words)
		}
	}
}
