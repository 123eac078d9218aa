package evaluate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"personae/engine/sqlgen/sqltest"
)

// What exactness may cost: three outcomes of each segment, in a table, and their
// counts, against the best SQL by hand for a table of members and their counts.
const (
	exactnessBound = 1.15
	growthBound    = 6.0 // 300 segments against 50
)

// TestBenchExactness compares what a run does to know who is in which segment with
// each form that we know to write by hand for the same members; the fastest of them
// counts. Counts by hand without a table are measured beside it: no run asks so little.
func TestBenchExactness(t *testing.T) {
	sqltest.Benches(t)
	for _, nulls := range []bool{false, true} {
		var fewer time.Duration
		for _, n := range []int{50, 300} {
			t.Run(fmt.Sprintf("%d segments, nulls %v", n, nulls), func(t *testing.T) {
				b := newBench(t, nulls, n)
				for _, form := range handForms {
					b.agree(t, b.handCounts(form))
				}
				rows, took := b.exactness(t)
				if fewer > 0 {
					rows = append(rows, sqltest.Ratio{What: "300 segments against 50, in time of processors", Took: took, Base: fewer, Bound: growthBound})
				}
				fewer = took
				sqltest.Report(t, fmt.Sprintf("%d segments, %d customers, nulls %v, two threads", n, b.rows, nulls), rows)
			})
		}
	}
}

// exactness races ours against those by hand, in turns, and gives the time of
// processors that ours took.
func (b *bench) exactness(t *testing.T) (rows []sqltest.Ratio, took time.Duration) {
	t.Helper()
	r := b.race(t)
	rows = []sqltest.Ratio{
		{What: "a table of results, and counts; against the best of members by hand", Took: r.ours.Wall, Base: r.table.Wall, Bound: exactnessBound},
		{What: "  the same in time of processors", Took: r.ours.CPU, Base: r.table.CPU},
		{What: "  against the best counts of members by hand, without a table", Took: r.ours.Wall, Base: r.counts.Wall},
		{What: "  the same in time of processors", Took: r.ours.CPU, Base: r.counts.CPU},
	}
	return append(rows, r.rows...), r.ours.CPU
}

// race is what ours took, and the best by hand: a table and its counts, and
// counts alone.
type race struct {
	ours, table, counts sqltest.Cost
	rows                []sqltest.Ratio // all forms by hand
}

func (b *bench) race(t *testing.T) (r race) {
	t.Helper()
	tables, counts := map[string][]string{"eight members a byte": b.handBits()}, map[string]string{}
	for _, form := range handForms {
		tables[form.name], counts[form.name] = b.handTable(form), b.handCounts(form)
	}
	sides := []func() sqltest.Cost{b.ours(t)}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		sides = append(sides, b.sql(t, tables[name]...))
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		sides = append(sides, b.sql(t, counts[name]))
	}
	costs := turns(sqltest.BenchRounds(3, 5_000_000), sides...)
	r.ours, costs = costs[0], costs[1:]
	for i, name := range slices.Sorted(maps.Keys(tables)) {
		r.table = r.table.Least(costs[i])
		r.rows = append(r.rows, costs[i].Ratio("  by hand, a table: "+name))
	}
	for i, name := range slices.Sorted(maps.Keys(counts)) {
		cost := costs[len(tables)+i]
		r.counts = r.counts.Least(cost)
		r.rows = append(r.rows, cost.Ratio("  by hand, counts: "+name))
	}
	return r
}

// handForm is a way to find members by hand. clause writes one condition over
// a column, member a segment of four, count how many are TRUE.
type handForm struct {
	name   string
	clause func(c clause, nullable bool) string
	member func(a, b, c, d string) string
	count  string
}

var handForms = []handForm{
	{"conditions as booleans",
		func(c clause, _ bool) string { return c.sql },
		func(a, b, c, d string) string {
			return fmt.Sprintf("(%s AND %s AND (%s OR %s))", a, b, c, d)
		}, "sum(%s::INT)"},
	{"without branches, IS NOT DISTINCT FROM",
		func(c clause, nullable bool) string {
			if nullable {
				return "((" + c.sql + ") IS NOT DISTINCT FROM true)::UTINYINT"
			}
			return "(" + c.sql + ")::UTINYINT"
		}, branchless, "count_if(%s)"},
	{"without branches, a value for nothing that is never meant",
		func(c clause, nullable bool) string {
			if !nullable {
				return "(" + c.sql + ")::UTINYINT"
			}
			never := "(-1e300)"
			if strings.Contains(c.sql, "<") {
				never = "1e300"
			}
			if !strings.Contains(c.sql, "::DOUBLE") {
				never = strings.NewReplacer("(-1e300)", "(-1000000)", "1e300", "1000000").Replace(never)
			}
			return "(" + strings.Replace(c.sql, c.column, "coalesce("+c.column+", "+never+")", 1) + ")::UTINYINT"
		}, branchless, "count_if(%s)"},
}

func branchless(a, b, c, d string) string {
	return fmt.Sprintf("(%s & %s & (%s | %s))::BOOLEAN", a, b, c, d)
}

// members writes by hand who is in each segment, every distinct clause once, and
// from what.
func (b *bench) members(form handForm) (list []string, from string) {
	nullable := map[string]bool{}
	for _, c := range b.columns {
		nullable[c.name] = c.nulls
	}
	names := map[string]string{}
	inner := []string{"customer_id"}
	name := func(c clause) string {
		if names[c.sql] == "" {
			names[c.sql] = fmt.Sprintf("c%d", len(names))
			inner = append(inner, form.clause(c, nullable[c.column])+" AS "+names[c.sql])
		}
		return names[c.sql]
	}
	for _, s := range b.segments {
		list = append(list, form.member(name(s[0]), name(s[1]), name(s[2]), name(s[3])))
	}
	return list, "(SELECT " + strings.Join(inner, ", ") + " FROM snapshot.customers)"
}

// handCounts is a query by hand for how many are in each segment.
func (b *bench) handCounts(form handForm) string {
	list, from := b.members(form)
	for i, member := range list {
		list[i] = fmt.Sprintf(form.count, member)
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + from
}

// handTable are statements by hand that write a table of who is in which segment, and
// count in it.
func (b *bench) handTable(form handForm) []string {
	list, from := b.members(form)
	counts := make([]string, len(list))
	for i, member := range list {
		list[i] = fmt.Sprintf("%s AS s%d", member, i)
		counts[i] = fmt.Sprintf("count_if(s%d)", i)
	}
	return []string{"CREATE TABLE result.hand AS SELECT customer_id, " + strings.Join(list, ", ") + " FROM " + from,
		"SELECT " + strings.Join(counts, ", ") + " FROM result.hand", "DROP TABLE result.hand"}
}

// handBits is handTable with eight members a byte, as ours, and one outcome less.
func (b *bench) handBits() []string {
	form := handForms[2]
	mask := form.clause
	form.clause = func(c clause, nullable bool) string {
		return "-" + strings.Replace(mask(c, nullable), "UTINYINT", "TINYINT", 1)
	}
	form.member = func(a, b, c, d string) string { return fmt.Sprintf("(%s & %s & (%s | %s))", a, b, c, d) }
	list, from := b.members(form)
	var fields, counts []string
	for i := 0; i < len(list); i += 8 {
		var bits []string
		for k, member := range list[i:min(i+8, len(list))] {
			bit := fmt.Sprintf("(%d)::TINYINT", int8(uint8(1)<<k))
			bits = append(bits, member+" & "+bit)
			counts = append(counts, fmt.Sprintf("count_if((bits.b%d & %s)::BOOLEAN)", i/8, bit))
		}
		fields = append(fields, fmt.Sprintf("b%d := %s", i/8, strings.Join(bits, " | ")))
	}
	return []string{"CREATE TABLE result.hand AS SELECT customer_id, struct_pack(" + strings.Join(fields, ", ") + ") AS bits FROM " + from,
		"SELECT " + strings.Join(counts, ", ") + " FROM result.hand", "DROP TABLE result.hand"}
}
