package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/results"
)

const (
	mostSteps    = 10   // of a rank with more buckets, so many steps are shown
	outermostCut = 0.05 // a beginning among the outermost part of people is an extreme
	cutDigits    = 3    // of a beginning that is shown: it is nobody's own value
)

// ranks says where the steps of ranks begin, and how many are on each.
func (b *builder) ranks(e *compile.Entity, found *results.EntityResults) []Rank {
	var out []Rank
	for _, rule := range e.Rules {
		i := slices.IndexFunc(found.Ranks, func(r results.Rank) bool { return r.Name == rule.Name })
		if rule.Rank != nil && i >= 0 {
			out = append(out, b.rank(e, rule, found.Ranks[i], found.Population))
		}
	}
	return out
}

func (b *builder) rank(e *compile.Entity, rule *compile.Rule, r results.Rank, population int64) Rank {
	out := Rank{
		Name: rule.Name, Labels: b.labels(rule), Entity: e.Name, Of: b.Prose.Value(e.Name, rule.Expr),
		Best: "high", Buckets: r.Buckets, Rule: b.ruleOf(e.Name, rule.Expr, rule.Digest), UsedBy: b.used[rule],
	}
	out.Rule.Words = "" // it is no condition
	if r.BestLow {
		out.Best = "low"
	}
	if s := e.Rule(compile.Ref{Kind: compile.SegmentRef, Entity: e.Name, Name: r.Among}); s != nil {
		out.Among = title(s.Title, s.Name)
	}
	list := steps(r)
	states := suppressCells(append(sizesOf(list), population-r.Ranked), b.min)
	out.Ranked = b.none(r.Ranked, max(disclosure(r.Ranked, population, b.min), states[len(list)]))
	if r.Ranked == population && r.Ranked >= b.min {
		out.Ranked = b.count(r.Ranked, shown)
	}
	beginnings := b.beginnings(e, rule, r, list)
	for i, s := range list {
		one := RankStep{From: s.from, To: s.to, Members: b.none(s.size, states[i]), Share: b.hide(max(states[i], secondary)), Start: beginnings[i]}
		if states[i] == shown && r.Ranked > 0 {
			one.Share = b.percent(float64(s.size), float64(r.Ranked))
		}
		out.Steps = append(out.Steps, one)
	}
	out.TopPart = b.topPart(out)
	out.Text = topStart(out)
	return out
}

// step is a range of buckets, both ends included.
type step struct {
	from, to, size int64
}

// steps divides the buckets of a rank, the best first: each is one, or where
// they are many, a tenth of them is.
func steps(r results.Rank) []step {
	var out []step
	n := min(r.Buckets, mostSteps)
	for i := n; i > 0; i-- {
		s := step{from: (i-1)*r.Buckets/n + 1, to: i * r.Buckets / n}
		for _, size := range r.Sizes[s.from-1 : s.to] {
			s.size += size
		}
		out = append(out, s)
	}
	return out
}

func sizesOf(list []step) []int64 {
	var out []int64
	for _, s := range list {
		out = append(out, s.size)
	}
	return out
}

// beginnings says at which value each step begins. A beginning is the value of a
// person: it is said only where enough people are on both sides of it, and
// between it and the one before that is said, and never among the outermost.
func (b *builder) beginnings(e *compile.Entity, rule *compile.Rule, r results.Rank, list []step) []Number {
	private := ""
	switch {
	case len(rule.Taint.PII) > 0 || len(rule.Expr.Taint.PII) > 0:
		private = "Hidden: it is calculated from personal data"
	case len(rule.Taint.Sensitive) > 0:
		private = "Hidden: it is calculated from sensitive data"
	}
	out := make([]Number, len(list))
	var above, between int64 // people who are as good or better; of them those since the last beginning that is said
	for i, s := range list {
		above, between = above+s.size, between+s.size
		part := float64(above) / float64(max(r.Ranked, 1))
		switch {
		case s.from == 1 || s.size == 0 || above == r.Ranked || int(s.from)-2 >= len(r.Cuts):
			out[i] = Number{Hidden: true} // it has none: nobody is on it, or below it
		case private != "":
			out[i] = Number{Hidden: true, Reason: private}
		case between < b.min || r.Ranked-above < b.min:
			out[i] = b.hide(tooFew)
		case part < outermostCut || part > 1-outermostCut:
			out[i] = Number{Hidden: true, Reason: wordExtreme}
		default:
			out[i], between = b.cut(e, rule, r.Cuts[s.from-2]), 0
		}
	}
	return out
}

// cut writes where a step begins: in round numbers, moments as days.
func (b *builder) cut(e *compile.Entity, rule *compile.Rule, v any) Number {
	switch x := v.(type) {
	case float64:
		v = rounded(x)
	case int64:
		if rule.Expr.Type.Kind == catalog.Duration {
			v = time.Duration(x)
		} else if math.Abs(float64(x)) < 1<<53 {
			v = int64(rounded(float64(x)))
		}
	}
	return b.write(v, unitOf(b.Rules, e, rule.Expr))
}

// rounded keeps the first digits of a number.
func rounded(x float64) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', cutDigits, 64), 64)
	if err != nil {
		return x
	}
	return v
}

// fractions are the words for one of so many equal parts.
var fractions = map[int64]string{2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth", 10: "tenth"}

// topPart is what part of the ranked the best step is meant to hold: "fifth".
func (b *builder) topPart(r Rank) string {
	if len(r.Steps) == 0 {
		return ""
	}
	buckets := r.Steps[0].To - r.Steps[0].From + 1
	if part, ok := fractions[r.Buckets/buckets]; ok && r.Buckets%buckets == 0 {
		return part
	}
	return b.Words.Percent(float64(buckets) / float64(r.Buckets))
}

// topStart says where the best step begins: "The top fifth starts at £452".
func topStart(r Rank) string {
	if len(r.Steps) == 0 || r.Steps[0].Start.Hidden {
		return ""
	}
	text := fmt.Sprintf("The top %s starts at %s", r.TopPart, r.Steps[0].Start.Text)
	if r.Best == "low" {
		text += "; lower is better"
	}
	return text + "."
}

// ranksOf names the ranks that expressions read, directly or through other rules.
func (b *builder) ranksOf(e *compile.Entity, list ...*compile.Expr) []string {
	var out []string
	for _, x := range list {
		e.Below(x, func(_ compile.Ref, r *compile.Rule) {
			if r != nil && r.Rank != nil && !slices.Contains(out, r.Name) {
				out = append(out, r.Name)
			}
		})
	}
	slices.Sort(out)
	return out
}
