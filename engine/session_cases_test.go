package engine_test

import (
	"context"
	"strings"
	"testing"

	"personae/engine"
)

// TestOneReload goes through edits one by one, in which it matters what of the
// evaluation before stands.
func TestOneReload(t *testing.T) {
	without := func(name, from, to string) func(p *project) {
		return func(p *project) {
			text := p.files[name]
			start := strings.Index(text, from)
			end := len(text)
			if to != "" {
				end = strings.Index(text, to)
			}
			if start < 0 || end <= start {
				t.Fatalf("%s has no %q before %q", name, from, to)
			}
			p.files[name] = text[:start] + text[end:]
			p.save(name)
		}
	}
	for _, c := range []struct {
		name  string
		edits []func(p *project)
	}{
		{"a rank goes, with all that reads it", []func(p *project){without("rules/more.yaml", "kind: Traits", "kind: Score")}},
		{"a list that others read by its name says something else", []func(p *project){
			func(p *project) { p.write("rules/more.yaml", "o.total > 40.0", "o.total > 55.0") },
			func(p *project) { p.write("rules/more.yaml", "dear: {value", "dear: {title: Dear orders, value") },
			func(p *project) {
				p.write("rules/more.yaml", "customer.dear.map(o, o.total)", "customer.orders.map(o, o.total)")
			},
		}},
		{"a rank goes and comes back", []func(p *project){
			without("rules/more.yaml", "kind: Traits", "kind: Score"),
			func(p *project) { p.files["rules/more.yaml"] = more; p.save("rules/more.yaml") },
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProject(t, 1)
			s, err := engine.NewSession(p.options())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, _, err := s.Draft(context.Background(), p.options()); err != nil {
				t.Fatal(err)
			}
			for _, edit := range c.edits {
				edit(p)
				got, list, err := s.Draft(context.Background(), p.options())
				if err != nil || list.HasErrors() {
					t.Fatal(err, list)
				}
				p.equalsScratch(got, list)
			}
		})
	}
}
