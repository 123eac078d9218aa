package celenv

import (
	"strconv"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// withNow makes a macro that adds the as-of instant as the last argument:
// age(t) is age(t, now).
func withNow(function string) cel.Macro {
	return cel.GlobalMacro(function, 1, func(f cel.MacroExprFactory, _ ast.Expr, a []ast.Expr) (ast.Expr, *cel.Error) {
		return f.NewCall(function, a[0], f.NewIdent("now")), nil
	})
}

// withKey makes sample(salt, p) into sample(string(entity.key), salt, p), and
// a whole p into a double.
func withKey(entity, key string) cel.Macro {
	return cel.GlobalMacro("sample", 2, func(f cel.MacroExprFactory, _ ast.Expr, a []ast.Expr) (ast.Expr, *cel.Error) {
		of := f.NewCall("string", f.NewSelect(f.NewIdent(entity), key))
		if salt, ok := literal[types.String](a[0]); ok && salt == "" {
			return nil, f.NewError(a[0].ID(), "sample() needs a text of its own, or two samples are the same people: sample('spring mail', 10.0)")
		}
		percent := a[1]
		if n, ok := literal[types.Int](percent); ok {
			percent = f.NewLiteral(types.Double(n))
		}
		if p, ok := literal[types.Double](percent); ok && !(p >= 0 && p <= 100) {
			return nil, f.NewError(a[1].ID(), "sample() takes how many of a hundred, from 0 to 100: sample('spring mail', 10.0) is a tenth")
		}
		return f.NewCall("sample", of, a[0], percent), nil
	})
}

// noKey says that sample needs a key.
func noKey() cel.Macro {
	return cel.GlobalMacro("sample", 2, func(f cel.MacroExprFactory, _ ast.Expr, a []ast.Expr) (ast.Expr, *cel.Error) {
		return nil, f.NewError(a[0].ID(), "sample() chooses rows by their key, and these rows have none")
	})
}

// fewConditions limits atLeast to the overloads there are.
func fewConditions() cel.Macro {
	return cel.GlobalVarArgMacro("atLeast", func(f cel.MacroExprFactory, _ ast.Expr, a []ast.Expr) (ast.Expr, *cel.Error) {
		if len(a) < 2 {
			return nil, f.NewError(0, "atLeast() needs a number and at least one condition: atLeast(2, a, b, c)")
		}
		if len(a)-1 > MaxConditions {
			return nil, f.NewError(a[MaxConditions+1].ID(), "atLeast() takes at most "+strconv.Itoa(MaxConditions)+" conditions")
		}
		return nil, nil
	})
}

// literal gives the value of a literal of a type.
func literal[T any](e ast.Expr) (T, bool) {
	if e.Kind() != ast.LiteralKind {
		var none T
		return none, false
	}
	v, ok := e.AsLiteral().(T)
	return v, ok
}
