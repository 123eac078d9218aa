package engine_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"personae/engine/render/browsertest"
	"personae/engine/render/readback"
)

// pages opens every page of the example's report in a browser, and reads the
// numbers back against report.json.
func (h *harbour) pages(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	b := browsertest.Open(t)
	dir := filepath.Join(h.outcome.Version.Dir, "report")
	raw, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r map[string]any
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	read := 0
	look := func(file string, accessible bool, of any) {
		b.Visit(t, file, accessible)
		leads(t, file)
		said := b.Text(t)
		shown(of, func(text string) {
			read++
			if !strings.Contains(said, text) {
				t.Errorf("%s does not say %q, which report.json does", file, text)
			}
		})
	}
	look(h.outcome.FrontPage, true, r["populations"])
	same := func(file string, about map[string]any) {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		page, err := html.Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range readback.Of(r, about).Page(page) {
			t.Errorf("%s: %s", file, wrong)
		}
	}
	same(filepath.Join(dir, "index.html"), r)
	look(filepath.Join(dir, "index.html"), false, []any{r["populations"], r["datasets"], r["scores"], sizes(r["segments"]), sizes(r["personas"])})
	for i, folder := range []string{"personas", "segments", "segmentations"} {
		for j, one := range r[folder].([]any) {
			about := one.(map[string]any)
			file := filepath.Join(dir, folder, about["name"].(string)+".html")
			look(file, i == 0 || j == 0, one)
			same(file, about)
		}
	}
	if read < 1000 {
		t.Errorf("only %d numbers were read back", read)
	}
}

var link = regexp.MustCompile(`href="([^"#]+)`)

// leads fails where a page leads to a file that is not there.
func leads(t *testing.T, page string) {
	t.Helper()
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range link.FindAllStringSubmatch(string(b), -1) {
		if _, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(m[1]))); err != nil {
			t.Errorf("%s leads to %s, which is not there", page, m[1])
		}
	}
}

// sizes are how large groups are, as the first page says it.
func sizes(groups any) []any {
	var out []any
	for _, g := range groups.([]any) {
		size := g.(map[string]any)["size"].(map[string]any)
		out = append(out, size["members"], size["share"], size["value_share"])
	}
	return out
}

// shown finds the numbers of a report: what has a value, and a text to show it.
func shown(v any, f func(text string)) {
	switch x := v.(type) {
	case []any:
		for _, one := range x {
			shown(one, f)
		}
	case map[string]any:
		text, _ := x["text"].(string)
		if _, number := x["value"].(float64); number && text != "" && x["hidden"] != true {
			f(text)
			return
		}
		for key, one := range x {
			if key != "apart" { // the page has the strongest
				shown(one, f)
			}
		}
	}
}
