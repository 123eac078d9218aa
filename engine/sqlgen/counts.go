package sqlgen

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"personae/engine/plan"
	"personae/engine/sqltext"
)

// Group says which columns of a counts row belong to one group. Unknown is ""
// where nobody can be unknown, Value "" where nothing says what a row is worth.
type Group struct {
	Kind                    plan.OutputKind // segment, segmentation (one rung), band or persona
	Name, Parent            string          // Parent: the segmentation of a rung, the score of a band
	Members, Unknown, Value string          // column names
}

// Columns of a counts row about everyone.
const (
	RowsColumn  = "rows"
	ValueColumn = "value"
)

// fixedValue is the column that holds what a row is worth in billionths.
const fixedValue = `"≡value"`

// counter writes one counts row.
type counter struct {
	d      Dialect
	list   []Item
	groups []Group
	value  string // the value of a row, "" for none
	small  bool   // |value| < 9e9, by facts
}

func (g *generator) newCounter() *counter {
	c := &counter{d: g.d, list: []Item{{"count(*)", RowsColumn}}}
	for _, o := range g.outputs {
		if o.Kind == plan.ValueOutput {
			low, ok1 := o.Expr.Facts.Min.(float64)
			high, ok2 := o.Expr.Facts.Max.(float64)
			c.value, c.small = sqltext.Ident(o.Name), ok1 && ok2 && o.Expr.Facts.NoNaN && low > -9e9 && high < 9e9
		}
	}
	return c
}

// add writes the columns of one group: how many members and unknowns, and what
// the members are worth. member is a BOOLEAN for the value sum.
func (c *counter) add(kind plan.OutputKind, name, parent, members, unknown, member string) {
	n := strconv.Itoa(len(c.groups))
	g := Group{Kind: kind, Name: name, Parent: parent, Members: "m" + n}
	c.list = append(c.list, Item{members, g.Members})
	if unknown != "" {
		g.Unknown = "u" + n
		c.list = append(c.list, Item{unknown, g.Unknown})
	}
	if c.value != "" {
		g.Value = "v" + n
		c.list = append(c.list, Item{c.d.FixedSum(c.value, fixedValue, member), g.Value})
	}
	c.groups = append(c.groups, g)
}

func (c *counter) row(from string) Row {
	r := Row{Items: c.list, Table: from}
	if c.value != "" {
		r.Columns = []Item{{c.d.Fixed(c.value, c.small), fixedValue}}
		r.Items = append(r.Items, Item{c.d.FixedSum(c.value, fixedValue, ""), ValueColumn})
	}
	return r
}

// resultCounts counts in the result table.
func (g *generator) resultCounts() (Row, []Group) {
	c := g.newCounter()
	for _, o := range g.outputs {
		column := sqltext.Ident(o.Name)
		unknown := ""
		if !o.Expr.Decided() {
			unknown = "count(*) - count(" + column + ")"
		}
		switch o.Kind {
		case plan.SegmentOutput, plan.PersonaOutput:
			c.add(o.Kind, groupName(o), "", "count_if("+column+")::BIGINT", unknown, column)
		case plan.SegmentationOutput, plan.BandOutput:
			for _, name := range o.Groups() {
				is := column + " = " + sqltext.Literal(name)
				c.add(o.Kind, name, o.Rule.Name, "count_if("+is+")::BIGINT", unknown, is)
			}
		}
	}
	return c.row(g.result()), c.groups
}

// scanCounts counts straight from the scan, from the encoded truth values.
func (g *generator) scanCounts() (string, []Group, error) {
	var wanted []*plan.Expr
	for _, o := range g.outputs {
		switch o.Kind {
		case plan.SegmentOutput, plan.PersonaOutput, plan.SegmentationOutput, plan.BandOutput, plan.ValueOutput:
			wanted = append(wanted, o.Expr)
		}
	}
	r := newRelations(g.d, g.now, wanted, g.beside)
	source, names := r.scan(g.source(), wanted)
	l := newLayers(g.d, g.now, source, "", withOperands(g.readTwice(wanted)), 1)
	l.names = names
	l.storage = g.storage
	w := l.writer()
	c := g.newCounter()
	for _, o := range g.outputs {
		if o.Kind == plan.ValueOutput {
			c.value = w.value(o.Expr)
		}
	}
	for _, o := range g.outputs {
		e := o.Expr
		switch o.Kind {
		case plan.SegmentOutput, plan.PersonaOutput:
			members, unknown := countBits(w, e)
			c.add(o.Kind, groupName(o), "", members, unknown, w.value(e))
		case plan.SegmentationOutput, plan.BandOutput:
			column, unknown := w.value(e), ""
			if !e.Decided() {
				unknown = "count(*) - count(" + column + ")"
			}
			for _, name := range o.Groups() {
				is := column + " = " + sqltext.Literal(name)
				c.add(o.Kind, name, o.Rule.Name, "count_if("+is+")::BIGINT", unknown, is)
			}
		}
	}
	return r.with() + c.row(l.from()).SQL(), c.groups, errors.Join(r.err, l.err)
}

// readTwice adds a second time what counting reads more than once, so that it is
// a column. Conditions are not: their counts are calculated where they stand, and
// a layer only to read them through takes 2 to 5 % of the time (measured).
func (g *generator) readTwice(wanted []*plan.Expr) []*plan.Expr {
	worth := slices.ContainsFunc(g.outputs, func(o plan.Output) bool { return o.Kind == plan.ValueOutput })
	out := slices.Clone(wanted)
	for _, o := range g.outputs {
		switch o.Kind {
		case plan.SegmentOutput, plan.PersonaOutput:
			if worth { // what the members are worth asks who they are
				out = append(out, o.Expr)
			}
		case plan.SegmentationOutput, plan.BandOutput, plan.ValueOutput:
			out = append(out, o.Expr)
		}
	}
	return out
}

// countBits counts one encoded boolean. count_if over BOOLEAN costs half of a
// sum (measured).
func countBits(w *writer, e *plan.Expr) (members, unknown string) {
	count := func(bits string) string { return "count_if(" + bits + "::BOOLEAN)::BIGINT" }
	members = count(w.sure(e))
	if e.Decided() {
		return members, ""
	}
	return members, count(w.maybe(e)) + " - " + members
}

func groupName(o plan.Output) string {
	if o.Kind == plan.SegmentOutput {
		return strings.TrimPrefix(o.Name, "in_")
	}
	return strings.TrimPrefix(o.Name, "persona_")
}

// Overlap is the query from which it is counted how many are in which segments
// at once: a row a customer, a BOOLEAN for each of Names.
type Overlap struct {
	SQL   string // "" where there are fewer than two segments
	Names []string
}

// overlap reads and does not count. Counting pairs of bits beside the database
// takes 20 ns a row for 50 segments, whatever the data; grouping by pattern is
// cheap only where patterns repeat, and 1,275 sums take ten times as long
// (measured).
func (g *generator) overlap() Overlap {
	var o Overlap
	var list []string
	for _, out := range g.outputs {
		if out.Kind == plan.SegmentOutput {
			list = append(list, sqltext.Ident(out.Name))
			o.Names = append(o.Names, groupName(out))
		}
	}
	if len(list) < 2 {
		return Overlap{}
	}
	o.SQL = "SELECT " + strings.Join(list, ", ") + "\nFROM " + g.result()
	return o
}
