package plan

import (
	"cel.dev/cel-go/common/overloads"

	"personae/engine/catalog"
)

// uintRules are the rules of unsigned integers, which are compared with ints as
// whole numbers and with doubles as doubles.
func uintRules() map[string]rule {
	rules := map[string]rule{
		overloads.AddUint64: strict(OpAddUint), overloads.SubtractUint64: strict(OpSubUint), overloads.MultiplyUint64: strict(OpMulUint),
		overloads.DivideUint64: strict(OpDivUint), overloads.ModuloUint64: strict(OpModUint),
		overloads.UintToUint: identity, overloads.IntToUint: strict(OpIntToUint), overloads.DoubleToUint: strict(OpDoubleToUint), overloads.StringToUint: strict(OpStringToUint),
		overloads.UintToInt: strict(OpUintToInt), overloads.UintToDouble: strict(OpUintToDouble), overloads.UintToString: strict(OpIntToString),
		"math_abs_uint": identity, "math_@max_uint": identity, "math_@min_uint": identity, "math_@max_uint_uint": extreme(true), "math_@min_uint_uint": extreme(false),
		"math_sign_uint": {with: func(l *lowerer, _ string, a []*Expr) *Expr {
			return l.b.If(l.b.Eq(a[0], l.b.Const(uint64(0))), l.b.Decide(a[0]), l.b.Const(uint64(1)))
		}},
		"math_sqrt_uint":        {with: func(l *lowerer, _ string, a []*Expr) *Expr { return l.b.Strict(OpSqrt, "", l.toDouble(a[0])) }},
		"math_bitAnd_uint_uint": strict(OpBitAndUint), "math_bitOr_uint_uint": strict(OpBitOrUint), "math_bitXor_uint_uint": strict(OpBitXorUint),
		"math_bitNot_uint_uint": strict(OpBitNotUint), "math_bitShiftLeft_uint_int": strict(OpShiftLeftUint), "math_bitShiftRight_uint_int": strict(OpShiftRightUint),
	}
	for _, c := range []struct {
		rule rule
		ids  []string
	}{
		{compare(OpLt, false), []string{overloads.LessUint64, overloads.LessInt64Uint64, overloads.LessUint64Int64, overloads.LessDoubleUint64, overloads.LessUint64Double}},
		{compare(OpLe, false), []string{overloads.LessEqualsUint64, overloads.LessEqualsInt64Uint64, overloads.LessEqualsUint64Int64, overloads.LessEqualsDoubleUint64, overloads.LessEqualsUint64Double}},
		{compare(OpLt, true), []string{overloads.GreaterUint64, overloads.GreaterInt64Uint64, overloads.GreaterUint64Int64, overloads.GreaterDoubleUint64, overloads.GreaterUint64Double}},
		{compare(OpLe, true), []string{overloads.GreaterEqualsUint64, overloads.GreaterEqualsInt64Uint64, overloads.GreaterEqualsUint64Int64, overloads.GreaterEqualsDoubleUint64, overloads.GreaterEqualsUint64Double}},
	} {
		for _, id := range c.ids {
			rules[id] = c.rule
		}
	}
	return rules
}

// wide is a whole number that may be beyond an int: it is only compared.
func (l *lowerer) wide(x *Expr) *Expr {
	if x.Type.Kind != catalog.Uint {
		return x
	}
	return l.b.Strict(OpUintWide, "", x)
}
