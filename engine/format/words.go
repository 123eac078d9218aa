package format

import (
	"math"
	"strings"
	"time"
)

// Count prints a number with its noun: 1 customer, 20,000 customers.
func (f *Formatter) Count(n int64, one, many string) string {
	if n == 1 || n == -1 {
		return f.Int(n) + " " + one
	}
	return f.Int(n) + " " + many
}

// Lift puts how much more common something is into words: "1.4 times as
// common as among all customers", "60% less common than among all customers".
// Within 5% it is about as common. Everyone names those who are compared with:
// "all customers". False for NaN, infinities and negative numbers.
func (f *Formatter) Lift(times float64, everyone string) (string, bool) {
	if math.IsNaN(times) || math.IsInf(times, 0) || times < 0 {
		return "", false
	}
	among := " as common as among " + everyone
	switch {
	case times == 0:
		return "never seen here, unlike among " + everyone, true
	case times < 0.1:
		return "less than a tenth as common as among " + everyone, true
	case times < 0.95: // nobody thinks in 0.4 times
		less, _ := f.Percent(1-times, 0)
		return less + " less common than among " + everyone, true
	case times <= 1.05:
		return "about" + among, true
	case times >= 10:
		return f.mustNumber(math.Round(times)) + " times" + among, true
	}
	return f.mustNumber(math.Round(times*10)/10) + " times" + among, true
}

// mustNumber prints a finite number.
func (f *Formatter) mustNumber(x float64) string {
	text, _ := f.Number(x, Auto)
	return text
}

// Share puts a share into words where they are shorter than the number: none,
// all, half; else it is the percentage. False as Percent.
func (f *Formatter) Share(share float64) (string, bool) {
	switch share {
	case 0:
		return "none", true
	case 0.5:
		return "half", true
	case 1:
		return "all", true
	}
	return f.Percent(share, Auto)
}

// spans are the units of lengths of time, the longest first.
var spans = []struct {
	length    time.Duration
	one, many string
}{
	{24 * time.Hour, "day", "days"}, {time.Hour, "hour", "hours"},
	{time.Minute, "minute", "minutes"}, {time.Second, "second", "seconds"},
}

// Duration prints a length of time by its two largest units, cut, not rounded:
// 3 days 4 hours. A day has 24 hours. From 10 of a unit on, it is alone.
func (f *Formatter) Duration(d time.Duration) string {
	if d < 0 {
		if d == math.MinInt64 {
			d++ // the smallest has no positive counterpart
		}
		return f.sym.minus + f.Duration(-d)
	}
	for i, s := range spans {
		n := d / s.length
		if n == 0 {
			continue
		}
		parts := []string{f.Count(int64(n), s.one, s.many)}
		if n < 10 && i+1 < len(spans) {
			if rest := d % s.length / spans[i+1].length; rest > 0 {
				parts = append(parts, f.Count(int64(rest), spans[i+1].one, spans[i+1].many))
			}
		}
		return strings.Join(parts, " ")
	}
	if d == 0 {
		return f.Count(0, "second", "seconds")
	}
	return "less than a second"
}

// List joins names for a sentence: a, b and c.
func List(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
