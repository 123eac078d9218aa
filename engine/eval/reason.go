package eval

import (
	"errors"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"

	"personae/engine/celenv"
)

// reason puts a CEL error into words. cel-go says "no such overload" where a
// null meets an operator: the null fields below the failing node are what a
// person wants to read.
func (p *Program) reason(err error, null emptiness) string {
	var cancelled interpreter.EvalCancelledError
	if errors.As(err, &cancelled) {
		return "the expression is too expensive for this row"
	}
	text := strings.TrimPrefix(err.Error(), "internal error: ")
	var known *types.Err
	errors.As(err, &known)
	if strings.Contains(text, "no such overload") || strings.Contains(text, "a condition is empty") || strings.Contains(text, "no such key") {
		if fields := p.emptyFields(known, null); len(fields) == 1 {
			return fields[0] + " is empty"
		} else if len(fields) > 1 {
			return strings.Join(fields[:len(fields)-1], ", ") + " and " + fields[len(fields)-1] + " are empty"
		}
		if strings.Contains(text, "no such key") {
			return noSuchKey
		}
		return "a value is empty"
	}
	if lack := p.brokenReference(text, known, null); lack != "" {
		return lack
	}
	for _, w := range wordings {
		if strings.Contains(text, w.cel) {
			return w.words
		}
	}
	return text
}

const noSuchKey = "a key is not in the map"

// wordings are what cel-go says, and what we say.
var wordings = []struct{ cel, words string }{
	{"division by zero", "a number is divided by zero"},
	{"modulus by zero", "a number is divided by zero"},
	{"integer overflow", "a whole number is out of range"},
	{"range error converting", "a number is out of range"},
	{"duration overflow", "a length of time is out of range"},
	{"timestamp overflow", "a date is out of range"},
	{"NaN values cannot be ordered", "a value is not a number"},
	{"optional.none() dereference", "there is no value"},
	{"index out of bounds", "the list is too short"},
	{"out of range in list size", "the list is too short"},
	{"no such attribute", "a value was not calculated"},
	{"invalid RFC 3339 timestamp", "a text is not a time"},
	{"is no date", "a text is not a date"},
	{"index out of range", "a position is outside of the text"},
	{"negative offset", "a number is out of range"},
	{"the sum is out of range", "the sum is out of range"},
	{"weeksActive looks at", "a number of weeks is out of range"},
	{"length of time is too long", "a length of time is out of range"},
	{"parsing time", "a text is not a time"},
	{"invalid duration", "a text is not a length of time"},
	{"error parsing regexp", "a pattern cannot be read"},
	{"unknown time zone", "a time zone is not known"},
	{"strconv.Parse", "a text is not a number"},
	{"from 'string' to 'int'", "a text is not a number"},
	{"from 'string' to 'uint'", "a text is not a number"},
	{"from 'string' to 'double'", "a text is not a number"},
	{"to 'google.protobuf.Timestamp'", "a text is not a time"},
	{"to 'google.protobuf.Duration'", "a text is not a length of time"},
	{"type conversion error", "a text cannot be converted"},
}

// NoReason stands for a reason that has no words of ours.
const NoReason = "it could not be calculated"

// Public gives a reason without any value of a row: those that are not ours may
// quote what a cell holds, and reports must not.
func Public(reason string) string {
	for _, w := range wordings {
		if reason == w.words {
			return reason
		}
	}
	if reason == noSuchKey {
		return reason
	}
	if strings.ContainsAny(reason, "\"'`:()") { // what names of ours do not hold
		return NoReason
	}
	for _, ending := range []string{" is empty", " are empty", " could not be calculated", " cannot be decided", " is too expensive for this row", celenv.NoRow} {
		if strings.HasSuffix(reason, ending) {
			return reason
		}
	}
	return NoReason
}

// emptyFields are the null fields that the failing node reads, in the order of
// the text; of the whole expression where cel-go does not say which node
// failed.
func (p *Program) emptyFields(err *types.Err, null emptiness) []string {
	var fields []string
	p.eachField(err, func(entity string, through []string, field string) {
		if name, empty := null(entity, through, field); empty && !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	})
	return fields
}

// brokenReference says which reference of a row leads nowhere, where that is the
// error: cel-go says of a reference only whose it is, not how one gets there.
func (p *Program) brokenReference(text string, err *types.Err, null emptiness) string {
	ending := " is empty"
	if strings.HasSuffix(text, celenv.NoRow) {
		ending = celenv.NoRow
	} else if !strings.HasSuffix(text, ending) {
		return ""
	}
	of, name, found := strings.Cut(strings.TrimSuffix(text, ending), ".")
	if !found {
		return ""
	}
	lack := ""
	p.eachField(err, func(entity string, through []string, _ string) {
		for i, step := range through {
			path, empty := null(entity, through[:i], step)
			if empty && step == name && lack == "" && (i > 0 || entity == of) {
				lack = path + ending
			}
		}
	})
	return lack
}

// eachField goes through the fields that the failing node reads: of which rows,
// and through which references.
func (p *Program) eachField(err *types.Err, take func(entity string, through []string, field string)) {
	root := ast.NavigateAST(p.ast.NativeRep())
	from := root
	if err != nil && err.NodeID() != 0 {
		for _, n := range ast.MatchDescendants(root, func(e ast.NavigableExpr) bool { return e.ID() == err.NodeID() }) {
			from = n
		}
	}
	for _, n := range ast.MatchDescendants(from, ast.KindMatcher(ast.SelectKind)) {
		if n.AsSelect().IsTestOnly() {
			continue
		}
		var through []string
		operand := n.AsSelect().Operand()
		for operand.Kind() == ast.SelectKind && !operand.AsSelect().IsTestOnly() {
			through = append([]string{operand.AsSelect().FieldName()}, through...)
			operand = operand.AsSelect().Operand()
		}
		if operand.Kind() != ast.IdentKind {
			continue
		}
		entity := operand.AsIdent()
		if t := p.ast.NativeRep().GetType(operand.ID()); t != nil && t.Kind() == types.StructKind {
			entity = t.TypeName()
		}
		take(entity, through, n.AsSelect().FieldName())
	}
}
