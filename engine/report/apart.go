package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"personae/engine/compile"
	"personae/engine/results"
)

// How differences are chosen.
const (
	mostApart      = 10   // differences shown of a group
	mostPerValue   = 2    // of them of one attribute
	leastApart     = 1.1  // times as common, or as rare
	falseDiscovery = 0.05 // share of what is shown that may be chance
	normal95       = 1.959963984540054
)

// apart is what sets a group apart: values and ranges that are more or less
// common among its members than among everyone, the strongest first. What the
// group's rule itself reads is left out: that big spenders spend much says
// nothing.
//
// Of every value the share of members is tested against that of all others
// (two proportions, pooled), and what remains after Benjamini and Hochberg
// (1995) at 5% is shown. The strength is the difference of shares in standard
// deviations of everyone's, so that neither rare values with huge factors nor
// common ones with tiny factors come first.
func (b *builder) apart(e *results.EntityResults, key results.GroupKey, rule *compile.Expr, h hidden) []Difference {
	if h != shown {
		return nil
	}
	var out []Difference
	for _, c := range b.strongest(e, key, rule) {
		if b.gone[e.Entity][c.place(key)] == shown {
			out = append(out, b.difference(e.Entity, c))
		}
	}
	return out
}

// place is where the report shows a difference.
func (c candidate) place(key results.GroupKey) place {
	return place{what: setsApart, group: key, other: strconv.Itoa(c.attribute), at: c.bar.bin}
}

// strongest are the differences that would be shown of a group; they are looked for
// once.
func (b *builder) strongest(e *results.EntityResults, key results.GroupKey, rule *compile.Expr) []candidate {
	if e.Insight == nil {
		return nil
	}
	if list, done := b.differ[key]; done {
		return list
	}
	reads := b.readsOf(e.Entity, rule)
	var list []candidate
	for i := range e.Insight.Attributes {
		a := &e.Insight.Attributes[i]
		if a.Apart && len(a.Counts[key]) > 0 && !overlaps(a.Reads, reads) {
			list = append(list, b.candidates(a, i, a.Counts[key])...)
		}
	}
	list = discoveries(list)
	slices.SortFunc(list, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.strength, x.strength), cmp.Compare(x.attribute, y.attribute), cmp.Compare(x.bar.bin, y.bar.bin))
	})
	var out []candidate
	taken := map[string]int{}
	var chosen []*results.Binned
	for _, c := range list {
		if len(out) == mostApart {
			break
		}
		if c.low <= 1 && c.high >= 1 || c.lift < leastApart && c.lift > 1/leastApart || taken[c.a.Name] == mostPerValue || derived(c.a, chosen) {
			continue
		}
		taken[c.a.Name]++
		chosen = append(chosen, c.a)
		out = append(out, c)
	}
	if b.differ != nil {
		b.differ[key] = out
	}
	return out
}

// candidate is one value or range of one attribute.
type candidate struct {
	a               *results.Binned
	attribute       int
	bar, unknown    cell
	known           int64 // members who have a value
	share, everyone float64
	lift, low, high float64
	chance          float64 // the probability of such a difference by chance
	strength        float64
}

// candidates are the values of an attribute that may be shown, with at least the
// smallest group of members and of others.
func (b *builder) candidates(a *results.Binned, at int, counts []int64) []candidate {
	var out []candidate
	c := b.cells(a, counts)
	n1, n0 := b.denominators(c)
	for _, bar := range c.bars {
		others := bar.everyone - bar.members
		if bar.bin == restBin || a.Kind == results.YesNo && bar.bin == 1 || bar.state != shown || bar.all != shown ||
			bar.members < b.min || others < b.min || n0 <= n1 {
			continue
		}
		x := candidate{a: a, attribute: at, bar: bar, unknown: c.unknown, known: c.members}
		x.share, x.everyone = float64(bar.members)/n1, float64(bar.everyone)/n0
		if x.everyone >= 1 || x.share >= 1 && x.everyone >= 1 {
			continue
		}
		x.lift, x.low, x.high = liftInterval(float64(bar.members), n1, float64(others), n0-n1)
		x.chance = chance(float64(bar.members), n1, float64(others), n0-n1)
		x.strength = math.Abs(x.share-x.everyone) / math.Sqrt(x.everyone*(1-x.everyone))
		out = append(out, x)
	}
	return out
}

// liftInterval is how many times as common a value is among members (x1 of n1)
// as among everyone, with its 95% interval. Members are part of everyone, so the
// two shares are not independent; those of members and of the others (x2 of n2)
// are. Their ratio R has the interval of Katz et al. (1978), ln R ± 1.96·√((1-p1)/x1 +
// (1-p2)/x2), and the lift is R / (w·R + 1 - w), which rises with R; w is the
// members' share of everyone.
func liftInterval(x1, n1, x2, n2 float64) (lift, low, high float64) {
	p1, p2 := x1/n1, x2/n2
	w := n1 / (n1 + n2)
	of := func(r float64) float64 { return r / (w*r + 1 - w) }
	ratio := p1 / p2
	spread := normal95 * math.Sqrt((1-p1)/x1+(1-p2)/x2)
	return of(ratio), of(ratio * math.Exp(-spread)), of(ratio * math.Exp(spread))
}

// chance is the two-sided p-value that two proportions are the same.
func chance(x1, n1, x2, n2 float64) float64 {
	p := (x1 + x2) / (n1 + n2)
	deviation := math.Sqrt(p * (1 - p) * (1/n1 + 1/n2))
	if deviation == 0 {
		return 1
	}
	return math.Erfc(math.Abs(x1/n1-x2/n2) / deviation / math.Sqrt2)
}

// discoveries keeps the candidates whose probability of chance is at most
// k/m·q, for the largest such k (Benjamini and Hochberg).
func discoveries(list []candidate) []candidate {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(x, y candidate) int { return cmp.Compare(x.chance, y.chance) })
	keep := 0
	for k, c := range sorted {
		if c.chance <= float64(k+1)/float64(len(sorted))*falseDiscovery {
			keep = k + 1
		}
	}
	return sorted[:keep]
}

// derived says whether an attribute is made from one that is chosen, or the
// other way round: it would say the same twice.
func derived(a *results.Binned, chosen []*results.Binned) bool {
	for _, c := range chosen {
		if c.Name == a.Name {
			continue
		}
		if slices.Contains(c.Reads, a.Name) || slices.Contains(a.Reads, c.Name) {
			return true
		}
	}
	return false
}

func overlaps(names []string, set map[string]bool) bool {
	return slices.ContainsFunc(names, func(n string) bool { return set[n] })
}

// readsOf names the columns and traits that an expression reads, directly or
// through other rules.
func (b *builder) readsOf(entity string, x *compile.Expr) map[string]bool {
	out := map[string]bool{}
	for _, e := range b.Rules.Entities {
		if e.Name != entity {
			continue
		}
		e.Below(x, func(ref compile.Ref, _ *compile.Rule) {
			if ref.Kind == compile.ColumnRef || ref.Kind == compile.TraitRef {
				out[ref.Name] = true
			}
		})
	}
	return out
}

func (b *builder) difference(entity string, c candidate) Difference {
	d := Difference{Attribute: c.a.Name, Label: title(c.a.Title, c.a.Name), Lift: c.lift, Low: &c.low, High: &c.high, Text: b.Words.Lift(c.lift, entity)}
	d.Value, _, _ = b.label(c.a, c.bar.bin)
	d.Share, d.Everyone = b.percent(c.share, 1), b.percent(c.everyone, 1)
	if c.unknown.state == shown {
		d.Share.N, d.Share.Unknown = &c.known, &c.unknown.members
	}
	d.Condition = b.condition(entity, c.a, c.bar.bin)
	return d
}

// condition is a bin in CEL.
func (b *builder) condition(entity string, a *results.Binned, bin int) string {
	name := entity + "." + celName(a.Name)
	switch a.Kind {
	case results.YesNo:
		return name + " == true"
	case results.Values:
		return name + " == " + celText(a.Values[bin-1])
	case results.Exclusive:
		return ""
	}
	write := func(v float64) string {
		switch {
		case a.Kind == results.Times:
			return "date('" + time.UnixMicro(int64(math.Round(v*1e6))).In(b.Rules.Settings.Zone).Format(time.DateOnly) + "')"
		case a.Int:
			return strconv.FormatInt(int64(v), 10)
		}
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	_, low, high := b.label(a, bin)
	if a.Kind == results.Whole && low != nil && high != nil && *high-*low == 1 {
		return name + " == " + write(*low)
	}
	var parts []string
	if low != nil {
		parts = append(parts, name+" >= "+write(*low))
	}
	if high != nil {
		parts = append(parts, name+" < "+write(*high))
	}
	return strings.Join(parts, " && ")
}

// celName quotes a column whose name is no identifier.
func celName(s string) string {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return "`" + s + "`"
		}
	}
	return s
}

// celText writes a text as a CEL literal.
func celText(s string) string {
	var out strings.Builder
	out.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			out.WriteString(`\` + string(r))
		case r == '\n':
			out.WriteString(`\n`)
		case r < ' ' || r == 0x7f:
			out.WriteString(`\u` + strings.Repeat("0", 4-len(strconv.FormatInt(int64(r), 16))) + strconv.FormatInt(int64(r), 16))
		default:
			out.WriteRune(r)
		}
	}
	return out.String() + "'"
}
