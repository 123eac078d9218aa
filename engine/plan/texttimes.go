package plan

import (
	"personae/engine/catalog"
	"personae/engine/celenv"
)

// Times and lengths of time that stand in texts: timestamp(text), date(text) and
// duration(text).

// Operators that read times from texts.
const (
	OpStringToTime   Op = "string_to_time"
	OpStringToDay    Op = "string_to_day" // Name: the zone
	OpStringToLength Op = "string_to_length"
)

var textTimeOperators = []Operator{
	{Op: OpStringToTime, Strict: true, Args: "string", Result: catalog.Timestamp, Bottom: always, Doc: "timestamp(string): RFC 3339, cut to whole microseconds; ⊥ for all else and outside the years 1 to 9999."},
	{Op: OpStringToDay, Strict: true, Args: "string", Result: catalog.Timestamp, Bottom: always, Doc: "date(string): midnight of a day written as 2026-01-31; ⊥ for all else. Of a day with two midnights the later one, with none the moment that its clocks would call so."},
	{Op: OpStringToLength, Strict: true, Args: "string", Result: catalog.Duration, Bottom: always, Doc: "duration(string): numbers with h, m, s, ms, us or ns, after a sign or none; ⊥ for all else and from 292 years on."},
}

// beyondMicros finds an instant whose fraction has more than microseconds; Go
// reads nine digits.
const beyondMicros = `^.{19}[.]\d{6}\d{0,2}[1-9]`

// readTime is timestamp(string). SQL's times are whole microseconds.
var readTime = rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
	nanos := l.b.Strict(OpMatches, beyondMicros, a[0])
	return l.b.If(nanos, l.b.Hole("times with nanoseconds", catalog.Type{Kind: catalog.Timestamp}), l.b.Strict(OpStringToTime, "", a[0]))
}}

// mostOddDays bounds the days of a zone that are listed one by one.
const mostOddDays = 40

// readDay is date(string). Days whose midnight is there twice or not at all are
// few in most zones, and listed.
var readDay = rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
	odd := celenv.OddMidnights(l.zone, mostOddDays+1)
	if len(odd) > mostOddDays {
		return l.b.Hole("days of "+l.zone.String()+", whose clocks repeat midnight again and again", catalog.Type{Kind: catalog.Timestamp})
	}
	x := l.b.Strict(OpStringToDay, l.zone.String(), a[0])
	for _, day := range odd {
		if t, err := celenv.ParseDate(day, l.zone); err == nil {
			x = l.b.If(l.b.Eq(l.b.Decide(a[0]), l.b.Const(day)), l.b.Const(t), x)
		}
	}
	return x
}}
