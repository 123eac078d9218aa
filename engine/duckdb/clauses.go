package duckdb

import (
	"context"
	"math/bits"
	"slices"

	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// clauses counts the conditions of every segment that joins several.
func (s *Snapshot) clauses(ctx context.Context, p *plan.EntityPlan, m *memory, rows int64) ([]results.ClauseTable, error) {
	found := map[string]results.ClauseTable{}
	part := &plan.EntityPlan{Entity: p.Entity, Strata: p.Strata}
	for _, table := range p.Clauses {
		if known, stands := m.recalled(m.clausesOf(table.Segment)); stands {
			found[table.Segment] = known.(results.ClauseTable)
		} else {
			part.Clauses = append(part.Clauses, table)
		}
	}
	counted, err := s.countClauses(ctx, part, rows)
	if err != nil || rows == 0 {
		return nil, err
	}
	for _, table := range counted {
		found[table.Segment] = table
	}
	var out []results.ClauseTable
	for _, table := range p.Clauses {
		known, ok := found[table.Segment]
		if !ok {
			continue
		}
		if key := m.clausesOf(table.Segment); key != "" {
			m.now[key] = known
		}
		known.Clauses = slices.Clone(known.Clauses)
		for i, c := range table.Clauses {
			known.Clauses[i].Text = c.Text // spaces may have changed
		}
		out = append(out, known)
	}
	return out, nil
}

// clausesOf is the key of a segment's clauses; "" without a digest.
func (m *memory) clausesOf(segment string) string {
	if m.digests["in_"+segment] == "" {
		return ""
	}
	return m.rows + " clauses " + m.digests["in_"+segment]
}

func (s *Snapshot) countClauses(ctx context.Context, p *plan.EntityPlan, rows int64) ([]results.ClauseTable, error) {
	if len(p.Clauses) == 0 {
		return nil, nil
	}
	q, err := sqlgen.NewClauses(p, sqlgen.DuckDB{}, s.AsOf)
	if err != nil || q == nil || rows == 0 {
		return nil, err
	}
	tallies, err := eachBlock(ctx, s, rows, q.Width(), q.Block, func() *clauseTally { return newClauseTally(p, q) })
	if err != nil {
		return nil, err
	}
	for _, t := range tallies[1:] {
		tallies[0].merge(t)
	}
	return tallies[0].tables, nil
}

// clauseTally counts with bits, 64 rows at a time.
type clauseTally struct {
	plan   *plan.EntityPlan
	at     [][]int // columns of each segment's clauses; nil where one cannot be counted alone
	sure   [][]uint64
	maybe  [][]uint64
	tables []results.ClauseTable
}

func newClauseTally(p *plan.EntityPlan, q *sqlgen.ClausesSQL) *clauseTally {
	t := &clauseTally{plan: p}
	for range q.Width() / 2 {
		t.sure = append(t.sure, make([]uint64, chunkRows/64))
		t.maybe = append(t.maybe, make([]uint64, chunkRows/64))
	}
	for _, table := range p.Clauses {
		found := results.ClauseTable{Segment: table.Segment}
		var at []int
		for _, c := range table.Clauses {
			found.Clauses = append(found.Clauses, results.Clause{Text: c.Text, Why: c.Why})
			if c.Expr == nil {
				at = append(at, -1)
				continue
			}
			at = append(at, q.At(c))
		}
		t.at, t.tables = append(t.at, at), append(t.tables, found)
	}
	return t
}

func (t *clauseTally) add(c *bytesChunk) {
	words := (c.rows + 63) / 64
	for i := range t.sure {
		pack(t.sure[i][:words], c.columns[2*i])
		pack(t.maybe[i][:words], c.columns[2*i+1])
	}
	for i, at := range t.at {
		for w := range words {
			t.count(t.tables[i].Clauses, at, w)
		}
	}
}

// count adds 64 rows of one segment. A clause that cannot be counted alone
// leaves unknown who is left after it, and who is kept out by one alone.
func (t *clauseTally) count(out []results.Clause, at []int, w int) {
	left, whole := ^uint64(0), true
	for i, k := range at {
		if k < 0 {
			whole = false
			continue
		}
		sure, maybe := t.sure[k][w], t.maybe[k][w]
		out[i].Alone += int64(bits.OnesCount64(sure))
		out[i].Unknown += int64(bits.OnesCount64(maybe &^ sure))
		if whole {
			left &= sure
			out[i].Left += int64(bits.OnesCount64(left))
		}
	}
	if !whole {
		return
	}
	for i, k := range at {
		// Bits beyond the last row are 0 in every other clause; a segment has two.
		others := ^uint64(0)
		for j, o := range at {
			if j != i {
				others &= t.sure[o][w]
			}
		}
		out[i].OnlyThis += int64(bits.OnesCount64(others &^ t.maybe[k][w]))
	}
}

func (t *clauseTally) merge(o *clauseTally) {
	for i := range t.tables {
		for j := range t.tables[i].Clauses {
			a, b := &t.tables[i].Clauses[j], o.tables[i].Clauses[j]
			a.Alone, a.Left, a.Unknown, a.OnlyThis = a.Alone+b.Alone, a.Left+b.Left, a.Unknown+b.Unknown, a.OnlyThis+b.OnlyThis
		}
	}
}
