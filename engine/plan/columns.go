package plan

import "sort"

// Columns lists the columns that an expression reads, directly or through
// traits and segments; sorted.
func Columns(e *Expr) []string {
	names := map[string]bool{}
	visit(e, map[*Expr]bool{}, func(n *Expr) {
		switch n.Op {
		case OpColumn:
			names[n.Name] = true
		case OpLookup:
			names[n.Lookup.Column] = true
		}
	})
	out := make([]string, 0, len(names))
	for name := range names {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// Lookups lists the lookups that an expression reads from its own row, in order
// of first use; those of related rows are not among them.
func Lookups(e *Expr) []*Lookup {
	var out []*Lookup
	visit(e, map[*Expr]bool{}, func(n *Expr) {
		if n.Op == OpLookup {
			out = append(out, n.Lookup)
		}
	})
	return out
}
