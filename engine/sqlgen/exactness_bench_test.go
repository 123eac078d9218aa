package sqlgen_test

import (
	"fmt"
	"strings"
	"testing"

	"personae/engine/sqlgen/sqltest"
)

// What exactness may cost: three outcomes and their counts, against the best SQL
// by hand that knows two, and counts members only.
const (
	exactnessBound = 1.15
	growthBound    = 6.0 // 300 segments against 50
)

// TestBenchExactness compares our counts, and the table of results with its
// counts, with each form that we know to write by hand for the same members; the
// fastest of them counts. A run makes the table, and counts while it reads from it
// who is in which segment, as it has to anyway: the SQL for that count is here alone.
func TestBenchExactness(t *testing.T) {
	skipUnlessBench(t)
	for _, nulls := range []bool{false, true} {
		var fewer []benchRow
		for _, n := range []int{50, 300} {
			b := newBench(t, nulls, n)
			sqltest.Exec(t, b.db, "ATTACH ':memory:' AS result")
			for _, form := range handForms {
				b.agree(t, b.counts(form))
			}
			ours := []string{"CREATE TABLE result.customer AS " + b.script.Select, b.script.Counts.SQL(), "DROP TABLE result.customer"}
			rows := append(b.exactness(t, "counts alone", 4, []string{b.script.ScanCounts}, func(f handForm) []string { return []string{b.counts(f)} }),
				b.exactness(t, "a table of results and counts of it", 2, ours, b.table)...)
			for i, before := range fewer {
				if before.bound > 0 {
					rows = append(rows, benchRow{"300 segments against 50: " + before.what, rows[i].took, before.took, growthBound})
				}
			}
			fewer = rows
			report(t, fmt.Sprintf("%d segments, %d customers, nulls %v, two threads", n, b.rows, nulls), rows)
			b.db.Close()
		}
	}
}

// exactness races statements of ours against those by hand, so many times in turns.
func (b *bench) exactness(t *testing.T, what string, rounds int, ours []string, byHand func(handForm) []string) []benchRow {
	t.Helper()
	sides := [][]string{ours}
	for _, form := range handForms {
		sides = append(sides, byHand(form))
	}
	costs := make([]cost, len(sides))
	for range benchRounds(rounds, 5_000_000) {
		for i, statements := range sides {
			start := now()
			for _, s := range statements {
				b.run(t, s)
			}
			costs[i] = costs[i].least(start.until())
		}
	}
	least, cpu := costs[1], costs[1].cpu
	for _, c := range costs[2:] {
		least, cpu = least.least(c), min(cpu, c.cpu)
	}
	rows := []benchRow{{what + "; against the best by hand", costs[0].wall, least.wall, exactnessBound},
		{what: "  the same in time of processors", took: costs[0].cpu, base: cpu}}
	for i, form := range handForms {
		rows = append(rows, costs[i+1].row("  by hand, members only: "+form.name))
	}
	return rows
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

// counts is a query by hand for how many are in each segment.
func (b *bench) counts(form handForm) string {
	list, from := b.members(form)
	for i, member := range list {
		list[i] = fmt.Sprintf(form.count, member)
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + from
}

// table are statements by hand that write a table of who is in which segment, and
// count in it.
func (b *bench) table(form handForm) []string {
	list, from := b.members(form)
	counts := make([]string, len(list))
	for i, member := range list {
		list[i] = fmt.Sprintf("%s AS s%d", member, i)
		counts[i] = fmt.Sprintf("count_if(s%d)", i)
	}
	return []string{"CREATE TABLE result.hand AS SELECT customer_id, " + strings.Join(list, ", ") + " FROM " + from,
		"SELECT " + strings.Join(counts, ", ") + " FROM result.hand", "DROP TABLE result.hand"}
}
