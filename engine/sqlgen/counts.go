package sqlgen

import (
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
