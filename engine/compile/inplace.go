package compile

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	celops "cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/english"
)

// A calculated value that is a list, as customer.recent, is kept nowhere: what
// it says is put in place of its name, wherever that is read. So a rule over it
// is the rule that somebody would have written out, in SQL and in cel-go; what two
// rules ask of one list is calculated once, like all equal parts.

// IsList says whether the rule is a list under a name. It has no column.
func (r *Rule) IsList() bool { return r.Kind == TraitRule && r.Type.Kind == catalog.List }

// ListOf says whose rows such a list holds; "" for a list of values.
func (r *Rule) ListOf() string {
	if r.Expr == nil || r.Expr.AST == nil || !r.IsList() {
		return ""
	}
	if elem := r.Expr.AST.OutputType().Parameters()[0]; elem.Kind() == types.StructKind {
		return elem.TypeName()
	}
	return ""
}

// TypeText names the type of what the rule says, rows by what one is called.
func (r *Rule) TypeText() string {
	if rows := r.ListOf(); rows != "" {
		return "list<" + rows + ">"
	}
	return r.Type.String()
}

// listable says whether a list can have a name: its elements are rows, values
// of one type, or such lists.
func listable(t *types.Type) bool {
	if t.Kind() != types.ListKind {
		return false
	}
	elem := t.Parameters()[0]
	return elem.Kind() == types.StructKind || listable(elem) || elem.Kind() != types.ListKind && !hasDyn(catalog.FromCEL(elem))
}

// celType is the type of a checked attribute as expressions read it: the catalog
// has no type for rows.
func (n *node) celType() *types.Type {
	if n.rule.IsList() {
		return n.rule.Expr.AST.OutputType()
	}
	return n.rule.Type.CEL()
}

// maxParts is how many parts an expression may have once all lists stand in it:
// each of thirty lists that name the one before twice would make a thousand million.
const maxParts = 20_000

// lists notes what is read by way of lists under a name, and refuses what asks
// whether there is one, and what grows too large.
func (d *draft) lists(tree *ast.AST) {
	if !slices.ContainsFunc(d.refs, func(r reference) bool { return r.to != nil && r.to.rule.IsList() }) {
		return
	}
	asked := map[int64]bool{}
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		asked[e.ID()] = e.Kind() == ast.SelectKind && e.AsSelect().IsTestOnly() ||
			e.Kind() == ast.CallKind && e.AsCall().FunctionName() == celops.OptSelect
	}))
	parts := int64(0)
	for i, r := range slices.Clone(d.refs) {
		if r.to == nil || !r.to.rule.IsList() {
			continue
		}
		if parts += ast.MaxID(r.to.rule.Expr.AST.NativeRep()); parts > maxParts {
			d.diags.Report("cel-too-large", d.place(r), "%s would have more than %s parts: what %s says stands in place of its name, and so does what that reads", d.what, english.Number(maxParts), r.to.label()).
				Detail = "Name each list once, or keep what is asked of it as a value of its own, as in " + r.to.label() + ".size()."
			return
		}
		d.refs[i].ref.Kind = ListRef
		if asked[r.id] {
			d.diags.Report("cel-type", d.place(r), "%s is a list and always there, so there is nothing to ask", r.to.label()).
				Detail = "Where it may have no elements, write " + r.to.label() + ".size() > 0."
			continue
		}
		read := map[Ref]bool{}
		for _, below := range r.to.drafts[0].refs {
			if read[below.ref] {
				continue
			}
			read[below.ref] = true
			d.refs = append(d.refs, reference{ref: below.ref, id: r.id, to: below.to})
		}
	}
}

// readsClock says whether an expression names the instant that is calculated
// for, itself or by way of a list under a name.
func (d *draft) readsClock(tree *ast.AST) bool {
	return readsNow(tree) || slices.ContainsFunc(d.refs, func(r reference) bool {
		return r.to != nil && r.to.rule.IsList() && r.to.rule.Expr.Clock
	})
}

// inPlace puts what lists say in place of their names. An expression that names
// none is given back itself.
func (d *draft) inPlace(checked *cel.Ast) *cel.Ast {
	bodies := map[int64]*ast.AST{}
	for _, r := range d.refs {
		if r.to != nil && r.to.rule.IsList() && bodies[r.id] == nil { // the first is what stands there, the others what that reads
			bodies[r.id] = r.to.rule.Expr.AST.NativeRep()
		}
	}
	if len(bodies) == 0 {
		return checked
	}
	p := &placer{tree: ast.Copy(checked.NativeRep()), bodies: bodies}
	p.free = ast.MaxID(p.tree)
	p.walk(p.tree.Expr())
	return astOf(p.tree, checked.Source())
}

// placer puts bodies in place of names.
type placer struct {
	tree   *ast.AST
	bodies map[int64]*ast.AST // by the node that names them
	bound  []string           // variables of the loops around the node
	free   int64              // no node has this id or a larger one
}

func (p *placer) walk(e ast.Expr) {
	if body := p.bodies[e.ID()]; body != nil {
		p.put(e, body)
		return
	}
	throughLoops(e, &p.bound, p.walk)
}

// throughLoops calls f for the parts of a node, with the variables that stand
// for something there.
func throughLoops(e ast.Expr, bound *[]string, f func(ast.Expr)) {
	if e.Kind() != ast.ComprehensionKind {
		for _, x := range children(e) {
			f(x)
		}
		return
	}
	c := e.AsComprehension()
	f(c.IterRange())
	f(c.AccuInit())
	outer := *bound
	*bound = append(slices.Clone(outer), c.AccuVar(), c.IterVar())
	if c.HasIterVar2() {
		*bound = append(*bound, c.IterVar2())
	}
	f(c.LoopCondition())
	f(c.LoopStep())
	f(c.Result())
	*bound = outer
}

// put makes a node a copy of a body. All of the copy stands where the name does.
func (p *placer) put(e ast.Expr, body *ast.AST) {
	copied := ast.NewExprFactory().CopyExpr(body.Expr())
	base := p.free
	p.free += ast.MaxID(body)
	root := copied.ID() + base
	copied.RenumberIDs(func(id int64) int64 { return id + base })
	for id, t := range body.TypeMap() {
		p.tree.SetType(id+base, t)
	}
	for id, r := range body.ReferenceMap() {
		p.tree.SetReference(id+base, r)
	}
	info := p.tree.SourceInfo()
	place, known := info.GetOffsetRange(e.ID())
	if from, ok := info.GetOffsetRange(e.AsSelect().Operand().ID()); ok {
		place.Start = min(place.Start, from.Start)
	}
	var inner []string
	var walk func(x ast.Expr)
	walk = func(x ast.Expr) {
		if known {
			info.SetOffsetRange(x.ID(), place)
		}
		if name := x.AsIdent(); x.Kind() == ast.IdentKind && slices.Contains(p.bound, name) && !slices.Contains(inner, name) {
			p.fromRoot(x)
		}
		throughLoops(x, &inner, walk)
	}
	walk(copied)
	p.tree.SetType(e.ID(), p.tree.GetType(root))
	if r := p.tree.ReferenceMap()[root]; r != nil {
		p.tree.SetReference(e.ID(), r)
	}
	e.SetKindCase(copied)
	if known {
		info.SetOffsetRange(e.ID(), place)
	}
}

// fromRoot keeps a name of a body what it is where a loop around the place uses
// the same one: a dot in front of it leaves out variables of loops.
func (p *placer) fromRoot(x ast.Expr) {
	name := "." + x.AsIdent()
	if r := p.tree.ReferenceMap()[x.ID()]; r != nil {
		p.tree.SetReference(x.ID(), ast.NewIdentReference(name, r.Value))
	}
	x.SetKindCase(ast.NewExprFactory().NewIdent(x.ID(), name))
}
