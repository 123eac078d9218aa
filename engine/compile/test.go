package compile

import (
	"time"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
)

// Test is a checked test: its rows have the types of their tables, and every
// name means something. Rows later than Now are left out, as a run leaves them
// out.
type Test struct {
	Spec    *spec.Test
	Name    string
	Entity  string
	Table   *catalog.Table
	Now     time.Time
	Rows    []*TestRow   // of the entity, in order
	Others  []*TestTable // rows that references lead to, sorted by table
	Expects []*Expectation
}

// TestTable is rows of one table.
type TestTable struct {
	Table *catalog.Table
	Rows  []*TestRow
}

// TestRow is one row. Only rows of the test's entity have Stubs, Was and Reads.
type TestRow struct {
	Range source.Range
	Key   any            // nil where the table has none
	Cells map[string]any // by column, as eval.Row.Set takes them; none for null
	Below []*TestTable   // rows that belong to it, in the order of the relations' names
	Stubs []*Stub
	Was   []string // segments that it was in, sorted
	Reads []*Rule  // that its expectations depend on and that are not given, in order of evaluation
}

// Answer is what a rule says of a row: unknown, null (a nil Value), or a value.
type Answer struct {
	Unknown bool
	Value   any
}

// Stub is the answer of a rule that a fixture gives.
type Stub struct {
	Rule *Rule
	Band bool // of a score: the band, not the points
	Answer
	Range source.Range
}

// Expectation is the answer that a rule must give. One of Rule, Persona and
// Export is set.
type Expectation struct {
	Row     *TestRow
	Name    string // as written: segment.staff, customer.age
	Rule    *Rule
	Band    bool // of a score: the band, not the points
	Persona *Persona
	Export  *Export
	Type    catalog.Type
	Want    Answer
	At      source.Range // of the expected value
}

// testCompiler is the state of one test.
type testCompiler struct {
	c      *compiler
	doc    *spec.Test
	scope  *scope
	out    *Test
	broken bool // something is wrong, here or with a rule that it is about
	timed  bool // a row says when it happened
	others map[string]*TestTable
	keys   map[string]map[string]source.Range // of the rows so far, by table
	filled map[string]int                     // how many keys were filled in, by table
}

// tests checks all tests, in order of file and place. Those that are broken are
// left out.
func (c *compiler) tests(rs *RuleSet) []*Test {
	var out []*Test
	for _, doc := range c.module.Tests {
		if len(doc.Given) == 0 && len(doc.Expect) == 0 {
			continue // spec has reported it, or nothing is said
		}
		t := &testCompiler{c: c, doc: doc, out: &Test{Spec: doc, Name: doc.Name.Value()}, others: map[string]*TestTable{},
			keys: map[string]map[string]source.Range{}, filled: map[string]int{}}
		if t.compile(rs); !t.broken {
			out = append(out, t.out)
		}
	}
	return out
}

func (t *testCompiler) compile(rs *RuleSet) {
	if t.scope = t.subject(); t.scope == nil {
		t.broken = true
		return
	}
	if t.scope.env == nil {
		t.report("unknown-name", t.doc.Name.Range(), "No rule, persona or export is about %s: there is nothing to test", t.scope.entity).
			Detail = "Say with `for` whom the test is about, or write a rule first."
		return
	}
	t.out.Entity, t.out.Table = t.scope.entity, t.scope.table
	t.rows()
	t.expectations(rs)
	t.now()
	for _, name := range anyKeys(t.others) {
		t.out.Others = append(t.out.Others, t.others[name])
	}
	t.leaveOutLater()
}

// subject finds whom a test is about: what `for` says, else the entity that is
// given by its name, else the project's root.
func (t *testCompiler) subject() *scope {
	entity := t.doc.For
	if entity.Value() == "" {
		for _, e := range t.doc.Given {
			if table := t.c.catalog.Entity(e.Key.Value()); table != nil && table.Role == catalog.Root && e.Value.Form != spec.Listed {
				entity = e.Key
				break
			}
		}
	}
	return t.c.about(entity, t.doc.Range)
}

// report says what is wrong with the test.
func (t *testCompiler) report(code string, at source.Range, format string, args ...any) *diag.Diagnostic {
	t.broken = true
	return t.c.diags.Report(code, at, format, args...)
}

// now reads the instant of a test. It is never the clock: the same test has to
// give the same answer tomorrow.
func (t *testCompiler) now() {
	text := t.doc.Now
	if text.IsZero() {
		text = source.Plain(t.c.settings.AsOf, source.Range{})
	}
	at, problem := parseInstant(text.Value(), t.c.settings.Zone)
	switch {
	case !t.doc.Now.IsZero() && problem != "":
		t.report("bad-as-of", t.doc.Now.Range(), "`now` is no instant: %s", problem).Detail = "Write it as 2026-01-01T00:00:00Z, or 2026-01-31 for midnight in the project's zone."
	case problem != "": // as_of is `today` or `latest`
		at = anyInstant
		if why := t.clock(); why != "" {
			t.report("not-given", t.place(), "`now` is missing: %s", why).
				Detail = "Write the instant that this test is calculated for, as in `now: 2026-01-01T00:00:00Z`. The same test then gives the same answer on every day."
		}
	case at.Year() < 1900 || at.Year() > 2199:
		t.report("bad-as-of", t.doc.Now.Range(), "`now` is in the year %d, and rules are calculated for the years 1900 to 2199", at.Year()).Detail = "Write another instant."
	}
	t.out.Now = at
}

// anyInstant stands for the instant of tests that do not look at the clock.
var anyInstant = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// clock says why the answers depend on the clock; "" where they do not.
func (t *testCompiler) clock() string {
	for _, e := range t.out.Expects {
		for _, x := range e.exprs() {
			if t.c.readsClock(x) {
				return e.Name + " depends on the clock"
			}
		}
		for _, r := range e.Row.Reads {
			for _, x := range r.Conditions() {
				if t.c.readsClock(x) {
					return r.Label() + " depends on the clock"
				}
			}
		}
	}
	if t.timed {
		return "a row says when it happened, and rows later than `now` do not exist"
	}
	return ""
}

// readsClock says whether an expression gives another answer at another instant:
// it reads now, or rows that may be later than it.
func (c *compiler) readsClock(x *Expr) bool {
	if x.Clock {
		return true
	}
	for _, r := range x.Refs {
		if r.Kind != RelationRef {
			continue
		}
		for _, table := range c.catalog.Tables {
			if table.Name == r.Name && table.Of == r.Entity && table.Time != "" {
				return true
			}
		}
	}
	return false
}

// place is where a test as a whole is spoken of.
func (t *testCompiler) place() source.Range {
	if r := t.doc.Name.Range(); !r.IsZero() {
		return r
	}
	return source.Range{File: t.doc.Range.File, Start: t.doc.Range.Start, End: t.doc.Range.Start}
}

// leaveOutLater leaves out rows that are later than now, with all that belongs
// to them.
func (t *testCompiler) leaveOutLater() {
	for _, r := range t.out.Rows {
		if t.later(t.out.Table, r) {
			t.report("bad-value", r.Range, "This %s does not exist yet at `now`: %s is later", t.out.Entity, t.out.Table.Time).
				Detail = "Rows later than `now` do not exist, so nothing can be expected of them. Move one of the two instants."
		}
		t.keepUpToNow(r.Below)
	}
	t.keepUpToNow(t.out.Others)
}

func (t *testCompiler) keepUpToNow(tables []*TestTable) {
	for _, table := range tables {
		var kept []*TestRow
		for _, r := range table.Rows {
			if !t.later(table.Table, r) {
				kept = append(kept, r)
				t.keepUpToNow(r.Below)
			}
		}
		table.Rows = kept
	}
}

func (t *testCompiler) later(table *catalog.Table, r *TestRow) bool {
	at, ok := r.Cells[table.Time].(time.Time)
	return ok && at.After(t.out.Now) && !t.c.future(table.Name)
}

// future says whether rows of a dataset that are later than as-of exist.
func (c *compiler) future(dataset string) bool {
	for _, d := range c.module.Datasets {
		if d.Name.Value() == dataset {
			return d.Future.V
		}
	}
	return false
}
