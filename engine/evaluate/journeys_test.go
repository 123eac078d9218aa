package evaluate

import (
	"fmt"
	"sort"
	"testing"
	"time"

	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/results"
)

// journeyReference works out a journey from what cel-go says of its stages: by
// looking at every way in which the undecided ones could come out.
func journeyReference(r *compile.Rule, ask func(*compile.Expr) eval.Result, want map[string]any, row *eval.Row) {
	stages := r.Journey.Stages
	var open []int
	entered := make([]bool, len(stages))
	at := make([]eval.Result, len(stages))
	for i, s := range stages {
		result := ask(s.Entered)
		want["entered:"+r.Name+":"+s.Name] = result.Value
		entered[i] = result.Outcome == eval.True
		if result.Unknown() {
			open = append(open, i)
		}
		if s.At != nil {
			at[i] = ask(s.At)
			want["at:"+r.Name+":"+s.Name] = at[i].Value
		} else {
			at[i] = eval.Result{Outcome: eval.Null}
		}
		for k, t := range s.Touchpoints {
			want[fmt.Sprintf("touch:%s:%s:%d", r.Name, s.Name, k)] = ask(t.Count).Value
		}
	}
	last := map[int]bool{} // the stages that it could be; -1 is none
	for way := range 1 << len(open) {
		furthest := -1
		for i := range stages {
			in := entered[i]
			for k, o := range open {
				in = in || o == i && way>>k&1 == 1
			}
			if in {
				furthest = i
			}
		}
		last[furthest] = true
	}
	var given any = eval.Unreadable{Reason: "can't tell"}
	want[r.Name+"_stage"], want[r.Name+"_since"] = nil, nil
	for furthest := range last {
		switch {
		case len(last) > 1:
		case furthest < 0:
			given = nil
		default:
			given = stages[furthest].Name
			want[r.Name+"_stage"], want[r.Name+"_since"] = given, at[furthest].Value
		}
	}
	row.SetJourney(r.Name, given)
	for i, s := range stages {
		yes, no := false, false
		for furthest := range last {
			yes, no = yes || furthest >= i, no || furthest < i
		}
		var reached any
		if yes != no {
			reached = yes
		}
		want["reached:"+r.Name+":"+s.Name] = reached
		row.SetReached(r.Name, s.Name, reached)
	}
}

// checkJourneys proves that what the report is told of journeys are counts of
// the rows, of everyone and of the members of a persona.
func (h *holes) checkJourneys(t *testing.T, found *results.EntityResults, want []map[string]any) {
	t.Helper()
	if len(found.Journeys) != 3 || len(found.Exports) != 1 {
		t.Fatalf("%d journeys, %d exports", len(found.Journeys), len(found.Exports))
	}
	for _, j := range found.Journeys {
		got := j
		var rule *compile.Rule
		for _, r := range h.rules.Entities[0].Rules {
			if r.Journey != nil && r.Name == j.Name {
				rule = r
			}
		}
		sum := results.Journey{Name: j.Name, Subject: j.Subject, Stages: make([]results.StageCount, len(rule.Journey.Stages))}
		hours := make([][]float64, len(rule.Journey.Stages))
		for _, r := range want {
			if j.Subject == "" || r["persona_"+j.Subject] == true {
				addJourney(&sum, rule, r, hours)
			}
		}
		for i := range sum.Stages {
			if n := len(hours[i]); n > 0 {
				sort.Float64s(hours[i])
				median := hours[i][(n-1)/2]*0.5 + hours[i][n/2]*0.5
				sum.Stages[i].Hours, sum.Stages[i].HoursRows = &median, int64(n)
			}
			if j.Subject == "" {
				sum.Stages[i].Value = got.Stages[i].Value
			} else {
				sum.Stages[i].Here = 0
			}
		}
		if a, b := fmt.Sprint(countsOf(sum)), fmt.Sprint(countsOf(got)); a != b {
			t.Errorf("%s of %q:\n got %s\nwant %s", j.Name, j.Subject, b, a)
		}
		if j.Subject == "" && (sum.Nowhere == 0 || sum.Unknown == 0 || sum.Stages[0].Skipped == 0) || sum.Stages[1].Reached == 0 {
			t.Errorf("%s of %q proves nothing: %+v", j.Name, j.Subject, sum)
		}
	}
	var x results.Export
	for _, r := range want {
		switch who, may := r["export:calls"], r["contact:calls"]; {
		case who == nil:
			x.Unknown++
		case who == true:
			x.Members++
			if may == true {
				x.Contactable++
			} else if may == nil {
				x.Unclear++
			}
		}
	}
	if x.Name = "calls"; x != found.Exports[0] || x.Members == 0 || x.Contactable == 0 || x.Unclear == 0 {
		t.Errorf("export: %+v, want %+v", found.Exports[0], x)
	}
}

// addJourney adds one row.
func addJourney(sum *results.Journey, rule *compile.Rule, r map[string]any, hours [][]float64) {
	sum.Rows++
	name, stages := rule.Name, rule.Journey.Stages
	switch {
	case r["reached:"+name+":"+stages[0].Name] == false:
		sum.Nowhere++
	case r[name+"_stage"] == nil:
		sum.Unknown++
	}
	for i, s := range stages {
		c := &sum.Stages[i]
		reached := r["reached:"+name+":"+s.Name]
		if c.Touchpoints == nil {
			c.Touchpoints = make([]results.TouchCount, len(s.Touchpoints))
		}
		if r[name+"_stage"] == s.Name {
			c.Here++
		}
		if reached == nil {
			c.ReachedUnknown++
		}
		if reached != true {
			continue
		}
		c.Reached++
		if r["entered:"+name+":"+s.Name] == false {
			c.Skipped++
		}
		for k := range s.Touchpoints {
			if n, ok := r[fmt.Sprintf("touch:%s:%s:%d", name, s.Name, k)].(int64); ok {
				c.Touchpoints[k].Contacts += n
				c.Touchpoints[k].Rows++
			}
		}
		if i == 0 || r["entered:"+name+":"+s.Name] != true || r["entered:"+name+":"+stages[i-1].Name] != true {
			continue
		}
		before, ok1 := r["at:"+name+":"+stages[i-1].Name].(time.Time)
		at, ok2 := r["at:"+name+":"+s.Name].(time.Time)
		before, at = before.Truncate(time.Microsecond), at.Truncate(time.Microsecond)
		if ok1 && ok2 && !at.Before(before) {
			hours[i] = append(hours[i], float64(at.Sub(before).Microseconds())/3.6e9)
		}
	}
}

// countsOf writes counts with the median itself.
func countsOf(j results.Journey) string {
	out := fmt.Sprint(j.Name, j.Subject, j.Rows, j.Nowhere, j.Unknown)
	for _, s := range j.Stages {
		hours := "-"
		if s.Hours != nil {
			hours = fmt.Sprintf("%.9f", *s.Hours)
		}
		out += fmt.Sprintf(" | %d %d skipped %d here %d %s of %d %v", s.Reached, s.ReachedUnknown, s.Skipped, s.Here, hours, s.HoursRows, s.Touchpoints)
	}
	return out
}
