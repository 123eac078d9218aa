package readback

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// want is what a picture has to say.
type want struct {
	reason   string // why there is none
	takeaway string
	rests    []string // the numbers of the line below
	label    string   // for who does not see it
	axes     []string // what the title of each axis speaks of
	values   []string // beside bars
	listed   []string // in a list beside, in order
	head     []string // the numbers in the head of the table
	names    []string // of what is drawn
	marks    bool     // an axis has marks
	rows     [][]string
}

// How many differences the pages of personas and of segments show, and how many
// segments the map of overlaps has.
const (
	apartOfPersona = 8
	apartOfSegment = 10
	overlapsDrawn  = 15
)

// want gathers the pictures of a page.
func (r *Reader) want() {
	size, _ := r.about["size"].(Object)
	switch {
	case r.about["format"] != nil:
		r.front()
	case text(r.about, "hidden") != "" || size == nil || missing(size["members"]):
	case r.about["display_name"] != nil:
		for _, d := range list(r.about, "charts") {
			r.expected[text(d, "title")] = distribution(d, size)
		}
		r.apart(apartOfPersona, size)
		if j, ok := r.about["journey"].(Object); ok {
			w := journey(j)
			w.rests = []string{plain(size["members"]), r.population(j)}
			r.expected["How far they come"] = w
		}
	default:
		r.apart(apartOfSegment, size)
	}
}

// front are the pictures of a version's first page.
func (r *Reader) front() {
	for _, s := range list(r.whole, "scores") {
		r.score(s)
	}
	for _, j := range list(r.whole, "journeys") {
		w := journey(j)
		w.rests = []string{r.population(j)}
		r.expected[text(j, "title")+": How far they come"] = w
	}
	for _, p := range list(r.whole, "populations") {
		r.overlaps(text(p, "entity"))
	}
}

func (r *Reader) population(of Object) string {
	for _, p := range list(r.whole, "populations") {
		if p["entity"] == of["entity"] {
			return plain(p["count"])
		}
	}
	return ""
}

func distribution(d, size Object) want {
	w := want{reason: text(d, "reason"), takeaway: text(d, "takeaway"), label: text(d, "title"), names: edges(d), head: numbers(text(d, "title"))}
	if w.takeaway != "" {
		w.label += ". " + w.takeaway
	}
	switch {
	case !missing(d["n"]):
		w.rests = append(w.rests, plain(d["n"]))
	default:
		w.rests = append(w.rests, plain(size["members"]))
	}
	if u, ok := d["unknown"].(Object); ok && !missing(u) && u["value"] != 0.0 {
		w.rests = append(w.rests, plain(u))
	}
	if !missing(d["everyone"]) {
		w.rests = append(w.rests, plain(d["everyone"]))
	}
	kind := text(d, "kind")
	for i, b := range list(d, "bins") {
		name := text(b, "label")
		if kind == "week_hours" && name == "" {
			name = [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}[i/24%7] + fmt.Sprintf(", %d:00", i%24)
		}
		w.rows = append(w.rows, []string{name, cell(b["members"]), cell(b["share"]), cell(b["everyone"])})
		switch kind {
		case "categories", "yes_no":
			w.values = append(w.values, beside(b["share"]))
		case "exclusive":
			w.listed = append(w.listed, name+" "+cell(b["share"])+" "+cell(b["everyone"]))
		}
	}
	switch kind {
	case "histogram":
		w.axes, w.marks = []string{"Share of ", text(d, "title")}, true
	case "months":
		w.axes, w.marks = []string{"Share of ", "Month"}, true
	case "week_hours":
		w.axes, w.names = []string{"Hour of the day"}, []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "0:00", "6:00", "12:00", "18:00", "24:00"}
	case "exclusive":
		w.axes = []string{"(a whole bar is 100%)"}
	default:
		w.axes = []string{"Share of "}
	}
	return w
}

// edges are the names of bins, and the ends of their intervals.
func edges(d Object) []string {
	var out []string
	for _, b := range list(d, "bins") {
		name := text(b, "label")
		ends := strings.Split(strings.TrimSuffix(strings.TrimPrefix(name, "under "), " or more"), " to ")
		out = append(append(out, name), ends...)
	}
	return out
}

func (r *Reader) apart(most int, size Object) {
	differences := list(r.about, "apart")
	if len(differences) == 0 {
		return
	}
	differences = differences[:min(most, len(differences))]
	w := want{rests: []string{plain(size["members"]), r.population(r.about), "95"}, axes: []string{"Times as common as among all "}}
	for _, d := range differences {
		name := text(d, "label")
		if text(d, "value") != "" {
			name += ": " + text(d, "value")
		}
		w.takeaway = cmp.Or(w.takeaway, name+" is "+text(d, "text"))
		span, n := "", "up to "+text(size["members"].(Object), "text")
		low, okLow := d["low"].(float64)
		high, okHigh := d["high"].(float64)
		if okLow && okHigh {
			span = fmt.Sprintf("%.2f to %.2f times", low, high)
			if high < 1 {
				span = fmt.Sprintf("%g%% to %g%% less common", math.Round(100*(1-high)), math.Round(100*(1-low)))
			}
		}
		if rows, ok := d["share"].(Object)["n"].(float64); ok {
			n = thousands(rows)
		}
		w.rows = append(w.rows, []string{name, cell(d["share"]), cell(d["everyone"]), text(d, "text"), span, n})
		w.listed = append(w.listed, name+" "+cell(d["share"])+" "+cell(d["everyone"]))
	}
	r.expected["What sets them apart"] = w
}

func journey(j Object) want {
	w := want{label: text(j, "title") + ": how many reach each stage", axes: []string{"Share of "}}
	for i, s := range list(j, "stages") {
		row := []string{text(s, "title"), cell(s["reached"]), cell(s["share"]), cell(s["from_previous"]), cell(s["skipped"]), cell(s["median_hours"])}
		if i == 0 {
			row[3], row[5] = none, none
		}
		w.rows, w.names, w.values = append(w.rows, row), append(w.names, row[0]), append(w.values, beside(s["share"]))
	}
	return w
}

func (r *Reader) score(s Object) {
	title, all := text(s, "title"), r.population(s)
	bands := want{label: title + ": how many are in each band", axes: []string{"Share of "}, rests: []string{all}}
	rates := want{label: title + ": how often the outcome comes in each band", axes: []string{"with the outcome"}}
	counted, known := 0.0, true
	for _, b := range list(s, "bands") {
		name, size, rate := text(b, "title"), b["size"].(Object), b["rate"].(Object)
		bands.names, rates.names = append(bands.names, name), append(rates.names, name)
		bands.values, rates.values = append(bands.values, beside(size["share"])), append(rates.values, beside(rate))
		bands.rows = append(bands.rows, []string{name, cell(size["members"]), cell(size["share"])})
		n, ok := rate["n"].(float64)
		counted, known = counted+n, known && ok
		span, rows := none, none
		if low, ok := b["low"].(float64); ok && !missing(rate) {
			span = fmt.Sprintf("%.0f%% to %.0f%%", low*100, b["high"].(float64)*100)
		}
		if ok {
			rows = thousands(n)
		}
		rates.rows = append(rates.rows, []string{name, cell(rate), span, rows})
	}
	if u := s["unknown"].(Object); u["hidden"] == true || u["value"] != 0.0 {
		share := "hidden"
		if !missing(u) {
			everyone, _ := strconv.ParseFloat(all, 64)
			share = percent(u["value"].(float64) / everyone)
		}
		bands.names = append(bands.names, "Can’t tell")
		bands.values = append(bands.values, share)
		bands.rows = append(bands.rows, []string{"Can’t tell", cell(u), share})
	}
	r.expected[title+": How many are in each band"] = bands
	if text(s, "outcome") == "" {
		return
	}
	sum := []string{}
	if known {
		sum = append(sum, strconv.FormatFloat(counted, 'f', -1, 64))
	}
	rates.rests = append(slices.Clone(sum), "95")
	r.expected[title+": How often the outcome comes"] = rates
	if points := list(s, "gain"); len(points) > 1 {
		gain := want{label: title + ": how many of the outcomes those with most points hold", axes: []string{"Share of the outcomes", "most points first"}, rests: sum, marks: true}
		for _, g := range points {
			gain.rows = append(gain.rows, []string{fmt.Sprintf("%.0f%%", g["share"].(float64)*100), fmt.Sprintf("%.0f%%", g["outcomes"].(float64)*100)})
		}
		r.expected[title+": Whom to call first"] = gain
	}
}

// overlaps is the map of an entity's largest segments.
func (r *Reader) overlaps(entity string) {
	var groups []Object
	for _, g := range list(r.whole, "segments") {
		if n := g["size"].(Object)["members"].(Object); g["entity"] == entity && !missing(n) && n["value"] != 0.0 {
			groups = append(groups, g)
		}
	}
	members := func(g Object) float64 { return g["size"].(Object)["members"].(Object)["value"].(float64) }
	slices.SortStableFunc(groups, func(x, y Object) int {
		return cmp.Or(cmp.Compare(members(y), members(x)), cmp.Compare(text(x, "name"), text(y, "name")))
	})
	groups = groups[:min(len(groups), overlapsDrawn)]
	shares := map[[2]string]Object{}
	for _, o := range list(r.whole, "overlaps") {
		shares[[2]string{text(o, "a"), text(o, "b")}] = o["share_of_a"].(Object)
	}
	if len(groups) < 2 || len(shares) == 0 {
		return
	}
	w := want{label: "How many of each of the largest segments of ", axes: []string{"per cent who are also in"}, rests: []string{r.population(Object{"entity": entity})}}
	for i, g := range groups {
		at := strconv.Itoa(i + 1)
		w.head, w.values, w.names = append(w.head, at), append(w.values, at), append(w.names, text(g, "title")+"  "+at)
		row := []string{at + " " + text(g, "title"), cell(g["size"].(Object)["members"])}
		for j, other := range groups {
			n, ok := shares[[2]string{text(g, "name"), text(other, "name")}]
			if i == j || !ok {
				row = append(row, none)
				continue
			}
			row = append(row, cell(n))
			if !missing(n) {
				w.values = append(w.values, strconv.Itoa(int(math.Round(n["value"].(float64)*100))))
			}
		}
		w.rows = append(w.rows, row)
	}
	r.expected["Who else they are"] = w
}

// none is what stands in place of a number that nobody measures.
const none = "–not measured"

// cell is a number as tables write it; hidden ones say why.
func cell(v any) string {
	n, _ := v.(Object)
	if !missing(n) {
		return text(n, "text")
	}
	return cmp.Or(text(n, "reason"), none)
}

// beside is a number as it stands at the end of a bar.
func beside(v any) string {
	if missing(v) {
		return "hidden"
	}
	return text(v.(Object), "text")
}

// missing says that there is no number.
func missing(v any) bool {
	n, _ := v.(Object)
	return n["hidden"] == true || text(n, "text") == ""
}

// plain is the text of a number, without what parts thousands.
func plain(v any) string {
	n, _ := v.(Object)
	return strings.Join(numbers(text(n, "text")), "")
}

func thousands(v float64) string {
	digits := strconv.FormatFloat(v, 'f', -1, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// percent writes a share with two digits at least.
func percent(v float64) string {
	v = math.Round(v*1000) / 10
	if v >= 10 {
		v = math.Round(v)
	}
	return strconv.FormatFloat(v, 'f', -1, 64) + "%"
}

func text(o Object, key string) string {
	s, _ := o[key].(string)
	return s
}

func list(o Object, key string) []Object {
	var out []Object
	values, _ := o[key].([]any)
	for _, v := range values {
		if one, ok := v.(Object); ok {
			out = append(out, one)
		}
	}
	return out
}
