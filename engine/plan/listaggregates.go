package plan

import (
	"strconv"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

var listAggregateRules = listAggregates()

// listAggregates are the rules of aggregates over lists that are values. Nulls are
// skipped: of none but nulls they are null, and the sum is 0.
func listAggregates() map[string]listRule {
	rules := map[string]listRule{
		celenv.ListOverload("sum", "double"): func(b *Builder, a []*Expr) *Expr { return b.Strict(OpSumDoubles, "", a[0]) },
	}
	kinds := map[string]catalog.Kind{"int64": catalog.Int, "double": catalog.Double, "string": catalog.String, "bool": catalog.Bool, "timestamp": catalog.Timestamp, "duration": catalog.Duration}
	for short, kind := range kinds {
		for name, op := range map[string]Op{"min": OpMinList, "max": OpMaxList, "mode": OpModeList} {
			if kind == catalog.Bool && op != OpModeList { // neither is smaller
				continue
			}
			rules[celenv.ListOverload(name, short)] = orNothing(func(b *Builder, a []*Expr) *Expr { return b.ofElement(op, "", kind, a[0]) })
		}
		switch kind {
		case catalog.Int, catalog.Double, catalog.Duration:
			rules[celenv.ListOverload("avg", short)] = orNothing(average)
			rules[celenv.ListOverload("median", short)] = orNothing(func(b *Builder, a []*Expr) *Expr { return b.quantile(a[0], 50) })
			for _, p := range []string{"int64", "double"} {
				rules[celenv.ListOverload("percentile", short)+"_"+p] = percentile
			}
		}
	}
	return rules
}

// orNothing is an aggregate that is null of nothing.
func orNothing(aggregate listRule) listRule {
	return func(b *Builder, a []*Expr) *Expr {
		x := aggregate(b, a)
		if x == nil {
			return nil
		}
		return b.If(b.Strict(OpEq, "", b.Strict(OpCountList, "", a[0]), b.Const(int64(0))), b.Const(nil), x)
	}
}

// ofElement is an operator whose result is an element of its list.
func (b *Builder) ofElement(op Op, name string, kind catalog.Kind, list *Expr) *Expr {
	e := *b.Strict(op, name, list)
	e.Type = catalog.Type{Kind: kind}
	return b.intern(e)
}

func average(b *Builder, a []*Expr) *Expr {
	switch a[0].Type.Elem.Kind {
	case catalog.Duration:
		return b.ofElement(OpAvgLengths, "", catalog.Duration, a[0])
	case catalog.Int:
		return b.Strict(OpDivDouble, "", b.Strict(OpSumWide, "", a[0]), b.Strict(OpIntToDouble, "", b.Strict(OpCountList, "", a[0])))
	}
	return b.Strict(OpDivDouble, "", b.Strict(OpSumDoubles, "", a[0]), b.Strict(OpIntToDouble, "", b.Strict(OpCountList, "", a[0])))
}

// quantile is at (n-1)·p/100 of the sorted list.
func (b *Builder) quantile(list *Expr, p float64) *Expr {
	name := strconv.FormatFloat(p, 'e', -1, 64)
	if list.Type.Elem.Kind == catalog.Duration {
		return b.ofElement(OpLengthQuantile, name, catalog.Duration, list)
	}
	return b.Strict(OpQuantileList, name, list)
}

// percentile has a constant place; nil for others.
func percentile(b *Builder, a []*Expr) *Expr {
	var p float64
	switch v := a[1].Const.(type) {
	case float64:
		p = v
	case int64:
		p = float64(v)
	default:
		return nil
	}
	if !(p >= 0 && p <= 100) {
		return b.Bottom("a percentile is from 0 to 100", catalog.Type{Kind: catalog.Double, Nullable: true})
	}
	return orNothing(func(b *Builder, a []*Expr) *Expr { return b.quantile(a[0], p) })(b, a)
}
