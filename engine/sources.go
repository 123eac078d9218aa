package engine

import (
	"path/filepath"
	"regexp"

	"personae/engine/spec"
)

// DataGlob names files that a version reads beside its rules: a pattern below a
// folder.
type DataGlob struct{ Base, Pattern string }

// DataGlobs lists where the datasets of a project may find their files: below
// the project, and below each folder that the operator allows; and the portraits
// of its personas, which are in the project.
func DataGlobs(o Options, m *spec.Module) []DataGlob {
	var out []DataGlob
	bases := append([]string{o.root()}, o.DataDirs...)
	for i, b := range bases {
		if abs, err := filepath.Abs(b); err == nil {
			bases[i] = abs
		}
	}
	for _, ds := range m.Datasets {
		if ds.Source == nil {
			continue
		}
		for _, t := range []spec.Text{ds.Source.Path, ds.Source.Database} {
			pattern := filepath.Clean(filepath.FromSlash(t.Value()))
			switch {
			case t.IsZero():
			case filepath.IsLocal(pattern):
				for _, base := range bases {
					out = append(out, DataGlob{base, pattern})
				}
			default: // what lies elsewhere may not be read, and is not looked at
				for _, base := range bases {
					if inside, err := filepath.Rel(base, pattern); err == nil && filepath.IsLocal(inside) {
						out = append(out, DataGlob{base, inside})
					}
				}
			}
		}
	}
	for _, p := range m.Personas {
		if p.Identity == nil || p.Identity.Portrait == nil {
			continue
		}
		if face := p.Identity.Portrait.File.Value(); filepath.IsLocal(face) {
			out = append(out, DataGlob{bases[0], verbatim(face)})
		}
	}
	return out
}

// verbatim is the pattern of one path, whatever it is made of.
func verbatim(path string) string {
	return metaCharacters.ReplaceAllString(filepath.ToSlash(filepath.Clean(path)), `\\$0`)
}

var metaCharacters = regexp.MustCompile(`[*?\[\]{}\\]`)
