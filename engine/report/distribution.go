package report

import (
	"fmt"
	"math"
	"time"

	"personae/engine/compile"
	"personae/engine/results"
	"personae/engine/source"
	"personae/engine/spec"
)

// The fixed words for attributes without a picture.
const (
	wordNoValues = "Nobody has a value here"
	wordOneValue = "The same for everyone"
	wordUncount  = "It was not counted"
)

// charts are the drawings that a persona asks for, in its order.
func (b *builder) charts(p *compile.Persona, e *results.EntityResults, h hidden) []Distribution {
	var out []Distribution
	for i, c := range p.Charts {
		d := b.distribution(p, e, c.Of, h)
		d.ID, d.Title = fmt.Sprintf("chart_%d", i), c.Spec.Title.Value()
		if d.Title == "" {
			d.Title = b.attributeTitle(p, e, c.Of)
		}
		out = append(out, d)
	}
	return out
}

// breakdown is the bar beside a statement; nil where none is asked for. It is
// called what the fact is called, or what the attribute is.
func (b *builder) breakdown(p *compile.Persona, e *results.EntityResults, id, label string, s *spec.Statement, h hidden) *Distribution {
	x := p.Breakdowns[s.Breakdown.Range()]
	if x == nil || s.Breakdown.IsZero() {
		return nil
	}
	d := b.distribution(p, e, x, h)
	if d.ID, d.Title = "breakdown_"+id, sentence(label); label == "" {
		d.Title = b.attributeTitle(p, e, x)
	}
	return &d
}

func (b *builder) picture(p *compile.Persona, e *results.EntityResults, at source.Range) (int, *results.Binned) {
	if e.Insight == nil {
		return 0, nil
	}
	i, ok := e.Insight.Pictures[results.PictureKey{Persona: p.Name, Place: at}]
	if !ok {
		return 0, nil
	}
	return i, &e.Insight.Attributes[i]
}

func (b *builder) attributeTitle(p *compile.Persona, e *results.EntityResults, x *compile.Expr) string {
	if _, a := b.picture(p, e, x.Text.Range()); a != nil && a.Name != "" {
		return title(a.Title, a.Name)
	}
	return x.Text.Value()
}

// distribution is one attribute of a persona's members beside everyone.
func (b *builder) distribution(p *compile.Persona, e *results.EntityResults, x *compile.Expr, h hidden) Distribution {
	d := Distribution{Attribute: x.Text.Value(), Kind: Histogram, Bins: []Bin{}, Expression: x.Text.Value()}
	gone := func(reason string) Distribution {
		d.Reason = reason
		no := Number{Hidden: true, Reason: reason}
		d.N, d.Unknown, d.Everyone = no, no, no
		return d
	}
	if w, m := b.week(p, e, x); w != nil {
		d.Kind = WeekHours
		switch {
		case h != shown:
			return gone(b.hide(h).Reason)
		case m.AllPeople == 0:
			return gone(wordNoValues)
		case m.AllPeople < b.min:
			return gone(b.hide(tooFew).Reason)
		}
		b.weekHours(&d, x, w, m)
		return d
	}
	at, a := b.picture(p, e, x.Text.Range())
	if a == nil {
		return gone(wordUncount)
	}
	d.Unit, d.Kind = a.Unit, distributionKinds[a.Kind]
	key := results.GroupKey{Kind: results.Persona, Name: p.Name}
	counts := a.Counts[key]
	switch {
	case h != shown:
		return gone(b.hide(h).Reason)
	case len(counts) == 0:
		return gone(wordUncount)
	case results.Known(counts) == 0:
		return gone(wordNoValues)
	case a.One != nil:
		if text, ok := b.Words.Value(a.One, a.Unit); ok && results.Known(counts) >= b.min {
			return gone(wordOneValue + ": " + text)
		}
		return gone(wordOneValue)
	case results.Known(counts) < b.min:
		return gone(b.hide(tooFew).Reason)
	}
	c := b.cells(a, counts)
	b.auditedBars(e, at, key, &c)
	members, everyone := b.denominators(c)
	for _, bar := range c.bars {
		if a.Kind == results.YesNo && bar.bin == 1 {
			continue
		}
		d.Bins = append(d.Bins, b.bin(a, bar, members, everyone))
	}
	d.N, d.Unknown = b.count(c.members, c.unknown.state), b.count(c.unknown.members, c.unknown.state)
	d.Everyone = b.count(c.everyone, c.unknown.all)
	d.Takeaway = takeaway(d.Bins)
	return d
}

var distributionKinds = map[results.BinKind]DistributionKind{
	results.Numbers: Histogram, results.Whole: Histogram, results.Values: Categories,
	results.YesNo: YesNo, results.Times: Months, results.Exclusive: Exclusive,
}

// denominators are what shares are of: those whose value is known. Where it is
// hidden how many have none, these few count too: from a share of the others and
// its count they could be worked out.
func (b *builder) denominators(c cells) (members, everyone float64) {
	members, everyone = float64(c.members), float64(c.everyone)
	if c.unknown.state != shown {
		members += float64(c.unknown.members)
	}
	if c.unknown.all != shown {
		everyone += float64(c.unknown.everyone)
	}
	return members, everyone
}

func (b *builder) bin(a *results.Binned, c cell, members, everyone float64) Bin {
	out := Bin{Rest: c.bin == restBin, Members: b.count(c.members, c.state)}
	out.Label, out.Low, out.High = b.label(a, c.bin)
	out.Share, out.Everyone = out.Members, Number{}
	if c.state == shown {
		out.Share = b.percent(float64(c.members), members)
	}
	out.Everyone = b.hide(c.all)
	if c.all == shown {
		out.Everyone = b.percent(float64(c.everyone), everyone)
	}
	if c.state == shown && c.all == shown && c.everyone > 0 {
		lift := *out.Share.Value / *out.Everyone.Value
		out.Lift = &lift
	}
	return out
}

// label says what is in a bin. Ends are open: how far single people are from
// the others is nobody's business.
func (b *builder) label(a *results.Binned, bin int) (text string, low, high *float64) {
	if bin == restBin {
		return "All others", nil, nil
	}
	switch a.Kind {
	case results.YesNo:
		return map[int]string{1: "No", 2: "Yes"}[bin], nil, nil
	case results.Values:
		return readable(a.Values[bin-1]), nil, nil
	case results.Exclusive:
		return b.rungTitle(a.Name, a.Values[bin-1]), nil, nil
	}
	if bin > 1 {
		low = &a.Edges[bin-2]
	}
	if bin <= len(a.Edges) {
		high = &a.Edges[bin-1]
	}
	switch {
	case low == nil && high == nil:
		return "All", nil, nil
	case a.Kind == results.Times:
		return b.span(low, high), low, high
	case a.Kind == results.Whole && low == nil:
		v := *high - 1
		if a.ClosedLow {
			return b.short(v, a), &v, high
		}
		return b.short(v, a) + " or fewer", nil, high
	case a.Kind == results.Whole && (high != nil || a.ClosedHigh):
		return b.short(*low, a), low, high
	case low == nil:
		return "under " + b.short(*high, a), nil, high
	case high == nil:
		return b.short(*low, a) + " or more", low, nil
	}
	return b.short(*low, a) + " to " + b.short(*high, a), low, high
}

// short writes an edge. Units stand on the axis, but for those that belong to
// the number.
func (b *builder) short(v float64, a *results.Binned) string {
	unit := a.Unit
	if text, ok := b.Words.Value(v, unit); ok && (unit == "share" || unit == "%" || len(unit) == 3 && isUpper(unit)) {
		return text
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return b.Words.Count(int64(v))
	}
	text, _ := b.Words.Value(v, "")
	return text
}

// isUpper says whether a unit is written as currencies are.
func isUpper(s string) bool {
	for _, r := range s {
		if r < 'A' || r > 'Z' {
			return false
		}
	}
	return true
}

// readable cuts a text from data to what a label holds.
func readable(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// span names the months from an instant to below another.
func (b *builder) span(low, high *float64) string {
	zone := b.Rules.Settings.Zone
	at := func(seconds float64) time.Time { return time.UnixMicro(int64(math.Round(seconds * 1e6))).In(zone) }
	month := func(t time.Time) string { return t.Format("Jan 2006") }
	switch {
	case low == nil:
		return "before " + month(at(*high))
	case high == nil:
		return month(at(*low)) + " or later"
	}
	first, last := at(*low), at(*high).AddDate(0, 0, -1)
	switch {
	case first.Year() == last.Year() && first.Month() == last.Month():
		return month(first)
	case first.Month() == time.January && last.Month() == time.December && first.Year() == last.Year():
		return first.Format("2006")
	case first.Month() == time.January && last.Month() == time.December:
		return first.Format("2006") + " to " + last.Format("2006")
	}
	return month(first) + " to " + month(last)
}

func (b *builder) rungTitle(segmentation, rung string) string {
	for _, e := range b.Rules.Entities {
		for _, r := range e.Rules {
			if r.Kind != compile.SegmentationRule || r.Name != segmentation {
				continue
			}
			for _, x := range r.Rungs {
				if x.Name == rung {
					return title(x.Title, rung)
				}
			}
		}
	}
	return sentence(rung)
}

// takeaway says in one sentence what a picture shows: the bar in which members
// differ most from everyone.
func takeaway(bins []Bin) string {
	const least = 0.05
	var best *Bin
	most := least
	for i := range bins {
		x := &bins[i]
		if x.Share.Value == nil || x.Everyone.Value == nil || x.Rest {
			continue
		}
		if d := *x.Share.Value - *x.Everyone.Value; d >= most {
			best, most = x, d
		}
	}
	if best == nil {
		return "Much like everyone"
	}
	return fmt.Sprintf("%s: %s, against %s of everyone", best.Label, best.Share.Text, best.Everyone.Text)
}
