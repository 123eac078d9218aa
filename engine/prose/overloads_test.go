package prose

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// inside are functions that no rule calls: macros become them, and the words
// are those of the macro.
var inside = map[string]string{
	"@not_strictly_false":    "all and exists",
	"__not_strictly_false__": "all and exists, formerly",
	"@sortByAssociatedKeys":  "sortBy",
	"cel.@block":             "nothing that is written",
	"@truth":                 "sequence",
	"@event":                 "sequence",
	"sequence":               "sequence with steps, which testdata/sentences.txt has",
	"in":                     "nobody: the operator is @in",
}

// TestEveryOverloadHasWords calls every overload of every function that a rule
// or a persona may call, and looks for those that are only quoted.
func TestEveryOverloadHasWords(t *testing.T) {
	w, env := fixture(t)
	var all []string
	for name := range env.Functions() {
		all = append(all, name)
	}
	sort.Strings(all)
	seen := 0
	for _, name := range all {
		if inside[name] != "" {
			continue
		}
		for _, o := range env.Functions()[name].OverloadDecls() {
			seen++
			text, ok := call(w, name, o.IsMemberFunction(), o.ArgTypes(), o.ResultType())
			if !ok || text == "" || strings.Contains(text, "`") || strings.Contains(text, "{") {
				t.Errorf("%s (%s) has no words: %q. Give it a line in wording.go.", name, o.ID(), text)
			}
			for i := range o.ArgTypes() {
				operand := fmt.Sprintf("X%d", i)
				unsaid := name == "weekdayOf" || (name == "age" || name == "daysSince") && i == 1 || name == "sample" && i == 0 || name == "reached" && i == 2 || name == "_?._" && i == 1
				if !unsaid && !strings.Contains(text, operand) {
					t.Errorf("%s (%s) does not say its operand %d: %q", name, o.ID(), i, text)
				}
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d overloads were looked at", seen)
	}
	if text, ok := call(w, "nobody_knows_this", false, []*types.Type{types.IntType}, types.BoolType); ok {
		t.Errorf("a function without words is said: %q", text)
	}
}

// call says a call whose operands are called X0, X1, X2.
func call(w *Writer, name string, member bool, operands []*types.Type, result *types.Type) (string, bool) {
	fac := ast.NewExprFactory()
	typeOf := map[int64]*types.Type{100: result}
	args := make([]ast.Expr, len(operands))
	s := w.start("customer", nil)
	s.bound = map[string]noun{}
	for i, t := range operands {
		variable := fmt.Sprintf("x%d", i)
		args[i] = fac.NewIdent(int64(i+1), variable)
		typeOf[int64(i+1)] = t
		s.bound[variable] = noun{text: fmt.Sprintf("X%d", i)}
	}
	e := fac.NewCall(100, name, args...)
	if member {
		e = fac.NewMemberCall(100, name, args[0], args[1:]...)
	}
	s.tree = ast.NewCheckedAST(ast.NewAST(e, ast.NewSourceInfo(nil)), typeOf, nil)
	var text string
	if isBool(result) {
		text, _ = s.condition(e, false)
		no, _ := s.condition(e, true)
		if no == text {
			return text + " means the same as its opposite", false
		}
	} else {
		text = s.value(e).text
	}
	return text, !*s.lost
}
