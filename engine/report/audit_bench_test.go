package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"cel.dev/cel-go/cel"

	"personae/engine/compile"
	"personae/engine/results"
	"personae/engine/source"
	"personae/engine/spec"
)

// BenchmarkAudit is what a project of many segments costs: of three conditions each,
// of 60 that there are.
func BenchmarkAudit(b *testing.B) {
	for _, segments := range []int{40, 300, 500} {
		b.Run(fmt.Sprint(segments), func(b *testing.B) {
			env, err := cel.NewEnv(cel.Variable("customer", cel.MapType(cel.StringType, cel.BoolType)))
			if err != nil {
				b.Fatal(err)
			}
			const people, conditions = 1 << 14, 60
			r := rand.New(rand.NewPCG(1, 2))
			var has [conditions][people]bool
			for c := range has {
				for i := range has[c] {
					has[c][i] = r.IntN(conditions+20) < c+20
				}
			}
			count := func(all ...int) (n int64) {
				for i := range people {
					in := true
					for _, c := range all {
						in = in && has[c][i]
					}
					if in {
						n++
					}
				}
				return n
			}
			e := &compile.Entity{Name: "customer"}
			found := &results.EntityResults{Entity: "customer", Population: people}
			var rules [][]int
			for i := range segments {
				x := []int{r.IntN(20), 20 + r.IntN(20), 40 + r.IntN(20)}
				rules = append(rules, x)
				name := fmt.Sprintf("s%03d", i)
				text := fmt.Sprintf("customer.c%d && customer.c%d && customer.c%d", x[0], x[1], x[2])
				checked, _ := env.Compile(text)
				e.Rules = append(e.Rules, &compile.Rule{Kind: compile.SegmentRule, Name: name, Expr: &compile.Expr{AST: checked, Written: checked, Text: source.Plain(text, source.Range{})}})
				n := count(x...)
				found.Groups = append(found.Groups, results.Group{Kind: results.Segment, Name: name, Members: n})
				found.Clauses = append(found.Clauses, results.ClauseTable{Group: name, Clauses: []results.Clause{
					{Alone: count(x[0]), Left: count(x[0]), OnlyThis: count(x[1], x[2]) - n},
					{Alone: count(x[1]), Left: count(x[0], x[1]), OnlyThis: count(x[0], x[2]) - n},
					{Alone: count(x[2]), Left: n, OnlyThis: count(x[0], x[1]) - n}}})
				for j := range i {
					found.Overlaps = append(found.Overlaps, results.Overlap{A: fmt.Sprintf("s%03d", j), B: name, Both: count(append(slices.Clone(rules[j]), x...)...)})
				}
			}
			for b.Loop() {
				rs := &compile.RuleSet{Module: &spec.Module{}}
				x := &builder{min: 5, gone: map[string]map[place]hidden{}}
				x.Rules = rs
				x.audited(e, found)
			}
		})
	}
}
