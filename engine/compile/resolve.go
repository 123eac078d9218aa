package compile

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

// Variables that are namespaces, not values.
const (
	paramsVar       = "params"
	segmentVar      = "segment"
	segmentationVar = "segmentation"
	scoreVar        = "score"
	journeyVar      = "journey"
	evidenceVar     = "evidence"
)

// resolver finds what a parsed expression names. It runs before the checker,
// because the order of checking follows from it and because it knows what the
// names mean, where the checker knows only that a field is missing.
type resolver struct {
	*draft
	tree  *ast.AST
	bound []string // variables of comprehensions around the node
}

func (d *draft) resolve() {
	r := &resolver{draft: d, tree: d.parsed.NativeRep()}
	r.walk(r.tree.Expr())
}

func (r *resolver) isBound(name string) bool { return slices.Contains(r.bound, name) }

func (r *resolver) walk(e ast.Expr) {
	switch e.Kind() {
	case ast.SelectKind:
		sel := e.AsSelect()
		if base := sel.Operand(); base.Kind() == ast.IdentKind && !r.isBound(base.AsIdent()) {
			r.member(e, base, sel.FieldName())
			return
		}
		r.walk(sel.Operand())
	case ast.CallKind:
		r.call(e)
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			r.walk(x)
		}
	case ast.MapKind:
		for _, x := range e.AsMap().Entries() {
			r.walk(x.AsMapEntry().Key())
			r.walk(x.AsMapEntry().Value())
		}
	case ast.StructKind:
		for _, x := range e.AsStruct().Fields() {
			r.walk(x.AsStructField().Value())
		}
	case ast.ComprehensionKind:
		r.comprehension(e.AsComprehension())
	}
}

func (r *resolver) call(e ast.Expr) {
	call := e.AsCall()
	if call.FunctionName() == operators.OptSelect && len(call.Args()) == 2 {
		base, field := call.Args()[0], call.Args()[1]
		if name, ok := literalText(field); ok && base.Kind() == ast.IdentKind && !r.isBound(base.AsIdent()) {
			r.member(e, base, name)
			return
		}
	}
	if call.IsMemberFunction() && evidenceName(call.Target()) != "" && !r.isBound(evidenceVar) && !r.measures {
		r.noEvidence(e)
		return
	}
	if call.FunctionName() == reachedFunction && len(call.Args()) == 3 {
		r.reached(e)
		return
	}
	if call.IsMemberFunction() {
		r.walk(call.Target())
	}
	for _, x := range call.Args() {
		r.walk(x)
	}
}

func literalText(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

func (r *resolver) comprehension(c ast.ComprehensionExpr) {
	r.walk(c.IterRange())
	r.walk(c.AccuInit())
	outer := r.bound
	r.bound = append(append([]string(nil), outer...), c.AccuVar(), c.IterVar())
	if c.HasIterVar2() {
		r.bound = append(r.bound, c.IterVar2())
	}
	r.walk(c.LoopCondition())
	r.walk(c.LoopStep())
	r.walk(c.Result())
	r.bound = outer
}

// member resolves base.name, where base is a variable that nothing shadows.
func (r *resolver) member(e, base ast.Expr, name string) {
	s := r.scope
	switch base.AsIdent() {
	case s.entity:
		r.attribute(e, name)
	case paramsVar:
		if _, ok := s.params[name]; ok {
			r.found(e, Ref{Kind: ParamRef, Name: name}, nil)
			return
		}
		r.miss(e, base)
		if s.broken("Parameters", "") {
			return
		}
		unknown(&r.diags, r.code.at(r.fieldSpan(e, name)), "parameter", name, anyNames(s.params), "")
	case segmentVar:
		r.grouped(e, base, name, "Segment", s.segments)
	case segmentationVar:
		r.grouped(e, base, name, "Segmentation", s.segmentations)
	case scoreVar:
		r.grouped(e, base, name, "Score", s.scores)
	case journeyVar:
		r.grouped(e, base, name, "Journey", s.journeys)
	case evidenceVar:
		if r.measures {
			return // statFinder looks at it
		}
		r.noEvidence(e)
	}
}

// groupRefs says by the kind of document what an expression refers to that names
// one.
var groupRefs = map[string]RefKind{"Segment": SegmentRef, "Segmentation": SegmentationRef, "Score": ScoreRef, "Journey": JourneyRef}

// grouped resolves what a document defines: segment.x, segmentation.x, score.x
// or journey.x. The bands of a score are a segmentation, too.
func (r *resolver) grouped(e, base ast.Expr, name, kind string, names map[string]*node) {
	s := r.scope
	if n := names[name]; n != nil {
		ref := groupRefs[kind]
		if kind == "Segmentation" && n.rule.Kind == ScoreRule {
			ref = BandRef
		}
		r.found(e, Ref{Kind: ref, Entity: s.entity, Name: name}, n)
		return
	}
	r.miss(e, base)
	if s.broken(kind, name) || kind == "Segmentation" && s.broken("Score", name) {
		return
	}
	r.group(strings.ToLower(kind), name, r.fieldSpan(e, name), nodeNames(names))
}

// fieldSpan gives the name after the dot.
func (r *resolver) fieldSpan(e ast.Expr, name string) span {
	whole := r.code.extent(r.tree, e)
	i := r.code.tokenIndex(r.tree, e.ID())
	if i < 0 || !r.code.tokens()[i].is(".") { // of a macro: the last field in it
		for j := len(r.code.tokens()) - 1; j > 0; j-- {
			if t := r.code.tokens()[j]; t.end <= whole.end && t.start >= whole.start && t.text == name && r.code.tokens()[j-1].is(".") {
				return span{t.start, t.end}
			}
		}
		return whole
	}
	j := i + 1
	if j < len(r.code.tokens()) && r.code.tokens()[j].is("?") {
		j++
	}
	if j < len(r.code.tokens()) {
		return span{r.code.tokens()[j].start, r.code.tokens()[j].end}
	}
	return whole
}

func (r *resolver) found(e ast.Expr, ref Ref, to *node) {
	one := reference{ref: ref, id: e.ID(), to: to}
	r.refs = append(r.refs, one)
	if to != nil && to.rule.Labels.Deprecated != nil {
		usesRetired(&r.diags, r.place(one), to.rule)
	}
}

// miss keeps the checker from reporting the same place again.
func (r *resolver) miss(nodes ...ast.Expr) {
	for _, e := range nodes {
		r.reported[e.ID()] = true
	}
	r.poisoned = true
}

// attribute resolves customer.name: a column or a trait.
func (r *resolver) attribute(e ast.Expr, name string) {
	s := r.scope
	f, ok := s.fields[name]
	if n := s.traits[name]; n != nil && !ok { // the data's name stays the data's: the collision is reported once
		r.found(e, Ref{Kind: TraitRef, Entity: s.entity, Name: name}, n)
		return
	}
	field := span{}
	if !ok || f.Kind != celenv.ColumnField {
		field = r.fieldSpan(e, name)
	}
	switch {
	case ok && f.Kind == celenv.ColumnField:
		r.found(e, Ref{Kind: ColumnRef, Entity: s.entity, Name: f.Column}, nil)
		return
	case ok && f.Kind == celenv.RelationField:
		r.found(e, Ref{Kind: RelationRef, Entity: s.entity, Name: name}, nil)
		return
	case ok && f.Kind == celenv.ReferenceField:
		r.found(e, Ref{Kind: ReferenceRef, Entity: s.entity, Name: name}, nil)
		r.found(e, Ref{Kind: ColumnRef, Entity: s.entity, Name: f.Column}, nil)
		return
	}
	r.miss(e)
	if c := s.table.Column(name); c != nil && c.References != "" {
		r.deadReference(c, field)
		return
	}
	if s.broken("Traits", "") {
		return
	}
	var hint string
	for _, h := range s.table.Hidden {
		if h.Name == name {
			hint = fmt.Sprintf("The data has the column, but rules cannot see it: %s.", h.Reason)
		}
	}
	switch {
	case s.segments[name] != nil:
		hint = "That is a segment: write segment." + name + "."
	case s.journeys[name] != nil:
		hint = "That is a journey: write journey." + name + " for the stage."
	case s.scores[name] != nil:
		hint = "That is a score: write score." + name + " for its points, segmentation." + name + " for its band."
	case s.segmentations[name] != nil:
		hint = "That is a segmentation: write segmentation." + name + "."
	}
	d := unknown(&r.diags, r.code.at(field), "column or calculated value", name, s.attributes(), hint)
	d.Summary = fmt.Sprintf("%s has no column or calculated value %s", s.entity, quote(name))
}

// deadReference reports a reference to a dataset whose rows have no name.
func (r *resolver) deadReference(c *catalog.Column, field span) {
	r.diags.Report("missing-key", r.code.at(field), "Dataset %s does not say what its rows are called, so rules cannot follow %s.%s to them", c.References, r.scope.entity, c.Name).
		Detail = fmt.Sprintf("Write `entity:` there. The raw key is %s.%s_key.", r.scope.entity, c.Name)
}

// group reports a segment or segmentation that is not there.
func (r *resolver) group(what, name string, field span, names []string) {
	s := r.scope
	hint := ""
	switch {
	case s.elsewhere[name] != "":
		hint = fmt.Sprintf("%s is about another entity, %s; this rule is about %s.", name, s.elsewhere[name], s.entity)
	case what == "segment" && s.scores[name] != nil:
		hint = fmt.Sprintf("%s is a score: compare its band, as in segmentation.%s == '%s', or its points, score.%s.", name, name, firstGroup(s.scores[name]), name)
	case what == "segment" && s.segmentations[name] != nil:
		hint = fmt.Sprintf("%s is a segmentation: compare it with a group, as in segmentation.%s == '%s'.", name, name, firstGroup(s.segmentations[name]))
	case what == "segmentation" && s.segments[name] != nil:
		hint = fmt.Sprintf("%s is a segment: write segment.%s.", name, name)
	case what != "segment" && what != "segmentation" && s.segmentations[name] != nil:
		hint = fmt.Sprintf("%s is a segmentation: compare it with a group, as in segmentation.%s == '%s'.", name, name, firstGroup(s.segmentations[name]))
	case what != "segment" && s.segments[name] != nil:
		hint = fmt.Sprintf("%s is a segment: write segment.%s.", name, name)
	}
	unknown(&r.diags, r.code.at(field), what, name, names, hint)
}

func firstGroup(n *node) string {
	if groups := n.groups(); len(groups) > 0 {
		return groups[0]
	}
	return ""
}

func anyNames(m map[string]any) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	return sortedUnique(names)
}
