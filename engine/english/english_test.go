package english_test

import (
	"testing"

	"personae/engine/english"
)

func TestNouns(t *testing.T) {
	for one, many := range map[string]string{
		"customer": "customers", "company": "companies", "day": "days", "box": "boxes", "branch": "branches", "address": "addresses",
		"person": "people", "child": "children", "analysis": "analyses", "category": "categories", "order item": "order items",
		"sales_person": "sales_people", "bus": "buses", "household": "households", "lead": "leads", "session": "sessions", "purchase": "purchases",
	} {
		if got := english.Plural(one); got != many {
			t.Errorf("many of %q are %q, not %q", one, got, many)
		}
		if got := english.Singular(many); got != one {
			t.Errorf("one of %q is %q, not %q", many, got, one)
		}
		if !english.Many(many) || english.Many(one) {
			t.Errorf("%q is one and %q are many: %v, %v", one, many, english.Many(one), english.Many(many))
		}
	}
	for _, name := range []string{"", "series", "status", "business", "gas", "basis", "city "} {
		if english.Many(name) {
			t.Errorf("%q is not many", name)
		}
	}
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		n    int64
		want string
	}{{0, "0 rows"}, {1, "1 row"}, {2, "2 rows"}, {999, "999 rows"}, {1000, "1,000 rows"}, {-1234567, "-1,234,567 rows"}} {
		if got := english.Count(c.n, "row", "rows"); got != c.want {
			t.Errorf("%d: %q, not %q", c.n, got, c.want)
		}
	}
}
