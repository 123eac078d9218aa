package ruletest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestRandomRowsAgree asks every rule about random rows, many of them empty, with
// some answers given. Whatever is expected, SQL and cel-go must agree; and some of
// what is expected must be met, and some not.
func TestRandomRowsAgree(t *testing.T) {
	const rows = 300
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	asked := []string{
		"customer.points", "customer.doubled", "customer.next_year", "customer.since", "customer.recent", "customer.paid", "customer.dearest",
		"customer.city", "customer.region", "customer.people", "customer.friend_age", "customer.shout", "customer.again", "customer.tag", "customer.floor",
		"customer.rawness", "segment.adults", "segment.members", "segment.guests", "segment.club", "segment.best", "segment.stayers", "segment.shouters",
		"segmentation.kinds", "segmentation.lead", "score.lead", "segment.called", "journey.way", "segment.buyers", "persona.bianca",
	}
	stubs := []string{"doubled: 3.5", "points: unknown", "recent: 2", "city: 'x'", "shout: a", "segment.adults: true", "segment.members: unknown", "segment.club: false",
		"segmentation.kinds: club", "score.lead: 12", "segmentation.lead: cold", "journey.way: null", "journey.way: bought", "since: null", "segment.buyers: unknown"}
	var given, expect strings.Builder
	for i := range rows {
		fields := []string{fmt.Sprintf("customer_id: c%d", i), "rank: " + pick("1", "5", "null", "unknown")}
		for _, values := range [][]string{
			{"joined", "2025-12-31", "2026-01-01", "1999-03-28T12:00:00"}, {"age", "17", "18", "-1", "9223372036854775807"},
			{"spend", "100", "100.01", "-0.0", "1e308", "9001", "49"}, {"member", "true", "false"}, {"tags", "[vip]", "[]", "[a, null]", "[null, vip]"},
			{"home", "{city: x}", "{floor: 2}"}, {"raw", "abc", "''"}, {"code", "a", "bab", "''", "ä"}, {"friend", "c1", "c2", "nobody"}, {"store", "1", "2", "9"},
		} {
			if r.IntN(3) > 0 {
				fields = append(fields, values[0]+": "+pick(values[1:]...))
			}
		}
		taken := map[string]bool{}
		for range r.IntN(3) {
			stub := pick(stubs...)
			name, _, _ := strings.Cut(stub, ":")
			if !taken[name] {
				taken[name], fields = true, append(fields, stub)
				if strings.HasSuffix(name, ".lead") { // points and band come together
					taken["score.lead"], taken["segmentation.lead"] = true, true
				}
			}
		}
		if r.IntN(2) == 0 {
			fields = append(fields, "was: {segment.stayers: true}")
		}
		var orders []string
		for range r.IntN(4) {
			orders = append(orders, fmt.Sprintf("{ordered_at: %s, total: %s, items: [%s]}", pick("2025-12-02", "2025-12-03", "2026-01-01", "2026-01-02"),
				pick("1", "2.25", "null", "1e300"), pick("", "{price: 3}", "{price: 3}, {price: null}, {price: 8}")))
		}
		fmt.Fprintf(&given, "    - {%s, orders: [%s]}\n", strings.Join(fields, ", "), strings.Join(orders, ", "))
		var answers []string
		for _, name := range asked {
			if short := strings.TrimPrefix(name, "customer."); !taken[name] && !taken[short] {
				answers = append(answers, name+": unknown")
			}
		}
		fmt.Fprintf(&expect, "  c%d: {%s}\n", i, strings.Join(answers, ", "))
	}
	out := outcome(t, rules, "kind: Test\nname: random\nnow: 2026-01-01\ngiven:\n"+
		"  stores: [{store_id: 1, city: Leeds, region: Y, staff: [{name: Eve}]}, {store_id: 2, region: Z}]\n  regions: [{region_id: Y, name: Yorkshire}]\n"+
		"  customers:\n"+given.String()+"expect:\n"+expect.String())
	differ, failed := 0, 0
	for _, d := range out.Failures() {
		if d.Code == "test-failed" {
			failed++
			continue
		}
		if differ++; differ <= 10 {
			t.Errorf("%v\n%s", d, strings.Split(given.String(), "\n")[d.Range.Start.Line-8-rows])
		}
	}
	if all := rows * len(asked); failed < all/4 || failed > all*9/10 {
		t.Errorf("%d of %d answers are known", failed, all)
	}
	if differ > 0 {
		t.Errorf("%d answers differ", differ)
	}
}
