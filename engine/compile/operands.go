package compile

import (
	"fmt"
	"sort"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/decls"
	celops "cel.dev/cel-go/common/operators"
)

// noOverload explains why an operator or function does not take its operands,
// and gives the fix where exactly one is likely to be meant.
func (d *draft) noOverload(tree *ast.AST, node ast.Expr, function string, types []string, s span) {
	call := node.AsCall()
	operands := call.Args()
	if call.IsMemberFunction() {
		operands = append([]ast.Expr{call.Target()}, operands...)
	}
	sign, isOp := isOperator(function)
	switch {
	case d.sequenceError(tree, function, operands, types):
	case d.lengthError(tree, function, operands, types):
	case !isOp:
		d.wrongArguments(function, types, call.IsMemberFunction(), s)
	case len(operands) == 2 && len(types) == 2:
		d.binary(tree, sign, operands, types, s)
	case sign == "?:" && len(operands) == 3 && len(types) == 3:
		d.conditional(tree, operands, types, s)
	case len(operands) == 1 && len(types) == 1:
		d.unary(tree, sign, operands[0], types[0], s)
	default:
		d.diags.Report("cel-type", d.code.at(s), "%s does not take these operands", sign)
	}
}

func (d *draft) binary(tree *ast.AST, sign string, operands []ast.Expr, types []string, s span) {
	left, right := d.code.extent(tree, operands[0]), d.code.extent(tree, operands[1])
	dg := d.diags.Report("cel-type", d.code.at(s), "%s: %s is %s, %s is %s", verbs[sign],
		d.code.slice(left), plainType(types[0]), d.code.slice(right), plainType(types[1]))
	if sign == "&&" || sign == "||" {
		dg.Summary = fmt.Sprintf("%s joins conditions", sign)
		for i, side := range []span{left, right} {
			if bare(types[i]) != "bool" {
				dg.Range = d.code.at(side)
				dg.Summary += fmt.Sprintf(", and %s is %s", quote(d.code.slice(side)), plainType(types[i]))
				break
			}
		}
		dg.Detail = "Compare it with something, as in x > 0 or x == 'a'."
		return
	}
	if sign == "in" {
		dg.Summary = fmt.Sprintf("in looks for %s in %s: %s is %s", d.code.slice(left), d.code.slice(right), d.code.slice(right), plainType(types[1]))
		dg.Detail = "Write a list, as in x in ['a', 'b'], whose elements have the type of x."
		if operands[1].Kind() == ast.LiteralKind {
			dg.Detail = "Write == for one value, or a list in square brackets for several."
			return
		}
		if bare(types[0]) == "string" && bare(types[1]) == "string" {
			dg.Detail = "Write " + d.code.slice(right) + ".contains(" + d.code.slice(left) + "), or a list in square brackets."
		}
		return
	}
	l, r := bare(types[0]), bare(types[1])
	fix, advice := "", ""
	var at span
	if with, why := d.convert(operands[1], right, r, l, sign); why != "" {
		fix, advice, at = with, why, right
	} else if with, why := d.convert(operands[0], left, l, r, sign); why != "" {
		fix, advice, at = with, why, left
	}
	dg.Detail = advice
	if fix != "" {
		dg.Fix = replace(d.code.at(at), fix)
	}
	if fix != "" && at == right && operands[1].Kind() == ast.LiteralKind && r == "int" && l == "double" ||
		fix != "" && at == left && operands[0].Kind() == ast.LiteralKind && l == "int" && r == "double" {
		dg.Code = "literal-needs-double"
	}
	if advice == "" && (l == "bool" || r == "bool") && l != r {
		dg.Detail = "What is true or false is a condition by itself: write it alone, or with ! in front."
	} else if advice == "" && (isListType(l) || isListType(r)) && l != r {
		dg.Detail = "Ask something of the list: how many there are with .size(), or of each with .exists(x, ...) or .all(x, ...)."
	} else if advice == "" {
		dg.Detail = "Convert one side, with int(x), double(x), string(x) or date('2026-01-31'), so that both have one type."
	}
}

var verbs = map[string]string{
	"==": "== compares two of one type", "!=": "!= compares two of one type", "<": "< compares two of one type", "<=": "<= compares two of one type",
	">": "> compares two of one type", ">=": ">= compares two of one type", "+": "+ adds two of one type", "-": "- subtracts two of one type",
	"*": "* multiplies numbers of one type", "/": "/ divides numbers of one type", "%": "% divides whole numbers", "in": "in", "[]": "[]",
	"&&": "&&", "||": "||",
}

func (d *draft) unary(tree *ast.AST, sign string, operand ast.Expr, typ string, s span) {
	side := d.code.extent(tree, operand)
	dg := d.diags.Report("cel-type", d.code.at(s), "%s is %s", quote(d.code.slice(side)), plainType(typ))
	switch sign {
	case "!":
		dg.Summary = "! turns a condition around, and " + dg.Summary
		dg.Detail = "Compare it first, as in !(x > 0). For \"has no value\", write !has(" + d.code.slice(side) + ")."
	case "-":
		dg.Summary = "- makes a number negative, and " + dg.Summary
		dg.Detail = "Only numbers and lengths of time can be negative."
	}
}

func (d *draft) conditional(tree *ast.AST, operands []ast.Expr, types []string, s span) {
	test, yes, no := d.code.extent(tree, operands[0]), d.code.extent(tree, operands[1]), d.code.extent(tree, operands[2])
	if bare(types[0]) != "bool" {
		d.diags.Report("cel-type", d.code.at(test), "Before ? stands a condition, and %s is %s", quote(d.code.slice(test)), plainType(types[0])).
			Detail = "Compare it with something, as in x > 0 ? a : b."
		return
	}
	dg := d.diags.Report("cel-type", d.code.at(yes.join(no)), "Both results of ?: have one type: %s is %s, %s is %s",
		d.code.slice(yes), plainType(types[1]), d.code.slice(no), plainType(types[2]))
	if with, advice := d.convert(operands[2], no, bare(types[2]), bare(types[1]), celops.Conditional); advice != "" {
		dg.Detail = advice
		if with != "" {
			dg.Fix = replace(d.code.at(no), with)
		}
	} else if with, advice := d.convert(operands[1], yes, bare(types[1]), bare(types[2]), celops.Conditional); advice != "" {
		dg.Detail = advice
		if with != "" {
			dg.Fix = replace(d.code.at(yes), with)
		}
	}
}

// wrongArguments says what a function was given and what it takes.
func (d *draft) wrongArguments(function string, types []string, member bool, s span) {
	var given []string
	for _, t := range types {
		given = append(given, plainType(t))
	}
	at := d.code.at(s)
	dg := d.diags.Report("cel-type", at, "%s() does not take %s", function, joinAnd(given))
	if len(given) == 0 {
		dg.Summary = function + "() needs something between the brackets"
	}
	decl := d.scope.env.Functions()[function]
	if decl == nil {
		return
	}
	var forms []string
	for _, o := range decl.OverloadDecls() {
		if o.IsMemberFunction() != member && hasForm(decl, member) {
			continue
		}
		var args []string
		for _, t := range o.ArgTypes() {
			args = append(args, plainCEL(t))
		}
		form := function + "(" + strings.Join(args, ", ") + ")"
		if o.IsMemberFunction() && len(args) > 0 {
			form = args[0] + "." + function + "(" + strings.Join(args[1:], ", ") + ")"
		}
		forms = append(forms, form)
	}
	sort.Strings(forms)
	forms = sortedUnique(forms)
	if statisticNames()[function] && len(types) > 0 && bare(types[0]) == "string" {
		dg.Detail = "Of text, ask for what most have: mode(x), or top(x, 3)."
	} else if len(forms) <= 6 {
		dg.Detail = "It is written " + strings.Join(forms, ", or ") + "."
	} else {
		dg.Detail = fmt.Sprintf("It has %d forms, among them %s.", len(forms), strings.Join(forms[:3], ", "))
	}
}

// hasForm says whether a function can be written as the author wrote it.
func hasForm(decl *decls.FunctionDecl, member bool) bool {
	for _, o := range decl.OverloadDecls() {
		if o.IsMemberFunction() == member {
			return true
		}
	}
	return false
}

func joinAnd(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
