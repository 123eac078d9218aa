package engine

import (
	"fmt"
	"strconv"
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

const reportRules = `
kind: Project
name: shop
timezone: Europe/London
locale: en-GB
currency: GBP
root: customer
value: {customer: customer.spend}
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: data/c.csv}
---
kind: Segment
name: rich
when: customer.income > 1000.0
expect: {share: [0.5, 0.9]}
---
kind: Segmentation
name: band
segments:
  - {name: high, when: "customer.income > 1000.0"}
  - {name: middle, when: "customer.income > 500.0"}
otherwise: low
---
kind: Research
name: talks
title: Kitchen talks
people: 11
findings: {f1: {say: They like tea}}
---
kind: Persona
name: ann
who: segment.rich
identity: {name: Ann}
story: |-
  Ann is ${median(customer.age)}. She lives in ${top(customer.city, 1)[0].value}. She earns ${median(customer.income)}.
sections:
  behaviour:
    - {say: Mostly in London, holds: "share(customer.city == 'London') > 0.4"}
    - {say: Mostly in Bath, holds: "share(customer.city == 'Bath') > 0.4"}
    - {say: Over sixty, holds: "share(customer.age > 60) > 0.1"}
    - {say: Earns well, holds: "median(customer.income) > 10.0"}
    - {say: Drinks tea, source: talks.f1}
    - {say: Sleeps well, assumed: true}
`

// reportOf builds the report of reportRules over statistics that the test chooses
// by their text, so that every state can be reached.
func reportOf(t *testing.T, members int64, stats map[string]results.Statistic) *report.Report {
	t.Helper()
	return reportFrom(t, reportRules, members, stats)
}

// reportFrom is reportOf for other rules with the same groups; what else is found
// is added by change.
func reportFrom(t *testing.T, rules string, members int64, stats map[string]results.Statistic, change ...func(*results.EntityResults)) *report.Report {
	t.Helper()
	m, list := spec.Parse([]*source.File{source.NewFile("rules/a.yaml", []byte(rules))})
	nullable := func(k catalog.Kind) catalog.Type { return catalog.Type{Kind: k, Nullable: true} }
	table := &catalog.Table{Name: "customers", Entity: "customer", Role: catalog.Root, Key: "id", Columns: []*catalog.Column{
		{Name: "id", Type: catalog.Type{Kind: catalog.String}, SQLType: "VARCHAR"},
		{Name: "city", Type: nullable(catalog.String), SQLType: "VARCHAR"},
		{Name: "age", Type: nullable(catalog.Int), SQLType: "BIGINT"},
		{Name: "income", Type: nullable(catalog.Double), SQLType: "DOUBLE", Unit: "GBP"},
		{Name: "spend", Type: nullable(catalog.Double), SQLType: "DOUBLE", Unit: "GBP"},
	}}
	rs, more := compile.Compile(m, &catalog.Catalog{Tables: []*catalog.Table{table}}, compile.Options{})
	if list = append(list, more...); list.HasErrors() {
		t.Fatal(list)
	}
	found := results.EntityResults{
		Entity: "customer", Population: 1000, Value: 50000, HasValue: true,
		Groups: []results.Group{
			{Kind: results.Everyone, Members: 1000},
			{Kind: results.Segment, Name: "rich", Members: members, Unknown: 25, Value: 30000},
			{Kind: results.Persona, Name: "ann", Members: members, Unknown: 25, Value: 30000},
			{Kind: results.Segmentation, Parent: "band", Name: "high", Members: 3, Unknown: 25},
			{Kind: results.Segmentation, Parent: "band", Name: "middle", Members: 40, Unknown: 25},
			{Kind: results.Segmentation, Parent: "band", Name: "low", Members: 932, Unknown: 25},
		},
		Unknowns:   []results.Unknown{{Kind: results.Segment, Name: "rich", Column: "income", Rows: 25}},
		Statistics: map[results.StatKey]results.Statistic{},
	}
	for _, s := range rs.Personas[0].Statistics {
		st, ok := stats[s.Text]
		if !ok {
			t.Fatalf("the test gives no value for %s", s.Text)
		}
		found.Statistics[results.StatKey{Persona: "ann", Stat: s.ID}] = st
	}
	for _, f := range change {
		f(&found)
	}
	rep, err := buildReport(rs, &results.Results{AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Entities: []results.EntityResults{found}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func share(yes, n, unknown int64) results.Statistic {
	return results.Statistic{N: n, True: yes, Unknown: unknown, EveryoneN: 1000, EveryoneTrue: 300}
}

func usualStats() map[string]results.Statistic {
	return map[string]results.Statistic{
		"median(customer.age)":             {Value: 44.0, N: 200, Everyone: 50.0, EveryoneN: 1000},
		"top(customer.city, 1)":            {Value: []results.TopItem{{Value: "London", Count: 120, Share: 0.6}}, N: 200},
		"median(customer.income)":          {Value: 2000.0, N: 4, Everyone: 900.0, EveryoneN: 1000, Unknown: 196},
		"share(customer.city == 'London')": share(120, 200, 0),
		"share(customer.city == 'Bath')":   share(30, 200, 0),
		"share(customer.age > 60)":         share(60, 100, 100),
	}
}

func TestClaimsAreInOneOfFourStates(t *testing.T) {
	p := reportOf(t, 200, usualStats()).Personas[0]
	want := []struct {
		evidence report.Evidence
		status   report.Status
		words    string
	}{
		{report.Measured, report.Holds, "Holds"},
		{report.Measured, report.Broken, "No longer true: 15%, needs more than 40%"},
		{report.Measured, report.CannotTell, "Can't tell: it is known for 50% only"},
		{report.Measured, report.TooFew, "Too few to say (fewer than 5 people)"},
		{report.Researched, report.Unmeasured, ""},
		{report.Assumed, report.Unmeasured, ""},
	}
	got := p.Sections[0].Statements
	if len(got) != len(want) {
		t.Fatalf("%d statements, want %d", len(got), len(want))
	}
	for i, w := range want {
		if got[i].Evidence != w.evidence || got[i].Status != w.status || got[i].StatusText != w.words {
			t.Errorf("%s: %s, %s, %q; want %s, %s, %q", got[i].Text, got[i].Evidence, got[i].Status, got[i].StatusText, w.evidence, w.status, w.words)
		}
	}
	if !strings.Contains(got[4].Source, "Kitchen talks") || !strings.Contains(got[4].Source, "They like tea") {
		t.Errorf("the research is not named: %q", got[4].Source)
	}
	if p.Meter.Text != "6 statements: 4 measured, 1 from research, 1 assumed" {
		t.Error(p.Meter.Text)
	}
}

func TestASentenceWithoutItsValueIsLeftOut(t *testing.T) {
	story := reportOf(t, 200, usualStats()).Personas[0].Story[0]
	if story.Text != "Ann is 44. She lives in London." || len(story.Missing) != 1 || !strings.Contains(story.Missing[0], "fewer than 5") {
		t.Errorf("%q, missing %q", story.Text, story.Missing)
	}
}

func TestSmallGroupsAreHidden(t *testing.T) {
	for members, visible := range map[int64]bool{4: false, 5: true, 200: true, 970: true, 971: false} {
		rep := reportOf(t, members, usualStats())
		s, p := rep.Segments[0].Size, rep.Personas[0]
		if s.Members.Hidden == visible || s.Share.Hidden == visible || s.Value.Hidden == visible || (p.Hidden == "") != visible {
			t.Errorf("%d members: %+v, persona %q", members, s, p.Hidden)
		}
		if !visible && strings.Contains(fmt.Sprint(p.Story, p.Sections[0].Statements[0].Value), "44") {
			t.Errorf("%d members: a number of a hidden group is told: %v", members, p.Story)
		}
	}
}

// The third rung would give the first away: 1000 − 40 − 932 − 25 = 3.
func TestASegmentationHidesWhatGivesASmallGroupAway(t *testing.T) {
	groups := reportOf(t, 200, usualStats()).Segmentations[0].Groups
	hidden := []bool{groups[0].Size.Members.Hidden, groups[1].Size.Members.Hidden, groups[2].Size.Members.Hidden}
	unknown := reportOf(t, 200, usualStats()).Segmentations[0].Unknown
	if !hidden[0] || hidden[1] || hidden[2] || !unknown.Hidden {
		t.Errorf("hidden %v, can't tell hidden %v: want the smallest other cell, here can't tell", hidden, unknown.Hidden)
	}
}

func TestGuardsAndUnknownsAreSaid(t *testing.T) {
	rep := reportOf(t, 200, usualStats())
	s := rep.Segments[0]
	if s.Guard.Verdict != "low" || s.Guard.Text != "Smaller than expected (50% to 90%)" {
		t.Errorf("%+v", s.Guard)
	}
	text := ""
	for _, n := range rep.Notices {
		text += n.Text + "\n"
	}
	for _, want := range []string{"Smaller than expected", "can't tell for 25 customers: income is empty", "No longer true: 15%"} {
		if !strings.Contains(text, want) {
			t.Errorf("no notice says %q:\n%s", want, text)
		}
	}
}

func TestADeprecatedSegmentIsMarked(t *testing.T) {
	if d := reportOf(t, 200, usualStats()).Segments[0].Deprecated; d != nil {
		t.Errorf("a segment that may be used is marked: %+v", d)
	}
	for successor, want := range map[string]string{
		"":               "Should no longer be used: Incomes are of 2019.",
		"segment.zenith": "Should no longer be used: Incomes are of 2019. Use The zenith instead.",
		"band high":      "Should no longer be used: Incomes are of 2019. Use band high instead.",
	} {
		rules := strings.Replace(reportRules, "name: rich\n", "name: rich\ntitle: The rich\ndeprecated: {reason: Incomes are of 2019., successor: "+strconv.Quote(successor)+"}\n", 1)
		if successor == "" {
			rules = strings.Replace(rules, ", successor: \"\"", "", 1)
		}
		rules += "---\nkind: Segment\nname: zenith\ntitle: The zenith\nwhen: customer.income > 2000.0\n"
		d := reportFrom(t, rules, 200, usualStats()).Segments[0].Deprecated
		if d == nil || d.Text != want || d.Reason != "Incomes are of 2019." || d.Successor != successor {
			t.Errorf("%+v, want %q", d, want)
		}
	}
}
