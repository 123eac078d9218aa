package sqlgen

import (
	"personae/engine/plan"
)

// Dialect says things in the SQL of one database.
type Dialect interface {
	// Name is for people: "DuckDB 1.5".
	Name() string
	// Constant writes a constant of one of the types of plan.Expr.Const.
	Constant(v any) string
	// Typed gives a value the SQL type of its node, where an expression alone
	// would have another (small constants, NULL).
	Typed(e *plan.Expr, sql string) string
	// Operator applies an operator to operands that are SQL already. Logic
	// (and, or, if) is not asked for: its encoding is this package's.
	Operator(e *plan.Expr, operands []string) (string, error)
	// Fixed is a double in billionths, a whole number, so that neither order nor
	// threads change a sum; NULL where it is out of range. Small says that facts
	// bound it by 9e9.
	Fixed(value string, small bool) string
	// FixedSum is the sum of the doubles whose Fixed is a column, as a double;
	// NULL where one of them is out of range.
	FixedSum(value, fixed, filter string) string
	// SmallSum is FixedSum where facts keep every value small; narrow says that
	// they keep the sum in billionths within 64 bits, too.
	SmallSum(fixed, filter string, narrow bool) string
	// Hundredths is a double as a whole number of hundredths, where facts say
	// that it is the double nearest to one.
	Hundredths(value string) string
	// HundredthsSum is the sum, as FixedSum gives it, made of the sum of
	// Hundredths, which is never NULL. Facts keep each value below 2e6, and the sum
	// of hundredths below 2^50.
	HundredthsSum(sum string) string
	// Unpack reads some bits of a sum of doubles that is a whole number from 0 to
	// 2^52, as a BIGINT.
	Unpack(sum string, shift, width int) string
	// Quantile is at h = (n-1)·p/100 of the values where filter is true, linear
	// between two, a double.
	Quantile(value, filter string, p float64) string
	// LengthQuantile is Quantile of lengths of time, cut to whole nanoseconds;
	// NULL where the result is out of range.
	LengthQuantile(value, filter string, p float64) string
	// Bits counts the different values, which are from 0 to 62 where filter is true.
	Bits(value, filter string) string
	// Micros is a timestamp in microseconds since 1970.
	Micros(value string) string
	// First is the value of the first row, or the last, in the order of some
	// columns, nulls at the end.
	First(value string, order []string, last, double bool, filter string) string
	// CutPoints is the list of the values at place ⌈k·n/buckets⌉ of n, for k from
	// 1 to buckets−1, from the best on where best is low, and to the best where it
	// is high; NULL of none. It is exact.
	CutPoints(value, filter string, buckets int64, low bool) string
	// Keep is the statement that keeps a value under a name, for the connection.
	// Kept is that value, a constant; Field is a part of a record, Element of a
	// list, counted from 1.
	Keep(name, value string) string
	Kept(name string) string
	Field(record, name string) string
	Element(list string, i int64) string
	// Record makes one value of named ones.
	Record(names, values []string) string
	// Top lists the n most frequent values as {value, n}, ties by value.
	Top(value, filter string, n int64) string
}
