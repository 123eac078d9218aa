package plan

import (
	"maps"
	"slices"

	"personae/engine/catalog"
	"personae/engine/compile"
)

// BeforeTable is the table of results that says who was in which segment in the
// version before: a row for each row of the entity, in the same order, with a
// column for each segment that asks, TRUE or FALSE.
func BeforeTable(entity string) string { return entity + ":before" }

// Before lists the columns of that table that the plan reads, sorted: of a part
// of a plan also where only what depends on such a segment is calculated.
func (e *EntityPlan) Before() []string {
	names, seen := map[string]bool{}, map[*Expr]bool{}
	for _, stratum := range e.Strata {
		for _, x := range stratum.Calculates() {
			within(x, seen, func(n *Expr) {
				if n.Op == OpBeside && n.Table == BeforeTable(e.Entity.Name) {
					names[n.Name] = true
				}
			})
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// WhenOutputName is the condition of a segment that remembers its members: it
// tells those who come in from those who only stay.
func WhenOutputName(segment string) string { return "when:" + segment }

// segment plans a segment's condition. One that says when a membership ends
// keeps who was in until that is true:
//
//	when || (was in the version before && leave is not true)
//
// So it is never empty for want of a value that only `leave` reads: who was in
// stays until it is known that they leave. Who was not known to be in was not.
// Asked again with its own answer as the version before it gives that answer,
// whatever `when` and `leave` are: that is why unchanged data gives no new
// version.
func (eb *entityBuilder) segment(r *compile.Rule) *Expr {
	when := eb.b.Decide(eb.lower(r.Expr))
	if r.Leave == nil {
		return when
	}
	eb.add(Output{Name: WhenOutputName(r.Name), Kind: OperandOutput, CEL: r.Expr, Expr: when})
	leave := eb.exact(r.Leave, "Whether somebody stays has to be known at once")
	was := eb.b.intern(Expr{Op: OpBeside, Table: BeforeTable(eb.entity.Name), Name: "in_" + r.Name, Type: catalog.Type{Kind: catalog.Bool}})
	return eb.b.Or(when, eb.b.And(was, eb.b.notTrue(leave)))
}

// notTrue is FALSE where a condition is TRUE and TRUE where it is FALSE, null
// or ⊥. It is not monotone in ⊥, so its operand must hold no hole.
func (b *Builder) notTrue(e *Expr) *Expr {
	if e.Decided() {
		return b.Not(e)
	}
	return b.intern(Expr{Op: OpNotTrue, Type: boolean, Args: []*Expr{e}})
}
