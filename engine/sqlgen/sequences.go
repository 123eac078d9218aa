package sqlgen

import (
	"strings"
	"time"

	"personae/engine/plan"
)

// sequenceEnd says, for certain rows and for possible ones, whether all steps of
// a sequence end at a row, and nothing comes after it that must not: conditions
// for groups. Both are the same where no row is ⊥.
type sequenceEnd struct{ sure, maybe rowsOfEnd }

// rowsOfEnd are columns: where the last step ends, and what must not follow, ""
// for nothing.
type rowsOfEnd struct{ end, never string }

// columns are those that are read.
func (s sequenceEnd) columns() []string {
	var list []string
	for _, rows := range []rowsOfEnd{s.sure, s.maybe} {
		list = append(list, rows.end)
		if rows.never != "" {
			list = append(list, rows.never, rowColumn)
		}
	}
	return list
}

// sequence adds where the steps of a sequence end. Of all rows at which the
// first steps can end only the latest counts: what follows has the more time,
// and the less lies between. So each step is a look at the latest row before
// that ends the steps before it.
func (s *windows) sequence(e *plan.Expr) {
	s.ends[e] = sequenceEnd{sure: s.follow(e.Fold, false), maybe: s.follow(e.Fold, true)}
}

// spoilt stands for the time of a row that must not occur.
const spoilt = "(-9223372036854775808)::BIGINT"

// follow goes through the steps for the rows that are certain, or possible.
func (s *windows) follow(f *plan.Fold, possible bool) rowsOfEnd {
	q := f.Sequence
	step := func(i int) string { return s.flag(f.Keep, s.holds(q.Steps[i], possible)) }
	never := func(i int) string {
		if len(q.Never[i]) == 0 {
			return ""
		}
		list := make([]string, len(q.Never[i]))
		for j, e := range q.Never[i] {
			list[j] = s.holds(e, !possible)
		}
		return s.flag(f.Keep, strings.Join(list, " OR "))
	}
	end, at := step(0), 0
	if spoils := never(0); spoils != "" {
		first := s.level(0)
		seen := first.latest.name(latest("CASE WHEN " + spoils + " THEN true END"))
		end, at = first.found.name("("+end+" AND "+seen+" IS NULL)"), 1
	}
	for i := 1; i < len(q.Steps); i++ {
		level := s.level(at)
		value := "CASE WHEN " + end + " THEN " + atColumn
		if spoils := never(i); spoils != "" { // what ends a step does not lie after it
			value += " WHEN " + spoils + " THEN " + spoilt
		}
		before := level.latest.name(latest(value + " END"))
		end, at = level.found.name("coalesce("+step(i)+" AND "+s.near(before, q.Limits[i], never(i) != "")+", false)"), at+1
	}
	last := rowsOfEnd{end: end, never: never(len(q.Steps))}
	s.count = s.count || last.never != ""
	s.level(0) // a sequence of one step is numbered, too
	return last
}

// near says that a row is near enough to the latest before it that ends a step,
// and that nothing lies between which must not; NULL where there is none.
func (s *windows) near(before string, limit *time.Duration, spoils bool) string {
	within := before + " IS NOT NULL"
	if limit != nil {
		within = atColumn + " - " + before + " <= " + s.r.d.Constant(micros(*limit))
	}
	switch {
	case spoils && limit != nil:
		return "CASE WHEN " + before + " > " + spoilt + " THEN " + within + " END"
	case spoils:
		return before + " > " + spoilt
	}
	return within
}

// micros is a limit in whole microseconds, which is all that times have.
func micros(d time.Duration) int64 {
	us := int64(d / time.Microsecond)
	if d < 0 && d%time.Microsecond != 0 {
		us--
	}
	return us
}

// holds says that a condition is TRUE, or that it is possible: TRUE or ⊥.
func (s *windows) holds(e *plan.Expr, possible bool) string {
	if possible && !e.Decided() {
		return s.w.truth(e) + " <> " + tinyFalse
	}
	return s.w.isTrue(e)
}

// sequence says whether all steps end in a group of rows.
func (g *grouper) sequence(e *plan.Expr) string {
	end := g.ends[e]
	certain := g.ended(end.sure)
	if end.maybe == end.sure {
		return certain
	}
	return "CASE WHEN " + certain + " THEN true WHEN " + g.ended(end.maybe) + " THEN NULL ELSE false END"
}

func (g *grouper) ended(rows rowsOfEnd) string {
	if rows.never == "" {
		return g.anyRow(rows.end)
	}
	last := func(condition string) string { return "max(CASE WHEN " + condition + " THEN " + rowColumn + " END)" }
	return "coalesce(" + last(rows.end) + " >= coalesce(" + last(rows.never) + ", 0), false)"
}
