package compile

import (
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

// Limits of the parameters of statistics. Percentiles further out are single people.
const (
	lowestPercentile  = 5
	highestPercentile = 95
	mostTop           = 100
)

// statisticNames are the functions over the members of a persona.
var statisticNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, f := range celenv.Statistics() {
		names[f.Name] = true
	}
	return names
})

// statCall is a call of a statistic in a formula.
type statCall struct {
	id    int64 // of the node
	name  string
	at    span
	arg   span // of the first argument, empty for count
	param float64
	stat  *Statistic

	evidence *catalog.Table // see Statistic
}

// statFinder looks through a parsed formula for statistics, and for what may
// not stand outside or inside them. It runs before the checker, which would
// let a bare customer.age through: it is a member's, and there are many.
type statFinder struct {
	*draft
	tree  *ast.AST
	calls []*statCall
	ok    bool

	evidence *catalog.Table // whose rows the statistic around the node is about; nil: members
}

func (f *statFinder) walk(e ast.Expr, inside bool) {
	switch e.Kind() {
	case ast.CallKind:
		call := e.AsCall()
		name := call.FunctionName()
		switch {
		case f.ofEvidence(e, inside):
			return
		case call.IsMemberFunction():
		case statisticNames()[name]:
			f.statistic(e, inside)
			return
		case !f.scope.env.HasFunction(name) && name != "min" && name != "max":
			inside = true // the checker reports it; a statistic may be meant
		case (name == "min" || name == "max") && len(call.Args()) == 1:
			at := f.functionSpan(f.code.extent(f.tree, e), name)
			f.refuse(e, f.code.at(at), "The %s of people is one person", map[string]string{"min": "least", "max": "greatest"}[name]).Detail =
				fmt.Sprintf("Write percentile(x, %d) instead.", map[string]int{"min": lowestPercentile, "max": highestPercentile}[name])
			return
		}
	case ast.IdentKind:
		f.variable(e, e, inside)
		return
	case ast.SelectKind:
		if base := e.AsSelect().Operand(); base.Kind() == ast.IdentKind {
			f.variable(base, e, inside)
			return
		}
	}
	for _, x := range children(e) {
		f.walk(x, inside)
	}
}

// variable refuses what belongs to one member outside a statistic.
func (f *statFinder) variable(v, whole ast.Expr, inside bool) {
	name := v.AsIdent()
	if f.rowOfEvidence(v, whole) {
		return
	}
	if inside || name != f.scope.entity && name != segmentVar && name != segmentationVar && name != scoreVar && name != journeyVar && name != reachedFunction {
		return
	}
	text := f.code.slice(f.code.extent(f.tree, whole))
	d := f.refuse(whole, f.code.at(f.code.extent(f.tree, whole)), "%s belongs to one member, and a persona stands for many", text)
	if whole.Kind() == ast.SelectKind && name == f.scope.entity && f.scope.isList(whole.AsSelect().FieldName()) {
		text += ".size()"
	}
	d.Detail = "Ask a statistic about it: " + strings.ReplaceAll(f.statisticsOf(name, whole), "x", text) + "."
	f.reported[v.ID()] = true
}

// statisticsOf names some that fit a value, which is called x.
func (f *statFinder) statisticsOf(variable string, whole ast.Expr) string {
	kind := catalog.Double
	switch {
	case variable == segmentVar:
		kind = catalog.Bool
	case variable == segmentationVar || variable == journeyVar:
		kind = catalog.String
	case whole.Kind() == ast.SelectKind && f.scope.traits[whole.AsSelect().FieldName()] != nil:
		kind = f.scope.traits[whole.AsSelect().FieldName()].rule.Type.Kind
	case whole.Kind() == ast.SelectKind:
		kind = f.scope.fields[whole.AsSelect().FieldName()].Type.Kind
	}
	switch kind {
	case catalog.Bool:
		return "share(x)"
	case catalog.String:
		return "top(x, 1)[0].value, share(x == 'a')"
	case catalog.Timestamp:
		return "median(daysSince(x)), share(daysSince(x) < 30)"
	}
	return "median(x), share(x > 0), top(x, 1)[0].value"
}

// isList says whether an attribute is a list, as related rows are.
func (s *scope) isList(name string) bool {
	if n := s.traits[name]; n != nil {
		return n.rule.IsList()
	}
	f, ok := s.fields[name]
	return ok && (f.Kind == celenv.RelationField || f.Type.Kind == catalog.List)
}

func (f *statFinder) statistic(e ast.Expr, inside bool) {
	call := e.AsCall()
	name := call.FunctionName()
	whole := f.code.extent(f.tree, e)
	if inside {
		f.refuse(e, f.code.at(whole), "A statistic cannot stand inside another").Detail =
			"What stands inside is asked of each member. Compare two statistics outside: median(a) > avg(b)."
		return
	}
	c := &statCall{id: e.ID(), name: name, at: whole, evidence: f.evidence}
	if args := f.code.arguments(f.code.tokenIndex(f.tree, e.ID())); len(args) > 0 && len(call.Args()) > 0 {
		c.arg = args[0]
	}
	if len(call.Args()) > 0 {
		f.walk(call.Args()[0], true)
	}
	if len(call.Args()) == 2 && (name == "percentile" || name == "top") {
		f.parameter(c, call.Args()[1])
	}
	f.calls = append(f.calls, c)
}

// parameter reads p of percentile and n of top: constants, within limits.
func (f *statFinder) parameter(c *statCall, e ast.Expr) {
	var v any
	if e.Kind() == ast.LiteralKind {
		v = e.AsLiteral().Value()
	} else if e.Kind() == ast.SelectKind && e.AsSelect().Operand().Kind() == ast.IdentKind && e.AsSelect().Operand().AsIdent() == paramsVar {
		v = f.scope.params[e.AsSelect().FieldName()]
	}
	at := f.code.extent(f.tree, e)
	var x float64
	switch n := v.(type) {
	case int64:
		x = float64(n)
	case float64:
		x = n
	default:
		f.refuse(e, f.code.at(at), "The second argument of %s has to be a number as such, or a parameter", c.name).
			Detail = "It is the same for all members: percentile(x, 90), top(x, 3)."
		return
	}
	c.param = x
	switch {
	case c.name == "percentile" && (x < lowestPercentile || x > highestPercentile):
		d := f.refuse(e, f.code.at(at), "A percentile lies from %d to %d", lowestPercentile, highestPercentile)
		limit := fmt.Sprint(min(max(x, lowestPercentile), highestPercentile))
		d.Detail = fmt.Sprintf("Further out it is single people. Write percentile(x, %s).", limit)
		d.Fix = replace(f.code.at(at), limit)
	case c.name == "top" && (x < 1 || x > mostTop):
		f.refuse(e, f.code.at(at), "The function top() gives 1 to %d values", mostTop).Detail = "Write top(x, 3)."
	}
}
