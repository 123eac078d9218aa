package sqlgen_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/plan"
)

// TestMonotoneInBottom replaces one input at a time by ⊥, in every second row
// or so: the result becomes ⊥ or stays what it was, and is ⊥ exactly where
// cel-go errs. Good and bad rows stand in one vector. Each operand of each operator
// is ⊥ somewhere.
func TestMonotoneInBottom(t *testing.T) {
	f := newFixture(t, hostile, false)
	texts := compiled()
	plain := lowerAll(t, f, plan.NewBuilder(nil), texts, nil)
	was, err := f.sqlValues(t, plain)
	if err != nil {
		t.Fatal(err)
	}
	var became, stayed int
	covered := operands{}
	for _, column := range []string{"i", "i2", "d", "d2", "s", "s2", "t", "t2", "b", "b2", "ri", "ri2", "rd", "rs", "rt", "rb", "li", "ls", "rli", "rls", "ld", "st", "mp", "ms", "lp", "ll"} {
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
		for _, o := range outputs {
			covered.note(t, o.Expr, half)
		}
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
			for r, w := range want {
				g := got[i][r]
				if g == nil && was[r] != nil {
					became++
				} else if g != nil {
					stayed++
				}
				if !monotone(was[r], g, w) {
					t.Errorf("%s with ⊥ for %s in row %d: was %v, is %v, cel-go says %v", text, column, r, was[r], g, w)
					break
				}
			}
		}
	}
	for _, missing := range covered.missing(plain) {
		t.Errorf("%s is never ⊥", missing)
	}
	if became == 0 || stayed == 0 {
		t.Fatalf("proves nothing: %d became ⊥, %d stayed", became, stayed)
	}
}

// monotone says whether a result became ⊥ or stayed what it was, and is what cel-go says.
func monotone(was, is, want any) bool {
	_, isErr := want.(error)
	return (is == nil || same(fromSQL(was), is)) && (isErr && is == nil || !isErr && same(want, is))
}

// operands are the operands of operators that were ⊥ in some rows, as "add_int 2".
type operands map[string]bool

// neverBottom are operands that the builder never lets be ⊥: it takes another
// operator then. The operand of sample is the key of a row.
var neverBottom = operands{"coalesce 1": true, "eq_null 1": true, "eq_null 2": true, "in_null 1": true, "sample 1": true}

// note adds the operands of an expression that read the half of a column that is ⊥,
// and says whether the whole does.
func (o operands) note(t *testing.T, e, half *plan.Expr) bool {
	reads := e == half
	for i, a := range e.Args {
		if e != half && o.note(t, a, half) {
			o[operand(e, i)], reads = true, true
		}
		if neverBottom[operand(e, i)] && a.MayBottom {
			t.Errorf("%s may be ⊥ in %s", operand(e, i), e)
		}
	}
	return reads
}

func operand(e *plan.Expr, i int) string { return fmt.Sprintf("%s %d", e.Op, i+1) }

// missing are the operands of operators that differ from row to row somewhere in
// outputs, and never were ⊥.
func (o operands) missing(outputs []plan.Output) []string {
	names := map[string]bool{}
	var varies func(e *plan.Expr) bool
	varies = func(e *plan.Expr) bool {
		does := e.Op == plan.OpColumn
		for i, a := range e.Args {
			if varies(a) {
				does = true
				names[operand(e, i)] = !o[operand(e, i)] && !neverBottom[operand(e, i)]
			}
		}
		return does
	}
	for _, out := range outputs {
		varies(out.Expr)
	}
	maps.DeleteFunc(names, func(_ string, is bool) bool { return !is })
	return slices.Sorted(maps.Keys(names))
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
		if len(missing) > 0 && !left(strings.ReplaceAll(text, "row.", "r.")) {
			t.Errorf("%s: %s", text, missing[0].Reason)
		}
		outputs = append(outputs, plan.Output{Name: "o" + itoa(i), Expr: e})
	}
	return outputs
}
