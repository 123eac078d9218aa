package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/report"
	"personae/engine/results"
	"personae/engine/source"
	"personae/engine/spec"
)

const rankRules = `kind: Project
currency: GBP
locale: en-GB
---
kind: Traits
traits:
  recency: {rank: lead.last, buckets: 4}
  wealth:  {rank: lead.spend, buckets: 5, title: Wealth, among: segment.warm}
  percent: {rank: lead.idle, buckets: 100, best: low}
  wait:    {rank: lead.waited, buckets: 2, best: low}
  secret:  {rank: lead.pay, buckets: 5}
  health:  {rank: lead.illness, buckets: 5}
---
kind: Segment
name: warm
title: Warm leads
when: lead.spend >= 0.0
---
kind: Segment
name: rich
title: The rich
when: lead.wealth == 5
---
kind: Segment
name: best
when: segment.rich && lead.recency > 3
---
kind: Segmentation
name: tiers
segments: [{name: top, when: segment.best}]
otherwise: rest
---
kind: Export
name: calls
title: Calls
who: segment.best
columns: [id]
purpose: calls
`

// ranksReport is the report of rankRules over 1,000 leads, of whom nobody is known
// to be anything.
func ranksReport(t *testing.T, ranks ...results.Rank) *report.Report {
	t.Helper()
	m, list := spec.Parse([]*source.File{source.NewFile("rules/a.yaml", []byte(rankRules))})
	column := func(name string, kind catalog.Kind, typ, unit string) *catalog.Column {
		return &catalog.Column{Name: name, Type: catalog.Type{Kind: kind, Nullable: true}, SQLType: typ, Unit: unit, PII: name == "pay", Sensitive: name == "illness"}
	}
	table := &catalog.Table{Name: "leads", Entity: "lead", Role: catalog.Root, Key: "id", Columns: []*catalog.Column{column("id", catalog.String, "VARCHAR", ""),
		column("spend", catalog.Double, "DOUBLE", "GBP"), column("idle", catalog.Int, "BIGINT", "days"), column("last", catalog.Timestamp, "TIMESTAMPTZ", ""),
		column("waited", catalog.Duration, "INTERVAL", ""), column("pay", catalog.Double, "DOUBLE", "GBP"), column("illness", catalog.Double, "DOUBLE", "")}}
	rs, more := compile.Compile(m, &catalog.Catalog{Tables: []*catalog.Table{table}}, compile.Options{})
	for _, d := range append(list, more...) {
		if d.Code != "missing-purpose" && d.Severity == diag.Error {
			t.Fatal(d)
		}
	}
	found := results.EntityResults{Entity: "lead", Population: 1000, Ranks: ranks}
	for _, s := range []string{"warm", "rich", "best"} {
		found.Groups = append(found.Groups, results.Group{Kind: results.Segment, Name: s})
	}
	rep, err := buildReport(rs, &results.Results{AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Entities: []results.EntityResults{found}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// starts are the beginnings of a rank's steps, the best first; "-" for none and
// the reason for what is hidden.
func starts(r report.Rank) string {
	var out []string
	for _, s := range r.Steps {
		switch {
		case s.Start.Hidden && s.Start.Reason == "":
			out = append(out, "-")
		case s.Start.Hidden:
			out = append(out, s.Start.Reason)
		default:
			out = append(out, s.Start.Text)
		}
	}
	return strings.Join(out, " | ")
}

func fifths(sizes ...int64) results.Rank {
	var n int64
	for _, s := range sizes {
		n += s
	}
	return results.Rank{Name: "wealth", Buckets: 5, Among: "warm", Ranked: n, Cuts: []any{10.0, 98.76, 210.4, 452.37}, Sizes: sizes}
}

func TestARankSaysWhereItsPartsStart(t *testing.T) {
	few, extreme := "Hidden: fewer than 5 people", "Hidden: so few are beyond it that it tells about single people"
	for _, x := range []struct {
		rank         results.Rank
		starts, text string
	}{
		{fifths(100, 100, 100, 100, 100), "£452 | £210 | £98.80 | £10 | -", "The top fifth starts at £452."},
		{fifths(100, 100, 100, 196, 4), few + " | £210 | £98.80 | £10 | -", ""},
		{fifths(100, 100, 2, 198, 100), "£452 | £210 | " + few + " | £10 | -", "The top fifth starts at £452."},
		{fifths(3, 197, 100, 100, 100), "£452 | £210 | £98.80 | " + few + " | -", "The top fifth starts at £452."},
		{fifths(0, 297, 0, 103, 100), "£452 | £210 | - | - | -", "The top fifth starts at £452."},
		{fifths(100, 100, 100, 190, 10), extreme + " | £210 | £98.80 | £10 | -", ""},
		{results.Rank{Name: "wealth", Buckets: 5, Sizes: make([]int64, 5)}, "- | - | - | - | -", ""},
	} {
		r := ranksReport(t, x.rank).Ranks[0]
		if starts(r) != x.starts || r.Text != x.text {
			t.Errorf("%v: %s, %q; want %s, %q", x.rank.Sizes, starts(r), r.Text, x.starts, x.text)
		}
	}
	r := ranksReport(t, fifths(100, 100, 100, 100, 100)).Ranks[0]
	if r.Title != "Wealth" || r.Among != "Warm leads" || r.Best != "high" || *r.Ranked.Value != 500 || *r.Steps[0].Members.Value != 100 || *r.Steps[0].Share.Value != 0.2 {
		t.Errorf("%+v", r)
	}
}

// Of many buckets ten steps are shown; moments are days, and lengths of time are
// in words.
func TestARankOfManyBuckets(t *testing.T) {
	percent := results.Rank{Name: "percent", Buckets: 100, BestLow: true, Ranked: 1000}
	for i := range int64(100) {
		percent.Sizes = append(percent.Sizes, 10)
		percent.Cuts = append(percent.Cuts, 1000-i*10)
	}
	half := func(v any) results.Rank {
		return results.Rank{Buckets: 4, Ranked: 1000, Sizes: []int64{250, 250, 250, 250}, Cuts: []any{v, v, v}}
	}
	recency, wait := half(time.Date(2025, 11, 3, 0, 0, 0, 0, time.UTC)), half(int64(36*time.Hour))
	recency.Name, wait.Name, wait.Buckets, wait.Sizes, wait.BestLow = "recency", "wait", 2, []int64{500, 500}, true
	var texts []string
	for _, r := range ranksReport(t, percent, recency, wait).Ranks {
		texts = append(texts, r.Text)
		if r.Name == "percent" && (len(r.Steps) != 10 || r.Steps[0].From != 91 || r.Steps[0].To != 100 || *r.Steps[9].Members.Value != 100) {
			t.Errorf("%+v", r.Steps)
		}
	}
	slices.Sort(texts)
	want := "The top half starts at 1 day 12 hours; lower is better.\nThe top quarter starts at 3 Nov 2025.\nThe top tenth starts at 110\u00a0days; lower is better."
	if got := strings.Join(texts, "\n"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestARankOfPersonalDataSaysNoValue(t *testing.T) {
	secret, health := fifths(100, 100, 100, 100, 100), fifths(100, 100, 100, 100, 100)
	secret.Name, health.Name = "secret", "health"
	for _, r := range ranksReport(t, secret, health).Ranks {
		if s := starts(r); r.Text != "" || strings.Contains(s, "£") || !strings.Contains(s, "personal data") && !strings.Contains(s, "sensitive data") {
			t.Errorf("%s: %s %q", r.Name, s, r.Text)
		}
	}
}

func TestRulesNameTheirRanksAndTheirUsers(t *testing.T) {
	rep := ranksReport(t, fifths(100, 100, 100, 100, 100))
	reads, used := map[string]string{}, map[string]string{}
	for _, s := range rep.Segments {
		reads[s.Name], used[s.Name] = strings.Join(s.Ranks, " "), strings.Join(s.UsedBy, ", ")
	}
	if reads["warm"] != "" || reads["rich"] != "wealth" || reads["best"] != "recency wealth" || strings.Join(rep.Segmentations[0].Ranks, " ") != "recency wealth" {
		t.Errorf("ranks: %v, %v", reads, rep.Segmentations[0].Ranks)
	}
	if used["warm"] != "Wealth" || used["rich"] != "Best" || used["best"] != "Tiers, Export: Calls" || strings.Join(rep.Ranks[0].UsedBy, ", ") != "The rich" {
		t.Errorf("used by: %v, %v", used, rep.Ranks[0].UsedBy)
	}
}
