package ruletest

import (
	"context"

	"personae/engine/byrow"
	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/plan"
)

// answer is what came of one expectation.
type answer struct {
	cel     eval.Result
	sql     eval.Result
	decided bool     // by SQL, too
	why     []string // what decided, where it is not what was expected
}

// reference has cel-go answer all tests of an entity, and notes which conditions
// it saw true and false.
func (r *runner) reference(ctx context.Context, e *plan.EntityPlan, tests []*compile.Test) error {
	if len(tests) == 0 {
		return nil
	}
	env, err := byrow.NewEnv(r.plan, e)
	if err != nil {
		return err
	}
	decider, err := env.Decider(allWanted(tests)...)
	if err != nil {
		return err
	}
	programs := newPrograms(env, e.Entity)
	for _, t := range tests {
		world := newWorld(r.plan.Rules.Catalog, t)
		byRow := map[*compile.TestRow][]*compile.Expectation{}
		for _, x := range t.Expects {
			byRow[x.Row] = append(byRow[x.Row], x)
		}
		for _, row := range t.Rows {
			if len(byRow[row]) == 0 {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			one := &celRow{programs: programs, test: t, given: row}
			if one.alone, err = decider.Alone(t.Now); err != nil {
				return err
			}
			if err := world.fill(one.alone.Row(), row, t.Table); err != nil {
				return err
			}
			bring(one.alone, row)
			if err := r.askRow(one, byRow[row]); err != nil {
				return err
			}
		}
	}
	return nil
}

// bring gives a row the answers that its fixture brings along.
func bring(alone *byrow.Alone, row *compile.TestRow) {
	for _, name := range row.Was {
		alone.Was(name)
	}
	for _, s := range row.Stubs {
		result := resultOf(s.Answer)
		if result.Outcome == eval.Bottom {
			result.Reason = s.Rule.Label() + " is given as unknown"
		}
		switch {
		case s.Rule.Journey != nil:
			for _, stage := range s.Rule.Journey.Stages {
				entered := result
				if result.Outcome != eval.Bottom {
					entered = resultOf(compile.Answer{Value: s.Value == stage.Name})
				}
				alone.Brings(plan.EnteredOutputName(s.Rule.Name, stage.Name), entered)
			}
		case s.Rule.Score != nil && !s.Band:
			alone.Brings(s.Rule.Columns()[1], result)
		}
		alone.Brings(outputOf(s.Rule, s.Band), result)
	}
}

// celRow is a row of a test in front of cel-go.
type celRow struct {
	programs *programs
	test     *compile.Test
	given    *compile.TestRow
	alone    *byrow.Alone
}

// askRow answers what is expected of one row.
func (r *runner) askRow(row *celRow, list []*compile.Expectation) error {
	ctx := context.Background() // one row is decided at once; the caller looks between rows
	for _, e := range list {
		var found []eval.Result
		for _, name := range wanted(e) {
			result, err := row.alone.Decide(ctx, name)
			if err != nil {
				return err
			}
			found = append(found, result)
		}
		a := &answer{cel: found[0]}
		if isPoints(e) {
			a.cel = pointsOf(found[0], found[1])
		}
		if a.cel.Outcome == eval.Null && decides(e) {
			a.cel = eval.Result{Reason: emptyReason}
		}
		r.answers[e] = a
		if !same(resultOf(e.Want), a.cel, true) {
			var err error
			if a.why, err = row.why(e, a.cel); err != nil {
				return err
			}
		}
	}
	for _, rule := range row.given.Reads {
		if err := r.coverage.see(row, rule); err != nil {
			return err
		}
	}
	return nil
}

// world is the rows of a test as cel-go reads them.
type world struct {
	catalog *catalog.Catalog
	rows    map[string]map[string]*compile.TestRow // by table and key
}

func newWorld(c *catalog.Catalog, t *compile.Test) *world {
	w := &world{catalog: c, rows: map[string]map[string]*compile.TestRow{}}
	add := func(table string, rows []*compile.TestRow) {
		if w.rows[table] == nil {
			w.rows[table] = map[string]*compile.TestRow{}
		}
		for _, r := range rows {
			w.rows[table][compile.KeyText(r.Key)] = r
		}
	}
	add(t.Table.Name, t.Rows)
	for _, other := range t.Others {
		add(other.Table.Name, other.Rows)
	}
	return w
}

// fill gives a row of the entity all that belongs to it.
func (w *world) fill(to *eval.Row, r *compile.TestRow, table *catalog.Table) error {
	for _, c := range table.Columns {
		name := c.Name
		if c.References != "" {
			name += "_key"
		}
		if err := to.Set(name, r.Cells[c.Name]); err != nil {
			return err
		}
		if target := w.catalog.Table(c.References); target != nil && target.Entity != "" {
			if err := to.SetReference(c.Name, w.referenced(target, r.Cells[c.Name], 1)); err != nil {
				return err
			}
		}
	}
	for _, below := range w.catalog.Tables {
		if below.Of == table.Entity && below.Of != "" {
			if err := to.SetRelated(below.Name, w.below(r, below, 1)); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxDepth is how far references are followed: rows may refer to each other in
// circles, and no rule goes as far.
const maxDepth = 6

func (w *world) referenced(target *catalog.Table, key any, depth int) map[string]any {
	if key == nil || depth > maxDepth {
		return nil
	}
	r := w.rows[target.Name][compile.KeyText(key)]
	if r == nil {
		return nil
	}
	return w.record(target, r, depth)
}

// record is a related row: columns by name, rows that belong to it by relation,
// and rows that it references.
func (w *world) record(table *catalog.Table, r *compile.TestRow, depth int) map[string]any {
	out := map[string]any{}
	for _, c := range table.Columns {
		out[c.Name] = r.Cells[c.Name]
		if target := w.catalog.Table(c.References); target != nil {
			out[eval.ReferenceName(c.Name)] = w.referenced(target, r.Cells[c.Name], depth+1)
		}
	}
	for _, below := range w.catalog.Tables {
		if below.Of == table.Entity && below.Of != "" {
			out[below.Name] = w.below(r, below, depth+1)
		}
	}
	return out
}

func (w *world) below(r *compile.TestRow, table *catalog.Table, depth int) []map[string]any {
	out := []map[string]any{}
	for _, below := range r.Below {
		if below.Table == table {
			for _, row := range below.Rows {
				out = append(out, w.record(table, row, depth))
			}
		}
	}
	return out
}
