package conformance

import (
	"testing"

	"cel.dev/cel-go/cel"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/plan"
)

// elsewhere are operators that no expression over one row has: the tests of
// relations, ranks, scores and versions have them.
var elsewhere = map[plan.Op]bool{plan.OpFold: true, plan.OpGap: true, plan.OpLookup: true, plan.OpBeside: true, plan.OpRank: true, plan.OpPoints: true, plan.OpNotTrue: true}

// TestGeneratorReachesEverything lists the operators, and the overloads that
// have one, of which no production of random expressions makes any.
func TestGeneratorReachesEverything(t *testing.T) {
	e := newEngines(t, hostileTable(), nil, false, london)
	g := newGrammar(e)
	operators, overloads := map[plan.Op]bool{}, map[string]bool{}
	b := plan.NewBuilder(nil)
	take := func(kind catalog.Kind, n *node) {
		checked, issues := e.env.Compile(n.String())
		if issues.Err() != nil {
			t.Errorf("%s: %v", n, issues.Err())
			return
		}
		x, _ := plan.Lower(b, plan.Scope{Entity: "row", Table: e.table, Tables: e.tables, Zone: e.zone}, checked)
		noteOperators(x, operators)
		noteOperators(b.NullTest(x), operators)
		noteOverloads(checked, overloads)
	}
	for _, list := range []map[catalog.Kind][]production{g.productions, g.listed, g.open} {
		for kind, productions := range list {
			for _, p := range productions {
				take(kind, p.overColumns())
			}
		}
	}
	for kind, texts := range literals {
		for _, text := range texts {
			take(kind, leafNode(kind, text))
		}
	}
	for _, o := range plan.Operators {
		if !operators[o.Op] && !elsewhere[o.Op] {
			t.Errorf("no random expression has the operator %s", o.Op)
		}
	}
	for _, id := range plan.Overloads() {
		if !overloads[id] && id != celenv.Reached {
			t.Errorf("no random expression has the overload %s", id)
		}
	}
}

func noteOperators(e *plan.Expr, seen map[plan.Op]bool) {
	seen[e.Op] = true
	for _, a := range e.Args {
		noteOperators(a, seen)
	}
}

func noteOverloads(checked *cel.Ast, seen map[string]bool) {
	for _, r := range checked.NativeRep().ReferenceMap() {
		for _, id := range r.OverloadIDs {
			seen[id] = true
		}
	}
}
