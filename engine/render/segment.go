package render

import (
	"cmp"
	"html/template"
	"math"
	"slices"

	"personae/engine/report"
)

// segmentView is the page of one segment.
type segmentView struct {
	report.Segment
	People     string
	Worth      bool
	Share      template.CSS
	ValueShare template.CSS
	CannotTell string
	GuardIcon  string
	Overlaps   []overlapView
	MoreThan   int // overlaps that are not listed
	Users      []userView
	RankViews  []rankView
	Apart      *figure
	Clauses    []clauseView
}

// clauseView is one line of the clause table.
type clauseView struct {
	report.Clause
	Bar template.CSS // who is left, of everyone
}

// apartDrawn is how many differences a segment's page shows.
const apartDrawn = 10

type overlapView struct {
	Title, Link string
	Share       report.Number
	Both        report.Number
	Bar         template.CSS
	Lift        string
}

// userView is a rule or a persona that uses a segment; Link is "" for what has
// no page of its own.
type userView struct{ Title, Link string }

// overlapsInSight is how many overlaps a segment's page lists.
const overlapsInSight = 5

func (s *site) segmentPage(g report.Segment) *segmentView {
	v := &segmentView{
		Segment: g, People: peopleOf(g.Entity), Worth: s.worth(g.Entity),
		Share: width(g.Size.Share, 1), ValueShare: width(g.Size.ValueShare, 1),
		CannotTell: cannotTell(g.Size, g.Entity), GuardIcon: guardIcon(g.Guard),
	}
	if !g.Size.Members.Hidden {
		v.Apart = s.apart(g.Apart, apartDrawn, g.Size, g.Entity)
	}
	all := s.population(g.Entity).Count
	for _, c := range g.Clauses {
		view := clauseView{Clause: c}
		if all.Value != nil && !all.Hidden {
			view.Bar = width(c.Left, *all.Value)
		}
		v.Clauses = append(v.Clauses, view)
	}
	var shared []report.Overlap
	for _, o := range s.pairs[g.Name] {
		if o.B != g.Name && !o.ShareA.Hidden && o.ShareA.Value != nil {
			shared = append(shared, o)
		}
	}
	slices.SortStableFunc(shared, func(x, y report.Overlap) int {
		return cmp.Or(cmp.Compare(*y.ShareA.Value, *x.ShareA.Value), cmp.Compare(x.B, y.B))
	})
	if len(shared) > overlapsInSight {
		v.MoreThan = len(shared) - overlapsInSight
		shared = shared[:overlapsInSight]
	}
	for _, o := range shared {
		other, known := s.segment(o.B)
		if !known {
			continue
		}
		view := overlapView{Title: other.Title, Link: s.link("segments", o.B), Share: o.ShareA, Both: o.Both, Bar: width(o.ShareA, 1)}
		if o.Lift != nil {
			view.Lift, _ = s.f.Lift(*o.Lift, "all "+v.People)
		}
		v.Overlaps = append(v.Overlaps, view)
	}
	v.Users, v.RankViews = s.users(g.UsedBy), s.ranksRead(g.Entity, g.Ranks)
	return v
}

// users links what has a page of its own.
func (s *site) users(titles []string) []userView {
	var out []userView
	for _, title := range titles {
		out = append(out, userView{title, s.pageOf(title)})
	}
	return out
}

// pageOf finds the page of what carries a title; "" where there is none or more
// than one.
func (s *site) pageOf(title string) string {
	found, link := 0, ""
	hit := func(t, folder, name string) {
		if t == title {
			found, link = found+1, s.link(folder, name)
		}
	}
	for _, p := range s.r.Personas {
		hit(p.DisplayName, "personas", p.Name)
	}
	for _, g := range s.r.Segments {
		hit(g.Title, "segments", g.Name)
	}
	for _, g := range s.r.Segmentations {
		hit(g.Title, "segmentations", g.Name)
	}
	if found != 1 {
		return ""
	}
	return link
}

// segmentationView is one bar of 100 %, on the first page and on its own.
type segmentationView struct {
	report.Segmentation
	Link   string
	People string
	Worth  bool
	Rungs  []rungView
	// Unplaced is the part of the bar for people whom nobody can place, Masked
	// the part of all hidden groups together.
	Unplaced, Masked template.CSS
	HasUnknown       bool
	CannotTell       string
	Losses           []lossView
	Users            []userView
	RankViews        []rankView
	Was              *wasView // in the version before; nil on a version's own pages
	Flow             *figure  // who moved since
}

type rungView struct {
	report.Rung
	Bar    template.CSS
	Tint   template.CSS // how strong the colour of the group is
	Change string
}

func (s *site) segmentation(g report.Segmentation) segmentationView {
	v := segmentationView{Segmentation: g, Link: s.link("segmentations", g.Name), People: peopleOf(g.Entity), Worth: s.worth(g.Entity),
		Users: s.users(g.UsedBy), RankViews: s.ranksRead(g.Entity, g.Ranks), Losses: lossesOf(g),
		CannotTell: cannotTell(report.Size{Unknown: g.Unknown, UnknownWhy: g.UnknownWhy}, g.Entity)}
	people := s.population(g.Entity).Count
	left := 1.0
	for i, rung := range g.Groups {
		view := rungView{Rung: rung, Bar: width(rung.Size.Share, 1), Tint: tint(i, len(g.Groups))}
		if rung.Size.Share.Value != nil && !rung.Size.Share.Hidden {
			left -= *rung.Size.Share.Value
		}
		v.Rungs = append(v.Rungs, view)
	}
	v.HasUnknown = g.Unknown.Hidden || g.Unknown.Value != nil && *g.Unknown.Value > 0
	if v.HasUnknown && !g.Unknown.Hidden && people.Value != nil && *people.Value > 0 {
		part := *g.Unknown.Value / *people.Value
		v.Unplaced = percentage(part)
		left -= part
	}
	if left > 0.0005 && left < 1 {
		v.Masked = percentage(left)
	}
	return v
}

// tint goes from the full colour of the first group to a quarter of it for the
// last one.
func tint(i, n int) template.CSS {
	if n < 2 {
		return "100%"
	}
	return percentage(1 - 0.75*math.Round(float64(i)/float64(n-1)*1000)/1000)
}
