package sqlgen_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What exactness may cost: three outcomes and their counts, against the best SQL
// by hand that knows two and counts members only.
const (
	exactnessBound = 1.15
	growthBound    = 6.0 // 300 segments against 50
)

// TestBenchExactness compares our counts with each form that we know to write by
// hand for the same members; the fastest of them counts.
func TestBenchExactness(t *testing.T) {
	skipUnlessBench(t)
	for _, nulls := range []bool{false, true} {
		took := map[int]time.Duration{}
		for _, n := range []int{50, 300} {
			b := newBench(t, nulls, n)
			queries := []string{b.script.ScanCounts}
			for _, form := range handForms {
				query := b.counts(form)
				b.agree(t, query)
				queries = append(queries, query)
			}
			var runs []func() time.Duration
			for _, q := range queries {
				runs = append(runs, func() time.Duration { return b.run(t, q) })
			}
			d := best(4, runs...)
			rows := []benchRow{{"ours: members and unknown", d[0], 0, 0}}
			least := d[1]
			for i, form := range handForms {
				rows = append(rows, benchRow{"by hand, members only: " + form.name, d[1+i], 0, 0})
				least = min(least, d[1+i])
			}
			rows = append(rows, benchRow{"ours against the best by hand", d[0], least, exactnessBound})
			if took[n] = d[0]; n == 300 {
				rows = append(rows, benchRow{"300 segments against 50", took[300], took[50], growthBound})
			}
			report(t, fmt.Sprintf("%d segments, %d customers, nulls %v, two threads", n, b.rows, nulls), rows)
			b.db.Close()
		}
	}
}

// handForm is a way to count members by hand. clause writes one condition over
// a column, join a segment of four.
type handForm struct {
	name   string
	clause func(c clause, nullable bool) string
	join   func(a, b, c, d string) string
}

var handForms = []handForm{
	{"conditions once, as booleans",
		func(c clause, _ bool) string { return c.sql },
		func(a, b, c, d string) string {
			return fmt.Sprintf("sum((%s AND %s AND (%s OR %s))::INT)", a, b, c, d)
		}},
	{"conditions once, without branches, IS NOT DISTINCT FROM",
		func(c clause, nullable bool) string {
			if nullable {
				return "((" + c.sql + ") IS NOT DISTINCT FROM true)::UTINYINT"
			}
			return "(" + c.sql + ")::UTINYINT"
		}, branchless},
	{"conditions once, without branches, a value for nothing that is never meant",
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
		}, branchless},
}

func branchless(a, b, c, d string) string {
	return fmt.Sprintf("count_if((%s & %s & (%s | %s))::BOOLEAN)", a, b, c, d)
}

// counts writes a query by hand: every distinct clause once.
func (b *bench) counts(form handForm) string {
	nullable := map[string]bool{}
	for _, c := range b.columns {
		nullable[c.name] = c.nulls
	}
	names := map[string]string{}
	var inner, list []string
	name := func(c clause) string {
		if names[c.sql] == "" {
			names[c.sql] = fmt.Sprintf("c%d", len(names))
			inner = append(inner, form.clause(c, nullable[c.column])+" AS "+names[c.sql])
		}
		return names[c.sql]
	}
	for _, s := range b.segments {
		list = append(list, form.join(name(s[0]), name(s[1]), name(s[2]), name(s[3])))
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM (SELECT " + strings.Join(inner, ", ") + " FROM snapshot.customers)"
}
