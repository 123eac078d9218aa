package charts

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"personae/engine/report"
)

type english struct{}

func (english) Percent(v float64) string         { return fmt.Sprintf("%g%%", math.Round(v*1000)/10) }
func (english) Value(v float64, u string) string { return u + fmt.Sprintf("%g", v) }

func num(v float64) report.Number { return report.Number{Value: &v, Text: english{}.Percent(v)} }

var hidden = report.Number{Hidden: true, Reason: "Hidden: fewer than 5 people"}

func bin(label string, here, all float64) report.Bin {
	return report.Bin{Label: label, Share: num(here), Everyone: num(all)}
}

func histogram(here, all []float64) report.Distribution {
	d := report.Distribution{Title: "Spend in a year", Kind: report.Histogram, Unit: "£"}
	for i := range here {
		low, high := float64(i*250), float64(i*250+250)
		b := bin("", here[i], all[i])
		b.Low, b.High = &low, &high
		d.Bins = append(d.Bins, b)
	}
	return d
}

func wholeNumbers() report.Distribution {
	one := 1.0
	few, many := bin("0", .2, .4), bin("1 or more", .8, .6)
	few.High, many.Low = &one, &one
	return dist(report.Histogram, few, many)
}

func dist(kind report.DistributionKind, bins ...report.Bin) report.Distribution {
	return report.Distribution{Title: "Title", Kind: kind, Bins: bins}
}

var axes = Axes{Across: "Share of <customers>", Up: "Up"}

// gallery is one picture of every sort, with what is awkward about each.
func gallery() map[string]Chart {
	secret := bin("York", 0, 0)
	secret.Share, secret.Everyone = hidden, hidden
	hours := dist(report.WeekHours)
	for i := range 168 {
		b := bin("", math.Abs(math.Sin(float64(i%24)/24*math.Pi*2))*float64(1+i/24)/400, 0.01)
		if i == 50 {
			b.Share = hidden
		}
		hours.Bins = append(hours.Bins, b)
	}
	months := dist(report.Months)
	for i := range 24 {
		months.Bins = append(months.Bins, bin([]string{"Jan", "Feb", "Mar"}[i%3]+" 2025", 0.02+float64(i%7)/100, 0.04))
	}
	lo, hi := 0.3, 0.6
	feels := func(v float64) *float64 { return &v }
	stages := []report.Stage{{Title: "Aware", Share: num(.91), Feeling: feels(1)}, {Title: "Compares <three> shops", Share: num(.6), Feeling: feels(-1.5)},
		{Title: "Buys", Share: num(.41)}, {Title: "Comes back", Share: hidden, Feeling: feels(2)}}
	journey := report.Journey{Labels: report.Labels{Title: "Purchase"}, Stages: stages}
	score := report.Score{Labels: report.Labels{Title: "BANT"}, Outcome: "x", Bands: []report.Band{
		{Title: "Hot", Size: report.Size{Share: num(.1)}, Rate: num(.52), Low: &lo, High: &hi}, {Title: "Warm", Size: report.Size{Share: num(.3)}, Rate: num(.2)},
		{Title: "Cold", Size: report.Size{Share: num(.6)}, Rate: hidden}}, Gain: []report.GainPoint{{Share: .1, Outcomes: .4}, {Share: .4, Outcomes: .8}, {Share: 1, Outcomes: 1}}}
	titles := []string{"Evening planners", "Lapsing big spenders with a long name", "<b>&", "ليلى", "Five"}
	all := journey
	return map[string]Chart{
		"histogram":  Distribution(histogram([]float64{.1, .3, .25, .15, .1, .05, .03, .01, .01}, []float64{.3, .25, .15, .1, .1, .05, .03, .01, .01}), english{}, axes),
		"whole":      Distribution(wholeNumbers(), english{}, axes),
		"one bin":    Distribution(histogram([]float64{1}, []float64{1}), english{}, axes),
		"categories": Distribution(dist(report.Categories, bin("Leeds", .4, .2), bin("Llanfairpwllgwyngyllgogerychwyrndrobwll", .2, .3), secret, bin("Other", .1, .3)), english{}, axes),
		"yes no":     Distribution(dist(report.YesNo, bin("Yes", .46, .33)), english{}, axes),
		"months":     Distribution(months, english{}, axes),
		"week":       Distribution(hours, english{}, axes),
		"exclusive":  Distribution(dist(report.Exclusive, bin("Champion", .4, .2), bin("At risk", .3, .3), secret, bin("Else", .2, .4)), english{}, axes),
		"funnel":     Funnel(journey, &all, axes),
		"feeling":    Feeling(journey),
		"bands":      Bands(score, nil, axes),
		"rates":      Rates(score, axes),
		"gain":       Gain(score, english{}, axes),
		"overlap": Overlap("Overlap", titles, Axes{Up: "Up"}, func(i, j int) report.Number {
			if i+j == 4 {
				return hidden
			}
			return num(float64(i+j) / 8)
		}),
	}
}

var drawn = sync.OnceValues(func() (map[string]string, error) {
	out := map[string]string{}
	for name, c := range gallery() {
		svg, err := c.Draw(nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = svg
	}
	return out, nil
})

func pictures(t *testing.T) map[string]string {
	t.Helper()
	out, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPicturesAreWellFormed(t *testing.T) {
	for name, svg := range pictures(t) {
		if !strings.HasPrefix(svg, `<svg class="chart" `) || strings.Count(svg, "<path")+strings.Count(svg, "<text") < 3 {
			t.Errorf("%s: nothing is drawn:\n%s", name, svg)
		}
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, svg)
			}
		}
	}
}

// A page holds many pictures, in either colour scheme, under a policy that allows
// no script and no request.
func TestPicturesFitIntoAPage(t *testing.T) {
	alien := regexp.MustCompile(`zr\d|ecmeta|<style|<script|href|NaN|undefined|Infinity|class="[^ca]`)
	colour := regexp.MustCompile(`(?:fill|stroke)="([^"]*)"`)
	allowed := regexp.MustCompile(`^(none|transparent|var\(--[a-z]+\)|url\(#hatch\))$`)
	if !alien.MatchString(`<path class="zr0-cls-0">`) {
		t.Fatal("the check finds nothing")
	}
	for name, svg := range pictures(t) {
		if found := alien.FindString(svg); found != "" {
			t.Errorf("%s holds %q", name, found)
		}
		for _, m := range colour.FindAllStringSubmatch(svg, -1) {
			if !allowed.MatchString(m[1]) {
				t.Errorf("%s: the colour %q is not the page's", name, m[1])
			}
		}
	}
	if !strings.Contains(pictures(t)["categories"], Hatch) || strings.Contains(pictures(t)["histogram"], Hatch) {
		t.Error("what is hidden is not hatched, or what is not hidden is")
	}
}

func TestSameChartSameBytes(t *testing.T) {
	first := pictures(t)
	jobs, names := []*Job{}, slices.Sorted(maps.Keys(first))
	for _, name := range names {
		jobs = append(jobs, &Job{Chart: gallery()[name]})
	}
	if err := DrawAll(jobs, nil); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		if jobs[i].SVG != first[name] {
			t.Errorf("%s has other bytes when drawn again", name)
		}
	}
	other := gallery()["gain"]
	other.Label = "Another"
	svg, err := other.Draw(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range regexp.MustCompile(`id="([^"]+)"`).FindAllStringSubmatch(svg, -1) {
		if strings.Contains(first["gain"], `"`+id[1]+`"`) {
			t.Errorf("two pictures share the id %s", id[1])
		}
	}
}

type memory struct {
	sync.Mutex
	held      map[string][]byte
	got, puts int
}

func (m *memory) Get(key string) ([]byte, bool) {
	m.Lock()
	defer m.Unlock()
	b, ok := m.held[key]
	if ok {
		m.got++
	}
	return b, ok
}

func (m *memory) Put(key string, b []byte) {
	m.Lock()
	defer m.Unlock()
	m.puts++
	m.held[key] = b
}

func TestCache(t *testing.T) {
	m := &memory{held: map[string][]byte{}}
	c := gallery()["categories"]
	cold, err := c.Draw(m)
	if err != nil {
		t.Fatal(err)
	}
	warm, err := c.Draw(m)
	if err != nil || warm != cold || m.got != 1 || m.puts != 1 {
		t.Errorf("drawn again from the cache: %v, same %v, read %d, written %d", err, warm == cold, m.got, m.puts)
	}
	c.Label = "Another title"
	if other, _ := c.Draw(m); other == cold || m.puts != 2 {
		t.Error("another chart came from the cache")
	}
}

func TestNothingToDraw(t *testing.T) {
	for name, c := range map[string]Chart{
		"no bins": Distribution(dist(report.Categories), english{}, axes), "a reason": Distribution(report.Distribution{Reason: "Hidden", Bins: []report.Bin{bin("a", 1, 1)}}, english{}, axes),
		"no stages": Funnel(report.Journey{}, nil, axes), "one feeling": Feeling(report.Journey{Stages: []report.Stage{{}}}),
		"no outcome": Rates(report.Score{Bands: []report.Band{{}}}, axes), "no gain": Gain(report.Score{}, english{}, axes), "one group": Overlap("x", []string{"a"}, axes, nil),
	} {
		if svg, err := c.Draw(nil); svg != "" || err != nil {
			t.Errorf("%s: %q %v", name, svg, err)
		}
	}
}

func TestSpark(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	if got := Spark("x", []*float64{v(1), nil, v(3), v(2)}); !strings.Contains(got, "M3.0 17.0M55.0 3.0L81.0 10.0") {
		t.Error(got)
	}
	if got := Spark("x", []*float64{v(1), nil}); got != "" {
		t.Error(got)
	}
}

// TestLook writes every picture to the page that LOOK names.
func TestLook(t *testing.T) {
	file := os.Getenv("LOOK")
	if file == "" {
		t.Skip("set LOOK to a file")
	}
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><meta charset="utf-8"><style>:root{--accent:#0b6568;--all:#c9ced2;--everyone:#777f87;--ink:#1b2226;--soft:#566068;--line:#e2dfd8;--track:#eee;--card:#fff;--on:#fff}
body{font-family:system-ui,sans-serif;display:flex;flex-wrap:wrap;gap:20px}figure{margin:0;border:1px solid #ddd;padding:12px}.chart{width:calc(var(--w)*1px)}</style>
<svg width="0" height="0"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="6" fill="var(--everyone)"/></pattern></defs></svg>`)
	for _, name := range slices.Sorted(maps.Keys(pictures(t))) {
		b.WriteString("<figure><b>" + name + "</b><br>" + pictures(t)[name] + "</figure>")
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
