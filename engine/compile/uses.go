package compile

import "strings"

// Deciders lists the expressions that decide a rule's value, in order.
func (r *Rule) Deciders() []*Expr {
	var out []*Expr
	add := func(list ...*Expr) {
		for _, x := range list {
			if x != nil {
				out = append(out, x)
			}
		}
	}
	add(r.Expr, r.Leave)
	if r.Rank != nil {
		add(r.Rank.Among)
	}
	for _, rung := range r.Rungs {
		add(rung.When)
	}
	if r.Score != nil {
		for _, p := range r.Score.Parts {
			add(p.When)
		}
	}
	if r.Journey != nil {
		for _, s := range r.Journey.Stages {
			add(s.Entered)
		}
	}
	return out
}

// Exprs lists all expressions of a rule: those that decide its value, and those
// that only reports ask.
func (r *Rule) Exprs() []*Expr {
	out := r.Deciders()
	if r.Score != nil && r.Score.Outcome != nil {
		out = append(out, r.Score.Outcome)
	}
	if r.Journey == nil {
		return out
	}
	for _, s := range r.Journey.Stages {
		if s.At != nil {
			out = append(out, s.At)
		}
		for _, t := range s.Touchpoints {
			out = append(out, t.Count)
		}
	}
	return out
}

// Rule gives the rule that a reference names; nil for what is no rule.
func (e *Entity) Rule(ref Ref) *Rule {
	if ref.Entity != e.Name {
		return nil
	}
	name := ref.Name
	if ref.Kind == ReachedRef {
		name, _, _ = strings.Cut(name, ".")
	}
	for _, r := range e.Rules {
		if r.Name == name && r.named(ref.Kind) {
			return r
		}
	}
	return nil
}

// named says whether references of a kind can name the rule.
func (r *Rule) named(kind RefKind) bool {
	switch kind {
	case TraitRef, ListRef:
		return r.Kind.IsAttribute()
	case SegmentRef:
		return r.Kind == SegmentRule
	case SegmentationRef:
		return r.Kind == SegmentationRule
	case ScoreRef, BandRef:
		return r.Kind == ScoreRule
	case JourneyRef, ReachedRef:
		return r.Kind == JourneyRule
	}
	return false
}

// Below visits all rules that an expression depends on, directly or through
// others, each once, and all references on the way.
func (e *Entity) Below(x *Expr, visit func(ref Ref, r *Rule)) {
	seen := map[*Rule]bool{}
	var walk func(x *Expr)
	walk = func(x *Expr) {
		for _, ref := range x.Refs {
			r := e.Rule(ref)
			visit(ref, r)
			if r == nil || seen[r] {
				continue
			}
			seen[r] = true
			for _, part := range r.Deciders() {
				walk(part)
			}
		}
	}
	if x != nil {
		walk(x)
	}
}
