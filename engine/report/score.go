package report

import (
	"fmt"
	"math"
	"strings"

	"personae/engine/compile"
	"personae/engine/results"
)

// scores says how points and bands spread, and whether a score foretells its
// outcome.
func (b *builder) scores(e *compile.Entity, found *results.EntityResults) []Score {
	var out []Score
	for _, rule := range e.Rules {
		if rule.Score == nil {
			continue
		}
		for _, counts := range found.Scores {
			if counts.Name == rule.Name {
				out = append(out, b.score(rule, counts, found))
			}
		}
	}
	return out
}

func (b *builder) score(rule *compile.Rule, counts results.Score, e *results.EntityResults) Score {
	s := Score{
		Name: rule.Name, Labels: b.labels(rule), Entity: rule.Entity,
		File: rule.Source.Range.File, Line: rule.Source.Range.Start.Line, Digest: rule.Digest,
	}
	if rule.Score.Outcome != nil {
		s.Outcome = rule.Score.Outcome.Text.Value()
	}
	for i, p := range rule.Score.Parts {
		s.Parts = append(s.Parts, b.scorePart(e.Entity, rule.Name, rule.Score, p, counts.Parts[i], e.Population))
	}
	cells := make([]int64, len(counts.Bands))
	for i, c := range counts.Bands {
		cells[i] = c.Rows
	}
	var groups []results.Group
	for _, band := range rule.Score.Bands {
		groups = append(groups, results.Group{Kind: results.Band, Name: band.Name, Parent: rule.Name})
	}
	states := b.divided(e.Entity, groups, cells)
	last := len(cells) - 1
	for i, band := range rule.Score.Bands {
		g, _ := group(e, results.Band, band.Name, rule.Name)
		one := Band{Name: band.Name, Title: title("", band.Name), From: rule.Score.Of(band.From), Size: b.size(g, e, states[i])}
		one.Size.Unknown, one.Size.UnknownWhy = Number{}, ""
		s.Bands = append(s.Bands, one)
	}
	s.Unknown = b.count(cells[last], states[last])
	s.UsedBy = b.used[rule]
	if cells[last] == 0 {
		s.Unknown = b.count(0, shown)
	} else {
		s.UnknownWhy = reasons(e, results.Band, rule.Name)
	}
	if s.Outcome != "" {
		b.calibrate(&s, rule.Score, counts, states)
	}
	return s
}

// partPlace is where a part of a score says for how many it is true, or cannot be told.
func partPlace(score string, p compile.Part, what kind) place {
	return place{what: what, group: results.GroupKey{Kind: results.Band, Parent: score}, other: p.Name}
}

// partState says whether it may be shown for how many a part is true. With the size
// of everyone it gives away for whom that cannot be told.
func (b *builder) partState(c results.PartCount, population int64) hidden {
	h := disclosure(c.Yes, population-c.Unknown, b.min)
	if (c.Yes == 0 || c.Yes == population-c.Unknown) && population-c.Unknown >= b.min {
		h = shown // nobody, or everybody, is no small group
	}
	if h == shown && b.small(c.Unknown) {
		return secondary
	}
	return h
}

// scorePart says who has the points of a part, and what it adds on average over
// those whose points for it are known.
func (b *builder) scorePart(entity, score string, s *compile.Score, p compile.Part, c results.PartCount, population int64) ScorePart {
	out := ScorePart{Name: p.Name, Title: title(p.Title, p.Name), Words: b.Prose.Condition(entity, p.When), Expression: p.When.Text.Value(), Points: s.Of(p.Points)}
	at := partPlace(score, p, aloneTrue)
	h := max(b.partState(c, population), b.gone[entity][at])
	at.what = cannotTell
	out.True, out.Unknown = b.count(c.Yes, h), b.unknown(c.Unknown)
	if gone := b.gone[entity][at]; gone != shown {
		out.Unknown = b.hide(gone)
	}
	n, sum := population-c.Unknown, float64(c.Yes)*s.Of(p.Points)
	if p.Low == p.High {
		n, sum = population, sum+float64(c.Unknown)*s.Of(p.Low)
	}
	if h != shown || n == 0 {
		out.Mean = b.hide(max(h, tooFew))
		return out
	}
	out.Mean = b.plain(sum / float64(n))
	out.Mean.N = &n
	return out
}

// plain writes a number without a unit, with one digit after the point.
func (b *builder) plain(v float64) Number {
	text, ok := b.Words.Value(math.Round(v*10)/10, "")
	if !ok {
		return Number{Hidden: true, Reason: "The number is too large to write"}
	}
	return Number{Value: &v, Text: text}
}

// calibrate compares the outcome between bands.
func (b *builder) calibrate(s *Score, rule *compile.Score, counts results.Score, states []hidden) {
	yes, no := make([]int64, len(counts.Bands)), make([]int64, len(counts.Bands))
	for i, c := range counts.Bands {
		yes[i], no[i] = c.Yes, c.Rows-c.Unknown-c.Yes
	}
	hiddenYes, hiddenNo := suppressCells(yes, b.min), suppressCells(no, b.min)
	for i := range s.Bands {
		h := states[i]
		if yes[i] > 0 {
			h = max(h, hiddenYes[i])
		}
		if no[i] > 0 {
			h = max(h, hiddenNo[i])
		}
		b.rate(&s.Bands[i], counts.Bands[i], h)
	}
	s.Gain = b.gain(counts.Gain)
	s.Verdict = b.verdict(s.Bands, outcomeVerb(rule.Outcome))
}

// rate is how many of a band have the outcome. It rests on two groups, those who
// have it and those who do not; a small one of either is hidden, with another
// where the total would give it away, and none at all names nobody.
func (b *builder) rate(band *Band, c results.BandCount, h hidden) {
	n := c.Rows - c.Unknown
	switch {
	case h != shown:
	case n < b.min:
		h = tooFew
	case c.Unknown > 0 && c.Unknown < b.min:
		h = secondary
	}
	if h != shown {
		band.Rate = b.hide(h)
		return
	}
	band.Rate = b.percent(float64(c.Yes), float64(n))
	band.Rate.N, band.Rate.Unknown = &n, &c.Unknown
	low, high := wilson(c.Yes, n)
	band.Low, band.High = &low, &high
}

// wilson is the score interval of a share, at 95 %: the shares p for which the
// one found is within z standard errors,
//
//	(p̂ + z²/2n ± z·√(p̂(1-p̂)/n + z²/4n²)) / (1 + z²/n)
//
// E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
// Inference", Journal of the American Statistical Association 22 (1927), 209-212.
// It never leaves 0 to 1 and holds where few or nearly all have the outcome,
// which p̂ ± z·√(p̂(1-p̂)/n) does not.
func wilson(yes, n int64) (low, high float64) {
	const z = 1.959963984540054 // 0.975 of the normal distribution
	share, rows := float64(yes)/float64(n), float64(n)
	middle := share + z*z/(2*rows)
	half := z * math.Sqrt(share*(1-share)/rows+z*z/(4*rows*rows))
	whole := 1 + z*z/rows
	return max((middle-half)/whole, 0), min((middle+half)/whole, 1)
}

// mostGain is how many steps of a gain line are kept.
const mostGain = 20

// gain is the cumulative gain line: the best x of everyone hold y of the
// outcomes. Steps that would tell few people apart from the one before, by
// outcome or without, are joined to the next.
func (b *builder) gain(steps []results.GainStep) []GainPoint {
	var rows, yes int64
	for _, s := range steps {
		rows, yes = rows+s.Rows, yes+s.Yes
	}
	if yes < b.min || rows-yes < b.min {
		return nil
	}
	small := func(n int64) bool { return n > 0 && n < b.min }
	out := []GainPoint{{}}
	var atRows, atYes, lastRows, lastYes int64
	least := max(b.min, (rows+mostGain-1)/mostGain)
	for i, s := range steps {
		atRows, atYes = atRows+s.Rows, atYes+s.Yes
		stepRows, stepYes := atRows-lastRows, atYes-lastYes
		restRows, restYes := rows-atRows, yes-atYes
		if i < len(steps)-1 && (stepRows < least || small(stepYes) || small(stepRows-stepYes) ||
			small(restRows) || small(restYes) || small(restRows-restYes)) {
			continue
		}
		out = append(out, GainPoint{Share: float64(atRows) / float64(rows), Outcomes: float64(atYes) / float64(yes)})
		lastRows, lastYes = atRows, atYes
	}
	return out
}

// verdict says in one sentence whether the best band differs from the worst.
func (b *builder) verdict(bands []Band, verb string) string {
	var known []Band
	for _, x := range bands {
		if !x.Rate.Hidden {
			known = append(known, x)
		}
	}
	if len(known) < 2 {
		return "Too few people to say whether the score works."
	}
	best, worst := known[0], known[len(known)-1]
	said := fmt.Sprintf("%s %s %s, %s %s", best.Title, verb, b.often(*best.Rate.Value), strings.ToLower(worst.Title), b.often(*worst.Rate.Value))
	switch {
	case *best.Low > *worst.High:
		return said + "."
	case *best.High < *worst.Low:
		return said + ": the score points the wrong way."
	}
	return said + ": the difference may be chance."
}

// outcomeVerb is what those do who have an outcome.
func outcomeVerb(x *compile.Expr) string {
	for _, r := range x.Refs {
		if len(x.Refs) == 1 && strings.Contains(r.Name, "convert") {
			return "converts"
		}
	}
	return "has the outcome in"
}

// often writes a share as people say it, "9 in 10", where such a fraction is
// near, else as a percentage. The exact share stands beside it.
func (b *builder) often(share float64) string {
	switch share {
	case 0:
		return "never"
	case 1:
		return "always"
	}
	for _, x := range []struct{ of, near float64 }{{2, 0.015}, {3, 0.015}, {4, 0.015}, {5, 0.015}, {10, 0.035}, {20, 0.02}} {
		if n := math.Round(share * x.of); n >= 1 && n < x.of && math.Abs(n/x.of-share) <= x.near {
			of := x.of
			for _, by := range []float64{2, 5} {
				for math.Mod(n, by) == 0 && math.Mod(of, by) == 0 {
					n, of = n/by, of/by
				}
			}
			return fmt.Sprintf("%.0f in %.0f", n, of)
		}
	}
	return b.Words.Percent(share)
}
