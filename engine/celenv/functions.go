package celenv

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/functions"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Overload ids of our functions. Lowering and digests go by them; they never
// change once released.
const (
	DaysInt       = "days_int64"
	HoursInt      = "hours_int64"
	MinutesInt    = "minutes_int64"
	WeeksInt      = "weeks_int64"
	DateString    = "date_string"
	AgeAt         = "age_timestamp_timestamp"        // age(t) is age(t, now)
	DaysSinceAt   = "days_since_timestamp_timestamp" // daysSince(t) is daysSince(t, now)
	HourOf        = "hour_of_timestamp"
	WeekdayOf     = "weekday_of_timestamp"
	MentionsWords = "mentions_string_list"
	SampleKey     = "sample_string_string_double" // sample(salt, p) is sample(string(<entity>.<key>), salt, p)
	AtLeastPrefix = "at_least_"                   // at_least_<number of conditions>
)

// Overload ids of x.between(a, b). Numbers may be mixed.
const (
	BetweenIntIntInt          = "int64_between_int64_int64"
	BetweenIntIntDouble       = "int64_between_int64_double"
	BetweenIntDoubleInt       = "int64_between_double_int64"
	BetweenIntDoubleDouble    = "int64_between_double_double"
	BetweenDoubleIntInt       = "double_between_int64_int64"
	BetweenDoubleIntDouble    = "double_between_int64_double"
	BetweenDoubleDoubleInt    = "double_between_double_int64"
	BetweenDoubleDoubleDouble = "double_between_double_double"
	BetweenString             = "string_between_string_string"
	BetweenTimestamp          = "timestamp_between_timestamp_timestamp"
	BetweenDuration           = "duration_between_duration_duration"
)

// Function is one overload of a function of ours.
type Function struct {
	Name     string
	Overload string
	Member   bool // x.name(...): the first of Args is x
	Args     []*types.Type
	Result   *types.Type
	Doc      string // one line, for the reference page
	// NonStrict functions see ⊥ arguments as *types.Err and decide themselves.
	NonStrict bool
	// Impl is nil for statistics, which SQL alone computes.
	Impl func(zone *time.Location, args []ref.Val) ref.Val
}

var (
	tInt, tDouble, tBool, tString = types.IntType, types.DoubleType, types.BoolType, types.StringType
	tTime, tDuration              = types.TimestampType, types.DurationType
)

func args(t ...*types.Type) []*types.Type { return t }

// rowFunctions are the functions over values of one row.
var rowFunctions = append([]Function{
	{Name: "days", Overload: DaysInt, Args: args(tInt), Result: tDuration, Impl: lengthOf(24 * time.Hour), Doc: "A length of n times 24 hours."},
	{Name: "hours", Overload: HoursInt, Args: args(tInt), Result: tDuration, Impl: lengthOf(time.Hour), Doc: "A length of n hours."},
	{Name: "minutes", Overload: MinutesInt, Args: args(tInt), Result: tDuration, Impl: lengthOf(time.Minute), Doc: "A length of n minutes."},
	{Name: "weeks", Overload: WeeksInt, Args: args(tInt), Result: tDuration, Impl: lengthOf(7 * 24 * time.Hour), Doc: "A length of n times 7 days of 24 hours."},
	{Name: "date", Overload: DateString, Args: args(tString), Result: tTime, Impl: date, Doc: "Midnight of a calendar day in the project's zone: date('2026-01-31')."},
	{Name: "age", Overload: AgeAt, Args: args(tTime, tTime), Result: tInt, Impl: ageAt, Doc: "Birthdays since t, by the calendar of the project's zone; 29 February is kept on 1 March."},
	{Name: "daysSince", Overload: DaysSinceAt, Args: args(tTime, tTime), Result: tInt, Impl: daysSince, Doc: "Calendar days from t to now in the project's zone; negative for later ones."},
	{Name: "hourOf", Overload: HourOf, Args: args(tTime), Result: tInt, Impl: hourOf, Doc: "Hour on the clock in the project's zone, 0 to 23."},
	{Name: "weekdayOf", Overload: WeekdayOf, Args: args(tTime), Result: tInt, Impl: weekdayOf, Doc: "Weekday in the project's zone: Monday 1 to Sunday 7."},
	{Name: "mentions", Overload: MentionsWords, Args: args(tString, types.NewListType(tString)), Result: tBool, Impl: mentions, Doc: "Whether a text holds one of the words: whole words, any case."},
	{Name: "sample", Overload: SampleKey, Args: args(tString, tString, tDouble), Result: tBool, Impl: sample, Doc: "A steady sample of the given percentage of rows, by their key; another salt, another sample."},
	between(BetweenIntIntInt, tInt, tInt, tInt), between(BetweenIntIntDouble, tInt, tInt, tDouble),
	between(BetweenIntDoubleInt, tInt, tDouble, tInt), between(BetweenIntDoubleDouble, tInt, tDouble, tDouble),
	between(BetweenDoubleIntInt, tDouble, tInt, tInt), between(BetweenDoubleIntDouble, tDouble, tInt, tDouble),
	between(BetweenDoubleDoubleInt, tDouble, tDouble, tInt), between(BetweenDoubleDoubleDouble, tDouble, tDouble, tDouble),
	between(BetweenString, tString, tString, tString), between(BetweenTimestamp, tTime, tTime, tTime),
	between(BetweenDuration, tDuration, tDuration, tDuration),
}, atLeastFunctions()...)

func between(id string, x, low, high *types.Type) Function {
	return Function{Name: "between", Overload: id, Member: true, Args: args(x, low, high), Result: tBool, Impl: isBetween,
		Doc: "Whether x is from a to b, both included."}
}

// RowFunctions are our functions over one row, list functions included, in
// the order of the reference page.
func RowFunctions() []Function {
	all := append(append([]Function{}, rowFunctions...), reachedFunction)
	return append(all, listFunctions...)
}

// declare makes options of functions. Arity decides how cel-go wants the binding.
func declare(zone *time.Location, table []Function) []cel.EnvOption {
	var opts []cel.EnvOption
	for _, f := range table {
		var bind []cel.OverloadOpt
		if f.Impl != nil {
			bind = append(bind, binding(zone, f))
		}
		if f.NonStrict {
			bind = append(bind, cel.OverloadIsNonStrict())
		}
		overload := cel.Overload
		if f.Member {
			overload = cel.MemberOverload
		}
		// Guards would refuse a list whose first element is null and a null
		// condition; the implementations look at their arguments themselves.
		opts = append(opts, cel.Function(f.Name, decls.DisableTypeGuards(true), overload(f.Overload, f.Args, f.Result, bind...)))
	}
	return opts
}

func binding(zone *time.Location, f Function) cel.OverloadOpt {
	impl := f.Impl
	switch len(f.Args) {
	case 1:
		return cel.UnaryBinding(func(a ref.Val) ref.Val { return impl(zone, []ref.Val{a}) })
	case 2:
		return cel.BinaryBinding(func(a, b ref.Val) ref.Val { return impl(zone, []ref.Val{a, b}) })
	}
	var fn functions.FunctionOp = func(values ...ref.Val) ref.Val { return impl(zone, values) }
	return cel.FunctionBinding(fn)
}
