package plan

import (
	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
)

// Given names, by entity, the outputs whose answer some rows bring along: in
// tests, a fixture may say what a rule says. Where a row brings none, the rule
// is evaluated. Ranks always have to be brought: tests have only some rows.
type Given map[string]map[string]bool

// GivenTable is the table of results that holds these answers: a row for each
// row of the entity, in the same order, with three columns for each output. No
// column of it is ever NULL, but for a value that is null.
func GivenTable(entity string) string { return entity + ":given" }

// GivenColumns are the columns of an output: the value, whether the row brings
// it, and whether what it brings is that nobody knows.
func GivenColumns(output string) (value, brought, unknown string) {
	return output, output + ": given", output + ": unknown"
}

// BuildGiven plans what the rules say of rows that bring some answers along:
// outputs, and which of their NULLs are null. Nothing is counted.
func BuildGiven(rs *compile.RuleSet, given Given) (*Plan, diag.List) {
	p := &Plan{Rules: rs}
	var problems diag.List
	for _, entity := range rs.Entities {
		eb := newEntityBuilder(rs, entity, nil, &problems)
		if eb.given = given[entity.Name]; eb.given == nil {
			eb.given = map[string]bool{}
		}
		eb.rules(entity.Rules)
		for _, persona := range rs.Personas {
			if persona.Entity == entity.Name {
				eb.add(Output{Name: PersonaOutputName(persona.Name), Kind: PersonaOutput, CEL: persona.Who, Expr: eb.b.Decide(eb.lower(persona.Who))})
			}
		}
		for _, x := range rs.Exports {
			if x.Entity == entity.Name {
				eb.export(x)
			}
		}
		eb.allNullTests()
		p.Entities = append(p.Entities, &EntityPlan{Entity: entity, Strata: eb.stratify()})
	}
	return p, problems
}

// brought is what a row brings along for an output, else what the rule says.
func (eb *entityBuilder) brought(output string, t catalog.Type, rule *Expr) *Expr {
	if !eb.given[output] {
		return rule
	}
	t.Nullable = t.Nullable || t.Kind == catalog.Timestamp || t.Kind == catalog.Duration
	value, brought, unknown := GivenColumns(output)
	read := func(name string, t catalog.Type) *Expr {
		return eb.b.intern(Expr{Op: OpBeside, Table: GivenTable(eb.entity.Name), Name: name, Type: t, MayNull: t.Nullable})
	}
	answer := eb.b.If(read(unknown, boolean), eb.b.Bottom("given as unknown", t), read(value, t))
	return eb.b.If(read(brought, boolean), answer, rule)
}

// rankBrought is a rank that a row brings along, null for whom nothing ranks; no
// other can be told.
func (eb *entityBuilder) rankBrought(r *compile.Rule) *Expr {
	t := r.Type
	t.Nullable = true
	return eb.brought(r.Name, t, eb.b.Bottom("a rank among some rows", t))
}

// enteredBrought is whether a stage was entered, by the stage that a row brings
// along.
func (eb *entityBuilder) enteredBrought(r *compile.Rule, stage string, rule *Expr) *Expr {
	output := StageOutputName(r.Name)
	if !eb.given[output] {
		return rule
	}
	value, brought, unknown := GivenColumns(output)
	table, text := GivenTable(eb.entity.Name), catalog.Type{Kind: catalog.String, Nullable: true}
	at := eb.b.intern(Expr{Op: OpBeside, Table: table, Name: value, Type: text, MayNull: true})
	is := eb.b.Eq(at, eb.b.Const(stage))
	is = eb.b.If(eb.b.intern(Expr{Op: OpBeside, Table: table, Name: unknown, Type: boolean}), eb.b.Bottom("given as unknown", boolean), is)
	return eb.b.If(eb.b.intern(Expr{Op: OpBeside, Table: table, Name: brought, Type: boolean}), is, rule)
}

// allNullTests adds the null test of every output whose NULL can be null and ⊥.
func (eb *entityBuilder) allNullTests() {
	for _, o := range append([]Output{}, eb.outputs...) {
		if (o.Kind == TraitOutput || o.Kind == StageOutput) && !o.Open() && o.Expr.MayNull && o.Expr.MayBottom {
			eb.add(Output{Name: NullOutputName(o.Name), Kind: OperandOutput, NullOf: o.Name, Expr: eb.b.NullTest(o.Expr)})
		}
	}
}
