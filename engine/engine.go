package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/duckdb"
	"personae/engine/evaluate"
	"personae/engine/plan"
	"personae/engine/source"
	"personae/engine/spec"
)

// Options say which project to work on and how. The zero value of each field
// but Now is a sensible default.
type Options struct {
	Root        string    // the project's directory; default "."
	Reports     string    // where versions are published; default reports/ in the project
	DataDirs    []string  // directories outside the project that datasets may read
	AsOf        string    // overrides the project's as_of
	Now         time.Time // the clock, read once by the caller
	Threads     int       // 0: all
	MemoryLimit string    // as in 4GB; "": half of the machine
	Force       bool      // evaluate even where the current version has the same identity
	Verdict     bool      // Check: only the diagnostics are wanted, and counts; the rules cannot be evaluated or shown
	Strict      bool      // a warning keeps a run from publishing, as an error does
	// Verify has the last word on rules that compile, before any data is read; its
	// errors refuse them. It may be nil.
	Verify   func(context.Context, *Project) (diag.List, error)
	Progress Progress
	Waiting  func(sentence string) // told once where another run has to end first; may be nil
}

// Progress is told how far long work is; it may be nil. Total is 0 where it is
// not known.
type Progress func(step string, done, total int64)

func (o Options) root() string {
	if o.Root == "" {
		return "."
	}
	return o.Root
}

func (o Options) reports() string {
	if o.Reports == "" {
		return filepath.Join(o.root(), "reports")
	}
	return o.Reports
}

func (o Options) say(step string, done, total int64) {
	if o.Progress != nil {
		o.Progress(step, done, total)
	}
}

// Project is a project's rules, checked as far as they are sound.
type Project struct {
	Module  *spec.Module
	Catalog *catalog.Catalog
	Rules   *compile.RuleSet // nil where the catalog is not known
	Files   []*source.File   // for excerpts, the lock file included

	images map[string]string // of portraits that are files: data: URIs by path
}

// Check reads and checks a project's rules against the recorded columns, and
// does not open the database. Without schemas/catalog.lock.yaml it introspects
// the data. An error is a failure of the machine; what is wrong with the
// project is in the diagnostics.
func Check(ctx context.Context, o Options) (*Project, diag.List, error) {
	p, list := load(o)
	list, err := p.check(ctx, o, list)
	if err == nil {
		list = append(list, p.exact(list)...)
	}
	return p, list, err
}

// check checks what was read, of which list says what is wrong already.
func (p *Project) check(ctx context.Context, o Options, list diag.List) (diag.List, error) {
	locked, lockFile, problems := readLock(o)
	list.Add(problems...)
	if lockFile != nil {
		p.Files = append(p.Files, lockFile)
	}
	if locked != nil {
		p.Catalog = locked
		return append(list, p.compile(o, list)...), nil
	}
	if problems.HasErrors() {
		return list, nil
	}
	return p.checkData(ctx, o, list)
}

// checkData checks what was read against the columns that the data has.
func (p *Project) checkData(ctx context.Context, o Options, list diag.List) (diag.List, error) {
	if p.unsoundDatasets(list) {
		return list, nil
	}
	db, err := open(o, p.Module, os.TempDir())
	if err != nil {
		return list, err
	}
	defer db.Close()
	var found diag.List
	p.Catalog, found = db.Introspect(ctx, p.Module)
	list.Add(found...)
	if found.HasErrors() || ctx.Err() != nil {
		return list, ctx.Err()
	}
	return append(list, p.compile(o, list)...), nil
}

// CheckAside looks for all that would have a project rejected but what is wrong
// with its data, and reads no rows: its tests are run, where Options ask for that.
// The columns are those of known where its datasets are the same; known may be nil.
func CheckAside(ctx context.Context, o Options, known *Project) (*Project, diag.List, error) {
	p, list := load(o)
	var err error
	if known != nil && p.sameDatasets(known) {
		list = p.checkAgainst(o, known.Catalog, list)
	} else {
		list, err = p.checkData(ctx, o, list)
	}
	if err != nil {
		return p, list, err
	}
	if list.Add(p.exact(list)...); list.HasErrors() || o.Verify == nil {
		return p, list, nil
	}
	problems, err := o.Verify(ctx, p)
	return p, append(list, problems...), err
}

// sameDatasets says whether the columns of a project are those of another.
func (p *Project) sameDatasets(other *Project) bool {
	return duckdb.ColumnsKey(p.Module) == duckdb.ColumnsKey(other.Module)
}

func (p *Project) checkAgainst(o Options, columns *catalog.Catalog, list diag.List) diag.List {
	if p.unsoundDatasets(list) {
		return list
	}
	p.Catalog = columns
	return append(list, p.compile(o, list)...)
}

// Lock introspects the data and writes schemas/catalog.lock.yaml, the only
// place that does. It returns the path written.
func Lock(ctx context.Context, o Options) (*Project, string, diag.List, error) {
	p, list := load(o)
	if list.HasErrors() {
		return p, "", list, nil
	}
	db, err := open(o, p.Module, os.TempDir())
	if err != nil {
		return p, "", list, err
	}
	defer db.Close()
	var found diag.List
	p.Catalog, found = db.Introspect(ctx, p.Module)
	list.Add(found...)
	if found.HasErrors() || ctx.Err() != nil {
		return p, "", list, ctx.Err()
	}
	list.Add(p.compile(o, list)...)
	path := filepath.Join(o.root(), lockPath)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return p, "", list, fmt.Errorf("the recorded columns cannot be written: %w", err)
	}
	if err := os.WriteFile(path, catalog.WriteLock(p.Catalog), 0o644); err != nil {
		return p, "", list, fmt.Errorf("the recorded columns cannot be written: %w", err)
	}
	return p, path, list, nil
}

// unsoundDatasets says whether an error stands in a file that holds datasets:
// then their columns cannot be looked up.
func (p *Project) unsoundDatasets(list diag.List) bool {
	files := map[string]bool{"": true}
	for _, d := range p.Module.Datasets {
		files[d.Range.File] = true
	}
	return len(p.Module.Datasets) == 0 || slices.ContainsFunc(list, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Error && (files[d.Range.File] || strings.HasPrefix(d.Range.File, "datasets/"))
	})
}

// lockPath is where a project's columns are recorded.
const lockPath = "schemas/catalog.lock.yaml"

// load reads the YAML.
func load(o Options) (*Project, diag.List) {
	m, list := spec.Load(o.root())
	return &Project{Module: m, Files: append([]*source.File{}, m.Files...)}, list
}

// readLock reads the recorded columns; no catalog and no problem where nothing
// is recorded.
func readLock(o Options) (*catalog.Catalog, *source.File, diag.List) {
	b, err := os.ReadFile(filepath.Join(o.root(), lockPath))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil, nil
	}
	file := source.NewFile(lockPath, b)
	if err != nil {
		var list diag.List
		list.Errorf("file-unreadable", file.Whole(), "The recorded columns cannot be read: %v", err)
		return nil, nil, list
	}
	c, list := catalog.ReadLock(file)
	if list.HasErrors() {
		return nil, file, list
	}
	return c, file, list
}

// compile checks the rules. before is what was found in the files that they were read
// from: where one could not be read, nobody knows that there are none.
func (p *Project) compile(o Options, before diag.List) diag.List {
	rules, list := compile.Compile(p.Module, p.Catalog, compile.Options{Today: o.Now, Verdict: o.Verdict && !p.needsPlan()})
	p.Rules = rules
	list.Add(p.readFaces(o)...)
	if !p.hasRules() && !list.HasErrors() && !before.HasErrors() {
		list.Warnf("no-rules", source.Range{}, "There are no segments, segmentations, traits or personas: nothing is evaluated").Detail =
			"Rules are YAML files under rules/. Write one, or restore what was deleted."
	}
	return list
}

// exact adds what has to be known of everybody at once and the database cannot
// calculate, as what a rank compares: without it check would pass what run
// refuses.
func (p *Project) exact(list diag.List) diag.List {
	if p.Rules == nil || list.HasErrors() {
		return nil
	}
	var problems diag.List
	if p.needsPlan() {
		_, problems = plan.Build(p.Rules, nil)
	} else {
		problems = plan.RefusedValues(p.Rules)
	}
	return slices.DeleteFunc(problems, func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
}

// needsPlan says whether it takes a plan of all rules to know whether one is refused.
// Conditions of segments may hold anything: of a project of segments and calculated
// values that read none the values alone are planned. 1,000 segments that read 40
// of them are checked in two thirds of the memory.
func (p *Project) needsPlan() bool {
	m := p.Module
	return len(m.Personas)+len(m.Scores)+len(m.Journeys)+len(m.Exports) > 0 ||
		slices.ContainsFunc(m.Segments, func(s *spec.Segment) bool { return !s.Leave.IsZero() }) ||
		slices.ContainsFunc(m.Traits, mayReadGroups)
}

// mayReadGroups says whether a calculated value may read segments or segmentations.
// Its names are not resolved yet: any text with that word in it may.
func mayReadGroups(t *spec.Traits) bool {
	return slices.ContainsFunc(t.Traits, func(e spec.Entry[*spec.Trait]) bool {
		return e.Value != nil && (!e.Value.Among.IsZero() || strings.Contains(e.Value.Value.Text.Value()+e.Value.Rank.Text.Value(), "segment"))
	})
}

// open opens a working database in the folder work. It can read the folders
// that the datasets name, and nothing else of the project.
func open(o Options, m *spec.Module, work string) (*evaluate.Database, error) {
	db, err := duckdb.Open(duckdb.Options{
		WorkDir: work, Root: o.root(), DataDirs: o.DataDirs,
		Folders: duckdb.Folders(m), Threads: o.Threads, MemoryLimit: o.MemoryLimit,
	})
	if err != nil {
		return nil, err
	}
	return evaluate.New(db), nil
}
