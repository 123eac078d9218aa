package duckdb

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"personae/engine/results"
)

// sharedData is the folder of real tables beside the repository; tests that
// need it skip, visibly, where it is not there.
func sharedData(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../shared/data")
	if err == nil {
		if _, err = os.Stat(dir); err == nil {
			return dir
		}
	}
	t.Skip("the real tables (../shared/data) are not here")
	return ""
}

func TestOnlineRetail(t *testing.T) {
	w := newWorld(t, `kind: Dataset
name: lines
of: customer
by: CustomerID
time: InvoiceDate
value: Price
entity: line
source: {path: online_retail/online_retail.parquet}
columns:
  CustomerID: {type: int}
  Price: {from: UnitPrice}
---
kind: Dataset
name: customers
entity: customer
key: CustomerID
source: {distinct: lines}
---
kind: Dataset
name: rfm
entity: buyer
key: id
source:
  sql: |-
    SELECT CustomerID AS id, count(DISTINCT InvoiceNo) AS orders, sum(Quantity * Price) AS revenue, max(InvoiceDate) AS last
    FROM lines WHERE CustomerID IS NOT NULL GROUP BY ALL
`, nil, sharedData(t))
	s := w.mustLoad()
	for _, tab := range w.db.state.catalog.Tables {
		for _, c := range tab.Columns {
			t.Logf("%s.%s %s (%s)", tab.Name, c.Name, c.Type, c.SourceType)
		}
	}
	independent := w.rows("SELECT printf('%d|%.3f', count(*), sum(UnitPrice::DECIMAL(18,6))::DOUBLE) FROM read_parquet('" + sharedData(t) + "/online_retail/online_retail.parquet') WHERE CustomerID IS NULL")
	if h := s.health(t, "lines"); len(h.Problems) != 1 || fmt.Sprintf("%d|%.3f", h.Problems[0].Rows, h.Problems[0].Value) != independent[0] || h.Problems[0].Row != 623 || h.Read != h.Rows+135080 {
		t.Errorf("orphans: %s, want %s", problems(h), independent)
	}
	if h := s.health(t, "customers"); h.Rows != 4372 || h.Read != 4372 {
		t.Errorf("customers: %d of %d", h.Rows, h.Read)
	}
	w.wantRows("SELECT count(*), sum(orders) FROM snapshot.rfm", "4372|22190")
	before := s.health(t, "rfm").Fingerprint
	if again := w.mustLoad().health(t, "rfm").Fingerprint; again != before || before == "" {
		t.Errorf("the sums of doubles are not the same twice: %s %s", before, again)
	}
	if latest, _ := w.loadAt(LoadOptions{AsOf: asOf, Latest: true}); latest == nil || latest.AsOf.Format(time.RFC3339) != "2011-12-09T12:50:00Z" {
		t.Errorf("latest: %+v", latest)
	}
}

func TestCustomerPersonality(t *testing.T) {
	dir := sharedData(t)
	var got [2]results.DatasetHealth
	for i, file := range []string{"marketing_campaign_semicolon_iso_bom.csv", "marketing_campaign_comma_ddmmyyyy.csv"} {
		format := ""
		if i == 1 {
			format = `, format: "%d-%m-%Y"`
		}
		w := newWorld(t, "kind: Dataset\nname: people\nentity: customer\nkey: ID\nsource: {path: customer_personality/"+file+"}\ncolumns:\n  Dt_Customer: {type: date"+format+"}\n", nil, dir)
		got[i] = w.mustLoad().health(t, "people")
		t.Log(problems(got[i]), strings.Join(w.rows("SELECT count(*), count(Income), max(Income), sum(MntWines), min(Dt_Customer), max(Dt_Customer), sum(Education='2n') FROM snapshot.people"), ""))
		for _, c := range w.db.state.catalog.Tables[0].Columns {
			t.Logf("%s %s", c.Name, c.Type)
		}
	}
	for i, h := range got {
		if h.Rows != 2240 || h.Read != 2240 {
			t.Errorf("export %d: %d of %d rows\n%s", i, h.Rows, h.Read, problems(h))
		}
	}
}

func TestLeads(t *testing.T) {
	w := newWorld(t, "kind: Dataset\nname: leads\nentity: lead\nkey: lead_id\nsource: {path: leads/Leads.csv}\nnull_values: [Select]\ncolumns:\n  lead_id: {from: Prospect ID}\n", nil, sharedData(t))
	s := w.mustLoad()
	for _, c := range w.db.state.catalog.Tables[0].Columns {
		t.Logf("%q %s", c.Name, c.Type)
	}
	wantProblems(t, s.health(t, "leads"))
	w.wantRows("SELECT count(*), count(*) - count(TotalVisits), sum(Converted) FROM snapshot.leads", "9240|137|3561")
	w.wantRows("SELECT count(*) FROM snapshot.leads WHERE Specialization = 'Select'", "0")
}

func TestClothingReviews(t *testing.T) {
	w := newWorld(t, "kind: Dataset\nname: reviews\nsource: {path: \"clothing_reviews/*.csv\"}\ncolumns:\n  text: {from: Review Text}\n", nil, sharedData(t))
	s := w.mustLoad()
	for _, c := range w.db.state.catalog.Tables[0].Columns {
		t.Logf("%q %s", c.Name, c.Type)
	}
	wantProblems(t, s.health(t, "reviews"))
	w.wantRows("SELECT count(*), count(*) - count(text), min(column_1), max(column_1) FROM snapshot.reviews", "23486|845|0|23485")
}
