// Package readback reads the numbers of a page back against report.json.
//
// Input: a page of a report, and report.json as any program reads it. Output: what the
// page says otherwise, or does not say. Of every picture it knows the title, the titles
// of its axes, on whom it rests, each number beside and below it; of all else on a page,
// that report.json has the number somewhere in what the page is about. It must not know
// how pages are made: nothing of package render is used. Only tests import it.
package readback

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Object is an object of report.json.
type Object = map[string]any

// Reader knows what a page has to say.
type Reader struct {
	whole, about Object
	known        map[string]bool // numbers that the page may say
	expected     map[string]want // pictures, by title
	pictures     []string        // titles of those that were read
	found        []string
}

// Of is the reader of a page by what it is about: a persona, a segment, a segmentation,
// or for the first page the whole report.
func Of(whole, about Object) *Reader {
	r := &Reader{whole: whole, about: about, known: map[string]bool{}, expected: map[string]want{}}
	tokensOf(about, r.known)
	for _, part := range []string{"project", "populations", "as_of", "min_group"} {
		tokensOf(whole[part], r.known)
	}
	names, _ := about["ranks"].([]any)
	for _, rank := range list(whole, "ranks") {
		if slices.Contains(names, rank["name"]) {
			tokensOf(rank, r.known)
		}
	}
	r.overlapsOf(text(about, "name"))
	r.want()
	return r
}

// overlapsOf knows the overlaps of a segment: how large they are, how common in words,
// and how many are not listed.
func (r *Reader) overlapsOf(name string) {
	more := -5 // of them are listed
	for _, o := range list(r.whole, "overlaps") {
		if o["a"] != name {
			continue
		}
		tokensOf(o, r.known)
		lift, _ := o["lift"].(float64)
		r.known[strconv.FormatFloat(math.Round(lift*10)/10, 'f', -1, 64)] = true
		r.known[strconv.FormatFloat(math.Round(lift), 'f', -1, 64)] = true
		if lift < 1 {
			r.known[strconv.FormatFloat(math.Round(100*(1-lift)), 'f', -1, 64)] = true
		}
		if !missing(o["share_of_a"]) {
			more++
		}
	}
	r.known[strconv.Itoa(more)] = true
}

// Page says in what a page differs from report.json.
func (r *Reader) Page(root *html.Node) []string {
	r.pictures, r.found = nil, nil
	r.read(root, nil)
	for _, title := range slices.Sorted(maps.Keys(r.expected)) {
		if !slices.Contains(r.pictures, title) {
			r.say("the picture %q is not there", title)
		}
	}
	return r.found
}

func (r *Reader) say(format string, args ...any) {
	r.found = append(r.found, fmt.Sprintf(format, args...))
}

// read goes through all that is seen. Within names the article around a picture.
func (r *Reader) read(n *html.Node, within *html.Node) {
	switch {
	case n.Type == html.ElementNode && (n.Data == "style" || n.Data == "script" || n.Data == "code" || n.Data == "head" || n.Data == "footer"):
		return
	case is(n, "figure", "plot"):
		r.picture(n, within)
		return
	case n.Type == html.ElementNode && n.Data == "article":
		within = n
	case n.Type == html.TextNode:
		for _, token := range numbers(n.Data) {
			if !r.known[token] {
				r.say("%q: report.json says %s nowhere", strings.TrimSpace(n.Data), token)
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.read(c, within)
	}
}

// picture compares one picture with what report.json wants of it.
func (r *Reader) picture(n, within *html.Node) {
	title := textOf(first(n, "h3", ""))
	if within != nil {
		title = textOf(first(within, "h3", "")) + ": " + title
	}
	r.pictures = append(r.pictures, title)
	w, ok := r.expected[title]
	if !ok {
		r.say("%s: report.json knows no such picture", title)
		return
	}
	for _, f := range w.compare(n) {
		r.say("%s: %s", title, f)
	}
}

// compare says in what a picture differs.
func (w want) compare(n *html.Node) []string {
	var out []string
	differ := func(what string, got, want any) {
		if g, x := fmt.Sprintf("%q", got), fmt.Sprintf("%q", want); g != x {
			out = append(out, fmt.Sprintf("%s is %s, not %s", what, g, x))
		}
	}
	if w.reason != "" {
		differ("why there is none", strings.TrimSpace(textOf(first(n, "p", "nopicture"))), w.reason)
		return out
	}
	differ("what it shows", textOf(first(n, "p", "takeaway")), w.takeaway)
	foot := textOf(first(n, "p", "foot"))
	if !strings.HasPrefix(foot, "Based on ") {
		out = append(out, "it does not say on whom it rests")
	}
	differ("on how many it rests", numbers(foot), w.rests)
	svg := first(n, "svg", "chart")
	if svg != nil {
		words := attribute(svg, "aria-label")
		if !strings.HasSuffix(w.label, " ") || !strings.HasPrefix(words, w.label) { // of a label that ends so, the rest is people
			differ("the words for who does not see it", words, w.label)
		}
	}
	axes, drawn, marks := w.written(n)
	differ("the axes", len(axes), len(w.axes))
	for i, a := range axes {
		if i < len(w.axes) && !strings.Contains(a, w.axes[i]) {
			out = append(out, fmt.Sprintf("the axis %q says nothing of %q", a, w.axes[i]))
		}
	}
	out = append(out, w.beside(drawn)...)
	out = append(out, even(marks)...)
	var listed []string
	for _, much := range all(n, "span", "much") {
		line := textOf(first(much.Parent, "span", "what")) + " " + strings.ReplaceAll(textOf(much), ", everyone", "")
		listed = append(listed, strings.Join(strings.Fields(line), " "))
	}
	differ("the list", listed, w.listed)
	head := []string{}
	for _, th := range all(first(n, "thead", ""), "th", "") {
		head = append(head, numbers(textOf(th))...)
	}
	differ("the numbers in the head of the table", head, append([]string{}, w.head...))
	for _, tick := range all(n, "span", "tick") {
		if !slices.Contains(timesAs, textOf(tick)) {
			differ("a mark", textOf(tick), timesAs)
		}
	}
	differ("the table", rowsOf(n), w.rows)
	return out
}

// written are the texts of a drawing: titles of axes, what stands in it, and the marks
// of an upright axis.
func (w want) written(n *html.Node) (axes, drawn, marks []string) {
	for _, t := range all(n, "text", "") {
		switch said := textOf(t); {
		case has(t, "axis"):
			axes = append(axes, said)
		case w.marks && attribute(t, "text-anchor") == "end": // left of it
			marks = append(marks, said)
		default:
			drawn = append(drawn, said)
		}
	}
	for _, li := range all(n, "li", "axis") {
		axes = append(axes, textOf(li))
	}
	return axes, drawn, marks
}

// beside compares the texts of a drawing: numbers beside bars in any order, names, and
// the marks of an axis that lies.
func (w want) beside(drawn []string) []string {
	var out []string
	left := slices.Clone(w.values)
	var marks []string
	for _, text := range drawn {
		switch i := slices.Index(left, text); {
		case i >= 0:
			left = slices.Delete(left, i, i+1)
		case slices.ContainsFunc(w.names, func(name string) bool { return named(text, name) }):
		case w.marks && strings.HasSuffix(text, "%"):
			marks = append(marks, text)
		default:
			out = append(out, fmt.Sprintf("it says %q, which report.json does not", text))
		}
	}
	if len(left) > 0 {
		out = append(out, fmt.Sprintf("it does not say %q", left))
	}
	return append(out, even(marks)...)
}

// even says whether the marks of an axis start at zero and are equally far from each
// other.
func even(marks []string) []string {
	var at []float64
	for i, mark := range marks {
		v, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(mark, "%")), 64)
		if err != nil || i == 0 && v != 0 || i > 1 && !near(v-at[i-1], at[1]-at[0]) {
			return []string{fmt.Sprintf("the marks %v are not equally far from each other", marks)}
		}
		at = append(at, v)
	}
	return nil
}

// timesAs are the marks of how common something is.
var timesAs = []string{"1/32", "1/16", "1/8", "1/4", "half", "same", "twice", "4 ×", "8 ×", "16 ×", "32 ×"}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

// named says whether a text is a name, perhaps cut and numbered.
func named(text, name string) bool {
	if short, end, cut := strings.Cut(text, "…"); cut {
		return strings.HasPrefix(name, short) && strings.HasSuffix(name, end)
	}
	return text == name
}

// rowsOf are the numbers of a picture as its table has them.
func rowsOf(n *html.Node) [][]string {
	var out [][]string
	for _, tr := range all(n, "tr", "") {
		if tr.Parent.Data != "tbody" {
			continue
		}
		var row []string
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				row = append(row, strings.TrimSpace(textOf(c)))
			}
		}
		out = append(out, row)
	}
	return out
}

// token is a number as people write it: digits, points and commas between them.
var token = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// numbers are the numbers of a text, without what parts thousands.
func numbers(text string) []string {
	out := []string{}
	for _, t := range token.FindAllString(text, -1) {
		out = append(out, strings.ReplaceAll(t, ",", ""))
	}
	return out
}

// tokensOf gathers all numbers that an object says, in texts or by themselves.
func tokensOf(v any, into map[string]bool) {
	switch x := v.(type) {
	case string:
		for _, t := range numbers(x) {
			into[t] = true
		}
	case float64:
		into[strconv.FormatFloat(x, 'f', -1, 64)] = true
	case []any:
		into[strconv.Itoa(len(x))] = true
		for _, one := range x {
			tokensOf(one, into)
		}
	case Object:
		for _, one := range x {
			tokensOf(one, into)
		}
	}
}
