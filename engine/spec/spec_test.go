package spec

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"personae/engine/diag"
	"personae/engine/source"
)

var update = flag.Bool("update", false, "write what the tests find as what they expect")

const cases = "../testdata/errors/spec"

// TestErrors runs every case: files in, diagnostics out, as people see them.
func TestErrors(t *testing.T) {
	names, err := filepath.Glob(cases + "/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	clean, dirty := 0, 0
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var files []*source.File
			want := -1
			sources := diag.Files{}
			for i, f := range archive.Files {
				if f.Name == "diagnostics" {
					want = i
					continue
				}
				one := source.NewFile(f.Name, unescape(f.Data))
				files, sources[f.Name] = append(files, one), one
			}
			_, found := Parse(files)
			if len(found) == 0 {
				clean++
			} else {
				dirty++
			}
			for _, d := range found {
				if _, ok := diag.Lookup(d.Code); !ok {
					t.Errorf("code %q is not in diag.Codes", d.Code)
				}
				if d.Detail == "" {
					t.Errorf("%v: says not what to do", d)
				}
			}
			var b bytes.Buffer
			if err := diag.Text(&b, found, sources, diag.Options{}); err != nil {
				t.Fatal(err)
			}
			if *update {
				if want < 0 {
					archive.Files = append(archive.Files, txtar.File{Name: "diagnostics"})
					want = len(archive.Files) - 1
				}
				archive.Files[want].Data = b.Bytes()
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 {
				t.Fatal("the case has no file `diagnostics`; run with -update")
			}
			if diff := cmp.Diff(string(archive.Files[want].Data), b.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if clean == 0 || dirty == 0 {
		t.Errorf("%d cases without and %d with diagnostics: there must be both", clean, dirty)
	}
}

// TestFixes applies the fix of every diagnostic of every case: it must remove what it is for.
func TestFixes(t *testing.T) {
	names, _ := filepath.Glob(cases + "/*.txtar")
	applied := 0
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var files []*source.File
		for _, f := range archive.Files {
			if f.Name != "diagnostics" {
				files = append(files, source.NewFile(f.Name, unescape(f.Data)))
			}
		}
		_, found := Parse(files)
		for _, d := range found {
			if d.Fix == nil {
				continue
			}
			applied++
			var fixed []*source.File
			for _, f := range files {
				if f.Path == d.Fix.Range.File {
					text := string(f.Bytes[:d.Fix.Range.Start.Byte]) + d.Fix.Replacement + string(f.Bytes[d.Fix.Range.End.Byte:])
					f = source.NewFile(f.Path, []byte(text))
				}
				fixed = append(fixed, f)
			}
			_, after := Parse(fixed)
			for _, a := range after {
				if a.Code == d.Code && a.Range.File == d.Range.File && a.Range.Start == d.Range.Start || a.Code == "yaml-syntax" && !hasCode(found, "yaml-syntax") {
					t.Errorf("%s: the fix %q of\n%v\nleaves\n%v", filepath.Base(name), d.Fix.Replacement, d, a)
				}
			}
		}
	}
	if applied < 30 {
		t.Errorf("only %d fixes", applied)
	}
}

func hasCode(l diag.List, code string) bool {
	for _, d := range l {
		if d.Code == code {
			return true
		}
	}
	return false
}

// unescape puts bytes into a case that no editor shows: <NUL>, <FF>, <BOM>, <TAB>, <CR>.
func unescape(b []byte) []byte {
	for name, text := range map[string]string{"<NUL>": "\x00", "<FF>": "\xFF", "<BOM>": "\uFEFF", "<TAB>": "\t", "<CR>": "\r"} {
		b = bytes.ReplaceAll(b, []byte(name), []byte(text))
	}
	return b
}

// TestSchemas compares the committed schemas with those that the structs describe.
func TestSchemas(t *testing.T) {
	const dir = "../../schemas"
	schemas := Schemas()
	if len(schemas) != len(kinds())+1 {
		t.Fatalf("%d schemas", len(schemas))
	}
	for name, want := range schemas {
		path := filepath.Join(dir, name)
		if *update {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v; run go test ./engine/spec -update", err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is out of date; run go test ./engine/spec -update", path)
		}
	}
	committed, _ := filepath.Glob(dir + "/*.schema.json")
	for _, path := range committed {
		if name := filepath.Base(path); schemas[name] == nil && name != "report.schema.json" { // of report.json, and checked there
			t.Errorf("%s describes no kind; delete it", path)
		}
	}
}
