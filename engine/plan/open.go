package plan

import (
	"maps"
	"slices"
	"strings"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/source"
)

// Open says that the output holds a hole, its own or that of a trait or
// segment that it reads. SQL is then an exact prefilter: what is not NULL is
// final, and cel-go decides the rows that are NULL. Without a hole NULL is
// final too.
func (o Output) Open() bool { return hasHole(o.Expr) }

// Reasons says what SQL cannot calculate of the output, sorted.
func (o Output) Reasons() []string {
	names := map[string]bool{}
	within(o.Expr, map[*Expr]bool{}, func(n *Expr) {
		if n.Op == OpHole {
			names[n.Name] = true
		}
	})
	return slices.Sorted(maps.Keys(names))
}

// Sources are the CEL expressions of an output over one row: one, or one for
// each rung; none of a null test or a rank. A segment's is its condition: whom
// its `leave` keeps in, SQL says.
func (o Output) Sources() []*compile.Expr {
	switch {
	case o.CEL != nil:
		return []*compile.Expr{o.CEL}
	case o.Rule == nil, o.Rule.Kind == compile.RankRule:
		return nil // one row does not tell a rank
	case o.Rule.Kind == compile.SegmentationRule:
		list := make([]*compile.Expr, len(o.Rule.Rungs))
		for i, rung := range o.Rule.Rungs {
			list[i] = rung.When
		}
		return list
	case o.Rule.Expr != nil:
		return []*compile.Expr{o.Rule.Expr}
	}
	return nil
}

// Reads names the outputs that an output's expressions refer to, sorted.
func (o Output) Reads() []string {
	names := map[string]bool{}
	for _, x := range o.Sources() {
		for _, r := range x.Refs {
			switch r.Kind {
			case compile.TraitRef, compile.SegmentationRef:
				names[r.Name] = true
			case compile.SegmentRef:
				names["in_"+r.Name] = true
			case compile.ScoreRef:
				names[r.Name+"_points"], names[r.Name+"_max"] = true, true
			case compile.BandRef:
				names[r.Name+"_band"] = true
			case compile.JourneyRef:
				names[r.Name+"_stage"] = true
			case compile.ReachedRef:
				journey, stage, _ := strings.Cut(r.Name, ".")
				names[ReachedOutputName(journey, stage)] = true
			}
		}
	}
	if o.Rule != nil && o.Rule.Score != nil {
		for _, p := range o.Rule.Score.Parts {
			names[PartOutputName(o.Rule.Name, p.Name)] = true
		}
	}
	if o.Rule != nil && o.Rule.Journey != nil {
		for _, s := range o.Rule.Journey.Stages {
			names[EnteredOutputName(o.Rule.Name, s.Name)] = true
			if o.Kind == SinceOutput && s.At != nil {
				names[AtOutputName(o.Rule.Name, s.Name)] = true
			}
		}
	}
	if o.NullOf != "" {
		names[o.NullOf] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// hasHole says whether there is a hole anywhere in an expression.
func hasHole(e *Expr) bool {
	found := false
	within(e, map[*Expr]bool{}, func(n *Expr) { found = found || n.Op == OpHole })
	return found
}

// columnsOf lists the columns that an output reads, directly or through others,
// sorted: those of the SQL, and all that CEL names where the output is open.
func columnsOf(entity string, o Output, others map[string]Output) []string {
	names := map[string]bool{}
	for _, name := range Columns(o.Expr) {
		names[name] = true
	}
	visit(o.Expr, map[*Expr]bool{}, func(n *Expr) {
		if n.Op == OpBeside {
			for _, name := range others[n.Name].Columns {
				names[name] = true
			}
		}
	})
	if !o.Open() {
		return slices.Sorted(maps.Keys(names))
	}
	seen := map[string]bool{}
	var walk func(o Output)
	walk = func(o Output) {
		if seen[o.Name] {
			return
		}
		seen[o.Name] = true
		for _, x := range o.Sources() {
			for _, r := range x.Refs {
				if r.Kind == compile.ColumnRef && r.Entity == entity {
					names[r.Name] = true
				}
			}
		}
		for _, name := range o.Reads() {
			if other, ok := others[name]; ok {
				walk(other)
			}
		}
	}
	walk(o)
	return slices.Sorted(maps.Keys(names))
}

// readsRelation says whether cel-go would need related rows. Calculated values
// over them are known by then.
func readsRelation(x *compile.Expr) bool {
	return slices.ContainsFunc(x.Refs, func(r compile.Ref) bool {
		return r.Kind == compile.RelationRef || r.Kind == compile.ReferenceRef
	})
}

// writable says whether cel-go's value of that type can be written back.
func writable(k catalog.Kind) bool {
	switch k {
	case catalog.Bool, catalog.Int, catalog.Uint, catalog.Double, catalog.String, catalog.Bytes, catalog.Timestamp, catalog.Duration:
		return true
	}
	return false
}

// holes reports what SQL cannot decide: as a remark with its cost where cel-go
// decides it row by row, else as an error. What an expression only inherits
// from another is said there.
func (eb *entityBuilder) holes(x *compile.Expr, e *Expr, holes []Hole) {
	seen := map[Hole]bool{}
	for _, h := range holes {
		if seen[h] {
			continue
		}
		seen[h] = true
		at := x.Text.SubRunes(h.Start, h.End)
		switch {
		case !writable(e.Type.Kind):
			eb.problems.Report("not-supported-yet", at, "%s cannot be calculated yet", h.Reason)
		case !eb.inherits(x, h):
			byRow(eb.problems, at, h, eb.entity.Name)
		}
	}
}

// byRow remarks a hole that cel-go decides.
func byRow(problems *diag.List, at source.Range, h Hole, entity string) {
	problems.Report("decided-by-row", at, "The database cannot calculate %s: it is decided %s by %s", h.Reason, entity, entity).Detail =
		"The result is exact. It takes about a microsecond for each " + entity + " that the rest of the rule leaves open: cheap conditions beside it, joined with &&, keep them few."
}

// inherits says whether a hole comes with another output that an expression
// reads: it then has no place of its own and stands for the whole.
func (eb *entityBuilder) inherits(x *compile.Expr, h Hole) bool {
	for _, name := range (Output{CEL: x}).Reads() {
		other, ok := eb.byName[name]
		if ok && other.Open() && slices.Contains(other.Reasons(), h.Reason) && h.End-h.Start >= len([]rune(strings.TrimSpace(x.Text.Value()))) {
			return true
		}
	}
	return false
}

// nullTests adds the null tests of all outputs.
func (eb *entityBuilder) nullTests() {
	for _, o := range eb.nullTestsOf(slices.Clone(eb.outputs)) {
		eb.add(o)
	}
}

// nullTestsOf makes what tells null from ⊥ for the traits over related rows, or
// over all rows, that some outputs read and that are open: SQL NULL alone does
// not, and cel-go is given one row.
func (eb *entityBuilder) nullTestsOf(list []Output) []Output {
	var tests []Output
	seen := map[string]bool{}
	var walk func(o Output)
	walk = func(o Output) {
		for _, name := range o.Reads() {
			other, ok := eb.byName[name]
			if !ok || seen[name] {
				continue
			}
			seen[name] = true
			walk(other)
			if other.Related() && !other.Open() && other.Expr.MayNull && other.Expr.MayBottom {
				tests = append(tests, Output{Name: NullOutputName(name), Kind: OperandOutput, NullOf: name, Expr: eb.b.NullTest(other.Expr)})
			}
		}
	}
	for _, o := range list {
		if o.Open() {
			walk(o)
		}
	}
	return tests
}

// Related says whether an output's expressions read related rows themselves, or
// all rows.
func (o Output) Related() bool {
	return o.Rule != nil && o.Rule.Kind == compile.RankRule || slices.ContainsFunc(o.Sources(), readsRelation)
}

// Groups names the groups that an output divides everyone into: those of a
// segmentation, otherwise last, a score's bands, best first, or a
// journey's stages.
func (o Output) Groups() []string {
	var names []string
	switch o.Kind {
	case SegmentationOutput:
		for _, r := range o.Rule.Rungs {
			names = append(names, r.Name)
		}
		names = append(names, o.Rule.Otherwise)
	case BandOutput:
		for _, b := range o.Rule.Score.Bands {
			names = append(names, b.Name)
		}
	case StageOutput:
		for _, s := range o.Rule.Journey.Stages {
			names = append(names, s.Name)
		}
	}
	return names
}
