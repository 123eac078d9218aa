package engine

import (
	"path/filepath"

	"personae/engine/spec"
)

// DataGlob names data files of a project: a pattern below a folder.
type DataGlob struct{ Base, Pattern string }

// DataGlobs lists where the datasets of a project may find their files: below
// the project, and below each folder that the operator allows.
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
	return out
}
