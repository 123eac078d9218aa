package render

import (
	"strings"

	"personae/engine/render/charts"
	"personae/engine/report"
)

// What stands around every picture, on pages and in Markdown alike: the titles of its
// axes, and on whom it rests.

// axesOf are the titles of the axes of a distribution.
func axesOf(d report.Distribution, people string) charts.Axes {
	if d.Of != "" {
		people = d.Of
	}
	switch d.Kind {
	case report.Histogram:
		return charts.Axes{Across: valueAxis(d), Up: shareOfAll(people)}
	case report.Months:
		return charts.Axes{Across: "Month", Up: shareOfAll(people)}
	case report.WeekHours:
		return charts.Axes{Across: "Hour of the day (darker: more " + people + ")"}
	case report.Exclusive:
		return charts.Axes{Across: shareOfAll(people) + " (a whole bar is 100%)"}
	}
	return charts.Axes{Across: shareOfAll(people)}
}

// valueAxis is the title of the axis of an attribute: its name, and its unit where
// the numbers on the axis do not say it.
func valueAxis(d report.Distribution) string {
	title := d.Title
	if title == "" {
		title = "Value"
	}
	if u := d.Unit; u != "" && u != "share" && u != "%" && (len(u) != 3 || u != strings.ToUpper(u)) && !strings.Contains(strings.ToLower(title), strings.ToLower(u)) {
		return title + ", in " + u
	}
	return title
}

func shareOfAll(people string) string { return "Share of " + people }

// restsOn says how many are counted, and who could not be. Where the number of those
// who are counted is hidden, it is said of whom they are a part.
func restsOn(d report.Distribution, size report.Size, people string) string {
	counted := people
	if d.Of != "" {
		counted = d.Of
	}
	var parts []string
	known := size.Members.Text != "" && !size.Members.Hidden
	switch {
	case d.N.Text != "" && !d.N.Hidden:
		parts = append(parts, "Based on "+d.N.Text+" "+counted)
	case known && d.Of != "":
		parts = append(parts, "Based on the "+d.Of+" of "+size.Members.Text+" "+people)
	case known:
		parts = append(parts, "Based on those of the "+size.Members.Text+" "+people+" for whom it is known")
	}
	if d.Unknown.Value != nil && !d.Unknown.Hidden && *d.Unknown.Value > 0 {
		parts = append(parts, "can’t tell for "+d.Unknown.Text)
	}
	if d.Everyone.Text != "" && !d.Everyone.Hidden {
		parts = append(parts, "compared with "+d.Everyone.Text+" of everyone")
	}
	if len(parts) == 0 {
		return ""
	}
	return upper(strings.Join(parts, ", ")) + "."
}

// basedOn says of how many people a picture is.
func basedOn(n report.Number, entity string) string {
	if n.Hidden || n.Text == "" {
		return ""
	}
	return "Based on " + someone(n, entity) + "."
}

// comparedWith says on whom a comparison of a group with everyone rests.
func (s *site) comparedWith(size report.Size, entity string) string {
	all := s.population(entity).Count
	switch {
	case size.Members.Hidden || size.Members.Text == "":
		return ""
	case all.Hidden || all.Text == "":
		return basedOn(size.Members, entity)
	}
	return "Based on " + someone(size.Members, entity) + ", compared with all " + all.Text + "."
}

// ratesRest says on how many people the outcomes of a score's bands rest: on all in
// them of whom the outcome is known.
func (s *site) ratesRest(x report.Score) string {
	n := int64(0)
	for _, b := range x.Bands {
		if b.Rate.N == nil {
			return "Based on all " + peopleOf(x.Entity) + " whose points and outcome are known."
		}
		n += *b.Rate.N
	}
	sum := float64(n)
	return "Based on " + someone(report.Number{Value: &sum, Text: s.f.Int(n)}, x.Entity) + " whose points and outcome are known."
}
