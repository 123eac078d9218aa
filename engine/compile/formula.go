package compile

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	celops "cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
)

// formulaDraft is a formula on its way: its statistics are found, and it waits
// for the environment that knows all statistics of its persona.
type formulaDraft struct {
	*draft
	calls       []*statCall
	left, right *formulaDraft // of a comparison
	operator    string
}

func (f *statFinder) refuse(e ast.Expr, at source.Range, format string, args ...any) *diag.Diagnostic {
	f.ok = false
	f.reported[e.ID()] = true
	return f.diags.Report("bad-statistic", at, format, args...)
}

// measure checks a formula among members and collects its statistics; nil
// where it is broken.
func (p *personaCompiler) measure(t source.Text, w want, what string) *formulaDraft {
	d := newDraft(t, p.population, w, what)
	d.quiet, d.measures = true, true
	d.parse()
	defer func() { p.c.diags.Add(d.diags...) }()
	if d.parsed == nil {
		return nil
	}
	finder := &statFinder{draft: d, tree: d.parsed.NativeRep(), ok: true}
	finder.walk(finder.tree.Expr(), false)
	checked, iss := d.scope.env.Check(d.parsed)
	if iss.Err() != nil {
		d.typeErrors(iss.Errors())
		return nil
	}
	if !finder.ok || d.poisoned || d.readsBroken() || !d.formulaResult(checked.OutputType()) {
		return nil
	}
	f := &formulaDraft{draft: d, calls: finder.calls}
	for _, c := range f.calls {
		if !p.statistic(f, c, checked.NativeRep()) {
			return nil
		}
	}
	return f
}

// formulaResult says whether text can show the value, or a claim can be it.
func (d *draft) formulaResult(t *types.Type) bool {
	if d.want != aText {
		return d.result(t)
	}
	if t.Kind() == types.StructKind || t.Kind() == types.ListKind || t.Kind() == types.MapKind {
		d.diags.Report("cel-type", d.code.at(d.code.whole()), "This is %s, and text shows single values", plainCEL(t)).
			Detail = "Choose one, as in top(x, 1)[0].value."
		return false
	}
	switch catalog.FromCEL(t).Kind {
	case catalog.Int, catalog.Double, catalog.String, catalog.Timestamp:
		return true
	case catalog.Bool:
		d.diags.Report("cel-type", d.code.at(d.code.whole()), "This is true or false, and text needs words").Detail = "Write condition ? 'words' : 'other words'."
		return false
	case catalog.Duration:
		d.diags.Report("cel-type", d.code.at(d.code.whole()), "This is a length of time, and text needs a number").Detail = "Write (x).getHours() / 24."
		return false
	}
	return d.result(t)
}

// statistic makes the Statistic of a call, or finds the one that is the same.
func (p *personaCompiler) statistic(f *formulaDraft, c *statCall, tree *ast.AST) bool {
	s := &Statistic{Func: c.name, Param: c.param, Text: f.code.slice(c.at), Evidence: c.evidence}
	key := fmt.Sprintf("%s %v", c.name, c.param)
	if c.evidence != nil {
		key += " of " + c.evidence.Name
	}
	if c.arg.ok() {
		w := aValue
		if c.name == "share" || c.name == "lift" {
			w = aCondition
		}
		if arg := f.code.text.Slice(c.arg.start, c.arg.end); c.evidence != nil {
			s.Arg = p.rowOf(c.evidence, arg, w, "what "+c.name+" asks of each "+c.evidence.Entity)
		} else {
			s.Arg = p.row(arg, w, "what "+c.name+" asks of each member")
		}
		if s.Arg == nil {
			return false
		}
		if len(s.Arg.Taint.PII) > 0 {
			entity := p.scope.entity
			if c.evidence != nil {
				entity = c.evidence.Entity
			}
			p.exposes(f.code.at(c.at), s.Text, entity, s.Arg.Taint.PII)
			return false
		}
		key += " " + s.Arg.Digest
	}
	if same := p.byKey[key]; same != nil {
		c.stat = same
		return true
	}
	t := tree.GetType(c.id)
	s.ID = fmt.Sprintf("stat_%d", len(p.stats))
	s.Type, s.CEL = statisticType(c.name, s.Arg, t), t
	p.stats = append(p.stats, s)
	p.byKey[key], p.celTypes[s.ID], c.stat = s, t, s
	return true
}

func (p *personaCompiler) exposes(at source.Range, text, entity string, columns []string) {
	example := "share(has(" + entity + "." + columns[0] + "))"
	if strings.Contains(columns[0], ".") { // of related rows
		example = "share(" + p.scope.entity + ".rows.exists(x, has(x.column)))"
	}
	p.c.diags.Report("pii-exposed", at, "%s would show the personal data in %s", text, joinAnd(columns)).
		Detail = "A column marked `pii: true` leaves only as yes or no, as in " + example + "."
}

// statisticType gives a statistic's type: top's items are records.
func statisticType(name string, arg *Expr, t *types.Type) catalog.Type {
	if name != "top" {
		return catalog.FromCEL(t)
	}
	value := arg.Type
	value.Nullable = false
	item := catalog.Type{Kind: catalog.Struct, Fields: []catalog.Field{
		{Name: "value", Type: value}, {Name: "count", Type: catalog.Type{Kind: catalog.Int}}, {Name: "share", Type: catalog.Type{Kind: catalog.Double}},
	}}
	return catalog.Type{Kind: catalog.List, Elem: &item}
}

// rewrite parses the formula again, puts the statistics' variables where their
// calls stand and values where parameters stand, and checks what is left.
func (p *personaCompiler) rewrite(env *cel.Env, f *formulaDraft) *Formula {
	parsed, iss := f.scope.parseText(f.code.value)
	if iss.Err() != nil {
		return nil // it was parsed before
	}
	byNode := map[int64]*statCall{}
	used := map[string]bool{}
	for _, c := range f.calls {
		byNode[c.id] = c
		used[c.stat.ID] = true
	}
	factory := ast.NewExprFactory()
	var walk func(e ast.Expr)
	walk = func(e ast.Expr) {
		if c := byNode[e.ID()]; c != nil {
			e.SetKindCase(factory.NewIdent(e.ID(), c.stat.ID))
			return
		}
		if e.Kind() == ast.SelectKind && e.AsSelect().Operand().Kind() == ast.IdentKind && e.AsSelect().Operand().AsIdent() == paramsVar {
			if v, ok := f.scope.params[e.AsSelect().FieldName()]; ok {
				e.SetKindCase(factory.NewLiteral(e.ID(), types.DefaultTypeAdapter.NativeToValue(v)))
			}
			return
		}
		for _, x := range children(e) {
			walk(x)
		}
	}
	walk(parsed.NativeRep().Expr())
	checked, iss := env.Check(parsed)
	if iss.Err() != nil {
		d := newDraft(f.code.text, f.scope, f.want, f.what)
		d.parsed = parsed
		d.typeErrors(iss.Errors())
		p.c.diags.Add(d.diags...)
		return nil
	}
	out := &Formula{Text: f.code.text, AST: checked, Type: catalog.FromCEL(checked.OutputType()), Stats: sortedSet(used)}
	out.Unit = p.formulaUnit(checked.NativeRep().Expr())
	if f.left != nil && f.right != nil {
		l, r := p.rewrite(env, f.left), p.rewrite(env, f.right)
		if l != nil && r != nil {
			out.Comparison = &Comparison{Operator: f.operator, Left: l, Right: r}
		}
	}
	return out
}

// flipped turns a comparison around, so that what is measured comes first.
var flipped = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}

// claim measures a `holds`, and its two sides where it is one comparison.
func (p *personaCompiler) claim(t source.Text) *formulaDraft {
	f := p.measure(t, aCondition, "A claim")
	if f == nil {
		return nil
	}
	if len(f.calls) == 0 {
		p.c.diags.Report("bad-statistic", t.Range(), "The claim measures nothing").Detail = "Write a statistic, as in share(" + p.example() + ") > 0.4."
		return nil
	}
	root := f.parsed.NativeRep().Expr()
	if root.Kind() != ast.CallKind {
		return f
	}
	op, ok := celops.FindReverse(root.AsCall().FunctionName())
	i := f.code.tokenIndex(f.parsed.NativeRep(), root.ID())
	if !ok || flipped[op] == "" || i < 0 || !f.code.tokens()[i].is(op) {
		return f
	}
	all := f.code.unparenthesised()
	f.left = p.side(f.code, all.start, f.code.tokens()[i].start)
	f.right = p.side(f.code, f.code.tokens()[i].end, all.end)
	f.operator = op
	if f.left != nil && f.right != nil && len(f.left.calls) == 0 && len(f.right.calls) > 0 {
		f.left, f.right, f.operator = f.right, f.left, flipped[op]
	}
	return f
}

func (p *personaCompiler) side(c *code, from, to int) *formulaDraft {
	if from < 0 || to > len(c.value) || from >= to {
		return nil
	}
	return p.measure(c.text.Slice(from, to), anySide, "A side of a claim")
}
