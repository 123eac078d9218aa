package evaluate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// members are who is in which segment and persona: by where the column of results
// is stored, a bit a customer. Columns that are stored do not change, and nor do
// these, so those of before are taken over: a segment that changed costs reading
// its own column.
type members map[stored][]uint64

// members reads who is in the groups of an entity, as far as that does not stand.
func (s *Snapshot) members(ctx context.Context, p *plan.EntityPlan, before, now *standing, rows int64) error {
	now.members = members{}
	fresh := map[string][]string{} // columns by table
	for _, o := range counted(p) {
		at := now.names[o.Name]
		if before != nil && before.members[at] != nil {
			now.members[at] = before.members[at]
		} else if now.members[at] == nil {
			now.members[at] = make([]uint64, (rows+63)/64)
			fresh[at.table] = append(fresh[at.table], at.name)
		}
	}
	for _, table := range slices.Sorted(maps.Keys(fresh)) {
		var columns []string
		var into [][]uint64
		for _, name := range fresh[table] {
			columns, into = append(columns, sqltext.Ident(name)), append(into, now.members[stored{table, name}])
		}
		_, err := eachBlock(ctx, s, rows, len(into), func(first, last int64) string {
			return fmt.Sprintf("SELECT %s FROM %s WHERE rowid BETWEEN %d AND %d", strings.Join(columns, ", "), sqltext.Path(sqlgen.ResultSchema, table), first, last)
		}, func() *packer { return &packer{into: into} })
		if err != nil {
			return err
		}
	}
	return nil
}

// counted are the outputs that say who is in a group of which more is counted
// than its members.
func counted(p *plan.EntityPlan) []plan.Output {
	var out []plan.Output
	for _, o := range p.Outputs() {
		if o.Kind == plan.SegmentOutput || o.Kind == plan.PersonaOutput {
			out = append(out, o)
		}
	}
	return out
}

// packer makes bits of BOOLEANs; those without a value are in no segment. Blocks
// are whole words, so that no two cores write into one.
type packer struct {
	into [][]uint64
	next int64 // the row that comes
	word []uint64
}

func (p *packer) at(first int64) { p.next = first }

func (p *packer) add(c *duckdb.Chunk) {
	if p.word == nil {
		p.word = make([]uint64, chunkRows/64)
	}
	words, shift := (c.Rows+63)/64, p.next%64
	for i, bits := range p.into {
		word := p.word[:words]
		pack(word, c.Columns[i][:c.Rows])
		for w := range word {
			if c.Valid[i] != nil {
				word[w] &= c.Valid[i][w]
			}
			at := p.next/64 + int64(w)
			bits[at] |= word[w] << shift
			if over := word[w] >> (64 - shift); shift > 0 && over != 0 {
				bits[at+1] |= over
			}
		}
	}
	p.next += int64(c.Rows)
}

// unpack is the reverse: some rows of bits, from a row on, with none beyond them.
func unpack(out, bits []uint64, first int64, rows int) {
	at, shift := first/64, first%64
	for w := range out {
		out[w] = bits[at+int64(w)] >> shift
		if next := at + int64(w) + 1; shift > 0 && next < int64(len(bits)) {
			out[w] |= bits[next] << (64 - shift)
		}
	}
	if over := rows % 64; over > 0 {
		out[len(out)-1] &= 1<<over - 1
	}
}
