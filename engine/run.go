package engine

import (
	"context"
	"path/filepath"
	"time"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/duckdb"
	"personae/engine/format"
	"personae/engine/plan"
	"personae/engine/prose"
	"personae/engine/report"
	"personae/engine/results"
	"personae/engine/store"
)

// Run evaluates the project over its data and publishes a version. Where the
// current version has the same identity it publishes nothing and says so. An
// error is a failure of the machine, or ctx's where it ended before a version
// was published; what is wrong with rules or data is in the diagnostics, and
// nothing is published where one of them is an error.
func Run(ctx context.Context, o Options) (*Outcome, diag.List, error) {
	out, list, err := runLocked(ctx, o)
	// The database says in its own words that it was interrupted.
	if err != nil && ctx.Err() != nil && out.Version == nil {
		err = ctx.Err()
	}
	out.Refused = err == nil && out.Version == nil && !list.HasErrors()
	return out, list, err
}

func runLocked(ctx context.Context, o Options) (*Outcome, diag.List, error) {
	reports, err := store.Open(o.reports())
	if err != nil {
		return &Outcome{Project: &Project{}}, nil, err
	}
	unlock, err := reports.Lock(ctx, o.Waiting)
	if err != nil {
		return &Outcome{Project: &Project{}}, nil, err
	}
	defer unlock()
	if err := reports.Recover(o.Now); err != nil {
		return &Outcome{Project: &Project{}}, nil, err
	}
	r, list, err := prepare(ctx, o, reports)
	if err != nil || o.refuses(list) {
		return r.outcome, list, err
	}
	defer r.close()
	latest, err := reports.Latest()
	if err != nil {
		return r.outcome, list, err
	}
	if latest != nil && latest.Digest == r.identity.Digest() && !o.Force {
		if r.outcome.Version, err = reports.Version(latest.Version); err == nil {
			r.outcome.Unchanged = true
			r.outcome.FrontPage = filepath.Join(reports.Root(), frontPage)
			return r.outcome, list, reports.Log(store.Entry{At: o.Now, Event: "unchanged", Version: latest.Version, Digest: latest.Digest})
		}
	}
	problems, err := r.evaluate(ctx)
	list.Add(problems...)
	if err != nil || o.refuses(list) || o.Strict && r.outcome.Report.Warns() {
		return r.outcome, list, err
	}
	return r.outcome, list, r.publish(ctx, reports, latest, list)
}

// Draft evaluates the project and publishes nothing.
func Draft(ctx context.Context, o Options) (*Outcome, diag.List, error) {
	reports, err := store.Open(o.reports())
	if err != nil {
		return &Outcome{Project: &Project{}}, nil, err
	}
	r, list, err := prepare(ctx, o, reports)
	if err != nil || o.refuses(list) {
		return r.outcome, list, err
	}
	defer r.close()
	problems, err := r.evaluate(ctx)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return r.outcome, append(list, problems...), err
}

// refuses says whether the findings keep a version from being published.
func (o Options) refuses(list diag.List) bool {
	return list.HasErrors() || o.Strict && list.Count(diag.Warning) > 0
}

// run is one evaluation: what it was given, what it has open, what it found.
type run struct {
	options  Options
	outcome  *Outcome
	db       *duckdb.DB
	free     func() // removes the work folder
	snapshot *duckdb.Snapshot
	identity store.Identity
	plan     *plan.Plan
}

func (r *run) close() {
	if r.db != nil {
		_ = r.db.Close()
	}
	r.free()
}

// step runs one part and records what it took.
func (r *run) step(name string, f func()) {
	start := time.Now()
	f()
	r.outcome.Steps = append(r.outcome.Steps, Step{Name: name, Took: time.Since(start)})
}

// prepare reads rules and data, up to the identity. The caller closes the run
// where no error came back and the findings do not refuse it.
func prepare(ctx context.Context, o Options, reports *store.Store) (*run, diag.List, error) {
	r := &run{options: o, outcome: &Outcome{Project: &Project{}}}
	var list diag.List
	r.step("rules", func() {
		p, found := load(o)
		if list = found; p != nil {
			r.outcome.Project = p
		}
	})
	p := r.outcome.Project
	if p.Module == nil || list.HasErrors() {
		// Say all that is wrong, not only what was found first.
		p, list, err := Check(ctx, o)
		r.outcome.Project = p
		return r, list, err
	}
	if o.refuses(list) {
		return r, list, nil
	}
	work, free, err := reports.Work()
	if err != nil {
		return r, list, err
	}
	r.free = free
	if r.db, err = open(o, p.Module, work); err == nil {
		err = r.read(ctx, &list)
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil || o.refuses(list) {
		r.close()
	}
	return r, list, err
}

// read introspects, compiles and loads.
func (r *run) read(ctx context.Context, list *diag.List) error {
	p, o := r.outcome.Project, r.options
	r.step("columns", func() {
		o.say("reading columns", 0, 0)
		found, problems := r.db.Introspect(ctx, p.Module)
		p.Catalog = found
		list.Add(problems...)
	})
	if list.HasErrors() || ctx.Err() != nil {
		return nil
	}
	locked, lockFile, problems := readLock(o)
	if list.Add(problems...); locked != nil {
		p.Files = append(p.Files, lockFile)
		list.Add(catalog.Drift(locked, p.Catalog)...)
	}
	r.step("compile", func() { list.Add(p.compile(o)...) })
	if list.HasErrors() {
		return nil
	}
	first, problems := plan.Build(p.Rules, nil)
	if problems.HasErrors() { // remarks come with the plan that knows the data
		list.Add(problems...)
		return nil
	}
	at, latest, err := asOf(o, p.Rules.Settings)
	if err != nil {
		return err
	}
	r.step("data", func() {
		r.snapshot, problems = r.db.Load(ctx, p.Module, p.Catalog, uses(p.Rules, first), duckdb.LoadOptions{
			AsOf: at, Latest: latest,
			Progress: func(dataset string, done, all int64) { o.say("reading data", done, all) },
		})
		list.Add(problems...)
	})
	if r.snapshot == nil || list.HasErrors() {
		return nil
	}
	r.outcome.AsOf, r.outcome.Health = r.snapshot.AsOf, r.snapshot.Health
	if err := r.checks(ctx, list); err != nil || list.HasErrors() {
		return err
	}
	r.identity = r.identify()
	return nil
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
	return id
}

// evaluate plans with what the data proved, runs the SQL and builds the report.
func (r *run) evaluate(ctx context.Context) (diag.List, error) {
	p := r.outcome.Project
	var list diag.List
	r.step("plan", func() { r.plan, list = plan.Build(p.Rules, r.snapshot.Facts) })
	if list.HasErrors() {
		return list, nil
	}
	var found *results.Results
	var err error
	r.step("evaluate", func() {
		r.options.say("evaluating rules", 0, 0)
		found, err = r.snapshot.Run(ctx, r.plan, duckdb.RunOptions{
			Progress: func(done, all int64) { r.options.say("deciding by row", done, all) },
		})
	})
	if err != nil {
		return list, err
	}
	r.outcome.Results = found
	r.step("report", func() { r.outcome.Report, err = buildReport(p.Rules, found) })
	return list, err
}

func buildReport(rs *compile.RuleSet, found *results.Results) (*report.Report, error) {
	s := rs.Settings
	f, err := format.New(s.Locale, s.Currency, s.Zone)
	if err != nil {
		return nil, err
	}
	formulas, err := newFormulas(rs, f)
	if err != nil {
		return nil, err
	}
	return report.Build(report.Input{Rules: rs, Results: found, Words: words{f}, Prose: prose.New(rs, f), Evaluate: formulas.evaluate}), nil
}
