package render

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"personae/engine/render/charts"
	"personae/engine/report"
	"personae/engine/results"
)

// wasView is the bar of a segmentation in the version before, in its own order.
type wasView struct {
	Version int
	Parts   []wasPart
	Masked  template.CSS // what is hidden, or could not be told
}

// wasPart is a group of then. It has the colour that it has now; a group that is no
// longer there has none.
type wasPart struct {
	Bar, Tint template.CSS
	Gone      bool
}

// movesListed is how many moves stand beside the picture.
const movesListed = 8

// sinceBefore sets the groups of a segmentation beside those of the version before,
// and shows who moved.
func (c *comparison) sinceBefore(v *segmentationView, flows []report.Flows) {
	for _, old := range c.before.Segmentations {
		if old.Name == v.Name && old.Entity == v.Entity {
			v.Was = c.was(v, old)
			for _, f := range flows {
				if f.Segmentation == v.Name && f.Entity == v.Entity {
					v.Flow = c.flow(v, old, f)
				}
			}
		}
	}
}

func (c *comparison) was(v *segmentationView, old report.Segmentation) *wasView {
	out := &wasView{Version: c.number}
	left := 1.0
	for _, g := range old.Groups {
		part := wasPart{Bar: width(g.Size.Share, 1), Gone: true}
		for _, now := range v.Rungs {
			if now.Name == g.Name {
				part.Tint, part.Gone = now.Tint, false
			}
		}
		if part.Bar != "" {
			left -= *g.Size.Share.Value
			out.Parts = append(out.Parts, part)
		}
	}
	if left > 0.0005 && left < 1 {
		out.Masked = percentage(left)
	}
	return out
}

// flow is the picture of who moved; nil where no move may be shown.
func (c *comparison) flow(v *segmentationView, old report.Segmentation, f report.Flows) *figure {
	left, right := placesOf(old, "Not there before"), placesOf(v.Segmentation, "No longer there")
	var all, moved float64
	for _, m := range f.Moves {
		all += *m.People.Value
	}
	var streams []charts.Stream
	var moves []report.Move
	for _, m := range f.Moves {
		from, to := left.of(m.From), right.of(m.To)
		if from < 0 || to < 0 {
			continue
		}
		size := *m.People.Value / all
		left.nodes[from].Size += size
		right.nodes[to].Size += size
		streams = append(streams, charts.Stream{From: from, To: to, Size: size, Stays: m.From == m.To})
		if m.From != m.To {
			moves, moved = append(moves, m), moved+*m.People.Value
		}
	}
	if len(moves) == 0 {
		return nil
	}
	slices.SortStableFunc(streams, func(x, y charts.Stream) int { return cmp.Or(x.From-y.From, x.To-y.To) })
	slices.SortStableFunc(moves, func(x, y report.Move) int { return cmp.Compare(*y.People.Value, *x.People.Value) })
	name := func(m report.Move) string {
		return isolate(left.nodes[left.of(m.From)].Title) + " → " + isolate(right.nodes[right.of(m.To)].Title)
	}
	out := &figure{Title: fmt.Sprintf("Who moved since version %d", c.number), Head: []string{"From and to", upper(v.People)}, Wide: true,
		Foot: strings.TrimSpace(basedOn(c.population(v.Entity).Count, v.Entity) + " Strong bands are those who moved.")}
	out.Takeaway = fmt.Sprintf("%s changed groups; the largest move: %s (%s)", someone(c.whole(moved), v.Entity), name(moves[0]), moves[0].People.Text)
	if f.Hidden {
		out.Takeaway = "At least " + out.Takeaway
		out.Foot += " Moves of few people, and those that would give them away, are left out."
	}
	for _, m := range moves[:min(len(moves), movesListed)] {
		out.Rows = append(out.Rows, figureRow{name(m), []report.Number{m.People}})
	}
	from, to, streams := withoutEmpty(left.nodes, right.nodes, streams)
	out.job = &charts.Job{SVG: charts.Moves(out.Title+". "+out.Takeaway, fmt.Sprintf("Version %d", c.number), "Now", from, to, streams)}
	return out
}

func (c *comparison) whole(n float64) report.Number {
	return report.Number{Value: &n, Text: c.f.Int(int64(n))}
}

// places are where somebody can be in a version, as one side of the picture.
type places struct {
	names []string
	nodes []charts.Node
}

func placesOf(s report.Segmentation, absent string) *places {
	p := &places{}
	for _, g := range s.Groups {
		p.names, p.nodes = append(p.names, g.Name), append(p.nodes, charts.Node{Title: g.Title})
	}
	p.names = append(p.names, results.Undecided, results.NotThere)
	p.nodes = append(p.nodes, charts.Node{Title: "Can’t tell"}, charts.Node{Title: absent})
	return p
}

func (p *places) of(name string) int { return slices.Index(p.names, name) }

// withoutEmpty leaves out nodes that no stream touches.
func withoutEmpty(left, right []charts.Node, streams []charts.Stream) (l, r []charts.Node, s []charts.Stream) {
	kept := func(nodes []charts.Node) (out []charts.Node, at []int) {
		for _, n := range nodes {
			at = append(at, len(out))
			if n.Size > 0 {
				out = append(out, n)
			}
		}
		return out, at
	}
	l, atL := kept(left)
	r, atR := kept(right)
	for _, x := range streams {
		x.From, x.To = atL[x.From], atR[x.To]
		s = append(s, x)
	}
	return l, r, s
}
