package engine

import (
	"context"
	"maps"
	"sync"
	"time"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/duckdb"
	"personae/engine/evaluate"
	"personae/engine/format"
	"personae/engine/plan"
	"personae/engine/prose"
	"personae/engine/report"
	"personae/engine/results"
	"personae/engine/store"
)

// Run evaluates the project over its data and publishes a version: a Session
// of one run.
func Run(ctx context.Context, o Options) (*Outcome, diag.List, error) {
	return once(o, func(s *Session) (*Outcome, diag.List, error) { return s.Run(ctx, o) })
}

// Draft evaluates the project and publishes nothing: a Session of one draft.
func Draft(ctx context.Context, o Options) (*Outcome, diag.List, error) {
	return once(o, func(s *Session) (*Outcome, diag.List, error) { return s.Draft(ctx, o) })
}

func once(o Options, f func(*Session) (*Outcome, diag.List, error)) (*Outcome, diag.List, error) {
	s, err := NewSession(o)
	if err != nil {
		return &Outcome{Project: &Project{}}, nil, err
	}
	defer s.Close()
	s.once = true
	return f(s)
}

// refuses says whether the findings keep a version from being published.
func (o Options) refuses(list diag.List) bool {
	return list.HasErrors() || o.Strict && list.Count(diag.Warning) > 0
}

// run is one evaluation: what it was given and what it found.
type run struct {
	options  Options
	again    bool // others follow
	outcome  *Outcome
	db       *evaluate.Database
	snapshot *evaluate.Snapshot
	identity store.Identity
	before   map[string]evaluate.Before // the rows of the latest version, for rules that ask
	expected *catalog.Facts             // of the data, as they last were; nil for the first run
	plan     *plan.Plan                 // for them, and in the end for those that were found
	remarks  diag.List                  // of the plan
}

// step runs one part and records what it took.
func (r *run) step(name string, f func()) {
	start := time.Now()
	f()
	r.outcome.Steps = append(r.outcome.Steps, Step{Name: name, Took: time.Since(start)})
}

// read introspects, compiles and loads. Without an error in the list or a
// returned one, the rules, the snapshot and the identity are there.
func (r *run) read(ctx context.Context, list *diag.List) error {
	p, o := r.outcome.Project, r.options
	r.step("columns", func() {
		o.say("reading columns", 0, 0)
		found, problems := r.db.Introspect(ctx, p.Module)
		p.Catalog = found
		list.Add(problems...)
	})
	if list.HasErrors() || ctx.Err() != nil {
		return ctx.Err()
	}
	locked, lockFile, problems := readLock(o)
	if list.Add(problems...); locked != nil {
		p.Files = append(p.Files, lockFile)
		list.Add(catalog.Drift(locked, p.Catalog)...)
	}
	r.step("compile", func() { list.Add(p.compile(o, *list)...) })
	if list.HasErrors() {
		return nil
	}
	if o.Verify != nil {
		var err error
		r.step("tests", func() { problems, err = o.Verify(ctx, p) })
		if list.Add(problems...); err != nil || list.HasErrors() {
			return err
		}
	}
	first, problems := r.plans()
	if problems.HasErrors() { // remarks come with the plan that knows the data
		list.Add(problems...)
		return nil
	}
	at, latest, err := asOf(o, p.Rules.Settings)
	if err != nil {
		return err
	}
	r.step("data", func() {
		loaded, problems := r.db.Load(ctx, p.Module, p.Catalog, uses(p.Rules, first), duckdb.LoadOptions{
			AsOf: at, Latest: latest,
			Progress: func(dataset string, done, all int64) { o.say("reading data", done, all) },
		})
		if list.Add(problems...); loaded != nil {
			r.snapshot = r.db.Over(loaded)
		}
	})
	if r.snapshot == nil || list.HasErrors() {
		return ctx.Err()
	}
	r.outcome.AsOf, r.outcome.Health = r.snapshot.AsOf, r.snapshot.Health
	if err := r.checks(ctx, list); err != nil || list.HasErrors() {
		return err
	}
	r.identity = r.identify()
	return nil
}

// plans plans for what has to be read. Mostly the data will be what it was when it
// was last evaluated: the plan for that is made at the same time.
func (r *run) plans() (first *plan.Plan, problems diag.List) {
	rules := r.outcome.Project.Rules
	var aside sync.WaitGroup
	if r.expected != nil {
		aside.Go(func() { r.plan, r.remarks = plan.Build(rules, r.expected) })
	}
	first, problems = plan.Build(rules, nil)
	aside.Wait()
	return first, problems
}

// planned gives the plan for the data that was read.
func (r *run) planned() diag.List {
	if facts := r.snapshot.Facts; r.plan == nil || !maps.Equal(r.expected.Tables, facts.Tables) {
		r.plan, r.remarks = plan.Build(r.outcome.Project.Rules, facts)
	}
	return r.remarks
}

// uses is what has to be read: what the plan reads, what checks read, and of
// every other dataset the keys and times that its health is counted by.
func uses(rs *compile.RuleSet, p *plan.Plan) []plan.TableUse {
	out := append([]plan.TableUse{}, p.Tables...)
	for _, t := range rs.Catalog.Tables {
		out = append(out, plan.TableUse{Table: t})
	}
	for _, c := range rs.Checks {
		use := plan.TableUse{Table: c.Table}
		for _, ref := range c.Expr.Refs {
			if ref.Kind == compile.ColumnRef {
				use.Columns = append(use.Columns, ref.Name)
			}
		}
		out = append(out, use)
	}
	return out
}

// identify names all that the version's bytes will depend on.
func (r *run) identify() store.Identity {
	rs := r.outcome.Project.Rules
	id := store.Identity{
		Project: rs.Settings.Name, Rules: rs.Digest, AsOf: r.snapshot.AsOf,
		Data: map[string]string{}, Engine: Build().identity(rs.Settings.Zone),
	}
	for _, h := range r.snapshot.Health {
		id.Data[h.Dataset] = healthDigest(h)
	}
	r.outcome.Project.imageDigests(id.Data)
	return id
}

// evaluate plans with what the data proved, runs the SQL and builds the report.
func (r *run) evaluate(ctx context.Context, written *report.Memory) (diag.List, error) {
	p := r.outcome.Project
	var list diag.List
	r.step("plan", func() { list = r.planned() })
	if list.HasErrors() {
		return list, nil
	}
	var found *results.Results
	var err error
	r.step("evaluate", func() {
		r.options.say("evaluating rules", 0, 0)
		found, err = r.snapshot.Run(ctx, r.plan, evaluate.Options{
			Progress: func(done, all int64) { r.options.say("deciding by row", done, all) },
			Before:   r.before, Again: r.again,
		})
	})
	if err != nil {
		return list, err
	}
	r.outcome.Results = found
	r.step("report", func() { r.outcome.Report, err = buildReport(p.Rules, found, written) })
	return list, err
}

func buildReport(rs *compile.RuleSet, found *results.Results, written *report.Memory) (*report.Report, error) {
	s := rs.Settings
	f, err := format.New(s.Locale, s.Currency, s.Zone)
	if err != nil {
		return nil, err
	}
	formulas, err := newFormulas(rs, f)
	if err != nil {
		return nil, err
	}
	return report.Build(report.Input{Rules: rs, Results: found, Words: words{f}, Prose: prose.New(rs, f), Evaluate: formulas.evaluate, Memory: written}), nil
}
