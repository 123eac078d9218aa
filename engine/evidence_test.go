package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"personae/engine"
	"personae/engine/results"
)

// Statistics of evidence are those of a group that has all rows: the same file is
// read as people and as rows of nobody, and both say the same, also of what is
// empty or cannot be told.
func TestEvidenceIsMeasuredAsMembersAre(t *testing.T) {
	asked := []string{
		"count()", "share(%s.n > 2)", "share(%s.n / %s.m > 1)", "share(has(%s.s))", "sum(%s.n)", "sum(%s.d)", "avg(%s.d)", "avg(%s.n / %s.m)", "median(%s.d)",
		"percentile(%s.n, 90)", "mode(%s.s)", "top(%s.s, 3)", "mode(%s.n / %s.m)", "median(daysSince(%s.at))",
	}
	var text strings.Builder
	for _, a := range asked {
		fmt.Fprintf(&text, "    - {say: \"${%s}\"}\n    - {say: \"${evidence.answers.%s}\"}\n", shownOf(strings.ReplaceAll(a, "%s", "person")), shownOf(strings.ReplaceAll(a, "%s", "answer")))
	}
	dir := t.TempDir()
	write := func(name, content string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	columns := "columns: {n: {type: int}, m: {type: int}, d: {type: double}, s: {type: string}, at: {type: timestamp}}\n"
	write("datasets/d.yaml", "kind: Dataset\nname: people\nentity: person\nkey: k\nsource: {path: rows.csv}\n"+columns+"---\nkind: Dataset\nname: answers\nentity: answer\nsource: {path: rows.csv}\n"+columns)
	write("rules/r.yaml", "kind: Project\nname: twins\nas_of: 2026-01-01T00:00:00Z\nroot: person\nprivacy: {min_group: 1}\n---\nkind: Persona\nname: ann\nwho: has(person.k)\nrole: primary\nidentity: {name: Ann}\nsections:\n  behaviour:\n"+text.String()+
		"---\nkind: Persona\nname: bob\nwho: person.k < 30\nrole: primary\nidentity: {name: Bob}\nstory: \"${evidence.answers.count()}\"\n")
	var rows strings.Builder
	for i := range 60 {
		cell := func(list ...string) string { return list[(i*7+i/len(list))%len(list)] }
		fmt.Fprintf(&rows, "%d,%s,%s,%s,%s,%s\n", i, cell("1", "2", "3", "", "9"), cell("0", "1", "2"), cell("0.1", "", "2.5", "-7.25"), cell("a", "b", "", "c", "b"), cell("2025-01-01", "", "2024-06-01"))
	}
	write("rows.csv", "k,n,m,d,s,at\n"+rows.String())
	o, list, err := engine.Run(context.Background(), engine.Options{Root: dir, Reports: t.TempDir(), Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || list.HasErrors() {
		t.Fatal(err, list)
	}
	persona, found := o.Project.Rules.Personas[0], o.Results.Entities[0].Statistics
	members, open := map[string]results.Statistic{}, 0
	for _, s := range persona.Statistics {
		if s.Evidence == nil {
			members[s.Text] = found[results.StatKey{Persona: "ann", Stat: s.ID}]
		}
	}
	compared := 0
	for _, s := range persona.Statistics {
		if s.Evidence == nil {
			continue
		}
		got := found[results.StatKey{Persona: "ann", Stat: s.ID}]
		want, ok := members[strings.ReplaceAll(strings.TrimPrefix(s.Text, "evidence.answers."), "answer.", "person.")]
		want.Everyone, want.EveryoneN, want.EveryoneTrue = nil, 0, 0
		if !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v, of members %+v (%t)", s.Text, got, want, ok)
		}
		if compared++; got.Unknown > 0 {
			open++
		}
	}
	if compared != len(asked) || open < 3 {
		t.Errorf("%d compared, %d with rows that cannot be told", compared, open)
	}
	said := 0
	for _, p := range o.Report.Personas {
		if len(p.ByAnyone) == 1 && strings.Contains(p.ByAnyone[0], "by anyone, not only this group") {
			said++
		} else if p.Hidden == "" {
			t.Errorf("the page of %s says %q", p.Name, p.ByAnyone)
		}
	}
	if said == 0 {
		t.Error("no page says it")
	}
}

// shownOf makes text of a statistic that is a list or a yes.
func shownOf(statistic string) string {
	if strings.HasPrefix(statistic, "top(") {
		return statistic + "[0].value"
	}
	return statistic
}
