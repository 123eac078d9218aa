package report

import (
	"slices"

	"personae/engine/compile"
)

// users names, by rule, the rules, exports and personas that read it.
func users(rs *compile.RuleSet) map[*compile.Rule][]string {
	out := map[*compile.Rule][]string{}
	add := func(entity, title string, list ...*compile.Expr) {
		i := slices.IndexFunc(rs.Entities, func(e *compile.Entity) bool { return e.Name == entity })
		for _, x := range list {
			if x == nil || i < 0 {
				continue
			}
			for _, ref := range x.Refs {
				if r := rs.Entities[i].Rule(ref); r != nil && !slices.Contains(out[r], title) {
					out[r] = append(out[r], title)
				}
			}
		}
	}
	for _, e := range rs.Entities {
		for _, r := range e.Rules {
			add(e.Name, title(r.Title, r.Name), r.Exprs()...)
		}
	}
	for _, x := range rs.Exports {
		add(x.Entity, "Export: "+title(x.Spec.Title.Value(), x.Name), x.Who, x.Contactable)
	}
	for _, p := range rs.Personas {
		list := []*compile.Expr{p.Who}
		for _, s := range p.Statistics {
			list = append(list, s.Arg)
		}
		for _, c := range p.Charts {
			list = append(list, c.Of)
		}
		for _, x := range p.Breakdowns { // their order does not show
			list = append(list, x)
		}
		add(p.Entity, displayName(p), list...)
	}
	return out
}
