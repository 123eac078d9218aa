package plan

import (
	"slices"
	"sort"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/source"
)

// Insight is what is counted to show groups and to tell them apart: attributes
// of one row, each cut into bins once, and who is in which bin.
type Insight struct {
	Attributes []Attribute
	Pictures   []Picture
	Weeks      []WeekHours
}

// Attribute is one value of every row. It has one set of bins, whoever asks for
// it: two sets that overlap would give small groups away by subtraction.
type Attribute struct {
	Name      string // of the column or trait; "" for other expressions
	Kind      catalog.Kind
	Stored    Place
	Column    string   // of the table where it is stored
	Exclusive []string // of a segmentation: its groups in order, otherwise last
	Apart     bool     // every group is compared with everyone by it
	Unit      string
	Title     string
	// Reads are the columns and traits that its value comes from, its own name
	// included; sorted.
	Reads []string
}

// Texts says that its values are texts, of which the frequent have a bin each.
func (a Attribute) Texts() bool { return a.Kind == catalog.String && a.Exclusive == nil }

// Place says where an attribute's values are.
type Place uint8

// The places of values.
const (
	InSnapshot Place = iota // a column of the entity's table
	InResult                // an output
)

// Picture is one chart or breakdown of a persona.
type Picture struct {
	Persona   string
	Members   string // name of the membership output
	Of        *compile.Expr
	Attribute int // position in Attributes
}

// insight plans what is counted about an entity. It adds outputs for what has
// no column yet.
func (eb *entityBuilder) insight(personas []*compile.Persona) *Insight {
	in := &insightBuilder{eb: eb, at: map[[2]string]int{}}
	groups := len(personas) > 0
	for _, r := range eb.entity.Rules {
		groups = groups || r.Kind == compile.SegmentRule
	}
	if groups {
		in.columns()
		in.traits()
	}
	for _, p := range personas {
		for _, c := range p.Charts {
			in.picture(p, c.Of)
		}
		for _, r := range sortedRanges(p) {
			in.picture(p, p.Breakdowns[r])
		}
	}
	if len(in.out.Attributes)+len(in.out.Weeks) == 0 {
		return nil
	}
	return &in.out
}

type insightBuilder struct {
	eb  *entityBuilder
	out Insight
	at  map[[2]string]int // place and column to position
}

func (in *insightBuilder) add(a Attribute) int {
	key := [2]string{string(rune('0' + a.Stored)), a.Column}
	if i, ok := in.at[key]; ok {
		return i
	}
	in.at[key] = len(in.out.Attributes)
	in.out.Attributes = append(in.out.Attributes, a)
	return in.at[key]
}

// columns are those of the table that may be shown: no keys, nothing personal,
// nothing sensitive. The purpose of a rule covers that rule alone.
func (in *insightBuilder) columns() {
	t := in.eb.entity.Table
	for _, c := range t.Columns {
		if c.Name != t.Key && c.Name != t.By && c.References == "" && !c.PII && !c.Sensitive && binnable(c.Type.Kind) {
			in.add(Attribute{Name: c.Name, Kind: c.Type.Kind, Column: c.Name, Apart: true, Unit: c.Unit, Title: c.Title, Reads: []string{c.Name}})
		}
	}
}

// traits are what rules calculate, with the same left out. What should no longer
// be used tells nobody apart: it stands for what took its place.
func (in *insightBuilder) traits() {
	for _, o := range in.eb.outputs {
		if o.Kind != TraitOutput || o.Rule == nil || o.Rule.Labels.Deprecated != nil || len(o.Rule.Taint.PII)+len(o.Rule.Taint.Sensitive) > 0 || !binnable(o.Expr.Type.Kind) {
			continue
		}
		reads := append(slices.Clone(o.Columns), o.Name)
		sort.Strings(reads)
		in.add(Attribute{Name: o.Name, Kind: o.Expr.Type.Kind, Stored: InResult, Column: o.Name, Apart: true,
			Unit: o.Rule.Unit, Title: o.Rule.Title, Reads: reads})
	}
}

func binnable(k catalog.Kind) bool {
	switch k {
	case catalog.Bool, catalog.Int, catalog.Double, catalog.String, catalog.Timestamp:
		return true
	}
	return false
}

// picture adds what a persona draws. What is a column, a trait, a segment or a
// segmentation already is read where it is; else it becomes an output.
func (in *insightBuilder) picture(p *compile.Persona, x *compile.Expr) {
	if x == nil {
		return
	}
	if x.Type.Kind == catalog.List {
		if !in.weekHours(p, x) {
			in.eb.problems.Report("not-supported-yet", x.Text.Range(), "This list cannot be drawn").Detail =
				"Draw instants of the rows of a relation, as in " + p.Entity + ".orders.map(o, o.ordered_at), with filters over the row itself."
		}
		return
	}
	if !binnable(x.Type.Kind) {
		return
	}
	e := in.eb.lower(x)
	a := Attribute{Kind: e.Type.Kind}
	switch {
	case e.Op == OpColumn && e.Table == in.eb.entity.Table.Name:
		a.Name, a.Column = e.Name, e.Name
		if c := in.eb.entity.Table.Column(e.Name); c != nil {
			a.Unit, a.Title = c.Unit, c.Title
		}
	default:
		a.Stored = InResult
		if o, ok := in.named(x, e); ok {
			a.Name, a.Column = o.Name, o.Name
			a.Unit, a.Title = o.Rule.Unit, o.Rule.Title
			if o.Kind == SegmentationOutput {
				for _, r := range o.Rule.Rungs {
					a.Exclusive = append(a.Exclusive, r.Name)
				}
				a.Exclusive = append(a.Exclusive, o.Rule.Otherwise)
			}
			break
		}
		a.Column, _ = in.eb.operand(x, e)
	}
	in.out.Pictures = append(in.out.Pictures, Picture{Persona: p.Name, Members: "persona_" + p.Name, Of: x, Attribute: in.add(a)})
}

// named finds the rule that an expression is nothing but a name of.
func (in *insightBuilder) named(x *compile.Expr, e *Expr) (Output, bool) {
	if len(x.Refs) != 1 {
		return Output{}, false
	}
	name := x.Refs[0].Name
	if x.Refs[0].Kind == compile.SegmentRef {
		name = "in_" + name
	}
	o, ok := in.eb.byName[name]
	ok = ok && o.Rule != nil && o.Expr == e && !(o.Open() && x.Refs[0].Kind == compile.ColumnRef)
	return o, ok
}

// sortedRanges are the places of a persona's breakdowns, in order.
func sortedRanges(p *compile.Persona) []source.Range {
	list := make([]source.Range, 0, len(p.Breakdowns))
	for r := range p.Breakdowns {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b source.Range) int {
		if a.Less(b) {
			return -1
		}
		return 1
	})
	return list
}

// useInsight adds the columns that are counted straight from the table.
func (eb *entityBuilder) useInsight(in *Insight, reads map[string]map[string]bool) {
	if in == nil {
		return
	}
	for _, w := range in.Weeks {
		add := func(table, column string) {
			if reads[table] == nil {
				reads[table] = map[string]bool{}
			}
			reads[table][column] = true
		}
		add(w.Table.Name, w.Table.By)
		Reads([]*Expr{w.At, w.Keep}, add)
	}
	for _, a := range in.Attributes {
		if a.Stored == InSnapshot {
			reads[eb.entity.Table.Name][a.Column] = true
		}
	}
}
