package compile

import (
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// forms are the conditions that an environment has type-checked, without the numbers
// and texts that are written in them: customer.age >= 65 has the form of
// customer.age >= 18, and what the checker says of the one it says of the other. Rules
// ask the same few things of the same columns, and the checker is most of what it costs
// to check them. Nothing is kept of what was refused: it is checked, and said, each time.
type forms struct {
	mu    sync.RWMutex
	known map[string][]finding // by form.key; of each part, in the order of a visit
}

// finding is what the checker says of one part of a condition.
type finding struct {
	typ     *types.Type // nil where the part has gone into another, as the segment of segment.a
	ref     *ast.ReferenceInfo
	rewrite rewrite
	name    string // after the rewrite
}

// rewrite is what the checker makes of a part.
type rewrite uint8

const (
	asWritten  rewrite = iota
	toVariable         // segment.a is one variable
	toFunction         // sets.contains(x, y) is one function, and asks no variable sets
)

func newForms() *forms { return &forms{known: map[string][]finding{}} }

// check type-checks what the scope's parser made, as its environment would.
func (s *scope) check(parsed *cel.Ast) (*cel.Ast, *cel.Issues) {
	tree := parsed.NativeRep()
	x := formOf(tree.Expr())
	if found := s.forms.find(x); found != nil {
		*tree = *x.checked(tree, found)
		return parsed, nil
	}
	written := make([][]part, len(x.conditions)) // the checker changes them
	for i, e := range x.conditions {
		written[i] = partsOf(e)
	}
	checked, iss := s.env.Check(parsed)
	if iss.Err() == nil {
		s.forms.learn(x, written, checked.NativeRep())
	}
	return checked, iss
}

// find gives what is known of the conditions of an expression; nil where one is new.
func (f *forms) find(x *form) [][]finding {
	f.mu.RLock()
	defer f.mu.RUnlock()
	found := make([][]finding, len(x.conditions))
	for i := range x.conditions {
		if found[i] = f.known[string(x.key(i))]; found[i] == nil {
			return nil
		}
	}
	return found
}

// learn keeps what the checker said of conditions.
func (f *forms) learn(x *form, written [][]part, checked *ast.AST) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, parts := range written {
		found := make([]finding, len(parts))
		for j, p := range parts {
			found[j] = p.finding(checked)
		}
		f.known[string(x.key(i))] = found
	}
}

// part is a part of a condition as it was written.
type part struct {
	ast.Expr
	selects, asks bool // x.f and x.f()
}

func partsOf(e ast.Expr) []part {
	var out []part
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		out = append(out, part{e, e.Kind() == ast.SelectKind, e.Kind() == ast.CallKind && e.AsCall().IsMemberFunction()})
	}))
	return out
}

// finding reads off the checked tree what became of a part.
func (p part) finding(checked *ast.AST) finding {
	f := finding{typ: checked.TypeMap()[p.ID()], ref: checked.ReferenceMap()[p.ID()]}
	switch {
	case p.Kind() == ast.IdentKind:
		f.rewrite, f.name = toVariable, p.AsIdent()
	case p.asks && !p.AsCall().IsMemberFunction():
		f.rewrite, f.name = toFunction, p.AsCall().FunctionName()
	}
	return f
}

// checked is a tree of known conditions as the checker gives it.
func (x *form) checked(tree *ast.AST, found [][]finding) *ast.AST {
	n := len(x.joints)
	for _, f := range found {
		n += len(f)
	}
	typeOf, refOf := make(map[int64]*types.Type, n), make(map[int64]*ast.ReferenceInfo, n)
	for _, e := range x.joints {
		typeOf[e.ID()], refOf[e.ID()] = types.BoolType, joints[e.AsCall().FunctionName()]
	}
	for i, e := range x.conditions {
		left := found[i]
		ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
			f := left[0]
			left = left[1:]
			if f.typ != nil {
				typeOf[e.ID()] = f.typ
			}
			if f.ref != nil {
				refOf[e.ID()] = f.ref
			}
			f.apply(e)
		}))
	}
	return ast.NewCheckedAST(tree, typeOf, refOf)
}

// apply changes a part as the checker does.
func (f finding) apply(e ast.Expr) {
	switch f.rewrite {
	case toVariable:
		if e.Kind() != ast.IdentKind || e.AsIdent() != f.name {
			e.SetKindCase(factory.NewIdent(e.ID(), f.name))
		}
	case toFunction:
		e.SetKindCase(factory.NewCall(e.ID(), f.name, e.AsCall().Args()...))
	}
}

var factory = ast.NewExprFactory()

// joints are what conditions are joined by, and what the checker says of it: it takes
// each condition as it is, and concludes nothing from one about another.
var joints = map[string]*ast.ReferenceInfo{
	operators.LogicalAnd: ast.NewFunctionReference(overloads.LogicalAnd),
	operators.LogicalOr:  ast.NewFunctionReference(overloads.LogicalOr),
	operators.LogicalNot: ast.NewFunctionReference(overloads.LogicalNot),
}
