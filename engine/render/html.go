package render

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"personae/engine/report"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed style.css
var style string

//go:embed script.js
var script string

// pages are the templates, parsed when the first page is written: most commands write none.
var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"monogram": monogramOf,
		"plural":   peopleOf,
		"place":    place,
		"prose":    prose,
		"upper":    upper,
	}).ParseFS(templateFiles, "templates/*.html"))
})

// policy lets a page show itself and nothing else: no request leaves it.
var policy = func() string {
	sum := sha256.Sum256([]byte(script))
	return "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-" +
		base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// page is what every template reads.
type page struct {
	Title   string
	Project string
	Home    string // link to the report's first page; "" on that page
	AsOf    string
	Policy  string
	Style   template.CSS
	Script  template.JS
	View    any
}

func (s *site) page(name, title, home string, view any) ([]byte, error) {
	var b bytes.Buffer
	err := pages().ExecuteTemplate(&b, name+".html", page{
		Title: title, Project: s.r.Project.Name, Home: home, AsOf: s.instant(s.r.AsOf),
		Policy: policy, Style: template.CSS(style), Script: template.JS(script), View: view,
	})
	if err != nil {
		return nil, fmt.Errorf("page %q: %w", title, err)
	}
	return tidy(b.Bytes()), nil
}

// tidy takes out the blank lines that templates leave.
func tidy(b []byte) []byte {
	var out strings.Builder
	for line := range strings.Lines(string(b)) {
		if strings.TrimSpace(line) != "" {
			out.WriteString(line)
		}
	}
	return []byte(out.String())
}

// sheet is a page that is prepared and not written yet: what it draws comes first.
type sheet struct {
	path, template, title, home string
	site                        *site
	view                        any
}

// HTML is the pages of a version by path: index.html, segments/, segmentations/
// and personas/. They hold this version alone: nothing of the past or the run.
func HTML(r *report.Report, art Art) (map[string][]byte, error) {
	top, err := newSite(r, "", art)
	if err != nil {
		return nil, err
	}
	sheets, err := top.sheets()
	if err != nil {
		return nil, err
	}
	if err := top.easel.draw(); err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, x := range sheets {
		if _, twice := out[x.path]; twice {
			return nil, fmt.Errorf("two pages would be written to %s", x.path)
		}
		if out[x.path], err = x.site.page(x.template, x.title, x.home, x.view); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sheets prepares every page.
func (s *site) sheets() ([]sheet, error) {
	out := []sheet{{"index.html", "index", s.r.Project.Name, "", s, s.index()}}
	below := s.at("../")
	var bad error
	one := func(folder, name, template, title string, view any) {
		if !fileName.MatchString(name) {
			bad = fmt.Errorf("%q cannot be the name of a page", name)
		}
		out = append(out, sheet{folder + "/" + name + ".html", template, title, "../index.html", below, view})
	}
	for _, p := range s.r.Personas {
		one("personas", p.Name, "persona", p.DisplayName, below.persona(p))
	}
	for _, g := range s.r.Segments {
		one("segments", g.Name, "segment", g.Title, below.segmentPage(g))
	}
	for _, g := range s.r.Segmentations {
		one("segmentations", g.Name, "segmentation", g.Title, below.segmentation(g))
	}
	return out, bad
}
