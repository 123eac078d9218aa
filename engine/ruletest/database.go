package ruletest

import (
	"context"
	"fmt"
	"os"

	"personae/engine"
	"personae/engine/byrow"
	"personae/engine/compile"
	"personae/engine/duckdb"
	"personae/engine/eval"
	"personae/engine/plan"
	"personae/engine/sqlgen"
)

// database has the SQL of a run answer all tests.
func (r *runner) database(ctx context.Context, o engine.Options, tests []*compile.Test) error {
	if len(tests) == 0 {
		return nil
	}
	root := o.Root
	if root == "" {
		root = "."
	}
	db, err := duckdb.Open(duckdb.Options{WorkDir: os.TempDir(), Root: root, Folders: []string{}, Threads: 1})
	if err != nil {
		return err
	}
	defer db.Close()
	brought := given(tests)
	for _, b := range batches(r.plan.Rules.Catalog, tests) {
		for _, e := range r.plan.Entities {
			if e.Entity.Name != b.entity {
				continue
			}
			if err := r.ask(ctx, db, b, e, brought[b.entity]); err != nil {
				return err
			}
		}
	}
	return nil
}

// ask answers one batch.
func (r *runner) ask(ctx context.Context, db *duckdb.DB, b *batch, e *plan.EntityPlan, brought map[string]bool) error {
	part := e.Only(r.outputs(b), e.Entity.Name)
	script, err := sqlgen.Generate(&plan.Plan{Rules: r.plan.Rules, Entities: []*plan.EntityPlan{part}}, sqlgen.DuckDB{}, b.now)
	if err != nil {
		return err
	}
	if err := db.Give(ctx, b.tables(r.plan.Rules.Catalog, e, brought)); err != nil {
		return fmt.Errorf("the rows of tests cannot be written: %w", err)
	}
	rows, err := db.Rows(ctx, script.Entities[0].Results())
	if err != nil {
		return fmt.Errorf("the rules of %s cannot be evaluated over tests: %w", e.Entity.Name, err)
	}
	byKey := map[string]map[string]any{}
	for _, row := range rows {
		byKey[compile.KeyText(row[e.Entity.Table.Key])] = row
	}
	outputs := map[string]plan.Output{}
	for _, o := range part.Outputs() {
		outputs[o.Name] = o
	}
	for _, t := range b.tests {
		for _, x := range t.Expects {
			row := byKey[compile.KeyText(x.Row.Key)]
			if row == nil {
				return fmt.Errorf("the row %s of test %q was lost", compile.KeyText(x.Row.Key), t.Name)
			}
			a := r.answers[x]
			a.sql, a.decided = sqlAnswer(x, row, outputs)
		}
	}
	return nil
}

// outputs are those that a batch asks for, with their null tests.
func (r *runner) outputs(b *batch) map[string]bool {
	names := map[string]bool{}
	for _, t := range b.tests {
		for _, e := range t.Expects {
			for _, name := range wanted(e) {
				names[name], names[plan.NullOutputName(name)] = true, true
			}
		}
	}
	return names
}

// sqlAnswer reads the answer of SQL. Not decided is what a hole left open.
func sqlAnswer(e *compile.Expectation, row map[string]any, outputs map[string]plan.Output) (eval.Result, bool) {
	var found []eval.Result
	for _, name := range wanted(e) {
		result, decided := sqlResult(outputs[name], row, outputs)
		if !decided {
			return eval.Result{}, false
		}
		found = append(found, result)
	}
	if isPoints(e) {
		return pointsOf(found[0], found[1]), true
	}
	return found[0], true
}

func sqlResult(o plan.Output, row map[string]any, outputs map[string]plan.Output) (eval.Result, bool) {
	if v := row[o.Name]; v != nil {
		return byrow.Known(v, o.Expr.Type.Kind), true
	}
	test, ambiguous := outputs[plan.NullOutputName(o.Name)]
	switch {
	case o.Open():
		return eval.Result{}, false
	case ambiguous && row[test.Name] == true, !ambiguous && o.Expr.MayNull && !o.Expr.MayBottom:
		return eval.Result{Outcome: eval.Null}, true
	}
	return eval.Result{}, true
}
