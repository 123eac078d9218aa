package prose

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// level says what joins the parts of a condition: where two levels meet, the
// inner one stands in parentheses.
type level int

const (
	single level = iota
	joinedByAnd
	joinedByOr
)

// emptyCounts stands behind a condition that is true of an empty value too.
const emptyCounts = " (empty counts as well)"

// condition says when a condition is true; with not, when it is false.
func (s *sentence) condition(e ast.Expr, not bool) (string, level) {
	text, l := s.stated(e, not)
	if s.recovered() {
		return s.code(e) + yesNo(not), single
	}
	return text, l
}

// atom is a condition that can stand beside others.
func (s *sentence) atom(e ast.Expr, not bool) string {
	text, l := s.condition(e, not)
	if l != single {
		return "(" + text + ")"
	}
	return text
}

// inside is a condition in parentheses.
func (s *sentence) inside(e ast.Expr) string {
	text, _ := s.condition(e, false)
	return "(" + text + ")"
}

func (s *sentence) stated(e ast.Expr, not bool) (string, level) {
	if v, ok := s.literal(e); ok {
		if b, isBool := v.(bool); isBool && b != not {
			return "always", single
		}
		return "never", single
	}
	switch e.Kind() {
	case ast.CallKind:
		return s.call(e, not)
	case ast.SelectKind:
		if e.AsSelect().IsTestOnly() {
			return s.hasValue(e, not), single
		}
	case ast.IdentKind:
		if name, ok := strings.CutPrefix(e.AsIdent(), "segment."); ok {
			return s.about(pick(not, "is not in ", "is in ") + quoted(s.title(name))), single
		}
	case ast.ComprehensionKind:
		if text, l, ok := s.loopCondition(e, not); ok {
			return text, l
		}
	}
	return s.truth(e, not), single
}

// call says a condition that is a call.
func (s *sentence) call(e ast.Expr, not bool) (string, level) {
	c := e.AsCall()
	switch f := c.FunctionName(); f {
	case operators.LogicalAnd, operators.LogicalOr:
		return s.joined(e, f, not)
	case operators.LogicalNot:
		return s.condition(c.Args()[0], !not)
	case operators.Conditional:
		return pick(not, "not ", "") + s.choice(e, func(x ast.Expr) string { return s.atom(x, false) }), single
	case operators.Equals, operators.NotEquals:
		return s.equality(c.Args()[0], c.Args()[1], (f == operators.NotEquals) != not)
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return s.order(f, c.Args()[0], c.Args()[1], not), single
	case operators.In, operators.OldIn:
		return s.membership(c.Args()[0], c.Args()[1], not), single
	case "between":
		return s.between(c, not), single
	case "atLeast":
		return s.atLeast(c, not), single
	case "sample":
		return s.sample(c, not), single
	case "reached":
		return s.reached(c, not), single
	case "sequence":
		if text, ok := s.sequence(c, not); ok {
			return text, single
		}
	default:
		if w, ok := wordingOf(c); ok && w.is != "" {
			return s.fill(pick(not, w.isNot, w.is), c), single
		}
	}
	return s.truth(e, not), single
}

// joined says conditions that one operator joins, however they are nested.
func (s *sentence) joined(e ast.Expr, function string, not bool) (string, level) {
	var parts []ast.Expr
	var collect func(ast.Expr)
	collect = func(x ast.Expr) {
		if x.Kind() == ast.CallKind && x.AsCall().FunctionName() == function {
			for _, a := range x.AsCall().Args() {
				collect(a)
			}
			return
		}
		parts = append(parts, x)
	}
	collect(e)
	words, l := " and ", joinedByAnd
	if function == operators.LogicalOr {
		words, l = " or ", joinedByOr
	}
	said := make([]string, len(parts))
	for i, p := range parts {
		text, inner := s.condition(p, false)
		if inner != single && inner != l {
			text = "(" + text + ")"
		}
		said[i] = text
	}
	text := strings.Join(said, words)
	if not {
		return "not (" + text + ")", single
	}
	return text, l
}

// choice says c ? a : b, and a chain of them in a row.
func (s *sentence) choice(e ast.Expr, say func(ast.Expr) string) string {
	var b strings.Builder
	b.WriteString("(")
	for {
		args := e.AsCall().Args()
		b.WriteString("if " + s.atom(args[0], false) + " then " + say(args[1]))
		e = args[2]
		if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != operators.Conditional {
			break
		}
		b.WriteString(", else ")
	}
	b.WriteString(", otherwise " + say(e) + ")")
	return b.String()
}

// truth says a value that is true or false: a column, an element, anything
// that has a name.
func (s *sentence) truth(e ast.Expr, not bool) string {
	if trait, ok := s.writtenOut(e); ok {
		text, l := s.of(trait.Expr.Written.NativeRep(), trait.Entity).condition(trait.Expr.Written.NativeRep().Expr(), not)
		if l == single {
			return text
		}
	}
	n := s.value(e)
	if n.verb != "" {
		return n.owned(pick(not, n.verbNot, n.verb))
	}
	return n.side() + yesNo(not)
}

func yesNo(not bool) string { return pick(not, " is no", " is yes") }

func pick(not bool, negative, positive string) string {
	if not {
		return negative
	}
	return positive
}

// hasValue says has(x.y).
func (s *sentence) hasValue(e ast.Expr, not bool) string {
	return s.field(e).wrapped() + pick(not, " has no value", " has a value")
}

// equality says a == b, or with not a != b.
func (s *sentence) equality(a, b ast.Expr, not bool) (string, level) {
	if _, ok := s.literal(a); ok {
		if _, both := s.literal(b); !both {
			a, b = b, a
		}
	}
	v, known := s.literal(b)
	if known {
		switch {
		case v == nil:
			return s.value(a).side() + pick(not, " is not empty", " is empty"), single
		case isBool(s.typeOf(b)) && isBool(s.typeOf(a)):
			return s.equalsTruth(a, v == true, not)
		}
		if text, ok := s.group(a, []ast.Expr{b}, not); ok {
			return text, single
		}
		if n := s.value(a); n.count != nil && isWhole(s.typeOf(b)) {
			return n.counted(pick(not, "other than ", "exactly "), v, s) + pick(not && n.mayBeEmpty, emptyCounts, ""), single
		}
	}
	x, y := s.value(a), s.valueBeside(b, a)
	text := x.side() + pick(not, " is not ", " is ") + pick(known || isTime(s.typeOf(a)), "", "the same as ") + y.side()
	if not && (x.mayBeEmpty || y.mayBeEmpty) {
		text += emptyCounts
	}
	if !not && x.mayBeEmpty && y.mayBeEmpty {
		text += " (both empty counts as well)"
	}
	return text, single
}

// equalsTruth says a == true and its kin. An empty value equals neither.
func (s *sentence) equalsTruth(a ast.Expr, wanted, not bool) (string, level) {
	n := s.value(a)
	if !not || !n.mayBeEmpty {
		return s.condition(a, wanted == not)
	}
	return n.side() + pick(wanted, " is not yes", " is not no") + emptyCounts, single
}

// membership says a in list.
func (s *sentence) membership(a, list ast.Expr, not bool) string {
	if list.Kind() == ast.ListKind && len(list.AsList().OptionalIndices()) == 0 {
		if text, ok := s.group(a, list.AsList().Elements(), not); ok {
			return text
		}
		x := s.value(a)
		text := x.side() + pick(not, " is none of ", " is one of ") + s.list(list.AsList().Elements(), a)
		if list.AsList().Size() == 0 {
			text = x.side() + pick(not, " is not in the empty list", " is in the empty list")
		}
		if len(list.AsList().Elements()) == 1 {
			text = x.side() + pick(not, " is not ", " is ") + s.valueBeside(list.AsList().Elements()[0], a).side()
		}
		if not && x.mayBeEmpty {
			text += emptyCounts
		}
		return text
	}
	among := pick(not, " is not among ", " is among ")
	if s.typeOf(list).Kind() == types.MapKind {
		among = pick(not, " is no key of ", " is a key of ")
	}
	return s.value(a).side() + among + s.value(list).side()
}

// between says x.between(a, b) of values; windows over rows are values.
func (s *sentence) between(c ast.CallExpr, not bool) string {
	x, low, high := c.Target(), c.Args()[0], c.Args()[1]
	n := s.value(x)
	from, to := s.valueBeside(low, x), s.valueBeside(high, x)
	if v, ok := s.literal(low); ok && isLiteral(s, high) && s.format.Suffixed(n.unit) {
		from = s.literalText(v, "") // from 18 to 30 years
	}
	return n.side() + pick(not, " is not from ", " is from ") + from.closed() + " to " + to.closed() + " (both included)"
}

func (s *sentence) atLeast(c ast.CallExpr, not bool) string {
	conditions := c.Args()[1:]
	said := make([]string, len(conditions))
	for i, p := range conditions {
		said[i] = s.atom(p, false)
	}
	n := s.value(c.Args()[0]).closed()
	return pick(not, "fewer than ", "at least ") + n + " of (" + strings.Join(said, "; ") + ")"
}

func (s *sentence) sample(c ast.CallExpr, not bool) string {
	percent := s.value(c.Args()[2]).wrapped() + " per cent"
	if v, ok := s.literal(c.Args()[2]); ok {
		if p, isDouble := v.(float64); isDouble {
			if text, ok := s.format.Exact(p, "%"); ok {
				percent = text
			}
		}
	}
	return s.about(pick(not, "is not in ", "is in ") + "the steady random sample " + s.value(c.Args()[1]).wrapped() + " of " + percent)
}

// reached says reached('purchase', 'aware'). Both names are text wherever rules
// were checked.
func (s *sentence) reached(c ast.CallExpr, not bool) string {
	has := pick(not, "has not reached ", "has reached ") + "the stage "
	journey, _ := s.literal(c.Args()[0])
	stage, _ := s.literal(c.Args()[1])
	j, ok1 := journey.(string)
	st, ok2 := stage.(string)
	if !ok1 || !ok2 {
		return s.about(has + s.value(c.Args()[1]).wrapped() + " of " + s.value(c.Args()[0]).closed())
	}
	return s.about(has + quoted(s.title(j+"."+st)) + " of " + quoted(s.title(j)))
}

// group says that a segmentation, or a journey's stage, is one of several.
func (s *sentence) group(a ast.Expr, names []ast.Expr, not bool) (string, bool) {
	if a.Kind() != ast.IdentKind || len(names) == 0 {
		return "", false
	}
	parent, isGroup := strings.CutPrefix(a.AsIdent(), "segmentation.")
	journey, isStage := strings.CutPrefix(a.AsIdent(), "journey.")
	if isStage {
		parent = journey
	}
	if !isGroup && !isStage {
		return "", false
	}
	var titles []string
	for _, n := range names {
		v, ok := s.literal(n)
		name, isText := v.(string)
		if !ok || !isText {
			return "", false
		}
		titles = append(titles, quoted(s.title(parent+"."+name)))
	}
	what := "the group "
	if isStage {
		what = "the stage "
	}
	if len(titles) > 1 {
		what = "one of the " + strings.TrimPrefix(what, "the ")
		what = strings.TrimSuffix(what, " ") + "s "
	}
	verb := pick(isStage, "is at ", "is in ")
	if not {
		verb = pick(isStage, "is not at ", "is not in ")
	}
	text := verb + what + strings.Join(titles, ", ") + " of " + quoted(s.title(parent))
	if isStage && not {
		text += " (no stage counts as well)"
	}
	return s.about(text), true
}
