package evaluate

import (
	"context"
	"math/bits"
	"slices"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// clauses counts the conditions of every segment that joins several, and of the
// rungs of segmentations.
func (s *Snapshot) clauses(ctx context.Context, p *plan.EntityPlan, m *memory, rows int64) ([]results.ClauseTable, error) {
	found := map[string]results.ClauseTable{}
	part := &plan.EntityPlan{Entity: p.Entity, Strata: p.Strata}
	for _, table := range p.Clauses {
		if known, stands := m.recalled(m.clausesOf(table)); stands {
			found[table.Group] = known.(results.ClauseTable)
		} else {
			part.Clauses = append(part.Clauses, table)
		}
	}
	counted, err := s.countClauses(ctx, part, rows)
	if err != nil || rows == 0 {
		return nil, err
	}
	for _, table := range counted {
		found[table.Group] = table
	}
	var out []results.ClauseTable
	for _, table := range p.Clauses {
		known, ok := found[table.Group]
		if !ok {
			continue
		}
		if key := m.clausesOf(table); key != "" {
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

// clausesOf is the key of a clause table; "" without a digest.
func (m *memory) clausesOf(t plan.ClauseTable) string {
	digest := m.digests[t.Output()]
	if digest == "" {
		return ""
	}
	return m.rows + " clauses " + digest
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
	taken  []uint64 // by the rungs above
	planes planes
	tables []results.ClauseTable
}

func newClauseTally(p *plan.EntityPlan, q *sqlgen.ClausesSQL) *clauseTally {
	t := &clauseTally{plan: p, planes: newPlanes()}
	for range q.Width() {
		t.sure = append(t.sure, make([]uint64, chunkRows/64))
		t.maybe = append(t.maybe, make([]uint64, chunkRows/64))
	}
	for _, table := range p.Clauses {
		found := results.ClauseTable{Group: table.Group}
		var at []int
		for _, c := range table.Clauses {
			one := results.Clause{Text: c.Text, Why: c.Why}
			if table.Rungs {
				one.Lost = make([]int64, len(at))
			}
			found.Clauses = append(found.Clauses, one)
			if c.Expr == nil {
				at = append(at, -1)
				continue
			}
			at = append(at, q.At(c))
		}
		t.taken = slices.Grow(t.taken, len(at))[:max(len(t.taken), len(at))]
		t.at, t.tables = append(t.at, at), append(t.tables, found)
	}
	return t
}

func (t *clauseTally) add(c *duckdb.Chunk) {
	words := (c.Rows + 63) / 64
	for i, column := range c.Columns {
		t.planes.transpose(column[:c.Rows])
		copy(t.sure[i], t.planes[0][:words])
		copy(t.maybe[i], t.planes[4][:words])
	}
	for i, at := range t.at {
		for w := range words {
			if t.plan.Clauses[i].Rungs {
				t.countRungs(t.tables[i].Clauses, at, w)
			} else {
				t.count(t.tables[i].Clauses, at, w)
			}
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

// countRungs adds 64 rows of a segmentation: the first rung that is true takes
// a row, and one before it that cannot be told leaves it undecided. Below a rung
// that cannot be counted alone nothing is known.
func (t *clauseTally) countRungs(out []results.Clause, at []int, w int) {
	free, unclear := ^uint64(0), uint64(0)
	for i, k := range at {
		if k < 0 {
			return
		}
		sure, maybe := t.sure[k][w], t.maybe[k][w]
		for j := range i {
			out[i].Lost[j] += int64(bits.OnesCount64(sure & t.taken[j]))
		}
		t.taken[i] = sure & free
		out[i].Alone += int64(bits.OnesCount64(sure))
		out[i].Unknown += int64(bits.OnesCount64(maybe &^ sure))
		out[i].Left += int64(bits.OnesCount64(t.taken[i]))
		out[i].Unclear += int64(bits.OnesCount64(sure & unclear))
		unclear |= maybe &^ sure & free
		free &^= maybe
	}
}

func (t *clauseTally) merge(o *clauseTally) {
	for i := range t.tables {
		for j := range t.tables[i].Clauses {
			a, b := &t.tables[i].Clauses[j], o.tables[i].Clauses[j]
			a.Alone, a.Left, a.Unknown, a.OnlyThis, a.Unclear = a.Alone+b.Alone, a.Left+b.Left, a.Unknown+b.Unknown, a.OnlyThis+b.OnlyThis, a.Unclear+b.Unclear
			for k := range a.Lost {
				a.Lost[k] += b.Lost[k]
			}
		}
	}
}
