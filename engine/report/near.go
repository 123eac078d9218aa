package report

import (
	"fmt"

	"personae/engine/source"
)

// A version holds no number back because of an older one: its bytes depend on its
// inputs alone. So who has two versions of one instant side by side can subtract: a
// rule that was changed by a little, or a customer who was added, is a small group.
// Near finds where that is so, for whoever decides which version is shared.

// Near is a group of which a report shows a number of people that differs from
// another report's by fewer than a small group.
type Near struct {
	What     string // "Big spenders", "Lifecycle, At risk", "everyone"
	Was, Now Number // the first that differs
	Numbers  int    // how many differ by few
	Where    source.Range
}

// NearOf compares what two reports show of people at the same instant, group by group.
// Of two instants nothing is said: nearly all that differs is time.
func NearOf(before, after *Report) []Near {
	if !before.AsOf.Equal(after.AsOf) {
		return nil
	}
	least := float64(max(before.MinGroup, after.MinGroup))
	old := map[string]Number{}
	for _, g := range countedOf(before) {
		for _, n := range g.numbers {
			old[g.id+"\x00"+n.id] = n.Number
		}
	}
	var out []Near
	for _, g := range countedOf(after) {
		one := Near{What: g.title, Where: g.where}
		for _, n := range g.numbers {
			was := old[g.id+"\x00"+n.id]
			if was.Hidden || n.Hidden || was.Value == nil || n.Value == nil {
				continue
			}
			if d := *n.Value - *was.Value; d != 0 && d > -least && d < least {
				if one.Numbers == 0 {
					one.Was, one.Now = was, n.Number
				}
				one.Numbers++
			}
		}
		if one.Numbers > 0 {
			out = append(out, one)
		}
	}
	return out
}

// countedGroup is a group with all numbers of people that are shown of it.
type countedGroup struct {
	id, title string
	where     source.Range
	numbers   []countedNumber
}

// countedNumber is one of them; its id is the same in all versions.
type countedNumber struct {
	id string
	Number
}

func (g *countedGroup) add(n Number, id ...any) {
	g.numbers = append(g.numbers, countedNumber{fmt.Sprintln(id...), n})
}

// countedOf lists all groups of a report, those first that everybody asks for first.
func countedOf(r *Report) []countedGroup {
	var out countedList
	for _, p := range r.Populations {
		out.group("population", p.Entity, "", "everyone", Rule{}).add(p.Count)
	}
	out.segments(r)
	out.divisions(r)
	for _, j := range r.Journeys {
		out.group("journey", j.Entity, j.Name, j.Title, Rule{File: j.File, Line: j.Line}).journey(&j)
	}
	for _, x := range r.Exports {
		g := out.group("export", x.Entity, x.Name, x.Title, x.Who)
		g.add(x.Members, "members")
		g.add(x.Contactable, "contactable")
		g.add(x.Unknown, "unknown")
	}
	out.personas(r)
	return out
}

type countedList []countedGroup

// group adds one, which is valid until the next is added.
func (l *countedList) group(kind, entity, name, title string, at Rule) *countedGroup {
	where := source.Range{File: at.File, Start: source.Pos{Line: at.Line}}
	*l = append(*l, countedGroup{id: kind + "\x00" + entity + "\x00" + name, title: title, where: where})
	return &(*l)[len(*l)-1]
}

func (l *countedList) segments(r *Report) {
	pairs := map[string][]Overlap{}
	for _, o := range r.Overlaps {
		if o.A < o.B {
			pairs[o.A] = append(pairs[o.A], o)
		}
	}
	for _, s := range r.Segments {
		g := l.group("segment", s.Entity, s.Name, s.Title, s.Rule)
		g.size(s.Size)
		for i, c := range s.Clauses {
			g.add(c.Alone, "alone", i)
			g.add(c.Left, "left", i)
			g.add(c.Unknown, "unknown", i)
			g.add(c.OnlyThis, "only", i)
		}
		for _, o := range pairs[s.Name] {
			g.add(o.Both, "both", o.B)
		}
	}
}

func (l *countedList) divisions(r *Report) {
	for _, s := range r.Segmentations {
		g := l.group("segmentation", s.Entity, s.Name, s.Title, Rule{File: s.File, Line: s.Line})
		g.add(s.Unknown, "unknown")
		for _, rung := range s.Groups {
			g.add(rung.Size.Members, "members", rung.Name)
			g.add(rung.Alone, "alone", rung.Name)
			g.add(rung.Lost, "lost", rung.Name)
			for _, to := range rung.LostTo {
				g.add(to.Members, "lost to", rung.Name, to.Group)
			}
		}
	}
	for _, s := range r.Scores {
		g := l.group("score", s.Entity, s.Name, s.Title, Rule{File: s.File, Line: s.Line})
		g.add(s.Unknown, "unknown")
		for _, band := range s.Bands {
			g.add(band.Size.Members, "members", band.Name)
		}
		for _, p := range s.Parts {
			g.add(p.True, "true", p.Name)
			g.add(p.Unknown, "unknown", p.Name)
		}
	}
}

func (l *countedList) personas(r *Report) {
	for _, p := range r.Personas {
		g := l.group("persona", p.Entity, p.Name, p.DisplayName, p.Who)
		g.size(p.Size)
		for _, d := range p.Charts {
			if d.Of != "" { // it counts no people
				continue
			}
			for _, bin := range d.Bins {
				g.add(bin.Members, "chart", d.Attribute, bin.Label)
			}
		}
		if p.Journey != nil {
			g.journey(p.Journey)
		}
	}
}

func (g *countedGroup) size(s Size) {
	g.add(s.Members, "members")
	g.add(s.Unknown, "unknown")
}

func (g *countedGroup) journey(j *Journey) {
	g.add(j.Nowhere, "nowhere")
	g.add(j.Unknown, "unknown")
	for _, s := range j.Stages {
		g.add(s.Reached, "reached", s.Name)
		g.add(s.Skipped, "skipped", s.Name)
	}
}
