package engine

import (
	"context"
	"fmt"

	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/english"
	"personae/engine/plan"
	"personae/engine/results"
)

// checks counts the rows that break a dataset's checks and adds them to its
// health: a failed check of severity error fails the run. A row for which the
// rule cannot tell breaks it too: a check must be true.
func (r *run) checks(ctx context.Context, list *diag.List) error {
	rules := r.outcome.Project.Rules
	for _, c := range rules.Checks {
		found, err := r.snapshot.CountTruth(ctx, rules, c.Table, plan.Condition(rules, r.snapshot.Facts, c))
		if err != nil {
			return err
		}
		if found.False+found.Null > 0 {
			r.failed(c, found.False, found.Null, list)
		}
	}
	return nil
}

// failed records one failed check.
func (r *run) failed(c *compile.DatasetCheck, no, unknown int64, list *diag.List) {
	severity, action, say := "warn", "kept", list.Warnf
	if c.Fails {
		severity, action, say = "error", "the run fails", list.Errorf
	}
	text := fmt.Sprintf("%s: the check %q does not hold in %s", c.Dataset, c.Title, english.Count(no, "row", "rows"))
	if unknown > 0 {
		text += fmt.Sprintf(", and cannot be told in %d", unknown)
	}
	say("check-failed", c.Expr.Text.Range(), "%s", text).Detail = "Correct the data, or change the check if it asks too much."
	for i := range r.outcome.Health {
		if r.outcome.Health[i].Dataset == c.Dataset {
			r.outcome.Health[i].Problems = append(r.outcome.Health[i].Problems, results.Problem{
				Rule: c.Title, Reason: "check failed", Action: action, Severity: severity, Rows: no + unknown,
			})
		}
	}
}
