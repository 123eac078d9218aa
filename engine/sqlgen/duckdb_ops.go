package sqlgen

import (
	"math"
	"strconv"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/plan"
)

// template is the SQL of one operator. Operands come in parentheses where they
// need them. NULL in gives NULL out, unless the operator says otherwise.
type template struct {
	sql  string
	pick func(e *plan.Expr) string // where facts or types decide between forms
}

const (
	minInt  = "(-9223372036854775807 - 1)"
	maxInt  = "9223372036854775807"
	inRange = " BETWEEN -9223372036854775808 AND 9223372036854775807 THEN "
	// seconds since 1970, downwards, of microseconds.
	floorSeconds = "((%s - ((%s % 1000000) + 1000000) % 1000000) // 1000000)"
	spaces       = "chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || ' ' || chr(133) || chr(160) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8199) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8239) || chr(8287) || chr(12288)"
)

const (
	allBits  = "18446744073709551616::HUGEINT" // 2^64
	halfBits = "9223372036854775808::HUGEINT"
)

// signed takes the lowest 64 bits of a whole number for a signed one.
func signed(x string) string {
	return "((" + x + ") % " + allBits + " + " + allBits + " + " + halfBits + ") % " + allBits + " - " + halfBits
}

// guarded takes the bare form where facts exclude that the operator itself
// gives ⊥. An overflow in DuckDB is an exception that ends the query.
func guarded(bare, safe string) template {
	return template{pick: func(e *plan.Expr) string {
		if e.Op.Lookup().Bottom(e.Args) {
			return safe
		}
		return bare
	}}
}

// wide computes in 128 bits, which sums and products of 64 bits never leave.
func wide(op string) template {
	h := "({0}::HUGEINT " + op + " {1}::HUGEINT)"
	return guarded("({0}::BIGINT "+op+" {1}::BIGINT)", "CASE WHEN "+h+inRange+h+"::BIGINT END")
}

// duckOperators is the table of DuckDB's templates; plan.Operators says what
// each operator means. The test runs every row against cel-go.
var duckOperators = map[plan.Op]template{
	plan.OpNullTest: {pick: nullTest},
	plan.OpDecide:   {sql: "{0}"},
	plan.OpCoalesce: {sql: "coalesce({0}, {1})"},
	plan.OpEqNull:   {sql: "({0} IS NOT DISTINCT FROM {1})"},
	plan.OpInNull:   {sql: "({0} IS NOT NULL AND {0} IN ({rest}))"},
	plan.OpAtLeast:  {pick: atLeast},
	plan.OpNotTrue:  {sql: "({0} IS NOT TRUE)"},

	plan.OpNot: {sql: "(NOT {0})"},
	plan.OpEq: {pick: func(e *plan.Expr) string {
		a, b := e.Args[0], e.Args[1]
		if a.Type.Kind != catalog.Double || a.Facts.NoNaN || b.Facts.NoNaN {
			return "({0} = {1})"
		}
		return "(CASE WHEN isnan({0}) AND {1} IS NOT NULL THEN false ELSE {0} = {1} END)"
	}},
	plan.OpLt:      ordered("<", "signbit({0} - {1})"),
	plan.OpLe:      ordered("<=", "(NOT signbit({1} - {0}))"),
	plan.OpBetween: {pick: between},
	plan.OpIn:      {sql: "({0} IN ({rest}))"},

	plan.OpAddInt: wide("+"),
	plan.OpSubInt: wide("-"),
	plan.OpMulInt: wide("*"),
	plan.OpDivInt: guarded("({0}::BIGINT // {1}::BIGINT)",
		"CASE WHEN {1} = -1 THEN (CASE WHEN {0} <> "+minInt+" THEN -{0}::BIGINT END) ELSE {0}::BIGINT // {1}::BIGINT END"), // x // 0 is NULL
	plan.OpModInt: guarded("({0}::BIGINT % {1}::BIGINT)",
		"CASE WHEN {1} = -1 THEN (CASE WHEN {0} <> "+minInt+" THEN 0::BIGINT END) ELSE {0}::BIGINT % {1}::BIGINT END"),
	plan.OpNegInt:    guarded("(-({0}::BIGINT))", "CASE WHEN {0} <> "+minInt+" THEN -({0}::BIGINT) END"),
	plan.OpAbsInt:    guarded("abs({0}::BIGINT)", "CASE WHEN {0} <> "+minInt+" THEN abs({0}::BIGINT) END"),
	plan.OpAddDouble: {sql: "({0} + {1})"},
	plan.OpSubDouble: {sql: "({0} - {1})"},
	plan.OpMulDouble: {sql: "({0} * {1})"},
	plan.OpDivDouble: {sql: "({0} / {1})"}, // by zero: infinite or NaN, as in CEL
	plan.OpNegDouble: {sql: "(-({0}))"},
	plan.OpAbsDouble: {sql: "abs({0})"},
	plan.OpCeil:      {sql: "ceil({0})"},
	plan.OpFloor:     {sql: "floor({0})"},
	plan.OpRound:     {sql: "round({0})"},
	plan.OpTrunc:     {sql: "trunc({0})"},
	plan.OpIsNaN:     {sql: "isnan({0})"},
	plan.OpIsInf:     {sql: "isinf({0})"},
	plan.OpIsFinite:  {sql: "isfinite({0})"},

	plan.OpIntToDouble: {sql: "({0})::DOUBLE"},
	plan.OpDoubleToInt: guarded("trunc({0})::BIGINT", // a bare cast rounds
		"CASE WHEN {0} > '-9223372036854775808'::DOUBLE AND {0} < '9223372036854775808'::DOUBLE THEN trunc({0})::BIGINT END"),
	plan.OpIntToString:  {sql: "({0})::VARCHAR"},
	plan.OpBoolToString: {sql: "({0})::VARCHAR"},

	plan.OpStringToBytes: {sql: "encode({0})"},

	plan.OpStringToInt: {sql: "CASE WHEN regexp_full_match({0}, '[+-]?[0-9]+') THEN TRY_CAST({0} AS BIGINT) END"}, // the cast alone reads '7.6' and '1_000'
	plan.OpBitAnd:      {sql: "({0}::BIGINT & {1}::BIGINT)"},
	plan.OpBitOr:       {sql: "({0}::BIGINT | {1}::BIGINT)"},
	plan.OpBitXor:      {sql: "xor({0}::BIGINT, {1}::BIGINT)"}, // ^ is power
	plan.OpBitNot:      {sql: "(~({0}::BIGINT))"},
	// No more than 63 places: all bits have left by then.
	plan.OpShiftLeft: guarded("("+signed("{0}::HUGEINT * (CASE WHEN {1} > 63 THEN 0 ELSE 1::HUGEINT << {1} END)")+")::BIGINT",
		"CASE WHEN {1} >= 0 THEN ("+signed("{0}::HUGEINT * (CASE WHEN {1} > 63 THEN 0 ELSE 1::HUGEINT << {1} END)")+")::BIGINT END"),
	plan.OpShiftRight: guarded("("+signed("({0}::HUGEINT + "+allBits+") % "+allBits+" // (1::HUGEINT << (CASE WHEN {1} > 63 THEN 64 ELSE {1} END))")+")::BIGINT",
		"CASE WHEN {1} >= 0 THEN ("+signed("({0}::HUGEINT + "+allBits+") % "+allBits+" // (1::HUGEINT << (CASE WHEN {1} > 63 THEN 64 ELSE {1} END))")+")::BIGINT END"),
	plan.OpSqrt:        {sql: "(CASE WHEN {0} < 0 THEN 'nan'::DOUBLE ELSE sqrt({0}) END)"},
	plan.OpConcatBytes: {sql: "({0} || {1})"},

	plan.OpConcat:         {sql: "({0} || {1})"},
	plan.OpSize:           {sql: "length({0})"}, // code points
	plan.OpSizeBytes:      {sql: "octet_length({0})"},
	plan.OpContains:       {sql: "contains({0}, {1})"},
	plan.OpStartsWith:     {sql: "starts_with({0}, {1})"},
	plan.OpEndsWith:       {sql: "ends_with({0}, {1})"},
	plan.OpMatches:        {sql: "regexp_matches({0}, {name})"}, // partial, RE2
	plan.OpLowerASCII:     {sql: "translate({0}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"},
	plan.OpUpperASCII:     {sql: "translate({0}, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')"},
	plan.OpTrim:           {sql: "trim({0}, " + spaces + ")"}, // trim alone takes away spaces only
	plan.OpSubstring:      {sql: "CASE WHEN {1} BETWEEN 0 AND length({0}) THEN substring({0}, {1} + 1) END"},
	plan.OpSubstringRange: {sql: "CASE WHEN {1} BETWEEN 0 AND {2} AND {2} <= length({0}) THEN substring({0}, {1} + 1, {2} - {1}) END"},
	plan.OpCharAt:         {sql: "CASE WHEN {1} BETWEEN 0 AND length({0}) THEN substring({0}, {1} + 1, 1) END"},
	plan.OpIndexOf:        {sql: "(strpos({0}, {1}) - 1)"},

	plan.OpAddTime:       moved("+"),
	plan.OpSubTime:       moved("-"),
	plan.OpDiffTime:      {pick: diffTime},
	plan.OpTimeToInt:     {sql: secondsOf("epoch_us({0})")},
	plan.OpIntToTime:     {sql: "CASE WHEN {0} BETWEEN -62135596800 AND 253402300799 THEN make_timestamptz({0}::BIGINT * 1000000) END"},
	plan.OpDurationToInt: {sql: "{0}"},
	plan.OpTimePart:      {pick: timePart},
	plan.OpDurationPart:  {pick: durationPart},
	plan.OpLength:        {pick: length},
	plan.OpAge: {pick: func(e *plan.Expr) string {
		b, n := local("{0}", e.Name), local("{1}", e.Name)
		return "(year(" + n + ") - year(" + b + ") - (month(" + n + ") * 100 + day(" + n + ") < month(" + b + ") * 100 + day(" + b + "))::BIGINT)"
	}},
	plan.OpDaysSince: {pick: func(e *plan.Expr) string {
		return "(" + local("{1}", e.Name) + "::DATE - " + local("{0}", e.Name) + "::DATE)"
	}},
	plan.OpSample: {sql: "(CASE WHEN isnan({1}) AND {0} IS NOT NULL THEN false ELSE ('0x' || left(md5({name} || {0}), 8))::UBIGINT::DOUBLE * 1e2 < {1} * 4294967296e0 END)"},
}

// nullTest: a column's NULL is null; that of another node is ⊥.
func nullTest(e *plan.Expr) string {
	a := e.Args[0]
	switch {
	case a.MayNull && !a.MayBottom:
		return "({0} IS NULL)"
	case a.MayNull:
		return "(CASE WHEN {0} IS NOT NULL THEN false END)" // undecided is always allowed
	}
	return "(CASE WHEN {0} IS NOT NULL THEN false END)"
}

// between is strict, unlike AND: one ⊥ bound makes it ⊥. So does NaN.
func between(e *plan.Expr) string {
	var guards []string
	for i, a := range e.Args {
		x := "{" + strconv.Itoa(i) + "}"
		if a.Type.Kind == catalog.Double && !a.Facts.NoNaN {
			guards = append(guards, "isnan("+x+")")
		}
		if i > 0 && !a.Decided() {
			guards = append(guards, x+" IS NULL")
		}
	}
	bare := "({0} BETWEEN {1} AND {2})"
	if len(guards) == 0 {
		return bare
	}
	return "(CASE WHEN " + strings.Join(guards, " OR ") + " THEN NULL ELSE " + bare + " END)"
}

// atLeast counts the conditions that are TRUE and those that are open.
func atLeast(e *plan.Expr) string {
	var yes, open []string
	for i, a := range e.Args[1:] {
		x := "{" + strconv.Itoa(i+1) + "}"
		if a.Decided() {
			yes = append(yes, x+"::BIGINT")
			continue
		}
		yes = append(yes, "("+x+" IS NOT DISTINCT FROM true)::BIGINT")
		open = append(open, "("+x+" IS NULL)::BIGINT")
	}
	count := strings.Join(yes, " + ")
	if len(open) == 0 {
		return "(" + count + " >= {0})"
	}
	return "(CASE WHEN " + count + " >= {0} THEN true WHEN " + count + " + " + strings.Join(open, " + ") + " < {0} THEN false END)"
}

func secondsOf(us string) string {
	return strings.ReplaceAll(floorSeconds, "%s", us)
}

// moved adds a duration of whole microseconds. make_timestamptz needs no
// calendar, which adding an INTERVAL to a TIMESTAMPTZ does.
func moved(op string) template {
	us := "(epoch_us({0}) " + op + " {1} // 1000)"
	return guarded("make_timestamptz"+us, "CASE WHEN "+us+" BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamptz"+us+" END")
}

// diffTime is out of range where the nanoseconds are, and where cel-go's whole
// seconds times 1e9 are, which differs within a second of the limit.
func diffTime(e *plan.Expr) string {
	us := "(epoch_us({0}) - epoch_us({1}))"
	if !e.Op.Lookup().Bottom(e.Args) {
		return "(" + us + " * 1000)"
	}
	seconds := secondsOf("epoch_us({0})") + " - " + secondsOf("epoch_us({1})")
	return "CASE WHEN " + us + " BETWEEN -9223372036854775 AND 9223372036854775 AND (" + seconds +
		") BETWEEN -9223372036 AND 9223372036 THEN " + us + " * 1000 END"
}

// local is the calendar and clock of a zone at an instant, as a TIMESTAMP.
func local(x, zone string) string {
	if zone == "UTC" || zone == "" {
		return "make_timestamp(epoch_us(" + x + "))"
	}
	if hours, minutes, ok := strings.Cut(zone, ":"); ok {
		h, _ := strconv.Atoi(hours)
		m, _ := strconv.Atoi(minutes)
		if strings.HasPrefix(zone, "-") {
			m = -m
		}
		return "make_timestamp(epoch_us(" + x + ") + " + strconv.Itoa((h*60+m)*60) + "000000)"
	}
	return "timezone('" + strings.ReplaceAll(zone, "'", "''") + "', " + x + ")"
}

var timeParts = map[string]string{
	"year": "year(@)", "month0": "(month(@) - 1)", "yearday0": "(dayofyear(@) - 1)", "day0": "(day(@) - 1)", "day": "day(@)",
	"weekday0": "dayofweek(@)", "weekday": "isodow(@)", "hour": "hour(@)", "minute": "minute(@)", "second": "second(@)",
	"millisecond": "(millisecond(@) // 1 % 1000)",
}

func timePart(e *plan.Expr) string {
	part, zone, _ := strings.Cut(e.Name, "@")
	return strings.ReplaceAll(timeParts[part], "@", local("{0}", zone))
}

// durationPart follows Go's Duration.Hours and the like, double by double.
func durationPart(e *plan.Expr) string {
	units := map[string]time.Duration{"hours": time.Hour, "minutes": time.Minute, "seconds": time.Second}
	u, ok := units[e.Name]
	if !ok {
		return "({0} // 1000000)"
	}
	n := strconv.FormatInt(int64(u), 10)
	return "trunc(({0} // " + n + ")::DOUBLE + ({0} % " + n + ")::DOUBLE / " + n + "e0)::BIGINT"
}

// length is n units; the unit is the operator's parameter, in nanoseconds.
func length(e *plan.Expr) string {
	unit, _ := strconv.ParseInt(e.Name, 10, 64)
	if !e.MayBottom && e.Facts.Min != nil {
		return "({0}::BIGINT * " + e.Name + ")"
	}
	limit := strconv.FormatInt(math.MaxInt64/unit, 10)
	return "CASE WHEN {0} BETWEEN -" + limit + " AND " + limit + " THEN {0}::BIGINT * " + e.Name + " END"
}
