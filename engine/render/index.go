package render

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"

	"personae/engine/format"
	"personae/engine/report"
)

// indexView is the first page: of a version, or, with Front, over all versions.
type indexView struct {
	Front         *frontView // nil on a version's own page
	Project       string
	AsOf, Until   string
	Zone          string
	Everyone      []everyoneView
	Badges        []badge
	Notices       []report.Notice // the worst, always in sight
	MoreNotices   []report.Notice
	Personas      []cardView
	Tables        []segmentTable
	Segmentations []segmentationView
	Ranks         []rankView
	Scores        []scoreView
	Overlaps      []*figure
	Journeys      []*journeyView
	Exports       []exportView
	Datasets      []datasetView
	Hidden        []hiddenView
	Small         string // what is hidden of few people
	Owners        []ownerView
	Long          bool   // there are so many segments that lists of all are folded
	NoValue       string // that sizes are in people alone, and of whom
}

type everyoneView struct {
	Entity string
	Count  report.Number
	Value  report.Number
}

// badge is one mark of the status strip: icon and words.
type badge struct{ Icon, Text string }

type cardView struct {
	P      report.Persona
	Face   *face
	Trend  template.HTML // a sparkline of the share of people; "" on a version's own page
	Link   string
	People string // "customers"
	Holds  string
	Worth  bool
	Change string // against the version before; "" on a version's own page
}

type segmentTable struct {
	Entity  string
	People  string
	Titled  bool // several entities: the table has a heading
	Worth   bool
	Changes bool
	Trends  bool
	Guards  bool   // a segment has an expected size
	Full    string // what a full bar stands for
	Long    bool   // only the first rows are in sight until somebody asks for all
	Rows    []segmentRow
}

type segmentRow struct {
	report.Segment
	Link        string
	Share       template.CSS
	ValueShare  template.CSS
	CannotTell  string
	Change      string
	Trend       template.HTML
	GuardIcon   string
	SortMembers string
	SortShare   string
	SortValue   string
}

type datasetView struct {
	report.Dataset
	Newest string
	Left   string // how many rows were left out
}

// hiddenView is one reason and all that it hides.
type hiddenView struct {
	Reason string
	Names  []string
}

type ownerView struct {
	Owner string
	Owns  []string
}

// longTable is how many segments a table has in sight at most: of more, it shows those
// that the style says, whatever it is sorted by.
const longTable = 80

// noticesInSight is how many notices are shown before the rest is folded.
const noticesInSight = 5

// smallGroups says what is hidden of few people.
func (s *site) smallGroups() string {
	if s.r.MinGroup < 2 {
		return "This project hides no small groups: its smallest group is one person (privacy.min_group)."
	}
	return "No number is shown about fewer than " + s.f.Int(s.r.MinGroup) + " people, and none that gives so few away together with the others of this report."
}

func (s *site) index() *indexView {
	v := &indexView{
		Project: s.r.Project.Name, AsOf: s.instant(s.r.AsOf), Zone: s.r.Project.Timezone,
		Badges: badges(s.r.Notices), Small: s.smallGroups(),
		Tables: s.segmentTables(), Hidden: s.hidden(), Owners: s.owners(), Long: len(s.r.Segments) > longTable,
	}
	if s.r.DataUntil != nil {
		v.Until = s.instant(*s.r.DataUntil)
	}
	var unpriced []string
	for _, p := range s.r.Populations {
		v.Everyone = append(v.Everyone, everyoneView{peopleOf(p.Entity), p.Count, p.Value})
		if !s.worth(p.Entity) {
			unpriced = append(unpriced, peopleOf(p.Entity))
		}
	}
	if len(unpriced) > 0 {
		v.NoValue = "This project does not say what " + format.List(unpriced) + " are worth, so their sizes are counts alone."
	}
	cut := min(noticesInSight, len(s.r.Notices))
	v.Notices, v.MoreNotices = s.r.Notices[:cut], s.r.Notices[cut:]
	for _, p := range s.r.Personas {
		v.Personas = append(v.Personas, cardView{
			P: p, Face: s.face(p), Link: s.link("personas", p.Name), People: peopleOf(p.Entity), Holds: holding(p.Meter), Worth: s.worth(p.Entity),
		})
	}
	for _, g := range s.r.Segmentations {
		v.Segmentations = append(v.Segmentations, s.segmentation(g))
	}
	v.Ranks = s.ranks("", nil)
	for _, x := range s.r.Scores {
		v.Scores = append(v.Scores, s.score(x))
	}
	for _, p := range s.r.Populations {
		if f := s.overlapMap(p.Entity); f != nil {
			v.Overlaps = append(v.Overlaps, f)
		}
	}
	for _, j := range s.r.Journeys {
		v.Journeys = append(v.Journeys, s.journey(j, nil, report.Persona{}))
	}
	v.Exports = s.exports()
	for _, d := range s.r.Datasets {
		v.Datasets = append(v.Datasets, s.dataset(d))
	}
	return v
}

// badges counts what a reader must know, by kind, worst first.
func badges(notices []report.Notice) []badge {
	kinds := []struct{ kind, icon, one, many string }{
		{"stale", "warn", "Stale data", "Stale data in %d datasets"},
		{"claim", "broken", "1 statement no longer true", "%d statements no longer true"},
		{"guard", "warn", "1 group outside its expected size", "%d groups outside their expected size"},
		{"hidden", "hidden", "1 persona hidden", "%d personas hidden"},
		{"data", "warn", "1 finding about the data", "%d findings about the data"},
		{"unknown", "unknown", "Can't tell for some people in 1 segment", "Can't tell for some people in %d segments"},
	}
	var out []badge
	for _, k := range kinds {
		n := 0
		for _, x := range notices {
			if x.Kind == k.kind {
				n++
			}
		}
		switch n {
		case 0:
		case 1:
			out = append(out, badge{k.icon, k.one})
		default:
			out = append(out, badge{k.icon, fmt.Sprintf(k.many, n)})
		}
	}
	return out
}

// segmentTables is one table for each entity, in the order of the populations.
func (s *site) segmentTables() []segmentTable {
	var out []segmentTable
	for _, p := range s.r.Populations {
		t := segmentTable{Entity: p.Entity, People: peopleOf(p.Entity), Worth: s.worth(p.Entity)}
		var sizes []report.Size
		for _, g := range s.r.Segments {
			if g.Entity == p.Entity {
				sizes = append(sizes, g.Size)
			}
		}
		if len(sizes) == 0 {
			continue
		}
		full := fullBar(sizes)
		t.Full, _ = s.f.Percent(full, 0)
		for _, g := range s.r.Segments {
			if g.Entity == p.Entity {
				t.Rows = append(t.Rows, s.segmentRow(g, full))
				t.Guards = t.Guards || guardIcon(g.Guard) != ""
			}
		}
		out = append(out, t)
	}
	for i := range out {
		out[i].Titled, out[i].Long = len(out) > 1, len(out[i].Rows) > longTable
	}
	return out
}

func (s *site) segmentRow(g report.Segment, full float64) segmentRow {
	return segmentRow{
		Segment: g, Link: s.link("segments", g.Name),
		Share: width(g.Size.Share, full), ValueShare: width(g.Size.ValueShare, full),
		CannotTell: cannotTell(g.Size, g.Entity), GuardIcon: guardIcon(g.Guard),
		SortMembers: sortable(g.Size.Members), SortShare: sortable(g.Size.Share), SortValue: sortable(g.Size.ValueShare),
	}
}

func guardIcon(g report.Guard) string {
	switch g.Verdict {
	case "ok":
		return "holds"
	case "low", "high":
		return "warn"
	}
	return ""
}

// sortable is what the script sorts by; "" goes last.
func sortable(n report.Number) string {
	if n.Value == nil || n.Hidden {
		return ""
	}
	return strconv.FormatFloat(*n.Value, 'g', -1, 64)
}

func (s *site) dataset(d report.Dataset) datasetView {
	v := datasetView{Dataset: d}
	if d.NewestEvent != nil {
		v.Newest = s.instant(*d.NewestEvent)
	}
	if d.Read.Value != nil && d.Rows.Value != nil && *d.Read.Value > *d.Rows.Value {
		v.Left = s.f.Count(int64(*d.Read.Value-*d.Rows.Value), "row", "rows")
	}
	return v
}

// hidden lists what is hidden, by reason, in the order of the page.
func (s *site) hidden() []hiddenView {
	var out []hiddenView
	add := func(n report.Number, name string) {
		if !n.Hidden || n.Reason == "" {
			return
		}
		i := slices.IndexFunc(out, func(h hiddenView) bool { return h.Reason == n.Reason })
		if i < 0 {
			i = len(out)
			out = append(out, hiddenView{Reason: n.Reason})
		}
		out[i].Names = append(out[i].Names, name)
	}
	for _, p := range s.r.Populations {
		add(p.Count, "all "+peopleOf(p.Entity))
	}
	for _, p := range s.r.Personas {
		add(p.Size.Members, p.DisplayName)
	}
	for _, g := range s.r.Segments {
		add(g.Size.Members, g.Title)
	}
	for _, g := range s.r.Segmentations {
		for _, rung := range g.Groups {
			add(rung.Size.Members, g.Title+": "+rung.Title)
		}
	}
	return out
}
