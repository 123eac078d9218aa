package evaluate

import (
	"context"
	"runtime"
	"sync"

	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// insight counts who is in which bin of which attribute: a sample decides where
// bins begin, then one pass finds the bin of every row and counts every group in
// all of them. Where the bins of rows are kept, a group that changed is counted
// without reading anything again.
func (s *Snapshot) insight(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, m *memory, stands *standing, rows int64, keep bool) (*results.Insight, error) {
	if p.Insight == nil || rows == 0 {
		return nil, nil
	}
	weeks, err := s.weekHours(ctx, p, m, whole.Rules.Settings.Zone)
	if err != nil {
		return nil, err
	}
	all, before, err := s.bins(ctx, whole, p, m, rows)
	if err != nil {
		return nil, err
	}
	c := &binCounter{s: s, plan: p, stands: stands, rows: rows, keep: keep, all: all}
	if err := c.missing(ctx, before); err != nil {
		return nil, err
	}
	out := &results.Insight{Weeks: weeks, Pictures: map[results.PictureKey]int{}}
	for _, picture := range p.Insight.Pictures {
		out.Pictures[results.PictureKey{Persona: picture.Persona, Place: picture.Of.Text.Range()}] = picture.Attribute
	}
	for i, a := range p.Insight.Attributes {
		b := all[i].attribute
		b.Name, b.Title, b.Unit, b.Reads = a.Name, a.Title, a.Unit, a.Reads
		b.Everyone, b.Counts = all[i].everyone, map[results.GroupKey][]int64{}
		for _, o := range counted(p) {
			b.Counts[results.GroupKey{Kind: groupKinds[o.Kind], Name: ruleName(o)}] = all[i].groups[stands.names[o.Name]]
		}
		out.Attributes = append(out.Attributes, b)
	}
	return out, nil
}

// binCounter counts groups in the bins of attributes.
type binCounter struct {
	s      *Snapshot
	plan   *plan.EntityPlan
	stands *standing
	rows   int64
	keep   bool // the bins of rows
	all    []*bins
}

// missing takes over the counts that stand, and counts the others: of attributes
// that are fresh everyone and all groups, of the others the groups that changed.
func (c *binCounter) missing(ctx context.Context, before []*bins) error {
	var groups, changed []stored
	for _, o := range counted(c.plan) {
		at := c.stands.names[o.Name]
		groups = append(groups, at)
		all := true
		for i, b := range c.all {
			counts, stands := before[i].groups[at]
			if stands {
				b.groups[at] = counts
			}
			all = all && (stands || b.everyone == nil)
		}
		if !all {
			changed = append(changed, at)
		}
	}
	keep := c.keep && c.s.db.HasRoom(int64(len(c.all))*c.rows)
	var fresh, kept, other []int // attributes
	for i, b := range c.all {
		switch {
		case b.everyone == nil:
			fresh = append(fresh, i)
			if keep {
				b.codes = make([]byte, c.rows)
			}
		case len(changed) == 0:
		case b.codes != nil:
			kept = append(kept, i)
		default:
			other = append(other, i)
		}
	}
	c.again(kept, changed)
	if err := c.read(ctx, other, changed); err != nil {
		return err
	}
	return c.read(ctx, fresh, groups)
}

// tally begins to count some groups in some attributes.
func (c *binCounter) tally(attributes []int, groups []stored) *tally {
	members, width := make([][]uint64, len(groups)), make([]int, len(attributes))
	for g, at := range groups {
		members[g] = c.stands.members[at].bits
	}
	for n, i := range attributes {
		width[n] = c.all[i].width()
	}
	return newTally(members, width)
}

// read counts from the tables, a block of rows at a time on every core, and
// keeps the bins of rows where there is room for them.
func (c *binCounter) read(ctx context.Context, attributes []int, groups []stored) error {
	if len(attributes) == 0 {
		return nil
	}
	q := sqlgen.NewInsight(c.plan, "")
	cuts := make([]sqlgen.Cut, len(attributes))
	for n, i := range attributes {
		cuts[n] = c.all[i].cut
	}
	tallies, err := eachBlock(ctx, c.s, c.rows, len(attributes), func(first, last int64) string {
		return q.Bins(sqlgen.DuckDB{}, attributes, cuts, first, last)
	}, func() *tally {
		t := c.tally(attributes, groups)
		for n, i := range attributes {
			if c.all[i].everyone == nil {
				t.codes[n] = c.all[i].codes
			}
		}
		return t
	})
	if err == nil {
		c.take(attributes, groups, tallies)
	}
	return err
}

// again counts from the bins of rows that are kept, on every core.
func (c *binCounter) again(attributes []int, groups []stored) {
	if len(attributes) == 0 {
		return
	}
	codes := make([][]byte, len(attributes))
	for n, i := range attributes {
		codes[n] = c.all[i].codes
	}
	tallies := make([]*tally, runtime.GOMAXPROCS(0))
	part := (c.rows/int64(len(tallies))/chunkRows + 1) * chunkRows
	var wait sync.WaitGroup
	for core := range tallies {
		t := c.tally(attributes, groups)
		tallies[core] = t
		wait.Go(func() { t.again(codes, int64(core)*part, min(c.rows, int64(core+1)*part)) })
	}
	wait.Wait()
	c.take(attributes, groups, tallies)
}

// take puts together what each core has counted.
func (c *binCounter) take(attributes []int, groups []stored, tallies []*tally) {
	all := tallies[0]
	for _, t := range tallies[1:] {
		all.merge(t)
	}
	for n, i := range attributes {
		b := c.all[i]
		for g, at := range groups {
			b.groups[at] = all.group(n, g)
		}
		if b.everyone == nil {
			b.everyone = all.group(n, len(groups))
		}
	}
}
