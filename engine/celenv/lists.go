package celenv

import (
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// listFunctions are the aggregates over lists. Nulls in a list are skipped;
// of no values sum is 0 and the others are null. distinct, first and last are
// CEL's own (list_distinct, list_first, list_last).
var listFunctions = listTable()

// elementKinds are the kinds of list elements that aggregates know. Short is
// how overload ids call them.
var elementKinds = []struct {
	Short    string
	Type     *types.Type
	Nullable *types.Type
	Zero     ref.Val // the sum of nothing, where there are sums
}{
	{"int64", tInt, types.NewNullableType(tInt), types.IntZero},
	{"double", tDouble, types.NewNullableType(tDouble), types.Double(0)},
	{"string", tString, types.NewNullableType(tString), nil},
	{"bool", tBool, types.NewNullableType(tBool), nil},
	{"timestamp", tTime, tTime, nil}, // timestamps and durations may be null as they are
	{"duration", tDuration, tDuration, types.Duration{}},
}

// aggregate is one function over lists and for which kinds of elements.
type aggregate struct {
	name  string
	kinds string // letters: i d s b t u (duration)
	extra []*types.Type
	// result is nil where it is the element's nullable type.
	result func(element *types.Type) *types.Type
	impl   listImpl
	doc    string
}

var nullableDouble = types.NewNullableType(tDouble)

func sameType(t *types.Type) *types.Type { return t }
func doubleOrDuration(t *types.Type) *types.Type {
	if t == tDuration {
		return tDuration
	}
	return nullableDouble
}

var aggregates = []aggregate{
	{"sum", "idu", nil, sameType, sumOf, "The sum; 0 of nothing. The order of the list does not matter, not even in the last digit."},
	{"avg", "idu", nil, doubleOrDuration, avgOf, "The mean; null of nothing."},
	{"min", "idstu", nil, nil, minOf, "The smallest value; null of nothing."},
	{"max", "idstu", nil, nil, maxOf, "The largest value; null of nothing."},
	{"median", "idu", nil, doubleOrDuration, medianOf, "The middle value, or the mean of the two middle ones; null of nothing."},
	{"percentile", "idu", args(tDouble), doubleOrDuration, percentileOf, "The value below which p percent lie, 0 to 100, between two values in proportion; null of nothing."},
	{"percentile", "idu", args(tInt), doubleOrDuration, percentileOf, "The value below which p percent lie, 0 to 100, between two values in proportion; null of nothing."},
	{"mode", "idsbtu", nil, nil, modeOf, "The most frequent value, of equally frequent ones the smallest; null of nothing."},
}

// kindLetters are the letters of aggregate.kinds, in the order of elementKinds.
const kindLetters = "idsbtu"

// listTable spells out one overload for each aggregate and kind:
// list_<kind>_<name>, and list_<kind>_percentile_<kind of p>.
func listTable() []Function {
	var all []Function
	for _, a := range aggregates {
		for k, kind := range elementKinds {
			if !containsByte(a.kinds, kindLetters[k]) {
				continue
			}
			f := Function{Name: a.name, Overload: ListOverload(a.name, kind.Short), Member: true,
				Args: append(args(types.NewListType(kind.Type)), a.extra...), Result: kind.Nullable, Doc: a.doc, Impl: onList(a.impl, kind.Zero)}
			if a.result != nil {
				f.Result = a.result(kind.Type)
			}
			for _, extra := range a.extra {
				f.Overload += "_" + shortName(extra)
			}
			all = append(all, f)
		}
	}
	return all
}

// ListOverload is the overload id of an aggregate over a list of int64,
// double, string, bool, timestamp or duration; percentile has _int64 or
// _double behind it, for p.
func ListOverload(name, kind string) string { return "list_" + kind + "_" + name }

func shortName(t *types.Type) string {
	for _, k := range elementKinds {
		if k.Type == t {
			return k.Short
		}
	}
	return t.String()
}

func containsByte(s string, b byte) bool {
	for i := range len(s) {
		if s[i] == b {
			return true
		}
	}
	return false
}
