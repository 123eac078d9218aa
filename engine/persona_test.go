package engine

import (
	"strings"
	"testing"
	"time"

	"personae/engine/report"
	"personae/engine/results"
)

// fullPersona has a text in every field of the template that can have one.
var fullPersona = reportRules[:strings.Index(reportRules, "kind: Research")] + `kind: Research
name: talks
title: Kitchen talks
method: interview
people: 11
date: 2025-03-03
findings: {f1: {say: They like tea}}
---
kind: Persona
name: ann
who: segment.rich
owner: crm@example.com
tags: [tea, 2025]
review_by: 2025-06-30
identity:
  name: "<b>آن</b> & Søn"
  tagline: "Earns ${median(customer.income)}"
  personality:
    - {between: [Planner, Spontaneous], measured: "median(customer.age) / 0.0"}
    - {between: [Young, Old], measured: "median(customer.age) / 22.0 - 1.0"}
    - {between: [Calm, Lively], at: 1, source: talks.f1}
goals: [{goal: Rest, because: "She earns ${median(customer.income)}"}]
needs: [{pain: Noise, need: Quiet, source: talks.f1}]
sections:
  behaviour:
    - {say: Divides by nobody, holds: "share(customer.city == 'London') / share(customer.city == 'Bath') > 0.4"}
    - {say: "It is ${median(customer.age) / 0.0} times", holds: "median(customer.age) > 1.0"}
    - {say: More than usual, holds: "lift(customer.city == 'London') > 1.5"}
  dont: [{say: Call her, assumed: true}]
day: "She wakes up. She has ${median(customer.income)}."
messages: ["Hello", "You have ${median(customer.income)}"]
objections: [{objection: Too dear, answer: "Only ${median(customer.income)}"}]
`

func fullStats(bath int64) map[string]results.Statistic {
	stats := usualStats()
	stats["share(customer.city == 'Bath')"] = share(bath, 200, 0)
	stats["lift(customer.city == 'London')"] = share(120, 200, 0)
	return stats
}

// What cannot be told is said in the fixed words and at its place; nothing is
// left out in silence, and no claim holds of a division by nothing.
func TestAPersonaLeavesNothingOutInSilence(t *testing.T) {
	p := reportFrom(t, fullPersona, 200, fullStats(0)).Personas[0]
	if p.Owner != "crm@example.com" || strings.Join(p.Tags, " ") != "tea 2025" {
		t.Errorf("owner %q, tags %q", p.Owner, p.Tags)
	}
	const few = "Hidden: fewer than 5 people"
	if p.Tagline != "" || p.Day != "She wakes up." || len(p.Messages) != 1 {
		t.Errorf("tagline %q, day %q, messages %q", p.Tagline, p.Day, p.Messages)
	}
	if got := strings.Join(p.LeftOut, "\n"); got != "Tagline: "+few+"\nA day in their life: "+few+"\nMessage 2: "+few {
		t.Errorf("left out: %s", got)
	}
	if g := p.Goals[0]; g.Then != "" || g.ThenMissing != few || g.Statement.Evidence != report.Measured {
		t.Errorf("goal %+v", g)
	}
	if n := p.Needs[0]; n.Then != "Quiet" || n.ThenMissing != "" || n.Statement.Source != "Kitchen talks (interview, 11 people, 3 Mar 2025): They like tea" {
		t.Errorf("need %+v", n)
	}
	if o := p.Objections[0]; o.Statement.Evidence != report.Measured || o.ThenMissing != few {
		t.Errorf("objection %+v", o)
	}
	if x := p.Personality; len(x) != 3 || x[0].Missing != "it divides by nothing" || x[1].Missing != "" || x[1].At != 1 || x[1].Evidence != report.Measured || x[2].Evidence != report.Researched {
		t.Errorf("personality %+v", x)
	}
	s := p.Sections[0].Statements
	if s[0].Status != report.CannotTell || s[0].StatusText != "Can't tell: it divides by nothing" {
		t.Errorf("a division by nobody: %s, %s", s[0].Status, s[0].StatusText)
	}
	if s[1].Text != "" || s[1].Missing != "it divides by nothing" || s[1].Status != report.Holds {
		t.Errorf("%+v", s[1])
	}
	if s[2].Status != report.Holds || s[2].Value.Text != "2\u00a0times" || s[2].Compared != "2 times as common as among all customers" {
		t.Errorf("lift: %+v", s[2])
	}
	if p.ReviewText != "30 Jun 2025" || p.DisplayName != "<b>آن</b> & Søn" || p.Who.Words != "is in “Rich”" {
		t.Errorf("review by %q, name %q, who %q", p.ReviewText, p.DisplayName, p.Who.Words)
	}
}

func TestAClaimThatDividesBySomethingIsDecided(t *testing.T) {
	s := reportFrom(t, fullPersona, 200, fullStats(60)).Personas[0].Sections[0].Statements[0]
	if s.Status != report.Holds || s.Value.Text == "" {
		t.Errorf("%+v", s)
	}
}

// A review date is compared with the instant that the report is calculated
// for, not with the clock.
func TestAPassedReviewIsNoticed(t *testing.T) {
	for date, passed := range map[string]bool{"2025-12-31": false, "2025-12-30": true, "2026-01-01": false, "2025-06-30": true} {
		rules := strings.Replace(fullPersona, "review_by: 2025-06-30", "review_by: "+date, 1)
		found := false
		for _, n := range reportFrom(t, rules, 200, fullStats(60)).Notices {
			found = found || n.Kind == "review" && strings.Contains(n.Text, "was to be reviewed by")
		}
		if found != passed {
			t.Errorf("review by %s at 1 Jan 2026: noticed %v", date, found)
		}
	}
}

// A segment that one stays in says when one leaves it.
func TestASegmentSaysWhenOneLeaves(t *testing.T) {
	rules := strings.Replace(fullPersona, "when: customer.income > 1000.0\n", "when: customer.income > 1000.0\nleave: customer.income < 800.0\n", 1)
	const want = "income is more than £1,000; who was in before stays until this is true: income is less than £800"
	if got := reportFrom(t, rules, 200, fullStats(60)).Segments[0].Rule.Words; got != want {
		t.Errorf("%q", got)
	}
	if got := reportFrom(t, fullPersona, 200, fullStats(60)).Segments[0].Rule.Words; got != "income is more than £1,000" {
		t.Errorf("%q", got)
	}
}

// A persona of nobody has its prose and no number.
func TestAPersonaOfNobody(t *testing.T) {
	stats := fullStats(0)
	for text := range stats {
		stats[text] = results.Statistic{}
	}
	p := reportFrom(t, fullPersona, 0, stats).Personas[0]
	if p.Hidden == "" || p.Day != "She wakes up." || len(p.LeftOut) != 0 {
		t.Errorf("hidden %q, day %q, left out %q", p.Hidden, p.Day, p.LeftOut)
	}
	for _, s := range p.Sections[0].Statements {
		if s.Status == report.Holds || s.Status == report.Broken || s.Value.Value != nil {
			t.Errorf("a claim about nobody: %+v", s)
		}
	}
}

// A story of megabytes takes no longer than reading it.
func TestAStoryOfMegabytes(t *testing.T) {
	long := "  " + strings.Repeat(strings.Repeat("She wakes up. www.x. ", 100)+"\n\n  ", 2_000)
	rules := strings.Replace(fullPersona, "day: ", "story: |-\n"+long+"\nday: ", 1)
	start := time.Now()
	p := reportFrom(t, rules, 200, fullStats(60)).Personas[0]
	if len(p.Story) != 2_000 || len(p.Story[1999].Text) < 2_000 {
		t.Errorf("%d paragraphs are left", len(p.Story))
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}
