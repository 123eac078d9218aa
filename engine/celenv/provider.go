package celenv

import (
	"sort"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// provider adds our record types to the standard ones. It is immutable, so
// extended environments share it.
type provider struct {
	*types.Registry
	records map[string]*RecordType
}

// withRecords puts record types into an environment.
func withRecords(records ...*RecordType) cel.EnvOption {
	return func(e *cel.Env) (*cel.Env, error) {
		p := &provider{records: make(map[string]*RecordType, len(records))}
		switch old := e.CELTypeProvider().(type) {
		case *provider:
			p.Registry = old.Registry
			for name, r := range old.records {
				p.records[name] = r
			}
		case *types.Registry:
			p.Registry = old
		}
		for _, r := range records {
			p.records[r.name] = r
		}
		return cel.CustomTypeProvider(p)(e)
	}
}

// RecordOf returns the type of an entity's rows in an environment, or nil.
func RecordOf(env *cel.Env, entity string) *RecordType {
	if p, ok := env.CELTypeProvider().(*provider); ok {
		return p.records[entity]
	}
	return nil
}

// FindStructType finds a type by name.
func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if r, ok := p.records[name]; ok {
		return types.NewTypeTypeWithParam(r.typ), true
	}
	return p.Registry.FindStructType(name)
}

// FindStructFieldNames lists the fields of a type, sorted.
func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	r, ok := p.records[name]
	if !ok {
		return p.Registry.FindStructFieldNames(name)
	}
	names := make([]string, 0, len(r.index))
	for field := range r.index {
		names = append(names, field)
	}
	sort.Strings(names)
	return names, true
}

// FindStructFieldType finds a field. It gives no getters: with them cel-go
// would ask a presence test that cannot answer ⊥, and has(trait) must.
func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	r, ok := p.records[name]
	if !ok {
		return p.Registry.FindStructFieldType(name, field)
	}
	i, ok := r.index[field]
	if !ok {
		return nil, false
	}
	return &types.FieldType{Type: r.fields[i].CEL}, true
}

// NewValue makes no records: rules read rows and never write them.
func (p *provider) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if _, ok := p.records[name]; ok {
		return types.NewErr("a %s cannot be written in a rule", name)
	}
	return p.Registry.NewValue(name, fields)
}
