package charts

import (
	"strings"

	"personae/engine/report"
)

// Distribution draws how an attribute is spread over a group, beside everyone. The
// kind follows the data. It gives no picture (a nil Option) where there is nothing
// to draw: the page says why.
func Distribution(d report.Distribution, w Words, a Axes) Chart {
	if d.Reason != "" || len(d.Bins) == 0 {
		return Chart{}
	}
	c := Chart{}
	switch d.Kind {
	case report.Histogram, report.Months:
		c = columns(d, w)
	case report.WeekHours:
		c = weekHours(d)
	case report.Exclusive:
		c = whole(d)
	default:
		c = bars(d.Bins)
	}
	c = c.titled(a)
	if c.Label = d.Title; d.Takeaway != "" {
		c.Label += ". " + d.Takeaway
	}
	return c
}

// tick is a label at a place on the axis of n bins: bin i goes from i to i+1.
type tick struct {
	at   float64
	text string
}

// under are the labels of upright bars: each below its bar where there is room for
// all, else the ends of the intervals, at the edges. Ends of the outer bins are open.
func under(d report.Distribution, w Words, width float64) []tick {
	names := labelsOf(d.Bins)
	var middle, edges []tick
	for i, b := range d.Bins {
		middle = append(middle, tick{float64(i) + 0.5, names[i]})
		if b.Low != nil {
			edges = append(edges, tick{float64(i), w.Value(*b.Low, short(d.Unit))})
		}
	}
	if last := d.Bins[len(d.Bins)-1]; last.High != nil {
		edges = append(edges, tick{float64(len(d.Bins)), w.Value(*last.High, short(d.Unit))})
	}
	if d.Kind == report.Months || len(edges) == 0 || every(names, width) == 1 {
		return middle
	}
	return edges
}

// short leaves out units that are words: the page says them once.
func short(unit string) string {
	if unit == "share" || unit == "%" || len(unit) == 3 && strings.ToUpper(unit) == unit {
		return unit
	}
	return ""
}

func labelsOf(bins []report.Bin) []string {
	var out []string
	for _, b := range bins {
		out = append(out, b.Label)
	}
	return out
}

// pair are two series of bars on the same places: everyone wide and grey, the
// group narrow before it. Each has an axis of its own, which keeps both centred.
func pair(bins []report.Bin, stub float64, back, front any, axis string) []Option {
	group, all := []any{}, []any{}
	anyone := false
	for _, b := range bins {
		if shown(b.Everyone) {
			anyone = true
			all = append(all, *b.Everyone.Value)
		} else {
			all = append(all, "-")
		}
		switch {
		case shown(b.Share):
			group = append(group, *b.Share.Value)
		default:
			group = append(group, Option{"value": stub, "itemStyle": Option{"color": Hatch}})
		}
	}
	narrow := Option{"type": "bar", axis: 1, "data": group, "barWidth": front, "itemStyle": Option{"color": Group, "borderRadius": 1.5}, "silent": true}
	out := []Option{}
	if anyone {
		out = append(out, Option{"type": "bar", axis: 0, "data": all, "barWidth": back, "itemStyle": Option{"color": Everyone, "borderRadius": 2}, "silent": true})
	}
	return append(out, narrow)
}

// columns are upright bars side by side, of intervals or of months.
func columns(d report.Distribution, w Words) Chart {
	n := len(d.Bins)
	most := top(d.Bins)
	values := scale(most, w)
	left := 0.0
	for _, t := range values["axisLabel"].(Option)["ticks"].([][2]any) {
		left = max(left, wide(t[1].(string)))
	}
	left += 12
	right := 18.0
	labels := under(d, w, Width-left-right)
	var texts []string
	for _, l := range labels {
		texts = append(texts, l.text)
	}
	step := every(texts, (Width-left-right)*float64(len(labels))/float64(n))
	ticks := [][2]any{}
	for i := 0; i < len(labels); i += step {
		ticks = append(ticks, [2]any{labels[i].at, labels[i].text})
	}
	o := canvas(edges{left, right, 8, 24})
	foot := Option{"type": "value", "min": 0, "max": n, "interval": 0.5, "position": "bottom", "splitLine": Option{"show": false},
		"axisTick": Option{"show": false}, "axisLine": Option{"show": true, "lineStyle": Option{"color": Soft}},
		"axisLabel": Option{"ticks": ticks, "color": Soft, "fontSize": letters, "hideOverlap": false}}
	o["xAxis"] = []any{unseen("category", Option{"data": indices(n)}), unseen("category", Option{"data": indices(n), "position": "bottom"}), foot}
	o["yAxis"] = values
	o["series"] = pair(d.Bins, most*0.05, "92%", "56%", "xAxisIndex")
	return Chart{Width: Width, Height: 190, Option: o}
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// bars are lying bars, one a value, in the order of the bins.
func bars(bins []report.Bin) Chart {
	const row, left = 26, 112
	labels, values := []string{}, []string{}
	room := 0.0
	for _, b := range bins {
		labels = append(labels, cut(b.Label, left-10))
		word := b.Share.Text
		if !shown(b.Share) {
			word = "hidden"
		}
		values = append(values, word)
		room = max(room, wide(word))
	}
	most := top(bins)
	o := canvas(edges{left, room + 18, 2, 2})
	o["xAxis"] = unseen("value", Option{"min": 0, "max": most})
	o["yAxis"] = []any{
		Option{"type": "category", "inverse": true, "data": labels, "axisLine": Option{"show": false}, "axisTick": Option{"show": false},
			"axisLabel": Option{"color": Ink, "fontSize": letters, "interval": 0}},
		unseen("category", Option{"inverse": true, "data": indices(len(bins))}),
		Option{"type": "category", "inverse": true, "position": "right", "data": values, "axisLine": Option{"show": false}, "axisTick": Option{"show": false},
			"axisLabel": Option{"color": Ink, "fontSize": letters, "interval": 0}},
	}
	o["series"] = pair(bins, most*0.05, 18, 9, "yAxisIndex")
	return Chart{Width: Width, Height: row*len(bins) + 4, Option: o}
}

// whole are two bars of 100 %, the group's and everyone's, cut into the same
// parts. The legend stands on the page.
func whole(d report.Distribution) Chart {
	o := canvas(edges{})
	o["xAxis"] = unseen("value", Option{"min": 0, "max": 1})
	o["yAxis"] = unseen("category", Option{"inverse": true, "data": indices(2)})
	series := []Option{}
	left, leftAll := 1.0, 1.0
	for i, b := range d.Bins {
		series = append(series, Option{"type": "bar", "stack": "all", "barWidth": 22, "silent": true, "data": []any{
			Option{"value": value(b.Share), "itemStyle": Option{"color": Group}},
			Option{"value": value(b.Everyone), "itemStyle": Option{"color": "var(--everyone)"}},
		}, "itemStyle": Option{"opacity": Tint(i, len(d.Bins)), "borderColor": "var(--card)", "borderWidth": 1}})
		left, leftAll = left-value(b.Share), leftAll-value(b.Everyone)
	}
	series = append(series, Option{"type": "bar", "stack": "all", "barWidth": 22, "silent": true, "itemStyle": Option{"color": Hatch},
		"data": []any{max(round(left), 0), max(round(leftAll), 0)}})
	o["series"] = series
	return Chart{Width: Width, Height: 62, Option: o}
}

// Tint is how strong the colour of part i of n is: from all of it to a quarter.
func Tint(i, n int) float64 {
	if n < 2 {
		return 1
	}
	return round(1 - 0.75*float64(int(float64(i)/float64(n-1)*1000+0.5))/1000)
}
