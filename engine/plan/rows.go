package plan

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
)

// binding is what a variable stands for: a value, a row, or a list of rows.
type binding struct {
	value *Expr
	row   *rowRef
	list  *rowList
	thing *thing
	frame int // where the value was lowered
}

// rowRef is a row that an expression reads from.
type rowRef struct {
	tables []*catalog.Table // the row's table, its owner, the owner's owner
	via    []Lookup         // the references that lead to it, outermost first
	frame  int              // of the variable that it starts from
}

// frame is a list whose rows are gone through. Its rows know those of the
// frames above them, and no others: a row of another list beside it has no
// value there.
type frame struct{ owner int }

// noOwner is the owner of lists of rows that a reference leads to: any customer
// may have the same home store, so none of them is known there.
const noOwner = -1

// reasonBeside is why rows of two lists cannot be compared with each other.
const reasonBeside = "comparing rows of two lists with each other"

// known says whether the rows of a frame have values where we are.
func (l *lowerer) known(frame int) bool {
	for at := len(l.frames) - 1; at >= 0; at = l.frames[at].owner {
		if at == frame {
			return true
		}
	}
	return false
}

// inside lowers something as it is seen from the rows of a list.
func (l *lowerer) inside(list *rowList, f func()) {
	l.frames = append(l.frames, frame{owner: list.owner})
	f()
	l.frames = l.frames[:len(l.frames)-1]
}

// each lowers something for each element of a list, which name stands for.
func (l *lowerer) each(list *rowList, name string, f func()) {
	l.inside(list, func() {
		at := len(l.frames) - 1
		element := binding{value: list.elem, frame: at}
		switch {
		case list.elem != nil:
		case list.row != nil:
			row := *list.row
			row.frame = at
			element.row = &row
		default:
			element.row = &rowRef{tables: list.path, frame: at}
		}
		l.with(name, element, f)
	})
}

// with binds a variable while f runs.
func (l *lowerer) with(name string, to binding, f func()) {
	old, had := l.bound[name]
	l.bound[name] = to
	f()
	delete(l.bound, name)
	if had {
		l.bound[name] = old
	}
}

// row is the row that a variable or a reference stands for; nil for no row,
// and for one that has no value here.
func (l *lowerer) row(e ast.Expr) *rowRef {
	switch e.Kind() {
	case ast.IdentKind:
		row := &rowRef{tables: []*catalog.Table{l.scope.Table}}
		if to, ok := l.bound[e.AsIdent()]; ok {
			row = to.row
		} else if strings.TrimPrefix(e.AsIdent(), ".") != l.scope.Entity {
			return nil
		}
		if row != nil && !l.known(row.frame) {
			l.beside = true
			return nil
		}
		return row
	case ast.SelectKind:
		if s := e.AsSelect(); !s.IsTestOnly() {
			if row := l.row(s.Operand()); row != nil {
				return l.reference(row, s.FieldName())
			}
		}
	}
	return nil
}

// reference is the row that a column of a row leads to; nil for other names.
func (l *lowerer) reference(row *rowRef, name string) *rowRef {
	c := row.tables[0].Column(name)
	if c == nil || c.References == "" {
		return nil
	}
	for _, t := range l.scope.Tables {
		if t.Name == c.References && t.Key != "" && t.Entity != "" {
			step := Lookup{Base: row.tables[0], Column: name, Target: t}
			return &rowRef{tables: []*catalog.Table{t}, via: append(slices.Clone(row.via), step), frame: row.frame}
		}
	}
	return nil
}

// from reads what stands for a field of the row from where the row was reached.
func (l *lowerer) from(row *rowRef, e *Expr) *Expr { return l.through(row.via, e) }

func (l *lowerer) through(via []Lookup, e *Expr) *Expr {
	for i := len(via) - 1; i >= 0 && e.Op != OpHole; i-- {
		step := via[i]
		step.Inner = e
		e = l.b.lookup(step)
	}
	return e
}

// present says whether a row that a reference leads to is there: ⊥ where the
// row that holds the reference is not.
func (l *lowerer) present(row *rowRef) *Expr {
	last := len(row.via) - 1
	return l.through(row.via[:last], l.b.lookup(row.via[last]))
}

// missing is why something is no row that has fields here.
func (l *lowerer) missing(otherwise string) string {
	if l.beside {
		l.beside = false
		return reasonBeside
	}
	return otherwise
}
