package ruletest

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"time"

	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/source"
)

// judge compares what is expected of a test with what came.
func (r *runner) judge(t *compile.Test) *Result {
	out := &Result{Name: t.Name, Range: t.Spec.Name.Range()}
	for _, e := range t.Expects {
		a := r.answers[e]
		switch {
		case a == nil:
			out.Failures.Report("internal", e.At, "%s was not evaluated", e.Name).Detail = "This is an error of Personae. Please report it with the test."
		case a.decided && !same(a.cel, a.sql, false):
			out.Failures.Report("internal", e.At, "%s: SQL says %s, and cel-go says %s", e.Name, show(a.sql), show(a.cel)).
				Detail = "The two must agree. This is an error of Personae, not of the rule. Please report it with the test."
		case !same(resultOf(e.Want), a.cel, true):
			failed(out, t, e, a)
		}
	}
	return out
}

func failed(out *Result, t *compile.Test, e *compile.Expectation, a *answer) {
	of := e.Name
	if len(t.Rows) > 1 {
		of += " of " + compile.KeyText(e.Row.Key)
	}
	d := out.Failures.Report("test-failed", e.At, "%s: %s is %s, and %s is expected", t.Name, of, show(a.cel), show(resultOf(e.Want)))
	d.Detail = strings.Join(a.why, "\n")
	if at := written(e); !at.IsZero() {
		d.Relate(at, "The rule")
	}
}

// written is the expression that was to give the answer: of a segmentation, the
// expected rung; none of a score or a journey, whose parts the reasons name.
func written(e *compile.Expectation) source.Range {
	switch {
	case e.Persona != nil:
		return e.Persona.Who.Text.Range()
	case e.Export != nil:
		return e.Export.Who.Text.Range()
	case e.Rule.Expr != nil:
		return e.Rule.Expr.Text.Range()
	}
	for _, rung := range e.Rule.Rungs {
		if rung.Name == e.Want.Value {
			return rung.When.Text.Range()
		}
	}
	return source.Range{}
}

// same compares two answers. People write 33.333 for a third of a hundred, so
// what they expect of a double is met by what differs by less than a billionth
// of it; the two engines have to agree to the last bit.
func same(want, got eval.Result, lenient bool) bool {
	if want.Outcome != got.Outcome {
		return false
	}
	if want.Outcome != eval.Value {
		return true
	}
	return sameValue(want.Value, got.Value, lenient)
}

func sameValue(want, got any, lenient bool) bool {
	switch w := want.(type) {
	case float64:
		g, ok := got.(float64)
		if !ok {
			return false
		}
		if w != w || g != g {
			return w != w && g != g
		}
		return w == g || lenient && math.Abs(w-g) <= 1e-9*math.Max(math.Abs(w), math.Abs(g))
	case time.Time:
		g, ok := got.(time.Time)
		return ok && w.Truncate(time.Microsecond).Equal(g.Truncate(time.Microsecond))
	case []byte:
		g, ok := got.([]byte)
		return ok && bytes.Equal(w, g)
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) != len(g) {
			return false
		}
		for i := range w {
			if !sameValue(w[i], g[i], lenient) {
				return false
			}
		}
		return true
	case map[string]any, map[any]any:
		return fmt.Sprint(w) == fmt.Sprint(got)
	}
	return want == got
}

// show writes an answer as a test writes it.
func show(r eval.Result) string {
	switch r.Outcome {
	case eval.Bottom:
		return "unknown"
	case eval.Null:
		return "null"
	}
	return showValue(r.Value)
}

func showValue(v any) string {
	switch x := v.(type) {
	case string:
		return fmt.Sprintf("%q", x)
	case float64:
		text := fmt.Sprint(x)
		if !strings.ContainsAny(text, ".eN") {
			text += ".0"
		}
		return text
	case time.Time:
		return x.Format(time.RFC3339Nano)
	case time.Duration:
		if day := 24 * time.Hour; x%day == 0 {
			return fmt.Sprintf("days(%d)", x/day)
		}
		return x.String()
	case []any:
		parts := make([]string, len(x))
		for i, one := range x {
			parts[i] = showValue(one)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}
