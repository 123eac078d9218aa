package engine

import (
	"errors"
	"time"

	"cel.dev/cel-go/common/types"

	"personae/engine/celenv"
	"personae/engine/compile"
	"personae/engine/english"
	"personae/engine/eval"
	"personae/engine/format"
	"personae/engine/report"
	"personae/engine/results"
)

// words writes values for the report in the project's locale.
type words struct{ f *format.Formatter }

var _ report.Words = words{}

func (w words) Count(n int64) string { return w.f.Int(n) }

func (w words) Percent(share float64) string {
	text, _ := w.f.Percent(share, format.Auto)
	return text
}

func (w words) Value(v any, unit string) (string, bool) { return w.f.Value(v, unit) }

func (w words) Date(t time.Time) string { return w.f.Date(t) }

func (w words) Lift(lift float64, entity string) string {
	text, _ := w.f.Lift(lift, "all "+english.Plural(english.Spoken(entity)))
	return text
}

// formulas are the formulas of all personas, ready to run.
type formulas struct {
	ready map[*compile.Formula]*eval.Formula
}

func newFormulas(rs *compile.RuleSet, f *format.Formatter) (*formulas, error) {
	out := &formulas{ready: map[*compile.Formula]*eval.Formula{}}
	for _, p := range rs.Personas {
		stats := map[string]*types.Type{}
		for _, s := range p.Statistics {
			stats[s.ID] = s.CEL
		}
		env, err := celenv.Formula(stats, f)
		if err != nil {
			return nil, err
		}
		for _, formula := range formulasOf(p) {
			if out.ready[formula], err = eval.NewFormula(env, formula.AST); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// formulasOf lists every formula of a persona, the sides of comparisons included.
func formulasOf(p *compile.Persona) []*compile.Formula {
	var out []*compile.Formula
	add := func(f *compile.Formula) {
		out = append(out, f)
		if f.Comparison != nil {
			out = append(out, f.Comparison.Left, f.Comparison.Right)
		}
	}
	for _, t := range p.Templates {
		for _, hole := range t.Holes {
			add(hole)
		}
	}
	for _, claim := range p.Claims {
		add(claim)
	}
	for _, measure := range p.Measures {
		add(measure)
	}
	return out
}

// evaluate gives the value of a formula; nil for null, an error with the reason
// for ⊥.
func (fs *formulas) evaluate(f *compile.Formula, stats map[string]any) (any, error) {
	values := make(map[string]any, len(stats))
	for id, v := range stats {
		if items, ok := v.([]results.TopItem); ok {
			list := make([]eval.TopItem, len(items))
			for i, item := range items {
				list[i] = eval.TopItem(item)
			}
			v = list
		}
		values[id] = v
	}
	r, err := fs.ready[f].Eval(values)
	switch {
	case err != nil:
		return nil, err
	case r.Outcome == eval.Bottom:
		return nil, errors.New(r.Reason)
	case r.Outcome == eval.Null:
		return nil, nil
	}
	return r.Value, nil
}
