package plan

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
)

// text.format([x, y]) is taken apart at its clauses, where the text is a
// constant: each clause writes one value, and what is written is joined. What
// cel-go writes with the digits of a double, a list or a map stays a hole.

// Operators that write values in other ways than string() does.
const (
	OpBinary       Op = "binary"
	OpOctal        Op = "octal"
	OpHex          Op = "hex"
	OpHexBytes     Op = "hex_bytes"
	OpTimeToString Op = "time_to_string"
)

var formatOperators = []Operator{
	{Op: OpBinary, Strict: true, Args: "int", Result: catalog.String, Doc: "%b of a whole number: a minus and the digits of what is left."},
	{Op: OpOctal, Strict: true, Args: "int", Result: catalog.String, Doc: "%o of a whole number."},
	{Op: OpHex, Strict: true, Args: "int", Result: catalog.String, Doc: "%x of a whole number, in small letters."},
	{Op: OpHexBytes, Strict: true, Args: "bytes", Result: catalog.String, Doc: "%x of bytes, two digits each."},
	{Op: OpTimeToString, Strict: true, Args: "timestamp", Result: catalog.String, Doc: "string(timestamp) in UTC: RFC 3339, as many decimals as there are."},
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
		written, why := l.clause(parts[2*i+1], l.expr(x))
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

// clauses divides a text into what stands between its clauses and the letters of
// these, in turns: text, letter, text. Not ok for clauses with a precision,
// which cel-go writes with doubles, and for those that are none.
func clauses(text string) (parts []string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch {
		case i == len(text) || !strings.ContainsRune("%sdbxXo", rune(text[i])):
			return nil, false
		case text[i] == '%':
			b.WriteByte('%')
		default:
			parts = append(parts, b.String(), text[i:i+1])
			b.Reset()
		}
	}
	return append(parts, b.String()), true
}

// writers are the operators by a clause's letter and the type of its value.
var writers = map[string]map[catalog.Kind]func(b *Builder, x *Expr) *Expr{
	"s": {
		catalog.String: func(_ *Builder, x *Expr) *Expr { return x }, catalog.Int: writes(OpIntToString), catalog.Uint: writes(OpIntToString),
		catalog.Bool: writes(OpBoolToString), catalog.Timestamp: writes(OpTimeToString), catalog.Duration: writes(OpLengthToString),
	},
	"d": {catalog.Int: writes(OpIntToString), catalog.Uint: writes(OpIntToString)},
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
// in %s, and is an error in all others.
func (l *lowerer) clause(letter string, x *Expr) (written *Expr, why string) {
	if x.Op == OpHole {
		return nil, x.Name
	}
	upper := letter == "X"
	if upper {
		letter = "x"
	}
	write := writers[letter][x.Type.Kind]
	if write == nil || hasNanos(x) {
		return nil, "format() with %" + letter + " of " + x.Type.String()
	}
	some := l.b.Decide(x)
	if written = write(l.b, some); upper {
		written = l.b.Strict(OpUpperASCII, "", written)
	}
	if letter == "s" && x.MayNull {
		written = l.b.If(l.b.NullTest(x), l.b.Const("null"), written)
	}
	return written, ""
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
	return x.IsConst() && x.Type.Kind == catalog.Timestamp || slices.ContainsFunc(x.Args, writtenTime)
}
