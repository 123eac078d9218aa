package plan

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
)

// thing is what an expression stands for, which need not be one value of SQL's:
// a row, a list or a map that is written out, an optional of any of these, or one
// of two.
// What asks about it is worked out part by part. Exactly one field says which.
type thing struct {
	value  *Expr
	row    *rowRef
	list   *listed
	table  *tabled
	option *option
	choice *choice
}

// listed is a list that is written out. needs are what makes it ⊥ beside its elements.
type listed struct {
	elements []*thing
	needs    []*Expr
}

// tabled is a map that is written out. Of equal keys the last one counts.
type tabled struct {
	entries []entry
	needs   []*Expr
}

// entry is one entry of a map that is written out.
type entry struct {
	key   *Expr
	some  *Expr // of an optional entry: whether it is there; nil: it is
	value *thing
}

// option is an optional value: whether there is one, ⊥ where the optional is,
// and what it is where there is; nil where there never is one.
type option struct {
	some *Expr
	of   *thing
}

func valued(x *Expr) *thing { return &thing{value: x} }

var noOption = func(b *Builder) *thing { return &thing{option: &option{some: b.Const(false)}} }

// thing lowers an expression to what it stands for. What it cannot take apart
// is a value, which may be a hole.
func (l *lowerer) thing(e ast.Expr) *thing {
	if t := l.instead[e.ID()]; t != nil {
		return t
	}
	var found *thing
	switch e.Kind() {
	case ast.IdentKind:
		if to, ok := l.bound[e.AsIdent()]; ok && to.thing != nil && l.known(to.frame) {
			return to.thing
		}
	case ast.ListKind:
		found = l.listThing(e)
	case ast.MapKind:
		found = l.mapThing(e)
	case ast.SelectKind:
		if s := e.AsSelect(); !s.IsTestOnly() && l.holdsParts(s.Operand()) {
			found = l.selected(e, s.Operand(), l.b.Const(s.FieldName()), false)
		}
	case ast.CallKind:
		found = l.callThing(e, e.AsCall())
	case ast.ComprehensionKind:
		if c := e.AsComprehension(); isBind(c) && l.taken(e) {
			l.with(c.AccuVar(), l.binding(c.AccuInit()), func() { found = l.thing(c.Result()) })
		}
	}
	if found != nil {
		return found
	}
	if row := l.row(e); row != nil {
		return &thing{row: row}
	}
	return valued(l.expr(e))
}

// taken says whether an expression may stand for something that is no value of
// SQL's, by its form: then it is taken apart before anything else is tried.
func (l *lowerer) taken(e ast.Expr) bool {
	if isOptional(l.ast.GetType(e.ID())) {
		return true
	}
	switch e.Kind() {
	case ast.ListKind, ast.MapKind:
		return true
	case ast.IdentKind:
		return l.bound[e.AsIdent()].thing != nil
	case ast.SelectKind:
		return !e.AsSelect().IsTestOnly() && l.taken(e.AsSelect().Operand())
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		return isBind(c) && (l.taken(c.Result()) || composite(l.typeOf(e).Kind) && l.taken(c.AccuInit()))
	case ast.CallKind:
		switch c := e.AsCall(); c.FunctionName() {
		case operators.Index, "dyn":
			return l.taken(c.Args()[0])
		case operators.Conditional:
			return l.taken(c.Args()[1]) || l.taken(c.Args()[2])
		case "value", "orValue":
			return composite(l.typeOf(e).Kind) && c.Target() != nil && l.taken(c.Target())
		}
	}
	return false
}

func isOptional(t *types.Type) bool {
	return t.Kind() == types.OpaqueKind && t.TypeName() == "optional_type"
}

// holdsParts says whether an expression is something whose parts are selected,
// and no row of a table.
func (l *lowerer) holdsParts(e ast.Expr) bool {
	t := l.ast.GetType(e.ID())
	k := l.typeOf(e).Kind
	return isOptional(t) || k == catalog.Struct || k == catalog.Map || t.Kind() == types.DynKind
}

// isBind recognises cel.bind.
func isBind(c ast.ComprehensionExpr) bool {
	return c.IterVar() == "#unused" && c.IterRange().Kind() == ast.ListKind && c.IterRange().AsList().Size() == 0
}

func (l *lowerer) things(list []ast.Expr) []*thing {
	out := make([]*thing, len(list))
	for i, e := range list {
		out[i] = l.thing(e)
	}
	return out
}

// listThing is [a, ?b]; nil where an optional element decides how long it is.
func (l *lowerer) listThing(e ast.Expr) *thing {
	if len(e.AsList().OptionalIndices()) > 0 {
		return nil
	}
	return &thing{list: &listed{elements: l.things(e.AsList().Elements())}}
}

// mapThing is {a: b, ?c: d}.
func (l *lowerer) mapThing(e ast.Expr) *thing {
	t := &tabled{}
	for _, x := range e.AsMap().Entries() {
		m := x.AsMapEntry()
		en := entry{key: l.expr(m.Key()), value: l.thing(m.Value())}
		if k := en.key.Type.Kind; k != catalog.String && k != catalog.Int && k != catalog.Uint && k != catalog.Bool && en.key.Op != OpHole {
			return nil
		}
		if m.IsOptional() {
			o := en.value.option
			if o == nil {
				return nil
			}
			if en.some, en.value = o.some, o.of; o.of == nil {
				t.needs = append(t.needs, en.key)
				continue
			}
		}
		t.entries = append(t.entries, en)
	}
	return &thing{table: t}
}

// callThing lowers the calls that give more than values; nil for others.
func (l *lowerer) callThing(e ast.Expr, c ast.CallExpr) *thing {
	switch c.FunctionName() {
	case operators.OptSelect:
		if name, ok := c.Args()[1].AsLiteral().(types.String); ok {
			return l.selected(e, c.Args()[0], l.b.Const(string(name)), true)
		}
	case operators.Index, operators.OptIndex:
		key := l.expr(c.Args()[1])
		if key.Op == OpHole {
			return valued(l.b.Hole(key.Name, l.typeOf(e)))
		}
		return l.selected(e, c.Args()[0], l.b.Decide(key), c.FunctionName() == operators.OptIndex) // nothing is at null
	case operators.Conditional:
		if l.taken(e) {
			a := l.things(c.Args()[1:])
			return l.either(l.expr(c.Args()[0]), a[0], a[1])
		}
	case "dyn":
		return l.thing(c.Args()[0])
	case "math.@max", "math.@min":
		return l.mixedExtreme(c)
	case "value", "orValue":
		if c.Target() != nil && l.taken(c.Target()) {
			if o := l.thing(c.Target()).option; o != nil {
				return l.endOption(c, o)
			}
		}
		return nil
	}
	return l.optionCall(e, c)
}

// either is the first thing where a condition is TRUE, the second where it is
// FALSE, and ⊥ elsewhere; nil where the two are of different forms.
func (l *lowerer) either(cond *Expr, yes, no *thing) *thing {
	switch {
	case cond.Op == OpHole || yes.hole() != nil:
		return valued(l.b.Hole(firstHole(cond, yes.hole()), boolean))
	case isBool(cond, true):
		return yes
	case isBool(cond, false):
		return no
	case yes.option != nil && no.option != nil:
		some := l.b.If(cond, yes.option.some, no.option.some)
		switch {
		case yes.option.of == nil:
			return &thing{option: &option{some: some, of: no.option.of}}
		case no.option.of == nil:
			return &thing{option: &option{some: some, of: yes.option.of}}
		}
		of := l.either(cond, yes.option.of, no.option.of)
		if of == nil {
			return nil
		}
		return &thing{option: &option{some: some, of: of}}
	}
	x, y := l.single(yes), l.single(no)
	if x == nil || y == nil {
		return nil
	}
	x, y = l.b.alike(x, y)
	if x.Op != OpHole && y.Op != OpHole && x.Op != OpBottom && y.Op != OpBottom && x.Type.Kind != y.Type.Kind && x.Type.Kind != catalog.Null && y.Type.Kind != catalog.Null {
		return nil
	}
	return valued(l.b.If(cond, x, y))
}

func firstHole(list ...*Expr) string {
	for _, x := range list {
		if x != nil && x.Op == OpHole {
			return x.Name
		}
	}
	return ""
}

// onlyIf makes a thing ⊥ where a condition is not TRUE.
func (l *lowerer) onlyIf(cond *Expr, t *thing) *thing {
	if isBool(cond, true) {
		return t
	}
	need := l.b.If(cond, l.b.Const(true), l.b.Bottom("there is no such element", boolean))
	switch {
	case t.value != nil:
		return valued(l.b.If(cond, t.value, l.b.Bottom("there is no such element", t.value.Type)))
	case t.list != nil:
		return &thing{list: &listed{elements: t.list.elements, needs: append([]*Expr{need}, t.list.needs...)}}
	case t.table != nil:
		return &thing{table: &tabled{entries: t.table.entries, needs: append([]*Expr{need}, t.table.needs...)}}
	case t.option != nil:
		return &thing{option: &option{some: l.b.If(need, t.option.some, t.option.some), of: t.option.of}}
	}
	return nil
}

// single is the one value that a thing is, a list that is written out among
// them; nil for none.
func (l *lowerer) single(t *thing) *Expr {
	switch {
	case t.value != nil:
		return t.value
	case t.list != nil:
		return l.listValue(t.list)
	case t.table != nil:
		return l.tableValue(t)
	}
	return nil
}

// tableValue is a map that is written out as one value; nil for keys that vary
// from row to row, which may be equal, and for entries of mixed types.
func (l *lowerer) tableValue(t *thing) *Expr {
	if h := t.hole(); h != nil {
		return h
	}
	keys, ok := l.keysOf(t)
	var values []*thing
	for _, en := range t.table.entries {
		values = append(values, en.value)
	}
	k, v := l.listValue(&listed{elements: valuesOf(keys)}), l.listValue(&listed{elements: values})
	if !ok || k == nil || v == nil {
		return nil
	}
	x := Expr{Op: OpMap, Type: catalog.Type{Kind: catalog.Map, Key: k.Type.Elem, Elem: v.Type.Elem}}
	for i := range keys {
		if keys[i].MayNull {
			return nil
		}
		x.Args = append(x.Args, keys[i], l.single(values[i]))
	}
	return l.whole(l.needsOf(t), l.b.intern(x))
}

// literalMap is {a: b} as a value.
func (l *lowerer) literalMap(e ast.Expr) *Expr {
	if t := l.mapThing(e); t != nil {
		if h := t.hole(); h != nil {
			return l.b.Hole(h.Name, l.typeOf(e))
		}
		if x := l.single(t); x != nil {
			return x
		}
	}
	return l.hole(e, "maps as values")
}

func valuesOf(list []*Expr) []*thing {
	out := make([]*thing, len(list))
	for i, x := range list {
		out[i] = valued(x)
	}
	return out
}

// hole is the first hole in a thing: SQL cannot decide anything about it. nil for none.
func (t *thing) hole() *Expr {
	switch {
	case t.value != nil && t.value.Op == OpHole:
		return t.value
	case t.list != nil:
		for _, el := range t.list.elements {
			if h := el.hole(); h != nil {
				return h
			}
		}
	case t.table != nil:
		for _, en := range t.table.entries {
			if en.key.Op == OpHole {
				return en.key
			}
			if h := en.value.hole(); h != nil {
				return h
			}
		}
	case t.choice != nil:
		for _, part := range []*thing{valued(t.choice.cond), t.choice.yes, t.choice.no} {
			if h := part.hole(); h != nil {
				return h
			}
		}
	case t.option != nil && t.option.some.Op == OpHole:
		return t.option.some
	case t.option != nil && t.option.of != nil:
		return t.option.of.hole()
	}
	return nil
}

// needsOf are values that a thing is ⊥ without.
func (l *lowerer) needsOf(t *thing) []*Expr {
	var needs []*Expr
	switch {
	case t.value != nil:
		return []*Expr{t.value}
	case t.list != nil:
		needs = append(needs, t.list.needs...)
		for _, el := range t.list.elements {
			needs = append(needs, l.needsOf(el)...)
		}
	case t.table != nil:
		needs = append(needs, t.table.needs...)
		for _, en := range t.table.entries {
			needs = append(needs, en.key)
			if en.some == nil {
				needs = append(needs, l.needsOf(en.value)...)
				continue
			}
			needs = append(needs, l.needsOf(&thing{option: &option{some: en.some, of: en.value}})...)
		}
	case t.choice != nil:
		return []*Expr{t.choice.cond}
	case t.option != nil:
		needs = append(needs, t.option.some)
		if t.option.of != nil {
			for _, n := range l.needsOf(t.option.of) {
				needs = append(needs, l.b.If(t.option.some, l.b.NullTest(n), l.b.Const(false)))
			}
		}
	}
	return needs
}
