package eval

import (
	"context"
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/celenv"
)

// Formula is an expression over statistics that is ready to run.
type Formula struct {
	program *Program
	tops    map[string]*celenv.RecordType // of variables that are lists of top's items
}

// TopItem is one value of top(x, n).
type TopItem struct {
	Value any
	Count int64
	Share float64
}

// NewFormula makes an expression of celenv.Formula's environment ready.
func NewFormula(env *cel.Env, checked *cel.Ast) (*Formula, error) {
	program, err := NewProgram(env, checked)
	if err != nil {
		return nil, err
	}
	f := &Formula{program: program, tops: map[string]*celenv.RecordType{}}
	for _, v := range env.Variables() {
		if v.Type().Kind() == types.ListKind {
			if item := celenv.RecordOf(env, v.Type().Parameters()[0].TypeName()); item != nil {
				f.tops[v.Name()] = item
			}
		}
	}
	return f, nil
}

// Eval runs a formula. Statistics are by ID: nil where there is none, []TopItem
// for top, else as Result.Value has them. A statistic that is null or not given
// makes the formula ⊥ where it needs it.
func (f *Formula) Eval(stats map[string]any) (Result, error) {
	vars := make(statistics, len(stats))
	for id, value := range stats {
		items, ok := value.([]TopItem)
		if !ok {
			if vars[id] = toCEL(value); vars[id] == nil {
				vars[id] = types.NullValue
			}
			continue
		}
		typ := f.tops[id]
		if typ == nil {
			return Result{}, fmt.Errorf("%s is no list of most frequent values", id)
		}
		list := make([]ref.Val, len(items))
		for i, item := range items {
			list[i] = celenv.NewRecord(typ, celenv.TopItem(item.Value, item.Count, item.Share))
		}
		vars[id] = types.NewRefValList(types.DefaultTypeAdapter, list)
	}
	result, err := f.program.eval(context.Background(), vars, func(string, []string, string) (string, bool) { return "", false })
	if result.Reason == "a value is empty" || result.Reason == "the list is too short" {
		result.Reason = "there is no value"
	}
	return result, err
}

// statistics are the variables of a formula.
type statistics map[string]ref.Val

// ResolveName finds a statistic, for cel-go.
func (s statistics) ResolveName(name string) (any, bool) {
	v, ok := s[name]
	return v, ok
}

// Parent is nil.
func (s statistics) Parent() cel.Activation { return nil }
