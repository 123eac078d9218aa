package celenv

import (
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/format"
)

// formatFunctions are asPercent, asMoney, asNumber and asDate, bound to a
// formatter, or only declared where it is nil. A value that is not there is ⊥:
// the text around it is left out, never filled with a word.
func formatFunctions(f *format.Formatter) []Function {
	type byNumber func(x float64, decimals int) (string, bool)
	table := []struct {
		name, doc string
		print     func() byNumber
	}{
		{"asPercent", "A share as a percentage: 0.41 is 41%.", func() byNumber { return f.Percent }},
		{"asMoney", "An amount in the project's currency.", func() byNumber { return f.Money }},
		{"asNumber", "A number with its thousands marked.", func() byNumber { return f.Number }},
	}
	var all []Function
	for _, t := range table {
		for _, k := range elementKinds[:2] {
			impl := func(_ *time.Location, a []ref.Val) ref.Val {
				decimals := format.Auto
				if len(a) == 2 {
					n, ok := a[1].(types.Int)
					if !ok || n < 0 || n > 9 {
						return types.NewErr("a number has 0 to 9 decimals")
					}
					decimals = int(n)
				}
				text, ok := t.print()(number(a[0]), decimals)
				if !ok {
					return types.NewErr("there is no value")
				}
				return types.String(text)
			}
			if f == nil {
				impl = nil
			}
			id := t.name + "_" + k.Short
			all = append(all,
				Function{Name: t.name, Overload: id, Args: args(k.Type), Result: tString, Doc: t.doc, Impl: impl},
				Function{Name: t.name, Overload: id + "_int64", Args: args(k.Type, tInt), Result: tString, Doc: t.doc + " With that many decimals.", Impl: impl})
		}
	}
	date := Function{Name: "asDate", Overload: "asDate_timestamp", Args: args(tTime), Result: tString, Doc: "A date: 31 Dec 2025."}
	if f != nil {
		date.Impl = func(_ *time.Location, a []ref.Val) ref.Val {
			t, ok := a[0].(types.Timestamp)
			if !ok {
				return types.NewErr("there is no value")
			}
			return types.String(f.Date(t.Time))
		}
	}
	return append(all, date)
}
