package compile

import (
	"cel.dev/cel-go/common/types"
)

// traitTypes adds the traits of one entity to an environment while they are
// being found out. An environment costs milliseconds and a chain of traits may
// be long, so there is one for all: traits are written between two waves of
// checking, never during one.
type traitTypes struct {
	types.Provider
	entity string
	known  map[string]*types.Type
}

// FindStructFieldType finds a column or, behind it, a trait: one of a column's
// name is a collision, and what reads that name reads the column.
func (t *traitTypes) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	found, ok := t.Provider.FindStructFieldType(name, field)
	if typ, known := t.known[field]; !ok && known && name == t.entity {
		return &types.FieldType{Type: typ}, true
	}
	return found, ok
}
