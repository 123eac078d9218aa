package plan

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/overloads"

	"personae/engine/catalog"
)

// listRules is the table from overloads over lists that are values, or that give
// one, to operators. What is written out or related goes other ways first.
var listRules = together(listAggregateRules, orderRules(), map[string]listRule{
	overloads.SizeList: sizeList, overloads.SizeListInst: sizeList, overloads.SizeMap: sizeMap, overloads.SizeMapInst: sizeMap,
	overloads.AddList: concatLists,
	"list_slice":      sameElements(OpSlice), "list_reverse": sameElements(OpReverseList), "list_distinct": sameElements(OpDistinct),
	"list_bool_sort": sorted, "list_int_sort": sorted, "list_uint_sort": sorted, "list_string_sort": sorted, "list_bytes_sort": sorted,
	"list_google.protobuf.Timestamp_sort": sorted, "list_google.protobuf.Duration_sort": sorted,
	"list_join":           func(b *Builder, a []*Expr) *Expr { return b.Strict(OpJoin, "", a[0], b.Const("")) },
	"list_join_string":    func(b *Builder, a []*Expr) *Expr { return b.Strict(OpJoin, "", a...) },
	"string_split_string": func(b *Builder, a []*Expr) *Expr { return b.ofLists(OpSplit, catalog.Type{Kind: catalog.String}, a...) },
	"string_split_string_int": func(b *Builder, a []*Expr) *Expr {
		return b.ofLists(OpSplitFirst, catalog.Type{Kind: catalog.String}, a...)
	},
	"lists_range":    func(b *Builder, a []*Expr) *Expr { return b.ofLists(OpRange, catalog.Type{Kind: catalog.Int}, a...) },
	"list_int64_sum": sumList, "list_duration_sum": sumList,

	"list_sets_contains_list":   func(b *Builder, a []*Expr) *Expr { return b.containsAll(a[0], a[1]) },
	"list_hasAll_list":          func(b *Builder, a []*Expr) *Expr { return b.containsAll(a[0], a[1]) },
	"list_hasOnly_list":         func(b *Builder, a []*Expr) *Expr { return b.containsAll(a[1], a[0]) },
	"list_sets_intersects_list": intersects, "list_hasAny_list": intersects,
	"list_sets_equivalent_list": equivalentSets, "list_hasExactly_list": equivalentSets,
})

// listRule makes an operator over lists that are values; nil where it cannot.
type listRule = func(b *Builder, a []*Expr) *Expr

// ofAny says whether an overload of listRules does not look at the elements.
func ofAny(id string) bool {
	switch id {
	case overloads.SizeList, overloads.SizeListInst, overloads.AddList, "list_slice", "list_reverse":
		return true
	}
	return strings.HasSuffix(id, "_sortByAssociatedKeys")
}

func concatLists(b *Builder, a []*Expr) *Expr {
	both, ok := common(a[0].Type, a[1].Type)
	if !ok {
		return nil
	}
	return b.ofLists(OpConcatList, *both.Elem, a...)
}

func sizeList(b *Builder, a []*Expr) *Expr { return b.Strict(OpSizeList, "", a[0]) }

// sameElements is an operator whose elements are those of its first operand.
func sameElements(op Op) func(*Builder, []*Expr) *Expr {
	return func(b *Builder, a []*Expr) *Expr { return b.ofLists(op, *a[0].Type.Elem, a...) }
}

// sorted is sort of what has one order; equal doubles may differ in their sign.
func sorted(b *Builder, a []*Expr) *Expr {
	elem := *a[0].Type.Elem
	elem.Nullable = false
	return b.ofLists(OpSort, elem, a...)
}

func sumList(b *Builder, a []*Expr) *Expr {
	e := *b.Strict(OpSumList, "", a...)
	e.Type.Kind = a[0].Type.Elem.Kind
	return b.intern(e)
}

func sizeMap(b *Builder, a []*Expr) *Expr { return b.Strict(OpSizeMap, "", a[0]) }

// setDepth is the depth of elements of loops that no rule writes: deeper than
// any that one does.
const setDepth = 1 << 20

// formatDepth is that of what format() writes; lists in lists are deeper.
const formatDepth = setDepth + 1

// containsAll is sets.contains: each element of the second is in the first.
func (b *Builder) containsAll(list, part *Expr) *Expr {
	element := b.element(part, setDepth)
	x := b.Not(b.anyTrue(part, element, b.Not(b.inList(element, list))))
	return b.both(list, x)
}

func intersects(b *Builder, a []*Expr) *Expr {
	element := b.element(a[0], setDepth)
	return b.both(a[1], b.anyTrue(a[0], element, b.inList(element, a[1])))
}

func equivalentSets(b *Builder, a []*Expr) *Expr {
	return b.And(b.containsAll(a[0], a[1]), b.containsAll(a[1], a[0]))
}

// both is x, ⊥ where a list is, even if x looks into it for no element.
func (b *Builder) both(list, x *Expr) *Expr {
	if !list.MayBottom {
		return x
	}
	n := b.NullTest(list)
	return b.If(b.Not(n), x, x)
}

// valueCall lowers a call by listRules; nil for what is not in it.
func (l *lowerer) valueCall(e ast.Expr, c ast.CallExpr, id string, operands []ast.Expr) *Expr {
	make, known := listRules[id]
	if !known {
		return nil
	}
	for _, o := range operands {
		if t := l.typeOf(o); t.Kind == catalog.List && !stored(t) {
			return nil
		}
	}
	if orderFree(id) || l.unordered[e.ID()] && keepsElements[id] {
		l.inAnyOrder(operands...)
	}
	args := l.exprs(operands)
	for i, a := range args {
		switch {
		case a.Op == OpHole:
			return l.b.Hole(a.Name, l.typeOf(e))
		case a.Type.Kind == catalog.List && !flat(a.Type) && !ofAny(id):
			return l.hole(e, c.FunctionName()+"() of lists of lists, structs or maps")
		case composite(l.typeOf(operands[i]).Kind) && !composite(a.Type.Kind):
			return l.hole(e, c.FunctionName()+"()")
		case composite(a.Type.Kind):
			args[i] = l.b.Decide(a)
		}
	}
	if x := make(l.b, args); x != nil {
		return x
	}
	return l.hole(e, c.FunctionName()+"()")
}
