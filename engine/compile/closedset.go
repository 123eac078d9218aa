package compile

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	celops "cel.dev/cel-go/common/operators"

	"personae/engine/diag"
)

// closedSets reports literals that a segmentation is compared with and that
// name none of its groups: such a condition is false for everyone.
func (d *draft) closedSets(tree *ast.AST) {
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		switch args := e.AsCall().Args(); e.AsCall().FunctionName() {
		case celops.Equals, celops.NotEquals, celops.In:
			if len(args) == 2 {
				d.closedSet(tree, args[0], args[1])
				d.closedSet(tree, args[1], args[0])
			}
		}
	}))
}

func (d *draft) closedSet(tree *ast.AST, side, other ast.Expr) {
	if side.Kind() != ast.IdentKind {
		return
	}
	name, ok := strings.CutPrefix(side.AsIdent(), segmentationVar+".")
	n := d.scope.segmentations[name]
	if !ok {
		name, ok = strings.CutPrefix(side.AsIdent(), journeyVar+".")
		n = d.scope.journeys[name]
	}
	if !ok || n == nil {
		return
	}
	literals := []ast.Expr{other}
	if other.Kind() == ast.ListKind {
		literals = other.AsList().Elements()
	}
	groups := n.groups()
	for _, l := range literals {
		text, ok := literalText(l)
		if !ok || slices.Contains(groups, text) {
			continue
		}
		s := d.code.extent(tree, l)
		dg := d.diags.Report("unknown-name", d.code.at(s), "%s %s has no %s %s", upperFirst(string(n.rule.Kind)), name, n.groupWord(), quote(text))
		if near := diag.Suggest(text, groups); near != "" {
			dg.Detail = fmt.Sprintf("Did you mean '%s'? ", near)
			q := d.code.slice(s)[:1]
			dg.Fix = replace(d.code.at(s), q+near+q)
		}
		dg.Detail = strings.TrimSpace(dg.Detail + choices("Its "+n.groupWord()+"s are", groups))
		dg.Relate(n.name.Range(), "The "+string(n.rule.Kind))
	}
}

// groups lists the names of a segmentation's groups, otherwise included, of
// a score's bands, or of a journey's stages.
func (n *node) groups() []string {
	var out []string
	if n.rule.Score != nil {
		for _, b := range n.rule.Score.Bands {
			out = append(out, b.Name)
		}
		return out
	}
	if n.rule.Journey != nil {
		for _, s := range n.rule.Journey.Stages {
			out = append(out, s.Name)
		}
		return out
	}
	for _, r := range n.rule.Rungs {
		out = append(out, r.Name)
	}
	return append(out, n.rule.Otherwise)
}

// groupWord is what one of its groups is called.
func (n *node) groupWord() string {
	switch n.rule.Kind {
	case ScoreRule:
		return "band"
	case JourneyRule:
		return "stage"
	}
	return "group"
}
