package report

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"personae/engine/results"
)

// Nobody can work out how few people moved, from the moves that are shown and the
// sizes of all groups before and now.
func TestHiddenMovesCannotBeWorkedOut(t *testing.T) {
	seen := map[hidden]int{}
	solved := 0
	rapid.Check(t, func(t *rapid.T) {
		rows, columns := rapid.IntRange(1, 6).Draw(t, "before"), rapid.IntRange(1, 6).Draw(t, "now")
		var cells []flowCell
		for r := range rows {
			for c := range columns {
				x := flowCell{from: strconv.Itoa(r), to: strconv.Itoa(c), people: rapid.SampledFrom([]int64{0, 0, 1, 3, 4, 5, 6, 9, 30, 200}).Draw(t, "people")}
				if x.people == 0 {
					x.state = secondary
				}
				cells = append(cells, x)
			}
		}
		attack := &system{variables: len(cells)}
		all, everyone := []int{}, int64(0)
		for i, c := range cells {
			all, everyone = append(all, i), everyone+c.people
		}
		if everyone < 5 {
			return // a reader does not even know that number
		}
		attack.know(everyone, all...)
		for side, groups := range []int{rows, columns} {
			sizes, of := make([]int64, groups), make([][]int, groups)
			for i, c := range cells {
				g, _ := strconv.Atoi([]string{c.from, c.to}[side])
				sizes[g], of[g] = sizes[g]+c.people, append(of[g], i)
			}
			for g, state := range suppressCells(sizes, 5) { // as groups of a segmentation are
				for _, i := range of[g] {
					if state != shown {
						cells[i].state = secondary
					}
				}
				if state == shown {
					attack.know(sizes[g], of[g]...)
				}
			}
		}
		suppressFlows(cells, 5)
		for i, c := range cells {
			if seen[c.state]++; c.state == shown {
				attack.know(c.people, i)
			}
		}
		for i, none := range nobody(cells) {
			if none {
				attack.know(0, i)
			}
		}
		for i, n := range attack.determined() {
			solved++
			if n != cells[i].people {
				t.Fatalf("the attack is wrong: %v is not %d", cells[i], n)
			}
			if n > 0 && n < 5 {
				t.Fatalf("%v can be worked out of %v", cells[i], cells)
			}
		}
	})
	if seen[shown] == 0 || seen[tooFew] == 0 || seen[secondary] == 0 || solved == 0 {
		t.Errorf("not all states were seen: %v, %d counts solved", seen, solved)
	}
}

type plainWords struct{ Words }

func (plainWords) Count(n int64) string { return strconv.FormatInt(n, 10) }

func (plainWords) Percent(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }

func TestFlowsOfHiddenGroupsAreHidden(t *testing.T) {
	number := func(n int64) Number { return (&builder{Input: Input{Words: plainWords{}}, min: 5}).count(n, shown) }
	group := func(hide bool) *Report {
		s := Segmentation{Name: "life", Entity: "customer", Unknown: number(0)}
		for _, name := range []string{"a", "b", "c"} {
			g := Rung{Name: name, Size: Size{Members: number(100)}}
			if name == "c" && hide {
				g.Size.Members = Number{Hidden: true}
			}
			s.Groups = append(s.Groups, g)
		}
		return &Report{MinGroup: 5, Segmentations: []Segmentation{s}}
	}
	found := []results.Flow{
		{Entity: "customer", Segmentation: "life", From: "a", To: "b", People: 40}, {Entity: "customer", Segmentation: "life", From: "a", To: "c", People: 60},
		{Entity: "customer", Segmentation: "life", From: "b", To: "b", People: 100}, {Entity: "customer", Segmentation: "life", From: "a", To: "a", People: 50},
		{Entity: "customer", Segmentation: "life", From: "b", To: "a", People: 30}, {Entity: "customer", Segmentation: "life", From: "b", To: "c", People: 20}, {Entity: "customer", Segmentation: "other", From: "a", To: "b", People: 9},
	}
	all := FlowsBetween(group(false), group(false), found, plainWords{})
	if len(all) != 1 || len(all[0].Moves) != 6 || all[0].Hidden {
		t.Fatalf("%+v", all)
	}
	some := FlowsBetween(group(false), group(true), found, plainWords{})
	for _, f := range some {
		if !f.Hidden || slices.ContainsFunc(f.Moves, func(m Move) bool { return m.To == "c" }) {
			t.Errorf("moves to a hidden group: %+v", some)
		}
	}
	if out := FlowsBetween(&Report{}, group(false), found, plainWords{}); out != nil {
		t.Errorf("moves from nowhere: %+v", out)
	}
}
