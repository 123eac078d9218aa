package render

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"personae/engine/report"
)

var update = flag.Bool("update", false, "write the goldens anew")

const goldens = "../testdata/reports"

// all is every file of a report.
func all(t *testing.T, r *report.Report) map[string][]byte {
	t.Helper()
	files, err := HTML(r, art)
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(*report.Report) ([]byte, error){"report.json": JSON, "report.md": Markdown} {
		b, err := write(r)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = b
	}
	return files
}

func page1(t *testing.T, in FrontInput) []byte {
	t.Helper()
	b, err := Front(in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// cases are all pages that the tests look at, by folder and path.
func cases(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	empty := base()
	empty.DataUntil, empty.Populations = nil, nil
	for folder, r := range map[string]*report.Report{"every": every(), "empty": empty} {
		for name, b := range all(t, r) {
			out[folder+"/"+name] = b
		}
	}
	forty := all(t, many())
	out["many/index.html"], out["many/report.md"] = forty["index.html"], forty["report.md"]
	out["front/first.html"] = page1(t, front(t, nil))
	out["front/later.html"] = page1(t, front(t, earlier()))
	same := front(t, every())
	same.Commit, same.Dirty = "", false
	out["front/same.html"] = page1(t, same)
	return out
}

func TestGoldens(t *testing.T) {
	got := cases(t)
	for name, b := range got { // every page holds the same style and script: goldens of what is said
		b = bytes.Replace(b, []byte(style), []byte("style.css"), 1)
		got[name] = bytes.Replace(b, []byte(script), []byte("script.js"), 1)
	}
	if *update {
		if err := os.RemoveAll(goldens); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		file := filepath.Join(goldens, filepath.FromSlash(name))
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, got[name], 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%v (go test ./engine/render -update writes it)", err)
			continue
		}
		if !bytes.Equal(got[name], want) {
			t.Errorf("%s differs:\n%s", name, cmp.Diff(string(want), string(got[name])))
		}
	}
	err := filepath.WalkDir(goldens, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if rel, _ := filepath.Rel(goldens, path); got[filepath.ToSlash(rel)] == nil {
			t.Errorf("%s is a golden of nothing", rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLook writes the pages to look at to the folder that LOOK names.
func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip("set LOOK to a folder")
	}
	for name, b := range cases(t) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		_ = os.MkdirAll(filepath.Dir(file), 0o755)
		if err := os.WriteFile(file, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSameReportSameBytes(t *testing.T) {
	first := cases(t)
	for range 3 {
		for name, b := range cases(t) {
			if !bytes.Equal(b, first[name]) {
				t.Errorf("%s has other bytes when drawn again", name)
			}
		}
	}
}
