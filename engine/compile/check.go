package compile

import (
	"fmt"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
)

// check type-checks a parsed draft and makes its Expr. Where the draft reads
// something broken, its errors of its own are still reported, but nothing is
// concluded from its type.
func (d *draft) check() {
	d.checked = true
	if d.parsed == nil {
		return
	}
	for _, r := range d.refs {
		d.poisoned = d.poisoned || r.to != nil && r.to.broken
	}
	checked, iss := d.scope.check(d.parsed)
	if iss.Err() != nil {
		d.typeErrors(iss.Errors())
		return
	}
	if d.poisoned || !d.result(checked.OutputType()) {
		return
	}
	tree := checked.NativeRep()
	if d.related(tree); d.diags.HasErrors() {
		return
	}
	if d.lists(tree); d.diags.HasErrors() {
		return
	}
	if d.closedSets(tree); d.diags.HasErrors() {
		return
	}
	if d.constants(tree); d.diags.HasErrors() {
		return
	}
	if !d.quiet {
		d.lint(tree)
	}
	e := &Expr{Text: d.code.text, Type: catalog.FromCEL(checked.OutputType()), Refs: d.sortedRefs(), Clock: d.readsClock(tree), Taint: d.taint(tree)}
	if d.expr = e; d.verdict {
		d.parsed = nil
		return
	}
	e.Written, e.AST = checked, d.inPlace(checked)
	e.Digest = exprDigest(e.AST.NativeRep())
	if relations := d.relations(); len(relations) > 0 {
		e.Digest = digestOf(append([]string{"relations", e.Digest}, relations...)...)
	}
}

// result says whether the place takes an expression of that type, and what is
// wrong where it does not.
func (d *draft) result(t *types.Type) bool {
	kind := catalog.FromCEL(t)
	if d.fits(t, kind) {
		return true
	}
	r := d.code.at(d.code.whole())
	switch {
	case t.Kind() == types.OpaqueKind && t.TypeName() == "optional_type":
		d.diags.Report("cel-type", r, "%s may have no value at all", d.what).Detail = "Say what holds then: .orValue(0)."
	case t.Kind() == types.StructKind:
		d.diags.Report("cel-type", r, "%s is a whole %s", d.what, t.TypeName()).Detail = "Choose a column of it, as in " + d.entityExample() + "."
	case t.Kind() == types.ListKind && t.Parameters()[0].Kind() == types.StructKind:
		d.diags.Report("cel-type", r, "%s is a list of rows", d.what).Detail = "Count them with .size(), ask with .exists(x, ...), or add up a column of them with .map(x, x.column).sum()."
	case d.want == aList && t.Kind() == types.MapKind:
		d.diags.Report("cel-type", r, "%s is a map, and has to be one value or a list", d.what).Detail = "Ask it for one key, as in x['key'], where it is needed."
	case hasDyn(kind):
		d.diags.Report("cel-type", r, "%s has no certain type", d.what).Detail = "A list needs elements of one type, and both results of ?: the same type."
	case kind.Kind == catalog.Null:
		d.diags.Report("cel-type", r, "%s is always null", d.what).Detail = "Write what it should be."
	case d.want == aCondition && kind.Kind != catalog.Bool:
		d.diags.Report("cel-type", r, "%s has to be true or false, and this is %s", d.what, plainCEL(t)).Detail = conditionAdvice(d, kind)
	case d.want == aMoment:
		d.diags.Report("cel-type", r, "%s has to be a time, and this is %s", d.what, plainCEL(t)).
			Detail = "Choose a column that holds a time, or one of related rows: .map(x, x.time).min()."
	case d.want == aCount:
		d.diags.Report("cel-type", r, "%s has to be a whole number, and this is %s", d.what, plainCEL(t)).
			Detail = "Count rows, as in .filter(x, x.channel == 'email').size()."
	case kind.Kind == catalog.List && d.want == aNumber:
		d.diags.Report("cel-type", r, "%s has to be one value, and this is %s", d.what, plainCEL(t)).Detail = "Make one of it, as in .sum() or .size()."
	case d.want == aNumber && kind.Kind == catalog.Int:
		dg := d.diags.Report("cel-type", r, "%s has to be a number with decimals, and this is a whole number", d.what)
		with := "double(" + d.code.value + ")"
		dg.Detail, dg.Fix = "Write "+with+".", replace(d.code.at(span{0, len(d.code.value)}), with)
	case d.want == aDecimal && kind.Kind != catalog.Int && kind.Kind != catalog.Double:
		d.diags.Report("cel-type", r, "%s has to be a number, and this is %s", d.what, plainCEL(t)).
			Detail = "Measure a number, as in avg(x) or share(x > 3)."
	case d.want == anOrder:
		dg := d.diags.Report("cel-type", r, "%s has to be a number, a time or a length of time, and this is %s", d.what, plainCEL(t))
		if dg.Detail = orderAdvice(d, kind); kind.Kind == catalog.Uint {
			dg.Fix = replace(d.code.at(span{0, len(d.code.value)}), asInt(d))
		}
	case d.want == aNumber && kind.Kind != catalog.Double:
		d.diags.Report("cel-type", r, "%s has to be a number with decimals, and this is %s", d.what, plainCEL(t)).Detail = "Choose a column that holds an amount."
	}
	return false
}

// fits says whether the place takes the type.
func (d *draft) fits(t *types.Type, kind catalog.Type) bool {
	if d.want == aList && listable(t) {
		return true
	}
	if t.Kind() == types.StructKind || d.want == aList && t.Kind() == types.MapKind || hasDyn(kind) || kind.Kind == catalog.Null {
		return false
	}
	switch d.want {
	case aCondition:
		return kind.Kind == catalog.Bool
	case aNumber:
		return kind.Kind == catalog.Double
	case anOrder:
		return kind.Kind == catalog.Int || kind.Kind == catalog.Double || kind.Kind == catalog.Timestamp || kind.Kind == catalog.Duration
	case aMoment:
		return kind.Kind == catalog.Timestamp
	case aCount:
		return kind.Kind == catalog.Int
	case aDecimal:
		return kind.Kind == catalog.Int || kind.Kind == catalog.Double
	}
	return true
}

// conditionAdvice says how a value becomes a condition.
func conditionAdvice(d *draft, t catalog.Type) string {
	text := d.code.value
	if len(d.code.tokens()) > 3 {
		text = "x"
	}
	switch t.Kind {
	case catalog.Int:
		return fmt.Sprintf("Compare it, as in %s > 0.", text)
	case catalog.Double:
		return fmt.Sprintf("Compare it, as in %s > 0.0.", text)
	case catalog.String:
		for _, r := range d.refs {
			if (r.ref.Kind == SegmentationRef || r.ref.Kind == BandRef) && len(d.refs) == 1 {
				return fmt.Sprintf("Compare it with a group, as in %s == '%s'.", text, firstGroup(r.to))
			}
		}
		return fmt.Sprintf("Compare it, as in %s == 'value'.", text)
	case catalog.Timestamp:
		return fmt.Sprintf("Compare it, as in %s > date('2026-01-31') or daysSince(%s) < 30.", text, text)
	case catalog.List:
		return fmt.Sprintf("Ask something about it, as in %s.size() > 0.", text)
	}
	return "Compare it with something."
}

func hasDyn(t catalog.Type) bool {
	switch t.Kind {
	case catalog.Dyn, catalog.Invalid:
		return true
	case catalog.List:
		return hasDyn(*t.Elem)
	case catalog.Map:
		return hasDyn(*t.Key) || hasDyn(*t.Elem)
	}
	return false
}

func (d *draft) sortedRefs() []Ref {
	seen := make(map[Ref]bool, len(d.refs))
	var out []Ref
	for _, r := range d.refs {
		if !seen[r.ref] {
			seen[r.ref] = true
			out = append(out, r.ref)
		}
	}
	sortRefs(out)
	return out
}

// readsNow says whether an expression names the instant that is calculated for,
// itself or by way of age() and the like.
func readsNow(tree *ast.AST) bool {
	found := false
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		found = found || e.Kind() == ast.IdentKind && e.AsIdent() == "now"
	}))
	return found
}
