package spec

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"personae/engine/diag"
	"personae/engine/source"
)

// MaxFileSize is the size, in bytes, above which a file of rules is refused without being read.
const MaxFileSize = 5 << 20

// folders are where a project's documents are.
var folders = []string{"datasets", "rules"}

// Load reads all documents of the project in the folder root and reports every problem in one go. Symbolic links that
// leave the folder are refused, and so is everything that is no regular file. The module is never nil.
func Load(root string) (*Module, diag.List) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		m, _ := Parse(nil)
		var diags diag.List
		diags.Report("no-project", source.Range{File: root}, "The folder %s cannot be opened", root).
			Detail = "Name the folder that holds `datasets/` and `rules/`. The system says: " + reason(err)
		return m, diags
	}
	defer dir.Close()
	return LoadFS(dir.FS())
}

// LoadFS is Load for any file system, as rules at a git ref. Links are followed as the file system does it: it must
// refuse those that leave it, as os.Root does.
func LoadFS(fsys fs.FS) (*Module, diag.List) {
	files, diags := ReadFS(fsys)
	m, more := Parse(files)
	diags.Add(more...)
	diags.Sort()
	return m, diags
}

// ReadFS reads the files of a project without parsing them: *.yaml and *.yml under datasets/ and rules/ at any depth,
// sorted by path. Files and folders whose names begin with a dot are left to editors and tools.
func ReadFS(fsys fs.FS) ([]*source.File, diag.List) {
	l := &loader{fsys: fsys}
	found := false
	for _, folder := range folders {
		info, err := fs.Stat(fsys, folder)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			found = true
			l.refuse(folder, err)
		case !info.IsDir():
			found = true
			l.diags.Report("file-unreadable", source.Range{File: folder}, "%s is a file, not a folder", folder).
				Detail = "Documents are in files in the folders `datasets/` and `rules/`."
		default:
			found = true
			_ = fs.WalkDir(fsys, folder, l.visit)
		}
	}
	if !found {
		l.diags.Report("no-project", source.Range{}, "There is neither a folder datasets/ nor a folder rules/ here").
			Detail = "Go to a project's folder, or make a project with `personae init FILE`."
	}
	return l.files, l.diags
}

type loader struct {
	fsys  fs.FS
	files []*source.File
	diags diag.List
}

// visit is called in lexical order for everything below a folder. It never stops the walk.
func (l *loader) visit(name string, d fs.DirEntry, err error) error {
	switch {
	case err != nil:
		l.refuse(name, err)
		return nil
	case strings.HasPrefix(path.Base(name), "."):
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	case d.IsDir():
		return nil
	}
	yaml := isYAML(name)
	info, err := fs.Stat(l.fsys, name)
	switch {
	case err != nil:
		if yaml || d.Type()&fs.ModeSymlink != 0 {
			l.refuse(name, err)
		}
	case info.IsDir():
		l.diags.Report("file-unreadable", source.Range{File: name}, "%s is a link to a folder, which is not followed", name).
			Detail = "Move the folder itself here. A link could lead in a circle, or count a file twice."
	case !yaml:
	case !info.Mode().IsRegular():
		l.diags.Report("file-unreadable", source.Range{File: name}, "%s is not a regular file", name).
			Detail = "Only regular files are read: no pipes, sockets or devices."
	case info.Size() > MaxFileSize:
		l.tooLarge(name, info.Size())
	default:
		l.read(name, info.Size())
	}
	return nil
}

func isYAML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

func (l *loader) read(name string, size int64) {
	f, err := l.fsys.Open(name)
	if err != nil {
		l.refuse(name, err)
		return
	}
	defer f.Close()
	var content bytes.Buffer
	content.Grow(int(size) + bytes.MinRead)
	_, err = content.ReadFrom(io.LimitReader(f, MaxFileSize+1))
	b := content.Bytes()
	switch {
	case err != nil:
		l.refuse(name, err)
	case len(b) > MaxFileSize:
		l.tooLarge(name, int64(len(b)))
	default:
		l.files = append(l.files, source.NewFile(name, b))
	}
}

func (l *loader) tooLarge(name string, size int64) {
	l.diags.Report("file-too-large", source.Range{File: name}, "%s has %d MB, and a file of rules has at most %d MB",
		name, (size+1<<20-1)>>20, MaxFileSize>>20).
		Detail = "It was not read. Split it into several files. Data belongs into data files that a `source` names."
}

// refuse reports that the system did not let a file be read. os.Root answers a link that leaves it with an error that
// has no name, only words.
func (l *loader) refuse(name string, err error) {
	if strings.Contains(err.Error(), "escapes") {
		l.diags.Report("path-outside-project", source.Range{File: name}, "%s is a link that leaves the project", name).
			Detail = "Rules are read from inside the project only. Copy the file here."
		return
	}
	l.diags.Report("file-unreadable", source.Range{File: name}, "%s cannot be read: %s", name, reason(err)).
		Detail = "Check that it exists and that you may read it."
}

// reason is what the system said, without the path that the message names already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
