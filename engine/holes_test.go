package engine_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"personae/engine"
	"personae/engine/report"
)

// holeRules are rules with parts that SQL cannot calculate, and rules over them.
const holeRules = `kind: Traits
traits:
  words: {value: "[[customer.city]].flatten()[0].split(' ').size()"}
  spelled: {value: "customer.age > 60 ? [[customer.city]].flatten()[0].replace('London', 'Londinium') : customer.city"}
---
kind: Segment
name: odd_mail
title: Odd mail
when: "customer.age > 40 && customer.age < 60 && [[customer.email]].flatten()[0].split('1').size() > 2"
---
kind: Segment
name: like_its_town
when: customer.age >= 0 && customer.spend > 100.0 && 'London Leeds'.matches(customer.city + '+')
---
kind: Segment
name: odd_and_rich
when: segment.odd_mail && segment.well_off
---
kind: Segmentation
name: spelling
segments:
  - {name: short, when: "customer.words == 1 && !segment.odd_mail"}
  - {name: latin, when: "customer.spelled.startsWith('Londi')"}
otherwise: other
---
kind: Persona
name: odd_ann
who: customer.age > 50 && segment.odd_mail || segment.well_off
role: secondary
identity: {name: Odd Ann}
story: "She lives in ${top(customer.spelled, 1)[0].value}; ${asPercent(share([[customer.email]].flatten()[0].split('2').size() > 2))} have two twos and the town has ${median(customer.words)} words."
`

// withHoles adds the rules to a project.
func withHoles(t *testing.T, dir string) string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "rules", "holes.yaml"), []byte(holeRules), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A rule that SQL cannot calculate runs, from YAML to the published files, is
// reported with its cost, and says why it cannot tell.
func TestHolesThroughYAML(t *testing.T) {
	customers, orders := shopRows(3000)
	dir := withHoles(t, shopProject(t, customers, orders))
	said := map[string]bool{}
	out, list, err := engine.Run(context.Background(), engine.Options{Root: dir, Now: noon, Progress: func(step string, _, _ int64) { said[step] = true }})
	if err != nil || list.HasErrors() {
		t.Fatal(err, list)
	}
	remarks := map[string]bool{}
	for _, d := range list {
		if d.Code == "decided-by-row" {
			if remarks[d.Error()] {
				t.Errorf("said twice: %s", d.Error())
			}
			remarks[d.Error()] = true
			if text := d.Range.File; !strings.HasSuffix(text, "holes.yaml") || !strings.Contains(d.Summary, "customer by customer") {
				t.Errorf("%s", d.Error())
			}
		}
	}
	if len(remarks) < 4 || !said["deciding by row"] {
		t.Errorf("%d remarks, progress %v", len(remarks), said)
	}
	segments := map[string]report.Segment{}
	for _, s := range out.Report.Segments {
		segments[s.Name] = s
	}
	odd := segments["odd_mail"]
	if odd.DecidedByRow == nil || odd.DecidedByRow.Value == nil || *odd.DecidedByRow.Value >= 1000 || *odd.Size.Members.Value == 0 || *odd.Size.Members.Value >= *odd.DecidedByRow.Value {
		t.Errorf("odd mail: %+v of %+v", odd.Size.Members, odd.DecidedByRow)
	}
	if s := segments["well_off"]; s.DecidedByRow != nil {
		t.Errorf("well_off has no hole: %+v", s.DecidedByRow)
	}
	if s := segments["like_its_town"]; *s.Size.Unknown.Value == 0 || !strings.Contains(s.Size.UnknownWhy, "is empty") {
		t.Errorf("like_its_town: %s for %q", s.Size.Unknown.Text, s.Size.UnknownWhy)
	}
	checkHoleFiles(t, out)
}

// checkHoleFiles compares what was published with Go's own answer.
func checkHoleFiles(t *testing.T, out *engine.Outcome) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(out.Version.Dir, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	var run struct {
		ByRow []engine.ByRow `json:"decided_by_row"`
	}
	if err := json.Unmarshal(b, &run); err != nil {
		t.Fatal(err)
	}
	names := map[string]engine.ByRow{}
	for _, r := range run.ByRow {
		names[r.Name] = r
	}
	for _, name := range []string{"words", "odd_mail", "odd_and_rich", "spelling", "odd_ann"} {
		if r := names[name]; r.Rows == 0 || r.Decided == 0 || r.Rows > 3000 {
			t.Errorf("run.json says nothing about %s: %+v", name, r)
		}
	}
	rows, err := scratch(t).Query("SELECT customer_id, in_odd_mail, in_well_off, in_odd_and_rich, spelling, words FROM '" + parquetOf(out, "customer") + "'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	members, both := 0, 0
	for rows.Next() {
		var key string
		var odd, rich, and *bool
		var spelling *string
		var words *int64
		if err := rows.Scan(&key, &odd, &rich, &and, &spelling, &words); err != nil {
			t.Fatal(err)
		}
		mail := "c" + strings.TrimLeft(key[1:len(key)-1], "0") + key[len(key)-1:] + "@example.com"
		twoOnes := len(strings.Split(mail, "1")) > 2
		if odd != nil && *odd {
			members++
			if !twoOnes {
				t.Errorf("%s is in odd_mail", mail)
			}
		}
		want := ""
		switch {
		case is(odd, false) || is(rich, false):
			want = "false"
		case is(odd, true) && is(rich, true):
			want = "true"
			both++
		}
		if (and == nil) != (want == "") || and != nil && *and != (want == "true") {
			t.Errorf("%s: odd %v, rich %v, both %v", key, odd, rich, and)
		}
		if words == nil && spelling != nil && *spelling == "short" {
			t.Errorf("%s is short and has no words", key)
		}
	}
	if err := rows.Err(); err != nil || members == 0 || both == 0 {
		t.Errorf("%d members, %d in both: proves nothing (%v)", members, both, err)
	}
}

func is(b *bool, want bool) bool { return b != nil && *b == want }
