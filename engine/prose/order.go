package prose

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// turned is an operator with its sides exchanged, opposite what holds where it
// does not.
var (
	turned = map[string]string{
		operators.Less: operators.Greater, operators.Greater: operators.Less,
		operators.LessEquals: operators.GreaterEquals, operators.GreaterEquals: operators.LessEquals,
	}
	opposite = map[string]string{
		operators.Less: operators.GreaterEquals, operators.GreaterEquals: operators.Less,
		operators.Greater: operators.LessEquals, operators.LessEquals: operators.Greater,
	}
)

// orders are the words of < <= > >= by what is compared.
var (
	numberOrder = map[string]string{operators.Less: "less than ", operators.LessEquals: "at most ", operators.Greater: "more than ", operators.GreaterEquals: "at least "}
	countOrder  = map[string]string{operators.Less: "fewer than ", operators.LessEquals: "at most ", operators.Greater: "more than ", operators.GreaterEquals: "at least "}
	timeOrder   = map[string]string{operators.Less: "before ", operators.LessEquals: "no later than ", operators.Greater: "after ", operators.GreaterEquals: "no earlier than "}
	agoOrder    = map[string]string{operators.Less: "earlier than ", operators.LessEquals: "no later than ", operators.Greater: "later than ", operators.GreaterEquals: "no earlier than "}
	lengthOrder = map[string]string{operators.Less: "shorter than ", operators.LessEquals: "at most ", operators.Greater: "longer than ", operators.GreaterEquals: "at least "}
	textOrder   = map[string]string{operators.Less: "before ", operators.LessEquals: "no later than ", operators.Greater: "after ", operators.GreaterEquals: "no earlier than "}
)

// order says a < b and its kin. What is not less is at least as much, but for
// doubles, among which may be one that is not a number.
func (s *sentence) order(op string, a, b ast.Expr, not bool) string {
	if _, ok := s.literal(a); ok {
		if _, both := s.literal(b); !both {
			a, b, op = b, a, turned[op]
		}
	}
	mayBeNaN := isDouble(s.typeOf(a)) || isDouble(s.typeOf(b))
	if not && !mayBeNaN {
		op, not = opposite[op], false
	}
	x := s.value(a)
	if v, ok := s.literal(b); ok && x.count != nil && isWhole(s.typeOf(b)) && !not {
		return x.counted(countOrder[op], v, s)
	}
	y := s.valueBeside(b, a)
	words, is := textOrder, " sorts "
	switch s.typeOf(a).Kind() {
	case types.IntKind, types.UintKind, types.DoubleKind, types.DynKind:
		words, is = numberOrder, pick(not, " is not ", " is ")
	case types.TimestampKind:
		words, is = timeOrder, " is "
		if strings.HasSuffix(y.text, " ago") || strings.HasSuffix(y.text, " from now") {
			words = agoOrder
		}
	case types.DurationKind:
		words, is = lengthOrder, " is "
	}
	if x.verb != "" && isTime(s.typeOf(a)) && !not {
		return x.owned(x.verb) + " " + words[op] + y.side()
	}
	return x.side() + is + words[op] + y.side()
}

func isDouble(t *types.Type) bool { return t.Kind() == types.DoubleKind || t.Kind() == types.DynKind }
func isWhole(t *types.Type) bool  { return t.Kind() == types.IntKind }
func isTime(t *types.Type) bool   { return t.Kind() == types.TimestampKind }
