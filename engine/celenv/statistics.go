package celenv

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Overload ids of the statistics, for those whose types do not vary. The
// others are stat_<name>_<kind>; see Statistics.
const (
	StatCount = "stat_count"
	StatShare = "stat_share_bool"
	StatLift  = "stat_lift_bool"
)

// Statistics are the functions over the members of a persona. Arguments are
// over one member; parameters (p of percentile, n of top) must be literals,
// which compile checks. SQL alone computes them, so they have no Impl: in a
// Formula each is a variable.
func Statistics() []Function { return append([]Function{}, statistics...) }

var statistics = statisticTable()

func statisticTable() []Function {
	all := []Function{
		{Name: "count", Overload: StatCount, Result: tInt, Doc: "How many members there are."},
		{Name: "share", Overload: StatShare, Args: args(tBool), Result: nullableDouble, Doc: "The share of members for whom it is true, among those for whom it is known."},
		{Name: "lift", Overload: StatLift, Args: args(tBool), Result: nullableDouble, Doc: "The share among members, over the share among everyone."},
	}
	for k, kind := range elementKinds {
		letter := kindLetters[k]
		for _, s := range []struct {
			name, kinds string
			result      *types.Type
			extra       []*types.Type
			doc         string
		}{
			{"sum", "id", kind.Type, nil, "The sum over all members."},
			{"avg", "id", nullableDouble, nil, "The mean over all members."},
			{"median", "id", nullableDouble, nil, "The middle value."},
			{"percentile", "id", nullableDouble, args(tInt), "The value below which p percent of the members lie, 5 to 95."},
			{"percentile", "id", nullableDouble, args(tDouble), "The value below which p percent of the members lie, 5 to 95."},
			{"mode", "idsbtu", kind.Nullable, nil, "The most frequent value; of equally frequent ones the smallest."},
			{"top", "idsbtu", types.NewListType(topTypes[kind.Short].typ), args(tInt), "The n most frequent values, each with value, count and share."},
		} {
			if !containsByte(s.kinds, letter) {
				continue
			}
			id := StatOverload(s.name, kind.Short)
			if s.name == "percentile" {
				id += "_" + shortName(s.extra[0])
			}
			all = append(all, Function{Name: s.name, Overload: id, Args: append(args(kind.Type), s.extra...), Result: s.result, Doc: s.doc})
		}
	}
	return all
}

// StatOverload is the overload id of sum, avg, median, mode or top over an
// operand of int64, double, string, bool, timestamp or duration; percentile
// has _int64 or _double behind it, for p.
func StatOverload(name, kind string) string { return "stat_" + name + "_" + kind }

var statByOverload = func() map[string]string {
	m := map[string]string{}
	for _, f := range statistics {
		m[f.Overload] = f.Name
	}
	return m
}()

// Statistic returns the name of the statistic with that overload id.
func Statistic(overload string) (name string, ok bool) {
	name, ok = statByOverload[overload]
	return name, ok
}

// topTypes are the records that top gives, one type for each kind of operand,
// so that no value is dyn. No one can write their names.
var topTypes = func() map[string]*RecordType {
	m := map[string]*RecordType{}
	for _, k := range elementKinds {
		m[k.Short] = newRecordType("top value ("+k.Type.String()+")", []Field{
			{Name: "value", CEL: k.Type}, {Name: "count", CEL: tInt}, {Name: "share", CEL: tDouble},
		})
	}
	return m
}()

// TopType is the type of the items of top over an operand of that CEL type,
// or nil where top does not take it.
func TopType(operand *types.Type) *RecordType {
	for _, k := range elementKinds {
		if k.Type.Kind() == operand.Kind() {
			return topTypes[k.Short]
		}
	}
	return nil
}

func topRecords() cel.EnvOption {
	all := make([]*RecordType, 0, len(elementKinds))
	for _, k := range elementKinds {
		all = append(all, topTypes[k.Short])
	}
	return withRecords(all...)
}

// TopItem gives the values of one item of top, in the order of its fields.
func TopItem(value any, count int64, share float64) []ref.Val {
	return []ref.Val{types.DefaultTypeAdapter.NativeToValue(value), types.Int(count), types.Double(share)}
}
