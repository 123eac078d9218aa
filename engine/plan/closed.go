package plan

import (
	"errors"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"personae/engine/celenv"
)

// closedCost bounds the work on a constant part while planning, in cel-go's units.
const closedCost = 100_000

// shape is what is known of a part of an expression before it is lowered.
type shape struct {
	free   map[string]bool // variables that it reads and does not bind
	beyond bool            // it has lists, maps or calls that no operator stands for
}

// closed evaluates a part that reads no variable and that operators do not
// reach, as [1, 2].exists(x, x > 1): cel-go says what it is. nil where it is
// none of that, or no value of a column.
func (l *lowerer) closed(e ast.Expr) ref.Val {
	if e.Kind() != ast.CallKind && e.Kind() != ast.ComprehensionKind && e.Kind() != ast.SelectKind {
		return nil
	}
	if l.shapes == nil {
		l.shapes = map[int64]shape{}
		l.shapeOf(l.ast.Expr())
	}
	s, known := l.shapes[e.ID()]
	if !known || !s.beyond || len(s.free) > 0 {
		return nil
	}
	env, err := zoneEnv(l.zone)
	if err != nil {
		return nil
	}
	v, err := run(env, ast.NewCheckedAST(ast.NewAST(e, l.ast.SourceInfo()), l.ast.TypeMap(), l.ast.ReferenceMap()))
	switch {
	case err != nil:
		return types.WrapErr(err)
	case v == nil || !constantValue(v):
		return nil
	}
	return v
}

// run evaluates a constant; nil where it is too much work.
func run(env *cel.Env, checked *ast.AST) (ref.Val, error) {
	program, err := env.PlanProgram(checked, cel.CostLimit(closedCost))
	if err != nil {
		return nil, nil
	}
	v, _, err := program.Eval(cel.NoVars())
	var cancelled interpreter.EvalCancelledError
	if errors.As(err, &cancelled) {
		return nil, nil
	}
	return v, err
}

func constantValue(v ref.Val) bool {
	switch v := v.(type) {
	case types.Null, types.Bool, types.Int, types.Uint, types.Double, types.Bytes, types.Timestamp, types.Duration:
		return true
	case types.String:
		return validText(string(v))
	}
	return false
}

var zoneEnvs sync.Map // of zones: environments without variables

func zoneEnv(zone *time.Location) (*cel.Env, error) {
	if env, ok := zoneEnvs.Load(zone); ok {
		return env.(*cel.Env), nil
	}
	env, err := celenv.Row(celenv.Options{Zone: zone})
	if err == nil {
		zoneEnvs.Store(zone, env)
	}
	return env, err
}

// shapeOf notes the shapes of a part and of all its parts.
func (l *lowerer) shapeOf(e ast.Expr) shape {
	s := shape{free: map[string]bool{}}
	take := func(list ...ast.Expr) {
		for _, x := range list {
			part := l.shapeOf(x)
			s.beyond = s.beyond || part.beyond
			for name := range part.free {
				s.free[name] = true
			}
		}
	}
	reference := l.ast.ReferenceMap()[e.ID()]
	switch e.Kind() {
	case ast.IdentKind:
		if reference == nil || reference.Value == nil {
			s.free[e.AsIdent()] = true
		}
	case ast.SelectKind:
		if reference == nil || reference.Value == nil {
			take(e.AsSelect().Operand())
		}
	case ast.ListKind:
		s.beyond = true
		take(e.AsList().Elements()...)
	case ast.MapKind:
		s.beyond = true
		for _, entry := range e.AsMap().Entries() {
			take(entry.AsMapEntry().Key(), entry.AsMapEntry().Value())
		}
	case ast.CallKind:
		c := e.AsCall()
		if c.IsMemberFunction() {
			take(c.Target())
		}
		take(c.Args()...)
		s.beyond = s.beyond || l.beyond(e, c)
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		take(c.LoopCondition(), c.LoopStep(), c.Result())
		for _, name := range []string{c.IterVar(), c.IterVar2(), c.AccuVar()} {
			delete(s.free, name)
		}
		take(c.IterRange(), c.AccuInit())
		s.beyond = true
	case ast.StructKind:
		s.free[e.AsStruct().TypeName()] = true // never closed
	}
	l.shapes[e.ID()] = s
	return s
}

// beyond says whether no operator stands for a call.
func (l *lowerer) beyond(e ast.Expr, c ast.CallExpr) bool {
	switch c.FunctionName() {
	case operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.Conditional, operators.Equals, operators.NotEquals:
		return false
	}
	ids := l.ast.GetOverloadIDs(e.ID())
	if len(ids) != 1 {
		return true
	}
	_, known := rules[ids[0]]
	return !known
}
