package scaffold

import (
	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/source"
)

// verify holds the draft to what every project is held to: it loads, its
// columns are found, and its rules compile. What does not is a defect of this
// package, and is said as that instead of being written.
func (m *maker) verify() error {
	module, cat, list := m.drafted(nil)
	if !list.HasErrors() {
		_, more := compile.Compile(module, cat, compile.Options{Today: m.o.Today})
		list.Add(more...)
	}
	for _, d := range list {
		if d.Severity != diag.Error {
			continue
		}
		at := d.Range
		m.list.Report("internal", source.Range{File: at.File, Start: at.Start, End: at.End}, "The drafted project has a mistake: %s", d.Summary).Detail =
			"Nothing was written. Please report this with the names of the file's columns.\n" + d.Detail
	}
	return nil
}
