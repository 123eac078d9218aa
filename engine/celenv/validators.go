package celenv

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/overloads"
)

// guarded is one of cel-go's validators, asked only where an expression has
// what it looks at. Each builds a tree of its own over every expression, which
// was a third of all checking; most rules hold nothing for any of them.
type guarded struct {
	cel.ASTValidator
	needed func(e ast.Expr) bool // whether the node is of interest
}

// Configure passes on what the validator wants to tell the others.
func (g guarded) Configure(c cel.MutableValidatorConfig) error {
	if v, ok := g.ASTValidator.(cel.ASTValidatorConfigurer); ok {
		return v.Configure(c)
	}
	return nil
}

// Validate asks the validator where any node is of interest.
func (g guarded) Validate(env *cel.Env, c cel.ValidatorConfig, a *ast.AST, iss *cel.Issues) {
	found := false
	ast.PreOrderVisit(a.Expr(), ast.NewExprVisitor(func(e ast.Expr) { found = found || g.needed(e) }))
	if found {
		g.ASTValidator.Validate(env, c, a, iss)
	}
}

// guards say what the validators look at, by their names. One that is not here
// looks at every expression.
var guards = map[string]func(ast.Expr) bool{
	cel.ValidateTimestampLiterals().Name():            calls(overloads.TypeConvertTimestamp),
	cel.ValidateDurationLiterals().Name():             calls(overloads.TypeConvertDuration),
	cel.ValidateRegexLiterals().Name():                calls(overloads.Matches),
	cel.ValidateHomogeneousAggregateLiterals().Name(): mayBeMixed,
	"cel.validator.string_format":                     calls("format"), // of the strings library
}

// guard replaces the validators by those that are asked only where needed: of
// two with one name, an environment keeps the second.
func guard(validators []cel.ASTValidator) cel.EnvOption {
	var out []cel.ASTValidator
	for _, v := range validators {
		if needed := guards[v.Name()]; needed != nil {
			v = guarded{v, needed}
		}
		out = append(out, v)
	}
	return cel.ASTValidators(out...)
}

func calls(function string) func(ast.Expr) bool {
	return func(e ast.Expr) bool { return e.Kind() == ast.CallKind && e.AsCall().FunctionName() == function }
}

// mayBeMixed is false where all is certainly of one type: no map is written,
// and lists only of literals of one type. All else is for the validator.
func mayBeMixed(e ast.Expr) bool {
	if e.Kind() != ast.ListKind {
		return e.Kind() == ast.MapKind
	}
	elements := e.AsList().Elements()
	for _, x := range elements {
		if x.Kind() != ast.LiteralKind || x.AsLiteral().Type() != elements[0].AsLiteral().Type() {
			return true
		}
	}
	return len(e.AsList().OptionalIndices()) > 0
}

// ReadsLiterals says whether a validator looks at what is written in a call of the
// function: at the literals themselves, not only at their types.
func ReadsLiterals(function string) bool {
	switch function {
	case overloads.TypeConvertTimestamp, overloads.TypeConvertDuration, overloads.Matches, "format", "date":
		return true
	}
	return false
}
