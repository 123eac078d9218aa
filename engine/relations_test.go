package engine_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"personae/engine/results"
)

// TestRelatedRows compares segments over orders with a count by hand over the
// very lines that the engine read.
func TestRelatedRows(t *testing.T) {
	customers, orders := shopRows(400)
	_, out := runShop(t, shopProject(t, customers, orders), 2, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	asOf := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	spend := map[string]float64{}
	for _, line := range customers {
		cells := strings.Split(line, ",") // none of the cells behind the city holds a comma
		spend[cells[0]], _ = strconv.ParseFloat(cells[len(cells)-4], 64)
	}
	placed := map[string]int{}
	lately := map[string]int{}
	big := map[string]bool{}
	for _, line := range orders {
		cells := strings.Split(line, ",")
		total, err := strconv.ParseFloat(cells[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.DateTime, cells[2])
		if err != nil {
			t.Fatal(err)
		}
		placed[cells[0]]++
		if at.After(asOf.Add(-90 * 24 * time.Hour)) {
			lately[cells[0]]++
		}
		if total > 90 && total*10 > spend[cells[0]] {
			big[cells[0]] = true
		}
	}
	var lapsed, bigOrders int64
	for key := range spend {
		if placed[key] > 0 && lately[key] == 0 {
			lapsed++
		}
		if big[key] {
			bigOrders++
		}
	}
	if lapsed == 0 || bigOrders == 0 || int(lapsed) == len(spend) {
		t.Fatalf("the test proves nothing: %d lapsed, %d with big orders", lapsed, bigOrders)
	}
	found := map[string]results.Group{}
	for _, g := range out.Results.Entities[0].Groups {
		found[g.Name] = g
	}
	if g := found["lapsed"]; g.Members != lapsed || g.Unknown != 0 {
		t.Errorf("lapsed: %d, %d unknown; by hand %d", g.Members, g.Unknown, lapsed)
	}
	if g := found["big_orders"]; g.Members != bigOrders || g.Unknown != 0 {
		t.Errorf("big_orders: %d, %d unknown; by hand %d", g.Members, g.Unknown, bigOrders)
	}
}
