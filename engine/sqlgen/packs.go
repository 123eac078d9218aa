package sqlgen

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"personae/engine/sqltext"
)

// packs puts several sums of small whole numbers into one: a group keeps a
// number for each aggregate and finds it again for each row, which is what wide
// groups cost. Facts say how many rows an owner has at most, and so how many
// bits each sum takes; side by side in a double, below 2^52, sums stay exact
// whatever the order of rows and threads. (Measured: 20 aggregates over 5 M rows
// in 0.7 of the time that twenty take.)
type packs struct {
	d        Dialect
	most     int64 // rows of one owner; 0: not known, and nothing is packed
	fields   []*field
	operands definitions // what fields are made of, doubles
	arranged bool
}

// field is a sum over the rows of an owner.
type field struct {
	mask  string // 0 or 1, "" for 1
	value string // a whole number from 0 on, a double, "" for 1
	width int    // bits
	pack  int    // -1 where it shares with none
	shift int
}

const packBits = 52

// count is the number of rows where a mask is 1, as a BIGINT. The first time
// that it is asked for, and where it shares with no other, ok is false.
func (p *packs) count(mask string) (sql string, ok bool) { return p.sum(mask, "", 1) }

// sum is the sum of a value from 0 to high over the rows where a mask is 1, as a
// BIGINT; ok as for count.
func (p *packs) sum(mask, value string, high float64) (sql string, ok bool) {
	if p.most <= 0 || high < 0 || high > float64(int64(1)<<packBits)/float64(p.most) {
		return "", false
	}
	i := slices.IndexFunc(p.fields, func(f *field) bool { return f.mask == mask && f.value == value })
	if i < 0 && !p.arranged {
		p.fields = append(p.fields, &field{mask: mask, value: value, width: bits.Len64(uint64(high) * uint64(p.most)), pack: -1})
	}
	if i < 0 || p.fields[i].pack < 0 {
		return "", false
	}
	f := p.fields[i]
	return p.d.Unpack("sum("+packName(f.pack)+")", f.shift, f.width), true
}

// arrange gives each field the first place where it fits; one that is left
// alone is better summed as it is.
func (p *packs) arrange() {
	p.arranged = true
	var used []int
	members := map[int][]*field{}
	for _, f := range p.fields {
		at := slices.IndexFunc(used, func(n int) bool { return n+f.width <= packBits })
		if at < 0 {
			at = len(used)
			used = append(used, 0)
		}
		f.pack, f.shift = at, used[at]
		used[at] += f.width
		members[at] = append(members[at], f)
	}
	for _, list := range members {
		if len(list) == 1 {
			list[0].pack = -1
		}
	}
}

// from adds the packs to a FROM clause: masks and values as columns, each once,
// and then what is made of them.
func (p *packs) from(from string) string {
	terms := map[int][]string{}
	var order []int
	for _, f := range p.fields {
		if f.pack < 0 {
			continue
		}
		if terms[f.pack] == nil {
			order = append(order, f.pack)
		}
		var factors []string
		if f.mask != "" {
			factors = append(factors, p.operands.name("("+f.mask+")::DOUBLE"))
		}
		if f.value != "" {
			factors = append(factors, p.operands.name(f.value))
		}
		if f.shift > 0 || len(factors) == 0 {
			factors = append(factors, p.d.Constant(float64(int64(1)<<f.shift)))
		}
		terms[f.pack] = append(terms[f.pack], strings.Join(factors, " * "))
	}
	var columns []string
	for _, pack := range order {
		columns = append(columns, strings.Join(terms[pack], " + ")+" AS "+packName(pack))
	}
	return selectAlso(selectAlso(from, p.operands.list()), columns)
}

func packName(i int) string { return sqltext.Ident("≡pack " + strconv.Itoa(i)) }
