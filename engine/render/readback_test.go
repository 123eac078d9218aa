package render

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"personae/engine/render/readback"
)

// readable are the pages of the fixture with what each is about in report.json.
func readable(t *testing.T) (whole readback.Object, pages map[string]*html.Node, about map[string]readback.Object) {
	t.Helper()
	files := all(t, every())
	if err := json.Unmarshal(files["report.json"], &whole); err != nil {
		t.Fatal(err)
	}
	pages, about = map[string]*html.Node{}, map[string]readback.Object{}
	add := func(name string, of readback.Object) {
		root, err := html.Parse(strings.NewReader(string(files[name])))
		if err != nil {
			t.Fatal(err)
		}
		pages[name], about[name] = root, of
	}
	add("index.html", whole)
	for _, folder := range []string{"personas", "segments", "segmentations"} {
		for _, one := range whole[folder].([]any) {
			of := one.(readback.Object)
			add(path.Join(folder, of["name"].(string)+".html"), of)
		}
	}
	return whole, pages, about
}

func TestPagesSayWhatReportJSONSays(t *testing.T) {
	whole, pages, about := readable(t)
	for name, page := range pages {
		for _, f := range readback.Of(whole, about[name]).Page(page) {
			t.Errorf("%s: %s", name, f)
		}
	}
}

var someNumber = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// A wrong number is found wherever it stands in a picture, its table, its caption or
// its words: each is made wrong by itself, by one in its last digit, on all pages. So is
// a caption that says nothing of whom it rests on, and an axis without a title.
func TestEveryWrongNumberIsFound(t *testing.T) {
	whole, pages, about := readable(t)
	made := 0
	for name, page := range pages {
		reader := readback.Of(whole, about[name])
		check := func(what string) {
			made++
			if len(reader.Page(page)) == 0 {
				t.Errorf("%s: %s is not found", name, what)
			}
		}
		var spoil func(n *html.Node, within bool)
		spoil = func(n *html.Node, within bool) {
			if n.Data == "figure" && strings.Contains(attribute(n, "class"), "plot") {
				within = true
			}
			if class := attribute(n, "class"); within && n.Type == html.ElementNode && (class == "axis" || class == "foot") {
				parent, next := n.Parent, n.NextSibling
				parent.RemoveChild(n)
				check("the " + class + " " + text(n) + " that is not there")
				parent.InsertBefore(n, next)
			}
			if n.Type == html.TextNode && within {
				amiss(n.Data, func(s string) { was := n.Data; n.Data = s; check(s + " for " + was); n.Data = was })
			}
			for i := range n.Attr {
				if a := &n.Attr[i]; within && n.Data == "svg" && a.Key == "aria-label" {
					amiss(a.Val, func(s string) { was := a.Val; a.Val = s; check(s + " for " + was); a.Val = was })
				}
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				spoil(c, within)
			}
		}
		spoil(page, false)
	}
	if made < 500 {
		t.Errorf("only %d pages were spoilt", made)
	}
}

// amiss gives a text with each of its numbers wrong by one in the last digit.
func amiss(said string, f func(string)) {
	for _, at := range someNumber.FindAllStringIndex(said, -1) {
		last := said[at[1]-1]
		f(said[:at[1]-1] + string('0'+(last-'0'+1)%10) + said[at[1]:])
	}
}
