package spec

import (
	"fmt"

	"personae/engine/diag"
	"personae/engine/source"
)

// trait checks the keys of a computed attribute against each other.
func (v *validator) trait(name Text, t *Trait) {
	if t == nil || v.incomplete[t] {
		return
	}
	v.exactlyOne(name.Range(), "A trait is a `value`, calculated from one row, or a `rank` among all rows.", []string{"value", "rank"},
		present(key("value", t.Value.Text), key("rank", t.Rank.Text)))
	if t.Rank.IsZero() {
		for _, w := range present(written{"buckets", "", t.Buckets.Range}, key("best", t.Best), key("among", t.Among.Text)) {
			v.needs(w.at, w.key, "rank", "It says how a rank is divided. Delete it, or write `rank` instead of `value`.")
		}
		return
	}
	if !t.Buckets.Set {
		v.needs(t.Rank.Range(), "rank", "buckets", "Say into how many equal parts the population is divided, as in `buckets: 5`.")
	}
	v.atLeast("buckets", t.Buckets, 2)
	if t.Buckets.V > 1000 {
		v.Report("bad-value", t.Buckets.Range, "`buckets` is %d, and the most is 1000", t.Buckets.V).Detail = "Write a smaller number."
	}
}

// expect checks the bounds of a size guard.
func (v *validator) expect(e *Expect) {
	if e == nil || v.incomplete[e] {
		return
	}
	if e.Share == nil && e.Members == nil {
		v.Report("missing-key", e.Range, "`expect` has no bounds").
			Detail = "Write `share: [0.01, 0.10]`, of everyone, or `members: [100, 5000]`."
	}
	bounds(v, "share", e.Range, e.Share, 0, 1)
	bounds(v, "members", e.Range, e.Members, 0, 1<<62)
}

// bounds checks a pair [low, high].
func bounds[T int64 | float64](v *validator, key string, at source.Range, pair []Value[T], least, most T) {
	if pair == nil {
		return
	}
	if len(pair) > 0 {
		at = pair[0].Range.To(pair[len(pair)-1].Range)
	}
	if len(pair) != 2 {
		v.Report("bad-value", at, "`%s` wants two numbers, and has %d", key, len(pair)).
			Detail = "Write the lowest and the highest that is expected: [low, high]."
		return
	}
	for _, p := range pair {
		if p.V < least || p.V > most {
			one := v.Report("bad-value", p.Range, "`%s` is out of range: %v", key, p.V)
			one.Detail = "It cannot be below 0."
			if most == 1 {
				one.Detail = "A share is between 0 and 1: a tenth is 0.1."
			}
			return
		}
	}
	if pair[0].V > pair[1].V {
		one := v.Report("bad-value", at, "`%s` begins with its highest bound", key)
		one.Detail = "Write the lowest first: [low, high]."
		with := fmt.Sprintf("%v, %v", pair[1].V, pair[0].V)
		one.Fix = &diag.Fix{Range: at, Replacement: with, Title: "write " + with}
	}
}

// rungs checks the names inside a segmentation.
func (v *validator) rungs(s *Segmentation) {
	u := v.unique("a group of " + s.Name.Value())
	for _, r := range s.Segments {
		v.name(r.Name)
		u.add("", r.Name)
	}
	v.name(s.Otherwise)
	if f, ok := u.first["\x00"+s.Otherwise.Value()]; ok && !s.Otherwise.IsZero() {
		v.Report("duplicate-name", s.Otherwise.Range(), "`otherwise` has the name of a group above").
			Relate(f.Range(), "This group").
			Detail = "Give those whom no rule takes a name of their own."
	}
	if s.Segments != nil && len(s.Segments) == 0 && !v.incomplete[s] {
		v.Report("missing-key", s.Name.Range(), "The segmentation has no groups").Detail = "Add at least one to `segments`."
	}
}
