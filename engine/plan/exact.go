package plan

import (
	"maps"
	"slices"
)

// Overloads lists the overloads of CEL that have operators, sorted: those over
// one row's values, and those over lists that are values. What else compiles
// exactly are forms: logic, ==, in, ?:, has(), optionals and macros.
func Overloads() []string {
	ids := slices.AppendSeq(slices.Clone(mixedOverloads), maps.Keys(rules))
	for id := range listRules {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
