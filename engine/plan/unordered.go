package plan

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/overloads"
)

// filter and map over the keys of a map give a list in an order that is another
// every time, in cel-go as in SQL. What asks for the size of such a list, or for
// its sum, does not see it.

// inAnyOrder notes that the order of lists plays no part.
func (l *lowerer) inAnyOrder(lists ...ast.Expr) {
	for _, e := range lists {
		l.unordered[e.ID()] = true
	}
}

// orderFree says whether an overload gives the same for its lists in any order.
func orderFree(id string) bool {
	switch id {
	case overloads.SizeList, overloads.SizeListInst, "list_sets_contains_list", "list_sets_intersects_list", "list_sets_equivalent_list",
		"list_hasAll_list", "list_hasOnly_list", "list_hasAny_list", "list_hasExactly_list",
		"math_@max_list_int", "math_@max_list_uint", "math_@min_list_int", "math_@min_list_uint": // of doubles zeros differ
		return true
	}
	_, aggregate := listAggregateRules[id]
	return aggregate || strings.HasSuffix(id, "_sort") && id != "list_double_sort" || id == "list_int64_sum" || id == "list_duration_sum"
}

// keepsElements are overloads that give the elements of their list, or some of
// them, whatever their order.
var keepsElements = map[string]bool{"list_distinct": true, "list_reverse": true, overloads.AddList: true}
