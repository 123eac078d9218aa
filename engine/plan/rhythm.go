package plan

import (
	"time"

	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

const weekNanos = int64(7 * 24 * time.Hour)

// bitWeeks is up to how many weeks are told apart by bits of one number.
const bitWeeks = 62

// GapColumn is the column of an OpGap, RowColumn the order of what lies between
// rows; no rule can use such names.
const (
	GapColumn = "≡gap"
	RowColumn = "≡row"
)

// gap is the leaf of what lies between related rows: the time since the kept
// row before. There is none for the first.
func (b *Builder) gap(path []*catalog.Table, keep, at *Expr) *Expr {
	e := Expr{Op: OpGap, Name: GapColumn, Table: path[0].Name, Type: catalog.Type{Kind: catalog.Duration},
		Fold: &Fold{Func: FoldGap, Path: path, Keep: keep, Value: at}, Facts: Interval{Min: int64(0), Micros: true}}
	if !diffOverflows([]*Expr{at, at}) {
		e.Facts.Max = diffBounds([]*Expr{at, at}).Max
	}
	return b.intern(e)
}

// gaps is the list of the times between the rows of a list, in order.
func (l *lowerer) gaps(list *rowList) *rowList {
	at := l.time(list.path)
	base := *list
	base.keep, base.elem = l.b.then(list.keep, l.b.notBottom(l.b.Decide(at))), at
	out := new(rowList)
	*out = *list
	out.keep, out.over = l.b.Const(true), l.b.gap(list.path, base.keep, at)
	out.elem = out.over
	// A row that cannot be told makes the list an error, and so do rows that are
	// too far apart.
	rows := l.folded(&base, FoldSize, 0)
	first, last := l.folded(&base, FoldMin, 0), l.folded(&base, FoldMax, 0)
	span := l.b.Strict(OpDiffTime, "", last, first)
	if base.keep.MayBottom {
		out.needs = append(append([]*Expr{}, out.needs...), rows)
	}
	more := l.b.Strict(OpLt, "", l.b.Const(int64(1)), rows)
	if diffOverflows([]*Expr{at, at}) {
		whole := l.b.If(more, span, l.b.Const(time.Duration(0)))
		out.needs = append(append([]*Expr{}, out.needs...), whole)
	}
	out.between = &wholeGaps{rows: rows, more: more, span: span}
	return out
}

// wholeGaps is what is known of all gaps together: they sum up to the time
// between the first row and the last.
type wholeGaps struct{ rows, more, span *Expr }

// allGaps works out what needs no look at single gaps; nil for other folds.
func (l *lowerer) allGaps(list *rowList, f FoldFunc) *Expr {
	g := list.between
	if g == nil || list.elem != list.over || !isBool(list.keep, true) || list.distinct {
		return nil
	}
	count := l.b.Strict(OpSubInt, "", g.rows, l.b.Const(int64(1)))
	var x *Expr
	switch f {
	case FoldSize:
		x = l.b.If(g.more, count, l.b.Const(int64(0)))
	case FoldSum:
		x = l.b.If(g.more, g.span, l.b.Const(time.Duration(0)))
	case FoldAvg:
		mean := *l.b.Strict(OpDivInt, "", l.b.Strict(OpDurationToInt, "", g.span), count)
		mean.Type = catalog.Type{Kind: catalog.Duration}
		mean.Facts = Interval{Min: int64(0), Max: g.span.Facts.Max}
		x = l.b.If(g.more, l.b.intern(mean), l.b.Const(nil))
	default:
		return nil
	}
	return l.needing(list, x)
}

// time is when a row of the relation happened.
func (l *lowerer) time(path []*catalog.Table) *Expr {
	return l.b.Column(path[0], path[0].Column(path[0].Time))
}

// weeksActive counts in how many of the last n weeks there is a row; nil for
// another call or list.
func (l *lowerer) weeksActive(e ast.Expr, c ast.CallExpr, id string) *Expr {
	if c.FunctionName() != "weeksActive" || !c.IsMemberFunction() {
		return nil
	}
	list := l.list(c.Target())
	if list == nil || list.elem != nil || list.row != nil || list.distinct || id != celenv.RelationOverload("weeksActive", list.path[0].Entity) {
		return nil
	}
	var n *Expr
	l.inside(list, func() { n = l.expr(c.Args()[0]) })
	if n.Op == OpHole {
		return l.b.Hole(n.Name, l.typeOf(e))
	}
	out := *list
	weeks, constant := n.Const.(int64)
	if constant && (weeks < 1 || weeks > celenv.MaxWeeks) {
		return l.b.Bottom("weeksActive looks at fewer weeks than 1, or at too many", l.typeOf(e))
	}
	if !constant {
		inRange := l.b.Strict(OpBetween, "", n, l.b.Const(int64(1)), l.b.Const(int64(celenv.MaxWeeks)))
		out.needs = append(append([]*Expr{}, out.needs...), l.b.If(inRange, n, l.b.Bottom("weeksActive looks at fewer weeks than 1, or at too many", n.Type)))
	}
	at := l.time(list.path)
	ago := l.b.Strict(OpDurationToInt, "", l.b.Strict(OpDiffTime, "", l.b.Now(), at))
	week := l.b.Strict(OpDivInt, "", ago, l.b.Const(weekNanos))
	// ago < n weeks is week < n: nothing is multiplied, so nothing overflows.
	oldest := l.b.Strict(OpSubTime, "", l.b.Now(), l.b.Const(time.Duration(celenv.MaxWeeks*weekNanos)))
	in := []*Expr{l.b.Strict(OpLt, "", oldest, at), l.b.Strict(OpLe, "", at, l.b.Now())}
	fold := FoldDistinct
	if constant {
		start := l.b.Strict(OpSubTime, "", l.b.Now(), l.b.Const(time.Duration(weeks*weekNanos)))
		in[0] = l.b.Strict(OpLt, "", start, at)
		if weeks <= bitWeeks {
			fold = FoldBits
		}
	} else {
		in = append(in, l.b.If(l.b.And(in...), l.b.Strict(OpLt, "", week, n), l.b.Const(false)))
	}
	out.keep, out.elem = l.b.then(list.keep, l.b.And(in...)), week
	return l.folded(&out, fold, 0)
}
