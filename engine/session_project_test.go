package engine_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"personae/engine"
)

// project is a shop whose files are edited at random. A file that is "" is not
// there.
type project struct {
	t     *testing.T
	dir   string
	rnd   *rand.Rand
	files map[string]string
	good  map[string]string // files of the last good evaluation
	bad   bool              // the last evaluation was rejected
	rows  [2][]string       // customers, orders
	asOf  string
	done  []string // the edits, in order
}

func newProject(t *testing.T, seed uint64) *project {
	customers, orders := shopRows(60)
	p := &project{t: t, dir: shopProject(t, customers, orders), rnd: rand.New(rand.NewPCG(seed, 7)), files: map[string]string{}, rows: [2][]string{customers, orders}}
	b, err := os.ReadFile(filepath.Join(p.dir, "rules", "shop.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p.files["rules/shop.yaml"] = string(b)
	p.files["rules/more.yaml"] = more
	p.save("rules/more.yaml")
	p.good = maps.Clone(p.files)
	var leads strings.Builder
	for i := range 40 {
		fmt.Fprintf(&leads, "%d,%d\n", i, i*7%50)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "data", "leads.csv"), []byte("lead_id,budget\n"+leads.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

// more are kinds that the shop does not have.
const more = `kind: Traits
traits:
  rank_of_spend: {rank: customer.spend, buckets: 4, best: high}
---
kind: Segment
name: best_quarter
when: customer.rank_of_spend == 4
---
kind: Score
name: fit
outcome: customer.spend > 500.0
parts:
  - {name: income, when: "customer.income > 30000.0", points: 30}
  - {name: orders, when: "customer.orders.size() > 1", points: 25, unknown: 5}
bands: {hot: 50, warm: 20, cold: 0}
---
kind: Segment
name: regulars
when: customer.spend > 600.0
leave: customer.spend < 200.0
---
kind: Export
name: call_list
who: segment.regulars
contactable: customer.age < 70
columns: [city]
purpose: calls
---
kind: Traits
traits:
  dear: {value: "customer.orders.filter(o, o.total > 40.0)"}
  dear_totals: {value: "customer.dear.map(o, o.total)"}
  dear_sum: {value: customer.dear_totals.sum()}
---
kind: Segment
name: buys_dear
when: customer.dear.exists(o, o.total > 70.0) && customer.dear.size() > 1
---
kind: Segment
name: odd_dear
when: "customer.dear.exists(o, customer.city.matches('(?i)' + customer.city) && o.total > 60.0)"
---
kind: Segment
name: odd_city
when: "customer.city.matches('(?i)' + customer.city) && customer.spend > 100.0"
---
kind: Persona
name: bob
who: segmentation.fit == 'hot'
identity: {name: Bob Example}
story: Bob is one of ${count()}.
charts: [{title: Age, of: customer.age}]
`

// another is a second entity: its data, and rules about it.
var another = map[string]string{
	"datasets/leads.yaml": "kind: Dataset\nname: leads\nentity: lead\nkey: lead_id\nsource: {path: data/leads.csv}\n",
	"rules/leads.yaml": "kind: Traits\nfor: lead\ntraits:\n  fifth: {rank: lead.budget, buckets: 5, best: high}\n---\nkind: Segment\nname: able\nfor: lead\nwhen: lead.budget > 20 && lead.fifth > 2\n---\n" +
		"kind: Segment\nname: rest\nfor: lead\nwhen: \"!segment.able\"\n",
}

func (p *project) save(name string) {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if p.files[name] == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			p.t.Fatal(err)
		}
		return
	}
	if err := os.WriteFile(path, []byte(p.files[name]), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// write puts one text in place of another.
func (p *project) write(name, from, to string) {
	p.t.Helper()
	if !strings.Contains(p.files[name], from) {
		p.t.Fatalf("%s has no %q", name, from)
	}
	p.files[name] = strings.Replace(p.files[name], from, to, 1)
	p.save(name)
}

// swaps are edits of rules: any of a row's texts may take the place of another.
var swaps = [][]string{
	{"rich: 40000.0", "rich: 50000.0", "rich: 20000.0", "rich: 'rich'"},
	{"customer.city == 'London'\n", "customer.city == 'Leeds'\n", "customer.city in ['Bath', 'Leeds']\n", "customer.town == 'Leeds'\n"},
	{"segment.well_off && segment.londoners", "segment.well_off || segment.londoners", "!segment.londoners", "segment.nobody"},
	{"customer.years >= 3 && customer.age < 60", "customer.years >= 4 && customer.age < 60", "customer.age < 60", "customer.years >= 3 &&"},
	{"within(days(90)).size() == 0", "within(days(120)).size() == 0", "within(days(30)).size() <= 1"},
	{"o.total > 90.0", "o.total > 80.0", "o.total * 2.0 > 90.0"},
	{"customer.income >= 60000.0", "customer.income >= 70000.0"},
	{"otherwise: low", "otherwise: few", "otherwise: high"},
	{"tagline: One of ${count()}", "tagline: Of ${count()} one", "tagline: ${nothing}"},
	{"who: segment.well_off\n", "who: segment.londoners\n", "who: segmentation.band == 'middle'\n"},
	{"o.total > 40.0", "o.total > 55.0", "o.total < 70.0"},
	{"customer.dear.map(o, o.total)", "customer.orders.map(o, o.total)", "customer.dear_totals"},
	{"title: Well off\n", "title: Rich\n"},
	{"share: [0.5, 0.9]", "share: [0.0, 0.9]"},
	{"buckets: 4", "buckets: 5", "buckets: 0"},
	{"points: 30", "points: 20"},
	{"who: segment.regulars", "who: segmentation.fit == 'warm'"},
	{"contactable: customer.age < 70\n", "contactable: customer.age < 40\n"},
	{"customer.spend > 600.0", "customer.spend > 500.0", "customer.spend > 900.0"},
	{"leave: customer.spend < 200.0", "leave: customer.spend < 100.0", "leave: customer.spend < 700.0"},
	{"Bob is one of ${count()}.", "Of ${count()}, Bob is one."},
	{"Bob Example", "Robert Example"},
	{"bands: {hot: 50, ", "bands: {hot: 40, ", "bands: {hot: 10, "},
	{"of: customer.age", "of: customer.spend", "of: customer.city"},
	{"customer.orders.map(o, o.total).max()", "customer.orders.map(o, o.total).min()"},
	{"kind: Parameters", "kind: Parameter", "# a note\nkind: Parameters"},
	{"share(customer.city == 'London') > 0.1", "share(customer.city == 'London') > 0.9"},
	{"customer.spend > 100.0\"", "customer.spend > 200.0\""},
}

// edit changes one thing and saves it, whether or not it makes sense.
func (p *project) edit() string {
	p.t.Helper()
	if p.bad && p.rnd.IntN(9) == 0 {
		return p.mend()
	}
	switch n := p.rnd.IntN(28); {
	case n < 17:
		return p.swap()
	case n == 17: // a file saved half-way, or gone
		name := []string{"rules/shop.yaml", "rules/more.yaml"}[p.rnd.IntN(2)]
		whole := p.files[name]
		p.files[name] = whole[:p.rnd.IntN(len(whole))]
		p.save(name)
		p.files[name] = whole
		return "half of " + name
	case n == 18:
		p.save("rules/shop.yaml")
		p.save("rules/more.yaml")
		return "all files as they should be"
	case n < 22:
		return p.data()
	case n == 22:
		p.asOf = []string{"", "2026-01-01", "2025-12-01", "2025-06-01"}[p.rnd.IntN(4)]
		return "as of " + p.asOf
	}
	switch p.rnd.IntN(3) {
	case 0:
		return p.entity()
	case 1:
		return p.rank()
	}
	p.files["rules/extra.yaml"] = []string{"", "kind: Segment\nname: extra\nwhen: customer.age > 30\n", "kind: Segment\nname: extra\nwhen: customer.email == ''\n"}[p.rnd.IntN(3)]
	p.save("rules/extra.yaml")
	return "extra: " + p.files["rules/extra.yaml"]
}

// mend takes back what was edited since the last good evaluation.
func (p *project) mend() string {
	for name := range p.files {
		p.files[name] = p.good[name]
		p.save(name)
	}
	return "all files as they were last good"
}

// entity adds or takes away a second entity, or its rules, or rarely its data alone.
func (p *project) entity() string {
	n := p.rnd.IntN(8)
	for name, there := range map[string]bool{"datasets/leads.yaml": n > 2, "rules/leads.yaml": n == 2 || n > 3} {
		p.files[name] = ""
		if there {
			p.files[name] = another[name]
		}
		p.save(name)
	}
	return fmt.Sprintf("leads: data %v, rules %v", p.files["datasets/leads.yaml"] != "", p.files["rules/leads.yaml"] != "")
}

// rank adds or takes away a rank that no other rule reads.
func (p *project) rank() string {
	p.files["rules/rank.yaml"] = []string{
		"", "kind: Traits\ntraits:\n  rank_of_age: {rank: customer.age, buckets: 3, best: low}\n",
		"kind: Traits\ntraits:\n  rank_of_ranks: {rank: customer.rank_of_spend, buckets: 2, best: high}\n",
	}[p.rnd.IntN(3)]
	p.save("rules/rank.yaml")
	return "rank: " + p.files["rules/rank.yaml"]
}

func (p *project) swap() string {
	row := swaps[p.rnd.IntN(len(swaps))]
	for _, name := range []string{"rules/shop.yaml", "rules/more.yaml"} {
		for _, old := range row {
			if !strings.Contains(p.files[name], old) {
				continue
			}
			next := row[p.rnd.IntN(len(row))]
			p.files[name] = strings.Replace(p.files[name], old, next, 1)
			p.save(name)
			return fmt.Sprintf("%q for %q", next, old)
		}
	}
	return "nothing"
}

// data adds, drops or moves rows of one of the files.
func (p *project) data() string {
	i := p.rnd.IntN(2)
	rows := slices.Clone(p.rows[i])
	switch p.rnd.IntN(3) {
	case 0:
		rows = rows[:len(rows)-p.rnd.IntN(10)]
	case 1:
		slices.Reverse(rows)
	default:
		rows = append(rows, strings.Replace(rows[0], "c0000", "c0009", 1))
	}
	name := []string{"customers.csv", "orders.csv"}[i]
	header := []string{"customer_id,city,income,age,spend,joined_on,email,changed_at", "customer_id,total,ordered_at"}[i]
	if err := os.WriteFile(filepath.Join(p.dir, "data", name), []byte(header+"\n"+strings.Join(rows, "\n")+"\n"), 0o644); err != nil {
		p.t.Fatal(err)
	}
	return fmt.Sprintf("%d rows of %s", len(rows), name)
}

func (p *project) options() engine.Options {
	return engine.Options{Root: p.dir, AsOf: p.asOf, Threads: 1, MemoryLimit: "1GB", Now: time.Date(2026, 1, 15, 9, 30, 0, 0, time.UTC)}
}
