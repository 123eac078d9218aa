package charts

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// flattest is the least that the height of a line stands for, as part of its value.
const flattest = 0.2

// Spark is a line as high as a word: how a number went, oldest first. A place
// without a value (nil) breaks it. It is plain enough to be written without ECharts.
func Spark(label string, values []*float64) string {
	low, high, known := 0.0, 0.0, 0
	for _, v := range values {
		if v == nil {
			continue
		}
		if known == 0 || *v < low {
			low = *v
		}
		if known == 0 || *v > high {
			high = *v
		}
		known++
	}
	if known < 2 {
		return ""
	}
	// Few per cent up or down are no cliff.
	if least := flattest * max(math.Abs(high), math.Abs(low)); high-low < least {
		middle := (high + low) / 2
		low, high = middle-least/2, middle+least/2
	}
	const wide, tall, edge = 84.0, 20.0, 3.0
	var path strings.Builder
	pen := "M"
	var x, y float64
	for i, v := range values {
		if v == nil {
			pen = "M"
			continue
		}
		x = edge + (wide-2*edge)*float64(i)/float64(len(values)-1)
		y = tall / 2
		if high > low {
			y = tall - edge - (tall-2*edge)*(*v-low)/(high-low)
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, x, y)
		pen = "L"
	}
	return fmt.Sprintf(`<svg class="spark" viewBox="0 0 %g %g" role="img" aria-label="%s"><path d="%s" fill="none" stroke="var(--accent)" stroke-width="1.6"/><circle cx="%.1f" cy="%.1f" r="2.4" fill="var(--accent)"/></svg>`,
		wide, tall, html.EscapeString(label), path.String(), x, y)
}
