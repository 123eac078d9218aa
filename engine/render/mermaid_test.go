package render

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"personae/engine/report"
)

// evilText tries to end whatever stands around it.
const evilText = "```\n# x\n</details>\"];%%{init:{}}%% `x` <b>|#quot; $$x$$ @admin [l](https://a.b) ليلى: a, b"

func float(x float64) *float64 { return &x }

// drawn is a report with everything that can be drawn, hostile in all its text.
func drawn() *report.Report {
	r := every()
	p := &r.Personas[0]
	none := report.Number{}
	bins := func(labels ...string) []report.Bin {
		var out []report.Bin
		for i, l := range labels {
			out = append(out, report.Bin{Label: l, Share: share(0.05 * float64(i+1)), Everyone: share(0.08), Members: count(int64(100 * i))})
		}
		return out
	}
	categories := bins("Leeds", evilText, "York")
	categories[2].Share, categories[2].Members = gone(fewer), gone(fewer)
	week := report.Distribution{Title: "When they order", Kind: report.WeekHours, N: count(900), Unknown: count(0)}
	for i := range 7 * 24 {
		b := report.Bin{Share: share(1.0 / 168), Everyone: share(1.0 / 168)}
		if i == 30 {
			b.Share = gone(fewer)
		}
		week.Bins = append(week.Bins, b)
	}
	p.Charts = []report.Distribution{
		{Title: "Age", Kind: report.Histogram, Bins: bins("18 to 24", "25 to 34", "35 to 44"), N: count(3380), Unknown: count(32), Takeaway: "Half of them are between 35 and 44"},
		{Title: evilText, Kind: report.Categories, Bins: categories, N: count(3380), Unknown: none},
		{Title: "Newsletter", Kind: report.YesNo, Bins: bins("yes")}, week,
		{Title: "Income", Kind: report.Histogram, Reason: fewer},
	}
	p.Apart = []report.Difference{
		{Label: "city", Value: "Leeds", Text: "1.9 times as common as among all customers", Share: share(0.4), Everyone: share(0.21)},
		{Label: "age", Value: evilText, Text: "half as common", Share: share(0.1), Everyone: share(0.2)},
	}
	p.Quotes = []report.Quote{{Text: evilText, From: "Reviews", Note: "From reviews by anyone, not only this group"}}
	p.LeftOut = []string{"Tagline: " + fewer}
	p.Who.Words = "is in “Evening planners” and has at least 2 orders in the last 365 days"
	j := report.Journey{Name: "purchase", Labels: report.Labels{Title: "Purchase"}, Entity: "customer", Unknown: count(12), Nowhere: count(40), Stages: []report.Stage{
		{Title: "Aware", Expression: "customer.visits > 0", Words: "has at least 1 visit", Share: share(0.9), Reached: count(18000), Doing: evilText, Thinking: "Is it worth the wait?", Feeling: float(-1), Response: "Show delivery dates", Pains: []string{"Slow", evilText}},
		{Title: evilText, Expression: "a || b", Share: gone(fewer), Reached: gone(fewer), FromPrevious: gone(fewer), Feeling: float(2)},
		{Title: "Buys", Expression: "customer.orders.size() > 0", Share: share(0.3), Reached: count(6000), FromPrevious: share(0.33), Skipped: count(30), MedianHours: count(72),
			Touchpoints: []report.Touchpoint{{Name: "News|letter", Count: count(5), Each: count(1)}}},
	}}
	p.Journey = &j
	r.Personas[1].Journey = &j
	r.Journeys = []report.Journey{j}
	r.Scores = []report.Score{{Name: "bant", Labels: report.Labels{Title: "BANT"}, Entity: "customer", Outcome: "customer.bought", Verdict: "The score separates well", Unknown: count(3),
		Bands: []report.Band{{Title: "Hot", From: 70, Size: size(300, 0, 100), Rate: share(0.4), Low: float(0.34), High: float(0.46)}, {Title: evilText, From: 0, Size: size(3000, 0, 100), Rate: share(0.04)}},
		Gain:  []report.GainPoint{{Share: 0.1, Outcomes: 0.4}, {Share: 0.5, Outcomes: 0.9}, {Share: 1, Outcomes: 1}},
		Parts: []report.ScorePart{{Name: "budget", Title: "Budget", Words: "budget is more than £10,000", Expression: "a | b", Points: 30, True: count(3), Unknown: count(0), Mean: count(1)}}}}
	s := &r.Segments[1]
	s.Rule.Words = "visits *and* more"
	s.Clauses = []report.Clause{{Words: "has at least 3 visits", Expression: "customer.visits >= 3", Alone: count(900), Left: count(900), Unknown: count(0), OnlyThis: count(12)}, {Expression: "a || `b`", Alone: gone(fewer)}}
	s.Apart = p.Apart
	r.Segments[3].Title = evilText
	return r
}

// TestMarkdownOfEverything is read in its golden file, as people see it raw.
func TestMarkdownOfEverything(t *testing.T) {
	got, err := Markdown(drawn())
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/everything.md"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

var (
	fenced = regexp.MustCompile("(?s)```mermaid\n(.*?)\n```\n")
	// chartLine are the only lines that charts are made of. What is between
	// double quotes holds none of the letters that Mermaid or Markdown read.
	chartLine = regexp.MustCompile(`^(` + strings.Join([]string{
		regexp.QuoteMeta(uprightBars), strings.Replace(regexp.QuoteMeta(strings.ReplaceAll(lyingBars, "%%", "%")), "%d", `\d+`, 1),
		`xychart-beta( horizontal)?`, `    title "[^"<>;#\\]*"`, `    x-axis "[^"<>;#\\]+" \["[^"<>;#\\]*"(, "[^"<>;#\\]*")*\]`,
		`    y-axis "[^"<>;#\\]*" 0 --> [0-9.]+`, `    (bar|line) \[[0-9.]+(, [0-9.]+)*\]`,
		`flowchart LR`, `    s\d+\["[^"<>;#\\]*"\]`, `    s\d+ -->(\|"[^"<>;#\\]*"\|)? s\d+`,
		`journey`, `    title How it feels, from 1 to 5`, `    section [^:"<>;#\\]*`, `      [^:"<>;#\\,]*: [1-5]: [^:"<>;#\\,]*`,
	}, "|") + `)$`)
)

// What data holds cannot end a string, a line or a block of a chart.
func TestChartsHoldNothingButWhatTheyAreMadeOf(t *testing.T) {
	b, err := Markdown(drawn())
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, block := range fenced.FindAllStringSubmatch(string(b), -1) {
		for _, line := range strings.Split(block[1], "\n") {
			if !chartLine.MatchString(line) {
				t.Errorf("a line of a chart holds more than it may: %s", line)
			}
			kinds[strings.Fields(line)[0]]++
		}
	}
	for _, kind := range []string{"xychart-beta", "flowchart", "journey", "bar", "line"} {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s: the test proves little", kind)
		}
	}
	if n := strings.Count(string(b), "```"); n != 2*strings.Count(string(b), "```mermaid") {
		t.Errorf("%d fences", n)
	}
	if open, closed := strings.Count(string(b), "<details>"), strings.Count(string(b), "</details>"); open != closed || open == 0 {
		t.Errorf("%d details are opened and %d closed", open, closed)
	}
}

func TestGainIsReadBetweenItsPoints(t *testing.T) {
	line := []report.GainPoint{{Share: 0.2, Outcomes: 0.6}, {Share: 1, Outcomes: 1}}
	for share, want := range map[float64]float64{0: 0, 0.1: 0.3, 0.2: 0.6, 0.6: 0.8, 1: 1} {
		if got := gainAt(line, share); fmt.Sprintf("%.6f", got) != fmt.Sprintf("%.6f", want) {
			t.Errorf("at %v: %v, want %v", share, got, want)
		}
	}
}

func TestAxesEndAtRoundNumbers(t *testing.T) {
	for top, want := range map[float64]float64{0.4: 0.5, 1: 1, 12: 20, 34: 50, 62: 100, 100: 100} {
		if got := roundUp(top); fmt.Sprintf("%.6f", got) != fmt.Sprintf("%.6f", want) {
			t.Errorf("roundUp(%v) = %v, want %v", top, got, want)
		}
	}
}
