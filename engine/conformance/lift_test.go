package conformance

import (
	"fmt"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/parser"

	"personae/engine/catalog"
)

// liftKinds are the types of literals that columns take.
var liftKinds = []struct {
	name string
	kind catalog.Kind
}{{"int", catalog.Int}, {"double", catalog.Double}, {"string", catalog.String}, {"bytes", catalog.Bytes}, {"bool", catalog.Bool}, {"time", catalog.Timestamp}}

// liftColumns is how many literals of a type a test may have; more stay.
const liftColumns = 12

func liftName(kind string, i int) string { return fmt.Sprintf("%s_%d", kind, i) }

// liftAll is a row with a value in every column.
func liftAll() map[string]any {
	values := map[string]any{"int": int64(0), "double": 0.0, "string": "", "bytes": []byte{}, "bool": false, "time": time.Unix(0, 0).UTC()}
	row := map[string]any{"id": int64(0)}
	for _, k := range liftKinds {
		for i := range liftColumns {
			row[liftName(k.name, i)] = values[k.name]
		}
	}
	return row
}

// plainParser parses without macros, so that what it reads can be written again.
var plainParser = func() *cel.Env {
	env, err := cel.NewEnv(cel.OptionalTypes(), cel.EnableIdentifierEscapeSyntax(), cel.ClearMacros())
	if err != nil {
		panic(err)
	}
	return env
}()

// lifter makes columns of the literals and variables of one test.
type lifter struct {
	row       map[string]any
	used      map[string]int
	variables map[string]string
	factory   ast.ExprFactory
	literals  bool
}

func newLifter(row map[string]any) *lifter {
	return &lifter{row: row, used: map[string]int{}, variables: map[string]string{}, factory: ast.NewExprFactory()}
}

// column puts a value into the next column of its type, "" if there is none.
func (l *lifter) column(v ref.Val) string {
	var kind string
	var value any
	switch v := v.(type) {
	case types.Int:
		kind, value = "int", int64(v)
	case types.Double:
		if f := float64(v); f != f || f-f != 0 {
			return ""
		}
		kind, value = "double", float64(v)
	case types.String:
		kind, value = "string", string(v)
		if strings.ToValidUTF8(string(v), "") != string(v) {
			return ""
		}
	case types.Bytes:
		kind, value = "bytes", []byte(v)
	case types.Bool:
		kind, value = "bool", bool(v)
	case types.Timestamp:
		if v.Nanosecond()%1000 != 0 {
			return ""
		}
		kind, value = "time", v.Time.UTC()
	default:
		return ""
	}
	if l.used[kind] == liftColumns {
		return ""
	}
	name := liftName(kind, l.used[kind])
	l.used[kind]++
	l.row[name] = value
	return name
}

// rewrite writes an expression anew with variables as columns, and literals
// too if that is asked for.
func (l *lifter) rewrite(text string, literals bool) (string, error) {
	parsed, issues := plainParser.Parse(text)
	if issues.Err() != nil {
		return "", issues.Err()
	}
	l.literals = literals
	e := parsed.NativeRep().Expr()
	l.walk(e)
	return parser.Unparse(e, parsed.NativeRep().SourceInfo())
}

func (l *lifter) replace(e ast.Expr, column string) {
	e.SetKindCase(l.factory.NewSelect(e.ID(), l.factory.NewIdent(e.ID()+1000, "row"), column))
}

func (l *lifter) walk(e ast.Expr) {
	switch e.Kind() {
	case ast.LiteralKind:
		if l.literals {
			if column := l.column(e.AsLiteral()); column != "" {
				l.replace(e, column)
			}
		}
	case ast.IdentKind:
		if column := l.variables[strings.TrimPrefix(e.AsIdent(), ".")]; column != "" {
			l.replace(e, column)
		}
	case ast.SelectKind:
		l.walk(e.AsSelect().Operand())
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			l.walk(x)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			l.walk(entry.AsMapEntry().Key())
			l.walk(entry.AsMapEntry().Value())
		}
	case ast.CallKind:
		l.walkCall(e, e.AsCall())
	}
}

// walkCall leaves constants where rules have to write them: patterns, zones,
// the texts of format(), and durations, which no column holds.
func (l *lifter) walkCall(e ast.Expr, c ast.CallExpr) {
	args := c.Args()
	name := c.FunctionName()
	switch {
	case name == operators.OptSelect:
		l.walk(args[0])
		return
	case name == "matches":
		args = args[:len(args)-1]
	case name == "format" && c.IsMemberFunction() && c.Target().Kind() == ast.LiteralKind:
		l.walk(args[0])
		return
	case strings.HasPrefix(name, "get"):
		args = nil
	case name == "duration":
		return
	case name == "timestamp" && len(args) == 1 && args[0].Kind() == ast.LiteralKind:
		s, ok := args[0].AsLiteral().(types.String)
		if !ok || !l.literals {
			break
		}
		if v, ok := s.ConvertToType(types.TimestampType).(types.Timestamp); ok {
			if column := l.column(v); column != "" {
				l.replace(e, column)
			}
		}
		return
	}
	if c.IsMemberFunction() {
		l.walk(c.Target())
	}
	for _, a := range args {
		l.walk(a)
	}
}
