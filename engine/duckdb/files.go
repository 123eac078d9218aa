package duckdb

import (
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
)

// dataFile is one file of a dataset, as it was when it was found.
type dataFile struct {
	name    string // for people: relative to the project, or as the operator's folder has it
	path    string // absolute, symbolic links resolved
	size    int64
	modTime time.Time
	found   time.Time // the clock of this machine, when size and time were asked for
	id      os.FileInfo
}

// changed says whether the file is no longer what it was.
func (f dataFile) changed() bool {
	info, err := os.Stat(f.path)
	return err != nil || info.Size() != f.size || !info.ModTime().Equal(f.modTime) || !os.SameFile(info, f.id)
}

// findFiles gives the files that a path or glob names, sorted by name. Every
// problem is reported at the path's place; then the result is nil.
func (db *DB) findFiles(text source.Text, list *diag.List) []dataFile {
	pattern, at := text.Value(), text.Range()
	if strings.Contains(pattern, "://") || strings.ContainsRune(pattern, 0) {
		outside(list, at, pattern)
		return nil
	}
	pattern = filepath.ToSlash(pattern)
	if path.IsAbs(pattern) {
		return db.findAbsolute(path.Clean(pattern), at, list)
	}
	clean := path.Clean(pattern)
	if clean == ".." || strings.HasPrefix(clean, "../") {
		outside(list, at, pattern)
		return nil
	}
	var names []string
	base := db.root
	for _, dir := range append([]string{db.root}, db.dataDirs...) {
		var err error
		if names, err = match(dir, clean); err != nil {
			list.Errorf("bad-value", at, "The pattern %q cannot be read", pattern).Detail = "Check its brackets and braces: * matches within a folder, ** across folders, {a,b} either."
			return nil
		}
		if base = dir; len(names) > 0 {
			break
		}
	}
	if len(names) == 0 {
		missing(list, at, pattern)
		return nil
	}
	return db.openable(base, names, at, list)
}

func (db *DB) findAbsolute(pattern string, at source.Range, list *diag.List) []dataFile {
	for _, dir := range append([]string{db.root}, db.dataDirs...) {
		rest, ok := strings.CutPrefix(pattern, filepath.ToSlash(dir)+"/")
		if !ok {
			continue
		}
		names, err := match(dir, rest)
		if err == nil && len(names) > 0 {
			return db.openable(dir, names, at, list)
		}
		missing(list, at, pattern)
		return nil
	}
	outside(list, at, pattern)
	return nil
}

// match lists what a path or glob names under dir, sorted, without resolving links.
func match(dir, pattern string) ([]string, error) {
	if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(pattern))); err == nil {
		return []string{pattern}, nil
	}
	if !doublestar.ValidatePattern(pattern) {
		return nil, doublestar.ErrBadPattern
	}
	names, err := doublestar.Glob(os.DirFS(dir), pattern)
	if err != nil {
		return nil, nil //nolint:nilerr // an unreadable folder has no matches; the message says so
	}
	kept := names[:0]
	for _, n := range names {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(n))); err == nil && info.IsDir() {
			continue // a glob names files
		}
		kept = append(kept, n)
	}
	sort.Strings(kept)
	return kept, nil
}

// openable checks each file: inside the allowed folders after links are
// resolved, a plain file, readable.
func (db *DB) openable(base string, names []string, at source.Range, list *diag.List) []dataFile {
	files := make([]dataFile, 0, len(names))
	found := time.Now()
	before := len(*list)
	for _, name := range names {
		real, err := filepath.EvalSymlinks(filepath.Join(base, filepath.FromSlash(name)))
		if err != nil {
			unreadable(list, at, name, err)
			continue
		}
		if !db.inside(real) {
			outside(list, at, name)
			continue
		}
		info, err := os.Stat(real)
		if err != nil {
			unreadable(list, at, name, err)
			continue
		}
		switch {
		case info.IsDir():
			list.Errorf("file-unreadable", at, "%s is a folder", name).Detail = "Name the files in it: " + path.Join(name, "*.parquet") + " or " + path.Join(name, "**/*.csv")
			continue
		case !info.Mode().IsRegular():
			list.Errorf("file-unreadable", at, "%s is no plain file", name).Detail = "A dataset is read from files; pipes and devices cannot be read twice."
			continue
		}
		f, err := os.Open(real)
		if err != nil {
			unreadable(list, at, name, err)
			continue
		}
		f.Close()
		files = append(files, dataFile{name: name, path: real, size: info.Size(), modTime: info.ModTime(), found: found, id: info})
	}
	if len(*list) > before {
		return nil
	}
	return files
}

// Folders lists the project's folders that datasets name, sorted, relative to
// the project: all that a database for this module has to read. A pattern
// counts with the folders before its first wildcard.
func Folders(m *spec.Module) []string {
	seen := map[string]bool{}
	for _, ds := range m.Datasets {
		if ds.Source == nil {
			continue
		}
		for _, t := range []spec.Text{ds.Source.Path, ds.Source.Database} {
			p := filepath.ToSlash(t.Value())
			if p == "" || path.IsAbs(p) {
				continue
			}
			folder, _ := doublestar.SplitPattern(path.Clean(p))
			if folder != ".." && !strings.HasPrefix(folder, "../") {
				seen[folder] = true
			}
		}
	}
	out := make([]string, 0, len(seen))
	for f := range seen {
		out = append(out, f)
	}
	sort.Strings(out)
	return out
}

func (db *DB) inside(real string) bool {
	for _, dir := range append([]string{db.root}, db.dataDirs...) {
		if real == dir || strings.HasPrefix(real, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

func outside(list *diag.List, at source.Range, name string) {
	list.Errorf("path-outside-project", at, "%s is outside of the project", name).Detail =
		"Put the file into the project, or let whoever starts Personae allow its folder with --data."
}

func missing(list *diag.List, at source.Range, pattern string) {
	if strings.ContainsAny(pattern, "*?[{") {
		list.Errorf("glob-matches-nothing", at, "No file matches %s", pattern).Detail =
			"Paths are relative to the project's folder, or to a folder named with --data. * matches within a folder, ** across folders."
		return
	}
	list.Errorf("data-missing", at, "The file %s is not there", pattern).Detail =
		"Paths are relative to the project's folder, or to a folder named with --data. Bring the file, or correct the path."
}

func unreadable(list *diag.List, at source.Range, name string, err error) {
	if os.IsNotExist(err) {
		list.Errorf("data-missing", at, "%s is a link to a file that is not there", name).Detail = "Bring the file, or correct the link."
		return
	}
	list.Errorf("file-unreadable", at, "The file %s cannot be opened: %s", name, PlainError(err)).Detail = "Give yourself the right to read it, or correct the path."
}
