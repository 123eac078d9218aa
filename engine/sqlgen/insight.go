package sqlgen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// sampleRows is how many rows at most are looked at to decide where bins begin
// and which values have one of their own. The counts themselves are exact.
const sampleRows = 200_000

// Quantiles are the shares of everyone at which the sample's numbers are read.
var Quantiles = []float64{0, 0.02, 0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 0.6, 0.75, 0.8, 0.9, 0.95, 0.98, 1}

// Cut is where the bins of an attribute begin: edges of numbers, whole numbers
// and times (in microseconds since 1970), or values. No edge and no value: all
// are in one bin.
type Cut struct {
	Edges  []float64
	Values []string
	Rest   bool // values that are none of these have a bin, too
}

// Bins is how many bins a cut makes, without the one of no value.
func (c Cut) Bins() int {
	n := len(c.Edges) + 1
	if len(c.Values) > 0 {
		n = len(c.Values)
		if c.Rest {
			n++
		}
	}
	return n
}

// InsightSQL writes the queries that count the attributes of one entity, some of
// them at a time: wanted are their positions in the plan. They read the result
// table (r) and the snapshot (s), whose rows stand in the same order.
type InsightSQL struct {
	plan   *plan.EntityPlan
	sample string
}

// NewInsight prepares the queries; sample is the table that Sample fills.
func NewInsight(p *plan.EntityPlan, sample string) *InsightSQL {
	return &InsightSQL{plan: p, sample: sample}
}

// value is the column of an attribute; text, number or instant. What is no
// finite number is no number.
func (s *InsightSQL) value(a plan.Attribute) string {
	column := "s." + sqltext.Ident(a.Column)
	if a.Stored == plan.InResult {
		column = "r." + sqltext.Ident(a.Column)
		if a.Kind == catalog.Double {
			column = "(CASE WHEN isfinite(" + column + ") THEN " + column + " END)"
		}
	}
	return column
}

// from is both tables side by side, or the one that is read. Blocks of rows are
// given by their numbers; last < 0 is all.
func (s *InsightSQL) from(result, snapshot bool, first, last int64) string {
	r, t := sqltext.Path(ResultSchema, s.plan.Entity.Name), sqltext.Path(SnapshotSchema, s.plan.Entity.Table.Name)
	if last >= 0 {
		r = Rows(s.plan.Entity.Name, first, last)
		t = fmt.Sprintf("(SELECT * FROM %s WHERE rowid BETWEEN %d AND %d)", t, first, last)
	}
	switch {
	case !snapshot:
		return r + " r"
	case !result:
		return t + " s"
	}
	return r + " r POSITIONAL JOIN " + t + " s"
}

// Sample selects attributes (a and their position) and the members of personas
// that show their texts (p0, p1, ...) of a part of the rows that only depends on
// the keys.
func (s *InsightSQL) Sample(wanted []int, rows int64) string {
	list := []string{"1 AS one"}
	for _, i := range wanted {
		a := s.plan.Insight.Attributes[i]
		v := s.value(a)
		switch a.Kind {
		case catalog.Int, catalog.Double:
			v += "::DOUBLE"
		case catalog.Timestamp:
			v = "epoch_us(" + v + ")::DOUBLE"
		}
		list = append(list, v+" AS a"+strconv.Itoa(i))
	}
	for n, members := range s.showing(wanted) {
		list = append(list, "r."+sqltext.Ident(members)+" AS p"+strconv.Itoa(n))
	}
	sql := "SELECT " + strings.Join(list, ",\n  ") + "\nFROM " + s.from(true, true, 0, -1)
	if every := (rows + sampleRows - 1) / sampleRows; every > 1 {
		sql += fmt.Sprintf("\nWHERE hash(r.%s) %% %d = 0", sqltext.Ident(s.plan.Entity.Table.Key), every)
	}
	return sql
}

// showing lists the memberships of the personas that show the texts of some
// attributes: of these the values that are frequent among members are kept, too.
func (s *InsightSQL) showing(wanted []int) []string {
	var out []string
	for _, picture := range s.plan.Insight.Pictures {
		i := picture.Attribute
		if s.plan.Insight.Attributes[i].Texts() && slices.Contains(wanted, i) && !slices.Contains(out, picture.Members) {
			out = append(out, picture.Members)
		}
	}
	return out
}

// Spread reads the sample's numbers and instants: for attribute i the columns
// q<i>, a list of values at Quantiles, and d<i>, how many different ones there are.
func (s *InsightSQL) Spread(wanted []int) string {
	shares := make([]string, len(Quantiles))
	for i, q := range Quantiles {
		shares[i] = strconv.FormatFloat(q, 'g', -1, 64)
	}
	list := []string{"count(*) AS n"}
	for _, i := range wanted {
		switch s.plan.Insight.Attributes[i].Kind {
		case catalog.Int, catalog.Double, catalog.Timestamp:
			list = append(list, fmt.Sprintf("quantile_disc(a%d, [%s]) AS q%[1]d, count(DISTINCT a%[1]d) AS d%[1]d", i, strings.Join(shares, ", ")))
		}
	}
	return "SELECT " + strings.Join(list, ",\n  ") + "\nFROM " + s.sample
}

// Frequent reads the most frequent texts (v) of attribute i of a sample of
// wanted, with their number n, how many different ones there are (d) and how many
// rows have one (known): the first of everyone, then the first of each persona
// that shows it.
func (s *InsightSQL) Frequent(wanted []int, i, ofEveryone, ofPersona int) string {
	var counts, keep []string
	mine := s.showing([]int{i})
	for n, members := range s.showing(wanted) {
		if slices.Contains(mine, members) {
			counts = append(counts, fmt.Sprintf(", count_if(p%d) AS m%[1]d", n))
			keep = append(keep, fmt.Sprintf(" OR m%d > 0 AND row_number() OVER (ORDER BY m%[1]d DESC, v) <= %d", n, ofPersona))
		}
	}
	return fmt.Sprintf("SELECT v, n, d, known FROM (SELECT *, count(*) OVER () AS d, (sum(n) OVER ())::BIGINT AS known FROM (SELECT a%d AS v, count(*) AS n%s FROM %s WHERE v IS NOT NULL GROUP BY v))\nQUALIFY row_number() OVER (ORDER BY n DESC, v) <= %d%s\nORDER BY n DESC, v",
		i, strings.Join(counts, ""), s.sample, ofEveryone, strings.Join(keep, ""))
}

// Bins reads a block of rows: a byte for each attribute, its bin; NULL where it
// has no value.
func (s *InsightSQL) Bins(d Dialect, wanted []int, cuts []Cut, first, last int64) string {
	var list []string
	var result, snapshot bool
	for n, i := range wanted {
		a := s.plan.Insight.Attributes[i]
		result, snapshot = result || a.Stored == plan.InResult, snapshot || a.Stored == plan.InSnapshot
		list = append(list, s.bin(d, a, cuts[n])+" AS b"+strconv.Itoa(i))
	}
	return "SELECT " + strings.Join(list, ",\n  ") + "\nFROM " + s.from(result, snapshot, first, last)
}

// bin is the number of the bin, from 1.
func (s *InsightSQL) bin(d Dialect, a plan.Attribute, cut Cut) string {
	v := s.value(a)
	if a.Kind == catalog.Bool {
		return "(" + v + "::UTINYINT + 1::UTINYINT)"
	}
	if len(cut.Values) == 0 {
		sum := []string{"(CASE WHEN " + v + " IS NOT NULL THEN 1::UTINYINT END)"}
		for _, edge := range cut.Edges {
			c := d.Constant(edge)
			switch a.Kind {
			case catalog.Int:
				c = d.Constant(int64(edge))
			case catalog.Timestamp:
				c = d.Constant(time.UnixMicro(int64(edge)))
			}
			sum = append(sum, "("+v+" >= "+c+")::UTINYINT")
		}
		return "(" + strings.Join(sum, " + ") + ")"
	}
	var b strings.Builder
	b.WriteString("CASE " + v)
	for i, value := range cut.Values {
		fmt.Fprintf(&b, " WHEN %s THEN %d", sqltext.Literal(value), i+1)
	}
	if cut.Rest {
		// An ELSE alone would take the rows without a value, too.
		return "(CASE WHEN " + v + " IS NOT NULL THEN " + b.String() + fmt.Sprintf(" ELSE %d END END)::UTINYINT", len(cut.Values)+1)
	}
	return b.String() + " END::UTINYINT"
}
