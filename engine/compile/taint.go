package compile

import (
	"sort"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// taint says which personal columns an expression's value carries and which
// sensitive columns it reads. A yes or no carries nothing of a person, so what
// goes through a condition is clean; reading a sensitive column is not.
func (d *draft) taint(tree *ast.AST) Taint {
	pii := map[string]bool{}
	d.personal(tree, tree.Expr(), pii)
	sensitive := map[string]bool{}
	for _, r := range d.refs {
		switch {
		case r.to != nil:
			for _, c := range r.to.rule.Taint.Sensitive {
				sensitive[c] = true
			}
		default:
			if c, name := d.scope.column(r.ref); c != nil && c.Sensitive {
				sensitive[name] = true
			}
		}
	}
	return Taint{PII: sortedSet(pii), Sensitive: sortedSet(sensitive)}
}

func (d *draft) personal(tree *ast.AST, e ast.Expr, out map[string]bool) {
	if t := tree.GetType(e.ID()); t != nil && t.Kind() == types.BoolKind {
		return
	}
	if field, ok := d.field(e); ok {
		if n := d.scope.traits[field]; n != nil {
			for _, c := range n.rule.Taint.PII {
				out[c] = true
			}
		} else if f, ok := d.scope.fields[field]; ok {
			if c := d.scope.table.Column(f.Column); c != nil && c.PII {
				out[c.Name] = true
			}
		}
		return
	}
	if table, field := d.relatedField(tree, e); table != nil {
		if c := table.Column(strings.TrimSuffix(field, "_key")); c != nil && c.PII {
			out[table.Entity+"."+c.Name] = true
		} else if c := table.Column(field); c != nil && c.PII {
			out[table.Entity+"."+c.Name] = true
		}
	}
	for _, x := range children(e) {
		d.personal(tree, x, out)
	}
}

// field gives the attribute that a node reads from the entity, by . or .?
func (d *draft) field(e ast.Expr) (string, bool) {
	switch e.Kind() {
	case ast.SelectKind:
		base := e.AsSelect().Operand()
		return e.AsSelect().FieldName(), base.Kind() == ast.IdentKind && base.AsIdent() == d.scope.entity
	case ast.CallKind:
		if args := e.AsCall().Args(); e.AsCall().FunctionName() == "_?._" && len(args) == 2 {
			name, ok := literalText(args[1])
			return name, ok && args[0].Kind() == ast.IdentKind && args[0].AsIdent() == d.scope.entity
		}
	}
	return "", false
}

func sortedSet(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
