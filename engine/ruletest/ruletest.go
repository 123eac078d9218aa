package ruletest

import (
	"context"
	"regexp"

	"personae/engine"
	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/plan"
	"personae/engine/source"
)

// Outcome is what came of the tests.
type Outcome struct {
	Tests    []*Result // in order of file and place
	Skipped  int       // tests whose names were not asked for
	Coverage Coverage
}

// Result is what came of one test. Failures are empty where it passed.
type Result struct {
	Name     string
	Range    source.Range
	Failures diag.List
}

// Passed counts the tests that passed.
func (o *Outcome) Passed() int {
	n := 0
	for _, r := range o.Tests {
		if len(r.Failures) == 0 {
			n++
		}
	}
	return n
}

// Failures are those of all tests.
func (o *Outcome) Failures() diag.List {
	var list diag.List
	for _, r := range o.Tests {
		list.Add(r.Failures...)
	}
	return list
}

// Run runs the tests whose names match, all where only is nil. The diagnostics
// say why rules cannot be evaluated at all; failed tests are in the Outcome. An
// error is one of the machine.
func Run(ctx context.Context, p *engine.Project, o engine.Options, only *regexp.Regexp) (*Outcome, diag.List, error) {
	out := &Outcome{}
	if p.Rules == nil {
		return out, nil, nil
	}
	var tests []*compile.Test
	for _, t := range p.Rules.Tests {
		if only != nil && !only.MatchString(t.Name) {
			out.Skipped++
			continue
		}
		tests = append(tests, t)
	}
	built, list := plan.BuildGiven(p.Rules, given(tests))
	if list.HasErrors() || len(tests) == 0 {
		return out, errorsOf(list), nil
	}
	r := &runner{plan: built, coverage: newCoverage(p.Rules), answers: map[*compile.Expectation]*answer{}}
	for _, e := range built.Entities {
		if err := r.reference(ctx, e, ofEntity(tests, e.Entity.Name)); err != nil {
			return out, nil, err
		}
	}
	if err := r.database(ctx, o, tests); err != nil {
		return out, nil, err
	}
	for _, t := range tests {
		out.Tests = append(out.Tests, r.judge(t))
	}
	out.Coverage = r.coverage.result()
	return out, nil, ctx.Err()
}

// runner is the state of one run.
type runner struct {
	plan     *plan.Plan
	coverage *coverage
	answers  map[*compile.Expectation]*answer
}

// given names the outputs that any test brings along.
func given(tests []*compile.Test) plan.Given {
	out := plan.Given{}
	for _, t := range tests {
		for _, row := range t.Rows {
			for _, s := range row.Stubs {
				if out[t.Entity] == nil {
					out[t.Entity] = map[string]bool{}
				}
				out[t.Entity][outputOf(s.Rule, s.Band)] = true
			}
		}
	}
	return out
}

func ofEntity(tests []*compile.Test, entity string) []*compile.Test {
	var out []*compile.Test
	for _, t := range tests {
		if t.Entity == entity {
			out = append(out, t)
		}
	}
	return out
}

func errorsOf(list diag.List) diag.List {
	var out diag.List
	for _, d := range list {
		if d.Severity == diag.Error {
			out.Add(d)
		}
	}
	return out
}
