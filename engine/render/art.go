package render

import (
	"html/template"
	"sync"

	"personae/engine/format"
	"personae/engine/render/charts"
	"personae/engine/render/portraits"
	"personae/engine/report"
)

// Art is what pages are drawn with, beside the report.
type Art struct {
	Cache  Cache             // keeps drawings by content; nil draws all anew
	Images map[string]string // data: URIs of the images that portraits name, by path
}

// Cache keeps drawings between runs. Get gives what Put was last given under a
// key. Both are called from several goroutines.
type Cache interface {
	Get(key string) ([]byte, bool)
	Put(key string, b []byte)
}

// easel collects the drawings of a site while its pages are prepared, so that all
// cores draw at once.
type easel struct {
	art   Art
	jobs  []*charts.Job
	faces map[string]*face
}

// face is a portrait: drawn, or an image of the user's own. Neither is there where
// a drawing has failed or an image is missing; initials stand in their place.
type face struct {
	drawing portraits.Face
	Image   template.URL
	SVG     template.HTML
	Alt     string
	Name    string
	err     error
}

// chart takes down a picture to draw.
func (s *site) chart(c charts.Chart) *charts.Job {
	j := &charts.Job{Chart: c}
	s.easel.jobs = append(s.easel.jobs, j)
	return j
}

// face takes down a persona's portrait. Seed is what tells personas apart, so that
// a face stays what it is while everything else about a persona is edited.
func (s *site) face(p report.Persona) *face {
	if f := s.easel.faces[p.Name]; f != nil {
		return f
	}
	f := &face{Alt: p.PortraitAlt, Name: p.DisplayName}
	switch {
	case s.easel.art.Images[p.Portrait] != "":
		f.Image = template.URL(s.easel.art.Images[p.Portrait]) // checked by portraits.Image
	case portraits.KnownStyle(p.Portrait):
		f.drawing = portraits.Face{Style: p.Portrait, Seed: p.Name + " " + p.DisplayName, Alt: p.PortraitAlt}
	}
	s.easel.faces[p.Name] = f
	return f
}

// draw draws all that was taken down.
func (e *easel) draw() error {
	var busy sync.WaitGroup
	free := make(chan struct{}, 2)
	for _, f := range e.faces {
		if f.drawing.Seed == "" {
			continue
		}
		busy.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			svg, err := f.drawing.Draw(e.art.Cache)
			f.SVG, f.err = template.HTML(svg), err
		})
	}
	busy.Wait()
	for _, f := range e.faces {
		if f.err != nil {
			return f.err
		}
	}
	return charts.DrawAll(e.jobs, e.art.Cache)
}

// chartWords writes the numbers of charts in the project's locale.
type chartWords struct{ f *format.Formatter }

func (w chartWords) Percent(share float64) string {
	text, _ := w.f.Percent(share, format.Auto)
	return text
}

func (w chartWords) Value(v float64, unit string) string {
	text, ok := w.f.Value(v, unit)
	if !ok {
		text, _ = w.f.Number(v, format.Auto)
	}
	return text
}
