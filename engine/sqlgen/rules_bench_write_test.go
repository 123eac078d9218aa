package sqlgen_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"personae/engine/sqlgen"
)

// newRuleWriter writes 300 rules: 60 traits, 6 ranks, 6 sequences among 215
// segments, 6 segmentations, 6 scores, 7 journeys.
func newRuleWriter(t *testing.T) *ruleWriter {
	t.Helper()
	w := &ruleWriter{rng: rand.New(rand.NewSource(7))}
	w.yaml.WriteString("kind: Project\nname: bench\nroot: customer\n---\nkind: Dataset\nname: customers\nentity: customer\nkey: customer_id\nsource: {path: c.parquet}\n" +
		"---\nkind: Dataset\nname: orders\nentity: order\nkey: order_id\nof: customer\nby: customer_id\ntime: placed\nsource: {path: o.parquet}\n---\nkind: Traits\ntraits:\n")
	w.traits()
	w.someRanks()
	w.someSequences()
	for w.count < 281 {
		w.segment(w.condition(3))
	}
	for i := range 6 {
		w.segmentation(i)
		w.score(i)
	}
	for i := range 7 {
		w.journey(i)
	}
	if w.count != 300 {
		t.Fatalf("%d rules", w.count)
	}
	return w
}

func ago(days int) string {
	return sqlgen.DuckDB{}.Constant(asOf) + " - INTERVAL " + itoa(days) + " DAY"
}

func (w *ruleWriter) trait(name, cel, sql string) {
	fmt.Fprintf(&w.yaml, "  %s: {value: %q}\n", name, cel)
	w.folds = append(w.folds, [2]string{name, sql})
	w.results = append(w.results, name)
	w.count++
}

// traits are aggregates over windows of time, channels and categories.
func (w *ruleWriter) traits() {
	for _, d := range []int{30, 60, 90, 180, 365} {
		n, since := itoa(d), "placed > "+ago(d)
		w.trait("orders_"+n, "customer.orders.within(days("+n+")).size()", "count_if("+since+")")
		w.trait("spend_"+n, "customer.orders.within(days("+n+")).map(o, o.total).sum()", "round(sum(CASE WHEN "+since+" THEN total ELSE 0 END), 2)")
		w.trait("items_"+n, "customer.orders.within(days("+n+")).map(o, o.items).sum()", "sum(CASE WHEN "+since+" THEN items ELSE 0 END)::BIGINT")
		for _, c := range []string{"web", "shop", "app"} {
			w.trait(c+"_"+n, "customer.orders.within(days("+n+")).filter(o, o.channel == '"+c+"').size()", "count_if("+since+" AND channel = '"+c+"')")
		}
		w.trait("toys_"+n, "customer.orders.within(days("+n+")).exists(o, o.category == 'toys')", "bool_or("+since+" AND category = 'toys')")
		w.trait("large_"+n, "customer.orders.within(days("+n+")).filter(o, o.total > 60.0).size()", "count_if("+since+" AND total > 60)")
	}
	for _, c := range []string{"home", "garden", "toys", "books", "food"} {
		w.trait("n_"+c, "customer.orders.filter(o, o.category == '"+c+"').size()", "count_if(category = '"+c+"')")
		w.trait("spend_"+c, "customer.orders.filter(o, o.category == '"+c+"').map(o, o.total).sum()", "round(sum(CASE WHEN category = '"+c+"' THEN total ELSE 0 END), 2)")
	}
	w.trait("n", "customer.orders.size()", "count(*)")
	w.trait("spend", "customer.orders.map(o, o.total).sum()", "round(sum(total), 2)")
	w.trait("mean", "customer.orders.map(o, o.total).avg()", "round(sum(total), 2) / count(*)")
	w.trait("most", "customer.orders.map(o, o.total).max()", "max(total)")
	w.trait("least", "customer.orders.map(o, o.total).min()", "min(total)")
	w.trait("first_at", "customer.orders.map(o, o.placed).min()", "min(placed)")
	w.trait("last_at", "customer.orders.map(o, o.placed).max()", "max(placed)")
	w.trait("weeks", "customer.orders.weeksActive(26)", "bit_count(bit_or(CASE WHEN placed > "+ago(182)+" THEN 1::BIGINT << ((epoch_us("+ago(0)+") - epoch_us(placed)) // 604800000000)::INT ELSE 0 END))")
	w.trait("channels", "customer.orders.map(o, o.channel).distinct().size()", "count(DISTINCT channel)")
	w.trait("big_web", "customer.orders.exists(o, o.total > 95.0 && o.channel == 'web')", "bool_or(total > 95 AND channel = 'web')")
}

// someRanks are fifths and tenths of what is grouped.
func (w *ruleWriter) someRanks() {
	for i, name := range []string{"spend", "n", "spend_365", "orders_90", "mean", "last_at"} {
		buckets := []int{5, 10}[i%2]
		fmt.Fprintf(&w.yaml, "  rank_%s: {rank: customer.%s, buckets: %d, best: high}\n", name, name, buckets)
		w.ranks = append(w.ranks, [2]string{name, itoa(buckets)})
		w.results = append(w.results, "rank_"+name)
		w.count++
	}
}

// someSequences are orders after others of another channel. By hand, the latest
// order of a channel before each one stands beside it.
func (w *ruleWriter) someSequences() {
	for i, s := range []struct{ a, b, days string }{{"web", "shop", "7"}, {"shop", "web", "30"}, {"app", "phone", "14"}, {"phone", "web", "60"}, {"web", "app", "3"}, {"app", "shop", "90"}} {
		name := "sequence_" + itoa(i)
		w.folds = append(w.folds, [2]string{name, fmt.Sprintf("bool_or(channel = '%s' AND us - last_%s <= %s * 86400000000)", s.b, s.a, s.days)})
		w.named(name, "customer.orders.sequence(o, step(o.channel == '"+s.a+"'), step(o.channel == '"+s.b+"', days("+s.days+")))", name)
	}
}

func (w *ruleWriter) segment(c [2]string) { w.named("s"+itoa(w.count), c[0], c[1]) }

func (w *ruleWriter) named(name, cel, sql string) {
	fmt.Fprintf(&w.yaml, "---\nkind: Segment\nname: %s\nwhen: %q\n", name, cel)
	w.results = append(w.results, "("+sql+") AS in_"+name)
	w.counts = append(w.counts, "count_if(in_"+name+")::BIGINT AS "+name, "count(*) - count(in_"+name+") AS \""+name+"?\"")
	w.count++
}

func (w *ruleWriter) one(list ...string) string { return list[w.rng.Intn(len(list))] }

// clause is one comparison, in both languages.
func (w *ruleWriter) clause() [2]string {
	op := w.one("<", ">", "<=", ">=")
	compare := func(name, value string) [2]string {
		return [2]string{"customer." + name + " " + op + " " + value, name + " " + op + " " + value}
	}
	window := w.one("30", "60", "90", "180", "365")
	switch w.rng.Intn(10) {
	case 0:
		return compare("age", itoa(20+w.rng.Intn(60)))
	case 1:
		return compare("income", itoa(1000*w.rng.Intn(90))+".0")
	case 2:
		city := itoa(w.rng.Intn(30))
		return [2]string{"customer.city == 'city" + city + "'", "city = 'city" + city + "'"}
	case 3:
		return compare("tenure", itoa(w.rng.Intn(4000)))
	case 4:
		return compare("orders_"+window, itoa(w.rng.Intn(4)))
	case 5:
		return compare("spend_"+window, itoa(w.rng.Intn(200))+".5")
	case 6:
		return compare(w.one("web_", "shop_", "app_", "large_", "items_")+window, itoa(w.rng.Intn(3)))
	case 7:
		return compare("rank_"+w.one("spend", "n", "spend_365", "orders_90"), itoa(1+w.rng.Intn(5)))
	case 8:
		return compare(w.one("n_home", "n_garden", "n_books", "weeks", "channels"), itoa(w.rng.Intn(4)))
	}
	name := w.one("opted", "toys_"+window, "big_web")
	return [2]string{"customer." + name, name}
}

// condition joins clauses: all of n, the last an alternative.
func (w *ruleWriter) condition(n int) [2]string {
	var cel, sql []string
	for range n {
		c := w.clause()
		cel, sql = append(cel, c[0]), append(sql, c[1])
	}
	a, b := w.clause(), w.clause()
	return [2]string{strings.Join(cel, " && ") + " || " + a[0] + " && !(" + b[0] + ")", strings.Join(sql, " AND ") + " OR " + a[1] + " AND NOT (" + b[1] + ")"}
}

func (w *ruleWriter) segmentation(i int) {
	name := "kind_" + itoa(i)
	fmt.Fprintf(&w.yaml, "---\nkind: Segmentation\nname: %s\nsegments:\n", name)
	var cases strings.Builder
	for j := range 4 {
		c := w.condition(2)
		fmt.Fprintf(&w.yaml, "  - {name: %s_%d, when: %q}\n", name, j, c[0])
		fmt.Fprintf(&cases, " WHEN %s THEN '%s_%d' WHEN (%s) IS NULL THEN NULL", c[1], name, j, c[1])
		w.counts = append(w.counts, fmt.Sprintf(`count_if(%s = '%s_%d')::BIGINT AS "%s.%s_%d"`, name, name, j, name, name, j))
	}
	fmt.Fprintf(&w.yaml, "otherwise: %s_rest\n", name)
	w.results = append(w.results, "CASE"+cases.String()+" ELSE '"+name+"_rest' END AS "+name)
	w.counts = append(w.counts, fmt.Sprintf(`count_if(%s = '%s_rest')::BIGINT AS "%s.%s_rest"`, name, name, name, name))
	w.count++
}

// score adds up points; a part of which nobody can tell counts as none.
func (w *ruleWriter) score(i int) {
	name := "score_" + itoa(i)
	fmt.Fprintf(&w.yaml, "---\nkind: Score\nname: %s\nparts:\n", name)
	var terms []string
	for j := range 5 {
		c := w.condition(2)
		fmt.Fprintf(&w.yaml, "  - {name: p%d, when: %q, points: %d, unknown: 0}\n", j, c[0], 10*(j+1))
		part := fmt.Sprintf("part_%d_%d", i, j)
		w.results = append(w.results, "("+c[1]+") AS "+part)
		terms = append(terms, fmt.Sprintf("CASE WHEN %s THEN %d ELSE 0 END", part, 10*(j+1)))
	}
	fmt.Fprintf(&w.yaml, "bands: {hot%d: 70, warm%d: 40, cold%d: 0}\n", i, i, i)
	points := "(" + strings.Join(terms, " + ") + ")"
	w.results = append(w.results, points+"::DOUBLE AS "+name+"_points",
		fmt.Sprintf("CASE WHEN %s_points >= 70 THEN 'hot%d' WHEN %s_points >= 40 THEN 'warm%d' ELSE 'cold%d' END AS %s_band", name, i, name, i, i, name))
	for _, band := range []string{"hot", "warm", "cold"} {
		w.counts = append(w.counts, fmt.Sprintf(`count_if(%s_band = '%s%d')::BIGINT AS "%s.%s%d"`, name, band, i, name, band, i))
	}
	w.count++
}

func (w *ruleWriter) journey(i int) {
	name := "journey_" + itoa(i)
	fmt.Fprintf(&w.yaml, "---\nkind: Journey\nname: %s\nstages:\n", name)
	var entered []string
	for j := range 4 {
		c := w.condition(1)
		fmt.Fprintf(&w.yaml, "  - {name: stage_%d, entered: %q}\n", j, c[0])
		column := fmt.Sprintf("entered_%d_%d", i, j)
		w.results = append(w.results, "("+c[1]+") AS "+column)
		entered = append(entered, column)
	}
	for j := range entered {
		w.results = append(w.results, fmt.Sprintf("(%s) AS reached_%d_%d", strings.Join(entered[j:], " OR "), i, j))
	}
	stage := "CASE"
	for j := 3; j >= 0; j-- {
		stage += fmt.Sprintf(" WHEN %s THEN 'stage_%d' WHEN %s IS NULL THEN NULL", entered[j], j, entered[j])
	}
	w.results = append(w.results, stage+" END AS "+name)
	w.count++
}

// handSteps are the script by hand, each step in the best form that we know: one
// table that joins the customers with what is grouped from orders, all of it in
// one pass (orders stand beside the latest of each channel before them, which
// costs less than a pass for each sequence, and what is sorted is grouped
// faster); cut points of all ranks at once; and one wide table of results, which
// is counted once.
func (w *ruleWriter) handSteps() []ruleStep {
	var folds, filled, latest []string
	for _, f := range w.folds {
		folds = append(folds, f[1]+" AS "+f[0])
		switch {
		case strings.HasPrefix(f[1], "bool_or"):
			filled = append(filled, "coalesce("+f[0]+", false) AS "+f[0])
		case f[0] == "mean" || f[0] == "most" || f[0] == "least" || f[0] == "first_at" || f[0] == "last_at":
			filled = append(filled, f[0])
		default:
			filled = append(filled, "coalesce("+f[0]+", 0) AS "+f[0])
		}
	}
	for _, c := range []string{"web", "shop", "app", "phone"} {
		latest = append(latest, "lag(CASE WHEN channel = '"+c+"' THEN epoch_us(placed) END IGNORE NULLS) OVER w AS last_"+c)
	}
	var cuts, buckets []string
	for _, r := range w.ranks {
		n := 5
		if r[1] == "10" {
			n = 10
		}
		var places []string
		tree := "CASE WHEN " + r[0] + " IS NULL THEN NULL"
		for k := 1; k < n; k++ {
			places = append(places, fmt.Sprintf("%.18f", float64(k)/float64(n)+1e-15))
			tree += fmt.Sprintf(" WHEN %s < getvariable('hand_cuts').%s[%d] THEN %d", r[0], r[0], k, k)
		}
		cuts = append(cuts, r[0]+": quantile_disc("+r[0]+", ["+strings.Join(places, ", ")+"])")
		buckets = append(buckets, tree+fmt.Sprintf(" ELSE %d END::BIGINT AS rank_%s", n, r[0]))
	}
	return []ruleStep{
		{name: "customers with orders", sql: "CREATE TABLE result.hand_base AS SELECT c.*, " + strings.Join(filled, ", ") +
			"\nFROM snapshot.customers c LEFT JOIN (SELECT customer_id AS owner, " + strings.Join(folds, ",\n  ") +
			"\n  FROM (SELECT *, epoch_us(placed) AS us, " + strings.Join(latest, ", ") + " FROM snapshot.orders WINDOW w AS (PARTITION BY customer_id ORDER BY placed, order_id))" +
			"\n  GROUP BY customer_id) ON owner = c.customer_id"},
		{name: "cut points", sql: "SET VARIABLE hand_cuts = (SELECT {" + strings.Join(cuts, ", ") + "} FROM result.hand_base)"},
		{name: "results", sql: "CREATE TABLE result.hand AS SELECT customer_id, " + strings.Join(w.results, ",\n  ") +
			"\nFROM (SELECT *, " + strings.Join(buckets, ",\n  ") + " FROM result.hand_base)"},
		{name: "counts", sql: "SELECT " + strings.Join(w.counts, ",\n  ") + " FROM result.hand", counts: true}}
}
