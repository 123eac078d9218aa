package engine

import (
	"math"
	"strings"
	"testing"
	"time"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/report"
	"personae/engine/results"
	"personae/engine/source"
	"personae/engine/spec"
)

const scoreRules = `kind: Score
name: bant
for: lead
parts: [{name: a, title: Has money, when: lead.a, points: 40, unknown: 10}, {name: b, when: lead.b, points: 30}]
bands: {hot: 70, warm: 40, cold: 0}
outcome: lead.converted
`

// scoreOf builds the report of a score from counts: hot, warm, cold and not
// known, each with rows, outcomes and unknown outcomes.
func scoreOf(t *testing.T, hot, warm, cold, unknown results.BandCount, gain []results.GainStep) report.Score {
	t.Helper()
	m, list := spec.Parse([]*source.File{source.NewFile("rules/a.yaml", []byte(scoreRules))})
	column := func(name string) *catalog.Column {
		return &catalog.Column{Name: name, Type: catalog.Type{Kind: catalog.Bool, Nullable: true}, SQLType: "BOOLEAN"}
	}
	table := &catalog.Table{Name: "leads", Entity: "lead", Role: catalog.Root, Key: "id", Columns: []*catalog.Column{
		{Name: "id", Type: catalog.Type{Kind: catalog.String}, SQLType: "VARCHAR"}, column("a"), column("b"), column("converted")}}
	rs, more := compile.Compile(m, &catalog.Catalog{Tables: []*catalog.Table{table}}, compile.Options{})
	if list = append(list, more...); list.HasErrors() {
		t.Fatal(list)
	}
	hot.Name, warm.Name, cold.Name = "hot", "warm", "cold"
	all := hot.Rows + warm.Rows + cold.Rows + unknown.Rows
	found := results.EntityResults{Entity: "lead", Population: all, Scores: []results.Score{{
		Name: "bant", Bands: []results.BandCount{hot, warm, cold, unknown}, Gain: gain,
		Parts: []results.PartCount{{Yes: all / 2, Unknown: all / 4}, {Yes: all / 2, Unknown: all / 4}},
	}}}
	for _, b := range []results.BandCount{hot, warm, cold} {
		found.Groups = append(found.Groups, results.Group{Kind: results.Band, Parent: "bant", Name: b.Name, Members: b.Rows, Unknown: unknown.Rows})
	}
	rep, err := buildReport(rs, &results.Results{AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Entities: []results.EntityResults{found}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rep.Scores[0]
}

func band(rows, yes, unknown int64) results.BandCount {
	return results.BandCount{Rows: rows, Yes: yes, Unknown: unknown}
}

func TestAScoreSaysWhetherItSeparates(t *testing.T) {
	for want, bands := range map[string][3]results.BandCount{
		"Hot converts 9 in 10, cold 1 in 4.":                                 {band(1000, 900, 0), band(500, 300, 0), band(2000, 510, 0)},
		"Hot converts 9 in 10, cold never.":                                  {band(1000, 868, 0), band(500, 300, 0), band(2000, 0, 0)},
		"Hot converts 1 in 4, cold 1 in 4: the difference may be chance.":    {band(100, 26, 0), band(500, 300, 0), band(100, 25, 0)},
		"Hot converts 1 in 10, cold 1 in 2: the score points the wrong way.": {band(1000, 100, 0), band(500, 300, 0), band(2000, 1000, 0)},
		"Hot converts 19 in 20, cold 1 in 5.":                                {band(1000, 948, 0), band(500, 300, 0), band(2000, 454, 0)},
	} {
		s := scoreOf(t, bands[0], bands[1], bands[2], band(0, 0, 0), nil)
		if s.Verdict != want {
			t.Errorf("%q, want %q", s.Verdict, want)
		}
	}
	if s := scoreOf(t, band(4, 4, 0), band(3, 0, 0), band(900, 300, 0), band(0, 0, 0), nil); s.Verdict != "Too few people to say whether the score works." {
		t.Errorf("%q", s.Verdict)
	}
}

// The interval of Wilson, worked out elsewhere.
func TestRatesHaveAnInterval(t *testing.T) {
	s := scoreOf(t, band(1010, 868, 10), band(500, 300, 0), band(2000, 510, 0), band(40, 20, 0), nil)
	hot := s.Bands[0]
	if *hot.Rate.Value != 0.868 || *hot.Rate.N != 1000 || math.Abs(*hot.Low-0.845605) > 1e-6 || math.Abs(*hot.High-0.887578) > 1e-6 {
		t.Errorf("%v from %v to %v", *hot.Rate.Value, *hot.Low, *hot.High)
	}
	if s.Unknown.Text != "40" || *hot.Size.Members.Value != 1010 || s.Outcome != "lead.converted" {
		t.Errorf("%+v", s)
	}
	if p := s.Parts[0]; p.Title != "Has money" || math.Abs(*p.Mean.Value-(1775*40+887*10)/3550.0) > 1e-9 {
		t.Errorf("mean of a part with a number for those who cannot be told: %v", *p.Mean.Value)
	}
	if p := s.Parts[1]; math.Abs(*p.Mean.Value-1775*30/(3550-887.0)) > 1e-9 || *p.Mean.N != 3550-887 {
		t.Errorf("mean of a part without: %v", *p.Mean.Value)
	}
}

// Three who did not convert are hidden, and so is the band whose number would
// give them away.
func TestRatesOfFewAreHidden(t *testing.T) {
	s := scoreOf(t, band(100, 97, 0), band(50, 30, 0), band(2000, 510, 0), band(0, 0, 0), nil)
	if !s.Bands[0].Rate.Hidden || s.Bands[0].Low != nil || s.Bands[0].Size.Members.Hidden {
		t.Errorf("hot: %+v", s.Bands[0])
	}
	if !s.Bands[1].Rate.Hidden || s.Bands[2].Rate.Hidden {
		t.Errorf("of warm and cold the smaller has to be hidden: %+v %+v", s.Bands[1].Rate, s.Bands[2].Rate)
	}
	if s := scoreOf(t, band(100, 100, 0), band(50, 30, 0), band(2000, 0, 0), band(0, 0, 0), nil); s.Bands[0].Rate.Hidden || s.Bands[2].Rate.Hidden || !strings.Contains(s.Verdict, "Hot converts always, cold never") {
		t.Errorf("all and none name nobody: %+v", s)
	}
}

func TestTheGainLineTellsNoFewPeopleApart(t *testing.T) {
	steps := []results.GainStep{{Points: 70, Rows: 3, Yes: 3}, {Points: 65, Rows: 100, Yes: 90}, {Points: 40, Rows: 97, Yes: 47}, {Points: 30, Rows: 2, Yes: 0}, {Points: 0, Rows: 198, Yes: 10}}
	s := scoreOf(t, band(103, 93, 0), band(97, 47, 0), band(200, 10, 0), band(0, 0, 0), steps)
	want := []report.GainPoint{{}, {Share: 103 / 400.0, Outcomes: 93 / 150.0}, {Share: 200 / 400.0, Outcomes: 140 / 150.0}, {Share: 1, Outcomes: 1}}
	if len(s.Gain) != len(want) {
		t.Fatalf("%+v", s.Gain)
	}
	for i := range want {
		if s.Gain[i] != want[i] {
			t.Errorf("step %d: %+v, want %+v", i, s.Gain[i], want[i])
		}
	}
	if s := scoreOf(t, band(103, 3, 0), band(97, 0, 0), band(200, 0, 0), band(0, 0, 0), []results.GainStep{{Points: 70, Rows: 200, Yes: 3}, {Points: 0, Rows: 200}}); s.Gain != nil {
		t.Errorf("three outcomes in all: %+v", s.Gain)
	}
}
