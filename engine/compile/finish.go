package compile

import (
	"sort"

	"personae/engine/source"
)

// finish makes the entities' rules from the checked nodes, in order of
// evaluation. What depends on something broken is left out with it.
func (c *compiler) finish(ordered []*node) []*Entity {
	byName := map[string]*Entity{}
	var out []*Entity
	for _, s := range c.entities {
		e := &Entity{Name: s.entity, Table: s.table}
		byName[s.entity] = e
		out = append(out, e)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	zone := c.settings.Zone.String()
	for _, n := range ordered {
		for _, d := range n.deps {
			n.broken = n.broken || d.broken
		}
		if n.broken {
			continue
		}
		c.sensitive(n)
		if !c.verdict {
			n.rule.Digest = ruleDigest(n.rule, zone, n.deps)
		}
		e := byName[n.rule.Entity]
		e.Rules = append(e.Rules, n.rule)
	}
	for _, e := range out {
		if d := c.values[e.Name]; d != nil && d.expr != nil && !d.readsBroken() {
			d.expr.Taint.Sensitive = d.sensitiveColumns()
			e.Value = d.expr
		}
	}
	return out
}

func (d *draft) readsBroken() bool {
	for _, r := range d.refs {
		if r.to != nil && r.to.broken {
			return true
		}
	}
	return false
}

// sensitiveColumns lists the sensitive columns that an expression reads, by
// way of whatever rule. All those rules must be finished.
func (d *draft) sensitiveColumns() []string {
	set := map[string]bool{}
	for _, r := range d.refs {
		if r.to != nil {
			for _, c := range r.to.rule.Taint.Sensitive {
				set[c] = true
			}
		} else if col, name := d.scope.column(r.ref); col != nil && col.Sensitive {
			set[name] = true
		}
	}
	return sortedSet(set)
}

// sensitive fills in the sensitive columns of a rule and asks for a purpose
// where it uses them itself, or by way of calculated values, which state none.
// A group that it refers to states its own.
func (c *compiler) sensitive(n *node) {
	all, mine := map[string]bool{}, map[string]bool{}
	for _, d := range n.drafts {
		d.expr.Taint.Sensitive = d.sensitiveColumns()
		for _, col := range d.expr.Taint.Sensitive {
			all[col] = true
		}
		for _, r := range d.refs {
			if col, name := d.scope.column(r.ref); r.to == nil && col != nil && col.Sensitive {
				mine[name] = true
			} else if r.to != nil && r.to.rule.Kind.IsAttribute() {
				for col := range r.to.sensitive {
					mine[col] = true
				}
			}
		}
	}
	n.sensitive = mine
	n.rule.Taint.Sensitive = sortedSet(all)
	if n.rule.Kind.IsAttribute() || len(mine) == 0 || n.purpose.Value() != "" {
		return
	}
	d, r := n.firstSensitive()
	c.needsPurpose(n.label(), sortedSet(mine), d.place(r))
}

func (c *compiler) needsPurpose(who string, columns []string, at source.Range) {
	c.diags.Report("sensitive-without-purpose", at, "%s uses the sensitive column %s without saying why", who, joinAnd(columns)).
		Detail = "Write `purpose:`, one sentence that says what it is used for, so that it can be looked up."
}

// firstSensitive gives the first place of a rule that reads a sensitive column.
func (n *node) firstSensitive() (*draft, reference) {
	for _, d := range n.drafts {
		for _, r := range d.refs {
			if d.isSensitive(r) {
				return d, r
			}
		}
	}
	return n.drafts[0], reference{}
}

func (d *draft) isSensitive(r reference) bool {
	if r.to != nil {
		return r.to.rule.Kind.IsAttribute() && len(r.to.sensitive) > 0
	}
	col, _ := d.scope.column(r.ref)
	return col != nil && col.Sensitive
}
