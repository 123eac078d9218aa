package sqlgen_test

import (
	"regexp"
	"strings"
	"testing"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/plan"
)

// TestMonotoneInBottom replaces one input at a time by ⊥, in every second row
// or so: the result becomes ⊥ or stays what it was, and is ⊥ exactly where
// cel-go errs. Good and bad rows stand in one vector.
func TestMonotoneInBottom(t *testing.T) {
	f := newFixture(t, hostile, false)
	texts := compiled()
	plain := lowerAll(t, f, plan.NewBuilder(nil), texts, nil)
	was, err := f.sqlValues(t, plain)
	if err != nil {
		t.Fatal(err)
	}
	var became, stayed int
	for _, column := range []string{"i", "i2", "d", "d2", "s", "s2", "t", "t2", "b", "b2", "ri", "rd", "rs", "rt", "rb", "li", "ls", "rli", "rls", "ld", "st", "mp", "ms", "lp", "ll"} {
		b := plan.NewBuilder(nil)
		c := f.table.Column(column)
		half := b.If(b.Column(f.table, f.table.Column("rb2")), b.Column(f.table, c), b.Bottom("⊥", c.Type))
		var reading []string
		var at []int // in texts
		for i, text := range texts {
			if reads(text, column) {
				reading, at = append(reading, text), append(at, i)
			}
		}
		outputs := lowerAll(t, f, b, reading, map[string]*plan.Expr{column: half})
		got, err := f.sqlValues(t, outputs)
		if err != nil {
			t.Fatalf("%s: %.2000v", column, err)
		}
		for i, text := range reading {
			was := was[at[i]]
			want := f.referenceWith(t, f.check(t, text), func(row map[string]any, name string, v any) ref.Val {
				if name == column && row["rb2"] == false {
					return types.NewErr("⊥")
				}
				return celValue(v)
			})
			bad := 0
			for r := range f.data {
				isErr := false
				if _, is := want[r].(error); is {
					isErr = true
				}
				g := got[i][r]
				if g == nil && was[r] != nil {
					became++
				} else if g != nil {
					stayed++
				}
				monotone := g == nil || same(fromSQL(was[r]), g)
				agrees := isErr && g == nil || !isErr && same(want[r], g)
				if bad++; (!monotone || !agrees) && bad < 2000 {
					bad = 2000
					t.Errorf("%s with ⊥ for %s in row %d: was %v, is %v, cel-go says %v", text, column, r, was[r], g, want[r])
				}
			}
		}
	}
	if became == 0 || stayed == 0 {
		t.Fatalf("proves nothing: %d became ⊥, %d stayed", became, stayed)
	}
}

// reads says whether an expression names a column.
func reads(text, column string) bool {
	return regexp.MustCompile(`row\.\??` + column + `\b`).MatchString(text)
}

// fromSQL makes the narrow integers of SQL comparable.
func fromSQL(v any) any {
	if n, ok := v.(int32); ok {
		return int64(n)
	}
	return v
}

// compiled are the expressions over the fixture's variable.
func compiled() []string {
	var out []string
	for _, text := range expressions {
		out = append(out, strings.ReplaceAll(text, "r.", "row."))
	}
	return out
}

func lowerAll(t *testing.T, f *fixture, b *plan.Builder, texts []string, traits map[string]*plan.Expr) []plan.Output {
	t.Helper()
	scope := f.scope()
	scope.Traits = traits
	var outputs []plan.Output
	for i, text := range texts {
		e, missing := plan.Lower(b, scope, f.check(t, text))
		if len(missing) > 0 && !leftTexts[strings.ReplaceAll(text, "row.", "r.")] {
			t.Errorf("%s: %s", text, missing[0].Reason)
		}
		outputs = append(outputs, plan.Output{Name: "o" + itoa(i), Expr: e})
	}
	return outputs
}
