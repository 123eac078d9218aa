package compile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	celops "cel.dev/cel-go/common/operators"

	"personae/engine/celenv"
	"personae/engine/diag"
)

// The checker's messages that are translated. Its types are lost with a failed
// check, so they are read from its words.
var (
	noOverload     = regexp.MustCompile(`^found no matching overload for '(.*)' applied to '(.*)'$`)
	undeclared     = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	undefined      = regexp.MustCompile(`^undefined field '([^']*)'`)
	noFields       = regexp.MustCompile(`^type '(.*)' does not support field selection$`)
	expectedType   = regexp.MustCompile(`^expected type '(.*)' but found '(.*)'$`)
	notARange      = regexp.MustCompile(`^expression of type '(.*)' cannot be range of a comprehension`)
	invalidLiteral = regexp.MustCompile(`^invalid (\w+) argument`)
)

// typeErrors says the checker's errors in words, with a fix where one exists.
func (d *draft) typeErrors(errs []*common.Error) {
	nodes := map[int64]ast.Expr{}
	tree := d.parsed.NativeRep()
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) { nodes[e.ID()] = e }))
	for _, e := range errs {
		if d.reported[e.ExprID] {
			continue
		}
		d.reported[e.ExprID] = true
		if n := nodes[e.ExprID]; n != nil && n.Kind() == ast.SelectKind && d.reported[n.AsSelect().Operand().ID()] {
			continue // what stands before the dot is wrong already
		}
		d.typeError(tree, nodes[e.ExprID], e)
	}
}

// spanOf gives the place of an error: of its node, or where the checker says.
func (d *draft) spanOf(tree *ast.AST, node ast.Expr, e *common.Error) span {
	if node != nil {
		if s := d.code.extent(tree, node); s.ok() {
			return s
		}
	}
	if s := d.code.nodeSpan(tree, e.ExprID); s.ok() {
		return s
	}
	at := d.code.offset(place(e))
	return span{at, min(at+1, len(d.code.value))}
}

func (d *draft) typeError(tree *ast.AST, node ast.Expr, e *common.Error) {
	s := d.spanOf(tree, node, e)
	r := d.code.at(s)
	text := quote(d.code.slice(s))
	if m := noOverload.FindStringSubmatch(e.Message); m != nil && node != nil && node.Kind() == ast.CallKind {
		d.noOverload(tree, node, m[1], signature(m[2]), s)
	} else if m := undeclared.FindStringSubmatch(e.Message); m != nil {
		d.undeclared(node, m[1], s)
	} else if m := undefined.FindStringSubmatch(e.Message); m != nil {
		if node != nil && node.Kind() == ast.SelectKind {
			names := d.scope.relatedColumns()
			if to := d.scope.referenced(node.AsSelect().Operand()); to != nil {
				names = d.scope.namesOf(to)
			} else if base := node.AsSelect().Operand(); base.Kind() == ast.IdentKind {
				if to := d.scope.evidenceCalled(base.AsIdent()); to != nil && d.measures {
					names = d.scope.namesOf(to)
				}
			}
			if base := d.code.slice(d.code.extent(tree, node.AsSelect().Operand())); isPath(node.AsSelect().Operand()) && names != nil {
				unknown(&d.diags, d.code.at(d.lastName(s, m[1])), "column", m[1], names, "").Summary = base + " has no column " + quote(m[1])
				return
			}
		}
		if names := d.scope.fieldNames(); len(names) > 0 {
			unknown(&d.diags, d.code.at(d.lastName(s, m[1])), "field", m[1], names, "").Summary = text + " has no field " + quote(m[1])
			return
		}
		d.diags.Report("unknown-name", r, "%s has no part called %s", text, quote(m[1])).Detail = "Items of top() have value, count and share; nothing else has parts yet."
	} else if m := noFields.FindStringSubmatch(e.Message); m != nil {
		dg := d.diags.Report("cel-type", r, "%s: what stands before the dot is %s and has no parts", text, plainType(m[1]))
		dg.Detail = "Only the entity, as in " + d.entityExample() + ", and maps are followed by a dot and a name."
		if isListType(m[1]) {
			dg.Detail = "Go through the list, as in .exists(x, x.name > 0), or take one with .first() or .last()."
		}
	} else if m := notARange.FindStringSubmatch(e.Message); m != nil {
		d.diags.Report("cel-type", r, "%s is %s, not a list", text, plainType(m[1])).Detail = "exists, all, filter and map go over the elements of a list."
	} else if m := expectedType.FindStringSubmatch(e.Message); m != nil {
		d.diags.Report("cel-type", r, "%s is %s, where %s is needed", text, plainType(m[2]), plainType(m[1])).Detail = elementsDetail(node, m[1])
	} else if m := invalidLiteral.FindStringSubmatch(e.Message); m != nil {
		d.diags.Report("cel-type", r, "%s is not a valid %s", text, literalNames[m[1]]).Detail = literalExamples[m[1]]
	} else {
		summary, advice, _ := strings.Cut(strings.TrimSuffix(e.Message, "."), "; ")
		if advice == "" {
			advice = "Look at the form in the reference of the language."
		}
		d.diags.Report("cel-type", r, "%s", upperFirst(summary)).Detail = upperFirst(advice) + "."
	}
}

// isPath says whether a part is a variable, or fields of one.
func isPath(e ast.Expr) bool {
	for e.Kind() == ast.SelectKind {
		e = e.AsSelect().Operand()
	}
	return e.Kind() == ast.IdentKind
}

// lastName narrows a place to the name at its end.
func (d *draft) lastName(s span, name string) span {
	if strings.HasSuffix(d.code.slice(s), name) {
		return span{s.end - len(name), s.end}
	}
	return s
}

var literalNames = map[string]string{"timestamp": "point in time", "duration": "length of time", "matches": "regular expression"}

var literalExamples = map[string]string{
	"timestamp": "Write timestamp('2026-01-31T00:00:00Z'), or date('2026-01-31') for midnight in the project's zone.",
	"duration":  "Write days(30) or hours(12), or duration('36h').",
	"matches":   "Regular expressions are of the RE2 kind: no look-ahead and no back-references. An r before the quote keeps backslashes: r'\\d+'.",
}

func elementsDetail(node ast.Expr, expected string) string {
	if node != nil && node.Kind() == ast.ListKind || expected != "bool" {
		return "All elements of a list have one type. Write numbers of one list all with a decimal point, or all without."
	}
	return "A condition is true or false: compare it with something."
}

func (d *draft) entityExample() string {
	for _, name := range d.scope.attributes() {
		if f, ok := d.scope.fields[name]; ok && f.Kind == celenv.ColumnField && f.Column != d.scope.table.Key {
			return d.scope.entity + "." + name
		}
	}
	return d.scope.entity + ".age"
}

// undeclared reports an unknown variable or function.
func (d *draft) undeclared(node ast.Expr, name string, s span) {
	if node != nil && node.Kind() == ast.CallKind {
		at := d.functionSpan(s, name)
		d.unknownFunction(name, at)
		return
	}
	r := d.code.at(s)
	sc := d.scope
	hint, with := "", ""
	switch {
	case slices.Contains(sc.attributes(), name):
		with = sc.entity + "." + name
		hint = fmt.Sprintf("It belongs to %s: write %s.", sc.entity, with)
	case sc.segments[name] != nil:
		with = "segment." + name
		hint = "It is a segment: write " + with + "."
	case sc.scores[name] != nil:
		with = "score." + name
		hint = "It is a score: write " + with + " for its points, segmentation." + name + " for its band."
	case sc.segmentations[name] != nil:
		with = "segmentation." + name
		hint = "It is a segmentation: write " + with + "."
	case sc.journeys[name] != nil:
		with = "journey." + name
		hint = "It is a journey: write " + with + " for the stage."
	case hasKey(sc.params, name):
		with = "params." + name
		hint = "It is a parameter: write " + with + "."
	case name == evidenceVar:
		d.diags.Report("bad-statistic", r, "Evidence is asked by a statistic of it, in a persona").Detail =
			"Write evidence.reviews.share(review.rating <= 2), with the dataset and what its rows are called."
		return
	}
	var known []string
	if hint == "" {
		known = []string{sc.entity, "now", paramsVar, segmentVar, segmentationVar, scoreVar, journeyVar}
	}
	dg := unknown(&d.diags, r, "variable", name, known, hint)
	if with != "" {
		dg.Fix = replace(r, with)
	} else if diag.Suggest(name, known) == "" && len(d.code.tokens()) == 1 {
		dg.Detail = "Text stands in quotes: '" + name + "'. " + dg.Detail
	}
}

func hasKey(m map[string]any, k string) bool { _, ok := m[k]; return ok }

// functionSpan narrows the place of a call to the function's name.
func (d *draft) functionSpan(s span, name string) span {
	short := name[strings.LastIndexByte(name, '.')+1:]
	for i, t := range d.code.tokens() {
		if t.start >= s.start && t.end <= s.end && t.text == short && i+1 < len(d.code.tokens()) && d.code.tokens()[i+1].is("(") {
			if m := d.code.match()[i+1]; m >= 0 && d.code.tokens()[m].end == s.end {
				return span{t.start, t.end}
			}
		}
	}
	return s
}

const forTimedRows = "It is for the rows of a dataset with `of` and `time`."

// forPersonas is said of the statistics where no persona is.
const forPersonas = "It is a statistic over everybody in a persona, and a rule looks at one row alone. To compare a row with all others, write a calculated value with `rank`."

var functionAdvice = map[string]string{
	"share": forPersonas, "lift": forPersonas, "top": forPersonas, "count": "To count related rows write rows.size(), of some of them rows.filter(o, condition).size(). " + forPersonas,
	"len": "Write x.size().", "length": "Write x.size().", "upper": "Write x.upperAscii().", "lower": "Write x.lowerAscii().",
	"toupper": "Write x.upperAscii().", "tolower": "Write x.lowerAscii().", "coalesce": "Write has(x) ? x : other, or customer.?x.orValue(other).",
	"ifnull": "Write has(x) ? x : other.", "isnull": "Write x == null.", "float": "Write double(x).", "str": "Write string(x).",
	"within": forTimedRows, "before": forTimedRows, "gaps": forTimedRows, "weeksactive": forTimedRows,
	"includes": "Write x.contains('...') for text, or 'value' in list.", "abs": "Write math.abs(x).", "round": "Write math.round(x).",
	"floor": "Write math.floor(x).", "ceil": "Write math.ceil(x).", "months": "Months have no fixed length: write days(30).",
	"step": "It stands in a sequence: rows.sequence(o, step(condition), step(condition, days(7))).", "never": "It stands in a sequence: rows.sequence(o, step(condition), never(condition)).",
	"years": "Years have no fixed length: write days(365).", "today": "Write now: it is the instant that the report is calculated for.",
}

func (d *draft) unknownFunction(name string, at span) {
	r := d.code.at(at)
	if advice, ok := functionAdvice[strings.ToLower(name)]; ok {
		unknown(&d.diags, r, "function", name, nil, advice).Fix = nil
		return
	}
	dg := unknown(&d.diags, r, "function", name, d.functionNames(), "")
	if dg.Detail == "" {
		dg.Detail = "The functions are listed in the reference of the language."
	}
}

func (d *draft) functionNames() []string {
	var names []string
	for name := range d.scope.env.Functions() {
		if name[0] != '_' && name[0] != '!' && name[0] != '-' && !strings.Contains(name, "@") { // the others are CEL's own
			names = append(names, name)
		}
	}
	for _, m := range d.scope.env.Macros() {
		names = append(names, m.Function())
	}
	return sortedUnique(names)
}

// isOperator gives the sign of an operator's function name.
func isOperator(function string) (string, bool) {
	if function == celops.Conditional {
		return "?:", true
	}
	if function == celops.Index {
		return "[]", true
	}
	return celops.FindReverse(function)
}
