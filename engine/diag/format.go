package diag

import (
	"fmt"
	"io"
	"strings"

	"personae/engine/source"
)

// Sources gives the files that diagnostics point into, for excerpts. A file that is not known gives nil, and no
// excerpt.
type Sources interface {
	File(path string) *source.File
}

// Files is the usual Sources: files by path. The nil Files knows none.
type Files map[string]*source.File

// File gives the file at path, nil if there is none.
func (f Files) File(path string) *source.File { return f[path] }

// Options says how to render. The zero value is right for pipes and files.
type Options struct {
	Color   bool   // colour, for terminals; see WantsColor
	Width   int    // columns of the terminal; 0 means 100
	Files   int    // how many files were looked at, for the closing line; 0 leaves it out
	Prefix  string // put before paths in formats that other tools read: the project's folder inside the repository
	Version string // of Personae, for SARIF
	Brief   bool   // one line for each warning and remark, in text; errors are always shown whole
}

// Path gives a range's file as other tools know it, from the top of the repository.
func (o Options) Path(r source.Range) string {
	if o.Prefix == "" || o.Prefix == "." || r.File == "" {
		return r.File
	}
	return strings.TrimSuffix(o.Prefix, "/") + "/" + r.File
}

// Renderer writes diagnostics, worst first whatever their order in the list.
type Renderer func(w io.Writer, l List, files Sources, opt Options) error

// formats is the table of renderers, in the order of the documentation.
var formats = []struct {
	name   string
	render Renderer
}{
	{"text", Text},
	{"json", JSON},
	{"sarif", SARIF},
	{"github", GitHub},
	{"gitlab", GitLab},
	{"junit", JUnit},
}

// Formats lists the names that Format knows.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Format gives the renderer of a name: text, json, sarif, github, gitlab or junit.
func Format(name string) (Renderer, error) {
	for _, f := range formats {
		if f.name == name {
			return f.render, nil
		}
	}
	hint := ""
	if s := Suggest(name, Formats()); s != "" {
		hint = fmt.Sprintf(" Did you mean %s?", s)
	}
	return nil, fmt.Errorf("there is no format %q: the formats are %s.%s", name, strings.Join(Formats(), ", "), hint)
}
