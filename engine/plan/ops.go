package plan

import (
	"math"
	"slices"

	"personae/engine/catalog"
)

// The operators of the IR. Those below "strict" take values: if an operand is
// ⊥ or null the result is ⊥, which is what CEL does with an error and with a
// null that no overload takes.
const (
	// Leaves.
	OpConst  Op = "const"  // Const
	OpColumn Op = "column" // Table, Name
	OpNow    Op = "now"    // the as-of instant
	OpHole   Op = "hole"   // ⊥ everywhere: not decided by SQL, Name says why
	OpBottom Op = "bottom" // ⊥ everywhere: CEL itself errs, Name says why
	OpFold   Op = "fold"   // calculated from related rows: Fold
	OpLookup Op = "lookup" // read from the row that a column references: Lookup
	OpBeside Op = "beside" // column Name of a table of results that has a row for each row: Table
	OpGap    Op = "gap"    // what lies between two related rows, in folds over it

	// Operators that treat ⊥ or null in a way of their own.
	OpAnd      Op = "and"      // Kleene: FALSE absorbs ⊥
	OpOr       Op = "or"       // Kleene: TRUE absorbs ⊥
	OpIf       Op = "if"       // ⊥ condition is ⊥, else only the chosen branch counts
	OpNullTest Op = "null"     // TRUE null, FALSE a value, ⊥ for ⊥
	OpDecide   Op = "decide"   // null becomes ⊥
	OpCoalesce Op = "coalesce" // the second where the first is null; the first is never ⊥
	OpEqNull   Op = "eq_null"  // equality where operands may be null and never ⊥: null equals null alone
	OpInNull   Op = "in_null"  // as in; operand may be null, never ⊥
	OpPoints   Op = "points"   // adds up points for the conditions that are TRUE, and others for those that are ⊥: Name
	OpRank     Op = "rank"     // the bucket of a value among all: Rank; null stays null
	OpNotTrue  Op = "not_true" // not known to be TRUE
	OpElement  Op = "element"  // of a list, inside what is done with each: Name
	OpList     Op = "list"     // a list of its operands, which are not ⊥ where it is read
	OpMap      Op = "map"      // a map of its operands, which are keys, all different, and values by turns
	OpEach     Op = "each"     // the list of what the third operand is for each element, which the second stands for; NULL for null and ⊥
	OpKeep     Op = "keep"     // the elements for which the third operand is TRUE
	OpAtLeast  Op = "at_least" // at least so many (first operand) of the conditions are TRUE, whatever ⊥ ones are

	// Strict.
	OpNot            Op = "not"
	OpEq             Op = "eq"
	OpLt             Op = "lt"
	OpLe             Op = "le"
	OpBetween        Op = "between"
	OpIn             Op = "in" // the first operand equals one of the others, constants that are not null
	OpAddInt         Op = "add_int"
	OpSubInt         Op = "sub_int"
	OpMulInt         Op = "mul_int"
	OpDivInt         Op = "div_int"
	OpModInt         Op = "mod_int"
	OpNegInt         Op = "neg_int"
	OpAbsInt         Op = "abs_int"
	OpAddDouble      Op = "add_double"
	OpSubDouble      Op = "sub_double"
	OpMulDouble      Op = "mul_double"
	OpDivDouble      Op = "div_double"
	OpNegDouble      Op = "neg_double"
	OpAbsDouble      Op = "abs_double"
	OpCeil           Op = "ceil"
	OpFloor          Op = "floor"
	OpRound          Op = "round"
	OpTrunc          Op = "trunc"
	OpIsNaN          Op = "is_nan"
	OpIsInf          Op = "is_inf"
	OpIsFinite       Op = "is_finite"
	OpIntToDouble    Op = "int_to_double"
	OpDoubleToInt    Op = "double_to_int"
	OpIntToString    Op = "int_to_string"
	OpBoolToString   Op = "bool_to_string"
	OpStringToBytes  Op = "string_to_bytes"
	OpStringToInt    Op = "string_to_int"
	OpBitAnd         Op = "bit_and"
	OpBitOr          Op = "bit_or"
	OpBitXor         Op = "bit_xor"
	OpBitNot         Op = "bit_not"
	OpShiftLeft      Op = "shift_left"
	OpShiftRight     Op = "shift_right"
	OpSqrt           Op = "sqrt"
	OpConcat         Op = "concat"
	OpConcatBytes    Op = "concat_bytes"
	OpSize           Op = "size"
	OpSizeBytes      Op = "size_bytes"
	OpContains       Op = "contains"
	OpStartsWith     Op = "starts_with"
	OpEndsWith       Op = "ends_with"
	OpMatches        Op = "matches" // Name: the pattern
	OpLowerASCII     Op = "lower_ascii"
	OpUpperASCII     Op = "upper_ascii"
	OpTrim           Op = "trim"
	OpSubstring      Op = "substring"
	OpSubstringRange Op = "substring_range"
	OpCharAt         Op = "char_at"
	OpIndexOf        Op = "index_of"
	OpIndexFrom      Op = "index_from"
	OpLastIndexOf    Op = "last_index_of"
	OpLastIndexFrom  Op = "last_index_from"
	OpReplace        Op = "replace"
	OpReplaceFirst   Op = "replace_first"
	OpReverse        Op = "reverse"
	OpQuote          Op = "quote"
	OpBytesToString  Op = "bytes_to_string"
	OpDoubleToString Op = "double_to_string"
	OpStringToDouble Op = "string_to_double"
	OpLengthToString Op = "length_to_string"
	OpSplit          Op = "split"
	OpSplitFirst     Op = "split_first"
	OpJoin           Op = "join"
	OpAnyTrue        Op = "any_true"
	OpAllKnown       Op = "all_known"
	OpHasNull        Op = "has_null"
	OpInList         Op = "in_list"
	OpEqList         Op = "eq_list"
	OpSizeList       Op = "size_list"
	OpAt             Op = "at"
	OpAtNull         Op = "at_null"
	OpField          Op = "field" // Name: of a struct
	OpFieldNull      Op = "field_null"
	OpEntry          Op = "entry"
	OpEntryNull      Op = "entry_null"
	OpHasKey         Op = "has_key"
	OpKeys           Op = "keys"
	OpSizeMap        Op = "size_map"
	OpConcatList     Op = "concat_list"
	OpSlice          Op = "slice"
	OpReverseList    Op = "reverse_list"
	OpDistinct       Op = "distinct"
	OpSort           Op = "sort"
	OpRange          Op = "range"
	OpSumList        Op = "sum_list"
	OpCountList      Op = "count_list"
	OpSumDoubles     Op = "sum_doubles"
	OpSumWide        Op = "sum_wide"
	OpAvgLengths     Op = "avg_lengths"
	OpMinList        Op = "min_list"
	OpMaxList        Op = "max_list"
	OpModeList       Op = "mode_list"
	OpQuantileList   Op = "quantile_list"   // Name: the percentage
	OpLengthQuantile Op = "length_quantile" // Name: the percentage
	OpAddTime        Op = "add_time"
	OpSubTime        Op = "sub_time"
	OpDiffTime       Op = "diff_time"
	OpTimeToInt      Op = "time_to_int"
	OpIntToTime      Op = "int_to_time"
	OpDurationToInt  Op = "duration_to_int"
	OpTimePart       Op = "time_part"     // Name: part@zone
	OpDurationPart   Op = "duration_part" // Name: part
	OpLength         Op = "length_of"     // Name: nanoseconds of the unit
	OpAge            Op = "age"           // Name: zone
	OpDaysSince      Op = "days_since"    // Name: zone
	OpAddUint        Op = "add_uint"
	OpSubUint        Op = "sub_uint"
	OpMulUint        Op = "mul_uint"
	OpDivUint        Op = "div_uint"
	OpModUint        Op = "mod_uint"
	OpIntToUint      Op = "int_to_uint"
	OpDoubleToUint   Op = "double_to_uint"
	OpStringToUint   Op = "string_to_uint"
	OpUintToInt      Op = "uint_to_int"
	OpUintToDouble   Op = "uint_to_double"
	OpUintWide       Op = "uint_wide"
	OpBitAndUint     Op = "bit_and_uint"
	OpBitOrUint      Op = "bit_or_uint"
	OpBitXorUint     Op = "bit_xor_uint"
	OpBitNotUint     Op = "bit_not_uint"
	OpShiftLeftUint  Op = "shift_left_uint"
	OpShiftRightUint Op = "shift_right_uint"
	OpSample         Op = "sample" // Name: the salt and a colon; the percentage is the second operand
)

// Operator is one row of the table of operators.
type Operator struct {
	Op     Op
	Args   string // operand types, for readers: "int int"
	Result catalog.Kind
	// Bottom says whether operands that are values can give ⊥; nil: never.
	Bottom func(args []*Expr) bool
	// Facts bounds the result; nil: nothing is known.
	Facts func(args []*Expr) Interval
	// Monotone operators that are not strict are listed with Strict false.
	Strict bool
	Doc    string
}

// Operators is the table of operators, in the order of the reference page.
// SQL for each is in the dialects of package sqlgen; lowering from CEL's
// overloads is in overloads.go.
var Operators = slices.Concat([]Operator{
	{Op: OpConst, Doc: "A constant."},
	{Op: OpColumn, Doc: "A column of the entity's table; NULL is CEL null."},
	{Op: OpNow, Result: catalog.Timestamp, Doc: "The as-of instant, whole microseconds."},
	{Op: OpHole, Doc: "Not decided by SQL: NULL for every row."},
	{Op: OpBottom, Doc: "An error in CEL for every row."},
	{Op: OpFold, Doc: "Calculated from the rows of a relation; see the table of folds."},
	{Op: OpLookup, Doc: "Read from the row whose key a column holds; ⊥ where there is none."},
	{Op: OpBeside, Doc: "Decided in an earlier stratum, or in the version before."},
	{Op: OpGap, Result: catalog.Duration, Doc: "The time since the related row before; only in folds over gaps."},

	{Op: OpAnd, Args: "bool bool", Result: catalog.Bool, Doc: "&& absorbs errors: FALSE if any operand is FALSE."},
	{Op: OpOr, Args: "bool bool", Result: catalog.Bool, Doc: "|| absorbs errors: TRUE if any operand is TRUE."},
	{Op: OpIf, Args: "bool T T", Doc: "c ? a : b; the branch that is not chosen may be an error."},
	{Op: OpNullTest, Args: "T", Result: catalog.Bool, Doc: "Is the value null? ⊥ stays ⊥."},
	{Op: OpDecide, Args: "T", Doc: "A null decides nothing: null becomes ⊥."},
	{Op: OpCoalesce, Args: "T T", Doc: "customer.?x.orValue(d) where x cannot be ⊥."},
	{Op: OpEqNull, Args: "T T", Result: catalog.Bool, Doc: "== where null is a value like others."},
	{Op: OpInNull, Args: "T T...", Result: catalog.Bool, Doc: "in, where null is in no list of values."},
	{Op: OpPoints, Args: "bool...", Result: catalog.Int, Doc: "The points of a score; not monotone in ⊥: see score.go."},
	{Op: OpRank, Args: "T", Result: catalog.Int, Doc: "The bucket of a value between the cut points of a stratum; null and ⊥ stay what they are."},
	{Op: OpNotTrue, Args: "bool", Result: catalog.Bool, Doc: "FALSE where the operand is TRUE, else TRUE. Not monotone in ⊥: never over a hole."},
	{Op: OpElement, Doc: "An element of a list, inside what is done with each."},
	{Op: OpList, Args: "T...", Result: catalog.List, Doc: "[a, b]; elements may be null."},
	{Op: OpMap, Args: "T U...", Result: catalog.Map, Doc: "{a: b}; values may be null."},
	{Op: OpEach, Args: "list T U", Result: catalog.List, Doc: "What something is for each element. An element that is null or ⊥ is NULL: all_known tells whether one is ⊥."},
	{Op: OpKeep, Args: "list T bool", Result: catalog.List, Doc: "filter; elements for which the condition is ⊥ are left out: all_known tells whether there are any."},
	{Op: OpAtLeast, Args: "int bool...", Result: catalog.Bool, Doc: "Counts conditions; undecided ones count for neither side."},

	{Op: OpNot, Strict: true, Args: "bool", Result: catalog.Bool, Doc: "!"},
	{Op: OpEq, Strict: true, Args: "T T", Result: catalog.Bool, Doc: "== of values; NaN equals nothing."},
	{Op: OpLt, Strict: true, Args: "T T", Result: catalog.Bool, Doc: "<, and > with operands swapped; NaN is ordered with nothing, so FALSE."},
	{Op: OpLe, Strict: true, Args: "T T", Result: catalog.Bool, Doc: "<=, and >= with operands swapped; FALSE with NaN."},
	{Op: OpBetween, Strict: true, Args: "T T T", Result: catalog.Bool, Bottom: anyNaN, Doc: "x.between(a, b), both included; ⊥ with NaN."},
	{Op: OpIn, Strict: true, Args: "T T...", Result: catalog.Bool, Doc: "x in [constants]."},

	{Op: OpAddInt, Strict: true, Args: "int int", Result: catalog.Int, Bottom: overflows(addInt), Facts: bounds(addInt), Doc: "+; ⊥ outside 64 bits. Durations too."},
	{Op: OpSubInt, Strict: true, Args: "int int", Result: catalog.Int, Bottom: overflows(subInt), Facts: bounds(subInt), Doc: "-; ⊥ outside 64 bits. Durations too."},
	{Op: OpMulInt, Strict: true, Args: "int int", Result: catalog.Int, Bottom: overflows(mulInt), Facts: bounds(mulInt), Doc: "*; ⊥ outside 64 bits."},
	{Op: OpDivInt, Strict: true, Args: "int int", Result: catalog.Int, Bottom: divides, Doc: "/, towards zero; ⊥ by zero, and for the smallest int by -1."},
	{Op: OpModInt, Strict: true, Args: "int int", Result: catalog.Int, Bottom: divides, Doc: "%, with the sign of the left; ⊥ as /."},
	{Op: OpNegInt, Strict: true, Args: "int", Result: catalog.Int, Bottom: mayBeMin, Facts: negBounds, Doc: "-x; ⊥ for the smallest int. Durations too."},
	{Op: OpAbsInt, Strict: true, Args: "int", Result: catalog.Int, Bottom: mayBeMin, Doc: "math.abs; ⊥ for the smallest int."},
	{Op: OpAddDouble, Strict: true, Args: "double double", Result: catalog.Double, Facts: doubles(func(a, b float64) float64 { return a + b }), Doc: "+, IEEE 754."},
	{Op: OpSubDouble, Strict: true, Args: "double double", Result: catalog.Double, Facts: doubles(func(a, b float64) float64 { return a - b }), Doc: "-, IEEE 754."},
	{Op: OpMulDouble, Strict: true, Args: "double double", Result: catalog.Double, Facts: doubles(func(a, b float64) float64 { return a * b }), Doc: "*, IEEE 754."},
	{Op: OpDivDouble, Strict: true, Args: "double double", Result: catalog.Double, Facts: divBounds, Doc: "/, IEEE 754: by zero infinite or NaN, never ⊥."},
	{Op: OpNegDouble, Strict: true, Args: "double", Result: catalog.Double, Facts: noNaN, Doc: "-x"},
	{Op: OpAbsDouble, Strict: true, Args: "double", Result: catalog.Double, Facts: noNaN, Doc: "math.abs"},
	{Op: OpCeil, Strict: true, Args: "double", Result: catalog.Double, Facts: noNaN, Doc: "math.ceil"},
	{Op: OpFloor, Strict: true, Args: "double", Result: catalog.Double, Facts: noNaN, Doc: "math.floor"},
	{Op: OpRound, Strict: true, Args: "double", Result: catalog.Double, Facts: noNaN, Doc: "math.round, halves away from zero."},
	{Op: OpTrunc, Strict: true, Args: "double", Result: catalog.Double, Facts: noNaN, Doc: "math.trunc"},
	{Op: OpIsNaN, Strict: true, Args: "double", Result: catalog.Bool, Doc: "math.isNaN"},
	{Op: OpIsInf, Strict: true, Args: "double", Result: catalog.Bool, Doc: "math.isInf"},
	{Op: OpIsFinite, Strict: true, Args: "double", Result: catalog.Bool, Doc: "math.isFinite"},
	{Op: OpIntToDouble, Strict: true, Args: "int", Result: catalog.Double, Facts: intToDouble, Doc: "double(int), to the nearest; also where an int is compared with a double."},
	{Op: OpDoubleToInt, Strict: true, Args: "double", Result: catalog.Int, Bottom: leavesInt, Doc: "int(double), towards zero; ⊥ for NaN and outside -2^63 < x < 2^63."},
	{Op: OpIntToString, Strict: true, Args: "int", Result: catalog.String, Doc: "string(int)"},
	{Op: OpBoolToString, Strict: true, Args: "bool", Result: catalog.String, Doc: "string(bool)"},
	{Op: OpStringToBytes, Strict: true, Args: "string", Result: catalog.Bytes, Doc: "bytes(string): UTF-8."},

	{Op: OpStringToInt, Strict: true, Args: "string", Result: catalog.Int, Bottom: always, Doc: "int(string): digits with a sign or none; ⊥ for all else."},
	{Op: OpBitAnd, Strict: true, Args: "int int", Result: catalog.Int, Doc: "math.bitAnd"},
	{Op: OpBitOr, Strict: true, Args: "int int", Result: catalog.Int, Doc: "math.bitOr"},
	{Op: OpBitXor, Strict: true, Args: "int int", Result: catalog.Int, Doc: "math.bitXor"},
	{Op: OpBitNot, Strict: true, Args: "int", Result: catalog.Int, Doc: "math.bitNot"},
	{Op: OpShiftLeft, Strict: true, Args: "int int", Result: catalog.Int, Bottom: mayBeNegative, Doc: "math.bitShiftLeft: bits that leave are lost; ⊥ by fewer than 0."},
	{Op: OpShiftRight, Strict: true, Args: "int int", Result: catalog.Int, Bottom: mayBeNegative, Doc: "math.bitShiftRight: zeros come in; ⊥ by fewer than 0."},
	{Op: OpSqrt, Strict: true, Args: "double", Result: catalog.Double, Doc: "math.sqrt; NaN below 0."},

	{Op: OpConcatBytes, Strict: true, Args: "bytes bytes", Result: catalog.Bytes, Doc: "+ of bytes."},
	{Op: OpConcat, Strict: true, Args: "string string", Result: catalog.String, Doc: "+"},
	{Op: OpSize, Strict: true, Args: "string", Result: catalog.Int, Facts: natural, Doc: "size, in code points."},
	{Op: OpSizeBytes, Strict: true, Args: "bytes", Result: catalog.Int, Facts: natural, Doc: "size of bytes."},
	{Op: OpContains, Strict: true, Args: "string string", Result: catalog.Bool, Doc: "contains"},
	{Op: OpStartsWith, Strict: true, Args: "string string", Result: catalog.Bool, Doc: "startsWith"},
	{Op: OpEndsWith, Strict: true, Args: "string string", Result: catalog.Bool, Doc: "endsWith"},
	{Op: OpMatches, Strict: true, Args: "string", Result: catalog.Bool, Doc: "matches with a constant pattern, anywhere in the text (RE2)."},
	{Op: OpLowerASCII, Strict: true, Args: "string", Result: catalog.String, Doc: "lowerAscii: A to Z alone."},
	{Op: OpUpperASCII, Strict: true, Args: "string", Result: catalog.String, Doc: "upperAscii: a to z alone."},
	{Op: OpTrim, Strict: true, Args: "string", Result: catalog.String, Doc: "trim: Unicode white space on both ends."},
	{Op: OpSubstring, Strict: true, Args: "string int", Result: catalog.String, Bottom: always, Doc: "substring(from), in code points; ⊥ outside the string."},
	{Op: OpSubstringRange, Strict: true, Args: "string int int", Result: catalog.String, Bottom: always, Doc: "substring(from, to), in code points; ⊥ outside the string."},
	{Op: OpCharAt, Strict: true, Args: "string int", Result: catalog.String, Bottom: always, Doc: "charAt; empty right after the end, ⊥ beyond."},
	{Op: OpIndexOf, Strict: true, Args: "string string", Result: catalog.Int, Doc: "indexOf, in code points; -1 if it is not there."},
	{Op: OpIndexFrom, Strict: true, Args: "string string int", Result: catalog.Int, Bottom: always, Doc: "indexOf(text, from); ⊥ from fewer than 0."},
	{Op: OpLastIndexOf, Strict: true, Args: "string string", Result: catalog.Int, Doc: "lastIndexOf, in code points; -1 if it is not there."},
	{Op: OpLastIndexFrom, Strict: true, Args: "string string int", Result: catalog.Int, Bottom: always, Doc: "lastIndexOf(text, from): the last that begins at or before from; ⊥ from fewer than 0, -1 from the end on."},
	{Op: OpReplace, Strict: true, Args: "string string string", Result: catalog.String, Doc: "replace of a constant that is not empty, everywhere."},
	{Op: OpReplaceFirst, Strict: true, Args: "string string string int", Result: catalog.String, Doc: "replace, so many times; everywhere if negative. The empty text is before each character and at the end."},
	{Op: OpReverse, Strict: true, Args: "string", Result: catalog.String, Doc: "reverse, by code points."},
	{Op: OpQuote, Strict: true, Args: "string", Result: catalog.String, Doc: "strings.quote"},
	{Op: OpBytesToString, Strict: true, Args: "bytes", Result: catalog.String, Bottom: always, Doc: "string(bytes); ⊥ where they are no UTF-8."},
	{Op: OpDoubleToString, Strict: true, Args: "double", Result: catalog.String, Doc: "string(double): the shortest digits that mean it; with an exponent from 1e+06 and below 0.0001."},
	{Op: OpStringToDouble, Strict: true, Args: "string", Result: catalog.Double, Bottom: always, Doc: "double(string), decimal or hexadecimal; ⊥ for all else and out of range."},
	{Op: OpLengthToString, Strict: true, Args: "duration", Result: catalog.String, Doc: "string(duration): seconds, as a double has them, and an s."},

	{Op: OpSplit, Strict: true, Args: "string string", Result: catalog.List, Doc: "split; the empty text is between all characters."},
	{Op: OpSplitFirst, Strict: true, Args: "string string int", Result: catalog.List, Doc: "split into so many at most; into all if negative."},
	{Op: OpJoin, Strict: true, Args: "list string", Result: catalog.String, Bottom: holdsNull, Doc: "join; ⊥ with a null in the list."},

	{Op: OpAnyTrue, Strict: true, Args: "list", Result: catalog.Bool, Bottom: eachMayBottom, Doc: "exists: TRUE if any is TRUE, ⊥ if another is NULL."},
	{Op: OpAllKnown, Strict: true, Args: "list list", Result: catalog.List, Bottom: always, Doc: "The first list; ⊥ if a NULL is in the second."},
	{Op: OpHasNull, Strict: true, Args: "list", Result: catalog.Bool, Doc: "null in list."},
	{Op: OpInList, Strict: true, Args: "T list", Result: catalog.Bool, Doc: "in a list; NaN is in none."},
	{Op: OpEqList, Strict: true, Args: "list list", Result: catalog.Bool, Doc: "== of lists, structs and maps; inside, null equals null, and NaN nothing."},
	{Op: OpSizeList, Strict: true, Args: "list", Result: catalog.Int, Facts: natural, Doc: "size of a list."},
	{Op: OpAt, Strict: true, Args: "list int", Bottom: always, Doc: "list[i]; ⊥ outside the list."},
	{Op: OpAtNull, Strict: true, Args: "list int", Result: catalog.Bool, Bottom: always, Doc: "Is list[i] null? ⊥ outside the list."},
	{Op: OpField, Strict: true, Args: "struct", Bottom: always, Doc: "A field of a struct; null where it is empty."},
	{Op: OpFieldNull, Strict: true, Args: "struct", Result: catalog.Bool, Doc: "Is the field empty?"},
	{Op: OpEntry, Strict: true, Args: "map T", Bottom: always, Doc: "map[key]; ⊥ where the map has no such key."},
	{Op: OpEntryNull, Strict: true, Args: "map T", Result: catalog.Bool, Bottom: always, Doc: "Is map[key] null? ⊥ where the map has no such key."},
	{Op: OpHasKey, Strict: true, Args: "map T", Result: catalog.Bool, Doc: "key in map."},
	{Op: OpKeys, Strict: true, Args: "map", Result: catalog.List, Doc: "The keys of a map, in no order."},
	{Op: OpSizeMap, Strict: true, Args: "map", Result: catalog.Int, Facts: natural, Doc: "size of a map."},
	{Op: OpConcatList, Strict: true, Args: "list list", Result: catalog.List, Doc: "+ of lists."},
	{Op: OpSlice, Strict: true, Args: "list int int", Result: catalog.List, Bottom: always, Doc: "slice(from, to); ⊥ outside the list."},
	{Op: OpReverseList, Strict: true, Args: "list", Result: catalog.List, Doc: "reverse of a list."},
	{Op: OpDistinct, Strict: true, Args: "list", Result: catalog.List, Doc: "distinct: the first of equal ones; no NaN equals another."},
	{Op: OpSort, Strict: true, Args: "list", Result: catalog.List, Bottom: holdsNull, Doc: "sort of what is not double; ⊥ with a null in the list."},
	{Op: OpRange, Strict: true, Args: "int", Result: catalog.List, Bottom: always, Doc: "lists.range; ⊥ below 0 and beyond a million."},
	{Op: OpSumList, Strict: true, Args: "list", Result: catalog.Int, Bottom: always, Doc: "sum of ints or durations; nulls are skipped; ⊥ outside 64 bits."},
	{Op: OpCountList, Strict: true, Args: "list", Result: catalog.Int, Facts: natural, Doc: "How many elements are not null."},
	{Op: OpSumDoubles, Strict: true, Args: "list", Result: catalog.Double, Bottom: always, Doc: "sum of doubles, in billionths; ⊥ with one from 1e20 on."},
	{Op: OpSumWide, Strict: true, Args: "list", Result: catalog.Double, Bottom: always, Doc: "sum of ints, as a double; only of some."},
	{Op: OpAvgLengths, Strict: true, Args: "list", Result: catalog.Duration, Bottom: always, Doc: "avg of durations, cut to whole nanoseconds; only of some."},
	{Op: OpMinList, Strict: true, Args: "list", Bottom: always, Doc: "min; only of some. ⊥ with NaN."},
	{Op: OpMaxList, Strict: true, Args: "list", Bottom: always, Doc: "max; only of some. ⊥ with NaN."},
	{Op: OpModeList, Strict: true, Args: "list", Bottom: always, Doc: "mode: the most frequent, of equally frequent ones the smallest; only of some. ⊥ with NaN."},
	{Op: OpQuantileList, Strict: true, Args: "list", Result: catalog.Double, Bottom: always, Doc: "median and percentile: at (n-1)·p/100 of the sorted list, between two in proportion; only of some. ⊥ with NaN."},
	{Op: OpLengthQuantile, Strict: true, Args: "list", Result: catalog.Duration, Bottom: always, Doc: "median and percentile of durations, cut to whole nanoseconds; ⊥ from 292 years on."},

	{Op: OpAddTime, Strict: true, Args: "timestamp duration", Result: catalog.Timestamp, Bottom: leavesTime(1), Facts: timeBounds(1), Doc: "timestamp + duration of whole microseconds; ⊥ outside the years 1 to 9999."},
	{Op: OpSubTime, Strict: true, Args: "timestamp duration", Result: catalog.Timestamp, Bottom: leavesTime(-1), Facts: timeBounds(-1), Doc: "timestamp - duration, as +."},
	{Op: OpDiffTime, Strict: true, Args: "timestamp timestamp", Result: catalog.Duration, Bottom: diffOverflows, Facts: diffBounds, Doc: "timestamp - timestamp; ⊥ from 292 years on."},
	{Op: OpTimeToInt, Strict: true, Args: "timestamp", Result: catalog.Int, Doc: "int(timestamp): seconds since 1970, downwards."},
	{Op: OpIntToTime, Strict: true, Args: "int", Result: catalog.Timestamp, Bottom: always, Doc: "timestamp(int); ⊥ outside the years 1 to 9999."},
	{Op: OpDurationToInt, Strict: true, Args: "duration", Result: catalog.Int, Facts: same, Doc: "int(duration): nanoseconds."},
	{Op: OpTimePart, Strict: true, Args: "timestamp", Result: catalog.Int, Doc: "getFullYear and the others, hourOf, weekdayOf, in a constant zone."},
	{Op: OpDurationPart, Strict: true, Args: "duration", Result: catalog.Int, Doc: "getHours, getMinutes, getSeconds, getMilliseconds of a duration."},
	{Op: OpLength, Strict: true, Args: "int", Result: catalog.Duration, Bottom: always, Doc: "weeks, days, hours, minutes; ⊥ from 292 years on."},
	{Op: OpAge, Strict: true, Args: "timestamp timestamp", Result: catalog.Int, Doc: "age: birthdays by the calendar of the zone."},
	{Op: OpDaysSince, Strict: true, Args: "timestamp timestamp", Result: catalog.Int, Doc: "daysSince: calendar days of the zone."},
	{Op: OpAddUint, Strict: true, Args: "uint uint", Result: catalog.Uint, Bottom: always, Doc: "+ of uints; ⊥ outside 64 bits."},
	{Op: OpSubUint, Strict: true, Args: "uint uint", Result: catalog.Uint, Bottom: always, Doc: "- of uints; ⊥ below 0."},
	{Op: OpMulUint, Strict: true, Args: "uint uint", Result: catalog.Uint, Bottom: always, Doc: "* of uints; ⊥ outside 64 bits."},
	{Op: OpDivUint, Strict: true, Args: "uint uint", Result: catalog.Uint, Bottom: always, Doc: "/ of uints; ⊥ by zero."},
	{Op: OpModUint, Strict: true, Args: "uint uint", Result: catalog.Uint, Bottom: always, Doc: "% of uints; ⊥ by zero."},
	{Op: OpIntToUint, Strict: true, Args: "int", Result: catalog.Uint, Bottom: belowZero, Doc: "uint(int); ⊥ below 0."},
	{Op: OpDoubleToUint, Strict: true, Args: "double", Result: catalog.Uint, Bottom: always, Doc: "uint(double), towards zero; ⊥ for NaN and outside 0 <= x < 2^64."},
	{Op: OpStringToUint, Strict: true, Args: "string", Result: catalog.Uint, Bottom: always, Doc: "uint(string): digits; ⊥ for all else."},
	{Op: OpUintToInt, Strict: true, Args: "uint", Result: catalog.Int, Bottom: always, Doc: "int(uint); ⊥ from 2^63 on."},
	{Op: OpUintToDouble, Strict: true, Args: "uint", Result: catalog.Double, Doc: "double(uint), to the nearest."},
	{Op: OpUintWide, Strict: true, Args: "uint", Result: catalog.Int, Doc: "A uint where it is compared with an int."},
	{Op: OpBitAndUint, Strict: true, Args: "uint uint", Result: catalog.Uint, Doc: "math.bitAnd of uints"},
	{Op: OpBitOrUint, Strict: true, Args: "uint uint", Result: catalog.Uint, Doc: "math.bitOr of uints"},
	{Op: OpBitXorUint, Strict: true, Args: "uint uint", Result: catalog.Uint, Doc: "math.bitXor of uints"},
	{Op: OpBitNotUint, Strict: true, Args: "uint", Result: catalog.Uint, Doc: "math.bitNot of uints"},
	{Op: OpShiftLeftUint, Strict: true, Args: "uint int", Result: catalog.Uint, Bottom: always, Doc: "math.bitShiftLeft of uints; ⊥ by fewer than 0."},
	{Op: OpShiftRightUint, Strict: true, Args: "uint int", Result: catalog.Uint, Bottom: always, Doc: "math.bitShiftRight of uints; ⊥ by fewer than 0."},
	{Op: OpSample, Strict: true, Args: "string double", Result: catalog.Bool, Doc: "sample: the first 8 hex digits of md5(salt:key), over 2^32, under the percentage."},
}, formatOperators, textTimeOperators, orderOperators)

var byOp = func() map[Op]*Operator {
	m := make(map[Op]*Operator, len(Operators))
	for i := range Operators {
		m[Operators[i].Op] = &Operators[i]
	}
	return m
}()

// Lookup returns the row of an operator, or nil.
func (op Op) Lookup() *Operator { return byOp[op] }

func always([]*Expr) bool { return true }

func anyNaN(args []*Expr) bool {
	for _, a := range args {
		if a.Type.Kind == catalog.Double && !a.Facts.NoNaN {
			return true
		}
	}
	return false
}

// holdsNull says whether a list may hold nulls.
func holdsNull(args []*Expr) bool { return args[0].Type.Elem.Nullable }

// eachMayBottom says whether something may be ⊥ for an element.
func eachMayBottom(args []*Expr) bool {
	return args[0].Op != OpEach || !args[0].Args[2].Decided()
}

func mayBeNegative(args []*Expr) bool { return belowZero(args[1:]) }

func belowZero(args []*Expr) bool {
	low, ok := args[0].Facts.Min.(int64)
	return !ok || low < 0
}

func mayBeMin(args []*Expr) bool {
	low, ok := args[0].Facts.Min.(int64)
	return !ok || low == math.MinInt64
}
