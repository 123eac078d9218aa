package scaffold

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"personae/engine/diag"
)

func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestUnusable: files that nothing can be made of get a message that says why, and nothing is written.
func TestUnusable(t *testing.T) {
	junk := make([]byte, 5000)
	for i := range junk {
		junk[i] = byte(i * 7919 >> 3)
	}
	for name, c := range map[string]struct {
		file string
		text []byte
		want string
	}{
		"empty":           {"a.csv", nil, "is empty"},
		"blanks":          {"a.csv", []byte("\n\n  \n"), "nothing but blanks"},
		"header only":     {"a.csv", []byte("id,name\n"), "holds no row"},
		"junk csv":        {"a.csv", junk, "zero bytes"},
		"junk parquet":    {"a.parquet", junk, "is called Parquet and is none"},
		"cut off parquet": {"a.parquet", []byte("PAR1 and then nothing"), "a.parquet"},
		"text as parquet": {"a.parquet", []byte("id\n1\n"), "is called Parquet and is none"},
		"workbook":        {"a.xlsx", []byte("PK\x03\x04\x00\x00"), "Excel workbook"},
		"damaged gzip":    {"a.csv.gz", []byte("\x1f\x8b\x08junk"), "damaged"},
		"json junk":       {"a.json", []byte("[{\"a\": 1"), "a.json"},
		"missing":         {"", nil, "is not there"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "gone.csv")
			if c.file != "" {
				path = write(t, c.file, c.text)
			}
			dir := filepath.Join(t.TempDir(), "own")
			r, list, err := Make(context.Background(), Options{Dir: dir, Files: []string{path}, Today: today})
			if err != nil || r != nil || !list.HasErrors() {
				t.Fatalf("result %v, error %v, diagnostics %v", r, err, list)
			}
			if text := show(list); !strings.Contains(text, c.want) || strings.Contains(text, "init.yaml") {
				t.Errorf("the message is\n%s\nand should say %q", text, c.want)
			}
			for _, d := range list {
				if d.Detail == "" || d.Severity == diag.Error && d.Code == "internal" {
					t.Errorf("says not what to do: %v", d)
				}
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("the project's folder was made")
			}
		})
	}
}

// wideColumns would take long if finding types out cost the square of it.
const wideColumns = 300

// TestOdd: files that are strange and yet hold data make projects that compile.
func TestOdd(t *testing.T) {
	wide := &bytes.Buffer{}
	for row := range 3 {
		for i := range wideColumns {
			cell := fmt.Sprint(row * i)
			if row == 0 {
				cell = fmt.Sprintf("Column No %d", i)
			}
			wide.WriteString(cell + map[bool]string{true: "\n", false: ","}[i == wideColumns-1])
		}
	}
	for name, c := range map[string]struct {
		file, text string
		in, says   string
	}{
		"names":         {"crm.csv", "id,\"a \"\"quoted\"\" one\",😀,in,in,true,  spaced  ,select;x,now,value,as_of,größe,'); DROP TABLE x;--\n1,x,1,2,3,yes,4,a,5,6,7,8,9\n2,y,2,3,4,no,5,b,6,7,8,9,10\n", "datasets/crm.yaml", "groesse: {from: \"größe\"}"},
		"one row":       {"people.csv", "customer_id,name,spent\n1,Ann,3.5\n", "datasets/people.yaml", "key: customer_id"},
		"one column":    {"only.csv", "word\nx\ny\n", "datasets/only.yaml", "one column"},
		"many columns":  {"wide.csv", wide.String(), "datasets/wide.yaml", "column_no_299: {from: Column No 299}"},
		"no ending":     {"dump", "id;a\n1;2\n2;3\n", "datasets/dump.yaml", "format: csv"},
		"latin":         {"crm.csv", "id,stadt\n1,M\xfcnchen\n2,K\xf6ln\n", "datasets/crm.yaml", "encoding: latin-1"},
		"utf-16":        {"crm.csv", "\xff\xfei\x00d\x00;\x00a\x00\n\x001\x00;\x002\x00\n\x002\x00;\x003\x00\n\x00", "datasets/crm.yaml", "encoding: utf-16"},
		"odd name":      {"2024 – Ünï \"x\" [final]; v2.csv", "id,a\n1,2\n2,3\n", "rules/project.yaml", "root: customer"},
		"reserved":      {"segment.csv", "id,in\n1,2\n2,3\n", "datasets/segment_column.yaml", "in_column: {from: in}"},
		"no header":     {"raw.csv", "1,2,x\n2,3,y\n3,4,z\n", "datasets/raw.yaml", "header: false"},
		"ndjson":        {"a.ndjson", "{\"id\": \"a\", \"n\": 1}\n{\"id\": \"b\", \"n\": 2}\n", "datasets/a.yaml", "key: id"},
		"template text": {"leads.csv", "lead_id,converted,tag\n" + repeated("%d,%d,${x} 'y' \\\\ z%d\n", 60), "rules/segments.yaml", "converted == true"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := project(t, write(t, c.file, []byte(c.text)))
			has(t, r, c.in, c.says)
		})
	}
}

func repeated(line string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line, i, i%2, i%2)
	}
	return b.String()
}

// TestWriteKeepsWhatIsThere: nothing is overwritten, and nothing half written.
func TestWriteKeepsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	files := map[string][]byte{"datasets/a.yaml": []byte("kind: Dataset\n"), "rules/b.yaml": []byte("kind: Segment\n")}
	if err := os.MkdirAll(filepath.Join(dir, "rules"), 0o755); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "rules", "b.yaml")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, files, false); err == nil || !strings.Contains(err.Error(), "rules/b.yaml: already there") {
		t.Errorf("overwriting gives %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "datasets")); err == nil {
		t.Error("the other file was written")
	}
	if got, _ := os.ReadFile(mine); string(got) != "mine" {
		t.Errorf("the file is now %q", got)
	}
	if err := Write(dir, files, true); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(mine); string(got) != "kind: Segment\n" {
		t.Errorf("with force the file is %q", got)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".init-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := Write(dir, map[string][]byte{"../x.yaml": nil}, true); err == nil {
		t.Error("a path outside of the project was written")
	}
	csv := write(t, "crm.csv", []byte("id,a\n1,2\n2,3\n"))
	if _, list, err := Make(context.Background(), Options{Dir: dir, Files: []string{csv}}); err != nil || !strings.Contains(show(list), "There is a project in") {
		t.Errorf("init over a project: %v %s", err, show(list))
	}
}
