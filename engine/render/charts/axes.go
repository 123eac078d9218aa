package charts

import (
	"fmt"
	"html"
	"strings"
)

// Axes are the titles of a picture's axes; "" where one has none.
type Axes struct{ Across, Up string }

// edges are what a picture leaves free around what it draws, in its pixels.
type edges struct{ left, right, top, bottom float64 }

// axisRoom is how high a title of an axis is, with the space around it.
const axisRoom = 18

// titled makes room for the titles of the axes: one below the picture, in the middle
// of what is drawn, one above its left end.
func (c Chart) titled(a Axes) Chart {
	grid := c.Option["grid"].(Option)
	if a.Across != "" {
		grid["bottom"] = grid["bottom"].(float64) + axisRoom
		c.Height += axisRoom
	}
	if a.Up != "" {
		grid["top"] = grid["top"].(float64) + axisRoom
		c.Height += axisRoom
	}
	c.axes, c.middle = a, (grid["left"].(float64)+float64(c.Width)-grid["right"].(float64))/2
	return c
}

// axisTitles writes them: plain text, which needs no ECharts.
func (c Chart) axisTitles() string {
	var b strings.Builder
	write := func(text string, x, y float64, anchor string) {
		if text == "" {
			return
		}
		fmt.Fprintf(&b, `<text class="axis" x="%g" y="%g" text-anchor="%s" fill="%s" style="font-size:%dpx">%s</text>`,
			x, y, anchor, Soft, letters, html.EscapeString(cut(text, float64(c.Width))))
	}
	write(c.axes.Up, 0, letters, "start")
	x := c.middle
	if half := wide(c.axes.Across) / 2; x+half > float64(c.Width) { // it would leave the picture
		x = max(float64(c.Width)-half, float64(c.Width)/2)
	}
	write(c.axes.Across, x, float64(c.Height)-5, "middle")
	return b.String()
}
