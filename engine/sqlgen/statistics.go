package sqlgen

import (
	"slices"
	"strconv"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// StatColumns says which columns of the statistics row belong to one statistic
// of one persona; "" where it has none. Values over members:
//
//	count                   Value is N
//	share, lift             True and N; the value is True/N (of everyone for lift)
//	sum, avg                Value; NULL out of range
//	median, percentile      Value, a double
//	mode, top               Value, a list of {value, n}, best first
//
// Everyone, EveryoneN and EveryoneTrue are the same over all rows.
type StatColumns struct {
	Persona, Stat, Func                        string
	Value, N, Unknown, Skipped, True           string
	Members, Everyone, EveryoneN, EveryoneTrue string
}

// statistician writes the one row of all statistics.
type statistician struct {
	g       *generator
	list    []Item
	columns map[string]string // SQL to column: equal parts are computed once
	fixed   []Item            // operands in billionths, columns of the FROM clause
	outputs map[string]*plan.Expr
}

// statistics is one query over the result table for all statistics of all
// personas and of everyone.
func (g *generator) statistics(aggregates []plan.Aggregate) (Row, []StatColumns) {
	if len(aggregates) == 0 {
		return Row{}, nil
	}
	s := &statistician{g: g, columns: map[string]string{}, outputs: map[string]*plan.Expr{}}
	for _, o := range g.outputs {
		s.outputs[o.Name] = o.Expr
	}
	var stats []StatColumns
	for _, a := range aggregates {
		stats = append(stats, s.one(a))
	}
	return Row{Items: s.list, Columns: s.fixed, Table: g.result()}, stats
}

// column adds a column, or finds the one with the same SQL.
func (s *statistician) column(sql string) string {
	if c, ok := s.columns[sql]; ok {
		return c
	}
	c := "s" + strconv.Itoa(len(s.columns))
	s.columns[sql] = c
	s.list = append(s.list, Item{sql, c})
	return c
}

func (s *statistician) one(a plan.Aggregate) StatColumns {
	members := sqltext.Ident(a.Members)
	c := StatColumns{Persona: a.Persona, Stat: a.Stat.ID, Func: a.Stat.Func}
	c.Members = s.column("count_if(" + members + ")::BIGINT")
	if a.Operand == "" {
		c.Value, c.N = c.Members, c.Members
		c.Everyone = s.column("count(*)")
		c.EveryoneN = c.Everyone
		return c
	}
	x := sqltext.Ident(a.Operand)
	e := s.outputs[a.Operand]
	c.N = s.column("count(" + only(x, members) + ")")
	c.EveryoneN = s.column("count(" + x + ")")
	if a.Stat.Func == "share" || a.Stat.Func == "lift" {
		c.True = s.column("count_if(" + x + " AND " + members + ")::BIGINT")
		c.EveryoneTrue = s.column("count_if(" + x + ")::BIGINT")
		c.Unknown = s.column("count_if(" + x + " IS NULL AND " + members + ")::BIGINT")
		return c
	}
	c.Value, c.Everyone = s.value(a, x, e, members), s.value(a, x, e, "")
	missing := s.column("count_if(" + x + " IS NULL AND " + members + ")::BIGINT")
	switch {
	case a.NullTest != "":
		test := sqltext.Ident(a.NullTest)
		c.Skipped = s.column("count_if(" + test + " AND " + members + ")::BIGINT")
		c.Unknown = s.column("count_if(" + test + " IS NULL AND " + members + ")::BIGINT")
	case e.MayBottom:
		c.Unknown = missing
	default:
		c.Skipped = missing
	}
	return c
}

// value is the aggregate itself over the rows where filter is true.
func (s *statistician) value(a plan.Aggregate, x string, e *plan.Expr, filter string) string {
	d := s.g.d
	low, ok1 := e.Facts.Min.(float64)
	high, ok2 := e.Facts.Max.(float64)
	small := ok1 && ok2 && e.Facts.NoNaN && low > -9e9 && high < 9e9
	switch a.Stat.Func {
	case "sum", "avg":
		return s.column(s.sum(a.Stat.Func, x, e, filter, small))
	case "median":
		return s.column(d.Quantile(x, filter, 50))
	case "percentile":
		return s.column(d.Quantile(x, filter, a.Stat.Param))
	case "top":
		return s.column(d.Top(x, filter, int64(a.Stat.Param)))
	}
	return s.column(d.Top(x, filter, 1))
}

// sum of whole numbers is exact in 128 bits, and NULL where it leaves 64.
func (s *statistician) sum(f, x string, e *plan.Expr, filter string, small bool) string {
	n := "count(" + only(x, filter) + ")"
	if e.Type.Kind == catalog.Double {
		fixed := sqltext.Ident("≡" + x)
		column := Item{s.g.d.Fixed(x, small), fixed}
		if !slices.Contains(s.fixed, column) {
			s.fixed = append(s.fixed, column)
		}
		sum := s.g.d.FixedSum(x, fixed, filter)
		if f == "sum" {
			return sum
		}
		return "CASE WHEN " + n + " > 0 THEN (" + sum + ") / (" + n + ")::DOUBLE END"
	}
	sum := "coalesce(sum(" + only(x+"::BIGINT", filter) + "), 0)::HUGEINT"
	if f == "avg" {
		return "CASE WHEN " + n + " > 0 THEN (" + sum + ")::DOUBLE / (" + n + ")::DOUBLE END"
	}
	return "CASE WHEN " + sum + inRange + "(" + sum + ")::BIGINT END"
}
