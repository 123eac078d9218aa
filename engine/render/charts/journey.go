package charts

import (
	"personae/engine/report"
)

// Funnel draws how many reach each stage of a journey, in order, beside everyone
// where everyone's journey is given.
func Funnel(j report.Journey, everyone *report.Journey, a Axes) Chart {
	if len(j.Stages) == 0 {
		return Chart{}
	}
	bins := []report.Bin{}
	for i, s := range j.Stages {
		b := report.Bin{Label: s.Title, Share: s.Share, Everyone: report.Number{Hidden: true}}
		if everyone != nil && i < len(everyone.Stages) {
			b.Everyone = everyone.Stages[i].Share
		}
		bins = append(bins, b)
	}
	c := bars(bins).titled(a)
	c.Label = j.Title + ": how many reach each stage"
	return c
}

// Feeling draws how a journey feels, stage by stage, from -2 to 2. Each stage has
// the same width, as the columns of the journey map below it. It gives no picture
// where fewer than two stages say how they feel.
func Feeling(j report.Journey) Chart {
	data, felt := []any{}, 0
	for _, s := range j.Stages {
		if s.Feeling == nil {
			data = append(data, "-")
			continue
		}
		felt++
		data = append(data, min(max(*s.Feeling, -2), 2))
	}
	if felt < 2 {
		return Chart{}
	}
	o := canvas(edges{0, 0, 10, 10})
	o["xAxis"] = unseen("category", Option{"data": indices(len(data))})
	o["yAxis"] = Option{"type": "value", "min": -2, "max": 2, "interval": 2, "axisLabel": Option{"show": false}, "axisLine": Option{"show": false},
		"splitLine": Option{"lineStyle": Option{"color": Line}}}
	o["series"] = []Option{{"type": "line", "data": data, "smooth": 0.35, "smoothMonotone": "x", "connectNulls": true, "symbol": "circle", "symbolSize": 11, "silent": true, "clip": false,
		"lineStyle": Option{"color": Group, "width": 2.5}, "itemStyle": Option{"color": Group, "borderColor": "var(--card)", "borderWidth": 2}}}
	return Chart{Width: 140 * len(data), Height: 96, Label: j.Title + ": how each stage feels, from bad to good", Option: o}
}
