package evaluate

import (
	"math/big"
	"strconv"
	"testing"

	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/results"
	"personae/engine/spec"
)

// scoreReference works out a score from what cel-go says of its parts and from
// what is written, in fractions.
func scoreReference(m *spec.Module, r *compile.Rule, ask func(*compile.Expr) eval.Result, want map[string]any, row *eval.Row) {
	var doc *spec.Score
	for _, s := range m.Scores {
		if s.Name.Value() == r.Name {
			doc = s
		}
	}
	fraction := func(v float64) *big.Rat {
		x, _ := new(big.Rat).SetString(strconv.FormatFloat(v, 'f', -1, 64))
		return x
	}
	worst, best := new(big.Rat), new(big.Rat)
	for i, p := range doc.Parts {
		result := ask(r.Score.Parts[i].When)
		want["part:"+r.Name+":"+p.Name.Value()] = result.Value
		switch points := fraction(p.Points.V); {
		case result.Outcome == eval.False:
		case result.Outcome == eval.True:
			worst.Add(worst, points)
			best.Add(best, points)
		case p.Unknown.Set:
			worst.Add(worst, fraction(p.Unknown.V))
			best.Add(best, fraction(p.Unknown.V))
		case points.Sign() > 0:
			best.Add(best, points)
		default:
			worst.Add(worst, points)
		}
	}
	band := func(x *big.Rat) string {
		for _, b := range doc.Bands {
			if x.Cmp(fraction(b.Value.V)) >= 0 {
				return b.Key.Value()
			}
		}
		return ""
	}
	least, _ := worst.Float64()
	most, _ := best.Float64()
	var known, points any
	if band(worst) == band(best) {
		known = band(worst)
	}
	if worst.Cmp(best) == 0 {
		points = least
	}
	want[r.Name+"_points"], want[r.Name+"_max"], want[r.Name+"_band"] = least, most, known
	row.SetScore(r.Name, points)
	row.SetSegmentation(r.Name, known)
	if r.Score.Outcome != nil {
		want["outcome:"+r.Name] = ask(r.Score.Outcome).Value
	}
}

// checkScores proves that what the report is told of scores are counts of the
// rows.
func (h *holes) checkScores(t *testing.T, found *results.EntityResults, want []map[string]any) {
	t.Helper()
	if len(found.Scores) != 2 {
		t.Fatalf("%d scores", len(found.Scores))
	}
	for _, s := range found.Scores {
		all := int64(0)
		for _, b := range s.Bands {
			all += b.Rows
			var rows, yes, unknown int64
			for _, r := range want {
				if name, _ := r[s.Name+"_band"].(string); name != b.Name {
					continue
				}
				rows++
				switch r["outcome:"+s.Name] {
				case true:
					yes++
				case nil:
					unknown++
				}
			}
			if b.Rows != rows || b.Yes != yes || b.Unknown != unknown || rows == 0 || unknown == 0 {
				t.Errorf("%s, %q: %+v, want %d rows, %d with the outcome and %d unknown", s.Name, b.Name, b, rows, yes, unknown)
			}
		}
		if all != found.Population {
			t.Errorf("%s: %d rows in bands, of %d", s.Name, all, found.Population)
		}
		var rows, wanted int64
		for i, g := range s.Gain {
			rows += g.Rows
			if i > 0 && g.Points >= s.Gain[i-1].Points || g.Yes > g.Rows {
				t.Errorf("%s: gain %+v after %+v", s.Name, g, s.Gain[i-1])
			}
		}
		for _, r := range want {
			if r[s.Name+"_points"] == r[s.Name+"_max"] && r["outcome:"+s.Name] != nil {
				wanted++
			}
		}
		if rows != wanted || rows == 0 || rows == found.Population {
			t.Errorf("%s: the gain line is about %d rows, want %d", s.Name, rows, wanted)
		}
	}
}
