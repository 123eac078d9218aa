package spec

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"personae/engine/diag"
)

// Limits of points. Sums are worked out in whole millionths, so that neither
// order nor threads change them.
const (
	pointDecimals = 6
	mostPoints    = 1e9
)

// score checks the parts and the bands of a score against each other.
func (v *validator) score(s *Score) {
	u := v.unique("a part of " + s.Name.Value())
	whole := !v.incomplete[s]
	for _, p := range s.Parts {
		v.name(p.Name)
		u.add("", p.Name)
		ok := !v.incomplete[p] && v.points("points", p.Points) && v.points("unknown", p.Unknown)
		whole = whole && ok
		if ok {
			v.part(p)
		}
	}
	if s.Parts != nil && len(s.Parts) == 0 && !v.incomplete[s] {
		v.Report("missing-key", s.Name.Range(), "The score has no parts").Detail = "Add at least one to `parts`."
		whole = false
	}
	for _, b := range s.Bands {
		v.name(b.Key)
		whole = v.points(b.Key.Value(), b.Value) && whole
	}
	if s.Bands != nil && len(s.Bands) == 0 && !v.incomplete[s] {
		v.Report("missing-key", s.Name.Range(), "The score has no bands").Detail = "Name at least two, each with its lowest points: `bands: {hot: 70, cold: 0}`."
		whole = false
	}
	if whole {
		v.bands(s)
	}
}

// part checks the points of one part.
func (v *validator) part(p *ScorePart) {
	if p.Points.V == 0 {
		v.Report("bad-value", p.Points.Range, "Part %s gives no points", p.Name.Value()).Detail = "Write how many points it gives, or delete the part."
		return
	}
	if low, high := min(p.Points.V, 0), max(p.Points.V, 0); p.Unknown.Set && (p.Unknown.V < low || p.Unknown.V > high) {
		v.Report("bad-value", p.Unknown.Range, "`unknown` is %s, outside what the part can give: %s to %s", decimal(p.Unknown.V), decimal(low), decimal(high)).
			Relate(p.Points.Range, "Its points").
			Detail = "Who is not known to deserve the points gets at most those of a yes, and at least those of a no."
	}
}

// points checks that a number of points can be added up exactly.
func (v *validator) points(key string, p Float) bool {
	if !p.Set {
		return true
	}
	_, decimals, _ := strings.Cut(decimal(p.V), ".")
	switch {
	case math.Abs(p.V) > mostPoints:
		v.Report("bad-value", p.Range, "`%s` is %s, and points go up to a thousand million", key, decimal(p.V)).Detail = "Write smaller numbers."
		return false
	case len(decimals) > pointDecimals:
		v.Report("bad-value", p.Range, "`%s` has more than %d digits after the point", key, pointDecimals).Detail = "Round it: points are added up exactly."
		return false
	}
	return true
}

// bands checks that the bands are in order, best first, and that everyone can be
// in one.
func (v *validator) bands(s *Score) {
	for i := 1; i < len(s.Bands); i++ {
		before, b := s.Bands[i-1], s.Bands[i]
		if b.Value.V == before.Value.V {
			v.Report("bad-value", b.Value.Range, "Band %s begins at %s points, as %s does", b.Key.Value(), decimal(b.Value.V), before.Key.Value()).
				Relate(before.Value.Range, "The band above").
				Detail = "Each band begins lower than the one above it and ends where that one begins: two of them at one number overlap."
			return
		}
		if b.Value.V > before.Value.V {
			one := v.Report("bad-value", b.Key.Range().To(b.Value.Range), "Band %s stands below %s and begins higher: %s points, and %s", b.Key.Value(), before.Key.Value(), decimal(b.Value.V), decimal(before.Value.V))
			one.Relate(before.Key.Range().To(before.Value.Range), "The band above")
			sorted := inOrderOfPoints(s.Bands)
			one.Detail = "Write the bands from best to worst, each with its lowest points: {" + sorted + "}."
			if all := s.Bands[0].Key.Range().To(s.Bands[len(s.Bands)-1].Value.Range); all.Start.Line == all.End.Line { // between lines there may be comments
				one.Fix = &diag.Fix{Range: all, Replacement: sorted, Title: "write " + sorted}
			}
			return
		}
	}
	low := 0.0
	for _, p := range s.Parts {
		low += min(p.Points.V, 0)
	}
	if last := s.Bands[len(s.Bands)-1]; last.Value.V > low {
		v.Report("bad-value", last.Value.Range, "Who has fewer than %s points is in no band", decimal(last.Value.V)).
			Detail = fmt.Sprintf("The lowest possible is %s. Let the last band begin there: `%s: %s`, or add one below.", decimal(low), last.Key.Value(), decimal(low))
	}
}

// inOrderOfPoints writes the bands as they should stand.
func inOrderOfPoints(bands []Entry[Float]) string {
	sorted := append([]Entry[Float]{}, bands...)
	for i := range sorted {
		for j := i; j > 0 && sorted[j].Value.V > sorted[j-1].Value.V; j-- {
			sorted[j], sorted[j-1] = sorted[j-1], sorted[j]
		}
	}
	parts := make([]string, len(sorted))
	for i, b := range sorted {
		parts[i] = b.Key.Value() + ": " + decimal(b.Value.V)
	}
	return strings.Join(parts, ", ")
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
