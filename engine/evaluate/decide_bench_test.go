package evaluate

import (
	"context"
	"fmt"
	"testing"

	"personae/engine/compile"
	"personae/engine/plan"
)

// BenchmarkDecide measures one segment with a hole over 1 M rows: SQL leaves
// one row in a hundred open, one in ten, or all, which is what cel-go costs
// alone. The time includes the SQL pass and all counts; "none" is that alone.
func BenchmarkDecide(b *testing.B) {
	for _, c := range []struct{ name, when string }{
		{"none", "customer.n == 3 && customer.s.contains('a')"},
		{"1 percent", "customer.n == 3 && [[customer.s]].flatten()[0].split('a').size() > 1"},
		{"10 percent", "customer.n < 10 && [[customer.s]].flatten()[0].split('a').size() > 1"},
		{"all", "[[customer.s]].flatten()[0].split('a').size() > 1"},
	} {
		b.Run(c.name, func(b *testing.B) {
			w := newWorld(b, "kind: Project\nname: p\nroot: customer\n---\nkind: Dataset\nname: customers\nentity: customer\nkey: id\nsource: {path: c.parquet}\n---\nkind: Segment\nname: x\nwhen: "+c.when+"\n", nil)
			w.make("COPY (SELECT i AS id, (hash(i) % 100)::BIGINT AS n, md5(i::VARCHAR) AS s FROM range(1000000) t(i)) TO '" + w.root + "/c.parquet'")
			tables := w.introspect()
			rules, list := compile.Compile(w.m, tables, compile.Options{Today: asOf})
			if list.HasErrors() {
				b.Fatal(show(list))
			}
			snap := w.load(tables)
			p, _ := plan.Build(rules, snap.Facts)
			for b.Loop() {
				found, err := snap.Run(context.Background(), p, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if by := found.Entities[0].ByRow; len(by) > 0 {
					b.ReportMetric(float64(by[0].Asked), "asked")
				} else if c.name != "none" {
					b.Fatal(fmt.Sprint("nothing was decided by row: ", by))
				}
			}
		})
	}
}
