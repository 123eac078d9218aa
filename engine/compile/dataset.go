package compile

import (
	"time"

	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/spec"
)

// rowVar is the variable of checks over a dataset that names no entity.
const rowVar = "row"

// datasets checks what datasets promise: their checks, over their own rows and
// nothing else, and how fresh they are.
func (c *compiler) datasets() (checks []*DatasetCheck, fresh []*DatasetFresh) {
	for _, d := range c.module.Datasets {
		if len(d.Checks) == 0 && d.Fresh == nil {
			continue
		}
		table := c.catalog.Table(d.Name.Value())
		if table == nil {
			c.noColumns(d, "its checks")
			continue
		}
		s, err := c.tableScope(table)
		if err != nil {
			c.diags.Report("internal", d.Range, "%s", err.Error())
			continue
		}
		checks = append(checks, c.datasetChecks(d, s)...)
		if d.Fresh != nil {
			if f := c.fresh(d, s); f != nil {
				fresh = append(fresh, f)
			}
		}
	}
	return checks, fresh
}

// tableScope is the scope of one table by itself: no traits, no groups.
func (c *compiler) tableScope(table *catalog.Table) (*scope, error) {
	if table.Entity == "" {
		copied := *table
		copied.Entity = rowVar
		table = &copied
	}
	s := newScope(table, []*catalog.Table{table}, c.settings, c.params)
	s.broken = c.broken
	return s, s.open()
}

func (c *compiler) datasetChecks(d *spec.Dataset, s *scope) []*DatasetCheck {
	var out []*DatasetCheck
	for _, check := range d.Checks {
		e := c.compileDraft(newDraft(check.Rule.Text, s, aCondition, "A check of "+d.Name.Value()))
		if e == nil {
			continue
		}
		title := check.Title.Value()
		if title == "" {
			title = check.Rule.Value()
		}
		out = append(out, &DatasetCheck{Dataset: d.Name.Value(), Table: s.table, Title: title, Expr: e, Fails: check.Severity.Value() != "warn"})
	}
	return out
}

// compileDraft does all of a draft at once, for places outside the rules.
func (c *compiler) compileDraft(d *draft) *Expr {
	d.parse()
	d.check()
	c.diags.Add(d.diags...)
	if d.expr == nil || d.readsBroken() {
		return nil
	}
	d.expr.Taint.Sensitive = d.sensitiveColumns()
	return d.expr
}

// fresh works out `within`, which must be a constant length of time.
func (c *compiler) fresh(d *spec.Dataset, s *scope) *DatasetFresh {
	f := d.Fresh
	if d.Time.IsZero() {
		c.diags.Report("missing-key", f.Range, "%s has no `time`, so nothing says how old its rows are", d.Name.Value()).
			Detail = "Write `time:` with the column that says when a row happened."
	}
	draft := newDraft(f.Within.Text, s, aValue, "`within`")
	draft.quiet = true
	e := c.compileDraft(draft)
	if e == nil {
		return nil
	}
	at := f.Within.Range()
	const form = "Write days(2), hours(12) or weeks(1)."
	if e.Type.Kind != catalog.Duration {
		c.diags.Report("bad-duration", at, "`within` has to be a length of time, and this is %s", plainCEL(e.Type.CEL())).Detail = form
		return nil
	}
	if isConst, _ := (&constantFinder{draft: draft, tree: e.AST.NativeRep()}).constant(e.AST.NativeRep().Expr()); !isConst {
		c.diags.Report("bad-duration", at, "`within` has to be the same for all rows").Detail = form
		return nil
	}
	v, ok := evalConstant(s.env, e.AST.NativeRep(), e.AST.NativeRep().Expr()).(types.Duration)
	if !ok {
		return nil // reported by the draft
	}
	if v.Duration <= 0 {
		c.diags.Report("bad-duration", at, "`within` has to be longer than nothing").Detail = form
		return nil
	}
	return &DatasetFresh{Dataset: d.Name.Value(), Within: time.Duration(v.Duration), Fails: f.Severity.Value() == "error", Range: at}
}
