package eval

import (
	"context"
	"errors"
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// CostLimit bounds the work of one expression over one row, in cel-go's units
// (about one an operator). Rules may come from strangers, in a pull request.
const CostLimit = 2_000_000

// interruptEvery is after how many steps of a loop a cancelled context is seen.
const interruptEvery = 1000

// Program is an expression that is ready to run. It is immutable and safe for
// concurrent use.
type Program struct {
	ast *cel.Ast
	prg cel.Program
}

// NewProgram makes a checked expression ready.
func NewProgram(env *cel.Env, checked *cel.Ast) (*Program, error) {
	if !checked.IsChecked() {
		return nil, errors.New("the expression was not checked")
	}
	opts := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if loops(checked) {
		opts = append(opts, cel.CostLimit(CostLimit), cel.InterruptCheckFrequency(interruptEvery))
	}
	prg, err := env.Program(checked, opts...)
	if err != nil {
		return nil, fmt.Errorf("the expression cannot be made ready: %w", err)
	}
	return &Program{ast: checked, prg: prg}, nil
}

// loops tells whether an expression can do more work than it has nodes: only
// then is the work counted, which costs a third of the time.
func loops(checked *cel.Ast) bool {
	root := ast.NavigateAST(checked.NativeRep())
	return len(ast.MatchDescendants(root, ast.KindMatcher(ast.ComprehensionKind))) > 0
}

// Eval runs the expression over a row. The error is for what is not the row's
// fault: a cancelled context.
func (p *Program) Eval(ctx context.Context, row *Row) (Result, error) {
	return p.eval(ctx, row, row.isNull)
}

func (p *Program) eval(ctx context.Context, vars cel.Activation, null func(entity, field string) bool) (Result, error) {
	var out ref.Val
	var err error
	if ctx.Done() == nil {
		out, _, err = p.prg.Eval(vars) // a context that is never cancelled needs no checks
	} else {
		out, _, err = p.prg.ContextEval(ctx, vars)
	}
	if cause := ctx.Err(); cause != nil {
		return Result{}, cause
	}
	if err != nil {
		return Result{Reason: p.reason(err, null)}, nil
	}
	if bad := firstError(out); bad != nil {
		return Result{Reason: p.reason(bad, null)}, nil
	}
	switch out {
	case types.NullValue:
		return Result{Outcome: Null}, nil
	case types.True:
		return Result{Outcome: True, Value: true}, nil
	case types.False:
		return Result{Outcome: False, Value: false}, nil
	}
	return Result{Outcome: Value, Value: fromCEL(out)}, nil
}

// isNull tells whether a field of the row is null.
func (r *Row) isNull(entity, field string) bool {
	if entity != r.entity {
		return false
	}
	i, ok := r.typ.Field(field)
	return ok && (r.values[i] == nil || r.values[i] == types.NullValue)
}

// Each runs programs over n rows: fill fills the row, and take gets each
// program's result, in order. One row and no maps are used for all of them.
func Each(ctx context.Context, row *Row, n int, fill func(i int, row *Row) error, programs []*Program, take func(i, program int, r Result) error) error {
	for i := range n {
		if err := fill(i, row); err != nil {
			return err
		}
		for k, p := range programs {
			r, err := p.Eval(ctx, row)
			if err != nil {
				return err
			}
			if err := take(i, k, r); err != nil {
				return err
			}
		}
	}
	return nil
}
