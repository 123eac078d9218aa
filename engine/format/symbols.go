package format

import (
	"strings"

	"github.com/go-playground/locales"
)

// symbols are how a locale writes numbers.
type symbols struct {
	decimal, group, minus, percent string
	indian                         bool // groups of two after the first: 12,34,567
	minGrouped                     int  // shorter numbers are not grouped
	place                          place
	moneyBefore, moneyAfter        string
}

// symbolsOf reads a locale's symbols off what it prints. The library's own
// number functions are not used: they group no percentages and round binary
// numbers.
func symbolsOf(e entry, t locales.Translator) symbols {
	s := symbols{percent: e.percent, place: e.money, minGrouped: 4}
	plain := t.FmtNumber(1234567.5, 1)
	s.decimal = between(plain, "7", "5")
	s.group = between(plain, "4", "5")                                                           // before the last three digits
	s.indian = s.group != "" && between(plain, "2", "3") != "" && between(plain, "1", "2") == "" // 12,34,567
	minus := t.FmtNumber(-5, 0)
	s.minus = minus[:strings.Index(minus, "5")]
	if lateGrouping[e.name] {
		s.minGrouped = 5
	}
	return s
}

// between is the text between the last a before the first b that follows it.
func between(s, a, b string) string {
	_, rest, ok := strings.Cut(s, a)
	if !ok {
		return ""
	}
	text, _, ok := strings.Cut(rest, b)
	if !ok || strings.ContainsAny(text, "0123456789") {
		return ""
	}
	return text
}

// number lays digits out.
func (s symbols) number(d digits) string {
	text := s.grouped(d.whole)
	if d.fraction != "" {
		text += s.decimal + d.fraction
	}
	if d.negative {
		return s.minus + text
	}
	return text
}

func (s symbols) grouped(whole string) string {
	if s.group == "" || len(whole) < s.minGrouped {
		return whole
	}
	size := 3
	if s.indian {
		size = 2
	}
	head, tail := whole[:len(whole)-3], s.group+whole[len(whole)-3:]
	for len(head) > size {
		head, tail = head[:len(head)-size], s.group+head[len(head)-size:]+tail
	}
	return head + tail
}

// money lays an amount out; the minus comes first: -£5.
func (s symbols) money(d digits) string {
	negative := d.negative
	d.negative = false
	text := s.moneyBefore + s.number(d) + s.moneyAfter
	if negative {
		return s.minus + text
	}
	return text
}
