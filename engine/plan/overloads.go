package plan

import (
	"maps"
	"time"

	"cel.dev/cel-go/common/overloads"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

// rule says how one overload of CEL becomes operators: a strict operator over
// the operands as they are, or a function for what needs more.
type rule struct {
	op   Op
	name string
	with func(l *lowerer, name string, args []*Expr) *Expr
}

// strict applies one operator.
func strict(op Op) rule { return rule{op: op} }

// named applies one operator with a parameter.
func named(op Op, name string) rule { return rule{op: op, name: name} }

// compare applies < or <=, swapped for > and >=; a number that is compared
// with a double becomes one, as cel-go does it.
func compare(op Op, swap bool) rule {
	return rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
		x, y := l.sameNumbers(a[0], a[1])
		if swap {
			x, y = y, x
		}
		return l.nanMeetsNull(l.b.Strict(op, "", x, y), a[0], a[1])
	}}
}

// nanMeetsNull: cel-go looks for NaN before it looks at the type of the right
// side, so NaN < null is FALSE where 5 < null is an error.
func (l *lowerer) nanMeetsNull(e, number, other *Expr) *Expr {
	if number.Type.Kind != catalog.Double || number.Facts.NoNaN || !other.MayNull {
		return e
	}
	return l.b.And(e, l.b.Not(l.b.And(l.b.Strict(OpIsNaN, "", number), l.b.NullTest(other))))
}

// sameNumbers makes two numbers comparable: doubles if one is, else whole numbers.
func (l *lowerer) sameNumbers(x, y *Expr) (*Expr, *Expr) {
	whole := func(e *Expr) bool { return e.Type.Kind == catalog.Int || e.Type.Kind == catalog.Uint }
	switch {
	case x.Type.Kind == y.Type.Kind:
	case whole(x) && whole(y):
		return l.wide(x), l.wide(y)
	case whole(x) && y.Type.Kind == catalog.Double:
		return l.toDouble(x), y
	case x.Type.Kind == catalog.Double && whole(y):
		return x, l.toDouble(y)
	}
	return x, y
}

func (l *lowerer) toDouble(x *Expr) *Expr {
	switch v := x.Const.(type) {
	case int64:
		return l.b.Const(float64(v))
	case uint64:
		return l.b.Const(float64(v))
	}
	if x.Type.Kind == catalog.Uint {
		return l.b.Strict(OpUintToDouble, "", x)
	}
	return l.b.Strict(OpIntToDouble, "", x)
}

var between = rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
	for _, bound := range a[1:] {
		if a[0].Type.Kind == catalog.Int && bound.Type.Kind == catalog.Double {
			return l.b.Strict(OpBetween, "", l.toDouble(a[0]), l.double(a[1]), l.double(a[2]))
		}
	}
	if a[0].Type.Kind == catalog.Double {
		return l.b.Strict(OpBetween, "", a[0], l.double(a[1]), l.double(a[2]))
	}
	if hasNanos(a[0]) || hasNanos(a[1]) || hasNanos(a[2]) {
		return l.b.Hole("a time with nanoseconds as a bound", boolean)
	}
	return l.b.Strict(OpBetween, "", a...)
}}

func (l *lowerer) double(x *Expr) *Expr {
	if x.Type.Kind == catalog.Int {
		return l.toDouble(x)
	}
	return x
}

// moveTime is timestamp ± duration. SQL holds whole microseconds.
func moveTime(op Op, swap bool) rule {
	return rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
		t, d := a[0], a[1]
		if swap {
			t, d = d, t
		}
		if d.Op == OpBottom {
			return l.b.Bottom(d.Name, catalog.Type{Kind: catalog.Timestamp})
		}
		if !d.Facts.Micros || hasNanos(t) {
			return l.b.Hole("times with nanoseconds", catalog.Type{Kind: catalog.Timestamp})
		}
		return l.b.Strict(op, "", t, d)
	}}
}

var diffTimes = rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
	if hasNanos(a[0]) || hasNanos(a[1]) {
		return l.b.Hole("times with nanoseconds", catalog.Type{Kind: catalog.Duration})
	}
	return l.b.Strict(OpDiffTime, "", a...)
}}

// hasNanos says whether a node is a constant time that microseconds cannot hold.
func hasNanos(e *Expr) bool {
	t, ok := e.Const.(time.Time)
	return ok && t.Nanosecond()%1000 != 0
}

// part is getFullYear and the like: without a zone in UTC, else in a constant one.
func part(name string) rule {
	return rule{name: name, with: (*lowerer).timePart}
}

// zoned is a function of ours in the project's zone.
func zoned(op Op) rule {
	return rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
		for _, t := range a {
			if hasNanos(t) {
				return l.b.Hole("a time with nanoseconds", catalog.Type{Kind: catalog.Int})
			}
		}
		return l.b.Strict(op, l.zone.String(), a...)
	}}
}

func zonedPart(name string) rule {
	return rule{with: func(l *lowerer, _ string, a []*Expr) *Expr {
		return l.b.Strict(OpTimePart, name+"@"+l.zone.String(), a[0])
	}}
}

func length(unit time.Duration) rule {
	return named(OpLength, constNanos(unit))
}

// same is a conversion of a value to the type that it has.
var identity = rule{with: func(l *lowerer, _ string, a []*Expr) *Expr { return l.b.Decide(a[0]) }}

// rules is the table from CEL's overloads to operators. What is not in it is a
// hole. && || ! ?: == != in, has() and optionals treat ⊥ or null in ways of
// their own: see call in lower.go.
var rules = together(uintRules(), map[string]rule{
	overloads.LessBool: compare(OpLt, false), overloads.LessInt64: compare(OpLt, false), overloads.LessInt64Double: compare(OpLt, false),
	overloads.LessDouble: compare(OpLt, false), overloads.LessDoubleInt64: compare(OpLt, false), overloads.LessString: compare(OpLt, false),
	overloads.LessTimestamp: compare(OpLt, false), overloads.LessDuration: compare(OpLt, false),
	overloads.LessEqualsBool: compare(OpLe, false), overloads.LessEqualsInt64: compare(OpLe, false), overloads.LessEqualsInt64Double: compare(OpLe, false),
	overloads.LessEqualsDouble: compare(OpLe, false), overloads.LessEqualsDoubleInt64: compare(OpLe, false), overloads.LessEqualsString: compare(OpLe, false),
	overloads.LessEqualsTimestamp: compare(OpLe, false), overloads.LessEqualsDuration: compare(OpLe, false),
	overloads.GreaterBool: compare(OpLt, true), overloads.GreaterInt64: compare(OpLt, true), overloads.GreaterInt64Double: compare(OpLt, true),
	overloads.GreaterDouble: compare(OpLt, true), overloads.GreaterDoubleInt64: compare(OpLt, true), overloads.GreaterString: compare(OpLt, true),
	overloads.GreaterTimestamp: compare(OpLt, true), overloads.GreaterDuration: compare(OpLt, true),
	overloads.GreaterEqualsBool: compare(OpLe, true), overloads.GreaterEqualsInt64: compare(OpLe, true), overloads.GreaterEqualsInt64Double: compare(OpLe, true),
	overloads.GreaterEqualsDouble: compare(OpLe, true), overloads.GreaterEqualsDoubleInt64: compare(OpLe, true), overloads.GreaterEqualsString: compare(OpLe, true),
	overloads.GreaterEqualsTimestamp: compare(OpLe, true), overloads.GreaterEqualsDuration: compare(OpLe, true),

	overloads.LessBytes: compare(OpLt, false), overloads.LessEqualsBytes: compare(OpLe, false),
	overloads.GreaterBytes: compare(OpLt, true), overloads.GreaterEqualsBytes: compare(OpLe, true),

	celenv.BetweenIntIntInt: between, celenv.BetweenIntIntDouble: {with: mixedBetween}, celenv.BetweenIntDoubleInt: {with: mixedBetween},
	celenv.BetweenIntDoubleDouble: between, celenv.BetweenDoubleIntInt: between, celenv.BetweenDoubleIntDouble: between,
	celenv.BetweenDoubleDoubleInt: between, celenv.BetweenDoubleDoubleDouble: between,
	celenv.BetweenString: between, celenv.BetweenTimestamp: between, celenv.BetweenDuration: between,

	overloads.AddInt64: strict(OpAddInt), overloads.SubtractInt64: strict(OpSubInt), overloads.MultiplyInt64: strict(OpMulInt),
	overloads.DivideInt64: strict(OpDivInt), overloads.ModuloInt64: strict(OpModInt), overloads.NegateInt64: strict(OpNegInt),
	overloads.AddDouble: strict(OpAddDouble), overloads.SubtractDouble: strict(OpSubDouble), overloads.MultiplyDouble: strict(OpMulDouble),
	overloads.DivideDouble: strict(OpDivDouble), overloads.NegateDouble: strict(OpNegDouble),
	overloads.AddDurationDuration: strict(OpAddInt), overloads.SubtractDurationDuration: strict(OpSubInt),
	overloads.AddTimestampDuration: moveTime(OpAddTime, false), overloads.AddDurationTimestamp: moveTime(OpAddTime, true),
	overloads.SubtractTimestampDuration: moveTime(OpSubTime, false), overloads.SubtractTimestampTimestamp: diffTimes,

	"math_abs_int": strict(OpAbsInt), "math_abs_double": strict(OpAbsDouble), "math_ceil_double": strict(OpCeil), "math_floor_double": strict(OpFloor),
	"math_round_double": strict(OpRound), "math_trunc_double": strict(OpTrunc),
	"math_isNaN_double": strict(OpIsNaN), "math_isInf_double": strict(OpIsInf), "math_isFinite_double": strict(OpIsFinite),

	"math_@max_int": identity, "math_@max_double": identity, "math_@min_int": identity, "math_@min_double": identity,
	"math_@max_int_int": extreme(true), "math_@max_double_double": extreme(true), "math_@min_int_int": extreme(false), "math_@min_double_double": extreme(false),
	"math_sign_int": signOf(int64(1), int64(0), int64(-1)), "math_sign_double": signOf(1.0, 0.0, -1.0),
	"math_bitAnd_int_int": strict(OpBitAnd), "math_bitOr_int_int": strict(OpBitOr), "math_bitXor_int_int": strict(OpBitXor), "math_bitNot_int_int": strict(OpBitNot),
	"math_bitShiftLeft_int_int": strict(OpShiftLeft), "math_bitShiftRight_int_int": strict(OpShiftRight),
	"math_sqrt_double": strict(OpSqrt), "math_sqrt_int": {with: func(l *lowerer, _ string, a []*Expr) *Expr { return l.b.Strict(OpSqrt, "", l.toDouble(a[0])) }},

	overloads.BytesToBytes: identity, overloads.AddBytes: strict(OpConcatBytes), overloads.StringToBool: readBool, overloads.StringToInt: strict(OpStringToInt),
	overloads.IntToInt: identity, overloads.DoubleToDouble: identity, overloads.BoolToBool: identity, overloads.StringToString: identity,
	overloads.TimestampToTimestamp: identity, overloads.DurationToDuration: identity,
	overloads.IntToDouble: strict(OpIntToDouble), overloads.DoubleToInt: strict(OpDoubleToInt),
	overloads.IntToString: strict(OpIntToString), overloads.BoolToString: strict(OpBoolToString), overloads.StringToBytes: strict(OpStringToBytes),
	overloads.BytesToString: strict(OpBytesToString), overloads.DoubleToString: strict(OpDoubleToString), overloads.DurationToString: strict(OpLengthToString),
	overloads.TimestampToString: {with: timeToString}, overloads.StringToTimestamp: readTime, overloads.StringToDuration: strict(OpStringToLength), celenv.DateString: readDay,
	overloads.StringToDouble: strict(OpStringToDouble),
	overloads.TimestampToInt: strict(OpTimeToInt), overloads.IntToTimestamp: strict(OpIntToTime), overloads.DurationToInt: strict(OpDurationToInt),

	celenv.Reached: {with: func(_ *lowerer, _ string, a []*Expr) *Expr { return a[2] }},

	overloads.AddString: strict(OpConcat), overloads.SizeString: strict(OpSize), overloads.SizeStringInst: strict(OpSize),
	overloads.SizeBytes: strict(OpSizeBytes), overloads.SizeBytesInst: strict(OpSizeBytes),
	overloads.ContainsString: strict(OpContains), overloads.StartsWithString: strict(OpStartsWith), overloads.EndsWithString: strict(OpEndsWith),
	overloads.MatchesString: {with: (*lowerer).matches}, overloads.Matches: {with: (*lowerer).matches},
	"string_lower_ascii": strict(OpLowerASCII), "string_upper_ascii": strict(OpUpperASCII), "string_trim": strict(OpTrim),
	"string_substring_int": strict(OpSubstring), "string_substring_int_int": strict(OpSubstringRange),
	"string_char_at_int": strict(OpCharAt), "string_index_of_string": strict(OpIndexOf),
	"string_index_of_string_int": strict(OpIndexFrom), "string_last_index_of_string": strict(OpLastIndexOf), "string_last_index_of_string_int": strict(OpLastIndexFrom),
	"string_replace_string_string": {with: (*lowerer).replace}, "string_replace_string_string_int": strict(OpReplaceFirst),
	"string_reverse": strict(OpReverse), "strings_quote": strict(OpQuote),

	overloads.TimestampToYear: part("year"), overloads.TimestampToYearWithTz: part("year"),
	overloads.TimestampToMonth: part("month0"), overloads.TimestampToMonthWithTz: part("month0"),
	overloads.TimestampToDayOfYear: part("yearday0"), overloads.TimestampToDayOfYearWithTz: part("yearday0"),
	overloads.TimestampToDayOfMonthZeroBased: part("day0"), overloads.TimestampToDayOfMonthZeroBasedWithTz: part("day0"),
	overloads.TimestampToDayOfMonthOneBased: part("day"), overloads.TimestampToDayOfMonthOneBasedWithTz: part("day"),
	overloads.TimestampToDayOfWeek: part("weekday0"), overloads.TimestampToDayOfWeekWithTz: part("weekday0"),
	overloads.TimestampToHours: part("hour"), overloads.TimestampToHoursWithTz: part("hour"),
	overloads.TimestampToMinutes: part("minute"), overloads.TimestampToMinutesWithTz: part("minute"),
	overloads.TimestampToSeconds: part("second"), overloads.TimestampToSecondsWithTz: part("second"),
	overloads.TimestampToMilliseconds: part("millisecond"), overloads.TimestampToMillisecondsWithTz: part("millisecond"),
	overloads.DurationToHours: named(OpDurationPart, "hours"), overloads.DurationToMinutes: named(OpDurationPart, "minutes"),
	overloads.DurationToSeconds: named(OpDurationPart, "seconds"), overloads.DurationToMilliseconds: named(OpDurationPart, "milliseconds"),

	celenv.DaysInt: length(24 * time.Hour), celenv.HoursInt: length(time.Hour), celenv.MinutesInt: length(time.Minute), celenv.WeeksInt: length(7 * 24 * time.Hour),
	celenv.AgeAt: zoned(OpAge), celenv.DaysSinceAt: zoned(OpDaysSince), celenv.HourOf: zonedPart("hour"), celenv.WeekdayOf: zonedPart("weekday"),
	celenv.MentionsWords: {with: (*lowerer).mentions}, celenv.SampleKey: {with: (*lowerer).sample},
})

// together is one table of several.
func together[R any](tables ...map[string]R) map[string]R {
	all := map[string]R{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// mixedBetween has one bound of each kind: each is compared as CEL does, an
// int with an int exactly, which one SQL operator over doubles is not.
func mixedBetween(l *lowerer, _ string, a []*Expr) *Expr {
	for _, x := range a {
		if !x.Decided() || x.Type.Kind == catalog.Double && !x.Facts.NoNaN {
			return l.b.Hole("between a whole number and one with decimals", boolean)
		}
	}
	x, low := l.sameNumbers(a[0], a[1])
	y, high := l.sameNumbers(a[0], a[2])
	return l.b.And(l.b.Strict(OpLe, "", low, x), l.b.Strict(OpLe, "", y, high))
}
