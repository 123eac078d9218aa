package compile

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
)

var update = flag.Bool("update", false, "write what the tests find as what they expect")

const cases = "../testdata/errors/compile"

var today = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// TestErrors runs every case: files and tables in, diagnostics out.
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
			m, cat, files := readCase(t, archive)
			_, found := Compile(m, cat, Options{Today: today})
			if len(found) == 0 {
				clean++
			} else {
				dirty++
			}
			checkDiagnostics(t, found)
			if _, verdict := Compile(m, cat, Options{Today: today, Verdict: true}); !reflect.DeepEqual(found, verdict) {
				t.Errorf("the verdict alone is another: %v, not %v", verdict, found)
			}
			var b bytes.Buffer
			if err := diag.Text(&b, found, files, diag.Options{}); err != nil {
				t.Fatal(err)
			}
			golden(t, name, archive, b.Bytes())
		})
	}
	if clean == 0 || dirty == 0 {
		t.Errorf("%d cases without and %d with diagnostics: there must be both", clean, dirty)
	}
}

func checkDiagnostics(t *testing.T, found diag.List) {
	t.Helper()
	for _, d := range found {
		if _, ok := diag.Lookup(d.Code); !ok {
			t.Errorf("code %q is not in diag.Codes", d.Code)
		}
		if d.Range.IsZero() {
			t.Errorf("%v: has no place", d)
		}
		if d.Detail == "" && d.Code != "cycle" {
			t.Errorf("%v: says not what to do", d)
		}
		if strings.Contains(d.Summary, "overload") || strings.Contains(d.Summary, "wrapper(") {
			t.Errorf("%v: shows the words of the CEL library", d)
		}
	}
}

func golden(t *testing.T, name string, archive *txtar.Archive, got []byte) {
	t.Helper()
	want := -1
	for i, f := range archive.Files {
		if f.Name == "diagnostics" {
			want = i
		}
	}
	if *update {
		if want < 0 {
			archive.Files = append(archive.Files, txtar.File{Name: "diagnostics"})
			want = len(archive.Files) - 1
		}
		archive.Files[want].Data = got
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want < 0 {
		t.Fatal("the case has no file `diagnostics`; run with -update")
	}
	if diff := cmp.Diff(string(archive.Files[want].Data), string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// readCase parses the YAML files of a case and its tables, those of shop where
// it has no file `catalog`.
func readCase(t testing.TB, archive *txtar.Archive) (*spec.Module, *catalog.Catalog, diag.Files) {
	t.Helper()
	tables := shop
	var files []*source.File
	sources := diag.Files{}
	for _, f := range archive.Files {
		switch f.Name {
		case "diagnostics":
		case "catalog":
			tables = string(f.Data)
		default:
			one := source.NewFile(f.Name, f.Data)
			files, sources[f.Name] = append(files, one), one
		}
	}
	m, found := spec.Parse(files)
	if strings.Contains(string(archive.Comment), "spec errors expected") {
		found = nil
	}
	for _, d := range found {
		t.Errorf("the case is no good YAML: %v", d)
	}
	return m, parseCatalog(t, tables), sources
}

// shop are the tables of most cases: `dataset entity role key=... of=...`,
// then a line for each column: name, type, marks.
const shop = `
customers customer root key=customer_id
  customer_id string
  age int?
  spend double?
  city string?
  email string? pii
  born timestamp? pii
  joined timestamp
  faith string? sensitive
  visits int
  member bool
  tags list<string>?
  plan string unit=none
  bill double? unit=GBP
stores store lookup key=store_id
  store_id string
orders order relation of=customer by=customer_id time=ordered_at
  customer_id string
  ordered_at timestamp
  total double
reviews - evidence
  text string? publish
  diary string?
  rating int
`

func parseCatalog(t testing.TB, text string) *catalog.Catalog {
	t.Helper()
	cat := &catalog.Catalog{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if line[0] != ' ' {
			cat.Tables = append(cat.Tables, parseTable(words))
			continue
		}
		table := cat.Tables[len(cat.Tables)-1]
		table.Columns = append(table.Columns, parseColumn(t, words))
	}
	return cat
}

func parseTable(words []string) *catalog.Table {
	table := &catalog.Table{Name: words[0], Entity: strings.Trim(words[1], "-"), Role: catalog.Role(words[2])}
	for _, w := range words[3:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "key":
			table.Key = value
		case "of":
			table.Of = value
		case "by":
			table.By = value
		case "time":
			table.Time = value
		case "hidden":
			table.Hidden = append(table.Hidden, catalog.HiddenColumn{Name: value, SourceType: "TIME", Reason: "times of day have no CEL type"})
		}
	}
	return table
}

func parseColumn(t testing.TB, words []string) *catalog.Column {
	t.Helper()
	c := &catalog.Column{Name: words[0], From: words[0]}
	kind, nullable := strings.CutSuffix(words[1], "?")
	c.Type = typeNamed(t, kind)
	c.Type.Nullable = nullable
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "pii":
			c.PII = true
		case "publish":
			c.Publish = true
		case "sensitive":
			c.Sensitive = true
		case "unit":
			c.Unit = value
		case "references":
			c.References = value
		}
	}
	return c
}

func typeNamed(t testing.TB, name string) catalog.Type {
	typ, err := catalog.ParseType(strings.ReplaceAll(name, ",", ", "))
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// project makes a module of files: path, content, path, content, ...
func project(t testing.TB, files ...string) *spec.Module {
	t.Helper()
	var all []*source.File
	for i := 0; i < len(files); i += 2 {
		all = append(all, source.NewFile(files[i], []byte(files[i+1])))
	}
	m, found := spec.Parse(all)
	if found.HasErrors() {
		t.Fatal(found)
	}
	return m
}

func describe(l diag.List) string {
	var b strings.Builder
	for _, d := range l {
		fmt.Fprintln(&b, d.Error())
	}
	return b.String()
}
