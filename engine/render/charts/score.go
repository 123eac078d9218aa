package charts

import (
	"personae/engine/report"
)

// Bands draws how many are in each band of a score; those whose band cannot be told
// are a bar of their own, where there are some.
func Bands(s report.Score, cannotTell *report.Number, a Axes) Chart {
	if len(s.Bands) == 0 {
		return Chart{}
	}
	bins := []report.Bin{}
	for _, b := range s.Bands {
		bins = append(bins, report.Bin{Label: b.Title, Share: b.Size.Share, Everyone: report.Number{Hidden: true}})
	}
	if cannotTell != nil {
		bins = append(bins, report.Bin{Label: "Can’t tell", Share: *cannotTell, Everyone: report.Number{Hidden: true}})
	}
	c := bars(bins).titled(a)
	c.Label = s.Title + ": how many are in each band"
	return c
}

// Rates draws how often the outcome comes in each band, with its likely range.
func Rates(s report.Score, a Axes) Chart {
	bins, ranges := []report.Bin{}, [][]any{}
	most := 0.0
	for i, b := range s.Bands {
		bins = append(bins, report.Bin{Label: b.Title, Share: b.Rate, Everyone: report.Number{Hidden: true}})
		if b.Low != nil && b.High != nil && shown(b.Rate) {
			ranges = append(ranges, []any{i, *b.Low, *b.High})
			most = max(most, *b.High)
		}
	}
	if s.Outcome == "" || len(bins) == 0 {
		return Chart{}
	}
	c := bars(bins).titled(a)
	c.Label = s.Title + ": how often the outcome comes in each band"
	axis := c.Option["xAxis"].(Option)
	axis["max"] = max(axis["max"].(float64), most)
	series := c.Option["series"].([]Option)
	front := series[len(series)-1]
	front["barWidth"] = 14
	c.Option["series"] = append(series, Option{"type": "whiskers", "colour": Ink, "data": ranges, "z": 5})
	return c
}

// Gain draws how many of the outcomes the best so many of everyone hold; the
// straight line is what picking at random would give.
func Gain(s report.Score, w Words, a Axes) Chart {
	if len(s.Gain) < 2 {
		return Chart{}
	}
	data := [][2]float64{}
	if s.Gain[0].Share > 0 {
		data = append(data, [2]float64{0, 0})
	}
	for _, g := range s.Gain {
		data = append(data, [2]float64{g.Share, g.Outcomes})
	}
	o := canvas(edges{40, 22, 8, 24})
	o["xAxis"], o["yAxis"] = scale(1, w), scale(1, w)
	line := func(colour, kind string, width float64, data any) Option {
		return Option{"type": "line", "data": data, "symbol": "none", "silent": true, "clip": false, "lineStyle": Option{"color": colour, "type": kind, "width": width}}
	}
	o["series"] = []Option{line("var(--everyone)", "dashed", 1.5, [][2]float64{{0, 0}, {1, 1}}), line(Group, "solid", 2.5, data)}
	return Chart{Width: Width, Height: 220, Label: s.Title + ": how many of the outcomes those with most points hold", Option: o}.titled(a)
}
