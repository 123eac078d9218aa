package ruletest

import (
	"personae/engine/byrow"
	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/plan"
)

// outputOf names the output that holds what a rule says: of a score its points,
// or its band.
func outputOf(r *compile.Rule, band bool) string {
	switch r.Kind {
	case compile.SegmentRule:
		return plan.SegmentOutputName(r.Name)
	case compile.JourneyRule:
		return plan.StageOutputName(r.Name)
	case compile.ScoreRule:
		if band {
			return r.Columns()[2]
		}
		return r.Columns()[0]
	}
	return r.Name
}

// expected names the output that answers an expectation.
func expected(e *compile.Expectation) string {
	switch {
	case e.Persona != nil:
		return plan.PersonaOutputName(e.Persona.Name)
	case e.Export != nil:
		return plan.ExportOutputName(e.Export.Name, false)
	}
	return outputOf(e.Rule, e.Band)
}

// isPoints says whether an answer is points: known where the fewest and the most
// are the same.
func isPoints(e *compile.Expectation) bool {
	return e.Rule != nil && e.Rule.Score != nil && !e.Band
}

// decides says whether an answer is who is in: there null decides nothing.
func decides(e *compile.Expectation) bool {
	return e.Rule == nil || e.Rule.Kind == compile.SegmentRule
}

// wanted lists the outputs that answer an expectation.
func wanted(e *compile.Expectation) []string {
	if isPoints(e) {
		return e.Rule.Columns()[:2]
	}
	return []string{expected(e)}
}

// conditionsOf lists the outputs that decide the conditions of a rule.
func conditionsOf(r *compile.Rule) []string {
	var out []string
	switch {
	case r.Score != nil:
		for _, p := range r.Score.Parts {
			out = append(out, plan.PartOutputName(r.Name, p.Name))
		}
	case r.Journey != nil:
		for _, s := range r.Journey.Stages {
			out = append(out, plan.EnteredOutputName(r.Name, s.Name))
		}
	default:
		out = append(out, outputOf(r, false))
	}
	return out
}

// allWanted lists what a decider needs for some tests.
func allWanted(tests []*compile.Test) []string {
	var out []string
	for _, t := range tests {
		for _, e := range t.Expects {
			out = append(out, wanted(e)...)
		}
		for _, row := range t.Rows {
			out = append(out, byrow.Needs(row.Reads)...)
			for _, r := range row.Reads {
				out = append(out, conditionsOf(r)...)
			}
		}
	}
	return out
}

// pointsOf is the answer of a score.
func pointsOf(least, most eval.Result) eval.Result {
	switch {
	case least.Outcome != eval.Value:
		return least
	case most.Outcome != eval.Value || most.Value != least.Value:
		return eval.Result{Reason: most.Reason}
	}
	return least
}

// resultOf is an answer as package eval has it.
func resultOf(a compile.Answer) eval.Result {
	switch v := a.Value.(type) {
	case nil:
		if a.Unknown {
			return eval.Result{}
		}
		return eval.Result{Outcome: eval.Null}
	case bool:
		if v {
			return eval.Result{Outcome: eval.True, Value: true}
		}
		return eval.Result{Outcome: eval.False, Value: false}
	}
	return eval.Result{Outcome: eval.Value, Value: a.Value}
}
