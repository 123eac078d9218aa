package compile

import (
	"encoding/binary"
	"fmt"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"personae/engine/celenv"
)

// form is an expression taken apart into conditions and what joins them.
type form struct {
	joints     []ast.Expr
	conditions []ast.Expr
	keys       []byte // of the conditions, one after the other
	ends       []int  // of each key
}

// formOf takes an expression apart.
func formOf(e ast.Expr) *form {
	x := &form{}
	x.split(e)
	return x
}

// key tells the form of a condition from all others.
func (x *form) key(i int) []byte {
	if i == 0 {
		return x.keys[:x.ends[0]]
	}
	return x.keys[x.ends[i-1]:x.ends[i]]
}

func (x *form) split(e ast.Expr) {
	if e.Kind() == ast.CallKind {
		if call := e.AsCall(); joints[call.FunctionName()] != nil {
			x.joints = append(x.joints, e)
			for _, arg := range call.Args() {
				x.split(arg)
			}
			return
		}
	}
	if len(x.joints) > 0 { // what stands alone may be of any type
		x.keys = append(x.keys, '&')
	}
	x.conditions = append(x.conditions, e)
	x.write(e, false)
	x.ends = append(x.ends, len(x.keys))
}

// write adds a part to the key. Where literals count, what they are worth belongs to
// the form, not only their type.
func (x *form) write(e ast.Expr, literals bool) {
	x.keys = append(x.keys, byte(e.Kind()))
	switch e.Kind() {
	case ast.LiteralKind:
		value := e.AsLiteral()
		x.text(value.Type().TypeName())
		if literals {
			x.text(fmt.Sprint(value.Value()))
		}
	case ast.IdentKind:
		x.text(e.AsIdent())
	case ast.SelectKind:
		x.text(e.AsSelect().FieldName())
		x.flag(e.AsSelect().IsTestOnly())
	case ast.CallKind:
		name := e.AsCall().FunctionName()
		x.text(name)
		x.flag(e.AsCall().IsMemberFunction())
		literals = literals || name == operators.OptSelect || celenv.ReadsLiterals(name)
	case ast.ListKind:
		for _, i := range e.AsList().OptionalIndices() {
			x.number(int(i))
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			x.flag(entry.AsMapEntry().IsOptional())
		}
	case ast.StructKind: // always refused
		x.text(e.AsStruct().TypeName())
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		x.text(c.IterVar())
		x.text(c.IterVar2())
		x.text(c.AccuVar())
	}
	below := children(e)
	x.number(len(below))
	for _, part := range below {
		x.write(part, literals)
	}
}

func (x *form) text(s string) {
	x.number(len(s))
	x.keys = append(x.keys, s...)
}

func (x *form) number(n int) { x.keys = binary.AppendUvarint(x.keys, uint64(n)) }

func (x *form) flag(yes bool) {
	if yes {
		x.number(1)
		return
	}
	x.number(0)
}
