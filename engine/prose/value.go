package prose

import (
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// value names what an expression gives.
func (s *sentence) value(e ast.Expr) noun {
	if n, ok := s.said[e.ID()]; ok {
		return n
	}
	n := s.named(e)
	if s.recovered() {
		n = noun{text: s.code(e)}
	}
	s.said[e.ID()] = n
	return n
}

// valueBeside names a value in the unit of what it is compared with.
func (s *sentence) valueBeside(e, other ast.Expr) noun {
	v, ok := s.literal(e)
	if !ok {
		return s.value(e)
	}
	if year, isInt := v.(int64); isInt && other.Kind() == ast.CallKind && other.AsCall().FunctionName() == "getFullYear" {
		return noun{text: strconv.FormatInt(year, 10)}
	}
	return s.literalText(v, s.value(other).unit)
}

func (s *sentence) named(e ast.Expr) noun {
	if v, ok := s.literal(e); ok {
		return s.literalText(v, "")
	}
	switch e.Kind() {
	case ast.IdentKind:
		return s.ident(e)
	case ast.SelectKind:
		if !e.AsSelect().IsTestOnly() {
			return s.field(e)
		}
	case ast.ListKind:
		if e.AsList().Size() == 0 {
			return noun{text: "the empty list"}
		}
		if len(e.AsList().OptionalIndices()) > 0 {
			return noun{text: s.giveUp(e)}
		}
		return noun{text: "the list of " + s.list(e.AsList().Elements(), nil), bound: loose}
	case ast.MapKind:
		return s.written(e)
	case ast.ComprehensionKind:
		if n, ok := s.loopValue(e); ok {
			return n
		}
	case ast.CallKind:
		if n, ok := s.callValue(e); ok {
			return n
		}
	}
	if !isBool(s.typeOf(e)) || e.Kind() == ast.StructKind {
		return noun{text: s.giveUp(e)}
	}
	return s.whether(e)
}

// whether names the outcome of a condition.
func (s *sentence) whether(e ast.Expr) noun {
	if e.Kind() == ast.CallKind {
		if _, known := wordingOf(e.AsCall()); !known && !conditions[e.AsCall().FunctionName()] {
			return noun{text: s.giveUp(e)}
		}
	}
	if e.Kind() == ast.ComprehensionKind {
		if _, ok := matchLoop(e); !ok {
			return noun{text: s.giveUp(e)}
		}
	}
	return noun{text: "whether " + s.inside(e), bound: open}
}

// conditions are the functions that condition.go says.
var conditions = map[string]bool{
	operators.LogicalAnd: true, operators.LogicalOr: true, operators.LogicalNot: true,
	operators.Equals: true, operators.NotEquals: true, operators.Less: true, operators.LessEquals: true,
	operators.Greater: true, operators.GreaterEquals: true, operators.In: true, operators.OldIn: true,
	"between": true, "atLeast": true, "sample": true, "reached": true, "sequence": true,
}

// ident names what one word stands for.
func (s *sentence) ident(e ast.Expr) noun {
	name := e.AsIdent()
	if n, ok := s.bound[name]; ok {
		return n
	}
	if name == "now" {
		return noun{text: "now"}
	}
	space, of, dotted := strings.Cut(name, ".")
	if dotted {
		switch space {
		case "segment":
			return s.whether(e)
		case "segmentation":
			return noun{text: "the group of " + quoted(s.title(of))}
		case "score":
			return noun{text: "the score " + quoted(s.title(of)), unit: "points"}
		case "journey":
			return noun{text: "the stage of " + quoted(s.title(of)), mayBeEmpty: true}
		}
	}
	for _, x := range s.subjects {
		if x.variable != name {
			continue
		}
		owner, _ := s.owner(name)
		switch {
		case x.entity != "":
			return noun{text: "the " + spaced(x.entity)}
		case owner == "":
			return noun{text: "it", mayBeEmpty: mayBeEmpty(s.typeOf(e))}
		}
	}
	if s.typeOf(e).Kind() == types.TypeKind {
		return noun{text: "the type " + name}
	}
	return noun{text: s.giveUp(e)}
}

// callValue names what a call gives; false for one that has no words.
func (s *sentence) callValue(e ast.Expr) (noun, bool) {
	c := e.AsCall()
	switch c.FunctionName() {
	case operators.Conditional:
		if isBool(s.typeOf(e)) {
			return s.whether(e), true
		}
		args := c.Args()
		return noun{text: s.choice(e, func(x ast.Expr) string { return s.valueBeside(x, args[1]).wrapped() }), unit: s.value(args[1]).unit}, true
	case operators.Add, operators.Subtract, operators.Multiply, operators.Divide, operators.Modulo:
		return s.arithmetic(e), true
	case operators.OptSelect:
		return s.optionalField(c), true
	case "size":
		return s.size(e), true
	case "date", "timestamp", "duration", "days", "hours", "minutes", "weeks":
		if n, ok := s.time(c); ok {
			return n, true
		}
	case "within", "before", "between":
		if isBool(s.typeOf(e)) {
			return noun{}, false
		}
		return s.window(c), true
	case "optMap", "optFlatMap":
		return noun{}, false
	case "distinct":
		n := s.value(c.Target())
		values := &count{one: "different value", many: "different values", tail: " of " + n.wrapped(), rows: true}
		return noun{text: "the " + values.many + values.tail, bound: open, count: values, unit: n.unit}, true
	case "age", "daysSince":
		if len(c.Args()) == 2 && isNow(c.Args()[1]) {
			what := pick(c.FunctionName() == "age", "full years", "calendar days")
			return noun{text: "the number of " + what + " since " + s.value(c.Args()[0]).wrapped(), bound: open}, true
		}
	case "format":
		return noun{text: "the text " + s.value(c.Target()).closed() + " filled with " + s.value(c.Args()[0]).closed(), bound: open}, true
	}
	w, ok := wordingOf(c)
	if !ok || w.value == "" {
		return noun{}, false
	}
	if isTime(s.typeOf(e)) && w.ofTime != "" {
		w.value = w.ofTime
	}
	if strings.HasPrefix(c.FunctionName(), "get") && len(c.Args()) == 0 && isTime(s.typeOf(c.Target())) {
		w.value += " in UTC"
	}
	n := noun{text: s.fill(w.value, c), bound: w.bound, unit: w.unit}
	if w.keepsUnit {
		n.unit = s.value(operandsOf(c)[0]).unit
	}
	n.mayBeEmpty = mayBeEmpty(s.typeOf(e)) && !isTime(s.typeOf(e))
	return n, true
}

// operandsOf are the target and the arguments.
func operandsOf(c ast.CallExpr) []ast.Expr {
	if c.IsMemberFunction() {
		return append([]ast.Expr{c.Target()}, c.Args()...)
	}
	return c.Args()
}

// signs are the words of arithmetic, by what is calculated.
var signs = map[string]string{
	operators.Add: " plus ", operators.Subtract: " minus ", operators.Multiply: " times ", operators.Divide: " divided by ", operators.Modulo: " modulo ",
}

// arithmetic says + - * / %. What happens to instants, text and lists has
// words of its own.
func (s *sentence) arithmetic(e ast.Expr) noun {
	c := e.AsCall()
	a, b := c.Args()[0], c.Args()[1]
	f := c.FunctionName()
	if n, ok := s.instants(f, a, b); ok {
		return n
	}
	x, y := s.value(a), s.value(b)
	n := noun{bound: loose}
	switch f {
	case operators.Add, operators.Subtract:
		switch {
		case x.unit == y.unit:
			n.unit = x.unit
		case isLiteral(s, b):
			y, n.unit = s.valueBeside(b, a), x.unit
		case isLiteral(s, a):
			x, n.unit = s.valueBeside(a, b), y.unit
		}
	case operators.Multiply:
		if isLiteral(s, b) {
			n.unit = x.unit
		} else if isLiteral(s, a) {
			n.unit = y.unit
		}
	case operators.Divide:
		if isLiteral(s, b) {
			n.unit = x.unit
		}
	}
	sign := signs[f]
	switch s.typeOf(e).Kind() {
	case types.StringKind, types.BytesKind:
		sign = " followed by "
	case types.ListKind:
		sign = " joined with "
	case types.IntKind, types.UintKind:
		if f == operators.Divide {
			return noun{text: "the whole part of " + x.closed() + sign + y.closed(), bound: loose, unit: n.unit}
		}
	}
	left := x.closed()
	if a.Kind() == ast.CallKind && a.AsCall().FunctionName() == f && (f == operators.Add || f == operators.Multiply) && x.bound == loose {
		left = x.text // a plus b plus c
	}
	n.text = left + sign + y.closed()
	return n
}

func isLiteral(s *sentence, e ast.Expr) bool { _, ok := s.literal(e); return ok }

// size says how many there are of something.
func (s *sentence) size(e ast.Expr) noun {
	of := operandsOf(e.AsCall())[0]
	n := s.value(of)
	switch s.typeOf(of).Kind() {
	case types.StringKind:
		return noun{text: "the length of " + n.wrapped(), bound: open}
	case types.BytesKind:
		return noun{text: "the number of bytes of " + n.wrapped(), bound: open}
	}
	if n.count != nil {
		return noun{text: "the number of " + n.count.many + n.count.tail, bound: open, count: n.count, owner: n.owner}
	}
	return noun{text: "the number of entries of " + n.wrapped(), bound: open}
}

// list says elements in a row.
func (s *sentence) list(elements []ast.Expr, beside ast.Expr) string {
	said := make([]string, len(elements))
	for i, x := range elements {
		if beside != nil {
			said[i] = s.valueBeside(x, beside).closed()
		} else {
			said[i] = s.value(x).closed()
		}
	}
	return strings.Join(said, ", ")
}

// written says a map that is written out.
func (s *sentence) written(e ast.Expr) noun {
	if e.AsMap().Size() == 0 {
		return noun{text: "the empty table"}
	}
	var said []string
	for _, x := range e.AsMap().Entries() {
		entry := x.AsMapEntry()
		if entry.IsOptional() {
			return noun{text: s.giveUp(e)}
		}
		said = append(said, s.value(entry.Value()).closed()+" for "+s.value(entry.Key()).closed())
	}
	return noun{text: "the table of " + strings.Join(said, ", "), bound: loose}
}

// fill puts the operands of a call into the words of its function.
func (s *sentence) fill(words string, c ast.CallExpr) string {
	var b strings.Builder
	operands := operandsOf(c)
	for {
		before, rest, found := strings.Cut(words, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		hole, after, _ := strings.Cut(rest, "}")
		words = after
		x := operands[hole[0]-'0']
		switch hole[1:] {
		case "": // words follow that must not be taken for those of the operand
			b.WriteString(s.value(x).closed())
		case ">": // it is the last
			b.WriteString(s.value(x).wrapped())
		case "?": // a condition
			b.WriteString(s.inside(x))
		case "~": // of what, where the words are not its own: the largest total, the largest of a, b
			if n := s.value(x); n.each {
				b.WriteString(n.text)
			} else {
				b.WriteString("of " + n.wrapped())
			}
		case "th": // as an ordinal
			b.WriteString(s.ordinal(x))
		case "=": // in the unit of the first
			b.WriteString(s.valueBeside(x, operands[0]).closed())
		case ",": // a list, entry by entry
			if x.Kind() == ast.ListKind && x.AsList().Size() > 0 {
				b.WriteString(s.list(x.AsList().Elements(), nil))
			} else {
				b.WriteString(s.value(x).closed())
			}
		}
	}
}
