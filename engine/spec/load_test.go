package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"personae/engine/diag"
	"personae/engine/source"
)

func codes(l diag.List) string {
	var out []string
	for _, d := range l {
		out = append(out, d.Range.File+" "+d.Code)
	}
	return strings.Join(out, "\n")
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const segment = "kind: Segment\nname: %s\nwhen: true\n"

func TestLoad(t *testing.T) {
	outside, root := t.TempDir(), t.TempDir()
	write(t, outside, "secret.yaml", fmt.Sprintf(segment, "secret"))
	write(t, root, "rules/b.yml", fmt.Sprintf(segment, "b"))
	write(t, root, "rules/deep/er/a.yaml", fmt.Sprintf(segment, "a"))
	write(t, root, "datasets/odd.yaml", fmt.Sprintf(segment, "in_datasets"))
	write(t, root, "rules/README.md", "not YAML: [")
	write(t, root, "rules/.editor.yaml", "not: [")
	write(t, root, "other/c.yaml", "not: [")
	write(t, root, "rules/huge.yaml", "")
	if err := os.Truncate(filepath.Join(root, "rules/huge.yaml"), 50<<20); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{
		"rules/out.yaml": filepath.Join(outside, "secret.yaml"), "rules/outdir": outside,
		"rules/inside.yaml": "../other/c.yaml", "rules/dangling.yaml": "nowhere.yaml", "rules/loop": "../rules",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Skip(err)
		}
	}
	m, found := Load(root)
	var names []string
	for _, s := range m.Segments {
		names = append(names, s.Name.Value())
	}
	if got := strings.Join(names, " "); got != "in_datasets b a" {
		t.Errorf("segments %q", got)
	}
	want := `rules/dangling.yaml file-unreadable
rules/huge.yaml file-too-large
rules/inside.yaml yaml-syntax
rules/loop file-unreadable
rules/out.yaml path-outside-project
rules/outdir path-outside-project`
	if got := codes(found); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLoadNothing(t *testing.T) {
	if _, found := Load(t.TempDir()); codes(found) != " no-project" {
		t.Errorf("empty folder: %v", found)
	}
	if _, found := Load(filepath.Join(t.TempDir(), "no")); len(found) != 1 || found[0].Code != "no-project" {
		t.Errorf("no folder: %v", found)
	}
}

func TestLoadFS(t *testing.T) {
	m, found := LoadFS(fstest.MapFS{"rules/a.yaml": {Data: []byte(fmt.Sprintf(segment, "a"))}})
	if len(found) > 0 || len(m.Segments) != 1 || m.Segments[0].When.Value() != "true" || m.Project.Name.Value() != "project" {
		t.Errorf("%v %+v", found, m)
	}
}

func parse(texts ...string) (*Module, diag.List) {
	var files []*source.File
	for i, text := range texts {
		files = append(files, source.NewFile(fmt.Sprintf("rules/%d.yaml", i), []byte(text)))
	}
	return Parse(files)
}

// TestSourceText: text is what stands in the file, never YAML's guess.
func TestSourceText(t *testing.T) {
	m, found := parse("kind: Parameters\nvalues: {a: 01234, b: no, c: 500.0, d: 1e3, e: 2026-01-01, f: 'x', g: \"\", h: 0x10, i: Yes}\n")
	if len(found) > 0 {
		t.Fatal(found)
	}
	var got []string
	for _, e := range m.Parameters[0].Values {
		got = append(got, e.Key.Value()+"="+e.Value.Value())
	}
	if s := strings.Join(got, " "); s != "a=01234 b=no c=500.0 d=1e3 e=2026-01-01 f=x g= h=0x10 i=Yes" {
		t.Error(s)
	}
}

// TestGiven: values of tests are kept as they are written.
func TestGiven(t *testing.T) {
	m, found := parse("kind: Test\nname: Who's in?\ngiven: {customer: {id: 01234, tags: [a, \"null\", null], empty: , store: {city: Leeds}}}\nexpect: {segment.x: unknown, segment.y: 'unknown'}\n")
	if len(found) > 0 || len(m.Tests) != 1 {
		t.Fatal(found)
	}
	one := m.Tests[0]
	keys := one.Given[0].Value.Keys
	if one.Given[0].Key.Value() != "customer" || keys[0].Value.Text.Value() != "01234" || keys[2].Value.IsNull() != true || keys[3].Value.Keys[0].Key.Value() != "city" {
		t.Errorf("%+v", one.Given[0].Value)
	}
	if tags := keys[1].Value.Items; len(tags) != 3 || tags[1].IsNull() || !tags[2].IsNull() {
		t.Errorf("%+v", keys[1].Value)
	}
	if !one.Expect[0].Value.IsWord("unknown") || one.Expect[1].Value.IsWord("unknown") {
		t.Error("a word in quotes is text")
	}
	if s := one.Expect[0].Value.Range.String(); !strings.HasSuffix(s, ":4:21") {
		t.Errorf("the expected value stands at %s", s)
	}
	if !strings.Contains(string(Canonical(m)), `"01234"`) {
		t.Error("the content is not in the canonical form")
	}
}

func TestCanonical(t *testing.T) {
	a, b := "kind: Segment\nname: a\nwhen: |-\n  x\n  && y\n", "kind: Segment\nname: b\nwhen: true\nexpect: {share: [0.1, 0.2]}\n"
	forms := [][]string{
		{a, b}, {b, a}, {a + "---\n" + b},
		{"# comment\nname: a\nkind: Segment\nwhen: \"x\\n&& y\"\n", "kind: 'Segment'\nname: b\nexpect:\n  share: [0.10, 0.2]\nwhen: true\n"},
	}
	first, found := parse(forms[0]...)
	if len(found) > 0 {
		t.Fatal(found)
	}
	for _, form := range forms[1:] {
		m, _ := parse(form...)
		if string(Canonical(m)) != string(Canonical(first)) {
			t.Errorf("%q differs:\n%s\n%s", form, Canonical(m), Canonical(first))
		}
	}
	for _, other := range []string{"kind: Segment\nname: b\nwhen: false\nexpect: {share: [0.1, 0.2]}\n", b + "title: B\n", b + "tags: []\n", b + "tags: [x]\n"} {
		m, _ := parse(a, other)
		if string(Canonical(m)) == string(Canonical(first)) {
			t.Errorf("%q is the same", other)
		}
	}
}

// TestHostile: files that are cheap to write must be cheap to refuse.
func TestHostile(t *testing.T) {
	const size = 1 << 20
	for name, text := range map[string]string{
		"brackets":   "a: " + strings.Repeat("[", size),
		"braces":     strings.Repeat("{a: ", size/4),
		"deep":       "a: " + strings.Repeat("[\n", size/2),
		"comments":   strings.Repeat("# a\n", size/4),
		"dashes":     "a:\n" + strings.Repeat("- \n", size/3),
		"list":       "a: [" + strings.Repeat("a,\n", size/3) + "]",
		"dense":      "a: [" + strings.Repeat(strings.Repeat("a,", 5000)+"\n", 4*size/10_000) + "]",
		"long line":  "a: [" + strings.Repeat("a,", size/2) + "]",
		"nested":     strings.Repeat("- ", size/2),
		"keys":       "kind: Segment\n" + strings.Repeat("a: b\n", size/5),
		"documents":  strings.Repeat("---\na\n", size/6),
		"quotes":     "a: \"" + strings.Repeat("\\d", 5000) + "\"",
		"traps":      "kind: Segment\n" + strings.Repeat("when: !a && b\n", 5000),
		"more traps": "kind: Segment\n" + strings.Repeat("when: !a && b\n", size/14),
		"names":      strings.Repeat("---\nkind: Segment\nname: a\nwhen: b\n", 10_000),
		"block":      "a: |\n" + strings.Repeat("  x\n", size/4),
		"questions":  strings.Repeat("? ", 9000),
		"colons":     strings.Repeat("a: ", 6000),
	} {
		start := time.Now()
		_, found := parse(text)
		if len(found) == 0 {
			t.Errorf("%s: accepted", name)
		}
		t.Logf("%-10s %8v %d problems", name, time.Since(start).Round(time.Millisecond), len(found))
	}
}

// FuzzParse: nothing panics, every range is inside its file, every problem says what to do.
func FuzzParse(f *testing.F) {
	names, _ := filepath.Glob(cases + "/*.txtar")
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, doc := range strings.Split(string(unescape(b)), "\n---\n") {
			f.Add([]byte(doc))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		file := source.NewFile("rules/a.yaml", b)
		m, found := Parse([]*source.File{file})
		for _, d := range found {
			ranges := []source.Range{d.Range}
			for _, r := range d.Related {
				ranges = append(ranges, r.Range)
			}
			if d.Fix != nil {
				ranges = append(ranges, d.Fix.Range)
			}
			for _, r := range ranges {
				if r.Start.Byte < 0 || r.End.Byte > len(b) || r.End.Byte < r.Start.Byte {
					t.Errorf("%v: the range %v is outside of the file", d, r)
				}
			}
			if d.Detail == "" || strings.Contains(d.Summary, "yaml:") {
				t.Errorf("%+v", d)
			}
			if _, ok := diag.Lookup(d.Code); !ok {
				t.Errorf("unknown code %s", d.Code)
			}
		}
		Canonical(m)
	})
}

func BenchmarkParse(b *testing.B) {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "---\nkind: Segment\nname: s%d\ntitle: Segment %d\nowner: crm@example.com\nwhen: |-\n  customer.age > %d\n    && customer.city == 'Leeds'\nexpect: {share: [0.01, 0.10]}\n", i, i, i)
	}
	for b.Loop() {
		if m, found := parse(text.String()); len(found) > 0 || len(m.Segments) != 1000 {
			b.Fatal(found)
		}
	}
}
