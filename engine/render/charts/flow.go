package charts

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Node is a group on one side of a picture of moves; Size is its share of everyone.
type Node struct {
	Title string
	Size  float64
}

// Stream is how many went from a node on the left to one on the right, as a share.
type Stream struct {
	From, To int
	Size     float64
	Stays    bool
}

// The measures of a picture of moves, in its pixels. The names stand outside of what
// is drawn, so that no band lies under a word.
const (
	flowWide = 380
	flowTall = 260.0 // of all nodes of the fuller side
	flowGap  = 7.0
	flowNode = 9.0
	flowName = 122.0 // of the names on each side
	flowHead = axisRoom + 4.0
)

// Moves draws who went from where to where: groups before on the left, now on the
// right, bands between them as wide as there are people. before and now stand above
// the two sides. It is a Sankey diagram of two columns, whose places are given: plain
// enough to be written without ECharts.
func Moves(label, before, now string, left, right []Node, streams []Stream) string {
	if len(left) == 0 || len(right) == 0 || len(streams) == 0 {
		return ""
	}
	scale := flowTall / max(sizeOf(left), sizeOf(right))
	tall := flowTall + flowGap*float64(max(len(left), len(right))-1)
	tall = max(tall, (letters+3)*float64(max(len(left), len(right)))) // each name has a line
	var b strings.Builder
	from, to := column(left, scale, tall), column(right, scale, tall)
	atFrom, atTo := append([]float64{}, from...), append([]float64{}, to...)
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %d %.0f" role="img" aria-label="%s" style="--w:%d">`, flowWide, flowHead+tall+2, html.EscapeString(label), flowWide)
	const x0, x1 = flowName + flowNode, flowWide - flowName - flowNode
	const middle = flowWide / 2.0
	for i := range left {
		for _, s := range streams {
			if s.From != i {
				continue
			}
			h := s.Size * scale
			a, z := atFrom[s.From], atTo[s.To]
			atFrom[s.From], atTo[s.To] = a+h, z+h
			class := "moves"
			if s.Stays {
				class = "stays"
			}
			fmt.Fprintf(&b, `<path class="%s" d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fV%.1fC%.1f %.1f %.1f %.1f %.1f %.1fZ"/>`,
				class, x0, a, middle, a, middle, z, x1, z, z+max(h, 0.8), middle, z+max(h, 0.8), middle, a+max(h, 0.8), x0, a+max(h, 0.8))
		}
	}
	side(&b, before, left, from, scale, tall, flowName, flowName-5, "end")
	side(&b, now, right, to, scale, tall, x1, x1+flowNode+5, "start")
	b.WriteString("</svg>")
	return b.String()
}

func sizeOf(nodes []Node) float64 {
	sum := 0.0
	for _, n := range nodes {
		sum += n.Size
	}
	return max(sum, 1e-9)
}

// column places nodes below each other, in the middle of the picture.
func column(nodes []Node, scale, tall float64) []float64 {
	at := flowHead + 1 + (tall-sizeOf(nodes)*scale-flowGap*float64(len(nodes)-1))/2
	var out []float64
	for _, n := range nodes {
		out = append(out, at)
		at += n.Size*scale + flowGap
	}
	return out
}

// side draws the nodes of one side below its title, each with its name beside it.
func side(b *strings.Builder, title string, nodes []Node, at []float64, scale, tall, x, text float64, anchor string) {
	fmt.Fprintf(b, `<text class="axis" x="%.1f" y="%d" text-anchor="%s" fill="%s">%s</text>`, text, letters, anchor, Soft, html.EscapeString(cut(title, flowName)))
	names := apart(nodes, at, scale, flowHead+tall)
	for i, n := range nodes {
		h := max(n.Size*scale, 1.5)
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%g" height="%.1f" rx="1.5" fill="%s"/>`, x, at[i], flowNode, h, Group)
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>`, text, names[i], anchor, Ink, html.EscapeString(cut(n.Title, flowName-10)))
	}
}

// apart are the lines that names stand on: each in the middle of its node, or so far
// below the one before that none covers another, and none below the picture.
func apart(nodes []Node, at []float64, scale, bottom float64) []float64 {
	out := make([]float64, len(nodes))
	last := math.Inf(-1)
	for i, n := range nodes {
		out[i] = max(at[i]+max(n.Size*scale, 1.5)/2+4, last+letters+2)
		last = out[i]
	}
	least := bottom
	for i := len(out) - 1; i >= 0 && out[i] > least; i-- {
		out[i] = least
		least -= letters + 2
	}
	return out
}
