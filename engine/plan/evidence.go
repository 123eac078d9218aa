package plan

import (
	"slices"
	"strconv"

	"personae/engine/catalog"
	"personae/engine/compile"
)

// Evidence are the statistics of personas over all rows of a dataset that belong
// to nobody.
type Evidence struct {
	Table      *catalog.Table
	Outputs    []Output // over a row, AllRows among them
	Aggregates []Aggregate
}

// AllRows is the output that is TRUE for every row of evidence.
const AllRows = "all"

// evidenceOf plans a statistic over the rows of a dataset. What SQL cannot
// calculate is an error: rows of nobody are not decided one by one.
func (eb *entityBuilder) evidenceOf(p *compile.Persona, s *compile.Statistic) {
	i := slices.IndexFunc(eb.evidence, func(e Evidence) bool { return e.Table == s.Evidence })
	if i < 0 {
		i = len(eb.evidence)
		eb.evidence = append(eb.evidence, Evidence{Table: s.Evidence, Outputs: []Output{{Name: AllRows, Kind: OperandOutput, Expr: eb.b.Const(true)}}})
	}
	ev := &eb.evidence[i]
	a := Aggregate{Persona: p.Name, Stat: s, Members: AllRows}
	if s.Arg != nil {
		scope := Scope{Entity: s.Evidence.Entity, Table: s.Evidence, Zone: eb.rs.Settings.Zone}
		e, holes := Lower(eb.b, scope, s.Arg.AST)
		for _, h := range holes {
			eb.problems.Report("not-supported-yet", s.Arg.Text.SubRunes(h.Start, h.End), "%s cannot be asked of evidence", h.Reason).Detail =
				"Statistics of evidence are calculated by the database. Calculate this in the data, and name the column here."
		}
		a.Operand = ev.output(e)
		if e.MayBottom && e.MayNull {
			a.NullTest = ev.output(eb.b.NullTest(e))
		}
	}
	ev.Aggregates = append(ev.Aggregates, a)
}

// output names the output that holds an expression, equal ones by one name.
func (e *Evidence) output(x *Expr) string {
	for _, o := range e.Outputs[1:] {
		if o.Expr == x {
			return o.Name
		}
	}
	name := "operand_" + strconv.Itoa(len(e.Outputs))
	e.Outputs = append(e.Outputs, Output{Name: name, Kind: OperandOutput, Expr: x})
	return name
}

// useEvidence adds the columns that statistics of evidence read.
func (eb *entityBuilder) useEvidence(add func(table, column string)) {
	for _, e := range eb.evidence {
		add(e.Table.Name, "")
		for _, o := range e.Outputs {
			Reads([]*Expr{o.Expr}, add)
		}
	}
}
