package render

import (
	"html/template"
	"math"
	"strconv"

	"personae/engine/report"
)

// width writes a part of a whole as the length of a bar: 41.2%. It is "" where
// there is no number.
func width(n report.Number, whole float64) template.CSS {
	if n.Value == nil || n.Hidden || whole <= 0 {
		return ""
	}
	return percentage(*n.Value / whole)
}

// percentage is a length in a style; anything outside 0 to 1 is cut.
func percentage(part float64) template.CSS {
	if math.IsNaN(part) {
		return ""
	}
	part = min(max(part, 0), 1)
	return template.CSS(strconv.FormatFloat(math.Round(part*1e4)/100, 'f', -1, 64) + "%")
}

// fullBar is the share that a whole bar of a table stands for: the largest one,
// up to the next ten per cent, so that small groups can be told apart.
func fullBar(sizes []report.Size) float64 {
	top := 0.1
	for _, s := range sizes {
		for _, n := range []report.Number{s.Share, s.ValueShare} {
			if n.Value != nil && !n.Hidden {
				top = max(top, math.Ceil(math.Round(*n.Value*1e6)/1e5)/10)
			}
		}
	}
	return min(top, 1)
}
