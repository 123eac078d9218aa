package duckdb

import (
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"personae/engine/diag"
)

// pathYAML is a keyed dataset over one path.
func pathYAML(path, more string) string {
	return "kind: Dataset\nname: d\nentity: customer\nkey: id\nsource: {path: " + path + more + "}\n"
}

// TestBadFiles: each is a diagnostic at the path in the YAML.
func TestBadFiles(t *testing.T) {
	cases := []struct {
		name, path, more string
		files            map[string]string
		code             string
		parts            []string
	}{
		{"missing", "data/x.csv", "", nil, "data-missing", []string{"data/x.csv"}},
		{"glob matches nothing", "data/*.csv", "", map[string]string{"data/x.parquet": "x"}, "glob-matches-nothing", []string{"data/*.csv"}},
		{"leaves the project", "../x.csv", "", nil, "path-outside-project", []string{"--data"}},
		{"leaves the project in the middle", "data/../../x.csv", "", nil, "path-outside-project", nil},
		{"absolute", "/etc/passwd", ", format: csv", nil, "path-outside-project", nil},
		{"web address", "https://example.com/x.csv", "", nil, "path-outside-project", nil},
		{"folder", "data", "", map[string]string{"data/x.csv": "id\n1\n"}, "file-unreadable", []string{"is a folder", "data/*.parquet"}},
		{"corrupt Parquet", "x.parquet", "", map[string]string{"x.parquet": "PAR1 this is no Parquet file at all, though it is long enough PAR2"}, "data-corrupt", []string{"Bring the file again"}},
		{"short Parquet", "x.parquet", "", map[string]string{"x.parquet": "PAR1"}, "data-corrupt", nil},
		{"empty", "x.csv", "", map[string]string{"x.csv": ""}, "data-corrupt", []string{"is empty"}},
		{"unknown format", "x.dat", "", map[string]string{"x.dat": "id\n1\n"}, "missing-key", []string{"format: csv"}},
		{"formats mixed", "x.*", "", map[string]string{"x.csv": "id\n1\n", "x.json": "{}"}, "bad-value", nil},
		{"bad glob", `"x[.csv"`, "", nil, "bad-value", []string{"brackets"}},
		{"JSON", "x.ndjson", "", map[string]string{"x.ndjson": "{\"id\": 1}\n{\"id\": \n"}, "data-corrupt", []string{"JSON"}},
		{"no gzip", "x.csv.gz", "", map[string]string{"x.csv.gz": "\x1f\x8bnot gzip"}, "data-corrupt", []string{"gzip"}},
		{"UTF-16 not said", "x.csv", "", map[string]string{"x.csv": "\xff\xfei\x00d\x00\n\x001\x00\n\x00"}, "data-corrupt", []string{"utf-16"}},
		{"latin-1 in the first line", "x.csv", "", map[string]string{"x.csv": "id,gr\xf6\xdfe\n1,2\n"}, "data-corrupt", []string{"latin-1"}},
		{"NUL", "x.csv", "", map[string]string{"x.csv": "id\x00,a\n1,2\n"}, "data-corrupt", []string{"no text"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			yaml := pathYAML(c.path, c.more)
			w := newWorld(t, yaml, c.files)
			_, list := w.db.Introspect(context.Background(), w.m)
			want(t, list, yaml, c.code, c.path, c.parts...)
			noRawText(t, list)
		})
	}
}

// noRawText checks that no diagnostic is the database's message alone.
func noRawText(t *testing.T, list diag.List) {
	t.Helper()
	for _, d := range list {
		if strings.Contains(d.Summary, "Error:") || strings.HasPrefix(d.Detail, "DuckDB") || d.Detail == "" {
			t.Errorf("raw text: %s / %s", d.Summary, d.Detail)
		}
	}
}

func TestBadLoad(t *testing.T) {
	cases := []struct {
		name, file, text, more string
		code                   string
		parts                  []string
	}{
		{"latin-1 in the data", "x.csv", "id,a\n1,b\n2,J\xfcrgen\n3,c\n", "", "data-corrupt", []string{"line 3", "latin-1"}},
		{"every line ragged", "x.csv", "id,a\n1,2,3\n4,5,6\n", "", "data-corrupt", []string{"delimiter", "line 2"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			yaml := pathYAML(c.file, c.more)
			w := newWorld(t, yaml, map[string]string{c.file: c.text})
			_, list := w.load()
			want(t, list, yaml, c.code, c.file, c.parts...)
			noRawText(t, list)
		})
	}
}

func TestSymlinks(t *testing.T) {
	outsideDir := t.TempDir()
	if err := os.WriteFile(filepath.Join(outsideDir, "x.csv"), []byte("id\n1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	yaml := pathYAML("data/*.csv", "")
	w := newWorld(t, yaml, map[string]string{"other/y.csv": "id\n1\n", "data/readme": ""})
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(w.root, name)); err != nil {
			t.Skip("no symbolic links here")
		}
	}
	link(filepath.Join(outsideDir, "x.csv"), "data/x.csv")
	_, list := w.db.Introspect(context.Background(), w.m)
	want(t, list, yaml, "path-outside-project", "data/*.csv", "data/x.csv")

	os.Remove(filepath.Join(w.root, "data/x.csv"))
	link(filepath.Join(w.root, "gone.csv"), "data/x.csv")
	_, list = w.db.Introspect(context.Background(), w.m)
	want(t, list, yaml, "data-missing", "data/*.csv", "link")

	os.Remove(filepath.Join(w.root, "data/x.csv"))
	link(filepath.Join(w.root, "other/y.csv"), "data/x.csv")
	if _, list = w.db.Introspect(context.Background(), w.m); list.HasErrors() {
		t.Errorf("a link inside the project: %s", show(list))
	}
}

func TestPermissionDenied(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything; the diagnostic is that of TestUnreadable")
	}
	yaml := pathYAML("x.csv", "")
	w := newWorld(t, yaml, map[string]string{"x.csv": "id\n1\n"})
	if err := os.Chmod(filepath.Join(w.root, "x.csv"), 0); err != nil {
		t.Fatal(err)
	}
	_, list := w.db.Introspect(context.Background(), w.m)
	want(t, list, yaml, "file-unreadable", "x.csv", "permission denied")
}

// TestUnreadable checks the words for permission denied where root cannot see it.
func TestUnreadable(t *testing.T) {
	var list diag.List
	yaml := pathYAML("x.csv", "")
	unreadable(&list, module(t, yaml).Datasets[0].Source.Path.Range(), "x.csv", &os.PathError{Op: "open", Path: "x.csv", Err: os.ErrPermission})
	want(t, list, yaml, "file-unreadable", "x.csv", "permission denied")
}

func TestDataDirs(t *testing.T) {
	dir := t.TempDir()
	os.MkdirAll(filepath.Join(dir, "in"), 0o755)
	os.WriteFile(filepath.Join(dir, "in", "x.csv"), []byte("id\n7\n"), 0o644)
	for _, path := range []string{"in/x.csv", filepath.Join(dir, "in/*.csv")} {
		w := newWorld(t, pathYAML(path, ""), nil, dir)
		w.mustLoad()
		w.wantRows("FROM snapshot.d", "7")
	}
}

func TestChangedWhileRead(t *testing.T) {
	yaml := pathYAML("x.csv", "")
	w := newWorld(t, yaml, map[string]string{"x.csv": "id\n1\n"})
	c := w.introspect()
	s, list := w.db.Load(context.Background(), w.m, c, everything(c), LoadOptions{AsOf: asOf})
	if s == nil || list.HasErrors() {
		t.Fatal(show(list))
	}
	w.write("x.csv", "id\n1\n2\n")
	s, list = w.db.Load(context.Background(), w.m, c, everything(c), LoadOptions{AsOf: asOf})
	want(t, list, yaml, "data-changed-while-read", "x.csv", "Run again")
	if s != nil {
		t.Error("a snapshot of files that changed")
	}

	// Changed between the first and the last look of one Load.
	c = w.introspect()
	s, list = w.db.Load(context.Background(), w.m, c, everything(c), LoadOptions{AsOf: asOf, Progress: func(dataset string, _, _ int64) {
		if dataset == "d" {
			w.write("x.csv", "id\n1\n2\n3\n")
			os.Chtimes(filepath.Join(w.root, "x.csv"), time.Now(), time.Now().Add(time.Hour))
		}
	}})
	want(t, list, yaml, "data-changed-while-read", "x.csv")
	if s != nil {
		t.Error("a snapshot of files that changed while they were read")
	}
}

func TestOpenFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o644)
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"no work folder": {Options{WorkDir: filepath.Join(t.TempDir(), "gone"), Root: t.TempDir()}, "cannot be written to: it does not exist"},
		"no project":     {Options{WorkDir: t.TempDir(), Root: "/does/not/exist"}, "the project folder"},
		"no data folder": {Options{WorkDir: t.TempDir(), Root: t.TempDir(), DataDirs: []string{file}}, "--data"},
		"bad memory":     {Options{WorkDir: t.TempDir(), Root: t.TempDir(), MemoryLimit: "lots"}, "set up"},
	} {
		db, err := Open(c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if db != nil {
			t.Errorf("%s: a database", name)
		}
		if c.o.WorkDir != "" {
			if left, _ := filepath.Glob(filepath.Join(c.o.WorkDir, "personae-*")); len(left) > 0 {
				t.Errorf("%s: left %v", name, left)
			}
		}
	}
}

// TestSandbox: even SQL that reaches the database cannot leave the folders.
func TestSandbox(t *testing.T) {
	w := newWorld(t, pathYAML("x.csv", ""), map[string]string{"x.csv": "id\n1\n"})
	for _, statement := range []string{
		"SELECT * FROM read_csv('/etc/passwd', auto_detect=false, columns={'a':'VARCHAR'})", "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM glob('/etc/*')",
		"COPY (SELECT 1) TO '/tmp/personae_sandbox_escape.csv'", "ATTACH '/tmp/personae_sandbox_escape.duckdb'", "INSTALL httpfs", "LOAD httpfs",
		"SET enable_external_access = true", "SET threads = 1", "SET GLOBAL lock_configuration = false", "RESET allowed_directories",
		"SELECT * FROM read_text('" + w.root + "2/x.csv')", "SELECT * FROM read_text('" + w.root + "/../../../../etc/hostname')",
	} {
		if _, err := w.db.sql.Exec(statement); err == nil {
			t.Errorf("allowed: %s", statement)
		}
	}
	w.wantRows("SELECT count(*) FROM read_csv('"+w.root+"/x.csv', auto_detect=false, columns={'a':'VARCHAR'})", "2")
	if _, err := w.db.sql.Exec("COPY (SELECT 1) TO '" + w.db.ExportDir() + "/x.parquet'"); err != nil {
		t.Errorf("the export folder cannot be written to: %v", err)
	}
}

func TestFolders(t *testing.T) {
	root := t.TempDir()
	for _, d := range []string{"data", "secret"} {
		os.MkdirAll(filepath.Join(root, d), 0o755)
		os.WriteFile(filepath.Join(root, d, "x.csv"), []byte("id\n1\n"), 0o644)
	}
	db, err := Open(Options{WorkDir: t.TempDir(), Root: root, Folders: []string{"data", "absent"}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.sql.Exec("SELECT * FROM read_text('" + root + "/data/x.csv')"); err != nil {
		t.Error(err)
	}
	if _, err := db.sql.Exec("SELECT * FROM read_text('" + root + "/secret/x.csv')"); err == nil {
		t.Error("a folder that was not declared can be read")
	}
}

func TestDeclaredFolders(t *testing.T) {
	m := module(t, "kind: Dataset\nname: a\nsource: {path: \"data/**/*.csv\"}\n---\nkind: Dataset\nname: b\nsource: {database: db/x.duckdb, table: t}\n---\nkind: Dataset\nname: c\nsource: {path: ../up/x.csv}\n---\nkind: Dataset\nname: e\nsource: {path: data/y.csv}\n")
	if got := strings.Join(Folders(m), " "); got != "data db" {
		t.Errorf("%s", got)
	}
}

func TestCancelled(t *testing.T) {
	w := newWorld(t, pathYAML("x.csv", ""), map[string]string{"x.csv": "id\n1\n"})
	c := w.introspect()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if s, list := w.db.Load(ctx, w.m, c, everything(c), LoadOptions{AsOf: asOf}); s != nil || !list.HasErrors() {
		t.Errorf("%v %v", s, list)
	}
	w.mustLoad() // the database works afterwards
}

func TestCompressedAndEncoded(t *testing.T) {
	w := newWorld(t, pathYAML("x.csv.gz", ", encoding: latin-1, delimiter: \"|\"")+"---\nkind: Dataset\nname: tabs\nkey: id\nsource: {path: t.tsv}\n---\nkind: Dataset\nname: z\nkey: id\nsource: {path: z.csv.zst}\n---\nkind: Dataset\nname: u\nkey: id\nsource: {path: u.csv, encoding: utf-16}\n", map[string]string{
		"t.tsv": "id\ta,b\n1\tx;y\n",
		"u.csv": "\xff\xfei\x00d\x00;\x00n\x00\n\x001\x00;\x00\xfc\x00\n\x00",
	})
	f, _ := os.Create(filepath.Join(w.root, "x.csv.gz"))
	gz := gzip.NewWriter(f)
	gz.Write([]byte("id|name\n1|J\xfcrgen\n"))
	gz.Close()
	f.Close()
	w.make("COPY (SELECT 1 AS id, 'ä' AS n) TO '" + w.root + "/z.csv.zst' (FORMAT csv, COMPRESSION zstd)")
	w.mustLoad()
	w.wantRows("FROM snapshot.d", "1|Jürgen")
	w.wantRows("FROM snapshot.z", "1|ä")
	w.wantRows("FROM snapshot.u", "1|ü")
	w.wantRows(`SELECT id FROM snapshot.tabs`, "1")
}
