package plan

import (
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
)

// text.format([x, y]) is taken apart at its clauses, where the text is a
// constant: each clause writes one value, and what is written is joined.

// Operators that write values in other ways than string() does.
const (
	OpBinary       Op = "binary"
	OpOctal        Op = "octal"
	OpHex          Op = "hex"
	OpHexBytes     Op = "hex_bytes"
	OpIsText       Op = "is_text"
	OpTimeToString Op = "time_to_string"
	OpDecimal      Op = "decimal"
	OpFixed        Op = "fixed"      // Name: the precision
	OpScientific   Op = "scientific" // Name: the precision
)

var formatOperators = []Operator{
	{Op: OpBinary, Strict: true, Args: "int", Result: catalog.String, Doc: "%b of a whole number: a minus and the digits of what is left."},
	{Op: OpOctal, Strict: true, Args: "int", Result: catalog.String, Doc: "%o of a whole number."},
	{Op: OpHex, Strict: true, Args: "int", Result: catalog.String, Doc: "%x of a whole number, in small letters."},
	{Op: OpHexBytes, Strict: true, Args: "bytes", Result: catalog.String, Doc: "%x of bytes, two digits each."},
	{Op: OpIsText, Strict: true, Args: "bytes", Result: catalog.Bool, Doc: "Are the bytes UTF-8?"},
	{Op: OpTimeToString, Strict: true, Args: "timestamp", Result: catalog.String, Doc: "string(timestamp) in UTC: RFC 3339, as many decimals as there are."},
	{Op: OpDecimal, Strict: true, Args: "double", Result: catalog.String, Doc: "%s and %d of a double: the shortest digits that mean it, without an exponent."},
	{Op: OpFixed, Strict: true, Args: "double", Result: catalog.String, Doc: "%f: so many digits behind the point, rounded from all that the double has."},
	{Op: OpScientific, Strict: true, Args: "double", Result: catalog.String, Doc: "%e: so many digits behind the point, and an exponent."},
}

// format lowers text.format(list).
func (l *lowerer) format(e ast.Expr, c ast.CallExpr) *Expr {
	operands := append([]ast.Expr{c.Target()}, c.Args()...)
	if ids := l.ast.GetOverloadIDs(e.ID()); len(ids) == 1 {
		if v := l.fold(c.FunctionName(), ids[0], operands); v != nil {
			return l.value(e, v)
		}
	}
	text, isConst := l.expr(operands[0]).Const.(string)
	if !isConst {
		return l.hole(e, "format() of a text that varies from row to row")
	}
	parts, ok := clauses(text)
	list := operands[1]
	if !ok || list.Kind() != ast.ListKind || len(list.AsList().OptionalIndices()) > 0 || len(list.AsList().Elements()) != len(parts)/2 {
		return l.hole(e, "format() of this form")
	}
	out := l.b.Const(parts[0])
	for i, x := range list.AsList().Elements() {
		written, why := l.clause(parts[2*i+1], l.expr(x), 0)
		if why != "" {
			return l.hole(e, why)
		}
		out = l.joined(l.joined(out, written), l.b.Const(parts[2*i+2]))
	}
	return out
}

// joined is one text after the other; the empty text adds nothing.
func (l *lowerer) joined(x, y *Expr) *Expr {
	switch {
	case x.Const == "":
		return y
	case y.Const == "":
		return x
	}
	return l.b.Strict(OpConcat, "", x, y)
}

// clauses divides a text into what stands between its clauses and these, in
// turns: text, clause, text. A clause is what cel-go calls its precision, or
// nothing, and a letter. Not ok for what is no clause.
func clauses(text string) (parts []string, ok bool) {
	var b strings.Builder
	for text != "" {
		before, after, found := strings.Cut(text, "%")
		b.WriteString(before)
		if text = after; !found {
			break
		}
		if strings.HasPrefix(text, "%") {
			b.WriteByte('%')
			text = text[1:]
			continue
		}
		clause := clausePattern.FindString(text)
		if clause == "" {
			return nil, false
		}
		parts = append(parts, b.String(), clause)
		b.Reset()
		text = text[len(clause):]
	}
	return append(parts, b.String()), true
}

// clausePattern is a clause without its percent sign; cel-go takes a precision of
// at most 100.
var clausePattern = regexp.MustCompile(`^([.]([0-9]{1,2}|100))?[sdfebxXo]`)

// defaultPrecision is that of %f and %e without one.
const defaultPrecision = "6"

// writers are the operators by a clause's letter and the type of its value.
var writers = map[string]map[catalog.Kind]func(b *Builder, x *Expr) *Expr{
	"s": {
		catalog.String: func(_ *Builder, x *Expr) *Expr { return x }, catalog.Int: writes(OpIntToString), catalog.Uint: writes(OpIntToString),
		catalog.Bool: writes(OpBoolToString), catalog.Timestamp: writes(OpTimeToString), catalog.Duration: writes(OpLengthToString),
		catalog.Double: writes(OpDecimal), catalog.Bytes: bytesAsText,
	},
	"d": {catalog.Int: writes(OpIntToString), catalog.Uint: writes(OpIntToString), catalog.Double: writes(OpDecimal)},
	"b": {catalog.Int: writes(OpBinary), catalog.Uint: writes(OpBinary), catalog.Bool: func(b *Builder, x *Expr) *Expr {
		return b.If(x, b.Const("1"), b.Const("0"))
	}},
	"o": {catalog.Int: writes(OpOctal), catalog.Uint: writes(OpOctal)},
	"x": {catalog.Int: writes(OpHex), catalog.Uint: writes(OpHex), catalog.Bytes: writes(OpHexBytes), catalog.String: func(b *Builder, x *Expr) *Expr {
		return b.Strict(OpHexBytes, "", b.Strict(OpStringToBytes, "", x))
	}},
}

func writes(op Op) func(b *Builder, x *Expr) *Expr {
	return func(b *Builder, x *Expr) *Expr { return b.Strict(op, "", x) }
}

// clause writes one value; why not where SQL cannot. Null has a form of its own
// in %s, and is an error in all others. depth is that of the lists around it.
func (l *lowerer) clause(clause string, x *Expr, depth int) (written *Expr, why string) {
	if x.Op == OpHole {
		return nil, x.Name
	}
	precision, letter := clause[:len(clause)-1], clause[len(clause)-1:]
	upper := letter == "X"
	if upper {
		letter = "x"
	}
	some := l.b.Decide(x)
	switch write := writers[letter][x.Type.Kind]; {
	case hasNanos(x):
		return nil, "a time with nanoseconds"
	case letter == "f" || letter == "e":
		written = l.digits(letter, precision, some)
	case letter == "s" && x.Type.Kind == catalog.List && stored(x.Type):
		written, why = l.listed(some, depth)
	case letter == "s" && x.Type.Kind == catalog.Map && stored(x.Type):
		written, why = l.tabled(some, depth)
	case write != nil:
		written = write(l.b, some)
	}
	switch {
	case written == nil && why == "":
		return nil, "format() with %" + letter + " of " + x.Type.String()
	case written == nil:
		return nil, why
	case upper:
		written = l.b.Strict(OpUpperASCII, "", written)
	}
	if letter == "s" && x.MayNull {
		written = l.b.If(l.b.NullTest(x), l.b.Const("null"), written)
	}
	return written, ""
}

// digits writes a number with %f or %e; nil for what is none.
func (l *lowerer) digits(letter, precision string, x *Expr) *Expr {
	op := OpFixed
	if letter == "e" {
		op = OpScientific
	}
	if precision = strings.TrimPrefix(precision, "."); precision == "" {
		precision = defaultPrecision
	}
	switch x.Type.Kind {
	case catalog.Int, catalog.Uint:
		x = l.toDouble(x)
	case catalog.Double:
	default:
		return nil
	}
	return l.b.Strict(op, precision, x)
}

// listed writes a list: [a, b], each as %s writes it.
func (l *lowerer) listed(list *Expr, depth int) (written *Expr, why string) {
	element := l.b.element(list, formatDepth+depth)
	each, why := l.clause("s", element, depth+1)
	if each == nil {
		return nil, why
	}
	joined := l.b.Strict(OpJoin, "", l.b.mapped(list, element, each), l.b.Const(", "))
	return l.joined(l.joined(l.b.Const("["), joined), l.b.Const("]")), ""
}

// tabled writes a map: {a: b, c: d}, in the order of how its keys are written.
func (l *lowerer) tabled(m *Expr, depth int) (written *Expr, why string) {
	keys := l.b.keys(m)
	key := l.b.element(keys, formatDepth+depth)
	writtenKey, why := l.clause("s", key, depth+1)
	if writtenKey == nil {
		return nil, why
	}
	value, why := l.clause("s", l.b.entry(m, key), depth+1)
	if value == nil {
		return nil, why
	}
	sorted := l.b.ofLists(OpSortBy, *keys.Type.Elem, keys, l.b.mapped(keys, key, writtenKey))
	entry := l.joined(l.joined(writtenKey, l.b.Const(": ")), value)
	joined := l.b.Strict(OpJoin, "", l.b.mapped(sorted, key, entry), l.b.Const(", "))
	return l.joined(l.joined(l.b.Const("{"), joined), l.b.Const("}")), ""
}

// bytesAsText is %s of bytes, which cel-go writes as they are, text or not.
func bytesAsText(b *Builder, x *Expr) *Expr {
	return b.If(b.Strict(OpIsText, "", x), b.Strict(OpBytesToString, "", x), b.Hole("bytes that are no text", catalog.Type{Kind: catalog.String}))
}

// timeToString is string(timestamp). cel-go keeps the offset that a time was
// written with, as in date('2026-06-01'), and SQL does not: only times that are
// data, or calculated from them, are in UTC for both.
func timeToString(l *lowerer, _ string, a []*Expr) *Expr {
	if writtenTime(a[0]) {
		return l.b.Hole("a time with the offset that it was written with", catalog.Type{Kind: catalog.String})
	}
	return l.b.Strict(OpTimeToString, "", a[0])
}

func writtenTime(x *Expr) bool {
	return x.IsConst() && x.Type.Kind == catalog.Timestamp || x.Op == OpStringToTime || slices.ContainsFunc(x.Args, writtenTime)
}
