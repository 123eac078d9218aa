package compile

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
)

// Statistics of evidence, as in evidence.reviews.share(review.rating <= 2): over
// all rows of a dataset that belong to nobody. What stands inside is asked of
// each row.

// evidenceName gives the dataset of evidence.reviews; "" for other expressions.
func evidenceName(e ast.Expr) string {
	if e.Kind() != ast.SelectKind || e.AsSelect().IsTestOnly() {
		return ""
	}
	if base := e.AsSelect().Operand(); base.Kind() != ast.IdentKind || base.AsIdent() != evidenceVar {
		return ""
	}
	return e.AsSelect().FieldName()
}

// isEvidence says whether the rows of a table are evidence that has a name.
func isEvidence(t *catalog.Table) bool { return t.Role == catalog.Evidence && t.Entity != "" }

// withEvidence lets formulas name the rows of evidence. Outside of a statistic
// of them statFinder refuses that.
func withEvidence(env *cel.Env, tables []*catalog.Table) (*cel.Env, error) {
	var opts []cel.EnvOption
	for _, t := range tables {
		if isEvidence(t) {
			opts = append(opts, cel.Variable(t.Entity, types.NewObjectType(t.Entity)))
		}
	}
	if len(opts) == 0 {
		return env, nil
	}
	return env.Extend(opts...)
}

// ofEvidence takes a statistic of evidence, and makes of it the function that the
// checker knows. The second result says whether it was one.
func (f *statFinder) ofEvidence(e ast.Expr, inside bool) bool {
	call := e.AsCall()
	if !call.IsMemberFunction() || evidenceName(call.Target()) == "" {
		return false
	}
	at := f.code.at(f.code.extent(f.tree, call.Target()))
	f.reported[call.Target().AsSelect().Operand().ID()] = true // the checker does not know it
	name := evidenceName(call.Target())
	table := (&catalog.Catalog{Tables: f.scope.options.Tables}).Table(name)
	switch {
	case table == nil || table.Role != catalog.Evidence:
		var names []string
		for _, t := range f.scope.options.Tables {
			if t.Role == catalog.Evidence {
				names = append(names, t.Name)
			}
		}
		f.refuse(e, at, "%s is no evidence: rows of nobody in particular", quote(name)).Detail = evidenceAdvice(table, names)
	case table.Entity == "":
		f.refuse(e, at, "Dataset %s does not say what its rows are called, so nothing can be asked of them", name).Detail = "Write `entity:` there, as in entity: review."
	case !statisticNames()[call.FunctionName()] || call.FunctionName() == "lift":
		f.refuse(e, f.code.at(f.code.extent(f.tree, e)), "%s() is no statistic of evidence", call.FunctionName()).
			Detail = "There are count(), share(p), sum(x), avg(x), median(x), percentile(x, 90), mode(x) and top(x, 3)."
	default:
		f.evidence = table
		e.SetKindCase(ast.NewExprFactory().NewCall(e.ID(), call.FunctionName(), call.Args()...))
		f.statistic(e, inside)
		f.evidence = nil
	}
	return true
}

func evidenceAdvice(table *catalog.Table, names []string) string {
	switch {
	case table != nil && table.Of != "":
		return "Its rows belong to " + table.Of + ": ask those, as in share(" + table.Of + "." + table.Name + ".size() > 0)."
	case len(names) == 0:
		return "Evidence is a dataset with neither `key` nor `of`. There is none."
	}
	return choices("Evidence is a dataset with neither `key` nor `of`. There are", names)
}

// rowOfEvidence refuses what has no value where it stands: members inside a
// statistic of evidence, and rows of evidence outside of one.
func (f *statFinder) rowOfEvidence(v, whole ast.Expr) bool {
	name := v.AsIdent()
	at := f.code.at(f.code.extent(f.tree, whole))
	switch {
	case f.evidence != nil && name == f.scope.entity:
		f.refuse(whole, at, "A row of %s belongs to nobody in particular, so it has no %s", f.evidence.Name, name).
			Detail = "Ask about " + f.evidence.Entity + " alone."
	case f.evidence == nil && name == evidenceVar:
		f.refuse(whole, at, "evidence is asked by a statistic of it").Detail = "Write evidence.reviews.share(review.rating <= 2), with the dataset and what its rows are called."
	case f.evidence == nil && f.scope.evidenceCalled(name) != nil:
		t := f.scope.evidenceCalled(name)
		f.refuse(whole, at, "%s is a row of %s, which belongs to nobody in particular", name, t.Name).
			Detail = "Ask a statistic of all of them, as in evidence." + t.Name + ".share(" + name + ".x > 0)."
	default:
		return false
	}
	f.reported[v.ID()] = true
	return true
}

// evidenceCalled finds evidence by what its rows are called.
func (s *scope) evidenceCalled(entity string) *catalog.Table {
	for _, t := range s.options.Tables {
		if isEvidence(t) && t.Entity == entity {
			return t
		}
	}
	return nil
}

// noEvidence refuses evidence in a rule, where one row decides. What stands inside
// means nothing there and is not looked at.
func (r *resolver) noEvidence(e ast.Expr) {
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(x ast.Expr) { r.miss(x) }))
	r.diags.Report("bad-statistic", r.code.at(r.code.extent(r.tree, e)), "Evidence belongs to nobody in particular, so no rule can decide by it").
		Detail = "Personas measure it, as in ${asPercent(evidence.reviews.share(review.rating <= 2))}."
}
