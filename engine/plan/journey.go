package plan

import (
	"strconv"

	"personae/engine/catalog"
	"personae/engine/compile"
)

// EnteredOutputName is the output that holds the condition of a stage. No rule
// can have such a name, nor those below.
func EnteredOutputName(journey, stage string) string { return "entered:" + journey + ":" + stage }

// ReachedOutputName is the output that says whether a stage or a later one was
// entered.
func ReachedOutputName(journey, stage string) string { return "reached:" + journey + ":" + stage }

// StageOutputName is the output that holds the stage.
func StageOutputName(journey string) string { return journey + "_stage" }

// AtOutputName is the output that holds the moment of entering a stage.
func AtOutputName(journey, stage string) string { return "at:" + journey + ":" + stage }

// TouchOutputName is the output that counts the contacts of a touchpoint.
func TouchOutputName(journey, stage string, i int) string {
	return "touch:" + journey + ":" + stage + ":" + strconv.Itoa(i)
}

// journey adds the outputs of a journey. The stage is the last one that was
// entered: null where none was. A ⊥ stage behind the last TRUE one makes it ⊥,
// since it could be further; one before it changes nothing. That is a chain of
// conditions from the last stage to the first, and monotone as each of its links.
// A stage is reached where it or a later one was entered, whatever ⊥ ones say.
func (eb *entityBuilder) journey(r *compile.Rule) {
	b, stages := eb.b, r.Journey.Stages
	null := b.Const(nil)
	stage, since := null, null
	entered := make([]*Expr, len(stages))
	for i, s := range stages {
		entered[i] = eb.enteredBrought(r, s.Name, b.Decide(eb.lower(s.Entered)))
		eb.add(Output{Name: EnteredOutputName(r.Name, s.Name), Kind: EnteredOutput, CEL: s.Entered, Expr: entered[i]})
		at := null
		if s.At != nil {
			at = eb.lower(s.At)
			eb.add(Output{Name: AtOutputName(r.Name, s.Name), Kind: AtOutput, CEL: s.At, Expr: at})
		}
		for k, t := range s.Touchpoints {
			eb.add(Output{Name: TouchOutputName(r.Name, s.Name, k), Kind: TouchOutput, CEL: t.Count, Expr: eb.lower(t.Count)})
		}
		stage, since = b.If(entered[i], b.Const(s.Name), stage), b.If(entered[i], at, since)
	}
	for i, s := range stages {
		reached := b.Or(entered[i:]...)
		eb.scope.Names["reached."+r.Name+"."+s.Name] = reached
		eb.add(Output{Name: ReachedOutputName(r.Name, s.Name), Kind: ReachedOutput, Rule: r, Expr: reached})
	}
	eb.scope.Names["journey."+r.Name] = stage
	eb.add(Output{Name: StageOutputName(r.Name), Kind: StageOutput, Rule: r, Expr: stage})
	if r.Journey.HasTimes() {
		eb.add(Output{Name: r.Name + "_since", Kind: SinceOutput, Rule: r, Expr: typed(b, since, catalog.Timestamp)})
	}
}

// typed gives what is always null a type.
func typed(b *Builder, e *Expr, kind catalog.Kind) *Expr {
	if e.Type.Kind == kind {
		return e
	}
	return b.intern(Expr{Op: OpConst, Type: catalog.Type{Kind: kind, Nullable: true}, MayNull: true})
}

// Furthest is the condition that no stage at all was entered: then the stage is
// null, not ⊥. It names the output whose FALSE says so.
func (o Output) Furthest() string {
	return ReachedOutputName(o.Rule.Name, o.Rule.Journey.Stages[0].Name)
}

// ExportOutputName is the output that says whom an export takes; with
// contactable, whom of them may be contacted.
func ExportOutputName(export string, contactable bool) string {
	if contactable {
		return "contact:" + export
	}
	return "export:" + export
}

// export adds whom an export takes, and who of them may be contacted.
func (eb *entityBuilder) export(x *compile.Export) {
	who := eb.b.Decide(eb.lower(x.Who))
	eb.add(Output{Name: ExportOutputName(x.Name, false), Kind: ExportOutput, CEL: x.Who, Expr: who})
	may := eb.b.Const(true)
	if x.Contactable != nil {
		may = eb.b.Decide(eb.lower(x.Contactable))
	}
	eb.add(Output{Name: ExportOutputName(x.Name, true), Kind: ContactOutput, CEL: x.Contactable, Expr: may})
}
