package duckdb

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"personae/engine/english"
)

var withinPattern = regexp.MustCompile(`^\s*(minutes|hours|days|weeks)\(\s*([0-9]{1,6})\s*\)\s*$`)

var units = map[string]time.Duration{"minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour, "weeks": 7 * 24 * time.Hour}

// within reads `fresh.within`: days(2), hours(12), minutes(5), weeks(1).
func within(text string) (time.Duration, bool) {
	m := withinPattern.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil || n > 100_000 {
		return 0, false
	}
	return time.Duration(n) * units[m[1]], true
}

// freshness compares a dataset's newest row with its promise.
func (l *loader) freshness(d *dataset) {
	fresh := d.spec.Fresh
	if fresh == nil {
		return
	}
	name, h, at := d.spec.Name.Value(), l.health[d.spec.Name.Value()], fresh.Within.Range()
	limit, ok := within(fresh.Within.Value())
	if !ok {
		l.list.Errorf("bad-duration", at, "%q is no length of time", fresh.Within.Value()).Detail = "Write days(2), hours(12), minutes(30) or weeks(1)."
		return
	}
	h.FreshWithin = limit
	if d.spec.Time.IsZero() {
		l.list.Errorf("missing-key", at, "Dataset %s promises to be fresh and has no `time`", name).Detail = "Name the column that says when a row happened, or take `fresh` out."
		return
	}
	if h.NewestEvent != nil && l.asOf.Sub(*h.NewestEvent) <= limit {
		return
	}
	h.Stale = true
	found := l.list.Warnf
	if fresh.Severity.Value() == "error" {
		found = l.list.Errorf
	}
	if h.NewestEvent == nil {
		found("stale-data", at, "Dataset %s has no rows, so it is not fresh", name).Detail = "Bring newer data, or check whether the delivery stopped."
		return
	}
	found("stale-data", at, "The newest row of dataset %s is %s older than it may be", name, age(l.asOf.Sub(*h.NewestEvent)-limit)).Detail =
		"It is of " + h.NewestEvent.Format("2 Jan 2006 15:04") + " UTC, and " + fresh.Within.Value() + " is allowed. Bring newer data, or check whether the delivery stopped."
}

// age says a duration in the largest unit that is not zero.
func age(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return english.Count(int64(d/(24*time.Hour)), "day", "days")
	case d >= time.Hour:
		return english.Count(int64(d/time.Hour), "hour", "hours")
	}
	return english.Count(int64(d/time.Minute)+1, "minute", "minutes")
}

// number writes what rows are worth: whole numbers grouped, cents where there are any.
func number(v float64) string {
	if v != v || v > 1e15 || v < -1e15 {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	text := fmt.Sprintf("%.2f", v)
	whole, cents, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return text
	}
	sign := ""
	if n == 0 && strings.HasPrefix(whole, "-") {
		sign = "-"
	}
	if cents == "00" {
		return sign + english.Number(n)
	}
	return sign + english.Number(n) + "." + cents
}
