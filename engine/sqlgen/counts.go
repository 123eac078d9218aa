package sqlgen

import (
	"errors"
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
	list   []string
	groups []Group
	value  string // the value of a row, "" for none
	small  bool   // |value| < 9e9, by facts
}

func (g *generator) newCounter() *counter {
	c := &counter{d: g.d, list: []string{"count(*) AS " + RowsColumn}}
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
	c.list = append(c.list, members+" AS m"+n)
	if unknown != "" {
		g.Unknown = "u" + n
		c.list = append(c.list, unknown+" AS u"+n)
	}
	if c.value != "" {
		g.Value = "v" + n
		c.list = append(c.list, c.d.FixedSum(c.value, fixedValue, member)+" AS v"+n)
	}
	c.groups = append(c.groups, g)
}

func (c *counter) sql(from string) string {
	list := c.list
	if c.value != "" {
		from = "(SELECT *, " + c.d.Fixed(c.value, c.small) + " AS " + fixedValue + " FROM " + from + ")"
		list = append(list, c.d.FixedSum(c.value, fixedValue, "")+" AS "+ValueColumn)
	}
	return "SELECT " + strings.Join(list, ",\n  ") + "\nFROM " + from
}

// resultCounts counts in the result table.
func (g *generator) resultCounts() (string, []Group) {
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
	return c.sql(g.result()), c.groups
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
	l := newLayers(g.d, g.now, source, "", withOperands(wanted), 2)
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
	return r.with() + c.sql(l.from()), c.groups, errors.Join(r.err, l.err)
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

// Overlap is the query that finds how many are in which segments at once: one
// row for each pattern that occurs, the words W0, W1, ... of 62 bits each and
// their number n. Bit i of the words is Names[i].
type Overlap struct {
	SQL   string // "" where there are fewer than two segments
	Names []string
	Words int
}

// wordBits leaves the sign alone.
const wordBits = 62

// overlap groups by pattern, which is one pass whatever the number of pairs
// (measured: 0.8 s where one sum for each pair of 50 costs 22 s).
func (g *generator) overlap() Overlap {
	var o Overlap
	var words [][]string
	for _, out := range g.outputs {
		if out.Kind != plan.SegmentOutput {
			continue
		}
		i := len(o.Names)
		if i%wordBits == 0 {
			words = append(words, nil)
		}
		bit := "(" + sqltext.Ident(out.Name) + " IS NOT DISTINCT FROM true)::BIGINT"
		last := len(words) - 1
		words[last] = append(words[last], bit+" * "+strconv.FormatInt(1<<(i%wordBits), 10))
		o.Names = append(o.Names, groupName(out))
	}
	if len(o.Names) < 2 {
		return Overlap{}
	}
	o.Words = len(words)
	var list []string
	for i, w := range words {
		list = append(list, strings.Join(w, " | ")+" AS w"+strconv.Itoa(i))
	}
	o.SQL = "SELECT " + strings.Join(list, ",\n  ") + ",\n  count(*) AS n\nFROM " + g.result() + "\nGROUP BY ALL"
	return o
}

// Pairs adds one row of the overlap query to the counts of pairs: both[i][j]
// for i < j.
func (o Overlap) Pairs(both [][]int64, words []int64, n int64) {
	var in []int
	for i := range o.Names {
		if words[i/wordBits]>>(i%wordBits)&1 == 1 {
			in = append(in, i)
		}
	}
	for a, i := range in {
		for _, j := range in[a+1:] {
			both[i][j] += n
		}
	}
}
