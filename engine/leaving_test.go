package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"personae/engine"
	"personae/engine/results"
)

const leavingRules = `kind: Project
name: club
as_of: 2026-01-01T00:00:00Z
root: customer
privacy: {min_group: 1}
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: customers.csv}
columns: {spend: {type: double}}
---
kind: Segment
name: vip
when: customer.spend > 500.0
leave: customer.spend < 300.0
---
kind: Segment
name: plain
when: customer.spend > 500.0
`

// club is a project whose data is written anew before each run.
type club struct {
	t        *testing.T
	dir, out string
}

func newClub(t *testing.T) *club {
	c := &club{t: t, dir: t.TempDir(), out: t.TempDir()}
	for _, d := range []string{"datasets", "rules"} {
		if err := os.MkdirAll(filepath.Join(c.dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c.write("datasets/d.yaml", leavingRules)
	return c
}

func (c *club) write(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// run publishes a version of some rows and says its number and how many are
// vip, and can't be told.
func (c *club) run(rows string) (version int, unchanged bool, vip, unknown int64) {
	c.t.Helper()
	c.write("customers.csv", "id,spend\n"+strings.ReplaceAll(rows, " ", "\n")+"\n")
	o, list, err := engine.Run(context.Background(), engine.Options{Root: c.dir, Reports: c.out, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Threads: 1})
	if err != nil || list.HasErrors() {
		c.t.Fatal(err, list)
	}
	if o.Unchanged {
		return o.Version.Number, true, 0, 0
	}
	for _, g := range o.Results.Entities[0].Groups {
		if g.Kind == results.Segment && g.Name == "vip" {
			vip, unknown = g.Members, g.Unknown
		}
	}
	return o.Version.Number, false, vip, unknown
}

// A membership is remembered from version to version, and unchanged data gives
// no new one, however often it is run.
func TestMembershipsAreRemembered(t *testing.T) {
	c := newClub(t)
	steps := []struct {
		rows         string
		vip, unknown int64
		unchanged    bool
	}{
		{"1,600 2,400 3,700 4,200", 2, 0, false},
		{"1,600 2,400 3,700 4,200", 0, 0, true},
		{"1,400 2,400 3,200 4,200", 1, 0, false}, // 1 stays, 3 leaves, 2 never came in
		{"1,400 2,400 3,200 4,200", 0, 0, true},
		{"1,400 2,400 3,200 4,200", 0, 0, true},
		{"1, 2,400 3,400 4,", 1, 1, false},       // of 1 nothing is known: they stay; of 4 neither
		{"1,400 2,400 3,400 4,400", 1, 0, false}, // and still do
		{"2,400 3,400 4,400 5,400", 0, 0, false}, // 1 is gone
		{"1,400 2,400 3,400 4,400", 0, 0, false}, // and who was gone was in nothing
		{"1,400 2,400 3,400 4,501", 1, 0, false},
		{"1,400 2,400 3,400 4,300", 1, 0, false},
	}
	version := 0
	for i, s := range steps {
		number, unchanged, vip, unknown := c.run(s.rows)
		if !s.unchanged {
			version++
		}
		if number != version || unchanged != s.unchanged || !unchanged && (vip != s.vip || unknown != s.unknown) {
			t.Errorf("step %d (%s): version %d, unchanged %t, %d in, %d unknown; want version %d, %+v", i, s.rows, number, unchanged, vip, unknown, version, s)
		}
	}
	// The rows of a version can be removed: then everybody has to come in again, and that is said once.
	if err := os.Remove(filepath.Join(c.out, "versions", fmt.Sprintf("%06d", version), "data", "customer.parquet")); err != nil {
		t.Fatal(err)
	}
	c.write("customers.csv", "id,spend\n1,400\n4,350\n5,900\n")
	o, list, err := engine.Run(context.Background(), engine.Options{Root: c.dir, Reports: c.out, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || o.Results == nil {
		t.Fatal(err, list)
	}
	says(t, list, [][]string{{"no longer says who was in vip", "anew"}})
}

// Each membership says why: who came in by the rule, and who only stays by what
// would end that.
func TestMembershipsSayWhoOnlyStays(t *testing.T) {
	c := newClub(t)
	c.run("1,600 2,700 3,800")
	if number, _, vip, _ := c.run("1,400 2,700 3,"); number != 2 || vip != 3 {
		t.Fatalf("version %d has %d members", number, vip)
	}
	db := scratch(t)
	path := filepath.Join(c.out, "versions", "000002", "data", "memberships.parquet")
	for key, want := range map[string]string{"1": "they were in before, and this is not true: customer.spend < 300.0", "2": "customer.spend > 500.0", "3": "they were in before, and this is not true: customer.spend < 300.0"} {
		var because string
		if err := db.QueryRow("SELECT because FROM '"+path+"' WHERE segment = 'vip' AND key = ?", key).Scan(&because); err != nil || because != want {
			t.Errorf("%s is in because %q, %v", key, because, err)
		}
	}
}

// What a version is made from includes who was in before, and the same gives the
// same bytes.
func TestVersionsAfterTheSameVersionAreTheSame(t *testing.T) {
	a, b, other := newClub(t), newClub(t), newClub(t)
	for _, c := range []*club{a, b} {
		c.run("1,600 2,700")
		c.run("1,400 2,400")
	}
	other.run("1,600 2,100")
	other.run("1,400 2,400")
	read := func(c *club, file string) string {
		text, err := os.ReadFile(filepath.Join(c.out, "versions", "000002", file))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if read(a, "manifest.json") != read(b, "manifest.json") {
		t.Error("the same history gives another version")
	}
	if read(a, "manifest.json") == read(other, "manifest.json") {
		t.Error("the version does not depend on who was in before")
	}
	if entries, err := filepath.Glob(filepath.Join(a.out, ".cache", "*", "*")); err != nil || slices.ContainsFunc(entries, func(s string) bool { return strings.Contains(s, "before") }) {
		t.Errorf("a copy of the version before stays behind: %v %v", entries, err)
	}
}
