package compile

import (
	"cel.dev/cel-go/common/ast"
	celops "cel.dev/cel-go/common/operators"
)

// Units of statistics that have one whatever they measure.
const (
	UnitShare = "share" // of 1: shown as a percentage
	UnitTimes = "times" // a ratio to everyone
)

// unitOf gives the unit of an expression from the units of what it names:
// sums and choices keep it where both sides agree, products with a plain
// number keep it, all else has none.
func unitOf(e ast.Expr, leaf func(ast.Expr) (unit string, known bool)) string {
	if unit, known := leaf(e); known {
		return unit
	}
	if e.Kind() == ast.ComprehensionKind {
		return elementUnit(e.AsComprehension(), leaf)
	}
	if e.Kind() != ast.CallKind {
		return ""
	}
	args := e.AsCall().Args()
	switch e.AsCall().FunctionName() {
	case "sum", "avg", "min", "max", "median", "percentile", "mode":
		if e.AsCall().IsMemberFunction() {
			return unitOf(e.AsCall().Target(), leaf)
		}
	case celops.Add, celops.Subtract:
		return agree(unitOf(args[0], leaf), unitOf(args[1], leaf))
	case celops.Conditional:
		return agree(unitOf(args[1], leaf), unitOf(args[2], leaf))
	case celops.Multiply:
		if args[0].Kind() == ast.LiteralKind {
			return unitOf(args[1], leaf)
		}
		if args[1].Kind() == ast.LiteralKind {
			return unitOf(args[0], leaf)
		}
	case celops.Divide:
		if args[1].Kind() == ast.LiteralKind {
			return unitOf(args[0], leaf)
		}
	case celops.Negate, "double", "int", "math.round", "math.floor", "math.ceil", "math.abs", "math.trunc":
		if len(args) == 1 {
			return unitOf(args[0], leaf)
		}
	}
	return ""
}

// elementUnit is the unit of what map puts into a list.
func elementUnit(c ast.ComprehensionExpr, leaf func(ast.Expr) (string, bool)) string {
	step := c.LoopStep()
	for step.Kind() == ast.CallKind && len(step.AsCall().Args()) > 1 {
		step = step.AsCall().Args()[1]
	}
	if step.Kind() != ast.ListKind || step.AsList().Size() != 1 {
		return ""
	}
	return unitOf(step.AsList().Elements()[0], leaf)
}

func agree(a, b string) string {
	if a == b {
		return a
	}
	return ""
}

// exprUnit gives the unit of an expression over one row.
func (s *scope) exprUnit(e *Expr) string {
	d := &draft{scope: s}
	return unitOf(e.AST.NativeRep().Expr(), func(x ast.Expr) (string, bool) {
		if table, name := d.relatedField(e.AST.NativeRep(), x); table != nil {
			if c := table.Column(name); c != nil {
				return c.Unit, true
			}
		}
		field, ok := d.field(x)
		if !ok {
			return "", false
		}
		if n := s.traits[field]; n != nil {
			if n.rule.Kind == TraitRule && n.rule.Unit == "" && n.rule.Expr != nil {
				return s.exprUnit(n.rule.Expr), true
			}
			return n.rule.Unit, true
		}
		if f, ok := s.fields[field]; ok {
			if c := s.table.Column(f.Column); c != nil {
				return c.Unit, true
			}
		}
		return "", true
	})
}

// formulaUnit gives the unit of a formula over statistics.
func (p *personaCompiler) formulaUnit(e ast.Expr) string {
	return unitOf(e, func(x ast.Expr) (string, bool) {
		if x.Kind() == ast.SelectKind { // an item of top: value, count or share
			if x.AsSelect().FieldName() == "share" {
				return UnitShare, true
			}
			if x.AsSelect().FieldName() != "value" {
				return "", true
			}
			x = x.AsSelect().Operand()
			if x.Kind() == ast.CallKind && x.AsCall().FunctionName() == celops.Index {
				x = x.AsCall().Args()[0]
			}
		}
		if x.Kind() != ast.IdentKind {
			return "", false
		}
		for _, s := range p.stats {
			if s.ID == x.AsIdent() {
				return p.statUnit(s), true
			}
		}
		return "", false
	})
}

func (p *personaCompiler) statUnit(s *Statistic) string {
	switch {
	case s.Func == "share":
		return UnitShare
	case s.Func == "lift":
		return UnitTimes
	case s.Arg != nil:
		return p.scope.exprUnit(s.Arg)
	}
	return ""
}
