package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"personae/engine"
	"personae/engine/report"
	"personae/engine/results"
)

const rootsRules = `kind: Project
name: two
root: customer
as_of: 2026-01-01T00:00:00Z
value: {customer: customer.spend}
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: customers.csv}
columns: {spend: {type: double}, age: {type: int}}
---
kind: Dataset
name: leads
entity: lead
key: id
source: {path: leads.csv}
columns: {budget: {type: double}, won: {type: bool}}
---
kind: Dataset
name: reviews                       # neither key nor of: evidence, by anyone
source: {path: reviews.csv}
columns: {stars: {type: int}}
---
kind: Segment
name: rich
when: customer.spend > 500.0
---
kind: Segment
name: old
when: customer.age > 60
---
kind: Segment
name: ready
for: lead
when: lead.budget > 500.0
---
kind: Segment
name: won
for: lead
when: lead.won
---
kind: Segment
name: worth_it
for: lead
when: score.heat > 5.0 && segment.ready
---
kind: Score
name: heat
for: lead
parts: [{name: budget, when: segment.ready, points: 10}]
bands: {hot: 10, cold: 0}
outcome: lead.won
---
kind: Segmentation
name: ages
segments: [{name: old, when: segment.old}]
otherwise: young
---
kind: Persona
name: ann
who: segment.rich
identity: {name: Ann}
story: "${count()} are ${asNumber(median(customer.age))} old."
---
kind: Persona
name: leo
for: lead
who: segmentation.heat == 'hot'
identity: {name: Leo}
story: "${count()} have ${asNumber(median(lead.budget))}, and ${asPercent(share(lead.won))} were won."
sections:
  behaviour: [{say: Most are won, holds: share(segment.won) > 0.5}]
`

// rootsProject writes a project about customers and about leads.
func rootsProject(t *testing.T, rules string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"rules/all.yaml": rules, "customers.csv": "id,spend,age\n", "leads.csv": "id,budget,won\n", "reviews.csv": "stars,words\n5,good\n1,bad\n,\n"}
	for i := range 400 {
		files["customers.csv"] += fmt.Sprintf("%d,%d,%d\n", i, i*3, 20+i%60)
	}
	for i := range 200 {
		budget := fmt.Sprint(i * 5)
		if i%10 == 0 {
			budget = ""
		}
		files["leads.csv"] += fmt.Sprintf("%d,%s,%t\n", i, budget, i > 60 && i%4 != 0)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Customers and leads in one project: each with its own table of results, its own
// groups, overlaps among its own segments alone, and personas about either.
func TestSeveralRootsInOneProject(t *testing.T) {
	out, list, err := engine.Run(context.Background(), engine.Options{Root: rootsProject(t, rootsRules), Now: noon})
	if err != nil || list.HasErrors() {
		t.Fatal(err, list)
	}
	owner := map[string]string{"rich": "customer", "old": "customer", "ready": "lead", "won": "lead", "worth_it": "lead"}
	populations := map[string]int64{"customer": 400, "lead": 200}
	pairs := 0
	for _, e := range out.Results.Entities {
		if e.Population != populations[e.Entity] {
			t.Errorf("%s: %d", e.Entity, e.Population)
		}
		for _, o := range e.Overlaps {
			if pairs++; owner[o.A] != e.Entity || owner[o.B] != e.Entity {
				t.Errorf("%s: %s overlaps %s", e.Entity, o.A, o.B)
			}
		}
		for _, g := range e.Groups {
			if g.Kind == results.Segment && owner[g.Name] != e.Entity {
				t.Errorf("%s is counted among %ss", g.Name, e.Entity)
			}
		}
	}
	if len(out.Results.Entities) != 2 || pairs != 4 {
		t.Errorf("%d entities, %d pairs", len(out.Results.Entities), pairs)
	}
	rootsReport(t, out.Report)
	rootsFiles(t, out)
}

func rootsReport(t *testing.T, r *report.Report) {
	t.Helper()
	about := map[string]string{}
	for _, s := range r.Segments {
		about[s.Name] = s.Entity
	}
	for _, p := range r.Personas {
		about[p.Name] = p.Entity
		if p.Size.Members.Value == nil {
			t.Errorf("%s: %+v", p.Name, p.Size)
		}
		for _, text := range p.Story {
			if len(text.Missing) > 0 {
				t.Errorf("%s: %v", p.Name, text.Missing)
			}
		}
	}
	for name, entity := range map[string]string{"rich": "customer", "ready": "lead", "ann": "customer", "leo": "lead"} {
		if about[name] != entity {
			t.Errorf("%s is about %q", name, about[name])
		}
	}
	for _, p := range r.Personas {
		// Budgets of more than 500, of the 20 in each hundred that have none: 101 to 199.
		if p.Name == "leo" && (*p.Size.Members.Value != 90 || !strings.Contains(p.Story[0].Text, "90 have 750") || *p.Size.Unknown.Value != 20 || p.Size.Value.Value != nil) {
			t.Errorf("leo: %+v %q", p.Size, p.Story[0].Text)
		}
		if p.Name == "ann" && (*p.Size.Members.Value != 233 || p.Size.ValueShare.Value == nil) {
			t.Errorf("ann: %+v", p.Size)
		}
	}
	if len(r.Populations) != 2 || len(r.Scores) != 1 || r.Scores[0].Entity != "lead" || len(r.Segmentations) != 1 || r.Segmentations[0].Entity != "customer" {
		t.Errorf("%d populations, %d scores, %d segmentations", len(r.Populations), len(r.Scores), len(r.Segmentations))
	}
}

func rootsFiles(t *testing.T, out *engine.Outcome) {
	t.Helper()
	db := scratch(t)
	for entity, columns := range map[string]string{"customer": "id,in_old,in_rich,ages,as_of", "lead": "id,in_ready,in_won,heat_points,heat_max,heat_band,in_worth_it,as_of"} {
		var got string
		query := "SELECT string_agg(column_name, ',') FROM (DESCRIBE SELECT * FROM '" + parquetOf(out, entity) + "')"
		if err := db.QueryRow(query).Scan(&got); err != nil || got != columns {
			t.Errorf("%s.parquet has %s (%v), want %s", entity, got, err, columns)
		}
	}
	memberships := filepath.Join(out.Version.Dir, "data", "memberships.parquet")
	rows, err := db.Query("SELECT entity, segment, count(*) FILTER (state = 'in'), count(*) FILTER (state = 'unknown') FROM '" + memberships + "' GROUP BY ALL ORDER BY ALL")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var entity, segment string
		var in, unknown int64
		if err := rows.Scan(&entity, &segment, &in, &unknown); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s.%s %d %d", entity, segment, in, unknown))
	}
	if text := strings.Join(got, ", "); text != "customer.old 114 0, customer.rich 233 0, lead.ready 90 20, lead.won 105 0, lead.worth_it 90 20" {
		t.Errorf("memberships: %s", text)
	}
	var entities string
	stats := filepath.Join(out.Version.Dir, "stats", "segments.parquet")
	if err := db.QueryRow("SELECT string_agg(DISTINCT entity || ' ' || kind, ', ' ORDER BY entity || ' ' || kind) FROM '" + stats + "'").Scan(&entities); err != nil ||
		entities != "customer band, customer everyone, customer segment, customer segmentation, lead band, lead everyone, lead segment, lead segmentation" {
		t.Errorf("stats/segments: %s (%v)", entities, err)
	}
}
