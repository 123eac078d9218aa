package render

import (
	"html/template"
	"regexp"
	"slices"

	"personae/engine/report"
)

// personaView is the page of one persona, by rows (REPORTS A).
type personaView struct {
	P          report.Persona
	People     string // "customers"
	Quiet      bool   // its group is hidden: identity and story, no numbers
	Worth      bool
	Face       *face
	Who        whoView
	Facts      []factView
	Story      []report.Paragraph
	Holds      string
	ReviewWord string // what is said before the day of the next review
	Meter      []meterPart
	Broken     []statementView
	Share      template.CSS
	ValueShare template.CSS
	CannotTell string
	Goals      []pairView
	Needs      []pairView
	Sliders    []sliderView
	Day        string        // Markdown
	Motives    []sectionView // beside goals and needs
	Life       []sectionView
	Behaviour  []sectionView
	Other      []sectionView
	Use        []sectionView
	Objections []pairView
	Numbers    []sectionView // who they are in numbers
	Evidence   []evidenceRow
	Statistics []statisticRow
	Quote      *report.Quote // the first, large
	Quotes     []report.Quote
	Apart      *figure
	Rhythm     []*figure // charts of when and how they act
	Charts     []*figure // charts of who they are
	Journey    *journeyView
	Spreads    []*figure // the numbers behind the thin bars of the facts
}

// whoView says whom a persona stands for without an expression: the segment or
// group by its title, where the rule is nothing but its name.
type whoView struct{ Before, Title, Link, After string }

type factView struct {
	Label string
	S     statementView
	Mini  *mini
}

type pairView struct {
	S    statementView
	Then string
	Left string // why what follows is left out
}

type sectionView struct {
	Name, Title string
	Statements  []statementView
}

// statementView is a statement as pages show it.
type statementView struct {
	report.Statement
	Chip      string // kind of evidence in words
	StatusIs  string // state in words; "" where there is nothing to say
	Left      string // why the text is left out
	Here, All string // what the bars compare
	HereBar   template.CSS
	AllBar    template.CSS
	Mini      *mini
	Compares  bool // both numbers are there
	HasBars   bool
}

type sliderView struct {
	report.Trade
	At   template.CSS
	Chip string
	Text string // where it stands, in words
}

type meterPart struct {
	Evidence string
	Bar      template.CSS
}

type evidenceRow struct {
	report.Statement
	Chip, StatusIs string
	NeededText     string
	Place          string
	Rests          string // n
	CannotTell     string
}

type statisticRow struct {
	report.Statistic
	Rests      string
	CannotTell string
}

// sectionRows says in which row of the page a known section stands.
var sectionRows = map[string]func(*personaView) *[]sectionView{
	"motivations":    func(v *personaView) *[]sectionView { return &v.Motives },
	"psychographics": func(v *personaView) *[]sectionView { return &v.Life },
	"lifestyle":      func(v *personaView) *[]sectionView { return &v.Life },
	"family":         func(v *personaView) *[]sectionView { return &v.Life },
	"behaviour":      func(v *personaView) *[]sectionView { return &v.Behaviour },
	"buying_style":   func(v *personaView) *[]sectionView { return &v.Behaviour },
	"channels":       func(v *personaView) *[]sectionView { return &v.Behaviour },
	"content":        func(v *personaView) *[]sectionView { return &v.Use },
	"do":             func(v *personaView) *[]sectionView { return &v.Use },
	"dont":           func(v *personaView) *[]sectionView { return &v.Use },
	"demographics":   func(v *personaView) *[]sectionView { return &v.Numbers },
}

func (s *site) persona(p report.Persona) *personaView {
	v := &personaView{
		P: p, Face: s.face(p), People: peopleOf(p.Entity), Quiet: p.Hidden != "", Worth: s.worth(p.Entity), Who: s.who(p), Holds: holding(p.Meter), ReviewWord: s.reviewWord(p),
		Story: p.Story, Share: width(p.Size.Share, 1), ValueShare: width(p.Size.ValueShare, 1),
		CannotTell: cannotTell(p.Size, p.Entity), Day: p.Day, Meter: meterParts(p.Meter),
	}
	if v.Quiet {
		v.Story = written(p.Story)
	}
	for _, f := range p.Facts {
		if st, ok := v.statement(f.Statement); ok {
			fact := factView{Label: f.Label, S: st}
			if !v.Quiet {
				fact.Mini = breakdown(f.Breakdown)
			}
			v.Facts = append(v.Facts, fact)
		}
	}
	v.Goals, v.Needs, v.Objections = v.pairs(p.Goals), v.pairs(p.Needs), v.pairs(p.Objections)
	for _, t := range p.Personality {
		v.Sliders = append(v.Sliders, slider(t))
	}
	for _, sec := range p.Sections {
		view := sectionView{Name: sec.Name, Title: sec.Title}
		for _, st := range sec.Statements {
			if sv, ok := v.statement(st); ok {
				if !v.Quiet {
					sv.Mini = breakdown(st.Breakdown)
				}
				view.Statements = append(view.Statements, sv)
			}
		}
		if len(view.Statements) == 0 {
			continue
		}
		row := &v.Other
		if known := sectionRows[sec.Name]; known != nil {
			row = known(v)
		}
		*row = append(*row, view)
	}
	s.evidence(v)
	s.pictures(v)
	return v
}

// differencesDrawn is how many differences a persona's page shows.
const differencesDrawn = 8

// pictures prepares all that is drawn from numbers. A persona whose group is hidden
// has none.
func (s *site) pictures(v *personaView) {
	p := v.P
	if len(p.Quotes) > 0 {
		v.Quote, v.Quotes = &p.Quotes[0], p.Quotes[1:]
	}
	if j := p.Journey; j != nil {
		everyone := s.everyones(j.Name)
		if v.Quiet {
			j, everyone = withoutNumbers(*j), nil
		}
		v.Journey = s.journey(*j, everyone, p)
	}
	if v.Quiet {
		return
	}
	v.Apart = s.apart(p.Apart, differencesDrawn, p.Size, p.Entity)
	for _, d := range p.Charts {
		f := s.distribution(d, p.Size, p.DisplayName, v.People)
		switch d.Kind {
		case report.WeekHours, report.Months, report.Exclusive:
			v.Rhythm = append(v.Rhythm, f)
		default:
			v.Charts = append(v.Charts, f)
		}
	}
	quiet := *s
	quiet.easel = &easel{} // the thin bar is the picture; here are its numbers
	for _, d := range p.Spreads() {
		v.Spreads = append(v.Spreads, quiet.distribution(d, p.Size, p.DisplayName, v.People))
	}
}

// withoutNumbers is a journey as it is told, for a group that is hidden.
func withoutNumbers(j report.Journey) *report.Journey {
	none := report.Number{Hidden: true}
	j.Nowhere, j.Unknown = none, none
	j.Stages = slices.Clone(j.Stages)
	for i := range j.Stages {
		st := &j.Stages[i]
		st.Reached, st.Share, st.FromPrevious, st.Skipped, st.MedianHours = none, none, none, none, none
		st.Touchpoints = slices.Clone(st.Touchpoints)
		for k := range st.Touchpoints {
			st.Touchpoints[k].Count, st.Touchpoints[k].Each = none, none
		}
	}
	return &j
}

// statement prepares one statement; false where a hidden group leaves nothing
// of it: the page says so once, at the top.
func (v *personaView) statement(st report.Statement) (statementView, bool) {
	view := statementView{Statement: st, Chip: evidenceWords[st.Evidence], Here: v.P.DisplayName, All: "All " + v.People}
	if v.Quiet {
		view.Value, view.Everyone = report.Number{Hidden: true}, report.Number{Hidden: true}
		return view, st.Text != ""
	}
	if st.Text == "" {
		view.Left = st.Missing
	}
	view.StatusIs = statusWord(st)
	if st.Status == report.CannotTell && st.Text == "" && st.StatusText == st.Missing {
		view.StatusIs = "" // the reason stands in place of the text
	}
	here, all := st.Value, st.Everyone
	if here.Text != "" && all.Text != "" && !here.Hidden && !all.Hidden {
		view.Compares = true
		if st.Compared != "" { // shares: both bars have the same whole
			view.HereBar, view.AllBar = width(here, 1), width(all, 1)
			view.HasBars = view.HereBar != "" && view.AllBar != ""
		}
	}
	if st.Status == report.Broken {
		v.Broken = append(v.Broken, view)
	}
	return view, true
}

func (v *personaView) pairs(list []report.Pair) []pairView {
	var out []pairView
	for _, p := range list {
		if st, ok := v.statement(p.Statement); ok {
			view := pairView{S: st, Then: p.Then}
			if !v.Quiet {
				view.Left = p.ThenMissing
			}
			out = append(out, view)
		}
	}
	return out
}

var (
	oneSegment = regexp.MustCompile(`^\s*segment\.([a-z][a-z0-9_]*)\s*$`)
	oneGroup   = regexp.MustCompile(`^\s*segmentation\.([a-z][a-z0-9_]*)\s*==\s*['"]([a-z][a-z0-9_]*)['"]\s*$`)
)

func (s *site) who(p report.Persona) whoView {
	if m := oneSegment.FindStringSubmatch(p.Who.Expression); m != nil {
		if g, ok := s.segment(m[1]); ok {
			return whoView{"Stands for the segment ", g.Title, s.link("segments", g.Name), "."}
		}
	}
	if m := oneGroup.FindStringSubmatch(p.Who.Expression); m != nil {
		for _, g := range s.r.Segmentations {
			for _, rung := range g.Groups {
				if g.Name == m[1] && rung.Name == m[2] {
					return whoView{"Stands for the group ", g.Title + ": " + rung.Title, s.link("segmentations", g.Name), "."}
				}
			}
		}
	}
	if p.Who.Words != "" {
		return whoView{Before: "Stands for all " + peopleOf(p.Entity) + " of whom this is true: ", Title: p.Who.Words, After: "."}
	}
	return whoView{Before: "Stands for the " + peopleOf(p.Entity) + " that the rule below finds."}
}

// slider places a trade between its poles, and says so in words.
func slider(t report.Trade) sliderView {
	at := min(max(t.At, -2), 2)
	v := sliderView{Trade: t, At: percentage((at + 2) / 4), Chip: evidenceWords[t.Evidence]}
	pole := t.Low
	if at > 0 {
		pole = t.High
	}
	switch {
	case t.Missing != "":
		v.Text = "can't tell: " + t.Missing
	case at == 0:
		v.Text = "in the middle between " + t.Low + " and " + t.High
	case at <= -1.5 || at >= 1.5:
		v.Text = "clearly " + pole
	default:
		v.Text = "rather " + pole
	}
	return v
}

func meterParts(m report.Meter) []meterPart {
	var out []meterPart
	for _, e := range []report.Evidence{report.Measured, report.Researched, report.Assumed} {
		if n := m.Evidence[string(e)]; n > 0 && m.Statements > 0 {
			out = append(out, meterPart{string(e), percentage(float64(n) / float64(m.Statements))})
		}
	}
	return out
}

// written keeps the paragraphs that have text, without the marks of what is
// missing.
func written(story []report.Paragraph) []report.Paragraph {
	var out []report.Paragraph
	for _, p := range story {
		if p.Text != "" {
			out = append(out, report.Paragraph{Text: p.Text})
		}
	}
	return out
}

// evidence fills the table at the end of the page.
func (s *site) evidence(v *personaView) {
	for _, st := range allStatements(&v.P) {
		if v.Quiet && st.Text == "" {
			continue
		}
		row := evidenceRow{Statement: st, Chip: evidenceWords[st.Evidence], StatusIs: statusWord(st), Place: place(st.File, st.Line)}
		if v.Quiet {
			none := report.Number{Hidden: true}
			row.Value, row.Needed, row.Everyone = none, none, none
		}
		if !row.Needed.Hidden && row.Needed.Text != "" {
			row.NeededText = needs[st.Operator] + st.Needed.Text
		}
		row.Rests, row.CannotTell = s.rests(row.Value)
		v.Evidence = append(v.Evidence, row)
	}
	if v.Quiet {
		return
	}
	for _, st := range v.P.Statistics {
		row := statisticRow{Statistic: st}
		row.Rests, row.CannotTell = s.rests(st.Value)
		v.Statistics = append(v.Statistics, row)
	}
}

// rests writes on how many rows a number rests, and how many cannot tell.
func (s *site) rests(n report.Number) (rows, unknown string) {
	if n.N != nil {
		rows = s.f.Int(*n.N)
	}
	if n.Unknown != nil {
		unknown = s.f.Int(*n.Unknown)
	}
	return rows, unknown
}

// allStatements lists every statement of a persona, in the order of the page.
func allStatements(p *report.Persona) []report.Statement {
	var out []report.Statement
	for _, f := range p.Facts {
		out = append(out, f.Statement)
	}
	for _, pair := range slices.Concat(p.Goals, p.Needs) {
		out = append(out, pair.Statement)
	}
	for _, sec := range p.Sections {
		out = append(out, sec.Statements...)
	}
	return out
}
