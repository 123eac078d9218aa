package render

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"personae/engine/render/browsertest"
)

// findings is a test that takes down what is found.
type findings struct{ list []string }

func (f *findings) Helper() {}
func (f *findings) Errorf(format string, args ...any) {
	f.list = append(f.list, fmt.Sprintf(format, args...))
}
func (f *findings) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// A persona's page is spoilt in many places, and the browser finds each: a check that
// finds nothing on a spoilt page proves nothing on a good one.
func TestSpoiltPagesAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	page := string(cases(t)["every/personas/bianca.html"])
	spoils := []struct{ what, old, spoilt, want string }{
		{"a picture without words for those who do not see it", ` role="img" aria-label="Age`, ` role="img" data-was="Age`, "role-img-alt"},
		{"a chart without words", `<svg class="chart"`, `<svg class="chart" viewBox="0 0 9 9" role="img"><text>x</text></svg><svg class="chart"`, "svg-img-alt"},
		{"a number that is none", "</h1>", `</h1><p>NaN</p>`, "it says NaN"},
		{"a text too small", "</h1>", `</h1><p style="font-size:6px">small</p>`, "6.0 pixels"},
		{"a line that does not break", "</h1>", `</h1><p style="white-space:nowrap">` + strings.Repeat("word ", 400) + "</p>", "the page is 1"},
		{"pale words", "</h1>", `</h1><p style="color:#888;background:#999">pale</p>`, "color-contrast"},
		{"a page elsewhere", "</h1>", `</h1><a href="https://example.com/x">x</a>`, "it leads to https://example.com/x"},
		{"a picture from elsewhere", "</h1>", `</h1><img src="https://127.0.0.1:9/x.png">`, "127.0.0.1:9"},
		{"a picture without a name", "", "", "image-alt"},
		{"a place that is not there", "</h1>", `</h1><a href="#nowhere">x</a>`, "nothing is at #nowhere"},
		{"another script", "</h1>", `</h1><script>alert(1)</script>`, "Content Security Policy"},
		{"a field without a name", "</h1>", `</h1><input>`, "(label)"},
		{"a page of no language", `<html lang=`, `<html data-lang=`, "html-has-lang"},
		{"a chart of nothing", "</h1>", `</h1><svg class="chart" role="img" aria-label="nothing"></svg>`, "a chart is empty: nothing"},
		{"a chart shrunk", "</h1>", `</h1><svg class="chart" style="--w:9" viewBox="0 0 900 300" role="img" aria-label="x"><text y="50">shrunk</text></svg>`, `"shrunk" is`},
	}
	for _, x := range spoils {
		if !strings.Contains(page, x.old) {
			t.Fatalf("%s: the page cannot be spoilt", x.what)
		}
		if x.old != "" { // else another one spoils it, too
			page = strings.Replace(page, x.old, x.spoilt, 1)
		}
	}
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	var found findings
	browsertest.Open(t).Visit(&found, file, true)
	all := strings.Join(found.list, "\n")
	for _, x := range spoils {
		if !strings.Contains(all, x.want) {
			t.Errorf("%s is not found:\n%s", x.what, all)
		}
	}
}
