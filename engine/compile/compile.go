package compile

import (
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
)

// Options are what Compile cannot know by itself.
type Options struct {
	Today time.Time // for review dates; the zero time checks none

	// Verdict says that only the diagnostics are wanted: segments and
	// segmentations come without trees, and nothing has a digest. That is a
	// fifth less work, and half the memory.
	Verdict bool
}

// compiler is the state of one compilation.
type compiler struct {
	module   *spec.Module
	catalog  *catalog.Catalog
	today    time.Time
	verdict  bool // Options.Verdict
	settings Settings
	params   map[string]any
	scopes   map[string]*scope // by entity; nil for one that cannot be
	entities []*scope          // in order of first use
	nodes    []*node           // in order of definition
	values   map[string]*draft // what a row is worth, by entity
	rootless bool
	// datasets whose columns nothing tells, and that have been reported
	unknownTables map[string]bool
	diags         diag.List
}

// Compile checks all rules of a module against the tables of a catalog. The
// RuleSet holds what is sound; what is not is in the diagnostics, all of them,
// in an order that depends on the files alone. A RuleSet that came with errors
// is for showing, not for running.
func Compile(m *spec.Module, cat *catalog.Catalog, opt Options) (*RuleSet, diag.List) {
	if m.Project == nil {
		copied := *m
		copied.Project = &spec.Project{}
		m = &copied
	}
	c := &compiler{module: m, catalog: cat, today: opt.Today, verdict: opt.Verdict, scopes: map[string]*scope{}, values: map[string]*draft{}, unknownTables: map[string]bool{}}
	c.settings = resolveSettings(m.Project, cat, &c.diags)
	c.params = resolveParams(m, &c.diags)
	c.declare()
	c.declareValues()
	c.crossNames()
	c.open()
	c.successors()
	ordered := c.checkRules()
	c.collisions()
	c.relationNames()
	rs := &RuleSet{Module: m, Catalog: cat, Settings: c.settings, Params: c.params}
	rs.Entities = c.finish(ordered)
	rs.Checks, rs.Fresh = c.datasets()
	rs.Personas = c.personas()
	rs.Exports = c.exports()
	rs.Tests = c.tests(rs)
	if !c.verdict {
		rs.Digest = moduleDigest(m, c.settings)
	}
	out := c.diags.Dedup()
	out.Sort()
	return rs, out
}

// open builds the environment of each entity.
func (c *compiler) open() {
	for _, s := range c.entities {
		if err := s.open(); err != nil {
			c.diags.Report("internal", source.Range{}, "%s", err.Error())
			for _, n := range c.nodes {
				n.broken = n.broken || n.scope == s
			}
			for _, d := range c.values {
				if d.scope == s {
					delete(c.values, s.entity)
				}
			}
			s.env = nil
		}
	}
}

// declareValues reads the project's `value`: what one row is worth.
func (c *compiler) declareValues() {
	for _, e := range c.module.Project.Values {
		name := e.Key.Value()
		if s := c.scopeOf(name, e.Key.Range()); s != nil && c.values[name] == nil {
			c.values[name] = newDraft(e.Value.Text, s, aNumber, "What a "+name+" is worth")
		}
	}
}

// checkRules parses, orders and checks all rules and gives them in order.
func (c *compiler) checkRules() []*node {
	var values, groups []*node
	var drafts []*draft
	for _, n := range c.nodes {
		switch {
		case n.scope.env == nil:
			continue
		case n.rule.Kind.IsAttribute():
			values = append(values, n)
			n.scope.types.known[n.rule.Name] = types.ErrorType // until it is checked
		default:
			groups = append(groups, n)
		}
		drafts = append(drafts, n.drafts...)
	}
	parallel(len(values), func(i int) { values[i].parse(c.verdict) })
	valuesKnown := c.valuesFirst(values)
	parallel(len(groups), func(i int) { groups[i].parse(c.verdict) })
	for _, name := range anyKeys(c.values) {
		c.values[name].parse()
		drafts = append(drafts, c.values[name])
	}
	link(c.nodes)
	ordered := order(c.nodes, &c.diags)
	if !valuesKnown {
		c.checkTraits(ordered)
	}
	var rest []*node
	for _, n := range ordered {
		if !n.rule.Kind.IsAttribute() {
			rest = append(rest, n)
		}
	}
	c.checkGroups(rest)
	for _, n := range c.nodes { // those in circles: errors of their own are still reported
		for _, d := range n.drafts {
			if !d.checked && n.scope.env != nil {
				d.poisoned = true
				d.check()
			}
		}
	}
	for _, name := range anyKeys(c.values) {
		c.values[name].check()
	}
	for _, d := range drafts {
		c.diags.Add(d.diags...)
	}
	return ordered
}

// valuesFirst checks calculated values before the groups are read, where none of
// them reads a group: groups that read these alone are then checked one by one.
func (c *compiler) valuesFirst(values []*node) bool {
	for _, n := range values {
		for _, d := range n.drafts {
			if slices.ContainsFunc(d.refs, func(r reference) bool { return r.to != nil && !r.to.rule.Kind.IsAttribute() }) {
				return false
			}
		}
	}
	link(values)
	var circles diag.List // found again, and said, when all are put in order
	ordered := order(values, &circles)
	if len(ordered) < len(values) {
		return false
	}
	c.checkTraits(ordered)
	return true
}

// checkTraits checks traits and ranks in waves: each wave needs the types of the ones
// before it. The type of a broken trait stays unknown, which fits everywhere, so
// that its users are not reported for it.
func (c *compiler) checkTraits(ordered []*node) {
	level := map[*node]int{}
	var waves [][]*node
	for _, n := range ordered {
		if !n.rule.Kind.IsAttribute() || n.broken || n.scope.env == nil {
			continue
		}
		for _, d := range n.deps {
			if l, ok := level[d]; ok { // groups have none: their types are known
				level[n] = max(level[n], l+1)
			}
		}
		if _, ok := level[n]; !ok {
			level[n] = 0
		}
		for len(waves) <= level[n] {
			waves = append(waves, nil)
		}
		waves[level[n]] = append(waves[level[n]], n)
	}
	for _, wave := range waves {
		parallel(len(wave), func(i int) {
			for _, d := range wave[i].drafts {
				d.check()
			}
		})
		for _, n := range wave {
			if n.broken = slices.ContainsFunc(n.drafts, func(d *draft) bool { return d.expr == nil }); n.broken {
				continue
			}
			e := n.drafts[0].expr
			n.rule.Expr, n.rule.Type, n.rule.Taint = e, e.Type, e.Taint
			if n.rule.Kind == RankRule {
				n.ranked()
			}
			n.scope.types.known[n.rule.Name] = n.celType()
		}
	}
}

// checkGroups checks segments and segmentations: their types are known, so
// all go at once.
func (c *compiler) checkGroups(nodes []*node) {
	var drafts []*draft
	for _, n := range nodes {
		if n.scope.env != nil && !n.broken {
			drafts = append(drafts, n.drafts...)
		}
	}
	parallel(len(drafts), func(i int) {
		if !drafts[i].checked {
			drafts[i].check()
		}
	})
	for _, n := range nodes {
		for i, d := range n.drafts {
			switch {
			case d.expr == nil:
				n.broken = true
			case n.rule.Kind == SegmentRule && i > 0:
				n.rule.Leave = d.expr
				c.leavesAsItEnters(n)
			case n.rule.Kind == SegmentRule:
				n.rule.Expr = d.expr
			case n.rule.Score != nil:
				n.rule.Score.take(i, d.expr)
			case n.rule.Journey != nil:
				n.rule.Journey.take(i, d.expr)
			default:
				n.rule.Rungs[i].When = d.expr
			}
		}
	}
}

// parallel calls f for 0 to n-1 on all processors.
func parallel(n int, f func(int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	wait.Wait()
}

func anyKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
