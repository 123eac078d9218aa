package plan

import (
	"personae/engine/catalog"
)

// Lists in an order: sort() of doubles, sortBy(x, key), and math.greatest and
// math.least of a list.

// Operators about the order of elements.
const (
	OpSortBy   Op = "sort_by"
	OpGreatest Op = "greatest"
	OpLeast    Op = "least"
)

var orderOperators = []Operator{
	{Op: OpSortBy, Strict: true, Args: "list list", Result: catalog.List, Bottom: holdsNullKey, Doc: "A list in the order of its keys, which are the second; equal ones as they come. ⊥ with a null among the keys."},
	{Op: OpGreatest, Strict: true, Args: "list", Bottom: always, Doc: "math.greatest of a list: of equal ones the first; ⊥ of none, with a null, and with NaN beside others."},
	{Op: OpLeast, Strict: true, Args: "list", Bottom: always, Doc: "math.least of a list, as math.greatest."},
}

func holdsNullKey(args []*Expr) bool { return holdsNull(args[1:]) }

// orderRules are the rules of what looks at the order of elements.
func orderRules() map[string]listRule {
	rules := map[string]listRule{"list_double_sort": func(b *Builder, a []*Expr) *Expr { return sortedBy(b, []*Expr{a[0], a[0]}) }}
	for _, key := range []string{"int", "uint", "double", "bool", "google.protobuf.Duration", "google.protobuf.Timestamp", "string", "bytes"} {
		rules["list_"+key+"_sortByAssociatedKeys"] = sortedBy
	}
	for _, kind := range []string{"int", "uint", "double"} {
		rules["math_@max_list_"+kind], rules["math_@min_list_"+kind] = extremeOf(OpGreatest), extremeOf(OpLeast)
	}
	return rules
}

// sortedBy is a list in the order of keys. cel-go keeps equal ones as they come in
// lists of at most 12 elements; in longer ones they are where its way of sorting
// leaves them, which only cel-go knows.
func sortedBy(b *Builder, a []*Expr) *Expr {
	elem := *a[0].Type.Elem
	if a[0] == a[1] {
		if elem.Kind != catalog.Double { // equal ones are one and the same
			return sorted(b, a[:1])
		}
		elem.Nullable = false
	}
	x := b.ofLists(OpSortBy, elem, a...)
	return b.If(b.stable(a[1]), x, b.Hole("sorting of more than 12 elements, equal ones among them", x.Type))
}

// mostStable is how many elements Go sorts one after the other.
const mostStable = 12

// stable says whether cel-go sorts by these keys as SQL does: there are few, or no
// two alike, and none is NaN beside others.
func (b *Builder) stable(keys *Expr) *Expr {
	size := b.Strict(OpSizeList, "", keys)
	different := b.Strict(OpEq, "", size, b.Strict(OpSizeList, "", b.ofLists(OpDistinct, *keys.Type.Elem, keys)))
	x := b.Const(true)
	if !fewElements(keys) {
		x = b.If(b.Strict(OpLe, "", size, b.Const(int64(mostStable))), x, different)
	}
	if keys.Type.Elem.Kind != catalog.Double {
		return x
	}
	key := b.element(keys, setDepth)
	noNaN := b.Not(b.anyTrue(keys, key, b.Strict(OpIsNaN, "", key)))
	return b.And(b.If(b.Strict(OpEq, "", size, b.Const(int64(1))), b.Const(true), noNaN), x)
}

// fewElements says whether a list is made of one that is written out and short.
func fewElements(list *Expr) bool {
	switch list.Op {
	case OpList:
		return len(list.Args) <= mostStable
	case OpIf:
		return fewElements(list.Args[1]) && fewElements(list.Args[2])
	case OpEach, OpKeep, OpAllKnown, OpSlice, OpReverseList, OpDistinct, OpSort, OpSortBy:
		return fewElements(list.Args[0])
	}
	return false
}

// extremeOf is math.greatest or math.least of a list.
func extremeOf(op Op) listRule {
	return func(b *Builder, a []*Expr) *Expr { return b.ofElement(op, "", a[0].Type.Elem.Kind, a[0]) }
}
