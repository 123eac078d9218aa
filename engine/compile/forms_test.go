package compile

import (
	"fmt"
	"maps"
	"path/filepath"
	"testing"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/debug"
	"cel.dev/cel-go/common/types"
	"golang.org/x/tools/txtar"
)

// sameVerdict says whether what is concluded from forms is what cel-go's checker
// says of a text: the same tree with the same types, or the same errors. It says
// whether the forms knew, and whether the text is sound.
func sameVerdict(t testing.TB, s *scope, text string) (known, sound bool) {
	t.Helper()
	mine, iss := s.parseText(text)
	if iss.Err() != nil {
		return false, false
	}
	its, _ := s.parseText(text)
	known = s.forms.find(formOf(mine.NativeRep().Expr())) != nil
	got, gotIssues := s.check(mine)
	want, wantIssues := s.env.Check(its)
	if fmt.Sprint(gotIssues.Err()) != fmt.Sprint(wantIssues.Err()) {
		t.Errorf("%q: got %v, want %v", text, gotIssues.Err(), wantIssues.Err())
		return known, false
	}
	if wantIssues.Err() != nil {
		return known, false
	}
	g, w := got.NativeRep(), want.NativeRep()
	if a, b := debug.ToDebugStringWithIDs(g.Expr()), debug.ToDebugStringWithIDs(w.Expr()); a != b {
		t.Errorf("%q: the tree is\n%s\nwant\n%s", text, a, b)
	}
	if !maps.EqualFunc(g.TypeMap(), w.TypeMap(), (*types.Type).IsExactType) {
		t.Errorf("%q: the types are %v, want %v", text, g.TypeMap(), w.TypeMap())
	}
	if !maps.EqualFunc(g.ReferenceMap(), w.ReferenceMap(), (*ast.ReferenceInfo).Equals) {
		t.Errorf("%q: the references differ", text)
	}
	return known, true
}

// TestFormsSayWhatTheCheckerSays asks about every condition of the cases twice:
// the second time the forms know.
func TestFormsSayWhatTheCheckerSays(t *testing.T) {
	names, _ := filepath.Glob(cases + "/*.txtar")
	known, refused := 0, 0
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, _, _ := readCase(t, archive)
		s := shopScope(t)
		for range 2 {
			for _, seg := range m.Segments {
				if knew, sound := sameVerdict(t, s, seg.When.Value()); knew {
					known++
				} else if !sound {
					refused++
				}
			}
		}
	}
	if known < 50 || refused == 0 {
		t.Errorf("%d were known and %d refused: there must be both", known, refused)
	}
}

// TestFormsAreTold wants each second text of a pair to be checked for itself, though
// it differs from the first in little: what differs decides.
func TestFormsAreTold(t *testing.T) {
	for _, pair := range []struct {
		first, second string
		sound         bool // the second
	}{
		{"customer.age > 1", "customer.age > 'a'", false},
		{"customer.age > 1", "customer.spend > 1", true},
		{"customer.age in [1, 2]", "customer.age in ['a', 'b']", false},
		{"has(customer.age)", "has(customer.nope)", false},
		{"customer.?age.orValue(1) > 1", "customer.?nope.orValue(1) > 1", false},
		{"date('2026-01-31') < now", "date('2026-02-30') < now", false},
		{"customer.city.matches('a+')", "customer.city.matches('a(')", false},
		{"duration('1h') < duration('2h')", "duration('1h') < duration('x')", false},
		{"timestamp('2026-01-01T00:00:00Z') < now", "timestamp('2026') < now", false},
		{"'%d'.format([customer.age]) == '1'", "'%q'.format([customer.age]) == '1'", false},
		{"[1, 2].exists(x, x > customer.age)", "[1, 2].exists(y, x > customer.age)", false},
		{"customer.age > 1 || now > now", "customer.age > 1 || now", false},
		{"dyn(customer.age)", "dyn(customer.age) && true", true},
		{"[].exists(x, x)", "[].exists(x, x) && true", true},
		{"[][0]", "[][0] && true", true},
		{"[][0] && true", "[][0]", true},
	} {
		s := shopScope(t)
		if _, sound := sameVerdict(t, s, pair.first); !sound {
			t.Errorf("%q is not sound", pair.first)
		}
		if known, sound := sameVerdict(t, s, pair.second); known || sound != pair.sound {
			t.Errorf("%q after %q: known %t, sound %t", pair.second, pair.first, known, sound)
		}
	}
}

// TestFormsAreOne wants the second text of each pair to be known by the first.
func TestFormsAreOne(t *testing.T) {
	for first, second := range map[string]string{
		"customer.age > 1 && customer.city == 'a'":       "!(customer.city == 'b') || customer.age > 2",
		"customer.age in [1, 2] && has(customer.joined)": "has(customer.joined) && customer.age in [3, 4]",
		"sets.contains([1], [customer.age]) && true":     "sets.contains([2], [customer.age]) && false",
		"date('2026-01-31') < now && customer.age > 1":   "customer.age > 7 || date('2026-01-31') < now",
		"[1, 2].exists(x, x > customer.age)":             "[3, 4].exists(x, x > customer.age)",
		"segment.loyal && customer.age > 1":              "customer.age > 2 || !segment.loyal",
	} {
		s := shopScope(t)
		s.segments["loyal"] = &node{}
		if err := s.open(); err != nil {
			t.Fatal(err)
		}
		if known, sound := sameVerdict(t, s, first); known || !sound {
			t.Errorf("%q: known %t, sound %t", first, known, sound)
		}
		if known, sound := sameVerdict(t, s, second); !known || !sound {
			t.Errorf("%q after %q: known %t, sound %t", second, first, known, sound)
		}
	}
}
