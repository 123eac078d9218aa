package byrow

import (
	"context"

	"personae/engine/eval"
	"personae/engine/plan"
)

// score works out an output of a score from its parts, which are decided.
func (r *Row) score(o *output) eval.Result {
	s := o.Rule.Score
	var low, high int64
	reason := ""
	for _, p := range s.Parts {
		part := r.results[r.d.index[plan.PartOutputName(o.Rule.Name, p.Name)]]
		switch part.Outcome {
		case eval.True:
			low, high = low+p.Points, high+p.Points
		case eval.False:
		default:
			low, high = low+p.Low, high+p.High
			if p.Low != p.High && reason == "" {
				reason = part.Reason
			}
		}
	}
	switch {
	case o.Kind == plan.BandOutput:
		if s.BandOf(low) != s.BandOf(high) {
			return eval.Result{Reason: reasonOr(reason, o.rule)}
		}
		return eval.Result{Outcome: eval.Value, Value: s.BandOf(low)}
	case o.Name == o.rule+"_max":
		return eval.Result{Outcome: eval.Value, Value: s.Of(high)}
	}
	return eval.Result{Outcome: eval.Value, Value: s.Of(low)}
}

// explainPoints decides the parts behind points that SQL found, which nobody else
// asks about: they hold the reason why two sums differ.
func (r *Row) explainPoints(ctx context.Context, o *output) error {
	if !r.explain || o.Kind != plan.PointsOutput {
		return nil
	}
	for _, i := range o.reads {
		if _, err := r.Decide(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// points is what expressions read as the score: its points where the fewest and
// the most are the same. Both are among what such an expression reads.
func (r *Row) points(o *output, result eval.Result, v any) any {
	for _, name := range []string{o.rule + "_points", o.rule + "_max"} {
		i, ok := r.d.index[name]
		if ok && r.done[i] && r.results[i].Value == result.Value {
			continue
		}
		for _, p := range o.Rule.Score.Parts {
			i := r.d.index[plan.PartOutputName(o.rule, p.Name)]
			if p.Low != p.High && r.done[i] && r.results[i].Unknown() && r.results[i].Reason != "" {
				return eval.Unreadable{Reason: r.results[i].Reason}
			}
		}
		return eval.Unreadable{Reason: reasonOr("", o.rule)}
	}
	return v
}
