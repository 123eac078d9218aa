package plan

import (
	"sort"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"personae/engine/compile"
)

// ClauseTable is a segment whose rule joins several conditions by &&, or a
// segmentation, whose conditions are its rungs. They are counted beside the
// results, from what these hold already.
type ClauseTable struct {
	Group   string   // the segment or segmentation
	Rungs   bool     // of a segmentation: the first that is true decides
	Clauses []Clause // in order
}

// Output names the column of results that the conditions decide.
func (t ClauseTable) Output() string {
	if t.Rungs {
		return t.Group
	}
	return "in_" + t.Group
}

// Clause is one condition.
type Clause struct {
	Text string // as written
	// Expr is over the columns of the snapshot and of the result table; nil where
	// the clause cannot be counted by itself, and then Why says why.
	Expr *Expr
	Why  string
}

// resultTable is the table of columns that hold results.
const resultTable = "≡result"

// FromResult says whether a column is one of the result table.
func (e *Expr) FromResult() bool { return e.Op == OpColumn && e.Table == resultTable }

// Conjuncts lists the conditions that an expression joins by && at its top, in
// order; the expression itself where it joins none.
func Conjuncts(checked *cel.Ast) []ast.Expr {
	var out []ast.Expr
	var walk func(e ast.Expr)
	walk = func(e ast.Expr) {
		if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.LogicalAnd {
			for _, a := range e.AsCall().Args() {
				walk(a)
			}
			return
		}
		out = append(out, e)
	}
	walk(checked.NativeRep().Expr())
	return out
}

// ConjunctTexts are the conditions of Conjuncts as they are written: what stands
// between the operators, without brackets that hold more than one of them.
func ConjunctTexts(x *compile.Expr) []string {
	tree, text := x.AST.NativeRep(), []rune(x.Text.Value())
	var at []int
	var walk func(e ast.Expr)
	walk = func(e ast.Expr) {
		if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != operators.LogicalAnd {
			return
		}
		if r, ok := tree.SourceInfo().GetOffsetRange(e.ID()); ok {
			at = append(at, int(r.Start))
		}
		for _, a := range e.AsCall().Args() {
			walk(a)
		}
	}
	walk(tree.Expr())
	sort.Ints(at)
	var out []string
	from := 0
	for _, operator := range append(at, len(text)) {
		if operator < from || operator > len(text) {
			operator = from
		}
		out = append(out, balanced(string(text[from:operator])))
		from = min(operator+len("&&"), len(text))
	}
	for len(out) < len(Conjuncts(x.AST)) {
		out = append(out, "")
	}
	return out
}

// balanced drops the brackets at the ends that have no partner.
func balanced(s string) string {
	s = strings.TrimSpace(s)
	for {
		open := 0 // brackets that are open at the end, or had no partner before
		least := 0
		for _, r := range s {
			switch r {
			case '(':
				open++
			case ')':
				open--
			}
			least = min(least, open)
		}
		switch {
		case least < 0 && strings.HasSuffix(s, ")"):
			s = strings.TrimSpace(strings.TrimSuffix(s, ")"))
		case open > 0 && strings.HasPrefix(s, "("):
			s = strings.TrimSpace(strings.TrimPrefix(s, "("))
		default:
			return s
		}
	}
}

// clauses plans the clause tables of all segments and segmentations. What a clause reads of the rows
// of other tables becomes an output: reading them a second time would cost as much
// as the first.
func (eb *entityBuilder) clauses() []ClauseTable {
	var out []ClauseTable
	beside := eb.beside()
	for _, r := range eb.entity.Rules {
		t := ClauseTable{Group: r.Name, Rungs: r.Kind == compile.SegmentationRule}
		list := conditions(r)
		if len(list) < 2 {
			continue
		}
		for i, c := range list {
			t.Clauses = append(t.Clauses, eb.clause(r, i, c, beside))
		}
		out = append(out, t)
	}
	return out
}

// condition is a part of a rule that is counted by itself.
type condition struct {
	text string
	tree *cel.Ast
	part ast.Expr
}

// conditions lists those of a segment or of a segmentation; none of other rules.
func conditions(r *compile.Rule) []condition {
	var out []condition
	switch r.Kind {
	case compile.SegmentRule:
		texts := ConjunctTexts(r.Expr)
		for i, part := range Conjuncts(r.Expr.AST) {
			out = append(out, condition{texts[i], r.Expr.AST, part})
		}
	case compile.SegmentationRule:
		for _, rung := range r.Rungs {
			out = append(out, condition{rung.When.Text.Value(), rung.When.AST, rung.When.AST.NativeRep().Expr()})
		}
	}
	return out
}

// besideResults lowers expressions over the result table and the snapshot.
type besideResults struct {
	b         *Builder
	scope     Scope
	ambiguous map[string]bool // traits whose NULL has two meanings and that cannot be calculated again
}

func (eb *entityBuilder) beside() *besideResults {
	r := &besideResults{b: NewBuilder(eb.b.facts), scope: eb.scope, ambiguous: map[string]bool{}}
	r.scope.Traits, r.scope.Names = map[string]*Expr{}, map[string]*Expr{}
	for _, o := range eb.outputs {
		switch o.Kind {
		case TraitOutput:
			r.scope.Traits[o.Name] = r.column(o)
		case SegmentOutput:
			r.scope.Names["segment."+o.Rule.Name] = r.column(o)
		case SegmentationOutput:
			r.scope.Names["segmentation."+o.Rule.Name] = r.column(o)
		}
	}
	return r
}

// column reads an output. NULL of a trait is null or ⊥; where it can be both,
// the trait is a hole: nothing can be said of it alone.
func (r *besideResults) column(o Output) *Expr {
	e := Expr{Op: OpColumn, Type: o.Expr.Type, Table: resultTable, Name: o.Name, Facts: o.Expr.Facts}
	switch {
	case o.Expr.Decided():
		return r.b.intern(e)
	case o.Kind == TraitOutput && o.Expr.MayNull && (o.Expr.MayBottom || o.Open()):
		return r.b.Hole("a value that is empty or unknown", o.Expr.Type)
	case o.Expr.MayNull:
		e.MayNull = true
		return r.b.intern(e)
	}
	e.MayNull, e.Type.Nullable = true, true
	return r.b.Decide(r.b.intern(e))
}

// clause plans one condition of a rule.
func (eb *entityBuilder) clause(r *compile.Rule, i int, of condition, beside *besideResults) Clause {
	e := beside.b.Decide(lowerPart(beside.b, beside.scope, of.tree, of.part))
	c := Clause{Text: of.text}
	if !hasHole(e) && !readsOthers(e) {
		c.Expr = e
		return c
	}
	again := eb.b.Decide(lowerPart(eb.b, eb.scope, of.tree, of.part))
	if hasHole(again) {
		c.Why = "it is decided " + eb.entity.Name + " by " + eb.entity.Name
		return c
	}
	o := Output{Name: "clause:" + r.Name + ":" + strconv.Itoa(i), Kind: OperandOutput, Expr: again, Digest: strconv.Itoa(i) + " of " + r.Digest}
	eb.add(o)
	c.Expr = beside.column(o)
	return c
}

// lowerPart lowers a part of a checked expression.
func lowerPart(b *Builder, scope Scope, checked *cel.Ast, part ast.Expr) *Expr {
	l := newLowerer(b, scope, checked)
	e := l.expr(part)
	if hasNanos(e) {
		e = b.Hole("a time with nanoseconds", e.Type)
	}
	return e
}

// readsOthers says whether rows of other tables are read.
func readsOthers(e *Expr) bool {
	found := false
	visit(e, map[*Expr]bool{}, func(n *Expr) { found = found || n.IsLeaf() && n.Op != OpColumn })
	return found
}

// useClauses adds the columns that clauses read straight from the table.
func (eb *entityBuilder) useClauses(list []ClauseTable, reads map[string]map[string]bool) {
	for _, t := range list {
		for _, c := range t.Clauses {
			if c.Expr == nil {
				continue
			}
			visit(c.Expr, map[*Expr]bool{}, func(n *Expr) {
				if n.Op == OpColumn && !n.FromResult() {
					reads[n.Table][n.Name] = true
				}
			})
		}
	}
}
