package celenv

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/parser"
)

// rows.sequence(o, step(p), never(q), step(r, days(7))) is a macro. It leaves
//
//	rows.map(o, @event(o, [@truth(p), @truth(q), @truth(r)])).sequence('snw', [days(7)])
//
// A letter of the shape stands for each part: s a step, w a step within a
// limit (limits are listed in order), n what must not occur. @truth catches ⊥,
// because a row that cannot be told matters only where it could decide.

// Function names and overload ids that the macro leaves.
const (
	TruthFunction = "@truth"
	EventFunction = "@event"
	TruthBool     = "truth_bool"
	SequenceOf    = "sequence_events"
)

// MaxParts is how many steps and nevers a sequence has at most.
const MaxParts = 20

var (
	tTruth = types.NewOpaqueType("truth")
	tEvent = types.NewOpaqueType("event")
)

// sequenceFunctions are what the macro leaves, but for @event, which is there
// for each kind of rows that has a time.
var sequenceFunctions = []Function{
	{Name: TruthFunction, Overload: TruthBool, Args: args(tBool), Result: tTruth, NonStrict: true, Impl: truthOf, Doc: "What a condition says of a row."},
	{Name: "sequence", Overload: SequenceOf, Member: true, Args: args(types.NewListType(tEvent), tString, types.NewListType(tDuration)), Result: tBool, Impl: sequence,
		Doc: "Whether there are rows that fulfil the steps one after the other."},
}

// sequenceMacro expands rows.sequence(o, step(p), ...).
func sequenceMacro() cel.Macro {
	return cel.ReceiverVarArgMacro("sequence", func(f cel.MacroExprFactory, rows ast.Expr, a []ast.Expr) (ast.Expr, *cel.Error) {
		const form = "sequence() is written rows.sequence(o, step(condition), step(condition, days(7)), never(condition))"
		if len(a) < 2 || a[0].Kind() != ast.IdentKind {
			return nil, f.NewError(rows.ID(), form)
		}
		if len(a)-1 > MaxParts {
			return nil, f.NewError(a[MaxParts+1].ID(), "sequence() takes at most "+strconv.Itoa(MaxParts)+" steps")
		}
		var truths, limits []ast.Expr
		var shape strings.Builder
		for _, part := range a[1:] {
			if part.Kind() != ast.CallKind || part.AsCall().IsMemberFunction() {
				return nil, f.NewError(part.ID(), form)
			}
			c := part.AsCall()
			letter := ""
			switch {
			case c.FunctionName() == "never" && len(c.Args()) == 1:
				letter = "n"
			case c.FunctionName() == "step" && len(c.Args()) == 1:
				letter = "s"
			case c.FunctionName() == "step" && len(c.Args()) == 2:
				if !strings.ContainsAny(shape.String(), "sw") {
					return nil, f.NewError(part.ID(), "the first step comes after nothing, so it has no time limit; limit the rows instead, as in rows.within(days(90)).sequence(...)")
				}
				letter = "w"
				limits = append(limits, c.Args()[1])
			default:
				return nil, f.NewError(part.ID(), form)
			}
			shape.WriteString(letter)
			truths = append(truths, f.NewCall(TruthFunction, c.Args()[0]))
		}
		if !strings.ContainsAny(shape.String(), "sw") {
			return nil, f.NewError(a[1].ID(), "sequence() needs at least one step(condition)")
		}
		event := f.NewCall(EventFunction, f.NewIdent(a[0].AsIdent()), f.NewList(truths...))
		events, err := parser.MakeMap(f, rows, []ast.Expr{a[0], event})
		if err != nil {
			return nil, err
		}
		return f.NewMemberCall("sequence", events, f.NewLiteral(types.String(shape.String())), f.NewList(limits...)), nil
	})
}

// eventFunction makes an event of a row: when it happened, and what the
// conditions say of it.
func eventFunction(entity string) Function {
	return Function{Name: EventFunction, Overload: RelationOverload(EventFunction, entity), Args: args(recordCEL(entity), types.NewListType(tTruth)), Result: tEvent,
		Doc: "A row with what conditions say of it.", Impl: func(_ *time.Location, a []ref.Val) ref.Val {
			row, ok := a[0].(*Record)
			if !ok {
				return types.MaybeNoSuchOverloadErr(a[0])
			}
			at, ok := row.happened.(types.Timestamp)
			if !ok {
				return types.NewErr("a row has no time")
			}
			e := &eventValue{inner: inner{tEvent}, at: at.Time}
			list, ok := a[1].(traits.Lister)
			if !ok {
				return types.MaybeNoSuchOverloadErr(a[1])
			}
			for it := list.Iterator(); it.HasNext() == types.True; {
				v, ok := it.Next().(*truthValue)
				if !ok {
					return types.NewErr("a condition is not known")
				}
				e.truths = append(e.truths, v)
			}
			return e
		}}
}

// inner makes values inside expressions out of Go types: they have a type and
// nothing that a rule could do with them.
type inner struct{ typ *types.Type }

func (v inner) ConvertToNative(reflect.Type) (any, error) { return nil, errInner }
func (v inner) ConvertToType(ref.Type) ref.Val            { return types.NewErr("it cannot be converted") }
func (v inner) Equal(ref.Val) ref.Val                     { return types.False }
func (v inner) Type() ref.Type                            { return v.typ }
func (v inner) Value() any                                { return v }

var errInner = errors.New("it does not leave an expression")

// truthValue is what a condition says of a row: TRUE, FALSE, or ⊥ with its reason.
type truthValue struct {
	inner
	yes, no bool
	reason  ref.Val // of ⊥
}

// eventValue is a row of a sequence.
type eventValue struct {
	inner
	at     time.Time
	truths []*truthValue
}

func truthOf(_ *time.Location, a []ref.Val) ref.Val {
	v := &truthValue{inner: inner{tTruth}}
	switch b, known := a[0].(types.Bool); {
	case known:
		v.yes, v.no = bool(b), !bool(b)
	case types.IsUnknownOrError(a[0]):
		v.reason = a[0]
	default:
		v.reason = types.NewErr("a condition is empty")
	}
	return v
}

// chain is a sequence, taken apart: steps, each with a limit or -1, and what
// must not occur before the first step (0), between steps i and i+1 (i) and
// after the last. Numbers are positions among the parts.
type chain struct {
	steps  []int
	limits []time.Duration
	never  [][]int
}

// ParseShape takes the shape of a sequence apart: for each step its position
// among the parts, and which of the limits it has, or -1; and the positions of
// what must not occur, before the first step, after each.
func ParseShape(shape string) (steps, limits []int, never [][]int) {
	never = make([][]int, 1)
	n := 0
	for i, letter := range shape {
		switch letter {
		case 'n':
			never[len(steps)] = append(never[len(steps)], i)
			continue
		case 'w':
			limits = append(limits, n)
			n++
		default:
			limits = append(limits, -1)
		}
		steps, never = append(steps, i), append(never, nil)
	}
	return steps, limits, never
}

// sequence is TRUE where rows that are certain make it so, FALSE where no rows
// could, else ⊥: it is exists over all choices of rows, which absorbs ⊥.
func sequence(_ *time.Location, a []ref.Val) ref.Val {
	shape, ok := a[1].(types.String)
	list, ok1 := a[0].(traits.Lister)
	lengths, ok2 := a[2].(traits.Lister)
	if !ok || !ok1 || !ok2 {
		return types.MaybeNoSuchOverloadErr(a[0])
	}
	var limits []time.Duration
	for it := lengths.Iterator(); it.HasNext() == types.True; {
		v := it.Next()
		d, ok := v.(types.Duration)
		if !ok {
			return types.MaybeNoSuchOverloadErr(v)
		}
		limits = append(limits, d.Duration)
	}
	c := chain{}
	var which []int
	c.steps, which, c.never = ParseShape(string(shape))
	for _, i := range which {
		limit := time.Duration(-1)
		if i >= 0 {
			limit = max(limits[i], -1)
		}
		c.limits = append(c.limits, limit)
	}
	var events []*eventValue
	var reason ref.Val
	for it := list.Iterator(); it.HasNext() == types.True; {
		e, ok := it.Next().(*eventValue)
		if !ok {
			return types.NewErr("a row is not known")
		}
		events = append(events, e)
		for _, t := range e.truths {
			if reason == nil {
				reason = t.reason
			}
		}
	}
	switch {
	case c.occurs(which, events, true):
		return types.True
	case reason == nil || !c.occurs(which, events, false):
		return types.False
	}
	return reason
}

// occurs goes through the rows once. Of all rows at which the first i steps can
// end only the latest matters: later steps have the more time, and the less
// lies between. Sure takes ⊥ for what spoils the sequence, else for what makes it.
func (c chain) occurs(which []int, events []*eventValue, sure bool) bool {
	n := len(c.steps)
	alive, last := make([]bool, n+1), make([]time.Time, n+1)
	alive[0] = true
	for _, e := range events {
		for i := n; i >= 0; i-- {
			if i > 0 && alive[i-1] && e.truths[c.steps[i-1]].holds(sure) &&
				(which[i-1] < 0 || !e.at.After(last[i-1].Add(c.limits[i-1]))) {
				alive[i], last[i] = true, e.at
				continue
			}
			for _, part := range c.never[i] {
				if e.truths[part].holds(!sure) {
					alive[i] = false
				}
			}
		}
	}
	return alive[n]
}

// holds says whether a condition is TRUE, or with ⊥ taken for TRUE.
func (v *truthValue) holds(sure bool) bool {
	if sure {
		return v.yes
	}
	return !v.no
}

// SequenceParts takes apart what the macro leaves; ok is false for other calls.
func SequenceParts(c ast.CallExpr) (rows ast.ComprehensionExpr, conditions, limits []ast.Expr, shape string, ok bool) {
	if !c.IsMemberFunction() || c.Target().Kind() != ast.ComprehensionKind || len(c.Args()) != 2 || c.Args()[1].Kind() != ast.ListKind {
		return nil, nil, nil, "", false
	}
	rows = c.Target().AsComprehension()
	text, ok := literal[types.String](c.Args()[0])
	shape = string(text)
	step := rows.LoopStep()
	if !ok || step.Kind() != ast.CallKind || step.AsCall().FunctionName() != operators.Add || len(step.AsCall().Args()) != 2 {
		return nil, nil, nil, "", false
	}
	element := step.AsCall().Args()[1]
	if element.Kind() != ast.ListKind || element.AsList().Size() != 1 {
		return nil, nil, nil, "", false
	}
	event := element.AsList().Elements()[0]
	if event.Kind() != ast.CallKind || event.AsCall().FunctionName() != EventFunction {
		return nil, nil, nil, "", false
	}
	for _, truth := range event.AsCall().Args()[1].AsList().Elements() {
		conditions = append(conditions, truth.AsCall().Args()[0])
	}
	return rows, conditions, c.Args()[1].AsList().Elements(), shape, len(conditions) == len(shape)
}
