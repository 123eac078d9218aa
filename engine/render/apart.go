package render

import (
	"html/template"
	"math"
	"strings"

	"personae/engine/report"
)

// swingRow is one difference as a line of the picture: a bar to the right for what
// is more common than among everyone, to the left for what is less, with its likely
// range. Lengths are parts of the whole scale.
type swingRow struct {
	Name      string
	Here, All report.Number
	Less      bool
	Bar, Span stretch
	HasSpan   bool
}

// stretch is a piece of a scale, from its start on.
type stretch struct{ From, Wide template.CSS }

// swingTick is a word below the scale.
type swingTick struct {
	At   template.CSS
	Text string
}

// swing is the picture of differences: bars on a scale where twice and half are
// equally far. It is HTML, so that long labels have the room that a page has, on a
// phone and on a wall.
type swing struct {
	Zero  template.CSS // where "as common as among everyone" is
	Rows  []swingRow
	Ticks []swingTick
	Axis  string // what the scale is
}

// farthest is how many times twice or half the scale goes.
const farthest = 5

// swingOf lays differences out. Each side reaches as far as its own bars do, at
// least to half and to twice.
func swingOf(list []report.Difference) *swing {
	left, right := 1.0, 1.0
	for _, d := range list {
		for _, at := range [...]float64{doublings(&d.Lift), doublingsOr(d.Low, d.Lift), doublingsOr(d.High, d.Lift)} {
			left, right = max(left, -at), max(right, at)
		}
	}
	left, right = math.Ceil(min(left, farthest)), math.Ceil(min(right, farthest))
	place := func(at float64) float64 { return (min(max(at, -left), right) + left) / (left + right) }
	between := func(a, b float64) stretch {
		return stretch{percentage(place(min(a, b))), percentage(place(max(a, b)) - place(min(a, b)))}
	}
	out := &swing{Zero: percentage(place(0))}
	for _, d := range list {
		at := doublings(&d.Lift)
		row := swingRow{Name: nameOf(d), Here: d.Share, All: d.Everyone, Less: at < 0, Bar: between(0, at)}
		if d.Low != nil && d.High != nil {
			row.HasSpan, row.Span = true, between(doublings(d.Low), doublings(d.High))
		}
		out.Rows = append(out.Rows, row)
	}
	step := 1.0
	if left+right > 5 {
		step = 2
	}
	for at := -math.Floor(left/step) * step; at <= right; at += step {
		out.Ticks = append(out.Ticks, swingTick{percentage(place(at)), swingWords[at]})
	}
	return out
}

var swingWords = map[float64]string{-5: "1/32", -4: "1/16", -3: "1/8", -2: "1/4", -1: "half", 0: "same", 1: "twice", 2: "4 ×", 3: "8 ×", 4: "16 ×", 5: "32 ×"}

// doublings is how many times twice something is as common; nothing at all is as
// far as the scale goes.
func doublings(times *float64) float64 {
	switch {
	case *times <= 0:
		return -farthest
	case math.IsInf(*times, 1):
		return farthest
	}
	return min(max(math.Round(math.Log2(*times)*1e6)/1e6, -farthest), farthest)
}

func doublingsOr(times *float64, lift float64) float64 {
	if times == nil {
		return doublings(&lift)
	}
	return doublings(times)
}

// nameOf is what differs, as one text.
func nameOf(d report.Difference) string {
	if d.Value == "" {
		return d.Label
	}
	return d.Label + ": " + d.Value
}

// apart is the figure of what sets a group apart; nil where nothing does.
func (s *site) apart(list []report.Difference, most int, size report.Size, entity string) *figure {
	if len(list) == 0 {
		return nil
	}
	list, people := list[:min(len(list), most)], peopleOf(entity)
	f := &figure{Title: "What sets them apart", Head: []string{"What", "Here", "Everyone", "How common", "Likely range", "Based on"}, Swing: swingOf(list)}
	f.Takeaway = apartTakeaway(list[0])
	f.Foot = strings.TrimSpace(s.comparedWith(size, entity) + " To the right: more common than among all " + people + "; to the left: less. The thin lines are likely ranges (95%). Grey: everyone.")
	f.Swing.Axis = "Times as common as among all " + people
	for _, d := range list {
		f.Rows = append(f.Rows, figureRow{nameOf(d), []report.Number{d.Share, d.Everyone, cellOf(d.Text), cellOf(s.likely(d)), cellOf(s.basis(d.Share, size))}})
	}
	return f
}

func apartTakeaway(d report.Difference) string {
	if d.Text == "" {
		return nameOf(d)
	}
	return nameOf(d) + " is " + d.Text
}

// basis is on how many a share of a group rests: at most all of it,
// where it is not told of how many it is known.
func (s *site) basis(share report.Number, size report.Size) string {
	if n, _ := s.rests(share); n != "" {
		return n
	}
	return "up to " + size.Members.Text
}

// likely is the range that a difference is likely in, in the words of its text; ""
// where it has none.
func (s *site) likely(d report.Difference) string {
	if d.Low == nil || d.High == nil {
		return ""
	}
	if *d.High < 1 {
		least, _ := s.f.Percent(math.Round(100*(1-*d.High))/100, 0)
		most, _ := s.f.Percent(math.Round(100*(1-*d.Low))/100, 0)
		return least + " to " + most + " less common"
	}
	low, _ := s.f.Number(*d.Low, 2)
	high, _ := s.f.Number(*d.High, 2)
	return low + " to " + high + " times"
}
