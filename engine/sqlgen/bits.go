package sqlgen

import (
	"fmt"
	"strconv"
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// BitsColumn is the column of a table of results that holds its conditions: a
// record of bytes. (A record because DuckDB keeps a sketch of how many different
// values each column of its own has, which takes two thirds of the time that it
// takes to store one.)
const BitsColumn = "≡bits"

// Place is where a table of results holds an output: in a column, or as bits in
// a byte of BitsColumn. Of an output that is never ⊥ that is one bit, eight a
// byte; of another two, four a byte: bit Bit says that it is TRUE, bit Bit+4 that
// it is TRUE or ⊥. To store 300 conditions of five million customers one by one
// takes 7 s of CPU, as bits 1.5 s (measured), and an eighth of the memory.
type Place struct {
	Column  string // BitsColumn, or a column that is the output
	Byte    string // in BitsColumn
	Bit     int
	Decided bool
}

// SQL is the value of the output; table is the alias of the table, "" for none.
func (p Place) SQL(table string) string {
	column := sqltext.Ident(p.Column)
	if table != "" {
		column = table + "." + column
	}
	if p.Byte == "" {
		return column
	}
	column += "." + p.Byte
	if p.Decided {
		return fmt.Sprintf("((%s & %s) <> 0)", column, tiny(1<<p.Bit))
	}
	return fmt.Sprintf("(CASE WHEN (%s & %s) <> %s THEN (%[1]s & %s) <> 0 END)", column, tiny(17<<p.Bit), tiny(16<<p.Bit), tiny(1<<p.Bit))
}

// Truth is the byte that holds the output: itself, or made of a BOOLEAN column.
func (p Place) Truth() string {
	if p.Byte != "" {
		return sqltext.Ident(p.Column) + "." + p.Byte
	}
	return "coalesce(-" + sqltext.Ident(p.Column) + "::TINYINT, " + tinyOpen + ")"
}

// tiny is a constant of eight bits.
func tiny(bits int) string {
	n := strconv.Itoa(int(int8(bits)))
	if n[0] == '-' {
		n = "(" + n + ")"
	}
	return n + "::TINYINT"
}

// bitStore collects the bytes of a table of results.
type bitStore struct{ bytes []bitsByte }

// bitsByte is a byte that has room for so many conditions more.
type bitsByte struct {
	decided bool
	terms   []string
}

// add gives a condition a place; truth is its number.
func (b *bitStore) add(truth string, decided bool) Place {
	room, mask := 4, 17
	if decided {
		room, mask = 8, 1
	}
	at := len(b.bytes) - 1
	for at >= 0 && (b.bytes[at].decided != decided || len(b.bytes[at].terms) == room) {
		at--
	}
	if at < 0 {
		at = len(b.bytes)
		b.bytes = append(b.bytes, bitsByte{decided: decided})
	}
	bit := len(b.bytes[at].terms)
	b.bytes[at].terms = append(b.bytes[at].terms, "("+truth+" & "+tiny(mask<<bit)+")")
	return Place{Column: BitsColumn, Byte: byteName(at), Bit: bit, Decided: decided}
}

func byteName(i int) string { return "b" + strconv.Itoa(i) }

// record writes all bytes.
func (b *bitStore) record(d Dialect) string {
	names, values := make([]string, len(b.bytes)), make([]string, len(b.bytes))
	for i, one := range b.bytes {
		names[i], values[i] = byteName(i), "("+strings.Join(one.terms, " | ")+")"
	}
	return d.Record(names, values)
}

// inBits says whether an output is stored as bits: conditions that SQL decides.
// Those that it leaves open are written by row.
func inBits(o plan.Output) bool {
	return o.Expr.Type.Kind == catalog.Bool && !o.Expr.IsConst() && !o.Open()
}
