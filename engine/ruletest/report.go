package ruletest

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"personae/engine/diag"
	"personae/engine/source"
)

// Summary is one line: "31 passed, 1 failed · 22 of 24 conditions tested".
func (o *Outcome) Summary() string {
	passed := o.Passed()
	text := fmt.Sprintf("%d passed", passed)
	if failed := len(o.Tests) - passed; failed > 0 {
		text += fmt.Sprintf(", %d failed", failed)
	}
	if o.Skipped > 0 {
		text += fmt.Sprintf(", %d not asked for", o.Skipped)
	}
	if c := o.Coverage; c.Clauses > 0 {
		text += fmt.Sprintf(" · %d of %d conditions seen true and false", c.Tested, c.Clauses)
	}
	return text
}

// Lines lists conditions that were not seen true and false, a line each; at
// most limit, and then how many more there are.
func (c Coverage) Lines(limit int) []string {
	var out []string
	for i, u := range c.Untested {
		if i == limit {
			return append(out, fmt.Sprintf("and %d more", len(c.Untested)-limit))
		}
		out = append(out, fmt.Sprintf("%s: %s: %s %s", u.Range, u.Rule, u.Text, u.Never()))
	}
	return out
}

type jsonOutcome struct {
	Format  int        `json:"format"` // raised when a reader would have to change
	Passed  int        `json:"passed"`
	Failed  int        `json:"failed"`
	Skipped int        `json:"skipped"`
	Tests   []jsonTest `json:"tests"`
	Clauses jsonCover  `json:"conditions"`
}

type jsonTest struct {
	Name     string        `json:"name"`
	Place    jsonPlace     `json:"place"`
	Passed   bool          `json:"passed"`
	Failures []jsonFailure `json:"failures,omitempty"`
}

type jsonFailure struct {
	Code    string    `json:"code"`
	Place   jsonPlace `json:"place"`
	Summary string    `json:"summary"`
	Why     []string  `json:"why,omitempty"`
}

type jsonPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

type jsonCover struct {
	All      int            `json:"all"`
	Tested   int            `json:"tested"`
	Untested []jsonUntested `json:"untested"`
}

type jsonUntested struct {
	Rule  string    `json:"rule"`
	Text  string    `json:"text"`
	Place jsonPlace `json:"place"`
	True  bool      `json:"seen_true"`
	False bool      `json:"seen_false"`
}

func placeOf(r source.Range) jsonPlace { return jsonPlace{r.File, r.Start.Line, r.Start.Column} }

// JSON writes the outcome as one object.
func (o *Outcome) JSON(w io.Writer) error {
	passed := o.Passed()
	out := jsonOutcome{Format: 1, Passed: passed, Failed: len(o.Tests) - passed, Skipped: o.Skipped, Tests: []jsonTest{},
		Clauses: jsonCover{All: o.Coverage.Clauses, Tested: o.Coverage.Tested, Untested: []jsonUntested{}}}
	for _, t := range o.Tests {
		one := jsonTest{Name: t.Name, Place: placeOf(t.Range), Passed: len(t.Failures) == 0}
		for _, d := range t.Failures {
			f := jsonFailure{Code: d.Code, Place: placeOf(d.Range), Summary: d.Summary}
			if d.Detail != "" {
				f.Why = strings.Split(d.Detail, "\n")
			}
			one.Failures = append(one.Failures, f)
		}
		out.Tests = append(out.Tests, one)
	}
	for _, u := range o.Coverage.Untested {
		out.Clauses.Untested = append(out.Clauses.Untested, jsonUntested{u.Rule, u.Text, placeOf(u.Range), u.True, u.False})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// JUnit writes a suite for each file and a case for each test. prefix is the
// project's folder inside the repository.
func (o *Outcome) JUnit(w io.Writer, prefix string) error {
	var suites []diag.JUnitSuite
	for _, t := range o.Tests {
		file := diag.Options{Prefix: prefix}.Path(t.Range)
		if n := len(suites); n == 0 || suites[n-1].Name != file {
			suites = append(suites, diag.JUnitSuite{Name: file})
		}
		one := diag.JUnitCase{Name: t.Name, Class: strings.TrimSuffix(file, ".yaml"), File: file, Line: t.Range.Start.Line}
		for _, d := range t.Failures {
			failure := diag.JUnitFailureOf(d)
			failure.Text = d.Range.String() + ": " + failure.Text
			one.Failures = append(one.Failures, failure)
		}
		suites[len(suites)-1].Add(one)
	}
	return diag.WriteJUnit(w, "personae test", suites)
}
