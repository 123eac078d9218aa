package compile

import (
	"fmt"
	"sort"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

// scope is what expressions about one entity may name.
type scope struct {
	entity        string // the variable
	table         *catalog.Table
	options       celenv.Options // without traits
	fields        map[string]celenv.Field
	traits        map[string]*node
	segments      map[string]*node
	segmentations map[string]*node // and scores, whose bands are groups
	scores        map[string]*node
	journeys      map[string]*node
	params        map[string]any
	elsewhere     map[string]string // groups of other entities: name to entity

	broken func(kind, name string) bool // whether a document that could not be read may define it

	env   *cel.Env
	types *traitTypes

	parser *parser.Parser
	forms  *forms // of env
}

// newScope makes the environment of a table's rows. Traits join it as their
// types are found out.
func newScope(table *catalog.Table, tables []*catalog.Table, settings Settings, params map[string]any) *scope {
	return &scope{
		entity: table.Entity, table: table, params: params,
		options: celenv.Options{Zone: settings.Zone, Tables: tables, Entity: table.Entity, Params: params},
		fields:  map[string]celenv.Field{}, traits: map[string]*node{}, segments: map[string]*node{},
		segmentations: map[string]*node{}, scores: map[string]*node{}, journeys: map[string]*node{}, elsewhere: map[string]string{},
	}
}

// open builds the environment, once all names are known.
func (s *scope) open() error {
	s.options.Segments = nodeNames(s.segments)
	s.options.Scores = nodeNames(s.scores)
	s.options.Journeys = map[string][]string{}
	for name, n := range s.journeys {
		s.options.Journeys[name] = n.groups()
	}
	s.options.Segmentations = nodeNames(s.segmentations)
	base, err := celenv.Row(s.options)
	if err != nil {
		return fmt.Errorf("the environment of %s: %w", s.entity, err)
	}
	if record := celenv.RecordOf(base, s.entity); record != nil {
		for _, f := range record.Fields() {
			if _, taken := s.fields[f.Name]; !taken {
				s.fields[f.Name] = f
			}
		}
	}
	s.types = &traitTypes{Provider: base.CELTypeProvider(), entity: s.entity, known: map[string]*types.Type{}}
	if s.env, err = base.Extend(cel.CustomTypeProvider(s.types)); err != nil {
		return err
	}
	s.forms = newForms()
	s.parser, err = newParser(s.env)
	return err
}

// population makes the environment of formulas over members, with all traits.
func (s *scope) population() (*cel.Env, error) {
	o := s.options
	o.Traits = map[string]catalog.Type{}
	lists := map[string]*types.Type{}
	for name, n := range s.traits {
		switch {
		case n.broken:
		case n.rule.IsList():
			lists[name] = n.celType()
		default:
			o.Traits[name] = n.rule.Type
		}
	}
	env, err := celenv.Population(o)
	if err == nil {
		env, err = withEvidence(env, o.Tables)
	}
	if err != nil || len(lists) == 0 {
		return env, err
	}
	return env.Extend(cel.CustomTypeProvider(&traitTypes{Provider: env.CELTypeProvider(), entity: s.entity, known: lists}))
}

func nodeNames(m map[string]*node) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// attributes lists what can follow "customer.".
func (s *scope) attributes() []string {
	names := nodeNames(s.traits)
	for name := range s.fields {
		names = append(names, name)
	}
	return sortedUnique(names)
}
