package plan

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

// rowList is a list that CEL makes from a relation, as conditions on its rows.
type rowList struct {
	path  []*catalog.Table
	via   []Lookup // the references that lead to its owner
	owner int      // the frame of its owner, or noOwner
	// keep is TRUE where the row is in the list and FALSE where it is not. ⊥: an
	// error of a step, which makes the whole list ⊥.
	keep *Expr
	elem *Expr // the element, never ⊥ where keep is TRUE; nil: a row
	// row is the row that the element is, reached from the list's own; nil: that itself.
	row *rowRef
	// needs are values of the owner without which the list is ⊥, whether it has
	// rows or not.
	needs    []*Expr
	distinct bool
	over     *Expr      // an OpGap: the list is of what lies between rows
	between  *wholeGaps // what is known of all of them
}

// list lowers a list of related rows, or of values of them; nil where it is
// another list. Holes inside it are listed.
func (l *lowerer) list(e ast.Expr) *rowList {
	switch e.Kind() {
	case ast.IdentKind:
		list := l.bound[e.AsIdent()].list
		if list != nil && list.owner != noOwner && !l.known(list.owner) {
			l.beside = true
			return nil
		}
		return list
	case ast.SelectKind:
		if s := e.AsSelect(); !s.IsTestOnly() {
			return l.relation(s.Operand(), s.FieldName())
		}
	case ast.ComprehensionKind:
		return l.steps(e.AsComprehension())
	case ast.CallKind:
		return l.listCall(e, e.AsCall())
	}
	return nil
}

// relation is the list of all rows of a relation.
func (l *lowerer) relation(operand ast.Expr, name string) *rowList {
	row := l.row(operand)
	if row == nil {
		return nil
	}
	for _, t := range l.scope.Tables {
		if t.Of != "" && t.Of == row.tables[0].Entity && t.Name == name && row.tables[0].Key != "" {
			list := &rowList{path: append([]*catalog.Table{t}, row.tables...), via: row.via, owner: row.frame, keep: l.b.Const(true)}
			if len(row.via) > 0 {
				list.owner = noOwner
			}
			return list
		}
	}
	return nil
}

// listCall lowers within, before, between and distinct.
func (l *lowerer) listCall(e ast.Expr, c ast.CallExpr) *rowList {
	ids := l.ast.GetOverloadIDs(e.ID())
	if len(ids) != 1 || !c.IsMemberFunction() {
		return nil
	}
	switch ids[0] {
	case "list_distinct":
		list := l.list(c.Target())
		if list == nil || list.elem == nil {
			return nil
		}
		out := *list
		out.distinct = true
		return &out
	}
	list := l.list(c.Target())
	if list == nil || list.elem != nil || list.row != nil || list.distinct {
		return nil
	}
	if ids[0] == celenv.RelationOverload("gaps", list.path[0].Entity) {
		return l.gaps(list)
	}
	for _, name := range []string{"within", "before", "between"} {
		if ids[0] == celenv.RelationOverload(name, list.path[0].Entity) {
			return l.window(list, name, c.Args())
		}
	}
	return nil
}

// window keeps the rows of a span of time before now.
func (l *lowerer) window(list *rowList, name string, args []ast.Expr) *rowList {
	out := *list
	at := l.b.Column(list.path[0], list.path[0].Column(list.path[0].Time))
	var ends []*Expr
	for _, a := range args {
		var d *Expr
		l.inside(list, func() { d = l.expr(a) })
		if d.Op == OpHole || !d.Facts.Micros {
			return nil
		}
		if !d.Decided() {
			out.needs = append(append([]*Expr{}, out.needs...), l.b.Decide(d))
		}
		ends = append(ends, l.b.Strict(OpSubTime, "", l.b.Now(), d))
	}
	var in *Expr
	switch name {
	case "within":
		in = l.b.Strict(OpLt, "", ends[0], at)
		if !l.b.past(list.path[0]) {
			in = l.b.And(in, l.b.Strict(OpLe, "", at, l.b.Now()))
		}
	case "before":
		in = l.b.Strict(OpLe, "", at, ends[0])
	default:
		in = l.b.And(l.b.Strict(OpLt, "", ends[0], at), l.b.Strict(OpLe, "", at, ends[1]))
	}
	out.keep = l.b.then(list.keep, in)
	return &out
}

// steps lowers filter and map, which CEL expands to loops that build a list.
func (l *lowerer) steps(c ast.ComprehensionExpr) *rowList {
	pred, elem, ok := listSteps(c)
	if !ok {
		return nil
	}
	list := l.list(c.IterRange())
	if list == nil || list.distinct {
		return nil
	}
	out := *list
	l.each(list, c.IterVar(), func() {
		if pred != nil {
			p := l.expr(pred)
			if ok = p.Op != OpHole; !ok {
				return
			}
			out.keep = l.b.then(out.keep, l.b.Decide(p))
		}
		if isIdent(elem, c.IterVar()) {
			return
		}
		if row := l.row(elem); row != nil && len(row.via) > 0 && row.frame == len(l.frames)-1 {
			out.keep, out.row = l.b.then(out.keep, l.b.If(l.present(row), l.b.Const(true), l.b.Bottom("there is no such row", boolean))), row
			return
		}
		m := l.expr(elem)
		if ok = m.Op != OpHole && scalar(m.Type.Kind) && m.Type.Kind != catalog.Null && !hasNanos(m); !ok {
			return
		}
		out.keep, out.elem = l.b.then(out.keep, l.b.notBottom(m)), m
	})
	if !ok {
		return nil
	}
	return &out
}

// listSteps takes the loop of filter or map apart: the condition, nil for
// none, and what is put into the list.
func listSteps(c ast.ComprehensionExpr) (pred, elem ast.Expr, ok bool) {
	if c.HasIterVar2() || c.AccuInit().Kind() != ast.ListKind || c.AccuInit().AsList().Size() != 0 || !isIdent(c.Result(), c.AccuVar()) || !isTrue(c.LoopCondition()) {
		return nil, nil, false
	}
	step := c.LoopStep()
	if args := callOf(step, operators.Conditional); args != nil && isIdent(args[2], c.AccuVar()) {
		pred, step = args[0], args[1]
	}
	args := callOf(step, operators.Add)
	if args == nil || !isIdent(args[0], c.AccuVar()) || args[1].Kind() != ast.ListKind || args[1].AsList().Size() != 1 {
		return nil, nil, false
	}
	return pred, args[1].AsList().Elements()[0], true
}

func callOf(e ast.Expr, function string) []ast.Expr {
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != function {
		return nil
	}
	return e.AsCall().Args()
}

func isIdent(e ast.Expr, name string) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == name }

func isTrue(e ast.Expr) bool {
	return e.Kind() == ast.LiteralKind && e.AsLiteral() == types.True
}

// quantifier lowers exists, all and exists_one over a relation; nil where the
// loop is another.
func (l *lowerer) quantifier(e ast.Expr, c ast.ComprehensionExpr) *Expr {
	name, pred := quantified(c)
	if name == "" {
		return nil
	}
	list := l.list(c.IterRange())
	if list == nil || list.distinct && name == "exists_one" {
		return nil
	}
	var p *Expr
	l.each(list, c.IterVar(), func() { p = l.expr(pred) })
	if p.Op == OpHole {
		return l.b.Hole(p.Name, boolean)
	}
	p = l.b.Decide(p)
	switch name {
	case "all":
		return l.b.Not(l.exists(list, l.b.Not(p)))
	case "exists":
		return l.exists(list, p)
	}
	one := *list
	one.keep = l.b.then(list.keep, p)
	return l.b.Strict(OpEq, "", l.folded(&one, FoldSize, 0), l.b.Const(int64(1)))
}

// quantified tells which macro a loop comes from, and gives its condition.
func quantified(c ast.ComprehensionExpr) (name string, pred ast.Expr) {
	accu := c.AccuVar()
	if c.HasIterVar2() || c.AccuInit().Kind() != ast.LiteralKind {
		return "", nil
	}
	if args := callOf(c.LoopStep(), operators.LogicalOr); args != nil && c.AccuInit().AsLiteral() == types.False && isIdent(args[0], accu) && isIdent(c.Result(), accu) {
		return "exists", args[1]
	}
	if args := callOf(c.LoopStep(), operators.LogicalAnd); args != nil && isTrue(c.AccuInit()) && isIdent(args[0], accu) && isIdent(c.Result(), accu) {
		return "all", args[1]
	}
	if args := callOf(c.LoopStep(), operators.Conditional); args != nil && c.AccuInit().AsLiteral() == types.IntZero && isIdent(args[2], accu) && callOf(c.Result(), operators.Equals) != nil {
		return "exists_one", args[0]
	}
	return "", nil
}

// exists is TRUE where p is for one element, and ⊥ where a step of the list is.
func (l *lowerer) exists(list *rowList, p *Expr) *Expr {
	f := Fold{Func: FoldExists, Path: list.path, Keep: list.keep, Value: l.b.then(list.keep, p), Over: list.over}
	if !f.Keep.MayBottom {
		f.Keep = l.b.Const(true) // Value says it already
	}
	return l.needing(list, l.through(list.via, l.b.fold(f)))
}

// needing is ⊥ where the list is, whatever its rows.
func (l *lowerer) needing(list *rowList, e *Expr) *Expr {
	for _, n := range list.needs {
		e = l.b.If(l.b.notBottom(n), e, l.b.Bottom("what a list needs is missing", e.Type))
	}
	return e
}

func (l *lowerer) folded(list *rowList, f FoldFunc, param float64) *Expr {
	value := list.elem
	if f == FoldSize {
		value = nil
	}
	if x := l.allGaps(list, f); x != nil {
		return x
	}
	return l.needing(list, l.through(list.via, l.b.fold(Fold{Func: f, Path: list.path, Keep: list.keep, Value: value, Param: param, Over: list.over})))
}

// aggregates are the functions over lists of values, by the last part of their
// overload ids.
var aggregates = map[string]FoldFunc{
	"sum": FoldSum, "avg": FoldAvg, "min": FoldMin, "max": FoldMax, "mode": FoldMode, "median": FoldQuantile, "percentile": FoldQuantile,
}

// aggregate lowers size and the aggregates over a list of related rows; nil
// where the call or the list is another.
func (l *lowerer) aggregate(e ast.Expr, c ast.CallExpr, id string) *Expr {
	operands := c.Args()
	if c.IsMemberFunction() {
		operands = append([]ast.Expr{c.Target()}, operands...)
	}
	if id == overloads.SizeList || id == overloads.SizeListInst {
		list := l.list(operands[0])
		switch {
		case list == nil:
			return nil
		case list.distinct:
			return l.folded(list, FoldDistinct, 0)
		}
		return l.folded(list, FoldSize, 0)
	}
	f, known := aggregates[c.FunctionName()]
	if !known || !strings.HasPrefix(id, "list_") {
		return nil
	}
	list := l.list(operands[0])
	if list == nil || list.elem == nil || list.distinct && f != FoldMin && f != FoldMax {
		return nil
	}
	param := 50.0
	switch {
	case c.FunctionName() == "percentile":
		switch p := l.constant(operands[1]).(type) {
		case types.Double:
			param = float64(p)
		case types.Int:
			param = float64(p)
		default:
			return l.hole(e, "a percentile that varies from row to row")
		}
		if !(param >= 0 && param <= 100) {
			return l.b.Bottom("a percentile is from 0 to 100", l.typeOf(e))
		}
	case f != FoldQuantile:
		param = 0
	}
	return l.folded(list, f, param)
}
