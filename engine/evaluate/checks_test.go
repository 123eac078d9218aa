package evaluate

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"personae/engine/plan"
)

const checkedRows = `
kind: Project
name: p
root: customer
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: c.csv}
checks:
  - {rule: customer.v > 4}
  - {rule: "customer.v > 4 || string([[customer.v]].flatten()[0]) == '1'"}
  - {rule: "string([[12 / customer.v]].flatten()[0]) == '2'"}
---
kind: Dataset
name: lines
source: {path: l.csv}
checks:
  - {rule: "[[row.text]].flatten()[0] == 'a'"}
`

// A check is true, false or undecided for a row; what SQL leaves open of it
// cel-go decides, over all blocks of rows.
func TestCountTruth(t *testing.T) {
	var lines strings.Builder
	const many = blockRows + 1000
	for i := range many {
		fmt.Fprintln(&lines, []string{"a", "b", "a", "\"\""}[i%4])
	}
	w := newWorld(t, checkedRows, map[string]string{"c.csv": "id,v\n3,1\n1,5\n2,\n4,7\n5,0\n6,5\n", "l.csv": "text\n" + lines.String()})
	h := &holes{world: w}
	h.ready(t, true)
	want := []Truth{
		{True: 3, False: 2, Null: 1},
		{True: 4, False: 1, Null: 1}, // 1 is written as '1', and of nothing it cannot be told
		{True: 2, False: 2, Null: 2}, // 12/5 is 2; of 0 and of nothing it cannot be told
		{True: many / 2, False: many / 2},
	}
	remarks := 0
	for i, c := range h.rules.Checks {
		got, err := h.snap.CountTruth(context.Background(), h.rules, c.Table, plan.Condition(h.rules, h.snap.Facts, c))
		if err != nil || got != want[i] {
			t.Errorf("%s: %+v, want %+v (%v)", c.Title, got, want[i], err)
		}
	}
	_, problems := plan.Build(h.rules, nil)
	for _, d := range problems {
		if d.Code == "decided-by-row" {
			remarks++
		}
	}
	if remarks != 3 {
		t.Errorf("%d parts are said to be decided by row: %s", remarks, show(problems))
	}
}
