package celenv

import (
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// RelationOverload is the overload id of within, before and between over the
// rows of an entity.
func RelationOverload(name, entity string) string { return "list_" + entity + "_" + name }

// relationFunctions are the functions over rows that have a time: one overload
// for each relation, so that a list without one is refused by its type. The
// instant that they measure from comes with the rows.
func relationFunctions(o Options) []Function {
	var all []Function
	for _, t := range o.Tables {
		if t.Of == "" || t.Time == "" || t.Entity == "" {
			continue
		}
		rows := types.NewListType(recordCEL(t.Entity))
		add := func(name, doc string, lengths int, in window) {
			f := Function{Name: name, Overload: RelationOverload(name, t.Entity), Member: true, Args: args(rows), Result: rows, Doc: doc, Impl: inWindow(in)}
			for range lengths {
				f.Args = append(f.Args, tDuration)
			}
			all = append(all, f)
		}
		all = append(all, eventFunction(t.Entity),
			Function{Name: "gaps", Overload: RelationOverload("gaps", t.Entity), Member: true, Args: args(rows), Result: types.NewListType(tDuration), Impl: gaps,
				Doc: "The times between each row and the one before it, in order."},
			Function{Name: "weeksActive", Overload: RelationOverload("weeksActive", t.Entity), Member: true, Args: args(rows, tInt), Result: tInt, Impl: weeksActive,
				Doc: "In how many of the last n weeks there was a row; weeks are 7 days back from now."})
		add("within", "The rows of the last d: later than now - d, up to now.", 1, func(now types.Timestamp, d []ref.Val) (after, upTo ref.Val) {
			return now.Subtract(d[0]), now
		})
		add("before", "The rows from before the last d: up to now - d.", 1, func(now types.Timestamp, d []ref.Val) (after, upTo ref.Val) {
			return nil, now.Subtract(d[0])
		})
		add("between", "The rows later than now - d1, up to now - d2.", 2, func(now types.Timestamp, d []ref.Val) (after, upTo ref.Val) {
			return now.Subtract(d[0]), now.Subtract(d[1])
		})
	}
	return all
}

// window turns lengths of time into an interval that is open at its start; a
// nil start is the beginning of time.
type window func(now types.Timestamp, lengths []ref.Val) (after, upTo ref.Val)

func inWindow(in window) func(*time.Location, []ref.Val) ref.Val {
	return func(_ *time.Location, a []ref.Val) ref.Val {
		list, ok := a[0].(traits.Lister)
		if !ok {
			return types.MaybeNoSuchOverloadErr(a[0])
		}
		for _, d := range a[1:] {
			if _, ok := d.(types.Duration); !ok {
				return types.MaybeNoSuchOverloadErr(d)
			}
		}
		kept := []ref.Val{}
		for it := list.Iterator(); it.HasNext() == types.True; {
			row, ok := it.Next().(*Record)
			if !ok {
				return types.NewErr("a row is not known")
			}
			at, ok1 := row.happened.(types.Timestamp)
			now, ok2 := row.now.(types.Timestamp)
			if !ok1 || !ok2 {
				return types.NewErr("a row has no time")
			}
			after, upTo := in(now, a[1:])
			if types.IsError(after) {
				return after
			}
			if types.IsError(upTo) {
				return upTo
			}
			if (after == nil || at.Compare(after) == types.IntOne) && at.Compare(upTo) != types.IntOne {
				kept = append(kept, row)
			}
		}
		return types.NewRefValList(types.DefaultTypeAdapter, kept)
	}
}
