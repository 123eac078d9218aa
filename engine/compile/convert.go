package compile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
)

// nothings are values that stand for none, by type.
var nothings = map[string]string{"string": "''", "int": "0", "double": "0.0", "bool": "false"}

// misfit is an operand of the wrong type beside an operator.
type misfit struct {
	node       ast.Expr
	text       string // as written
	literal    bool
	sign       string // of the operator
	from, want string // types
}

// convert says how an operand of one type can stand beside one of another:
// what to write instead of it, and a sentence. Empty where this side cannot.
func (d *draft) convert(e ast.Expr, s span, from, to, sign string) (with, advice string) {
	m := misfit{node: e, text: d.code.slice(s), literal: e.Kind() == ast.LiteralKind, sign: sign, from: from, want: to}
	if inner, ok := within(from, "optional_type"); ok && bare(inner) == to {
		return m.perhapsNone()
	}
	for _, c := range conversions {
		if slices.Contains(c.from, from) && slices.Contains(c.to, to) {
			return c.write(m)
		}
	}
	return "", ""
}

// conversions say, by the types of an operand and of the other side, how the
// first becomes the second.
var conversions = []struct {
	from, to []string
	write    func(misfit) (with, advice string)
}{
	{[]string{"int"}, []string{"double"}, misfit.decimal},
	{[]string{"double"}, []string{"int"}, misfit.wholeNumber},
	{[]string{"string"}, []string{"int", "double"}, misfit.unquotedNumber},
	{[]string{"int", "double"}, []string{"string"}, misfit.quoted},
	{[]string{"string"}, []string{"timestamp"}, misfit.instant},
	{[]string{"string"}, []string{"bool"}, misfit.unquotedBool},
	{[]string{"int"}, []string{"duration", "timestamp"}, misfit.unit},
	{[]string{"timestamp"}, []string{"int"}, misfit.sinceThen},
	{[]string{"bool"}, []string{"int", "string", "double"}, misfit.declared},
}

func (m misfit) perhapsNone() (with, advice string) {
	if none := nothings[m.want]; none != "" {
		with := m.text + ".orValue(" + none + ")"
		return with, "There may be none. Say what holds then: " + with + "."
	}
	return "", "There may be none: ask " + m.text + ".hasValue() first, and compare " + m.text + ".value()."
}

func (m misfit) decimal() (with, advice string) {
	if m.literal {
		return m.text + ".0", fmt.Sprintf("Write %s.0: beside a number with decimals a whole number needs a decimal point.", m.text)
	}
	return "double(" + m.text + ")", fmt.Sprintf("Write double(%s).", m.text)
}

// wholeNumber says nothing of a column: the other side becomes a double, and
// nothing is lost.
func (m misfit) wholeNumber() (with, advice string) {
	if whole := strings.TrimRight(strings.TrimRight(m.text, "0"), "."); m.literal && isWhole(whole) {
		return whole, fmt.Sprintf("Write %s: beside a whole number it has no decimal point.", whole)
	}
	return "", ""
}

func (m misfit) unquotedNumber() (with, advice string) {
	inner, ok := literalText(m.node)
	if !ok {
		return "", ""
	}
	if _, err := strconv.ParseFloat(inner, 64); err != nil {
		return "", ""
	}
	if m.want == "double" && isWhole(inner) {
		inner += ".0"
	}
	return inner, fmt.Sprintf("Write %s without quotes: it is a number.", inner)
}

func (m misfit) quoted() (with, advice string) {
	switch {
	case m.literal:
		return "'" + m.text + "'", fmt.Sprintf("Write '%s' in quotes: the other side is text.", m.text)
	case m.sign == "+":
		return "string(" + m.text + ")", fmt.Sprintf("Write string(%s).", m.text)
	}
	return "", ""
}

func (m misfit) instant() (with, advice string) {
	inner, ok := literalText(m.node)
	switch {
	case ok && len(inner) == len("2026-01-31"):
		return "date(" + m.text + ")", fmt.Sprintf("Write date(%s): midnight in the project's zone.", m.text)
	case ok:
		return "timestamp(" + m.text + ")", fmt.Sprintf("Write timestamp(%s).", m.text)
	}
	return "", ""
}

func (m misfit) unquotedBool() (with, advice string) {
	if inner, _ := literalText(m.node); inner == "true" || inner == "false" {
		return inner, fmt.Sprintf("Write %s without quotes.", inner)
	}
	return "", ""
}

// unit is for a number beside a time: how long, or since when.
func (m misfit) unit() (with, advice string) {
	moves := m.sign == "+" || m.sign == "-"
	switch {
	case m.literal && (m.want == "duration" || moves):
		return "days(" + m.text + ")", fmt.Sprintf("Write days(%s), hours(%s) or weeks(%s): a length of time needs its unit.", m.text, m.text, m.text)
	case m.want == "timestamp" && !moves:
		return "", "Write daysSince(x) or age(x) to compare with a whole number."
	}
	return "", ""
}

func (m misfit) sinceThen() (with, advice string) {
	if m.sign == "+" || m.sign == "-" {
		return "", ""
	}
	return "", fmt.Sprintf("Write daysSince(%s) for days, or age(%s) for years.", m.text, m.text)
}

func (m misfit) declared() (with, advice string) {
	if m.literal {
		return "", "A column that holds 1 and 0, or yes and no, can be declared as `type: bool`."
	}
	return "", ""
}

func isWhole(s string) bool {
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}
