// Package scaffold makes a project from data files: what `personae init` does.
//
// Input: the paths of data files, and a working database that may read them.
// Output: the YAML files of a project, as bytes, and what was guessed on the
// way with how sure it is. It must not know the command line, and it writes
// nothing but through Write.
//
// The phases, a file each: locate (which files, and how a project names them),
// format (how a file is written), profile (columns and what is in them), value
// (null texts, dates, decimal commas, yes and no), privacy and unit (what
// columns mean), relate (keys, owners, times, amounts), dataset and rfm (the
// documents under datasets/), difference, segment and persona (the documents
// under rules/), verify (the project must load and compile), write.
//
// Every name, format and threshold is a guess from evidence, and each guess
// stands in the YAML as a comment and in Result.Guesses.
//
// Recipe, a new word that gives a column away: a row in words.go. Recipe, a
// new format of dates: a row in dateFormats.
package scaffold

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
)

// Profiler is a working database that may read the folders that Folders names.
type Profiler interface {
	SQL() *sql.DB
	Introspect(context.Context, *spec.Module) (*catalog.Catalog, diag.List)
}

// Options say what to make a project from.
type Options struct {
	Dir   string    // the project to make; it need not exist
	Files []string  // data files, as a person writes them
	Name  string    // of the project; "": from Dir
	Force bool      // replace YAML files that are there
	Today time.Time // the clock, read once by the caller
}

// Confidence says how sure a guess is.
const (
	High   = "high"   // the data proves it
	Medium = "medium" // the data speaks for it
	Low    = "low"    // a habit of such files, or nothing better was there
)

// Guess is one thing that was concluded and not said.
type Guess struct {
	Subject    string `json:"subject"`    // "orders.csv", "orders.csv Total"
	Guess      string `json:"guess"`      // "a comma between cells", "a row is worth total"
	Confidence string `json:"confidence"` // High, Medium or Low
	Why        string `json:"why"`        // the evidence, with counts
}

// Result is a project that is not written yet.
type Result struct {
	Files    map[string][]byte // path inside the project, with slashes → YAML
	Guesses  []Guess           // in the order of files and columns
	DataDirs []string          // folders outside the project that --data must name
	Command  string            // what to type next
}

// MarshalJSON writes the files as text.
func (r *Result) MarshalJSON() ([]byte, error) {
	files := map[string]string{}
	for path, text := range r.Files {
		files[path] = string(text)
	}
	return json.Marshal(map[string]any{"files": files, "guesses": r.Guesses, "data_dirs": r.DataDirs, "command": r.Command})
}

// maker is the state of one Init.
type maker struct {
	ctx    context.Context
	db     *sql.DB
	prof   Profiler
	o      Options
	place  *layout
	list   diag.List
	tables []*table
	nulls  map[string]int // null text → in how many columns it stands
	result *Result
}

// Init looks at the files and drafts a project. What is wrong with the files
// is in the diagnostics; then there is no result. An error is a failure of the
// machine.
func Init(ctx context.Context, db Profiler, o Options) (*Result, diag.List, error) {
	m := &maker{ctx: ctx, db: db.SQL(), prof: db, o: o, result: &Result{Files: map[string][]byte{}}}
	m.locate()
	m.formats()
	if m.list.HasErrors() {
		return nil, m.list, nil
	}
	for _, phase := range []func() error{m.profile, m.values, m.meanings, m.relate, m.datasets, m.rules, m.verify} {
		if err := phase(); err != nil {
			return nil, m.list, err
		}
		if m.list.HasErrors() {
			return nil, m.list, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, m.list, err
		}
	}
	m.result.Command = m.place.command()
	m.result.DataDirs = m.place.dataDirs
	return m.result, m.list, nil
}

// guess records a guess and gives its text for a comment.
func (m *maker) guess(subject, what, confidence, why string) string {
	m.result.Guesses = append(m.result.Guesses, Guess{subject, what, confidence, why})
	return what + ": " + why + " (" + confidence + ")"
}

// problem reports what is wrong with a file.
func (m *maker) problem(code, file, summary, detail string) {
	m.list.Report(code, source.Range{File: file}, "%s", summary).Detail = detail
}
