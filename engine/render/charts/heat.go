package charts

import (
	"math"
	"strconv"

	"personae/engine/report"
)

// shades is how many strengths of the colour a heat map has: few enough that two
// cells of one strength look alike.
const shades = 12

// cell is a square of a heat map; its strength goes from 0 to 1.
func cell(x, y int, strength float64, hidden bool) Option {
	style := Option{"color": Group, "opacity": math.Round(strength*shades) / shades}
	if strength > 0 && style["opacity"] == 0.0 {
		style["opacity"] = 0.5 / shades
	}
	if strength == 0 {
		style = Option{"color": "var(--track)"}
	}
	if hidden {
		style = Option{"color": Hatch}
	}
	style["borderColor"], style["borderWidth"] = "var(--card)", 1
	return Option{"value": []any{x, y, 1}, "itemStyle": style}
}

var weekdays = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// weekHours is a week: seven rows of 24 hours, the busiest hour darkest.
func weekHours(d report.Distribution) Chart {
	most := 0.0
	for _, b := range d.Bins {
		most = max(most, value(b.Share))
	}
	cells := []Option{}
	for i, b := range d.Bins {
		if i >= 7*24 {
			break
		}
		strength := 0.0
		if most > 0 {
			strength = value(b.Share) / most
		}
		cells = append(cells, cell(i%24, i/24, strength, !shown(b.Share)))
	}
	hours := []string{}
	for h := range 24 {
		hours = append(hours, strconv.Itoa(h))
	}
	ticks := [][2]any{}
	for h := 0; h <= 24; h += 6 {
		ticks = append(ticks, [2]any{h, strconv.Itoa(h) + ":00"})
	}
	o := canvas(edges{34, 20, 2, 22})
	quiet := Option{"show": false}
	o["xAxis"] = []any{unseen("category", Option{"data": hours}), Option{"type": "value", "position": "bottom", "min": 0, "max": 24, "interval": 6,
		"axisLabel": Option{"ticks": ticks, "color": Soft, "fontSize": letters, "hideOverlap": false}, "splitLine": quiet, "axisLine": quiet, "axisTick": quiet}}
	o["yAxis"] = Option{"type": "category", "inverse": true, "data": weekdays, "axisLine": quiet, "axisTick": quiet, "axisLabel": Option{"color": Soft, "fontSize": letters, "interval": 0}}
	o["series"] = []Option{{"type": "heatmap", "data": cells, "silent": true}}
	return Chart{Width: Width, Height: 7*20 + 24, Option: o}
}

// Overlap is how much of each group is in each other one. Titles name the rows and
// columns; at(i, j) is the share of i that is in j, and hidden where it is.
func Overlap(label string, titles []string, a Axes, at func(i, j int) report.Number) Chart {
	n := len(titles)
	if n < 2 {
		return Chart{}
	}
	const square, left = 34, 236
	cells, names := []Option{}, []string{}
	for i := range n {
		names = append(names, cut(titles[i], left-40)+"  "+strconv.Itoa(i+1))
		for j := range n {
			if i == j {
				continue
			}
			s := at(i, j)
			c := cell(j, i, value(s), !shown(s))
			if shown(s) {
				colour := Ink
				if value(s) > 0.55 {
					colour = "var(--on)"
				}
				c["label"] = Option{"show": true, "formatter": strconv.Itoa(int(math.Round(value(s) * 100))), "color": colour, "fontSize": letters - 1, "opacity": 1}
			}
			cells = append(cells, c)
		}
	}
	numbers := []string{}
	for i := range n {
		numbers = append(numbers, strconv.Itoa(i+1))
	}
	quiet := Option{"show": false}
	o := canvas(edges{left, 2, 22, 2})
	o["xAxis"] = Option{"type": "category", "position": "top", "data": numbers, "axisLine": quiet, "axisTick": quiet, "axisLabel": Option{"color": Soft, "fontSize": letters, "interval": 0}}
	o["yAxis"] = Option{"type": "category", "inverse": true, "data": names, "axisLine": quiet, "axisTick": quiet, "axisLabel": Option{"color": Ink, "fontSize": letters, "interval": 0}}
	o["series"] = []Option{{"type": "heatmap", "data": cells, "silent": true}}
	return Chart{Width: left + n*square + 2, Height: 24 + n*26, Label: label, Option: o}.titled(a)
}
