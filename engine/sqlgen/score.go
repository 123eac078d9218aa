package sqlgen

import (
	"strings"

	"personae/engine/plan"
	"personae/engine/sqltext"
)

// points adds up the points of the conditions, without branches: a condition is
// 1 or 0 where it is TRUE, and 1 or 0 where it is ⊥.
func (w *writer) points(e *plan.Expr) string {
	var terms []string
	add := func(bits string, points int64) {
		if points != 0 {
			terms = append(terms, bits+"::BIGINT * "+sqltext.Int(points))
		}
	}
	for i, p := range plan.PointsOf(e) {
		a := e.Args[i]
		add(w.one(a), p.Yes)
		if !a.Decided() {
			add(w.isBottom(a), p.Unknown)
		}
	}
	if len(terms) == 0 {
		return "0::BIGINT"
	}
	return "(" + strings.Join(terms, " + ") + ")"
}

// ScoreScript is the SQL of one score, over the table of results.
//
// Bands has a row a band, and one whose band is NULL: band, n, yes and unknown
// of the outcome (NULL without one), and of each part yes0, unknown0, yes1 ...
// Gain, "" without an outcome, has a row a number of points, most first: points,
// n and yes, of those whose points and outcome are known.
type ScoreScript struct {
	Name        string
	Bands, Gain string
}

func (g *generator) scores() []ScoreScript {
	var out []ScoreScript
	for _, o := range g.outputs {
		if o.Kind != plan.BandOutput {
			continue
		}
		name, s := o.Rule.Name, o.Rule.Score
		outcome := sqltext.Ident(plan.OutcomeOutputName(name))
		list := []string{sqltext.Ident(o.Name) + " AS band", "count(*) AS n"}
		count := func(column, suffix string) {
			list = append(list, "count_if("+column+")::BIGINT AS yes"+suffix, "count(*) - count("+column+") AS unknown"+suffix)
		}
		if s.Outcome != nil {
			count(outcome, "")
		}
		for i, p := range s.Parts {
			count(sqltext.Ident(plan.PartOutputName(name, p.Name)), sqltext.Int(int64(i)))
		}
		one := ScoreScript{Name: name, Bands: "SELECT " + strings.Join(list, ",\n  ") + "\nFROM " + g.result() + "\nGROUP BY ALL"}
		if s.Outcome != nil {
			points, most := sqltext.Ident(name+"_points"), sqltext.Ident(name+"_max")
			one.Gain = "SELECT " + points + " AS points, count(*) AS n, count_if(" + outcome + ")::BIGINT AS yes\nFROM " + g.result() +
				"\nWHERE " + points + " = " + most + " AND " + outcome + " IS NOT NULL\nGROUP BY ALL\nORDER BY points DESC"
		}
		out = append(out, one)
	}
	return out
}
