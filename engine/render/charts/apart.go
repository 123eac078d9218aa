package charts

import (
	"math"

	"personae/engine/report"
)

// Apart draws what sets a group apart: a bar to the right for what is more common
// than among everyone, to the left for what is less, with the likely range as
// whiskers. The scale is logarithmic: twice and half are equally far.
func Apart(label string, list []report.Difference) Chart {
	list = drawable(list)
	if len(list) == 0 {
		return Chart{}
	}
	const row = 44
	reach := 1.0
	for _, d := range list {
		reach = max(reach, math.Abs(log2(d.Lift)), math.Abs(bound(d.Low, d.Lift)), math.Abs(bound(d.High, d.Lift)))
	}
	reach = min(math.Ceil(reach), 5)
	rows, data, ranges := []string{}, []any{}, [][]any{}
	for i, d := range list {
		name := d.Label
		if d.Value != "" {
			name += ": " + d.Value
		}
		rows = append(rows, cut(name, Width-110))
		at := within(log2(d.Lift), reach)
		strong := 1.0
		if at < 0 {
			strong = 0.55
		}
		data = append(data, Option{"value": at, "itemStyle": Option{"opacity": strong}})
		if d.Low != nil && d.High != nil {
			ranges = append(ranges, []any{i, within(bound(d.Low, d.Lift), reach), within(bound(d.High, d.Lift), reach)})
		}
	}
	quiet := Option{"show": false}
	o := canvas(Option{"left": 2, "right": 2, "top": 0, "bottom": 24})
	o["xAxis"] = Option{"type": "value", "min": -reach, "max": reach, "interval": 1, "axisLine": quiet, "axisTick": quiet,
		"splitLine": quiet, "axisLabel": Option{"ticks": times(reach), "color": Soft, "fontSize": letters, "hideOverlap": false,
			"alignMinLabel": "left", "alignMaxLabel": "right"}}
	o["yAxis"] = []any{
		Option{"type": "category", "inverse": true, "data": indices(len(list)), "axisLabel": quiet, "axisTick": quiet,
			"axisLine": Option{"onZero": true, "lineStyle": Option{"color": Soft}}},
		Option{"type": "category", "inverse": true, "data": rows, "position": "left", "axisLine": quiet, "axisTick": quiet,
			"axisLabel": Option{"inside": true, "color": Ink, "fontSize": letters, "interval": 0, "margin": 0, "verticalAlign": "bottom", "padding": []int{0, 0, 7, 0}}},
		Option{"type": "category", "inverse": true, "data": compared(list), "position": "right", "axisLine": quiet, "axisTick": quiet,
			"axisLabel": Option{"inside": true, "color": Soft, "fontSize": letters, "interval": 0, "margin": 0, "verticalAlign": "bottom", "padding": []int{0, 0, 7, 0}}},
	}
	o["series"] = []Option{
		{"type": "bar", "data": data, "barWidth": 11, "silent": true, "itemStyle": Option{"color": Group, "borderRadius": 1.5}},
		{"type": "whiskers", "colour": Ink, "data": ranges, "z": 5},
	}
	return Chart{Width: Width, Height: row*len(list) + 26, Label: label, Option: o}
}

func drawable(list []report.Difference) []report.Difference {
	var out []report.Difference
	for _, d := range list {
		if d.Lift > 0 && !math.IsInf(d.Lift, 0) && !d.Share.Hidden && !d.Everyone.Hidden {
			out = append(out, d)
		}
	}
	return out
}

func compared(list []report.Difference) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.Share.Text+" ("+d.Everyone.Text+")")
	}
	return out
}

func log2(lift float64) float64 { return math.Round(math.Log2(lift)*1e6) / 1e6 }

// bound is an end of the likely range; nothing at all is as far as the scale goes.
func bound(v *float64, lift float64) float64 {
	switch {
	case v == nil:
		return log2(lift)
	case *v <= 0:
		return -5
	case math.IsInf(*v, 0):
		return 5
	}
	return log2(*v)
}

func within(v, reach float64) float64 { return min(max(v, -reach), reach) }

// times labels the scale: how many times as common. A long scale has fewer labels.
func times(reach float64) [][2]any {
	names := map[float64]string{-5: "1/32", -4: "1/16", -3: "1/8", -2: "1/4", -1: "half", 0: "same", 1: "twice", 2: "4 times", 3: "8", 4: "16", 5: "32"}
	step := 1.0
	if reach > 3 {
		step = 2
	}
	out := [][2]any{}
	for v := 0.0; v <= reach; v += step {
		out = append(out, [2]any{v, names[v]})
		if v > 0 {
			out = append(out, [2]any{-v, names[-v]})
		}
	}
	return out
}
