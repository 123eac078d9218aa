package engine

import (
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

const journeyRules = `kind: Journey
name: purchase
stages:
  - {name: aware, title: Knows us, entered: lead.a, at: lead.t, touchpoints: [{name: Mail, count: "lead.a ? 1 : 0"}], feeling: -1, pains: [No price]}
  - {name: bought, entered: lead.b, at: lead.t}
  - {name: loyal, entered: lead.a && lead.b}
---
kind: Export
name: calls
who: lead.a
contactable: lead.b
tags: [phone, spring]
columns: [id, mail, purchase_stage]
purpose: calls
`

// journeyOf builds the report of a journey and of an export from counts.
func journeyOf(t *testing.T, j results.Journey, x results.Export) (report.Journey, report.Export) {
	t.Helper()
	m, list := spec.Parse([]*source.File{source.NewFile("rules/a.yaml", []byte(journeyRules))})
	column := func(name string, kind catalog.Kind, typ string) *catalog.Column {
		return &catalog.Column{Name: name, Type: catalog.Type{Kind: kind, Nullable: true}, SQLType: typ, PII: name == "mail"}
	}
	table := &catalog.Table{Name: "leads", Entity: "lead", Role: catalog.Root, Key: "id", Columns: []*catalog.Column{column("id", catalog.String, "VARCHAR"),
		column("a", catalog.Bool, "BOOLEAN"), column("b", catalog.Bool, "BOOLEAN"), column("t", catalog.Timestamp, "TIMESTAMPTZ"), column("mail", catalog.String, "VARCHAR")}}
	rs, more := compile.Compile(m, &catalog.Catalog{Tables: []*catalog.Table{table}}, compile.Options{})
	if list = append(list, more...); list.HasErrors() {
		t.Fatal(list)
	}
	j.Name, x.Name = "purchase", "calls"
	found := results.EntityResults{Entity: "lead", Population: j.Rows, Journeys: []results.Journey{j}, Exports: []results.Export{x}}
	rep, err := buildReport(rs, &results.Results{AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Entities: []results.EntityResults{found}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Tables(rep, rs)) == 0 {
		t.Error("no tables")
	}
	if got := strings.Join(rep.Exports[0].Tags, " "); got != "phone spring" {
		t.Errorf("the export is tagged %q", got)
	}
	return rep.Journeys[0], rep.Exports[0]
}

func stages(counts ...results.StageCount) []results.StageCount {
	for i := range counts {
		if i == 0 {
			counts[i].Touchpoints = []results.TouchCount{{Contacts: 300, Rows: 150}}
		}
	}
	return counts
}

func TestAJourneySaysHowFarEveryoneHasCome(t *testing.T) {
	hours := 36.0
	j, x := journeyOf(t, results.Journey{Rows: 200, Nowhere: 30, Unknown: 10, Stages: stages(
		results.StageCount{Reached: 160, ReachedUnknown: 10, Skipped: 20},
		results.StageCount{Reached: 80, Hours: &hours, HoursRows: 60},
		results.StageCount{Reached: 0})}, results.Export{Members: 100, Contactable: 60, Unclear: 10, Unknown: 20})
	first, second, third := j.Stages[0], j.Stages[1], j.Stages[2]
	if *first.Reached.Value != 160 || *first.Share.Value != 160/190.0 || *first.Skipped.Value != 20 || first.Title != "Knows us" || *first.Feeling != -1 || first.Pains[0] != "No price" {
		t.Errorf("%+v", first)
	}
	if first.Words != "a is yes" || third.Words != "a is yes and b is yes" {
		t.Errorf("the stages are entered by who %q and who %q", first.Words, third.Words)
	}
	if p := first.Touchpoints[0]; *p.Count.Value != 300 || *p.Each.Value != 2 {
		t.Errorf("%+v", p)
	}
	if *second.FromPrevious.Value != 0.5 || *second.MedianHours.Value != 36 || second.MedianHours.Text != "36 hours" || *second.Skipped.Value != 0 {
		t.Errorf("%+v", second)
	}
	if *third.Reached.Value != 0 || !third.MedianHours.Hidden || *j.Nowhere.Value != 30 || *j.Unknown.Value != 10 {
		t.Errorf("%+v", j)
	}
	if *x.Members.Value != 100 || *x.Contactable.Value != 60 || strings.Join(x.Personal, " ") != "mail" || strings.Join(x.Columns, " ") != "id mail purchase_stage" || x.ContactRule != "lead.b" {
		t.Errorf("%+v", x)
	}
}

// Who reached one stage and not the next is a group, too: three of them are not
// told, nor four who skipped a stage, nor two who may be called.
func TestAJourneyHidesFewPeople(t *testing.T) {
	hours := 36.0
	j, x := journeyOf(t, results.Journey{Rows: 200, Nowhere: 3, Unknown: 20, Stages: stages(
		results.StageCount{Reached: 160, Skipped: 4},
		results.StageCount{Reached: 157, Hours: &hours, HoursRows: 4},
		results.StageCount{Reached: 2})}, results.Export{Members: 100, Contactable: 2})
	if j.Stages[0].Reached.Hidden || !j.Stages[0].Skipped.Hidden {
		t.Errorf("the first stage: %+v", j.Stages[0])
	}
	if !j.Stages[1].Reached.Hidden || !j.Stages[1].Share.Hidden || !j.Stages[1].FromPrevious.Hidden || !j.Stages[1].MedianHours.Hidden {
		t.Errorf("three less than the first: %+v", j.Stages[1])
	}
	if !j.Stages[2].Reached.Hidden || !j.Nowhere.Hidden || !j.Unknown.Hidden {
		t.Errorf("%+v, nowhere %+v, unknown %+v", j.Stages[2], j.Nowhere, j.Unknown)
	}
	if x.Members.Hidden || !x.Contactable.Hidden {
		t.Errorf("%+v", x)
	}
}
