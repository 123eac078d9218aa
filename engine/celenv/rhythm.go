package celenv

import (
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// MaxWeeks is how many weeks weeksActive looks back at most: a hundred years.
const MaxWeeks = 5200

// week is seven times 24 hours: weeks are counted back from now, not by the
// calendar, so that each is as long as the other.
const week = 7 * 24 * time.Hour

// moments are the times of a list of related rows, in its order, and the
// instant as of which the rows were read; nil for no rows.
func moments(list ref.Val) (at []types.Timestamp, now types.Timestamp, bad ref.Val) {
	rows, ok := list.(traits.Lister)
	if !ok {
		return nil, now, types.MaybeNoSuchOverloadErr(list)
	}
	for it := rows.Iterator(); it.HasNext() == types.True; {
		v := it.Next()
		row, ok := v.(*Record)
		if !ok {
			if types.IsUnknownOrError(v) {
				return nil, now, v
			}
			return nil, now, types.NewErr("a row is not known")
		}
		t, ok1 := row.happened.(types.Timestamp)
		asOf, ok2 := row.now.(types.Timestamp)
		if !ok1 || !ok2 {
			return nil, now, types.NewErr("a row has no time")
		}
		at, now = append(at, t), asOf
	}
	return at, now, nil
}

// weeksActive counts in how many of the last n weeks there was a row. Week k,
// from 0, is now - (k+1) weeks < t <= now - k weeks.
func weeksActive(_ *time.Location, a []ref.Val) ref.Val {
	n, ok := a[1].(types.Int)
	if !ok {
		return types.MaybeNoSuchOverloadErr(a[1])
	}
	if n < 1 || n > MaxWeeks {
		return types.NewErr("weeksActive looks at 1 to %d weeks", MaxWeeks)
	}
	at, now, bad := moments(a[0])
	if bad != nil {
		return bad
	}
	seen := map[int64]bool{}
	for _, t := range at {
		if ago := now.Sub(t.Time); ago >= 0 && ago < time.Duration(n)*week {
			seen[int64(ago/week)] = true
		}
	}
	return types.Int(len(seen))
}

// gaps lists the times between each row and the one before it, in order. Rows
// that lie further apart than a length of time can say have none.
func gaps(_ *time.Location, a []ref.Val) ref.Val {
	at, _, bad := moments(a[0])
	if bad != nil {
		return bad
	}
	list := []ref.Val{}
	if len(at) > 0 {
		if span := at[len(at)-1].Subtract(at[0]); types.IsError(span) {
			return span
		}
	}
	for i := 1; i < len(at); i++ {
		list = append(list, types.Duration{Duration: at[i].Sub(at[i-1].Time)})
	}
	return types.NewRefValList(types.DefaultTypeAdapter, list)
}
