package plan

import (
	"sort"
	"strconv"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
)

// Build plans a rule set. Facts may be nil: then nothing is known about the
// data and every operator is guarded. What SQL cannot decide is a remark at its
// place, or an error where cel-go cannot decide it either.
func Build(rs *compile.RuleSet, facts *catalog.Facts) (*Plan, diag.List) {
	p := &Plan{Rules: rs}
	var problems diag.List
	reads := map[string]map[string]bool{}
	for _, entity := range rs.Entities {
		eb := newEntityBuilder(rs, entity, facts, &problems)
		eb.rules(entity.Rules)
		eb.value()
		var personas []*compile.Persona
		for _, persona := range rs.Personas {
			if persona.Entity == entity.Name {
				eb.persona(persona)
				personas = append(personas, persona)
			}
		}
		for _, x := range rs.Exports {
			if x.Entity == entity.Name {
				eb.export(x)
			}
		}
		insight, clauses := eb.insight(personas), eb.clauses()
		eb.nullTests()
		p.Entities = append(p.Entities, &EntityPlan{Entity: entity, Strata: eb.stratify(), Aggregates: eb.aggregates, Evidence: eb.evidence, Insight: insight, Clauses: clauses})
		eb.use(reads)
		eb.useInsight(insight, reads)
		eb.useClauses(clauses, reads)
	}
	checks(rs, facts, &problems)
	p.Quotes = quotes(rs, facts, &problems, reads)
	for name, columns := range reads {
		use := TableUse{Table: rs.Catalog.Table(name)}
		for column := range columns {
			use.Columns = append(use.Columns, column)
		}
		sort.Strings(use.Columns)
		p.Tables = append(p.Tables, use)
	}
	sort.Slice(p.Tables, func(i, j int) bool { return p.Tables[i].Table.Name < p.Tables[j].Table.Name })
	return p, problems
}

// entityBuilder collects the outputs of one entity.
type entityBuilder struct {
	b          *Builder
	rs         *compile.RuleSet
	entity     *compile.Entity
	scope      Scope
	outputs    []Output
	aggregates []Aggregate
	evidence   []Evidence
	byName     map[string]Output
	operands   map[any]string  // by *Expr; by digest where there is a hole
	strata     []Stratum       // lower ones, closed by ranks
	given      map[string]bool // outputs that rows may bring along; nil: none, and ranks are calculated
	problems   *diag.List
}

func newEntityBuilder(rs *compile.RuleSet, entity *compile.Entity, facts *catalog.Facts, problems *diag.List) *entityBuilder {
	return &entityBuilder{b: NewBuilder(facts), rs: rs, entity: entity, problems: problems,
		scope: Scope{Entity: entity.Name, Table: entity.Table, Tables: rs.Catalog.Tables, Zone: rs.Settings.Zone, Traits: map[string]*Expr{}, Names: map[string]*Expr{}}}
}

func (eb *entityBuilder) add(o Output) {
	o.Columns = columnsOf(eb.entity.Name, o, eb.byName)
	eb.outputs = append(eb.outputs, o)
	if eb.byName == nil {
		eb.byName = map[string]Output{}
	}
	eb.byName[o.Name] = o
}

// lower lowers an expression and reports its holes.
func (eb *entityBuilder) lower(x *compile.Expr) *Expr {
	e, holes := Lower(eb.b, eb.scope, x.AST)
	eb.holes(x, e, holes)
	if flat(e.Type) && len(holes) == 0 {
		eb.problems.Report("not-supported-yet", x.Text.Range(), "A list cannot be kept as a calculated value yet").Detail =
			"Ask of it what you need: size(), exists(), in, join(', ')."
	}
	return e
}

// RefusedValues lists what Build would refuse of calculated values and ranks, none
// of which reads a group. The groups are not looked at, nor are their trees.
func RefusedValues(rs *compile.RuleSet) diag.List {
	var problems diag.List
	for _, entity := range rs.Entities {
		var values []*compile.Rule
		for _, r := range entity.Rules {
			if r.Kind.IsAttribute() {
				values = append(values, r)
			}
		}
		newEntityBuilder(rs, entity, nil, &problems).rules(values)
	}
	return problems
}

// rules plans some of the entity's rules, all that they read among them.
func (eb *entityBuilder) rules(list []*compile.Rule) {
	for _, r := range list {
		if r.IsList() {
			continue // it is part of what reads it
		}
		switch r.Kind {
		case compile.TraitRule:
			e := eb.brought(r.Name, r.Type, eb.lower(r.Expr))
			eb.scope.Traits[r.Name] = e
			eb.add(Output{Name: r.Name, Kind: TraitOutput, Rule: r, Expr: e})
		case compile.SegmentRule:
			e := eb.brought(SegmentOutputName(r.Name), r.Type, eb.segment(r))
			eb.scope.Names["segment."+r.Name] = e
			eb.add(Output{Name: SegmentOutputName(r.Name), Kind: SegmentOutput, Rule: r, Expr: e})
		case compile.SegmentationRule:
			e := eb.brought(r.Name, r.Type, eb.segmentation(r))
			eb.scope.Names["segmentation."+r.Name] = e
			eb.add(Output{Name: r.Name, Kind: SegmentationOutput, Rule: r, Expr: e})
		case compile.ScoreRule:
			eb.score(r)
		case compile.JourneyRule:
			eb.journey(r)
		case compile.RankRule:
			e := eb.rank(r)
			eb.scope.Traits[r.Name] = e
			eb.add(Output{Name: r.Name, Kind: TraitOutput, Rule: r, Expr: e})
		}
	}
}

// segmentation is the name of the first rung that is TRUE. A ⊥ rung before it
// makes the whole ⊥: who is not known to be out may be in.
func (eb *entityBuilder) segmentation(r *compile.Rule) *Expr {
	rungs := make([]*Expr, len(r.Rungs))
	for i, rung := range r.Rungs {
		rungs[i] = eb.b.Decide(eb.lower(rung.When))
	}
	e := eb.b.Const(r.Otherwise)
	for i := len(rungs) - 1; i >= 0; i-- {
		e = eb.b.If(rungs[i], eb.b.Const(r.Rungs[i].Name), e)
	}
	return e
}

func (eb *entityBuilder) value() {
	if eb.entity.Value == nil {
		return
	}
	e := eb.lower(eb.entity.Value)
	if e.Type.Kind == catalog.Int {
		e = eb.b.Strict(OpIntToDouble, "", e)
	}
	eb.add(Output{Name: "value", Kind: ValueOutput, CEL: eb.entity.Value, Expr: e})
}

func (eb *entityBuilder) persona(p *compile.Persona) {
	members := PersonaOutputName(p.Name)
	eb.add(Output{Name: members, Kind: PersonaOutput, CEL: p.Who, Expr: eb.b.Decide(eb.lower(p.Who))})
	for _, s := range p.Statistics {
		if s.Evidence != nil {
			eb.evidenceOf(p, s)
			continue
		}
		a := Aggregate{Persona: p.Name, Stat: s, Members: members}
		if s.Arg != nil {
			a.Operand, a.NullTest = eb.operand(s.Arg, eb.lower(s.Arg))
		}
		eb.aggregates = append(eb.aggregates, a)
	}
}

// operand names the output that holds an expression: a trait's where it is
// one, else one of its own, shared by all statistics of it. Two holes of one
// reason are one node and two values: there the expression itself is the key.
func (eb *entityBuilder) operand(x *compile.Expr, e *Expr) (name, nullTest string) {
	if eb.operands == nil {
		eb.operands = map[any]string{}
		for _, o := range eb.outputs {
			if o.Kind == TraitOutput && !o.Open() {
				eb.operands[o.Expr] = o.Name
			}
		}
	}
	var key any = e
	open := hasHole(e)
	if open {
		key = x.Digest
	}
	name, ok := eb.operands[key]
	if !ok {
		name = "operand_" + strconv.Itoa(len(eb.operands))
		eb.operands[key] = name
		eb.add(Output{Name: name, Kind: OperandOutput, CEL: x, Expr: e})
	}
	if !open && (!e.MayBottom || !e.MayNull) || open && !x.Type.Nullable {
		return name, ""
	}
	test := eb.b.NullTest(e)
	if key = test; open {
		key = x.Digest + " is null"
	}
	nullTest, ok = eb.operands[key]
	if !ok {
		nullTest = name + "_null"
		eb.operands[key] = nullTest
		eb.add(Output{Name: nullTest, Kind: OperandOutput, NullOf: name, Expr: test})
	}
	return name, nullTest
}

// use adds the columns that the outputs read, and the key.
func (eb *entityBuilder) use(reads map[string]map[string]bool) {
	add := func(table, column string) {
		if reads[table] == nil {
			reads[table] = map[string]bool{}
		}
		if column != "" {
			reads[table][column] = true
		}
	}
	add(eb.entity.Table.Name, eb.entity.Table.Key)
	var list []*Expr
	for _, s := range eb.strata {
		list = append(list, s.Calculates()...)
	}
	for _, o := range eb.outputs {
		list = append(list, o.Expr)
		for _, name := range o.Columns {
			add(eb.entity.Table.Name, name)
		}
	}
	Reads(list, add)
	eb.useRelated(add)
	eb.useEvidence(add)
}

// visit calls f once for each node below e and for e, operands first.
func visit(e *Expr, seen map[*Expr]bool, f func(*Expr)) {
	if seen[e] {
		return
	}
	seen[e] = true
	for _, a := range e.Args {
		visit(a, seen, f)
	}
	f(e)
}
