package byrow

import (
	"context"
	"time"
	"unicode/utf8"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/plan"
)

// Row is one row with what SQL found about it. It is filled again for each
// row; it is for one goroutine at a time.
type Row struct {
	d       *Decider
	row     *eval.Row
	explain bool
	known   []any
	done    []bool
	results []eval.Result
	alone   *Alone // nil where SQL was asked first
}

// NewRow makes an empty row. With explain, outputs that SQL left NULL are asked
// again even where that is final, for the reason.
func (d *Decider) NewRow(now time.Time, explain bool) (*Row, error) {
	r, err := eval.NewRow(d.env, d.entity)
	if err != nil {
		return nil, err
	}
	r.SetNow(now)
	return &Row{d: d, row: r, explain: explain, done: make([]bool, len(d.outputs)), results: make([]eval.Result, len(d.outputs))}, nil
}

// Fill takes the next row: the values of Columns, nil for null, and what SQL
// found for Outputs, nil for NULL. A column that could not be read is an error
// as a value.
func (r *Row) Fill(columns, found []any) {
	for i, field := range r.d.fields {
		if field >= 0 {
			r.row.SetAt(field, columns[i])
		}
	}
	r.known = found
	clear(r.done)
}

// Decide gives what the output says of the row: SQL's answer where there is
// one, else CEL's.
func (r *Row) Decide(ctx context.Context, i int) (eval.Result, error) {
	if r.done[i] {
		return r.results[i], nil
	}
	result, err := r.decide(ctx, i)
	if err != nil {
		return eval.Result{}, err
	}
	r.done[i], r.results[i] = true, result
	return result, nil
}

func (r *Row) decide(ctx context.Context, i int) (eval.Result, error) {
	o := r.d.outputs[i]
	if v := r.known[i]; v != nil {
		return Known(v, o.Expr.Type.Kind), nil
	}
	if o.NullOf != "" {
		return r.nullTest(ctx, o)
	}
	if !o.open && r.alone == nil {
		switch {
		case !o.Expr.MayBottom && (o.Kind == plan.TraitOutput || o.Kind == plan.StageOutput || o.Kind == plan.AtOutput):
			return eval.Result{Outcome: eval.Null}, nil
		case !o.Expr.MayNull && !r.explain:
			return eval.Result{}, nil
		case o.rank || o.nullTest >= 0 && !r.explain:
			if o.nullTest >= 0 && r.known[o.nullTest] == true {
				return eval.Result{Outcome: eval.Null}, nil
			}
			return eval.Result{}, nil
		}
	}
	return r.ask(ctx, o)
}

// nullTest is the null test of an output that SQL did not decide.
func (r *Row) nullTest(ctx context.Context, o *output) (eval.Result, error) {
	of, err := r.Decide(ctx, o.reads[0])
	switch {
	case err != nil || of.Outcome == eval.Bottom:
		return of, err
	case of.Outcome == eval.Null:
		return eval.Result{Outcome: eval.True, Value: true}, nil
	}
	return eval.Result{Outcome: eval.False, Value: false}, nil
}

// ask has cel-go evaluate an output over the row, after all that it reads.
func (r *Row) ask(ctx context.Context, o *output) (eval.Result, error) {
	for _, i := range o.reads {
		if err := r.read(ctx, i); err != nil {
			return eval.Result{}, err
		}
	}
	switch {
	case o.Rule != nil && o.Rule.Score != nil:
		return r.score(o), nil
	case o.Rule != nil && o.Rule.Journey != nil:
		return r.journey(o), nil
	}
	if o.Rule == nil || o.Rule.Kind != compile.SegmentationRule {
		if len(o.programs) == 0 {
			return eval.Result{}, nil
		}
		result, err := o.programs[0].Eval(ctx, r.row)
		if err == nil && r.alone != nil && o.Rule != nil && o.Rule.Leave != nil {
			return r.alone.stay(ctx, o, result)
		}
		return result, err
	}
	for i, program := range o.programs {
		result, err := program.Eval(ctx, r.row)
		switch {
		case err != nil:
			return eval.Result{}, err
		case result.Outcome == eval.True:
			return eval.Result{Outcome: eval.Value, Value: o.Rule.Rungs[i].Name}, nil
		case result.Outcome != eval.False:
			return eval.Result{Reason: result.Reason}, nil
		}
	}
	return eval.Result{Outcome: eval.Value, Value: o.Rule.Otherwise}, nil
}

// read decides an output and lets expressions read it.
func (r *Row) read(ctx context.Context, i int) error {
	result, err := r.Decide(ctx, i)
	if err != nil {
		return err
	}
	if err := r.explainPoints(ctx, r.d.outputs[i]); err != nil {
		return err
	}
	r.provide(r.d.outputs[i], result)
	return nil
}

// provide lets expressions read a decided output.
func (r *Row) provide(o *output, result eval.Result) {
	var v any = result.Value
	if result.Outcome == eval.Bottom {
		v = eval.Unreadable{Reason: reasonOr(result.Reason, o.rule)}
	}
	switch o.Kind {
	case plan.TraitOutput:
		r.row.SetAt(o.field, v)
	case plan.SegmentOutput:
		r.row.SetSegment(o.rule, v)
	case plan.SegmentationOutput, plan.BandOutput:
		r.row.SetSegmentation(o.rule, v)
	case plan.StageOutput:
		r.row.SetJourney(o.rule, v)
	case plan.ReachedOutput:
		r.row.SetReached(o.rule, o.stage(), v)
	case plan.PointsOutput:
		r.row.SetScore(o.rule, r.points(o, result, v))
	}
}

func reasonOr(reason, rule string) string {
	if reason == "" {
		return rule + " could not be calculated"
	}
	return reason
}

// Known is a value that SQL found, as a result. Lengths of time are whole nanoseconds there.
func Known(v any, k catalog.Kind) eval.Result {
	switch x := v.(type) {
	case bool:
		if x {
			return eval.Result{Outcome: eval.True, Value: true}
		}
		return eval.Result{Outcome: eval.False, Value: false}
	case int64:
		if k == catalog.Duration {
			v = time.Duration(x)
		}
	}
	return eval.Result{Outcome: eval.Value, Value: v}
}

// Stored is a result as the table of results holds it: nil for NULL. Times
// have microseconds there. Not ok is for what no column holds.
func Stored(r eval.Result, k catalog.Kind) (v any, ok bool) {
	switch x := r.Value.(type) {
	case nil:
		return nil, true
	case time.Time:
		return x.Truncate(time.Microsecond), true
	case time.Duration:
		return int64(x), true
	case int64:
		if k == catalog.Double {
			return float64(x), true
		}
		return x, true
	case string:
		return x, utf8.ValidString(x)
	case bool, uint64, float64, []byte:
		return x, true
	}
	return nil, false
}
