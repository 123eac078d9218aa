package eval

import (
	"context"
	"errors"
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"personae/engine/celenv"
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

// emptiness says whether a field of an entity's row, or of the row that
// references lead to from there, is null, and what it is called.
type emptiness func(entity string, through []string, field string) (name string, empty bool)

func (p *Program) eval(ctx context.Context, vars cel.Activation, null emptiness) (Result, error) {
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

// isNull tells whether a field of the row is null, or of any of its related rows.
func (r *Row) isNull(entity string, through []string, field string) (string, bool) {
	name, at := field, ""
	if entity != r.entity {
		name, at = entity+"."+field, entity+"."
	}
	for i, step := range through {
		if i == 0 {
			at += step
		} else {
			at = step + " of " + at
		}
		name = field + " of " + at
	}
	if entity != r.entity {
		return name, relatedNull(r.typ, r.values, entity, through, field)
	}
	return name, fieldNull(r.typ, r.values, through, field)
}

// fieldNull looks at a field of a row, or of the row that references lead to.
func fieldNull(typ *celenv.RecordType, values []ref.Val, through []string, field string) bool {
	for _, step := range through {
		i, ok := typ.Field(step)
		if !ok {
			return false
		}
		row, ok := values[i].(*celenv.Record)
		if !ok {
			return false
		}
		typ, values = row.RecordType(), row.Values()
	}
	i, ok := typ.Field(field)
	return ok && (values[i] == nil || values[i] == types.NullValue)
}

// relatedNull looks through the related rows that a row has.
func relatedNull(typ *celenv.RecordType, values []ref.Val, entity string, through []string, field string) bool {
	for i, f := range typ.Fields() {
		rows, ok := values[i].(traits.Lister)
		if !ok || f.Kind != celenv.RelationField {
			continue
		}
		for it := rows.Iterator(); it.HasNext() == types.True; {
			row, ok := it.Next().(*celenv.Record)
			if !ok {
				continue
			}
			if f.Table.Entity == entity && fieldNull(row.RecordType(), row.Values(), through, field) || relatedNull(row.RecordType(), row.Values(), entity, through, field) {
				return true
			}
		}
	}
	return false
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
