package render

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"personae/engine/render/charts"
	"personae/engine/report"
)

// figure is a picture with all that a reader needs beside it: what it shows, whom
// it counts, and the numbers as a table. Where there is no picture, Reason says why.
type figure struct {
	Title    string
	Takeaway string
	Reason   string
	Here     string // who is drawn in colour; "" where there is one colour only
	All      string // who is grey
	Parts    []figurePart
	Foot     string // on whom it rests
	Head     []string
	Rows     []figureRow
	Swing    *swing // in place of a drawing
	Wide     bool   // it stands alone: picture and numbers side by side
	Large    bool   // where there is no room it scrolls: made smaller, nobody could read it
	job      *charts.Job
}

// Stacks says whether the numbers stand below each other on a phone: it is a table of
// many columns that nobody has to unfold.
func (f *figure) Stacks() bool { return f.Wide && len(f.Head) > 3 }

// Column is the head of a column of numbers.
func (f *figure) Column(i int) string { return f.Head[i+1] }

// figurePart is one part of a 100 % bar, in its legend.
type figurePart struct {
	Label     string
	Tint      template.CSS
	Here, All report.Number
}

// figureRow is a line of the table: a name and numbers.
type figureRow struct {
	Name  string
	Cells []report.Number
}

// SVG is the picture, drawn by now; "" where there is none.
func (f *figure) SVG() template.HTML {
	if f.job == nil {
		return ""
	}
	return template.HTML(f.job.SVG)
}

// cellOf makes a cell that is not a number.
func cellOf(text string) report.Number { return report.Number{Text: text} }

// distribution is the figure of one attribute of a group.
func (s *site) distribution(d report.Distribution, size report.Size, here, people string) *figure {
	f := &figure{Title: d.Title, Takeaway: d.Takeaway, Reason: d.Reason, Here: here, All: "All " + people}
	if d.Reason != "" {
		f.Takeaway = ""
		return f
	}
	c := charts.Distribution(d, chartWords{s.f}, axesOf(d, people))
	if c.Option == nil {
		f.Reason = "Nothing to show"
		return f
	}
	f.job = s.chart(c)
	f.Foot = restsOn(d, size, people)
	f.Head = []string{f.valueHead(d), upper(people), "Share", "Everyone"}
	for i, b := range d.Bins {
		f.Rows = append(f.Rows, figureRow{binLabel(d, i), []report.Number{b.Members, b.Share, b.Everyone}})
	}
	switch d.Kind {
	case report.Exclusive:
		for i, b := range d.Bins {
			f.Parts = append(f.Parts, figurePart{b.Label, percentage(charts.Tint(i, len(d.Bins))), b.Share, b.Everyone})
		}
	case report.WeekHours:
		f.Here, f.All = "", ""
	}
	return f
}

func (f *figure) valueHead(d report.Distribution) string {
	if d.Kind == report.WeekHours {
		return "Hour"
	}
	return cmp.Or(d.Title, "Value")
}

func binLabel(d report.Distribution, i int) string {
	if d.Kind == report.WeekHours && d.Bins[i].Label == "" {
		days := [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
		return fmt.Sprintf("%s, %d:00", days[i/24%7], i%24)
	}
	return d.Bins[i].Label
}

// mini is a distribution as a bar no higher than a line, beside a fact.
type mini struct {
	Label  string // what a reader who cannot see it is told
	Parts  []miniPart
	Kind   string // columns or parts
	Legend []figurePart
	Reason string
}

type miniPart struct {
	Size   template.CSS
	Tint   template.CSS
	Hidden bool
}

// breakdown makes the thin bar of a fact: how it is spread, so that "most common"
// is not read as "all".
func breakdown(d *report.Distribution) *mini {
	if d == nil {
		return nil
	}
	m := &mini{Reason: d.Reason, Kind: "parts"}
	if d.Reason != "" {
		return m
	}
	most := 0.0
	for _, b := range d.Bins {
		if b.Share.Value != nil && !b.Share.Hidden {
			most = max(most, *b.Share.Value)
		}
	}
	if most == 0 {
		return nil
	}
	whole := 1.0
	if d.Kind == report.Histogram || d.Kind == report.Months {
		m.Kind, whole = "columns", most
	}
	for i, b := range d.Bins {
		p := miniPart{Size: width(b.Share, whole), Tint: percentage(charts.Tint(i, len(d.Bins))), Hidden: b.Share.Hidden || b.Share.Value == nil}
		if p.Hidden && m.Kind == "columns" {
			p.Size = "18%"
		}
		m.Parts = append(m.Parts, p)
	}
	m.Legend = legendOf(d)
	m.Label = d.Title + ": "
	for i, p := range m.Legend {
		if i > 0 {
			m.Label += ", "
		}
		m.Label += p.Label + ": " + p.Here.Text
	}
	return m
}

// legendOf names the two largest parts.
func legendOf(d *report.Distribution) []figurePart {
	var out []figurePart
	for i, b := range d.Bins {
		if b.Share.Value != nil && !b.Share.Hidden && !b.Rest {
			out = append(out, figurePart{Label: b.Label, Tint: percentage(charts.Tint(i, len(d.Bins))), Here: b.Share})
		}
	}
	slices.SortStableFunc(out, func(x, y figurePart) int { return cmp.Compare(*y.Here.Value, *x.Here.Value) })
	return out[:min(len(out), 2)]
}
