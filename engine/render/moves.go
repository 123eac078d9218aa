package render

import (
	"fmt"
	"math"
	"slices"

	"personae/engine/report"
)

// divided is what divides people: a segmentation, a score by its bands, or a
// journey by its stages.
type divided struct {
	isNew                       string // what is said of one that was not there before
	gone                        string // what one is no longer
	name, title, entity, digest string
	groups                      []part
}

// part is one group of it.
type part struct {
	name, title string
	size        report.Number
}

// dividedOf lists all that divides people in a report.
func dividedOf(r *report.Report) []divided {
	var out []divided
	for _, g := range r.Segmentations {
		d := divided{"New groups", "a segmentation", g.Name, g.Title, g.Entity, g.Digest, nil}
		for _, rung := range g.Groups {
			d.groups = append(d.groups, part{rung.Name, rung.Title, rung.Size.Members})
		}
		out = append(out, d)
	}
	for _, s := range r.Scores {
		d := divided{"New score", "a score", s.Name, s.Title, s.Entity, s.Digest, nil}
		for _, b := range s.Bands {
			d.groups = append(d.groups, part{b.Name, b.Title, b.Size.Members})
		}
		out = append(out, d)
	}
	for _, j := range r.Journeys {
		d := divided{"New journey", "a journey", j.Name, j.Title, j.Entity, j.Digest, nil}
		for _, st := range j.Stages {
			d.groups = append(d.groups, part{st.Name, st.Title, st.Reached})
		}
		out = append(out, d)
	}
	return out
}

// same says whether two are one, perhaps with other rules.
func (d divided) same(o divided) bool {
	return d.gone == o.gone && d.name == o.name && d.entity == o.entity
}

// divisions compares all that divides people.
func (c *comparison) divisions() []change {
	var out []change
	now, before := dividedOf(c.r), dividedOf(c.before)
	for _, d := range now {
		i := slices.IndexFunc(before, d.same)
		if i < 0 {
			out = append(out, change{fmt.Sprintf("%s: %s.", d.isNew, isolate(d.title)), 0})
			continue
		}
		why := "Its rules are the same."
		if before[i].digest != d.digest {
			why = "Its rules changed, or some that they use."
		}
		for _, p := range d.groups {
			for _, old := range before[i].groups {
				if old.name != p.name {
					continue
				}
				if x, ok := c.grew(isolate(d.title+": "+p.title), d.entity, p.size, old.size, why); ok {
					out = append(out, x)
				}
			}
		}
	}
	for _, d := range before {
		if !slices.ContainsFunc(now, d.same) {
			out = append(out, change{fmt.Sprintf("%s is no longer %s.", isolate(d.title), d.gone), 0})
		}
	}
	return out
}

// audiences compares the exports.
func (c *comparison) audiences() []change {
	var out []change
	for _, x := range c.r.Exports {
		i := slices.IndexFunc(c.before.Exports, func(o report.Export) bool { return o.Name == x.Name && o.Entity == x.Entity })
		if i < 0 {
			out = append(out, change{c.appeared("New export: "+isolate(x.Title), report.Size{Members: x.Members}, x.Entity).text, 0}) // nobody moved
		} else if g, ok := c.grew("Export "+isolate(x.Title), x.Entity, x.Members, c.before.Exports[i].Members, cause(x.Who, c.before.Exports[i].Who)); ok {
			out = append(out, g)
		}
	}
	return out
}

// startsMoved says where the best part of a rank starts now. It matters as much
// as the people in that part, by how far it moved.
func (c *comparison) startsMoved() []change {
	var out []change
	for _, r := range c.r.Ranks {
		i := slices.IndexFunc(c.before.Ranks, func(o report.Rank) bool {
			return o.Name == r.Name && o.Entity == r.Entity && o.Buckets == r.Buckets && o.Best == r.Best
		})
		if i < 0 || len(r.Steps) == 0 || len(c.before.Ranks[i].Steps) == 0 {
			continue
		}
		now, was := r.Steps[0].Start, c.before.Ranks[i].Steps[0].Start
		if now.Hidden || was.Hidden || now.Text == was.Text {
			continue
		}
		weight := people(report.Size{Members: r.Steps[0].Members})
		if now.Value != nil && was.Value != nil && *was.Value != 0 {
			weight *= min(math.Abs(*now.Value-*was.Value)/math.Abs(*was.Value), 1)
		}
		out = append(out, change{fmt.Sprintf("%s: the top %s now starts at %s (was %s).", isolate(r.Title), r.TopPart, now.Text, was.Text), weight * moved})
	}
	return out
}
