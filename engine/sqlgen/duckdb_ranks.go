package sqlgen

import (
	"fmt"
	"math/big"
	"strings"

	"personae/engine/sqltext"
)

// quantileDigits is how exact a place is: with 18 digits places are exact for up
// to 10^12 rows and 1000 buckets, in DuckDB's integer arithmetic for decimals.
const quantileDigits = 18

// CutPoints are discrete quantiles. quantile_disc(v, q) is the value at place
// ⌈q·n⌉ in ascending order. From the low end that is what is asked for; q is
// rounded down, so that ⌈·⌉ never passes a whole number. From the high end the
// place ⌈k·n/b⌉ is ⌊(b−k)·n/b⌋ + 1 in ascending order: q is a little more.
func (DuckDB) CutPoints(value, filter string, buckets int64, low bool) string {
	list := make([]string, 0, buckets-1)
	for k := int64(1); k < buckets; k++ {
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(quantileDigits), nil)
		q := scale.Div(scale.Mul(scale, big.NewInt(k)), big.NewInt(buckets))
		if !low {
			q.Add(q, big.NewInt(1))
		}
		list = append(list, fmt.Sprintf("0.%0*d", quantileDigits, q))
	}
	return "quantile_disc(" + value + ", [" + strings.Join(list, ", ") + "])" + where(filter)
}

// Keep sets a variable of the connection.
func (DuckDB) Keep(name, value string) string {
	return "SET VARIABLE " + sqltext.Ident(name) + " = " + value
}

// Kept is a constant to DuckDB once the variable is set, and each place that
// reads it has a copy: what is read often is to be small.
func (DuckDB) Kept(name string) string { return "getvariable(" + sqltext.Literal(name) + ")" }

// Field is a part of a STRUCT.
func (DuckDB) Field(record, name string) string { return record + "." + sqltext.Ident(name) }

// Element is an element of a LIST.
func (DuckDB) Element(list string, i int64) string { return list + "[" + sqltext.Int(i) + "]" }

// Record is a STRUCT.
func (DuckDB) Record(names, values []string) string {
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = sqltext.Literal(name) + ": " + values[i]
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
