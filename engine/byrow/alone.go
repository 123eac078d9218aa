package byrow

import (
	"context"
	"fmt"
	"time"

	"cel.dev/cel-go/cel"

	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/plan"
)

// Alone is a row of which SQL found nothing: cel-go decides every output. It is
// the reference for one row, and for one goroutine at a time.
type Alone struct {
	row   *Row
	leave map[string]*eval.Program // of segments that one stays in
	was   map[string]bool
}

// CEL is the environment that all expressions about the entity were checked in.
func (v *Env) CEL() *cel.Env { return v.env }

// Alone makes an empty row: its columns are null, nothing belongs to it, and
// nothing is known of it. SetColumns and the like come before Decide.
func (d *Decider) Alone(now time.Time) (*Alone, error) {
	row, err := d.NewRow(now, true)
	if err != nil {
		return nil, err
	}
	row.known = make([]any, len(d.outputs))
	row.alone = &Alone{row: row, leave: map[string]*eval.Program{}, was: map[string]bool{}}
	for _, o := range d.outputs {
		if o.Kind != plan.SegmentOutput || o.Rule.Leave == nil {
			continue
		}
		if row.alone.leave[o.rule], err = eval.NewProgram(d.env, o.Rule.Leave.AST); err != nil {
			return nil, fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	return row.alone, nil
}

// Row is what expressions read: callers fill in its columns and related rows.
func (a *Alone) Row() *eval.Row { return a.row.row }

// Was says that the row was in a segment before.
func (a *Alone) Was(segment string) { a.was[segment] = true }

// Brings gives the answer of an output, which is then not evaluated. An output
// that the decider does not have is of no use to anyone.
func (a *Alone) Brings(output string, result eval.Result) {
	if i := a.row.d.Position(output); i >= 0 {
		a.row.done[i], a.row.results[i] = true, result
	}
}

// Decide gives what an output says. Expressions that read what it reads can be
// evaluated over Row afterwards.
func (a *Alone) Decide(ctx context.Context, output string) (eval.Result, error) {
	i := a.row.d.Position(output)
	if i < 0 {
		return eval.Result{}, fmt.Errorf("there is no output %s", output)
	}
	return a.row.Decide(ctx, i)
}

// Read decides all that an expression reads, and lets it be read.
func (a *Alone) Read(ctx context.Context, x *compile.Expr) error {
	for _, name := range (plan.Output{CEL: x}).Reads() {
		i := a.row.d.Position(name)
		if i < 0 {
			return fmt.Errorf("there is no output %s", name)
		}
		if err := a.row.read(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// stay applies `leave`: who was in, and whom `when` does not take, stays until it
// is true.
func (a *Alone) stay(ctx context.Context, o *output, when eval.Result) (eval.Result, error) {
	if when.Outcome == eval.True || !a.was[o.rule] {
		return when, nil
	}
	if err := a.Read(ctx, o.Rule.Leave); err != nil {
		return eval.Result{}, err
	}
	left, err := a.leave[o.rule].Eval(ctx, a.row.row)
	if err != nil || left.Outcome == eval.True {
		return when, err
	}
	return eval.Result{Outcome: eval.True, Value: true}, nil
}

// Needs lists the outputs that a decider must have to decide some rules alone.
func Needs(rules []*compile.Rule) []string {
	var names []string
	for _, r := range rules {
		if r.Leave != nil {
			names = append(names, (plan.Output{CEL: r.Leave}).Reads()...)
		}
	}
	return names
}
