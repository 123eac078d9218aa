package celenv

import (
	"math"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// lengthOf makes the function that gives n units; out of range is ⊥.
func lengthOf(unit time.Duration) func(*time.Location, []ref.Val) ref.Val {
	return func(_ *time.Location, a []ref.Val) ref.Val {
		n, ok := a[0].(types.Int)
		if !ok {
			return types.MaybeNoSuchOverloadErr(a[0])
		}
		limit := int64(math.MaxInt64) / int64(unit)
		if int64(n) > limit || int64(n) < -limit {
			return types.NewErr("the length of time is too long: the longest is about 292 years")
		}
		return types.Duration{Duration: time.Duration(n) * unit}
	}
}

// ParseDate gives midnight of a calendar day in a zone. Where clocks skip
// midnight, it is the first instant of that day.
func ParseDate(text string, zone *time.Location) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, err
	}
	return midnight(day.Year(), day.Month(), day.Day(), zone), nil
}

// midnight is the first instant of a day. Where clocks skip midnight that is
// the moment they jump; where they repeat it, the earlier of the two.
func midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	start, next := t.ZoneBounds()
	if t.Day() != time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Day() {
		return next.UTC()
	}
	if !start.IsZero() {
		_, before := start.Add(-time.Second).Zone()
		_, after := t.Zone()
		earlier := t.Add(-time.Duration(before-after) * time.Second)
		if earlier.Before(start) && earlier.Day() == t.Day() && earlier.Hour() == 0 {
			return earlier.UTC()
		}
	}
	return t.UTC()
}

// yearless says whether a day that can be read is before the first year.
func yearless(date string) bool { return strings.HasPrefix(date, "0000") }

func date(zone *time.Location, a []ref.Val) ref.Val {
	text, ok := a[0].(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(a[0])
	}
	t, err := ParseDate(string(text), zone)
	if err != nil || yearless(string(text)) {
		return types.NewErr("%q is no date; write it as 2026-01-31", string(text))
	}
	return types.Timestamp{Time: t}
}

// OddMidnights lists the days of a zone whose midnight clocks repeat, or skip
// by jumping at another moment, in the order of time and no more than most:
// zones whose rules do so every year have no end of them.
func OddMidnights(zone *time.Location, most int) []string {
	const lastRules = 2500 // rules repeat every 400 years, from 2038 on at the latest
	var days []string
	at := time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)
	for len(days) < most {
		_, jump := at.In(zone).ZoneBounds()
		switch {
		case jump.IsZero() || jump.Year() > lastRules:
			return days
		case !jump.After(at): // the last day of a leap year ends before it begins, Go has it
			at = at.AddDate(0, 0, 1)
			continue
		}
		_, before := jump.Add(-time.Second).In(zone).Zone()
		_, after := jump.In(zone).Zone()
		// What clocks show when they jump, and after it: no instant, so in UTC.
		from, to := jump.UTC().Add(time.Duration(before)*time.Second), jump.UTC().Add(time.Duration(after)*time.Second)
		if from.Before(to) {
			from = from.Add(time.Second) // at midnight itself it is the jump
		} else {
			from, to = to, from
		}
		for day := from.Add(24*time.Hour - time.Second).Truncate(24 * time.Hour); day.Before(to); day = day.AddDate(0, 0, 1) {
			days = append(days, day.Format(time.DateOnly))
		}
		at = jump
	}
	return days
}

// times takes its arguments as instants in a zone.
func times(zone *time.Location, a []ref.Val) ([]time.Time, ref.Val) {
	out := make([]time.Time, len(a))
	for i, v := range a {
		t, ok := v.(types.Timestamp)
		if !ok {
			return nil, types.MaybeNoSuchOverloadErr(v)
		}
		out[i] = t.In(zone)
	}
	return out, nil
}

// ageAt counts birthdays: whole years by the calendar, of which the last
// counts from the birthday on; people born on 29 February have theirs on
// 1 March in other years.
func ageAt(zone *time.Location, a []ref.Val) ref.Val {
	t, bad := times(zone, a)
	if bad != nil {
		return bad
	}
	born, now := t[0], t[1]
	years := now.Year() - born.Year()
	if now.Month() < born.Month() || now.Month() == born.Month() && now.Day() < born.Day() {
		years--
	}
	return types.Int(years)
}

// dayNumber counts calendar days of a local date since 1970-01-01.
func dayNumber(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

func daysSince(zone *time.Location, a []ref.Val) ref.Val {
	t, bad := times(zone, a)
	if bad != nil {
		return bad
	}
	return types.Int(dayNumber(t[1]) - dayNumber(t[0]))
}

func hourOf(zone *time.Location, a []ref.Val) ref.Val {
	t, bad := times(zone, a)
	if bad != nil {
		return bad
	}
	return types.Int(t[0].Hour())
}

func weekdayOf(zone *time.Location, a []ref.Val) ref.Val {
	t, bad := times(zone, a)
	if bad != nil {
		return bad
	}
	return types.Int((int(t[0].Weekday())+6)%7 + 1)
}
