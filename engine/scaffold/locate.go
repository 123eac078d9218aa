package scaffold

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"personae/engine/source"
)

// layout says how a project's YAML names its data files.
type layout struct {
	dir      string // the project as the person wrote it
	root     string // absolute, symbolic links resolved as far as it exists
	dataDirs []string
	main     *root // whom rules are about; nil where nobody is
}

// Folders lists the folders that a working database must be allowed to read,
// sorted: those of all files. Files that are not there are left to Init.
func Folders(o Options) []string {
	seen := map[string]bool{}
	var out []string
	for _, f := range o.Files {
		real, err := resolve(f)
		if err != nil {
			continue
		}
		if dir := filepath.Dir(real); !seen[dir] {
			seen[dir] = true
			out = append(out, dir)
		}
	}
	sort.Strings(out)
	return out
}

// resolve gives the absolute path of a file, links resolved.
func resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// resolveDir resolves a folder that need not exist: the part that exists is resolved.
func resolveDir(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	rest := ""
	for dir := abs; ; dir = filepath.Dir(dir) {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, rest)
		}
		if dir == filepath.Dir(dir) {
			return abs
		}
		rest = filepath.Join(filepath.Base(dir), rest)
	}
}

// locate finds the files, and decides by which names the project knows them:
// inside the project relative to it, else relative to a folder for --data.
func (m *maker) locate() {
	dir := m.o.Dir
	if dir == "" {
		dir = "."
	}
	m.place = &layout{dir: dir, root: resolveDir(dir)}
	if len(m.o.Files) == 0 {
		m.problem("data-missing", "", "No data file is named", "Name the files to start from, as in: personae init crm.csv orders.parquet")
		return
	}
	m.existing()
	seen := map[string]string{}
	for _, name := range m.o.Files {
		real, ok := m.openable(name)
		if !ok {
			continue
		}
		if first, twice := seen[real]; twice {
			m.problem("duplicate-name", name, fmt.Sprintf("%s is the same file as %s", name, first), "Name each file once.")
			continue
		}
		seen[real] = name
		m.tables = append(m.tables, &table{given: name, path: real})
	}
	m.name()
}

// openable checks that a path is a file that can be read and holds something.
func (m *maker) openable(name string) (string, bool) {
	real, err := resolve(name)
	if err != nil {
		m.problem("data-missing", name, fmt.Sprintf("The file %s is not there", name), "Correct the path, or bring the file.")
		return "", false
	}
	info, err := os.Stat(real)
	switch {
	case err != nil:
		m.problem("file-unreadable", name, fmt.Sprintf("The file %s cannot be opened", name), "Give yourself the right to read it.")
		return "", false
	case info.IsDir():
		m.problem("file-unreadable", name, name+" is a folder", "Name the files in it, as in "+filepath.Join(name, "*.csv")+".")
		return "", false
	case !info.Mode().IsRegular():
		m.problem("file-unreadable", name, name+" is no plain file", "Pipes and devices cannot be read twice. Write what they give to a file first.")
		return "", false
	case info.Size() == 0:
		m.problem("data-corrupt", name, "The file "+name+" is empty", "It has not even names of columns. Bring the file again, or leave it out.")
		return "", false
	}
	f, err := os.Open(real)
	if err != nil {
		m.problem("file-unreadable", name, fmt.Sprintf("The file %s cannot be opened", name), "Give yourself the right to read it.")
		return "", false
	}
	f.Close()
	return real, true
}

// existing refuses to mix a new project with one that is there.
func (m *maker) existing() {
	if m.o.Force {
		return
	}
	for _, folder := range []string{"datasets", "rules"} {
		var found string
		_ = filepath.WalkDir(filepath.Join(m.place.root, folder), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (strings.HasSuffix(path, ".yaml") || strings.HasSuffix(path, ".yml")) && found == "" {
				found, _ = filepath.Rel(m.place.root, path)
			}
			return nil
		})
		if found != "" {
			m.list.Report("output-unwritable", source.Range{File: filepath.ToSlash(found)}, "There is a project in %s already", m.place.dir).Detail =
				"Make the new one in another folder: --project NEW_FOLDER. With --force, files of the same names are replaced; others stay."
			return
		}
	}
}

// name decides how the YAML names each file. Two files outside that have one
// name are named by their whole path.
func (m *maker) name() {
	bases := map[string]int{}
	for _, t := range m.tables {
		if _, ok := inside(m.place.root, t.path); !ok {
			bases[filepath.Base(t.path)]++
		}
	}
	dirs := map[string]bool{}
	for _, t := range m.tables {
		if rel, ok := inside(m.place.root, t.path); ok {
			t.source = rel
			continue
		}
		dir := filepath.Dir(t.path)
		if !dirs[dir] {
			dirs[dir] = true
			m.place.dataDirs = append(m.place.dataDirs, dir)
		}
		t.source = filepath.Base(t.path)
		_, taken := os.Lstat(filepath.Join(m.place.root, t.source))
		if bases[t.source] > 1 || taken == nil {
			t.source = filepath.ToSlash(t.path)
		}
	}
	sort.Strings(m.place.dataDirs)
}

// inside gives the path below root, with slashes.
func inside(root, path string) (string, bool) {
	rel, err := filepath.Rel(root, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// command is what to type to get the first report.
func (l *layout) command() string {
	words := []string{"personae", "run"}
	if l.dir != "." {
		words = append(words, "--project", shellWord(l.dir))
	}
	for _, d := range l.dataDirs {
		words = append(words, "--data", shellWord(d))
	}
	return strings.Join(words, " ")
}

// shellWord quotes a word for a POSIX shell where it needs it.
func shellWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+,:@%=", r))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
