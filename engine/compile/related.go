package compile

import (
	"sort"
	"strings"

	"cel.dev/cel-go/common/ast"
	celops "cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

// related notes what a checked expression reads of other tables' rows: which
// table a name belongs to is known by the types alone.
func (d *draft) related(tree *ast.AST) {
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if table, name := d.relatedField(tree, e); table != nil {
			d.relatedRef(tree, e, table, name)
		}
		if e.Kind() == ast.CallKind {
			d.relatedTime(tree, e)
		}
	}))
}

// relatedField gives the table and the field that a node reads from a row that
// is not the entity's own.
func (d *draft) relatedField(tree *ast.AST, e ast.Expr) (*catalog.Table, string) {
	var operand ast.Expr
	var name string
	switch {
	case e.Kind() == ast.SelectKind:
		operand, name = e.AsSelect().Operand(), e.AsSelect().FieldName()
	case e.Kind() == ast.CallKind && e.AsCall().FunctionName() == celops.OptSelect:
		operand = e.AsCall().Args()[0]
		name, _ = literalText(e.AsCall().Args()[1])
	default:
		return nil, ""
	}
	t := tree.GetType(operand.ID())
	if t == nil || t.Kind() != types.StructKind || operand.Kind() == ast.IdentKind && operand.AsIdent() == d.scope.entity {
		return nil, ""
	}
	return d.scope.tableOf(t.TypeName()), name
}

func (d *draft) relatedRef(tree *ast.AST, e ast.Expr, table *catalog.Table, name string) {
	for _, c := range table.Columns {
		switch {
		case c.References == "" && c.Name == name, c.References != "" && c.Name+"_key" == name:
			d.refs = append(d.refs, reference{ref: Ref{Kind: ColumnRef, Entity: table.Entity, Name: c.Name}, id: e.ID()})
			return
		case c.Name == name:
			d.refs = append(d.refs, reference{ref: Ref{Kind: ReferenceRef, Entity: table.Entity, Name: name}, id: e.ID()},
				reference{ref: Ref{Kind: ColumnRef, Entity: table.Entity, Name: name}, id: e.ID()})
			return
		}
	}
	if d.scope.traits[name] != nil && table == d.scope.table {
		d.diags.Report("hole", d.code.at(d.code.extent(tree, e)), "%s.%s is calculated, and cannot be read of another %s", table.Entity, name, table.Entity).
			Detail = "Of a row that a reference leads to, only columns and related rows are known. Write the calculation here, over those."
		return
	}
	d.refs = append(d.refs, reference{ref: Ref{Kind: RelationRef, Entity: table.Entity, Name: name}, id: e.ID()})
}

// relatedTime notes the time that within, before and between look at.
func (d *draft) relatedTime(tree *ast.AST, e ast.Expr) {
	ids := tree.GetOverloadIDs(e.ID())
	if len(ids) != 1 || !strings.HasPrefix(ids[0], "list_") {
		return
	}
	for _, t := range d.scope.options.Tables {
		if t.Time != "" && ids[0] == celenv.RelationOverload(e.AsCall().FunctionName(), t.Entity) {
			d.refs = append(d.refs, reference{ref: Ref{Kind: ColumnRef, Entity: t.Entity, Name: t.Time}, id: e.ID()})
		}
	}
}

// relations describes the relations and references that an expression reads:
// what makes rows belong to an owner, and their order, is part of what a rule
// means.
func (d *draft) relations() []string {
	var out []string
	for _, r := range d.refs {
		if r.ref.Kind == ReferenceRef {
			out = append(out, d.scope.referenceText(r.ref))
		}
		if r.ref.Kind != RelationRef {
			continue
		}
		for _, t := range d.scope.options.Tables {
			if t.Of == r.ref.Entity && t.Name == r.ref.Name {
				out = append(out, strings.Join([]string{t.Name, t.Entity, t.Of, t.By, t.Key, t.Time}, "\x00"))
			}
		}
	}
	sort.Strings(out)
	return out
}

// referenceText describes what a column references.
func (s *scope) referenceText(r Ref) string {
	parts := []string{r.Entity, r.Name}
	if t := s.tableOf(r.Entity); t != nil {
		if c := t.Column(r.Name); c != nil {
			if to := (&catalog.Catalog{Tables: s.options.Tables}).Table(c.References); to != nil {
				parts = append(parts, to.Name, to.Key)
			}
		}
	}
	return strings.Join(parts, "\x00")
}

// referenced is the table that customer.home_store leads to; nil for what is no
// reference of the entity.
func (s *scope) referenced(e ast.Expr) *catalog.Table {
	if e.Kind() != ast.SelectKind {
		return nil
	}
	from, name := s.table, e.AsSelect().FieldName()
	if base := e.AsSelect().Operand(); base.Kind() != ast.IdentKind || base.AsIdent() != s.entity {
		if from = s.referenced(base); from == nil {
			return nil
		}
	}
	if c := from.Column(name); c != nil && c.References != "" {
		return (&catalog.Catalog{Tables: s.options.Tables}).Table(c.References)
	}
	return nil
}

// namesOf lists what can be read of a row of another table.
func (s *scope) namesOf(t *catalog.Table) []string {
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
		if c.References != "" {
			names = append(names, c.Name+"_key")
		}
	}
	for _, r := range s.options.Tables {
		if r.Of == t.Entity && r.Of != "" {
			names = append(names, r.Name)
		}
	}
	return names
}

// tableOf finds the table whose rows are called so.
func (s *scope) tableOf(entity string) *catalog.Table {
	if entity == s.entity {
		return s.table
	}
	return (&catalog.Catalog{Tables: s.options.Tables}).Entity(entity)
}

// column is the column that a reference names, nil where it names another
// thing, and what messages call it.
func (s *scope) column(r Ref) (*catalog.Column, string) {
	if r.Kind != ColumnRef {
		return nil, ""
	}
	t := s.tableOf(r.Entity)
	if t == nil {
		return nil, ""
	}
	name := r.Name
	if r.Entity != s.entity {
		name = r.Entity + "." + r.Name
	}
	return t.Column(r.Name), name
}

// relatedColumns lists the columns of all rows that can be reached.
func (s *scope) relatedColumns() []string {
	var names []string
	for _, t := range s.options.Tables {
		if t == s.table || t.Of == "" && t.Role != catalog.Lookup {
			continue
		}
		for _, c := range t.Columns {
			names = append(names, c.Name)
		}
	}
	return sortedUnique(names)
}

// fieldNames are the fields of all structs that columns hold: the checker does
// not say which of them an expression is about.
func (s *scope) fieldNames() []string {
	var names []string
	for _, t := range celenv.Structs(s.options.Tables) {
		for _, f := range t.Fields {
			names = append(names, f.Name)
		}
	}
	return sortedUnique(names)
}
