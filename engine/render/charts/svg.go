package charts

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

// What ECharts writes for its own scripts in a browser, and for hovering: a
// report has neither. Nothing is clipped either: axes hold all there is.
var noise = regexp.MustCompile(`(?s)<style ?>.*?</style>\s*|<defs ?>.*?</defs>\s*|<rect [^>]*fill="none"></rect>\s*| (?:clip-path|ecmeta_[a-z_]+|class|xml:space|pointer-events)="[^"]*"`)

var ids = regexp.MustCompile(`(id="|url\(#)zr\d+-`)

var head = regexp.MustCompile(`^<svg [^>]*>`)

// clean makes of ECharts' text the element that a page embeds: sized by the page,
// named for readers who cannot see it, with ids that no other picture has.
func clean(raw string, c Chart, prefix string) string {
	out := noise.ReplaceAllString(raw, "")
	out = ids.ReplaceAllString(out, "${1}"+prefix+"-")
	out = strings.ReplaceAll(out, "font-family:inherit;", "")
	out = head.ReplaceAllLiteralString(out, `<svg class="chart" viewBox="0 0 `+strconv.Itoa(c.Width)+" "+strconv.Itoa(c.Height)+
		`" role="img" aria-label="`+html.EscapeString(c.Label)+`" style="--w:`+strconv.Itoa(c.Width)+`">`)
	return strings.TrimSuffix(strings.TrimSpace(out), "</svg>") + c.axisTitles() + "</svg>"
}
