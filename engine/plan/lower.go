package plan

import (
	"fmt"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

// Scope is what the names of an expression stand for.
type Scope struct {
	Entity string           // the variable of rows
	Table  *catalog.Table   // its columns
	Tables []*catalog.Table // those that rules can reach from it; nil: none
	Zone   *time.Location   // of calendar days; nil is UTC
	// Traits are the computed fields of the entity, Names other variables
	// (segment.x, segmentation.y).
	Traits, Names map[string]*Expr
}

// Hole is a part of an expression that SQL cannot decide.
type Hole struct {
	Reason     string
	Start, End int // in code points of the expression
}

// Lower turns a checked expression into IR. What SQL cannot decide becomes an
// OpHole, and is listed.
func Lower(b *Builder, scope Scope, checked *cel.Ast) (*Expr, []Hole) {
	l := newLowerer(b, scope, checked)
	e := l.expr(l.ast.Expr())
	if hasNanos(e) {
		e = b.Hole("a time with nanoseconds", e.Type)
	}
	l.unlisted(e)
	return e, l.holes
}

func newLowerer(b *Builder, scope Scope, checked *cel.Ast) *lowerer {
	l := &lowerer{b: b, scope: scope, zone: scope.Zone, ast: checked.NativeRep(), bound: map[string]binding{}, instead: map[int64]*thing{}, unordered: map[int64]bool{}, frames: []frame{{owner: noOwner}}}
	if l.zone == nil {
		l.zone = time.UTC
	}
	return l
}

// unlisted lists the holes that the builder made: a rule that has one is not
// decided by SQL alone, whatever part of it that is.
func (l *lowerer) unlisted(e *Expr) {
	if len(l.holes) > 0 {
		return
	}
	within(e, map[*Expr]bool{}, func(x *Expr) {
		if x.Op == OpHole && len(l.holes) == 0 {
			start, end := l.span(l.ast.Expr())
			l.holes = append(l.holes, Hole{Reason: x.Name, Start: start, End: end})
		}
	})
}

type lowerer struct {
	b      *Builder
	scope  Scope
	zone   *time.Location
	ast    *ast.AST
	bound  map[string]binding // of macros
	frames []frame            // of the rows that are gone through; the first is the entity's
	beside bool               // a row was asked for that has no value where we are
	words  []string           // constant words of the mentions() being lowered
	shapes map[int64]shape    // of all parts, by id; made when first asked for
	holes  []Hole
	// instead is what operands are for the time being, by id: one side of a choice.
	instead map[int64]*thing
	// unordered are lists of which nobody asks for the order, by id.
	unordered map[int64]bool
	// structs are the types of structs that columns hold, by the names of their
	// records; made when first asked for.
	structs map[string]catalog.Type
}

// hole makes a ⊥ for e and notes why. The innermost says most: nothing is said
// of what has a hole inside already.
func (l *lowerer) hole(e ast.Expr, reason string) *Expr {
	start, end := l.span(e)
	for _, h := range l.holes {
		if h.Start >= start && h.End <= end {
			return l.b.Hole(h.Reason, l.typeOf(e))
		}
	}
	return l.note(e, l.b.Hole(reason, l.typeOf(e)))
}

// note lists a hole that a rule made.
func (l *lowerer) note(e ast.Expr, x *Expr) *Expr {
	if x.Op == OpHole {
		start, end := l.span(e)
		l.holes = append(l.holes, Hole{Reason: x.Name, Start: start, End: end})
	}
	return x
}

// span is where an expression and all of its parts stand.
func (l *lowerer) span(e ast.Expr) (start, end int) {
	start = -1
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(sub ast.Expr) {
		if r, ok := l.ast.SourceInfo().GetOffsetRange(sub.ID()); ok {
			if start < 0 || int(r.Start) < start {
				start = int(r.Start)
			}
			end = max(end, int(r.Stop))
		}
	}))
	return max(start, 0), end
}

// typeOf is the type that the checker gave a part; structs are those of columns.
func (l *lowerer) typeOf(e ast.Expr) catalog.Type {
	if l.structs == nil {
		l.structs = celenv.Structs(append([]*catalog.Table{l.scope.Table}, l.scope.Tables...))
	}
	return catalog.FromCELWith(l.ast.GetType(e.ID()), l.structs)
}

func (l *lowerer) expr(e ast.Expr) *Expr {
	if t := l.instead[e.ID()]; t != nil && t.value != nil {
		return t.value
	}
	if r := l.ast.ReferenceMap()[e.ID()]; r != nil && r.Value != nil {
		return l.value(e, r.Value)
	}
	if v := l.closed(e); v != nil {
		return l.value(e, v)
	}
	switch e.Kind() {
	case ast.LiteralKind:
		return l.value(e, e.AsLiteral())
	case ast.IdentKind:
		return l.ident(e)
	case ast.SelectKind:
		return l.selectField(e)
	case ast.CallKind:
		return l.call(e, e.AsCall())
	case ast.ComprehensionKind:
		return l.comprehension(e, e.AsComprehension())
	case ast.ListKind:
		return l.literalList(e)
	case ast.MapKind:
		return l.literalMap(e)
	}
	return l.hole(e, "this form of expression")
}

// value makes a constant of a CEL value.
func (l *lowerer) value(e ast.Expr, v ref.Val) *Expr {
	switch v := v.(type) {
	case types.Null:
		return l.b.Const(nil)
	case types.Bool:
		return l.b.Const(bool(v))
	case types.Int:
		return l.b.Const(int64(v))
	case types.Uint:
		return l.b.Const(uint64(v))
	case types.Double:
		return l.b.Const(float64(v))
	case types.String:
		if !validText(string(v)) {
			return l.hole(e, "text that is not Unicode")
		}
		return l.b.Const(string(v))
	case types.Bytes:
		return l.b.Const([]byte(v))
	case types.Timestamp:
		return l.b.Const(v.Time.UTC())
	case types.Duration:
		return l.b.Const(v.Duration)
	case *types.Err:
		return l.b.Bottom(v.Error(), l.typeOf(e))
	}
	return l.hole(e, fmt.Sprintf("constants of type %s", v.Type().TypeName()))
}

func (l *lowerer) ident(e ast.Expr) *Expr {
	if to, ok := l.bound[e.AsIdent()]; ok && to.thing != nil {
		x := l.single(to.thing)
		switch {
		case x == nil:
			return l.hole(e, "maps as values")
		case !l.known(to.frame):
			return l.hole(e, reasonBeside)
		}
		return x
	}
	if to, ok := l.bound[e.AsIdent()]; ok && to.value != nil {
		if !to.value.IsConst() && !l.known(to.frame) {
			return l.hole(e, reasonBeside)
		}
		return to.value
	} else if ok {
		return l.hole(e, "whole rows")
	}
	name := strings.TrimPrefix(e.AsIdent(), ".")
	if x, ok := l.scope.Names[name]; ok {
		if !l.known(0) {
			return l.hole(e, reasonBeside)
		}
		return x
	}
	if name == "now" {
		return l.b.Now()
	}
	return l.hole(e, name+" as a value")
}

// scalar says whether values of that kind are compiled.
func scalar(k catalog.Kind) bool {
	switch k {
	case catalog.Bool, catalog.Int, catalog.Double, catalog.String, catalog.Bytes, catalog.Timestamp, catalog.Duration, catalog.Uint, catalog.Null:
		return true
	}
	return false
}

// comprehension recognises cel.bind, and the loops of macros over relations and
// over lists that are values; other folds of lists are holes.
func (l *lowerer) comprehension(e ast.Expr, c ast.ComprehensionExpr) *Expr {
	if !isBind(c) {
		l.beside = false
		if x := l.unrolled(c); x != nil {
			return x
		}
		if x := l.quantifier(e, c); x != nil {
			return x
		}
		if x := l.loop(e, c); x != nil {
			return x
		}
		return l.hole(e, l.missing("going through lists"))
	}
	var result *Expr
	l.with(c.AccuVar(), l.binding(c.AccuInit()), func() { result = l.expr(c.Result()) })
	return result
}

func (l *lowerer) call(e ast.Expr, c ast.CallExpr) *Expr {
	switch c.FunctionName() {
	case operators.LogicalAnd:
		return l.b.And(l.truths(c.Args())...)
	case operators.LogicalOr:
		return l.b.Or(l.truths(c.Args())...)
	case operators.LogicalNot:
		return l.b.Not(l.truth(c.Args()[0]))
	case operators.Conditional:
		return l.conditional(e, c.Args())
	case "dyn":
		if x := l.single(l.thing(c.Args()[0])); x != nil {
			return x
		}
		return l.hole(e, "maps as values")
	case operators.Equals:
		return l.equal(e, c.Args())
	case operators.NotEquals:
		return l.b.Not(l.equal(e, c.Args()))
	case operators.In:
		return l.in(e, c.Args())
	case "orValue", "hasValue", "value":
		return l.optional(e, c)
	case "format":
		return l.format(e, c)
	}
	operands := c.Args()
	if c.IsMemberFunction() {
		operands = append([]ast.Expr{c.Target()}, operands...)
	}
	ids := l.ast.GetOverloadIDs(e.ID())
	if c.FunctionName() != operators.Index && (len(ids) != 1 || l.dynamic(operands)) {
		return l.dispatch(e, c, ids, operands)
	}
	if x := l.aggregate(e, c, ids[0]); x != nil {
		return x
	}
	if x := l.sequence(e, c, ids[0]); x != nil {
		return x
	}
	if x := l.weeksActive(e, c, ids[0]); x != nil {
		return x
	}
	return l.strictCall(e, c, ids[0])
}

// conditional is c ? a : b.
func (l *lowerer) conditional(e ast.Expr, operands []ast.Expr) *Expr {
	cond, a := l.truth(operands[0]), l.exprs(operands[1:])
	x, y := l.b.alike(a[0], a[1])
	for _, b := range a {
		if b.Op == OpHole || b.Op == OpBottom || b.Type.Kind == catalog.Null {
			return l.b.If(cond, x, y)
		}
	}
	if _, ok := common(x.Type, y.Type); !ok {
		return l.hole(e, "results of two types")
	}
	return l.b.If(cond, x, y)
}

func (l *lowerer) exprs(list []ast.Expr) []*Expr {
	out := make([]*Expr, len(list))
	for i, e := range list {
		out[i] = l.expr(e)
	}
	return out
}

// strictCall lowers a call by its overload id: folded if all operands are
// constants, else by the table.
func (l *lowerer) strictCall(e ast.Expr, c ast.CallExpr, id string) *Expr {
	operands := c.Args()
	if c.IsMemberFunction() {
		operands = append([]ast.Expr{c.Target()}, operands...)
	}
	if v := l.fold(c.FunctionName(), id, operands); v != nil {
		return l.value(e, v)
	}
	if strings.HasPrefix(id, celenv.AtLeastPrefix) {
		return l.atLeast(operands)
	}
	r, known := rules[id]
	if !known {
		if x := l.writtenCall(e, c, id); x != nil {
			return x
		}
		if x := l.valueCall(e, c, id, operands); x != nil {
			return x
		}
		if len(operands) > 0 && operands[0].Kind() == ast.CallKind { // the innermost says most: split() of split().size()
			if x := l.expr(operands[0]); x.Op == OpHole {
				return l.b.Hole(x.Name, l.typeOf(e))
			}
		}
		return l.hole(e, c.FunctionName()+"()")
	}
	if id == celenv.MentionsWords {
		l.words = constWords(operands[1])
		defer func() { l.words = nil }()
		operands = operands[:1]
	}
	args := l.exprs(operands)
	for _, a := range args {
		switch {
		case a.Op == OpHole:
			return l.b.Hole(a.Name, l.typeOf(e)) // listed where it stands
		case a.Op == OpBottom && a.Type.Kind == catalog.Dyn: // an error without a type: SQL compares it with nothing
			return l.b.Bottom(a.Name, l.typeOf(e))
		}
	}
	if r.with != nil {
		return l.note(e, r.with(l, r.name, args))
	}
	for _, a := range args {
		if hasNanos(a) {
			return l.hole(e, "a time with nanoseconds")
		}
	}
	return l.b.Strict(r.op, r.name, args...)
}

func (l *lowerer) atLeast(operands []ast.Expr) *Expr {
	args := l.exprs(operands)
	x := Expr{Op: OpAtLeast, Type: boolean, Args: args}
	for _, a := range args {
		x.MayBottom = x.MayBottom || !a.Decided()
	}
	return l.b.intern(x)
}
