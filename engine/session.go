package engine

import (
	"context"
	"path/filepath"
	"slices"

	"personae/engine/diag"
	"personae/engine/duckdb"
	"personae/engine/evaluate"
	"personae/engine/report"
	"personae/engine/spec"
	"personae/engine/store"
)

// Session is a project that stays open. Its data is read and its rules are
// evaluated once, and after that only as far as they are not what they were.
// What a run gives is the same, byte for byte, as that of a new Session. Its
// methods may be called by one goroutine at a time; what they return is never
// changed.
type Session struct {
	once    bool // it is for one evaluation: nothing is kept for the next
	reports *store.Store
	free    func() // removes the work folder; nil before it is made
	work    string
	db      *evaluate.Database
	folders []string // that db may read
	last    *run     // the last good evaluation
	written report.Memory
}

// NewSession opens a project. Nothing is read yet.
func NewSession(o Options) (*Session, error) {
	reports, err := store.Open(o.reports())
	if err != nil {
		return nil, err
	}
	return &Session{reports: reports}, nil
}

// Close frees what the session holds.
func (s *Session) Close() {
	if s.db != nil {
		_ = s.db.Close()
		s.db = nil
	}
	if s.free != nil {
		s.free()
		s.free = nil
	}
}

// Run evaluates the project over its data and publishes a version. Where the
// current version has the same identity it publishes nothing and says so. An
// error is a failure of the machine, or ctx's where it ended before a version
// was published; what is wrong with rules or data is in the diagnostics, and
// nothing is published where one of them is an error.
func (s *Session) Run(ctx context.Context, o Options) (*Outcome, diag.List, error) {
	out, list, err := s.runLocked(ctx, o)
	// The database says in its own words that it was interrupted.
	if err != nil && ctx.Err() != nil && out.Version == nil {
		err = ctx.Err()
	}
	out.Refused = err == nil && out.Version == nil && !list.HasErrors()
	return out, list, err
}

func (s *Session) runLocked(ctx context.Context, o Options) (*Outcome, diag.List, error) {
	unlock, err := s.reports.Lock(ctx, o.Waiting)
	if err != nil {
		return &Outcome{Project: &Project{}}, nil, err
	}
	defer unlock()
	if err := s.reports.Recover(o.Now); err != nil {
		return &Outcome{Project: &Project{}}, nil, err
	}
	r, list, err := s.prepare(ctx, o)
	if err != nil || o.refuses(list) {
		return r.outcome, list, err
	}
	latest, err := s.reports.Latest()
	if err != nil {
		return r.outcome, list, err
	}
	stands, unchanged := r.unchanged(s.reports, latest)
	if unchanged && s.once {
		return r.outcome, list, r.unpublished(s.reports, stands)
	}
	// What the next evaluation is compared with is made, too, where it is published already.
	problems, err := s.evaluate(ctx, r)
	list.Add(problems...)
	if err == nil && !list.HasErrors() && !unchanged {
		list.Add(r.near(s.reports)...)
	}
	if err != nil || o.refuses(list) || o.Strict && r.outcome.Report.Warns() {
		return r.outcome, list, err
	}
	if unchanged {
		return r.outcome, list, r.unpublished(s.reports, stands)
	}
	return r.outcome, list, r.publish(ctx, s.reports, latest, list)
}

// unpublished says that the version that stands is what would be published.
func (r *run) unpublished(reports *store.Store, v *store.Version) error {
	r.outcome.Version, r.outcome.Unchanged = v, true
	r.outcome.FrontPage = filepath.Join(reports.Root(), frontPage)
	return reports.Log(store.Entry{At: r.options.Now, Event: "unchanged", Version: v.Number, Digest: v.Manifest.Digest})
}

// Draft evaluates the project and publishes nothing.
func (s *Session) Draft(ctx context.Context, o Options) (*Outcome, diag.List, error) {
	r, list, err := s.prepare(ctx, o)
	if err != nil || o.refuses(list) {
		return r.outcome, list, err
	}
	problems, err := s.evaluate(ctx, r)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return r.outcome, append(list, problems...), err
}

// prepare reads rules and data, up to the identity.
func (s *Session) prepare(ctx context.Context, o Options) (*run, diag.List, error) {
	r := &run{options: o, again: !s.once, outcome: &Outcome{}}
	var list diag.List
	var err error
	r.step("rules", func() { r.outcome.Project, list = load(o) })
	p := r.outcome.Project
	if !list.HasErrors() {
		list.Add(s.gone(p)...)
	}
	if list.HasErrors() {
		list, err = s.check(ctx, o, p, list)
		return r, list, err
	}
	if o.refuses(list) {
		return r, list, nil
	}
	if r.db, err = s.database(o, p.Module); err == nil {
		if s.last != nil {
			r.expected = s.last.snapshot.Facts
		}
		err = r.read(ctx, &list)
	}
	if err == nil && !list.HasErrors() {
		err = r.remember(s.reports, &list)
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return r, list, err
}

// check says all that is wrong with what was read, not only what was found first.
// Where the columns are known, as those of the same datasets are, no data is
// looked at for it. The files are not read again: they may have been mended
// since, and then nothing would be wrong.
func (s *Session) check(ctx context.Context, o Options, p *Project, list diag.List) (diag.List, error) {
	if s.last == nil || !p.sameDatasets(s.last.outcome.Project) {
		return p.check(ctx, o, list)
	}
	return p.checkAgainst(o, s.last.outcome.Project.Catalog, list), nil
}

// database is the working database, which is opened anew where the datasets
// name other folders than it may read.
func (s *Session) database(o Options, m *spec.Module) (*evaluate.Database, error) {
	folders := duckdb.Folders(m)
	if s.db != nil && slices.Equal(folders, s.folders) {
		return s.db, nil
	}
	if s.db != nil {
		_ = s.db.Close()
		s.db, s.last = nil, nil
	}
	if s.free == nil {
		work, free, err := s.reports.Work()
		if err != nil {
			return nil, err
		}
		s.work, s.free = work, free
	}
	db, err := open(o, m, s.work)
	s.db, s.folders = db, folders
	if err != nil {
		s.db = nil
	}
	return db, err
}

// evaluate evaluates what has another identity than the last good evaluation.
// Where that stands, only the report is made again: it says in which line a rule
// is written.
func (s *Session) evaluate(ctx context.Context, r *run) (diag.List, error) {
	if s.last != nil && s.last.identity.Digest() == r.identity.Digest() {
		r.outcome.Same = true
	}
	problems, err := r.evaluate(ctx, &s.written)
	if err == nil && !problems.HasErrors() {
		s.last = r
	}
	return problems, err
}
