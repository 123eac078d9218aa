package compile

import (
	"sort"
	"strings"

	"personae/engine/diag"
)

// kindOrder orders rules that do not depend on each other.
var kindOrder = map[RuleKind]int{TraitRule: 0, RankRule: 1, SegmentRule: 2, SegmentationRule: 3, ScoreRule: 4, JourneyRule: 5}

// link fills in what each rule depends on.
func link(nodes []*node) {
	for _, n := range nodes {
		seen := map[*node]bool{}
		n.deps = nil
		for _, d := range n.drafts {
			for _, r := range d.refs {
				if r.to != nil && !seen[r.to] {
					seen[r.to] = true
					n.deps = append(n.deps, r.to)
				}
			}
		}
		sort.Slice(n.deps, func(i, j int) bool { return before(n.deps[i], n.deps[j]) })
	}
}

func before(a, b *node) bool {
	if a.rule.Kind != b.rule.Kind {
		return kindOrder[a.rule.Kind] < kindOrder[b.rule.Kind]
	}
	if a.rule.Name != b.rule.Name {
		return a.rule.Name < b.rule.Name
	}
	return a.sequence < b.sequence
}

// order puts every rule behind all that it refers to; among equals, by kind
// and name. Rules in a circle are reported once each circle and come last.
func order(nodes []*node, diags *diag.List) []*node {
	waiting := map[*node]int{}
	users := map[*node][]*node{}
	depth := map[*node]int{}
	var ready []*node
	for _, n := range nodes {
		waiting[n] = len(n.deps)
		for _, d := range n.deps {
			users[d] = append(users[d], n)
		}
		if len(n.deps) == 0 {
			ready = append(ready, n)
		}
	}
	var out []*node
	for len(ready) > 0 {
		n := ready[0]
		ready = ready[1:]
		out = append(out, n)
		for _, u := range users[n] {
			depth[u] = max(depth[u], depth[n]+1)
			if waiting[u]--; waiting[u] == 0 {
				ready = append(ready, u)
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if depth[out[i]] != depth[out[j]] {
			return depth[out[i]] < depth[out[j]]
		}
		return before(out[i], out[j])
	})
	if len(out) < len(nodes) {
		cycles(nodes, waiting, diags)
	}
	return out
}

// cycles reports each circle among the rules that still wait, and marks as
// broken all that wait.
func cycles(nodes []*node, waiting map[*node]int, diags *diag.List) {
	var left []*node
	for _, n := range nodes {
		if waiting[n] > 0 {
			left = append(left, n)
			n.broken = true
		}
	}
	sort.SliceStable(left, func(i, j int) bool { return left[i].name.Range().Less(left[j].name.Range()) })
	done := map[*node]bool{}
	for _, n := range left {
		if done[n] {
			continue
		}
		circle := shortest(n, waiting, done)
		if circle == nil {
			continue
		}
		for _, m := range circle {
			done[m] = true
		}
		reportCycle(circle, diags)
	}
}

// shortest finds a shortest way from a rule back to itself, nil if there is
// none: then it only waits for a circle.
func shortest(from *node, waiting map[*node]int, done map[*node]bool) []*node {
	via := map[*node]*node{}
	queue := []*node{from}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, d := range n.deps {
			if d == from {
				var back []*node
				for m := n; m != from; m = via[m] {
					back = append([]*node{m}, back...)
				}
				return append([]*node{from}, back...)
			}
			if _, seen := via[d]; !seen && waiting[d] > 0 && !done[d] {
				via[d] = n
				queue = append(queue, d)
			}
		}
	}
	return nil
}

func reportCycle(circle []*node, diags *diag.List) {
	var names []string
	for _, n := range circle {
		names = append(names, n.label())
	}
	names = append(names, circle[0].label())
	var d *diag.Diagnostic
	for i, n := range circle {
		next := circle[(i+1)%len(circle)]
		dr, ref := n.uses(next)
		if i == 0 {
			d = diags.Report("cycle", dr.place(ref), "%s depends on itself: %s", n.label(), strings.Join(names, " → "))
			d.Detail = "A value cannot be calculated from itself. Take one of these references out."
			if next == n && n.rule.Kind == JourneyRule {
				d.Detail = "A stage cannot ask for the stages of its own journey: they are decided after it. Write the condition of the other stage itself."
			}
			continue
		}
		d.Relate(dr.place(ref), n.label()+" uses "+next.label())
	}
}

// uses gives the first place where a rule names another.
func (n *node) uses(other *node) (*draft, reference) {
	for _, d := range n.drafts {
		for _, r := range d.refs {
			if r.to == other {
				return d, r
			}
		}
	}
	return n.drafts[0], reference{}
}
