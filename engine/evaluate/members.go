package evaluate

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// members are who is in which segment and persona, by where the column of results
// is stored. Columns that are stored do not change, and nor do these, so those of
// before are taken over: a segment that changed costs reading its own column.
type members map[stored]*membership

// membership is who is in one group, a bit a customer, and of how many nobody can
// tell. Both are counted on the way: to have the database count in the columns,
// too, took a sixth of the time of 300 segments over rows with gaps (measured).
type membership struct {
	bits    []uint64
	unknown int64
}

func (m *membership) size() int64 { return int64(ones(m.bits)) }

// members reads who is in the groups of an entity, as far as that does not stand.
func (s *Snapshot) members(ctx context.Context, p *plan.EntityPlan, before, now *standing, rows int64) error {
	now.members = members{}
	fresh := map[string]*truths{} // by table
	for _, o := range counted(p) {
		at := now.names[o.Name]
		if before != nil && before.members[at] != nil {
			now.members[at] = before.members[at]
		} else if now.members[at] == nil {
			now.members[at] = &membership{bits: make([]uint64, (rows+63)/64)}
			if fresh[at.table] == nil {
				fresh[at.table] = &truths{}
			}
			fresh[at.table].add(at.at, now.members[at])
		}
	}
	for _, table := range slices.Sorted(maps.Keys(fresh)) {
		t := fresh[table]
		packers, err := eachBlock(ctx, s, rows, len(t.columns), func(first, last int64) string {
			return fmt.Sprintf("SELECT %s FROM %s WHERE rowid BETWEEN %d AND %d", strings.Join(t.columns, ", "), sqltext.Path(sqlgen.ResultSchema, table), first, last)
		}, func() *packer { return newPacker(t) })
		if err != nil {
			return err
		}
		for _, p := range packers {
			p.settle()
		}
	}
	return nil
}

// truths are columns of bytes, and who is read from their bits.
type truths struct {
	columns []string
	found   [][]member // by column
}

type member struct {
	*membership
	at sqlgen.Place
}

// add reads a membership, of the byte that others are read from where there is one.
func (t *truths) add(at sqlgen.Place, into *membership) {
	column := at.Truth()
	i := slices.Index(t.columns, column)
	if i < 0 {
		i = len(t.columns)
		t.columns, t.found = append(t.columns, column), append(t.found, nil)
	}
	t.found[i] = append(t.found[i], member{into, at})
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

// packer makes bits of bytes, each of which holds the truth of some groups for a
// customer. Blocks are whole words, so that no two cores write into one.
type packer struct {
	*truths
	unknown [][]int64 // of each member: how many nobody can tell
	next    int64     // the row that comes
	planes  planes
}

func newPacker(t *truths) *packer {
	p := &packer{truths: t, planes: newPlanes()}
	for _, members := range t.found {
		p.unknown = append(p.unknown, make([]int64, len(members)))
	}
	return p
}

func (p *packer) at(first int64) { p.next = first }

func (p *packer) add(c *duckdb.Chunk) {
	words := (c.Rows + 63) / 64
	for i, members := range p.found {
		p.planes.transpose(c.Columns[i][:c.Rows])
		for j, m := range members {
			word := p.planes[m.at.Bit][:words]
			put(m.bits, word, p.next)
			if !m.at.Decided {
				p.unknown[i][j] += int64(ones(p.planes[m.at.Bit+4][:words]) - ones(word))
			}
		}
	}
	p.next += int64(c.Rows)
}

// settle adds what nobody can tell to the memberships.
func (p *packer) settle() {
	for i, members := range p.found {
		for j, m := range members {
			m.unknown += p.unknown[i][j]
		}
	}
}

// put writes bits from a row on. There are none beyond the last row.
func put(into, bits []uint64, row int64) {
	at, shift := row/64, row%64
	if shift == 0 {
		copy(into[at:], bits)
		return
	}
	for w, word := range bits {
		into[at+int64(w)] |= word << shift
		if over := word >> (64 - shift); over != 0 {
			into[at+int64(w)+1] |= over
		}
	}
}

// planes are the bits of the bytes of a chunk: of each place a bit a row.
type planes [8][]uint64

func newPlanes() (out planes) {
	for n := range out {
		out[n] = make([]uint64, chunkRows/64)
	}
	return out
}

// transpose makes bits of bytes. Eight bytes are an eight by eight matrix, which
// is turned by exchanging blocks of one, two and four (H. S. Warren, Hacker's
// Delight, 7-3).
func (p *planes) transpose(in []byte) {
	for w := range (len(in) + 63) / 64 {
		var block [64]byte
		copy(block[:], in[64*w:])
		var a, b, c, d, e, f, g, h uint64
		for i := uint(0); i < 64; i += 8 {
			x := binary.LittleEndian.Uint64(block[i : i+8])
			t := (x ^ x>>7) & 0x00aa00aa00aa00aa
			x ^= t ^ t<<7
			t = (x ^ x>>14) & 0x0000cccc0000cccc
			x ^= t ^ t<<14
			t = (x ^ x>>28) & 0x00000000f0f0f0f0
			x ^= t ^ t<<28
			s := i & 63
			a |= x & 0xff << s
			b |= x >> 8 & 0xff << s
			c |= x >> 16 & 0xff << s
			d |= x >> 24 & 0xff << s
			e |= x >> 32 & 0xff << s
			f |= x >> 40 & 0xff << s
			g |= x >> 48 & 0xff << s
			h |= x >> 56 << s
		}
		p[0][w], p[1][w], p[2][w], p[3][w], p[4][w], p[5][w], p[6][w], p[7][w] = a, b, c, d, e, f, g, h
	}
}

// first is a word whose first n bits are set, all of them from 64 on.
func first(n int) uint64 {
	if n >= 64 {
		return ^uint64(0)
	}
	return 1<<n - 1
}

// unpack is the reverse: some rows of bits, from a row on, with none beyond them.
func unpack(out, from []uint64, row int64, rows int) {
	at, shift := row/64, row%64
	for w := range out {
		out[w] = from[at+int64(w)] >> shift
		if next := at + int64(w) + 1; shift > 0 && next < int64(len(from)) {
			out[w] |= from[next] << (64 - shift)
		}
	}
	if over := rows % 64; over > 0 {
		out[len(out)-1] &= first(over)
	}
}
