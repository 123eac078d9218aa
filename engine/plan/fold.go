package plan

import (
	"sync"
	"unicode/utf8"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/functions"
	"cel.dev/cel-go/common/stdlib"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/celenv"
)

func validText(s string) bool { return utf8.ValidString(s) }

// standard are cel-go's own implementations, by overload id and by function
// where one implementation serves all overloads.
var standard = sync.OnceValue(func() map[string]*functions.Overload {
	m := map[string]*functions.Overload{}
	for _, f := range stdlib.Functions() {
		impls, err := f.Bindings()
		if err != nil {
			continue
		}
		for _, o := range impls {
			m[o.Operator] = o
		}
	}
	return m
})

// ours are the implementations of our functions, by overload id.
var ours = sync.OnceValue(func() map[string]celenv.Function {
	m := map[string]celenv.Function{}
	for _, f := range celenv.RowFunctions() {
		m[f.Overload] = f
	}
	return m
})

// fold calls cel-go's implementation where all operands are constant values,
// so that a constant means what cel-go says; nil where it cannot.
func (l *lowerer) fold(function, id string, operands []ast.Expr) ref.Val {
	args := make([]ref.Val, len(operands))
	for i, o := range operands {
		if args[i] = l.constant(o); args[i] == nil {
			return nil
		}
	}
	for _, a := range args { // implementations take values alone
		if types.IsUnknownOrError(a) {
			return a
		}
		if a == types.NullValue {
			return types.NewErr("%s of null", function)
		}
	}
	if f, ok := ours()[id]; ok && f.Impl != nil && !f.NonStrict {
		return f.Impl(l.zone, args)
	}
	impl := standard()[id]
	if impl == nil {
		impl = standard()[function]
	}
	switch {
	case impl == nil:
	case len(args) == 1 && impl.Unary != nil:
		return impl.Unary(args[0])
	case len(args) == 2 && impl.Binary != nil:
		return impl.Binary(args[0], args[1])
	case impl.Function != nil:
		return impl.Function(args...)
	}
	return nil
}

// constant gives the CEL value of a literal, a parameter, or a call that folds.
func (l *lowerer) constant(e ast.Expr) ref.Val {
	if r := l.ast.ReferenceMap()[e.ID()]; r != nil && r.Value != nil {
		return r.Value
	}
	switch e.Kind() {
	case ast.LiteralKind:
		return e.AsLiteral()
	case ast.CallKind:
		c := e.AsCall()
		ids := l.ast.GetOverloadIDs(e.ID())
		if len(ids) != 1 {
			return nil
		}
		operands := c.Args()
		if c.IsMemberFunction() {
			operands = append([]ast.Expr{c.Target()}, operands...)
		}
		if _, known := rules[ids[0]]; known || foldable[ids[0]] {
			return l.fold(c.FunctionName(), ids[0], operands)
		}
	}
	return nil
}

// foldable are overloads that have no operator and are known for constants:
// readings of text.
var foldable = map[string]bool{
	"string_to_timestamp": true, "string_to_duration": true, celenv.DateString: true,
	"string_to_int64": true, "string_to_double": true, "string_to_bool": true, "double_to_string": true,
}
