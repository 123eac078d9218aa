package byrow

import (
	"maps"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
)

// reach is what expressions read of a row, and of the rows that they get to
// from it. It follows the paths that are written, so that rows which reference
// each other are read as deep as a rule goes, and no deeper.
type reach struct {
	tables []*catalog.Table
	table  *catalog.Table
	column string          // of the row before that leads to it; "" for rows that belong to that
	fields map[string]bool // columns
	next   map[string]*reach
}

func newReach(tables []*catalog.Table, table *catalog.Table, column string) *reach {
	return &reach{tables: tables, table: table, column: column, fields: map[string]bool{}, next: map[string]*reach{}}
}

// field notes that a field is read, and gives the rows that it leads to; nil
// for values.
func (r *reach) field(name string) *reach {
	for _, c := range r.table.Columns {
		switch {
		case c.References == "" && c.Name == name, c.References != "" && c.Name+"_key" == name:
			r.fields[c.Name] = true
			return nil
		case c.Name == name:
			r.fields[c.Name] = true
			return r.to(name, name, func(t *catalog.Table) bool { return t.Name == c.References })
		}
	}
	return r.to(name, "", func(t *catalog.Table) bool { return t.Name == name && t.Of != "" && t.Of == r.table.Entity })
}

func (r *reach) to(name, column string, is func(*catalog.Table) bool) *reach {
	if r.next[name] == nil {
		i := slices.IndexFunc(r.tables, is)
		if i < 0 {
			return nil
		}
		r.next[name] = newReach(r.tables, r.tables[i], column)
	}
	return r.next[name]
}

// relations are the rows to read, in order of their names.
func (r *reach) relations() []*Relation {
	var out []*Relation
	for _, name := range slices.Sorted(maps.Keys(r.next)) {
		n := r.next[name]
		columns := maps.Clone(n.fields)
		if n.column != "" {
			columns[n.table.Key] = true
		} else {
			maps.Copy(columns, RelationColumns(n.table))
		}
		below := n.relations()
		for _, b := range below {
			if b.Column == "" {
				columns[n.table.Key] = true
			}
		}
		delete(columns, "")
		out = append(out, &Relation{Table: n.table, Column: n.column, Columns: slices.Sorted(maps.Keys(columns)), Below: below})
	}
	return out
}

// walker follows the rows that the parts of an expression stand for.
type walker struct {
	root  *reach
	vars  map[string][]*reach // bound ones
	names map[string]bool     // of the row itself
}

// follow notes in root what an expression over its row reads.
func (r *reach) follow(entity string, checked *cel.Ast) {
	w := &walker{root: r, vars: map[string][]*reach{}, names: map[string]bool{entity: true, "." + entity: true}}
	w.rows(checked.NativeRep().Expr())
}

// rows are those that an expression is, or has in it.
func (w *walker) rows(e ast.Expr) []*reach {
	switch e.Kind() {
	case ast.IdentKind:
		if bound, ok := w.vars[e.AsIdent()]; ok {
			return bound
		}
		if w.names[e.AsIdent()] {
			return []*reach{w.root}
		}
	case ast.SelectKind:
		return w.fields(w.rows(e.AsSelect().Operand()), e.AsSelect().FieldName())
	case ast.ListKind:
		return w.all(e.AsList().Elements())
	case ast.MapKind:
		var found []*reach
		for _, entry := range e.AsMap().Entries() {
			found = append(found, w.all([]ast.Expr{entry.AsMapEntry().Key(), entry.AsMapEntry().Value()})...)
		}
		return found
	case ast.CallKind:
		c := e.AsCall()
		if c.FunctionName() == operators.OptSelect {
			name, _ := c.Args()[1].AsLiteral().(types.String)
			return w.fields(w.rows(c.Args()[0]), string(name))
		}
		found := w.all(c.Args())
		if c.IsMemberFunction() {
			found = append(found, w.rows(c.Target())...)
		}
		return found
	case ast.ComprehensionKind:
		return w.loop(e.AsComprehension())
	}
	return nil
}

func (w *walker) all(list []ast.Expr) []*reach {
	var found []*reach
	for _, e := range list {
		found = append(found, w.rows(e)...)
	}
	return found
}

func (w *walker) fields(of []*reach, name string) []*reach {
	var found []*reach
	for _, r := range of {
		if to := r.field(name); to != nil && !slices.Contains(found, to) {
			found = append(found, to)
		}
	}
	return found
}

// loop goes through a macro's loop twice: what it gathers may be read inside it.
func (w *walker) loop(c ast.ComprehensionExpr) []*reach {
	elements, gathered := w.rows(c.IterRange()), w.rows(c.AccuInit())
	before := maps.Clone(w.vars)
	w.vars[c.IterVar()] = elements
	if c.HasIterVar2() {
		w.vars[c.IterVar2()] = elements
	}
	for range 2 {
		w.vars[c.AccuVar()] = gathered
		w.rows(c.LoopCondition())
		for _, r := range w.rows(c.LoopStep()) {
			if !slices.Contains(gathered, r) {
				gathered = append(gathered, r)
			}
		}
	}
	w.vars = before
	accu, had := w.vars[c.AccuVar()]
	w.vars[c.AccuVar()] = gathered
	result := w.rows(c.Result())
	delete(w.vars, c.AccuVar())
	if had {
		w.vars[c.AccuVar()] = accu
	}
	return result
}
