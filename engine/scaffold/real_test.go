package scaffold

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/duckdb"
	"personae/engine/spec"
)

var today = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)

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

// project makes a project in a new folder, writes it, and checks that it
// loads, introspects and compiles as any other.
func project(t *testing.T, files ...string) (*Result, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "own")
	r, list, err := Make(context.Background(), Options{Dir: dir, Files: files, Today: today})
	if err != nil || list.HasErrors() {
		t.Fatalf("init: %v\n%s", err, show(list))
	}
	if err := Write(dir, r.Files, false); err != nil {
		t.Fatal(err)
	}
	if keep := os.Getenv("PERSONAE_KEEP"); keep != "" {
		out := filepath.Join(keep, strings.ReplaceAll(t.Name(), "/", "_"))
		if err := Write(out, r.Files, true); err != nil {
			t.Fatal(err)
		}
	}
	m, list := spec.Load(dir)
	if len(list) > 0 {
		t.Fatalf("load:\n%s", show(list))
	}
	db, err := duckdb.Open(duckdb.Options{WorkDir: t.TempDir(), Root: dir, DataDirs: r.DataDirs, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	cat, list := db.Introspect(context.Background(), m)
	if list.HasErrors() {
		t.Fatalf("introspect:\n%s", show(list))
	}
	_, list = compile.Compile(m, cat, compile.Options{Today: today})
	if list.Count(diag.Error)+list.Count(diag.Warning) > 0 {
		t.Errorf("compile:\n%s", show(list))
	}
	for _, g := range r.Guesses {
		if g.Subject == "" || g.Guess == "" || g.Why == "" || g.Confidence != High && g.Confidence != Medium && g.Confidence != Low {
			t.Errorf("a guess says too little: %+v", g)
		}
	}
	return r, dir
}

func show(list diag.List) string {
	var lines []string
	for _, d := range list {
		lines = append(lines, d.Error()+"\n    "+d.Detail)
	}
	return strings.Join(lines, "\n")
}

// has fails where the text is not in a file of the project.
func has(t *testing.T, r *Result, file string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(string(r.Files[file]), text) {
			t.Errorf("%s does not say %q:\n%s", file, text, r.Files[file])
		}
	}
}

func TestOnlineRetail(t *testing.T) {
	r, _ := project(t, filepath.Join(sharedData(t), "online_retail/online_retail.parquet"))
	has(t, r, "datasets/online_retail.yaml", "of: customer", "by: customer_id", "customer_id: {from: CustomerID, type: int}", "time: invoice_date")
	has(t, r, "datasets/customer_keys.yaml", "source: {distinct: online_retail}")
	has(t, r, "datasets/customers.yaml", "count(DISTINCT \"invoice_no\") FILTER (WHERE \"quantity\" * \"unit_price\" > 0)")
	has(t, r, "rules/lifecycle.yaml", "name: champions", "otherwise: occasional")
	has(t, r, "rules/persona.yaml", "segmentation.lifecycle == 'champions'", "median(customer.total_spent)")
	if len(r.DataDirs) != 1 || !strings.Contains(r.Command, "--data ") {
		t.Errorf("the data is outside, and the command does not say so: %s", r.Command)
	}
}

func TestCustomerPersonality(t *testing.T) {
	dir := filepath.Join(sharedData(t), "customer_personality")
	semi, _ := project(t, filepath.Join(dir, "marketing_campaign_semicolon_iso_bom.csv"))
	comma, _ := project(t, filepath.Join(dir, "marketing_campaign_comma_ddmmyyyy.csv"))
	has(t, semi, "datasets/marketing_campaign_semicolon_iso_bom.yaml", `delimiter: ";"`, "key: id", "entity: customer", "type: bool")
	has(t, comma, "datasets/marketing_campaign_comma_ddmmyyyy.yaml", `delimiter: ","`, `type: date, format: "%d-%m-%Y"`, "(day first)")
	for _, r := range []*Result{semi, comma} {
		has(t, r, "rules/segments.yaml", "customer.response == true")
		has(t, r, "rules/persona.yaml", "who: \"segment.response\"", "holds:")
	}
}

func TestLeads(t *testing.T) {
	r, _ := project(t, filepath.Join(sharedData(t), "leads/Leads.csv"))
	has(t, r, "datasets/leads.yaml", "null_values: [\"Select\"]", "key: prospect_id", "entity: lead", "prospect_id: {from: Prospect ID}")
	has(t, r, "rules/segments.yaml", "lead.converted == true")
	has(t, r, "rules/persona.yaml", "who: \"segment.converted\"")
}

func TestClothingReviews(t *testing.T) {
	r, _ := project(t, filepath.Join(sharedData(t), "clothing_reviews/Womens Clothing E-Commerce Reviews.csv"))
	has(t, r, "datasets/womens_clothing_e_commerce_reviews.yaml", "evidence", "review_text: {from: Review Text}")
	if strings.Contains(string(r.Files["datasets/womens_clothing_e_commerce_reviews.yaml"]), "\nkey:") {
		t.Error("the column without a name was taken for a key")
	}
}
