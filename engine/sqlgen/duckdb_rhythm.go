package sqlgen

import "fmt"

// Bits: a shift by too much is an exception that ends the query, and FILTER does
// not keep arguments from being computed.
func (DuckDB) Bits(value, filter string) string {
	bit := "1::BIGINT << (" + value + ")::INTEGER"
	if filter != "" {
		bit = "CASE WHEN " + filter + " THEN " + bit + " END"
	}
	return "bit_count(coalesce(bit_or(" + bit + "), 0::BIGINT))"
}

// LengthQuantile reads the sorted list at h, and computes what lies between two
// of its values from the lower one, so that two equal values are not blurred.
func (DuckDB) LengthQuantile(value, filter string, p float64) string {
	notNull := value + " IS NOT NULL"
	if filter != "" {
		notNull = filter + " AND " + notNull
	}
	const between = "s[floor(h)::BIGINT + 1]::HUGEINT + trunc((s[floor(h)::BIGINT + 2]::DOUBLE - s[floor(h)::BIGINT + 1]::DOUBLE) * (h - floor(h)))::HUGEINT"
	return fmt.Sprintf(`list_transform([list_sort(list(%s)%s)], lambda s: list_transform([(len(s) - 1)::DOUBLE * %s / 1e2], lambda h:
    CASE WHEN h = floor(h) THEN s[h::BIGINT + 1] WHEN %s%s(%s)::BIGINT END)[1])[1]`,
		value, where(notNull), DuckDB{}.Constant(p), between, inRange, between)
}

// Micros of a TIMESTAMPTZ.
func (DuckDB) Micros(value string) string { return "epoch_us(" + value + ")" }
