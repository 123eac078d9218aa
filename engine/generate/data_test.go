package generate

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shop is 20,000 customers as views over the files, read as text where they are text.
func shop(t *testing.T) (*sql.DB, Summary) {
	t.Helper()
	dir := t.TempDir()
	s := generate(t, Options{Dir: dir, Customers: 20_000, Seed: 1})
	if text, err := os.ReadFile(filepath.Join(dir, "survey.csv")); err != nil || !strings.HasPrefix(string(text), "\ufeffCustomer;Answered on;") {
		t.Errorf("survey.csv begins with %q, %v", text[:30], err)
	}
	db := open(t)
	for name, from := range map[string]string{
		"customers": "read_parquet('%s/customers.parquet')", "orders": "read_parquet('%s/orders/*.parquet')", "items": "read_parquet('%s/items/*.parquet')",
		"sessions": "read_parquet('%s/sessions/*.parquet')", "reviews": "read_csv('%s/reviews.csv', all_varchar = true)",
		"survey": "read_csv('%s/survey.csv', all_varchar = true, delim = ';', header = true)", "touches": "read_json('%s/touches.ndjson.gz')",
		"stores": "read_csv('%s/stores.csv', all_varchar = true)", "leads": "read_csv('%s/leads.csv', all_varchar = true)",
	} {
		if _, err := db.Exec("CREATE VIEW " + name + " AS FROM " + fmt.Sprintf(from, filepath.ToSlash(dir))); err != nil {
			t.Fatal(err)
		}
	}
	return db, s
}

func number(t *testing.T, db *sql.DB, query string) float64 {
	t.Helper()
	var n float64
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// found is how each kind of dirt is counted in the files, independently of how it was planted.
var found = map[[3]string]string{
	{"customers", "income", "empty"}:                     "SELECT count(*) FROM customers WHERE income IS NULL",
	{"customers", "income", "666666"}:                    "SELECT count(*) FROM customers WHERE income = 666666",
	{"customers", "born_on", "born in 1893"}:             "SELECT count(*) FROM customers WHERE born_on < DATE '1900-01-01'",
	{"customers", "", "exact duplicate"}:                 "SELECT count(*) - (SELECT count(*) FROM (SELECT DISTINCT * FROM customers)) FROM customers",
	{"customers", "customer_id", "no key"}:               "SELECT count(*) FROM customers WHERE customer_id IS NULL",
	{"customers", "city", "trailing spaces"}:             "SELECT count(*) FROM customers WHERE city <> trim(city)",
	{"customers", "city", "capitals"}:                    "SELECT count(*) FROM customers WHERE city = upper(city)",
	{"customers", "city", "small letters"}:               "SELECT count(*) FROM customers WHERE city = lower(city)",
	{"customers", "phone", "only spaces"}:                "SELECT count(*) FROM customers WHERE phone <> '' AND trim(phone) = ''",
	{"customers", "occupation", "only spaces"}:           "SELECT count(*) FROM customers WHERE occupation <> '' AND trim(occupation) = ''",
	{"customers", "education", "empty string"}:           "SELECT count(*) FROM customers WHERE education = ''",
	{"orders", "customer_id", "customer does not exist"}: "SELECT count(*) FROM orders WHERE customer_id NOT IN (SELECT customer_id FROM customers WHERE customer_id IS NOT NULL)",
	{"orders", "customer_id", "no customer"}:             "SELECT count(*) FROM orders WHERE customer_id IS NULL",
	{"orders", "ordered_at", "no time"}:                  "SELECT count(*) FROM orders WHERE ordered_at IS NULL",
	{"orders", "ordered_at", "in the future"}:            "SELECT count(*) FROM orders WHERE ordered_at >= TIMESTAMPTZ '2026-01-01 00:00:00+00'",
	{"orders", "total", "refund as a negative total"}:    "SELECT count(*) FROM orders WHERE total < 0",
	{"reviews", "customer_id", "no customer"}:            "SELECT count(*) FROM reviews WHERE customer_id IS NULL",
	{"reviews", "rating", "five"}:                        "SELECT count(*) FROM reviews WHERE TRY_CAST(rating AS INTEGER) IS NULL",
	{"survey", "Risk aversion (5 = avoids risk)", "n/a"}: "SELECT count(*) FROM survey WHERE TRY_CAST(\"Risk aversion (5 = avoids risk)\" AS INTEGER) IS NULL",
	{"survey", "Monthly budget", "n/a"}:                  "SELECT count(*) FROM survey WHERE \"Monthly budget\" = 'n/a'",
	{"survey", "Monthly budget", "1,234.5"}:              "SELECT count(*) FROM survey WHERE \"Monthly budget\" LIKE '%.%'",
	{"survey", "Monthly budget", "abc"}:                  "SELECT count(*) FROM survey WHERE \"Monthly budget\" = 'abc'",
	{"survey", "Monthly budget", "only spaces"}:          "SELECT count(*) FROM survey WHERE trim(\"Monthly budget\") = ''",
	{"survey", "Customer", "customer does not exist"}:    "SELECT count(*) FROM survey WHERE Customer NOT IN (SELECT customer_id FROM customers WHERE customer_id IS NOT NULL)",
	{"leads", "budget", "empty"}:                         "SELECT count(*) FROM leads WHERE coalesce(budget, '') = ''",
	{"leads", "budget", "n/a"}:                           "SELECT count(*) FROM leads WHERE budget = 'n/a'",
	{"leads", "budget", "1,234.5"}:                       "SELECT count(*) FROM leads WHERE budget = '1,234.5'",
	{"leads", "budget", "abc"}:                           "SELECT count(*) FROM leads WHERE budget = 'abc'",
	{"stores", "floor_area", "n/a"}:                      "SELECT count(*) FROM stores WHERE TRY_CAST(floor_area AS INTEGER) IS NULL",
}

func TestDirtIsExactlyWhatTheSummarySays(t *testing.T) {
	db, s := shop(t)
	seen := map[[3]string]bool{}
	for _, d := range s.Dirt {
		key := [3]string{d.Table, d.Column, d.Kind}
		seen[key] = true
		if found[key] == "" {
			t.Errorf("%v: nothing counts it", key)
			continue
		}
		if got := number(t, db, found[key]); got != float64(d.Rows) || d.Rows == 0 {
			t.Errorf("%v: %v rows, the summary says %d", key, got, d.Rows)
		}
		if d.Table == "orders" {
			query := "SELECT sum(total) * 100" + found[key][len("SELECT count(*)"):]
			if got := number(t, db, query); got != float64(d.Pence) || d.Pence == 0 {
				t.Errorf("%v: %v pence, the summary says %d", key, got, d.Pence)
			}
		}
	}
	for key := range found {
		if !seen[key] {
			t.Errorf("%v is counted and not in the summary", key)
		}
	}
	// Nothing else refers to nobody, and no unreadable budget is left uncounted.
	for _, query := range []string{
		"SELECT count(*) FROM items WHERE order_id NOT IN (SELECT order_id FROM orders)",
		"SELECT count(*) FROM sessions WHERE customer_id NOT IN (SELECT customer_id FROM customers WHERE customer_id IS NOT NULL)",
		"SELECT count(*) FROM reviews WHERE customer_id NOT IN (SELECT customer_id FROM customers WHERE customer_id IS NOT NULL)",
		"SELECT count(*) FROM touches WHERE customer_id NOT IN (SELECT customer_id FROM customers WHERE customer_id IS NOT NULL)",
		"SELECT count(*) FROM customers WHERE home_store NOT IN (SELECT store_id FROM stores)",
		"SELECT count(*) FROM orders WHERE store_id NOT IN (SELECT store_id FROM stores)",
		"SELECT count(*) - count(DISTINCT order_id) FROM orders",
		"SELECT count(*) - count(DISTINCT session_id) FROM sessions",
		"SELECT count(*) - count(DISTINCT review_id) FROM reviews",
		"SELECT count(*) - count(DISTINCT touch_id) FROM touches",
		"SELECT count(*) FROM (SELECT order_id, sum(price * quantity) AS s FROM items GROUP BY 1) JOIN orders USING (order_id) WHERE s <> total",
		`SELECT count(*) FROM survey WHERE NOT regexp_full_match("Monthly budget", '[0-9]+,[0-9]{2}|n/a|1,234\.5|abc|  ')`,
		"SELECT count(*) FROM orders JOIN (SELECT DISTINCT customer_id, joined_at FROM customers) USING (customer_id) WHERE ordered_at < joined_at AND order_id < 900000000000",
		"SELECT count(*) FROM reviews WHERE written_at >= '2026'",
	} {
		if got := number(t, db, query); got != 0 {
			t.Errorf("%v rows: %s", got, query)
		}
	}
}

func TestPeopleBehaveAsPlanted(t *testing.T) {
	db, _ := shop(t)
	for _, c := range []struct {
		what, query string
		low, high   float64
	}{
		{"orders", "SELECT count(*) FROM orders", 165_000, 195_000},
		{"have no order", "SELECT 1 - (SELECT count(DISTINCT customer_id) FROM orders WHERE order_id < 900000000000) / 20000.0", 0.07, 0.14},
		{"spend of the top fifth", "SELECT sum(t) FILTER (p <= 0.2) / sum(t) FROM (SELECT sum(total) AS t, percent_rank() OVER (ORDER BY sum(total) DESC) AS p FROM orders WHERE order_id < 900000000000 GROUP BY customer_id)", 0.65, 0.88},
		{"garden lines in April and May", "SELECT avg((month(ordered_at) IN (4, 5))::INT) FROM items JOIN orders USING (order_id) WHERE category LIKE 'garden%'", 0.24, 0.45},
		{"gift orders in November and December", "SELECT avg((month(ordered_at) IN (11, 12))::INT) FROM orders WHERE gift", 0.40, 0.75},
		{"December over February", "SELECT count(*) FILTER (month(ordered_at) = 12) / count(*) FILTER (month(ordered_at) = 2) FROM orders WHERE order_id < 900000000000", 1.8, 3.5},
		{"orders at night, London clock", "SELECT avg((hour(ordered_at AT TIME ZONE 'Europe/London') IN (22, 23, 0, 1, 2, 3))::INT) FROM orders WHERE order_id < 900000000000", 0.12, 0.30},
		{"discount share of hunters", "SELECT avg(d) FROM (SELECT avg(discount_share) AS d FROM orders GROUP BY customer_id HAVING count(*) >= 5) WHERE d > 0.15", 0.16, 0.30},
		{"reviews read by those who say quality, over price", `SELECT avg(r) FILTER ("What matters most" = 'quality') / avg(r) FILTER ("What matters most" = 'price') FROM survey JOIN (SELECT customer_id, avg(reviews_read) AS r FROM sessions GROUP BY 1) s ON s.customer_id = Customer`, 1.2, 6},
		{"income with a degree over without", "SELECT median(income) FILTER (education = 'degree') / median(income) FILTER (education = 'gcse') FROM customers", 1.2, 2.2},
		{"London over Wales", "SELECT median(income) FILTER (region = 'London') / median(income) FILTER (region = 'Wales') FROM customers", 1.2, 2.0},
		{"gold share", "SELECT avg((loyalty_tier = 'gold')::INT) FROM customers", 0.05, 0.25},
		{"good ratings", "SELECT avg((rating IN ('4', '5'))::INT) FROM reviews", 0.55, 0.75},
		{"bad ratings that recommend", "SELECT avg((text ILIKE '%highly recommended%')::INT) FROM reviews WHERE rating IN ('1', '2')", 0, 0},
		{"distinct texts", "SELECT count(DISTINCT text) / count(*) FROM reviews", 0.85, 1},
		{"other scripts", "SELECT avg((NOT regexp_matches(last_name, '[a-zA-ZØÅÓ]'))::INT) FROM customers", 0.02, 0.06},
		{"apostrophes and quotes", "SELECT avg((first_name || last_name LIKE '%''%' OR first_name LIKE '%\"%')::INT) FROM customers", 0.05, 0.20},
		{"leads that convert", "SELECT avg(converted::INT) FROM leads", 0.10, 0.30},
		{"owners convert over interns", "SELECT avg(converted::INT) FILTER (role = 'owner') / avg(converted::INT) FILTER (role = 'intern') FROM leads", 1.4, 8},
		{"2022's new customers still buying in 2025", "SELECT avg((last >= TIMESTAMPTZ '2025-01-01')::INT) FROM (SELECT max(ordered_at) AS last FROM orders JOIN (SELECT DISTINCT customer_id, joined_at, acquisition_channel FROM customers) USING (customer_id) WHERE year(joined_at) = 2022 AND order_id < 900000000000 GROUP BY customer_id)", 0.25, 0.60},
	} {
		if got := number(t, db, c.query); got < c.low || got > c.high {
			t.Errorf("%s: %.3f, want %.3f to %.3f", c.what, got, c.low, c.high)
		}
	}
}
