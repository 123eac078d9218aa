package plan

import (
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
)

// What has no type when a rule is checked, as dyn(x), has one here: SQL's
// columns have the same type in every row. So the overload that cel-go finds row
// by row is found once.

// dynamic says whether an operand has no certain type for the checker.
func (l *lowerer) dynamic(operands []ast.Expr) bool {
	return slices.ContainsFunc(operands, func(o ast.Expr) bool { return l.ast.GetType(o.ID()).Kind() == types.DynKind })
}

// dispatch lowers a call by the types that its operands have in SQL. Where no
// overload takes them cel-go errs.
func (l *lowerer) dispatch(e ast.Expr, c ast.CallExpr, ids []string, operands []ast.Expr) *Expr {
	var found []catalog.Type
	for _, o := range operands {
		t := l.thing(o)
		if h := t.hole(); h != nil {
			return l.b.Hole(h.Name, l.typeOf(e))
		}
		if t.choice != nil {
			return l.inPlaceOf(e, o, t.choice, func() *Expr { return l.dispatch(e, c, ids, operands) })
		}
		x := l.single(t)
		if x == nil || x.Type.Kind == catalog.Null || x.Type.Kind == catalog.Dyn {
			return l.hole(e, "values whose type is only known row by row")
		}
		found = append(found, x.Type)
	}
	env, err := zoneEnv(l.zone)
	if err != nil || env.Functions()[c.FunctionName()] == nil {
		return l.hole(e, "values whose type is only known row by row")
	}
	close := false
	for _, o := range env.Functions()[c.FunctionName()].OverloadDecls() {
		switch {
		case !slices.Contains(ids, o.ID()):
		case slices.EqualFunc(o.ArgTypes(), found, takes):
			return l.strictCall(e, c, o.ID())
		case slices.EqualFunc(o.ArgTypes(), found, alike):
			close = true
		}
	}
	if close { // cel-go looks no deeper than at what is a list
		return l.hole(e, "values whose type is only known row by row")
	}
	none := l.b.Bottom("no overload takes these types", l.typeOf(e))
	switch c.FunctionName() {
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return l.besideNaN(l.single(l.thing(operands[0])), l.single(l.thing(operands[1])), none)
	}
	return none
}

// besideNaN is an error, but where a side of < is NaN: cel-go says FALSE before it
// looks at the right side, if the left one is of a type that has an order at all.
func (l *lowerer) besideNaN(x, y, none *Expr) *Expr {
	switch {
	case x.Type.Kind == catalog.Double:
		return l.whole([]*Expr{y}, l.b.If(l.isNaN(x), l.b.Const(false), none))
	case y.Type.Kind == catalog.Double && !composite(x.Type.Kind):
		return l.whole([]*Expr{l.b.Decide(x)}, l.b.If(l.isNaN(y), l.b.Const(false), none))
	}
	return none
}

// takes says whether values of a type are taken for a parameter of another.
func takes(parameter *types.Type, t catalog.Type) bool {
	switch parameter.Kind() {
	case types.DynKind, types.TypeParamKind:
		return true
	case types.ListKind:
		return t.Kind == catalog.List && takes(parameter.Parameters()[0], *t.Elem)
	case types.MapKind:
		return t.Kind == catalog.Map
	}
	return catalog.FromCEL(parameter).Kind == t.Kind
}

// alike says whether a type is that of a parameter, whatever it holds.
func alike(parameter *types.Type, t catalog.Type) bool {
	return takes(parameter, t) || parameter.Kind() == types.ListKind && t.Kind == catalog.List
}

// truth is a condition: what is neither true nor false is an error.
func (l *lowerer) truth(e ast.Expr) *Expr {
	x := l.expr(e)
	switch {
	case x.Op == OpHole || x.Op == OpBottom || x.Type.Kind == catalog.Bool || x.Type.Kind == catalog.Null:
		return x
	}
	return l.b.Bottom("a condition is neither true nor false", boolean)
}

func (l *lowerer) truths(list []ast.Expr) []*Expr {
	out := make([]*Expr, len(list))
	for i, e := range list {
		out[i] = l.truth(e)
	}
	return out
}
