package compile

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"personae/engine/source"
	"personae/engine/spec"
)

// TestFixes applies the fix of every diagnostic of every case: what it is for
// must be gone, and the file must still be YAML.
func TestFixes(t *testing.T) {
	names, _ := filepath.Glob(cases + "/*.txtar")
	applied := 0
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, cat, sources := readCase(t, archive)
		_, found := Compile(m, cat, Options{Today: today})
		for _, d := range found {
			if d.Fix == nil {
				continue
			}
			applied++
			var files []*source.File
			for _, f := range sources {
				if f.Path == d.Fix.Range.File {
					text := string(f.Bytes[:d.Fix.Range.Start.Byte]) + d.Fix.Replacement + string(f.Bytes[d.Fix.Range.End.Byte:])
					f = source.NewFile(f.Path, []byte(text))
				}
				files = append(files, f)
			}
			fixed, bad := spec.Parse(files)
			if bad.HasErrors() {
				t.Errorf("%s: %v: the fix breaks the file: %v", name, d, bad)
				continue
			}
			_, left := Compile(fixed, cat, Options{Today: today})
			for _, l := range left {
				if l.Code == d.Code && l.Range.Start == d.Range.Start && l.Range.File == d.Range.File && l.Summary == d.Summary {
					t.Errorf("%s: %v: the fix %q does not help", name, d, d.Fix.Replacement)
				}
			}
		}
	}
	if applied < 40 {
		t.Errorf("only %d fixes were applied", applied)
	}
}
