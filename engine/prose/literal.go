package prose

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"personae/engine/celenv"
)

// literalText writes a value that stands in a rule, with every digit.
func (s *sentence) literalText(v any, unit string) noun {
	switch x := v.(type) {
	case nil:
		return noun{text: "empty", mayBeEmpty: true}
	case bool:
		return noun{text: pick(x, "yes", "no")}
	case string:
		return noun{text: quoted(x)}
	case int64:
		return noun{text: s.number(float64(x), s.whole(x), unit)}
	case uint64:
		return noun{text: fmt.Sprint(x)}
	case float64:
		return noun{text: s.number(x, strconv.FormatFloat(x, 'g', -1, 64), unit)}
	case []byte:
		return noun{text: "the bytes " + strconv.QuoteToASCII(string(x))}
	}
	return noun{text: backticked(fmt.Sprint(v))}
}

// number writes a number exactly; digits is how it is written where the
// locale's form would round it.
func (s *sentence) number(x float64, digits, unit string) string {
	if text, ok := s.format.Exact(x, unit); ok {
		if (x == 1 || x == -1) && timeUnits[unit] {
			text = strings.TrimSuffix(text, "s")
		}
		return text
	}
	if unit != "" && unit != "share" {
		return digits + " " + unit
	}
	return digits
}

var timeUnits = map[string]bool{"years": true, "months": true, "weeks": true, "days": true, "hours": true, "minutes": true, "seconds": true, "points": true}

func (s *sentence) whole(n int64) string { return s.format.Int(n) }

// spans are the units of lengths of time.
var spans = []struct {
	length time.Duration
	name   string
}{
	{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"},
	{time.Millisecond, "millisecond"}, {time.Microsecond, "microsecond"}, {time.Nanosecond, "nanosecond"},
}

// lengthText writes a length of time exactly: 1 day 12 hours.
func (s *sentence) lengthText(d time.Duration) string {
	if d == 0 {
		return "no time"
	}
	var parts []string
	rest := d
	for _, u := range spans {
		if n := rest / u.length; n != 0 {
			parts = append(parts, s.things(int64(n), u.name))
			rest -= n * u.length
		}
	}
	return strings.Join(parts, " ")
}

func (s *sentence) things(n int64, one string) string {
	if n != 1 && n != -1 {
		one += "s"
	}
	return s.whole(n) + " " + one
}

// time says a constant instant or length of time.
func (s *sentence) time(c ast.CallExpr) (noun, bool) {
	if len(c.Args()) != 1 {
		return noun{}, false
	}
	v, ok := s.literal(c.Args()[0])
	if !ok {
		return noun{}, false
	}
	zone := s.format.Zone()
	switch x := v.(type) {
	case int64:
		if one, isLength := map[string]string{"days": "day", "hours": "hour", "minutes": "minute", "weeks": "week"}[c.FunctionName()]; isLength {
			return noun{text: s.things(x, one)}, true
		}
		if c.FunctionName() == "timestamp" {
			return noun{text: s.instantText(time.Unix(x, 0))}, true
		}
	case string:
		switch c.FunctionName() {
		case "date":
			if t, err := celenv.ParseDate(x, zone); err == nil {
				return noun{text: s.format.Date(t)}, true
			}
		case "timestamp":
			if t, err := time.Parse(time.RFC3339Nano, x); err == nil {
				return noun{text: s.instantText(t)}, true
			}
		case "duration":
			if d, err := time.ParseDuration(x); err == nil {
				return noun{text: s.lengthText(d)}, true
			}
		}
	}
	return noun{}, false
}

// instantText writes a point in time on the project's clock: the day alone at
// midnight, else up to the last digit that is not zero.
func (s *sentence) instantText(t time.Time) string {
	local := t.In(s.format.Zone())
	h, m, sec := local.Clock()
	day := s.format.Date(t)
	switch {
	case h == 0 && m == 0 && sec == 0 && local.Nanosecond() == 0:
		return day
	case sec == 0 && local.Nanosecond() == 0:
		return day + ", " + local.Format("15:04")
	}
	return day + ", " + local.Format("15:04:05.999999999")
}

func isNow(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == "now" }

// ordinal writes a position: the 90th.
func (s *sentence) ordinal(e ast.Expr) string {
	v, _ := s.literal(e)
	if x, ok := v.(float64); ok && x == math.Trunc(x) && math.Abs(x) < 1000 {
		v = int64(x)
	}
	n, ok := v.(int64)
	if !ok || n < 0 {
		return s.value(e).closed() + "-th"
	}
	ending := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return strconv.FormatInt(n, 10) + ending
}

// instants says what is added to and taken from points in time.
func (s *sentence) instants(f string, a, b ast.Expr) (noun, bool) {
	ta, tb := s.typeOf(a).Kind(), s.typeOf(b).Kind()
	x, y := a, b
	switch {
	case f == operators.Subtract && ta == types.TimestampKind && tb == types.TimestampKind:
		if isNow(a) {
			return noun{text: "the time since " + s.value(b).wrapped(), bound: open}, true
		}
		return noun{text: "the time from " + s.value(b).closed() + " to " + s.value(a).closed(), bound: open}, true
	case f == operators.Subtract && ta == types.TimestampKind && tb == types.DurationKind:
		if isNow(a) {
			return noun{text: s.value(b).closed() + " ago"}, true
		}
		return noun{text: s.value(b).closed() + " before " + s.value(a).wrapped(), bound: loose}, true
	case f == operators.Add && ta == types.DurationKind && tb == types.TimestampKind:
		x, y = b, a
		fallthrough
	case f == operators.Add && ta == types.TimestampKind && tb == types.DurationKind:
		if isNow(x) {
			return noun{text: s.value(y).closed() + " from now"}, true
		}
		return noun{text: s.value(y).closed() + " after " + s.value(x).wrapped(), bound: loose}, true
	}
	return noun{}, false
}
