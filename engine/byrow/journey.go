package byrow

import (
	"strings"

	"personae/engine/eval"
	"personae/engine/plan"
)

// journey works out an output of a journey from its stages, which are decided.
func (r *Row) journey(o *output) eval.Result {
	stages := o.Rule.Journey.Stages
	result := func(name string) eval.Result { return r.results[r.d.index[name]] }
	undecided := func(e eval.Result) eval.Result { return eval.Result{Reason: reasonOr(e.Reason, o.rule)} }
	if o.Kind == plan.ReachedOutput {
		found := eval.Result{Outcome: eval.False, Value: false}
		for i := len(stages) - 1; i >= 0; i-- {
			switch e := result(plan.EnteredOutputName(o.rule, stages[i].Name)); {
			case e.Outcome == eval.True:
				return eval.Result{Outcome: eval.True, Value: true}
			case e.Outcome != eval.False:
				found = undecided(e)
			}
			if stages[i].Name == o.stage() {
				break
			}
		}
		return found
	}
	for i := len(stages) - 1; i >= 0; i-- {
		s := stages[i]
		switch e := result(plan.EnteredOutputName(o.rule, s.Name)); {
		case e.Outcome == eval.False:
			continue
		case e.Outcome != eval.True:
			return undecided(e)
		case o.Kind == plan.StageOutput:
			return eval.Result{Outcome: eval.Value, Value: s.Name}
		case s.At != nil:
			return result(plan.AtOutputName(o.rule, s.Name))
		}
		break
	}
	return eval.Result{Outcome: eval.Null}
}

// stage is the stage that an output about one is named after.
func (o *output) stage() string { return o.Name[strings.LastIndexByte(o.Name, ':')+1:] }
