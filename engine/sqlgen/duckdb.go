package sqlgen

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// DuckDB is the dialect of DuckDB 1.5. Sessions run with TimeZone 'UTC'.
type DuckDB struct{}

// Name is for people.
func (DuckDB) Name() string { return "DuckDB 1.5" }

// Constant writes a constant. Doubles have an exponent, else DuckDB reads a
// decimal; times are whole microseconds, as plan sees to.
func (DuckDB) Constant(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool:
		if v {
			return "true"
		}
		return "false"
	case int64:
		return sqltext.Int(v)
	case uint64:
		return strconv.FormatUint(v, 10) + "::UBIGINT"
	case float64:
		switch {
		case v != v:
			return "'nan'::DOUBLE"
		case math.IsInf(v, 1):
			return "'infinity'::DOUBLE"
		case math.IsInf(v, -1):
			return "'-infinity'::DOUBLE"
		}
		s := strconv.FormatFloat(v, 'e', -1, 64)
		if strings.HasPrefix(s, "-") {
			return "'" + s + "'::DOUBLE"
		}
		return s
	case string:
		return sqltext.Literal(v)
	case []byte:
		var b strings.Builder
		for _, c := range v {
			fmt.Fprintf(&b, `\x%02X`, c)
		}
		return "'" + b.String() + "'::BLOB"
	case time.Time:
		return "'" + v.UTC().Format("2006-01-02 15:04:05.999999") + "+00'::TIMESTAMPTZ"
	case time.Duration:
		return sqltext.Int(int64(v)) + "::BIGINT"
	}
	return fmt.Sprintf("error('constant of type %T')", v)
}

var duckTypes = map[catalog.Kind]string{
	catalog.Bool: "BOOLEAN", catalog.Int: "BIGINT", catalog.Uint: "UBIGINT", catalog.Double: "DOUBLE", catalog.String: "VARCHAR",
	catalog.Bytes: "BLOB", catalog.Timestamp: "TIMESTAMPTZ", catalog.Duration: "BIGINT",
}

// Typed casts to the SQL type of the node's kind.
func (DuckDB) Typed(e *plan.Expr, sql string) string {
	return "(" + sql + ")::" + duckType(e.Type)
}

// duckTables are the tables of templates.
var duckTables = []map[plan.Op]template{duckOperators, duckTexts, duckLists, duckAggregates, duckUints, duckFormats, duckTextTimes, duckOrders}

// Operator applies the template of an operator.
func (DuckDB) Operator(e *plan.Expr, operands []string) (string, error) {
	var t template
	ok := false
	for _, table := range duckTables {
		if t, ok = table[e.Op]; ok {
			break
		}
	}
	if !ok {
		return "", fmt.Errorf("operator %s has no SQL in DuckDB", e.Op)
	}
	text := t.sql
	if t.pick != nil {
		text = t.pick(e)
	}
	return fill(text, e, operands), nil
}

// fill puts operands and the parameter into a template: {0}, {1}, {rest} for
// those from the second on, {name} for the parameter as a text constant.
func fill(template string, e *plan.Expr, operands []string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(template, '{')
		if open < 0 {
			b.WriteString(template)
			return b.String()
		}
		end := open + strings.IndexByte(template[open:], '}')
		b.WriteString(template[:open])
		switch key := template[open+1 : end]; key {
		case "name":
			b.WriteString(sqltext.Literal(e.Name))
		case "rest":
			b.WriteString(strings.Join(operands[1:], ", "))
		default:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(operands) {
				panic("sqlgen: template of " + string(e.Op) + " names operand {" + key + "}")
			}
			b.WriteString(operands[i])
		}
		template = template[end+1:]
	}
}

// Fixed: round(x·1e9) in 128 bits; small values fit into 64 bits, which is half
// the cost.
func (DuckDB) Fixed(value string, small bool) string {
	if small {
		return fmt.Sprintf("round(%s * 1e9)::BIGINT", value)
	}
	return fmt.Sprintf("CASE WHEN abs(%s) < 1e20 THEN round(%s * 1e9)::HUGEINT END", value, value)
}

// FixedSum: the sum S is (S // 1e9) + (S % 1e9)/1e9.
func (DuckDB) FixedSum(value, fixed, filter string) string {
	sum := "coalesce(sum(" + only(fixed, filter) + "), 0)::HUGEINT"
	return fmt.Sprintf("CASE WHEN count(%s) = count(%s) THEN (%s // 1000000000)::DOUBLE + (%s %% 1000000000)::DOUBLE / 1e9 END", only(value, filter), only(fixed, filter), sum, sum)
}

// SmallSum: nothing can be out of range, so nothing is counted.
func (DuckDB) SmallSum(fixed, filter string, narrow bool) string {
	sum := "coalesce(sum(" + masked(fixed, filter) + "), 0)"
	if narrow {
		sum += "::BIGINT"
	}
	return fmt.Sprintf("(%s // 1000000000)::DOUBLE + (%s %% 1000000000)::DOUBLE / 1e9", sum, sum)
}

// Hundredths: a whole number that stays a double, whose sums are exact in 53
// bits and take half the memory of a sum in 128 bits.
func (DuckDB) Hundredths(value string) string { return "round(" + value + " * 1e2)" }

// HundredthsSum: the whole part and the rest, without a remainder of doubles,
// which costs as much as the sum. Below 2^50 no quotient rounds up to the next
// whole number.
func (DuckDB) HundredthsSum(sum string) string {
	return fmt.Sprintf("trunc(%s / 1e2) + (%s - trunc(%s / 1e2) * 1e2) / 1e2", sum, sum, sum)
}

// Unpack: the sum is below 2^53, so that it is a BIGINT to the last bit.
func (DuckDB) Unpack(sum string, shift, width int) string {
	return fmt.Sprintf("((%s::BIGINT >> %d) & %d)", sum, shift, int64(1)<<width-1)
}

// masked is a value, 0 where a condition is not true. In a GROUP BY that is
// cheaper than FILTER, which takes the rows of each aggregate apart.
func masked(value, filter string) string {
	if filter == "" {
		return value
	}
	return "CASE WHEN " + filter + " THEN " + value + " ELSE 0 END"
}

// only is a value, NULL where a condition is not true: for aggregates that leave NULL
// out. FILTER takes the rows of all that the query aggregates apart, for each aggregate
// again: 500 sums of 200,000 rows cost 173 s of processor time with it, and 3.5 s so.
func only(value, filter string) string {
	if filter == "" {
		return value
	}
	return "CASE WHEN " + filter + " THEN " + value + " END"
}

// Quantile: quantile_cont computes lo·(1-d) + hi·d with d from (n-1)·(p/100),
// which is (n-1)·p/100 to the last bit only where p/100 is a binary fraction;
// else the sorted list is read at h.
func (DuckDB) Quantile(value, filter string, p float64) string {
	v := "(" + value + ")::DOUBLE"
	if f := p / 100; f*4 == math.Trunc(f*4) {
		return fmt.Sprintf("quantile_cont(%s, %s)", only(v, filter), DuckDB{}.Constant(f))
	}
	notNull := value + " IS NOT NULL"
	if filter != "" {
		notNull = filter + " AND " + notNull
	}
	return fmt.Sprintf(`list_transform([list_sort(list(%s)%s)], lambda s: list_transform([(len(s) - 1)::DOUBLE * %s / 1e2], lambda h:
    CASE WHEN h = floor(h) THEN s[h::BIGINT + 1] ELSE s[floor(h)::BIGINT + 1] * (1e0 - (h - floor(h))) + s[floor(h)::BIGINT + 2] * (h - floor(h)) END)[1])[1]`,
		v, where(notNull), DuckDB{}.Constant(p))
}

// First: arg_min leaves out rows whose value is NULL, so the value is wrapped. It
// loses the sign of -0.0, which is kept beside the value.
func (DuckDB) First(value string, order []string, last, double bool, filter string) string {
	keys := make([]string, 0, 2*len(order))
	for _, column := range order {
		keys = append(keys, column+" IS NULL", column)
	}
	name := "arg_min"
	if last {
		name = "arg_max"
	}
	found := func(pack string) string {
		return name + "(struct_pack(" + pack + "), row(" + strings.Join(keys, ", ") + "))" + where(filter)
	}
	if !double {
		return "(" + found("v := "+value) + ").v"
	}
	row := "(" + found("v := "+value+", minus := signbit("+value+")") + ")"
	return "(CASE WHEN " + row + ".minus AND " + row + ".v = 0 THEN '-0'::DOUBLE ELSE " + row + ".v END)"
}

// Top: a histogram, sorted by falling count and then by value.
func (DuckDB) Top(value, filter string, n int64) string {
	return fmt.Sprintf(`list_transform(list_slice(list_sort(list_transform(map_entries(histogram(%s)), lambda e: {c: -(e.value::BIGINT), v: e.key})), 1, %d), lambda e: {value: e.v, n: -e.c})`,
		only(value, filter), n)
}

func where(filter string) string {
	if filter == "" {
		return ""
	}
	return " FILTER (WHERE " + filter + ")"
}
