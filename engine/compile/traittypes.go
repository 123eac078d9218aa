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

// FindStructFieldType finds a trait or, behind it, a column.
func (t *traitTypes) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	if name == t.entity {
		if typ, ok := t.known[field]; ok {
			return &types.FieldType{Type: typ}, true
		}
	}
	return t.Provider.FindStructFieldType(name, field)
}
