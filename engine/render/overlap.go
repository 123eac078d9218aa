package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"personae/engine/render/charts"
	"personae/engine/report"
)

// overlapsDrawn is how many segments the heat map holds.
const overlapsDrawn = 15

// overlapMap is the heat map of an entity's segments, largest first; nil where
// fewer than two of them are shown.
func (s *site) overlapMap(entity string) *figure {
	var groups []report.Segment
	for _, g := range s.r.Segments {
		if g.Entity == entity && !g.Size.Members.Hidden && g.Size.Members.Value != nil && *g.Size.Members.Value > 0 {
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(x, y report.Segment) int {
		return cmp.Or(cmp.Compare(*y.Size.Members.Value, *x.Size.Members.Value), cmp.Compare(x.Name, y.Name))
	})
	groups = groups[:min(len(groups), overlapsDrawn)]
	shares := map[[2]string]report.Number{}
	for _, g := range groups {
		for _, o := range s.pairs[g.Name] {
			shares[[2]string{o.A, o.B}] = o.ShareA
		}
	}
	if len(groups) < 2 || len(shares) == 0 {
		return nil
	}
	at := func(i, j int) report.Number {
		n, ok := shares[[2]string{groups[i].Name, groups[j].Name}]
		if !ok {
			return report.Number{Hidden: true}
		}
		return n
	}
	f := &figure{Title: "Who else they are", Large: true, Head: []string{"Of the segment", upper(peopleOf(entity))},
		Foot: strings.TrimSpace(basedOn(s.population(entity).Count, entity) + " Each row is a segment: how many per cent of it are in the segment with the number above. Hatched: hidden, because a part of it is small.")}
	var titles []string
	for i, g := range groups {
		titles = append(titles, g.Title)
		f.Head = append(f.Head, strconv.Itoa(i+1))
		row := figureRow{Name: strconv.Itoa(i+1) + " " + isolate(g.Title), Cells: []report.Number{g.Size.Members}}
		for j := range groups {
			n := at(i, j)
			if i == j {
				n = report.Number{Hidden: true}
			}
			row.Cells = append(row.Cells, n)
		}
		f.Rows = append(f.Rows, row)
	}
	f.job = s.chart(charts.Overlap("How many of each of the largest segments of "+peopleOf(entity)+" are in each other one", titles, charts.Axes{Up: "Of each row, per cent who are also in segment number"}, at))
	return f
}
