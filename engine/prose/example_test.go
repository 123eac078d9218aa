package prose

import (
	"os"
	"strings"
	"testing"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/format"
	"personae/engine/source"
	"personae/engine/spec"
)

// TestExampleProjectInWords writes every rule of the example project; nothing
// of it may stand as code.
func TestExampleProjectInWords(t *testing.T) {
	const root = "../.."
	lock, err := os.ReadFile(root + "/" + catalog.LockPath)
	if err != nil {
		t.Fatal(err)
	}
	tables, found := catalog.ReadLock(source.NewFile(catalog.LockPath, lock))
	m, more := spec.Load(root)
	found = append(found, more...)
	rs, more := compile.Compile(m, tables, compile.Options{})
	if found = append(found, more...); found.HasErrors() {
		t.Fatal(found)
	}
	f, err := format.New(rs.Settings.Locale, rs.Settings.Currency, rs.Settings.Zone)
	if err != nil {
		t.Fatal(err)
	}
	w := New(rs, f)
	said := 0
	check := func(name, entity string, x *compile.Expr) {
		if x == nil {
			return
		}
		said++
		text := w.Condition(entity, x)
		t.Logf("%s: %s", name, text)
		if text == "" || strings.Contains(text, "`") {
			t.Errorf("%s is not said in words: %q", name, text)
		}
	}
	for _, e := range rs.Entities {
		for _, r := range e.Rules {
			check(r.Name, e.Name, r.Expr)
			if r.Score != nil {
				for _, part := range r.Score.Parts {
					check(r.Name+"."+part.Name, e.Name, part.When)
				}
			}
			for _, rung := range r.Rungs {
				check(r.Name+"."+rung.Name, e.Name, rung.When)
			}
		}
	}
	for _, p := range rs.Personas {
		check(p.Name, p.Entity, p.Who)
	}
	if said < 20 {
		t.Errorf("only %d rules: the test proves little", said)
	}
}
