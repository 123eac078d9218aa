package render

import (
	"strings"

	"personae/engine/render/charts"
	"personae/engine/report"
)

// journeyView is a journey of a group: its funnel, and a map with a column a stage.
type journeyView struct {
	report.Journey
	People  string
	Funnel  *figure
	Feeling *figure
	Stages  []stageView
	Counted bool // some stage has numbers
	Touches bool // some stage has touchpoints
	Nowhere string
}

type stageView struct {
	report.Stage
	Feels  string
	After  string // how long after the stage before
	Mapped bool
}

// feelings are the words for -2 to 2.
var feelings = []string{"Bad", "Uneasy", "Neutral", "Good", "Delighted"}

// journey prepares a journey; everyone is the same one over all people, or nil
// where it is theirs; who is the persona that it is of.
func (s *site) journey(j report.Journey, everyone *report.Journey, who report.Persona) *journeyView {
	people := peopleOf(j.Entity)
	v := &journeyView{Journey: j, People: people}
	f := &figure{Title: "How far they come", Wide: true, Head: []string{"Stage", upper(people), "Share", "From the stage before", "Skipped it", "Median time from the stage before"}}
	if everyone == nil {
		f.Foot = basedOn(s.population(j.Entity).Count, j.Entity)
	} else {
		f.Here, f.All, f.Foot = who.DisplayName, "All "+people, s.comparedWith(who.Size, j.Entity)
	}
	for i, st := range j.Stages {
		x := stageView{Stage: st}
		if st.Feeling != nil {
			x.Feels = feelings[int(min(max(*st.Feeling, -2), 2)+2.5)]
		}
		if st.MedianHours.Value != nil && !st.MedianHours.Hidden {
			x.After = s.hours(*st.MedianHours.Value)
		}
		x.Mapped = st.Doing != "" || st.Thinking != "" || st.Response != "" || len(st.Pains) > 0 || len(st.Touchpoints) > 0
		v.Stages, v.Touches = append(v.Stages, x), v.Touches || len(st.Touchpoints) > 0
		v.Counted = v.Counted || st.Reached.Text != "" && !st.Reached.Hidden
		row := figureRow{st.Title, []report.Number{st.Reached, st.Share, st.FromPrevious, st.Skipped, st.MedianHours}}
		if i == 0 {
			row.Cells[2], row.Cells[4] = report.Number{Hidden: true}, report.Number{Hidden: true}
		}
		f.Rows = append(f.Rows, row)
	}
	if v.Counted {
		f.job = s.chart(charts.Funnel(j, everyone, charts.Axes{Across: shareOfAll(people)}))
		v.Funnel = f
	}
	if c := charts.Feeling(j); c.Option != nil {
		v.Feeling = &figure{job: s.chart(c)}
	}
	var rest []string
	if n := j.Nowhere; n.Value != nil && !n.Hidden && *n.Value > 0 {
		rest = append(rest, someone(n, j.Entity)+" have entered no stage")
	}
	if n := j.Unknown; n.Value != nil && !n.Hidden && *n.Value > 0 {
		told := "can’t tell for " + someone(n, j.Entity)
		if j.UnknownWhy != "" {
			told += ": " + j.UnknownWhy
		}
		rest = append(rest, told)
	}
	if len(rest) > 0 {
		v.Nowhere = upper(strings.Join(rest, "; ")) + "."
	}
	return v
}

// hours writes a time as people say it.
func (s *site) hours(h float64) string {
	number := func(v float64, one, many string) string {
		text, _ := s.f.Number(v, 0)
		if text == "1" {
			return "1 " + one
		}
		return text + " " + many
	}
	switch {
	case h < 1:
		return number(h*60, "minute", "minutes")
	case h < 48:
		return number(h, "hour", "hours")
	}
	return number(h/24, "day", "days")
}

// everyones is the journey of all people that a persona's journey belongs to.
func (s *site) everyones(name string) *report.Journey {
	for i := range s.r.Journeys {
		if s.r.Journeys[i].Name == name {
			return &s.r.Journeys[i]
		}
	}
	return nil
}
