package conformance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	_ "cel.dev/expr/conformance/proto2" // messages that the suite's files name
	_ "cel.dev/expr/conformance/proto3"
	suite "cel.dev/expr/conformance/test"
	"google.golang.org/protobuf/encoding/prototext"

	"personae/engine/catalog"
)

// suiteCase is one test of the conformance suite.
type suiteCase struct {
	file, name string
	test       *suite.SimpleTest
	text       string         // with its variables as columns
	row        map[string]any // its row of the table
	unheld     string         // why SQL cannot hold its types; "" where it can
	lifted     string         // text with its literals as columns, too
}

// readSuite reads all tests of cel.dev/expr's module.
func readSuite(t *testing.T) []*suiteCase {
	t.Helper()
	out, err := command("go", "list", "-m", "-f", "{{.Dir}}", "cel.dev/expr")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(out), "tests/simple/testdata/*.textproto"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests: %v", err)
	}
	var cases []*suiteCase
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file := &suite.SimpleTestFile{}
		if err := prototext.Unmarshal(raw, file); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, section := range file.Section {
			for _, test := range section.Test {
				cases = append(cases, &suiteCase{file: file.Name, name: section.Name + "/" + test.Name, test: test,
					row: map[string]any{"id": int64(len(cases))}})
			}
		}
	}
	return cases
}

func command(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	return string(out), err
}

// bindings makes columns of the variables of a test, if they are scalars.
func (c *suiteCase) bindings(l *lifter) string {
	for name, v := range c.test.Bindings {
		value, err := cel.ProtoAsValue(types.DefaultTypeAdapter, v.GetValue())
		if err != nil {
			return "variables that are no values"
		}
		column := l.column(value)
		if column == "" {
			return "variables of type " + value.Type().TypeName()
		}
		l.variables[name] = column
	}
	for _, d := range c.test.TypeEnv {
		if d.GetIdent() != nil && l.variables[d.Name] == "" {
			return "variables without a value"
		}
		if d.GetFunction() != nil {
			return "functions that the test declares"
		}
	}
	return ""
}

// prepare decides whether SQL can hold the types of a test, and lifts it.
func (c *suiteCase) prepare(env *cel.Env) {
	switch {
	case c.test.GetUnknown() != nil || c.test.GetAnyUnknowns() != nil:
		c.unheld = "partial evaluation"
	case c.test.DisableMacros:
		c.unheld = "macros switched off"
	case c.test.CheckOnly:
		c.unheld = "types only, nothing is evaluated"
	}
	l := newLifter(c.row)
	if c.unheld == "" {
		c.unheld = c.bindings(l)
	}
	if c.unheld != "" {
		return
	}
	text, err := l.rewrite(c.test.Expr, false)
	if err != nil {
		c.unheld = "does not parse as a rule"
		return
	}
	c.text = text
	checked, issues := env.Compile(text)
	if issues.Err() != nil {
		c.unheld = refusal(c.test.Expr, issues.Err().Error())
		return
	}
	if _, err := env.Program(checked); err != nil {
		c.unheld = "refused: cel-go cannot run it"
		return
	}
	if c.unheld = unheldTypes(checked); c.unheld != "" {
		return
	}
	if c.lifted, err = l.rewrite(c.test.Expr, true); err != nil {
		c.unheld = err.Error()
	}
}

// refusal names what the environment of rules does not have.
func refusal(text, problem string) string {
	for _, k := range []struct{ in, part, reason string }{
		{text, "TestAllTypes", "protocol buffer messages"}, {text, "google.protobuf", "protocol buffer messages"}, {text, "proto.", "protocol buffer messages"},
		{text, "GlobalEnum", "protocol buffer enums"}, {text, "NestedEnum", "protocol buffer enums"},
		{text, "base64", "extension encoders"}, {text, "net.", "extension network"}, {text, "ip(", "extension network"}, {text, "cidr(", "extension network"}, {text, "cel.block", "extension block"},
		{text, "transform", "macros of two variables"}, {problem, "no matching overload", "refused by the type checker"}, {problem, "undeclared reference", "names that are not declared"},
		{problem, "expected type", "refused by the type checker"}, {problem, "type", "refused: lists of mixed types"}, {problem, "Syntax", "does not parse as a rule"},
		{problem, "formatting", "refused: formats that are wrong"}, {problem, "out of range", "refused: formats that are wrong"}, {problem, "simple", "refused: names with dots are bound"},
		{problem, "not an identifier", "extension block"}, {problem, "invalid duration", "refused: durations and times that are none"}, {problem, "invalid timestamp", "refused: durations and times that are none"},
	} {
		if strings.Contains(k.in, k.part) {
			return k.reason
		}
	}
	return "refused: " + strings.SplitN(problem, "\n", 2)[0]
}

// unheldTypes looks for a type that no column and no node of a plan can have.
func unheldTypes(checked *cel.Ast) string {
	reasons := map[string]bool{}
	for _, t := range checked.NativeRep().TypeMap() {
		if r := unheldType(t); r != "" {
			reasons[r] = true
		}
	}
	ast.PostOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.StructKind {
			reasons["protocol buffer messages"] = true
		}
	}))
	var all []string
	for r := range reasons {
		all = append(all, r)
	}
	sort.Strings(all)
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

func unheldType(t *types.Type) string {
	switch t.Kind() {
	case types.AnyKind:
		return "protocol buffer messages"
	case types.StructKind:
		if t.TypeName() == "row" {
			return ""
		}
		return "protocol buffer messages"
	case types.TypeKind:
		return "types as values"
	}
	if t.IsAssignableType(types.NullType) && t.Kind() != types.NullTypeKind && t.Kind() != types.OpaqueKind {
		return "" // a wrapper
	}
	for _, p := range t.Parameters() {
		if r := unheldType(p); r != "" {
			return r
		}
	}
	return ""
}

// expected is the suite's own answer: a value, or nil and true for an error.
func (c *suiteCase) expected() (want ref.Val, isErr bool) {
	v := c.test.GetValue()
	if typed := c.test.GetTypedResult(); typed != nil {
		v = typed.Result
	}
	if c.test.GetEvalError() != nil || c.test.GetAnyEvalErrors() != nil {
		return nil, true
	}
	if v == nil {
		return types.True, false // the suite's default
	}
	want, err := cel.ProtoAsValue(types.DefaultTypeAdapter, v)
	if err != nil {
		return nil, true
	}
	return want, false
}

// tableOf makes the table of all rows: where a test has no literal of a kind,
// its row has those of other tests.
func tableOf(cases []*suiteCase) (*catalog.Table, []map[string]any) {
	table := &catalog.Table{Name: "rows", Entity: "row", Role: catalog.Root, Key: "id"}
	table.Columns = append(table.Columns, &catalog.Column{Name: "id", Type: catalog.Type{Kind: catalog.Int}})
	pool := map[string][]any{}
	for _, c := range cases {
		for _, k := range liftKinds {
			for i := range liftColumns {
				if v, ok := c.row[liftName(k.name, i)]; ok {
					pool[k.name] = append(pool[k.name], v)
				}
			}
		}
	}
	var data []map[string]any
	for _, c := range cases {
		data = append(data, c.row)
	}
	for _, k := range liftKinds {
		next := 0
		for i := range liftColumns {
			name := liftName(k.name, i)
			table.Columns = append(table.Columns, &catalog.Column{Name: name, Type: catalog.Type{Kind: k.kind}})
			for _, row := range data {
				if _, ok := row[name]; !ok {
					next = (next + 7) % len(pool[k.name])
					row[name] = pool[k.name][next]
				}
			}
		}
	}
	return table, data
}

// TestSuite runs the conformance suite through SQL, as constants and with the
// literals of each test in columns, among rows with the literals of the others.
func TestSuite(t *testing.T) {
	cases := readSuite(t)
	empty, _ := tableOf([]*suiteCase{{row: liftAll()}})
	env := newEngines(t, empty, nil, false, nil).env
	var held []*suiteCase
	for _, c := range cases {
		if c.prepare(env); c.unheld == "" {
			c.row["id"] = int64(len(held))
			held = append(held, c)
		}
	}
	table, data := tableOf(held)
	e := newEngines(t, table, data, false, nil)
	res := newSuiteResults(cases)
	for start := 0; start < len(held); start += 100 {
		part := held[start:min(start+100, len(held))]
		for mode, text := range map[string]func(*suiteCase) string{
			"constants": func(c *suiteCase) string { return c.text }, "columns": func(c *suiteCase) string { return c.lifted },
		} {
			var asts []*cel.Ast
			var texts []string
			var of []*suiteCase
			for _, c := range part {
				checked, issues := e.env.Compile(text(c))
				if issues.Err() != nil { // constants that are checked when a rule is read
					res.note(mode, c, "wanted as constants", 0)
					continue
				}
				asts, texts, of = append(asts, checked), append(texts, text(c)), append(of, c)
			}
			for i, a := range e.compare(asts, texts) {
				if w := a.wrong(e); w != "" {
					t.Errorf("%s %s, %s: %s", of[i].file, of[i].name, mode, w)
				}
				reason := ""
				if len(a.holes) > 0 {
					reason = a.holes[0].Reason
				}
				res.note(mode, of[i], reason, a.compared)
				if mode == "constants" && a.err == nil {
					res.expect(t, of[i], a.want[of[i].row["id"].(int64)])
				}
			}
		}
	}
	res.check(t, e.db)
}

// expect compares cel-go with the suite.
func (r *suiteResults) expect(t *testing.T, c *suiteCase, got any) {
	want, isErr := c.expected()
	err, errs := got.(error)
	switch {
	case isErr != errs:
		r.strays = append(r.strays, fmt.Sprintf("%s %s: `%s` gives %v (%v)", c.file, c.name, c.test.Expr, got, err))
	case isErr:
	case want == types.NullValue && got == nil:
	default:
		v := types.DefaultTypeAdapter.NativeToValue(got)
		w, _ := want.Value().(float64)
		g, _ := got.(float64)
		if want.Equal(v) != types.True && !(w != w && g != g) {
			r.strays = append(r.strays, fmt.Sprintf("%s %s: `%s` gives %v, the suite says %v", c.file, c.name, c.test.Expr, got, want))
		}
	}
}
