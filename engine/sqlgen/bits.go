package sqlgen

import (
	"strconv"
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// Place is where a table of results holds an output: in a column of its own, or as
// bits of a byte. Of an output that is never ⊥ that is one bit, eight a byte; of
// another two, four a byte: bit Bit says that it is TRUE, bit Bit+4 that it is
// TRUE or ⊥. To store 300 conditions of five million customers one by one takes
// 7 s of CPU, as bits 2 s (measured), and up to eight times the memory.
type Place struct {
	Column  string
	Byte    bool // the column is a byte
	Bit     int
	Decided bool
}

// byteField is the one field of the record that a byte is stored as. DuckDB keeps
// a sketch of how many different values a column has, which takes half of the time
// that it takes to store a number; it keeps none of records. One record of all
// bytes would be read as a whole by each filter.
const byteField = "b"

// bitsColumn is the name of a byte by its number.
func bitsColumn(i int) string { return "≡bits " + strconv.Itoa(i) }

// column is the column in SQL, of a byte the number; table is the alias of the
// table, "" for none.
func (p Place) column(table string) string {
	column := sqltext.Ident(p.Column)
	if table != "" {
		column = table + "." + column
	}
	if p.Byte {
		column += "." + byteField
	}
	return column
}

// SQL is the value of the output.
func (p Place) SQL(table string) string {
	column := p.column(table)
	switch {
	case !p.Byte:
		return column
	case p.Decided:
		return "((" + column + " & " + tiny(1<<p.Bit) + ") <> " + tinyFalse + ")"
	}
	return "(CASE WHEN (" + column + " & " + tiny(17<<p.Bit) + ") <> " + tiny(16<<p.Bit) + " THEN (" + column + " & " + tiny(1<<p.Bit) + ") <> " + tinyFalse + " END)"
}

// Truth is the byte that holds the output: itself, or made of a BOOLEAN column.
func (p Place) Truth() string {
	if p.Byte {
		return p.column("")
	}
	return "coalesce(-" + p.column("") + "::TINYINT, " + tinyOpen + ")"
}

// IsTrue says whether the output, a condition, is TRUE; it is never NULL.
func (p Place) IsTrue(table string) string {
	if !p.Byte {
		return "coalesce(" + p.SQL(table) + ", false)"
	}
	p.Decided = true
	return p.SQL(table)
}

// OpenBits asks whether one of some conditions is ⊥, a byte at a time. The zero
// value has none.
type OpenBits struct {
	bytes []string
	masks map[string]int // which bits of a byte are asked for
}

// Add asks for a condition, too; not for what is in no byte, or never ⊥.
func (b *OpenBits) Add(p Place, table string) {
	if !p.Byte || p.Decided {
		return
	}
	column := p.column(table)
	if b.masks[column] == 0 {
		b.bytes = append(b.bytes, column)
	}
	if b.masks == nil {
		b.masks = map[string]int{}
	}
	b.masks[column] |= 1 << p.Bit
}

// SQL is TRUE where one of the conditions is ⊥, else FALSE: where its two bits differ.
func (b *OpenBits) SQL() string {
	if len(b.bytes) == 0 {
		return "false"
	}
	terms := make([]string, len(b.bytes))
	for i, column := range b.bytes {
		terms[i] = "(xor(" + column + " >> 4::TINYINT, " + column + ") & " + tiny(b.masks[column]) + ")"
	}
	return "((" + strings.Join(terms, " | ") + ") <> 0)"
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
	return Place{Column: bitsColumn(at), Byte: true, Bit: bit, Decided: decided}
}

// columns are the bytes.
func (b *bitStore) columns(d Dialect) []string {
	list := make([]string, len(b.bytes))
	for i, one := range b.bytes {
		list[i] = d.Record([]string{byteField}, []string{"(" + strings.Join(one.terms, " | ") + ")"}) + " AS " + sqltext.Ident(bitsColumn(i))
	}
	return list
}

// inBits says whether an output is stored as bits: conditions that SQL decides.
// Those that it leaves open are written by row.
func inBits(o plan.Output) bool {
	return o.Expr.Type.Kind == catalog.Bool && !o.Expr.IsConst() && !o.Open()
}
