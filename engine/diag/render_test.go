package diag

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"personae/engine/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

var rules = "kind: Segment\n" +
	"name: big\n" +
	"wen: customer.age > 3\n" +
	"title: \"中文 👩‍👧 naïve\tand broken\"\n" +
	"when: |-\n" +
	"  customer.spend > 500\n" +
	"    && customer.cty == 'Berlin'\n" +
	"    && customer.age > 3\n" +
	"    && !segment.staff\n" +
	"long: " + strings.Repeat("customer.age > 3 || ", 9) + "customer.agee > 4" + strings.Repeat(" || customer.age > 5", 9) + "\n" +
	"evil: \x1b[31mred\x1b[0m \u202eback\u202c\n"

// findings is one list with every feature of a diagnostic, and the files it points into.
func findings() (List, Files) {
	f := source.NewFile("rules/big.yaml", []byte(rules))
	other := source.NewFile("rules/a b,c.yaml", []byte("kind: Segment\nname: big\n"))
	find := func(s string) source.Range {
		i := strings.Index(rules, s)
		return f.Range(i, i+len(s))
	}
	var l List
	l.Report("empty-is-not-equal", find("customer.age > 3\n"), "An empty age counts as different")
	l.Infof("uncertain-guess", source.Range{}, "The timezone was guessed: Europe/London")
	l.Report("unknown-key", find("wen"), "%q is not a key of Segment. Did you mean %q?", "wen", "when").
		Fix = &Fix{Range: find("wen"), Replacement: "when", Title: "write when"}
	l.Report("duplicate-name", find("big\n"), "The name big is used twice").
		Relate(other.Range(20, 23), "First defined here").
		Detail = "Rename one of the two:\n  name: big_spenders\n" + strings.Repeat("Names are unique in the project. ", 5)
	d := l.Report("literal-needs-double", find("500"), "The number needs a decimal point")
	d.Fix = &Fix{Range: d.Range, Replacement: "500.0"}
	l.Report("wrong-type", find("naïve"), "wide characters before")
	l.Report("wrong-type", find("and"), "a tab before")
	l.Report("cel-type", find("customer.spend > 500\n    && customer.cty == 'Berlin'\n    && customer.age > 3\n    && !segment.staff"), "over lines")
	l.Report("bad-value", find("red"), "terminal \x1b]0;title\x07 and \r\n::error::injection %% done")
	l.Report("unknown-name", find("agee"), "in the middle of a long line")
	l.Report("cel-syntax", find(rules[strings.Index(rules, "long")+6:strings.Index(rules, "evil")-1]), "a long line as a whole")
	l.Report("data-missing", source.Range{File: "data/x.parquet"}, "The file is not there")
	l.Report("yaml-syntax", f.Range(len(rules), len(rules)), "The file ends too early")
	l.Report("unknown-name", source.Range{File: "rules/gone.yaml", Start: source.Pos{Line: 3, Column: 1}, End: source.Pos{Line: 3, Column: 2}}, "in a file without source")
	return l, Files{f.Path: f, other.Path: other}
}

func TestGolden(t *testing.T) {
	l, files := findings()
	cases := []struct {
		name, format string
		opt          Options
	}{
		{"text", "text", Options{Files: 24}},
		{"text-narrow", "text", Options{Width: 40}},
		{"text-color", "text", Options{Color: true, Files: 1}},
		{"json", "json", Options{Files: 24}},
		{"sarif", "sarif", Options{Version: "1.2.3", Prefix: "shop"}},
		{"github", "github", Options{Prefix: "shop/", Files: 24}},
		{"gitlab", "gitlab", Options{Prefix: "."}},
		{"junit", "junit", Options{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			render, err := Format(c.format)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := render(&out, l, files, c.opt); err != nil {
				t.Fatal(err)
			}
			golden(t, c.name, out.Bytes())
			if !c.opt.Color && bytes.ContainsAny(out.Bytes(), "\x1b\x07\r\u202e") {
				t.Error("characters that a terminal obeys came through")
			}
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", path, d)
	}
}

// TestNothing renders an empty list: every format is complete and valid.
func TestNothing(t *testing.T) {
	want := map[string]string{"text": "no problems in 3 files\n", "github": "no problems in 3 files\n", "gitlab": "[]\n"}
	for _, name := range Formats() {
		render, err := Format(name)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := render(&out, nil, nil, Options{Files: 3}); err != nil {
			t.Fatal(err)
		}
		if w, ok := want[name]; ok && out.String() != w {
			t.Errorf("%s: %q", name, out.String())
		}
		var any any
		switch name {
		case "json", "sarif", "gitlab":
			err = json.Unmarshal(out.Bytes(), &any)
		case "junit":
			var suites junitSuites
			if err = xml.Unmarshal(out.Bytes(), &suites); suites.Tests != 1 || suites.Failures != 0 {
				t.Errorf("junit counts %+v", suites)
			}
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSARIFSchema asks the schema of SARIF 2.1.0, and that a wrong log would be noticed.
func TestSARIFSchema(t *testing.T) {
	l, files := findings()
	var out bytes.Buffer
	if err := SARIF(&out, l, files, Options{}); err != nil {
		t.Fatal(err)
	}
	report, err := sarif.FromBytes(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Validate(); err != nil {
		t.Error(err)
	}
	report.Runs[0].Results[0].Level = "dreadful"
	if report.Validate() == nil {
		t.Error("the schema accepts anything")
	}
}

func TestFormatUnknown(t *testing.T) {
	_, err := Format("jsno")
	if err == nil || !strings.Contains(err.Error(), "Did you mean json?") {
		t.Errorf("got %v", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// TestWriteFails: no format loses the error of its output.
func TestWriteFails(t *testing.T) {
	l, files := findings()
	for _, name := range Formats() {
		render, _ := Format(name)
		if render(brokenWriter{}, l, files, Options{}) == nil {
			t.Errorf("%s does not notice that nothing is written", name)
		}
	}
}

func TestWantsColor(t *testing.T) {
	if WantsColor(&bytes.Buffer{}, []string{"TERM=xterm-256color"}) {
		t.Error("colour in a file")
	}
	if !WantsColor(&bytes.Buffer{}, []string{"TERM=xterm-256color", "CLICOLOR_FORCE=1"}) {
		t.Error("no colour although it was asked for")
	}
}
