package byrow

import (
	"fmt"
	"maps"
	"slices"

	"cel.dev/cel-go/cel"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/plan"
)

// Decider holds the programs of the outputs that it was made for. It is
// immutable and safe for concurrent use; each goroutine takes a Row of its own.
type Decider struct {
	env     *cel.Env
	entity  string
	table   *catalog.Table
	tables  []*catalog.Table
	outputs []*output // wanted ones and all that they read, in order of evaluation
	columns []string
	fields  []int // of columns, in the record; -1 for none
	index   map[string]int
}

// output is one output with what it takes to decide it.
type output struct {
	plan.Output
	open     bool
	rank     bool            // one row does not tell it
	programs []*eval.Program // none of null tests
	reads    []int           // outputs that it refers to
	nullTest int             // the output that tells its null from ⊥, or -1
	field    int             // of a trait, in the record
	rule     string          // name of a segment or segmentation
}

// Env is what all deciders of one entity share.
type Env struct {
	env    *cel.Env
	tables []*catalog.Table
	plan   *plan.EntityPlan
}

// NewEnv makes the environment of an entity's rules: all that its expressions
// may name.
func NewEnv(p *plan.Plan, e *plan.EntityPlan) (*Env, error) {
	options := celenv.Options{
		Zone: p.Rules.Settings.Zone, Tables: p.Rules.Catalog.Tables, Entity: e.Entity.Name,
		Traits: map[string]catalog.Type{}, Journeys: map[string][]string{}, Params: p.Rules.Params,
	}
	for _, r := range e.Entity.Rules {
		switch r.Kind {
		case compile.SegmentRule:
			options.Segments = append(options.Segments, r.Name)
		case compile.SegmentationRule:
			options.Segmentations = append(options.Segmentations, r.Name)
		case compile.JourneyRule:
			for _, s := range r.Journey.Stages {
				options.Journeys[r.Name] = append(options.Journeys[r.Name], s.Name)
			}
		case compile.ScoreRule:
			options.Scores = append(options.Scores, r.Name)
			options.Segmentations = append(options.Segmentations, r.Name) // its bands
		default:
			if !r.IsList() { // it stands in place of its name
				options.Traits[r.Name] = r.Type
			}
		}
	}
	env, err := celenv.Row(options)
	return &Env{env: env, tables: options.Tables, plan: e}, err
}

// Decider makes the programs of some outputs, by name, and of all that they
// read.
func (v *Env) Decider(wanted ...string) (*Decider, error) {
	e := v.plan
	d := &Decider{env: v.env, entity: e.Entity.Name, table: e.Entity.Table, tables: v.tables, index: map[string]int{}}
	need := needed(e, wanted)
	var outputs []plan.Output
	for _, o := range e.Outputs() {
		if need[o.Name] {
			outputs = append(outputs, o)
		}
	}
	return d, d.fill(outputs)
}

// fill makes the programs of outputs, and notes which columns they read.
func (d *Decider) fill(outputs []plan.Output) error {
	record := celenv.RecordOf(d.env, d.entity)
	columns := map[string]bool{}
	for _, o := range outputs {
		made, err := d.output(record, o)
		if err != nil {
			return err
		}
		d.index[o.Name] = len(d.outputs)
		d.outputs = append(d.outputs, made)
		for _, x := range o.Sources() {
			for _, r := range x.Refs {
				if r.Kind == compile.ColumnRef && r.Entity == d.entity {
					columns[r.Name] = true
				}
			}
		}
	}
	for _, o := range d.outputs {
		if o.NullOf != "" {
			d.outputs[d.index[o.NullOf]].nullTest = d.index[o.Name]
		}
		for _, name := range o.Reads() {
			if i, ok := d.index[name]; ok {
				o.reads = append(o.reads, i)
			}
		}
	}
	d.columns = slices.Sorted(maps.Keys(columns))
	for _, name := range d.columns {
		d.fields = append(d.fields, slices.IndexFunc(record.Fields(), func(f celenv.Field) bool {
			return f.Kind == celenv.ColumnField && f.Column == name
		}))
	}
	return nil
}

// needed closes a set of outputs over what they read.
func needed(e *plan.EntityPlan, wanted []string) map[string]bool {
	byName := map[string]plan.Output{}
	tests := map[string]string{}
	for _, o := range e.Outputs() {
		byName[o.Name] = o
		if o.NullOf != "" {
			tests[o.NullOf] = o.Name
		}
	}
	need := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		o, known := byName[name]
		if need[name] || !known {
			return
		}
		need[name] = true
		for _, other := range o.Reads() {
			add(other)
		}
		if test, ok := tests[name]; ok {
			add(test)
		}
	}
	for _, name := range wanted {
		add(name)
	}
	return need
}

// output makes the programs of one output.
func (d *Decider) output(record *celenv.RecordType, o plan.Output) (*output, error) {
	out := &output{Output: o, open: o.Open(), rank: o.Rule != nil && o.Rule.Kind == compile.RankRule, nullTest: -1, field: -1}
	if o.Rule != nil {
		out.rule = o.Rule.Name
	}
	if o.Kind == plan.TraitOutput {
		i, ok := record.Field(o.Name)
		if !ok {
			return nil, fmt.Errorf("%s has no %s", d.entity, o.Name)
		}
		out.field = i
	}
	for _, x := range o.Sources() {
		program, err := eval.NewProgram(d.env, x.AST)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Name, err)
		}
		out.programs = append(out.programs, program)
	}
	return out, nil
}

// Table is the table whose rows are decided.
func (d *Decider) Table() *catalog.Table { return d.table }

// Columns are the columns of the entity's table that rows are filled with.
func (d *Decider) Columns() []string { return d.columns }

// Position is where an output stands among Outputs; -1 for none.
func (d *Decider) Position(name string) int {
	if i, ok := d.index[name]; ok {
		return i
	}
	return -1
}

// Outputs are the outputs whose SQL values rows are filled with: those wanted
// and all that they read, in order of evaluation.
func (d *Decider) Outputs() []plan.Output {
	out := make([]plan.Output, len(d.outputs))
	for i, o := range d.outputs {
		out[i] = o.Output
	}
	return out
}
