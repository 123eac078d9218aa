package scaffold

import (
	"database/sql"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"personae/engine/catalog"
	"personae/engine/sqltext"
)

// rootTable is where the rows that rules are about are looked at.
var rootTable = sqltext.Path("scaffold", "root:rows")

// group is a set of customers, as a rule and as the same condition in SQL.
type group struct {
	name, title string
	cel, sql    string
	uses        []string // columns that the rule reads: of no news about the group
	share       float64
	why         string
}

// difference is one way in which a group differs from everyone.
type difference struct {
	column *column
	value  string  // of a category; "" for numbers
	score  float64 // in standard deviations, sign aside
	group  float64 // median, or share of the group
	all    float64 // of everyone
}

// differences ranks the columns by how much the group differs in them, the
// strongest first, one entry a column. Numbers go by the difference of means
// over the standard deviation; categories by that of shares, at their value
// that differs most.
func (m *maker) differences(r *root, g group) ([]difference, error) {
	var out []difference
	for _, c := range r.attributes() {
		if slices.Contains(g.uses, c.name) || c.distinct < 2 || idName.MatchString(c.name) {
			continue
		}
		var one []difference
		var err error
		switch {
		case c.number():
			one, err = m.ofNumber(c, g)
		case c.typ.Kind == catalog.Bool || c.distinct <= 30:
			one, err = m.ofCategory(c, g)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, one...)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].score > out[j].score })
	return out, nil
}

func (m *maker) ofNumber(c *column, g group) ([]difference, error) {
	x, in := c.sql(), " FILTER (WHERE "+g.sql+")"
	var all, sd, mean, median, everyone sql.NullFloat64
	var n int64
	err := m.db.QueryRowContext(m.ctx, "SELECT avg("+x+"), stddev_pop(CAST("+x+" AS DOUBLE)), avg("+x+")"+in+", quantile_cont(CAST("+x+" AS DOUBLE), 0.5)"+in+
		", quantile_cont(CAST("+x+" AS DOUBLE), 0.5), count("+x+")"+in+" FROM "+rootTable).Scan(&all, &sd, &mean, &median, &everyone, &n)
	if err != nil || n < 5 || !sd.Valid || sd.Float64 == 0 || math.IsNaN(sd.Float64) || math.IsInf(sd.Float64, 0) || median.Float64 == everyone.Float64 {
		return nil, err
	}
	return []difference{{column: c, score: math.Abs(mean.Float64-all.Float64) / sd.Float64, group: median.Float64, all: everyone.Float64}}, nil
}

func (m *maker) ofCategory(c *column, g group) ([]difference, error) {
	shares, err := m.shares(c, g.sql)
	if err != nil {
		return nil, err
	}
	best := difference{column: c}
	for _, s := range shares {
		if s.group < 0.15 || s.all <= 0 || s.all >= 1 || s.members < 5 || !sayable(s.value) || c.typ.Kind == catalog.Bool && s.value != "true" && s.group < 0.85 {
			continue
		}
		if score := (s.group - s.all) / math.Sqrt(s.all*(1-s.all)); score > best.score {
			best.value, best.score, best.group, best.all = s.value, score, s.group, s.all
		}
	}
	if best.score == 0 {
		return nil, nil
	}
	return []difference{best}, nil
}

// share is one value of a column: how common it is in a group and in all.
type share struct {
	value      string
	group, all float64 // shares among those with a value
	members    int64   // of the group
	rows       int64   // of everyone
}

// shares gives each value of a column, the most frequent first, ties by value.
func (m *maker) shares(c *column, condition string) ([]share, error) {
	query := "SELECT CAST(" + c.sql() + " AS VARCHAR), count(*), count(*) FILTER (WHERE " + condition + "), (SELECT count(*) FROM " + rootTable + "), (SELECT count(*) FILTER (WHERE " + condition + ") FROM " + rootTable + ") FROM " + rootTable +
		" WHERE " + c.sql() + " IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 40"
	rows, err := m.db.QueryContext(m.ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []share
	for rows.Next() {
		var s share
		var all, group int64
		if err := rows.Scan(&s.value, &s.rows, &s.members, &all, &group); err != nil {
			return nil, err
		}
		s.all = float64(s.rows) / float64(max(all, 1))
		s.group = float64(s.members) / float64(max(group, 1))
		out = append(out, s)
	}
	return out, rows.Err()
}

// sayable says whether a value can stand in a sentence and in YAML.
func sayable(s string) bool {
	return strings.TrimSpace(s) != "" && len(s) <= 60 && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
}

// celOf is the condition that a category has a value, in CEL.
func celOf(entity string, c *column, value string) string {
	switch {
	case c.typ.Kind == catalog.Bool:
		return entity + "." + c.name + " == " + value
	case c.number():
		return entity + "." + c.name + " == " + value
	}
	return entity + "." + c.name + " == " + celString(value)
}

// sqlOf is celOf in SQL, false where CEL is.
func sqlOf(c *column, value string) string {
	return "coalesce(CAST(" + c.sql() + " AS VARCHAR) = " + sqltext.Literal(value) + ", false)"
}

// round2 rounds to two digits that count: 4,837 is 4,800.
func round2(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	digits := math.Floor(math.Log10(math.Abs(x))) - 1
	if digits >= 0 {
		unit := math.Pow(10, digits)
		return math.Round(x/unit) * unit
	}
	unit := math.Pow(10, -digits)
	return math.Round(x*unit) / unit
}

// celNumber writes a number as a CEL literal of a column's type.
func celNumber(c *column, x float64) string {
	if c.typ.Kind == catalog.Int {
		return strconv.FormatInt(int64(math.Round(x)), 10)
	}
	return celDouble(x)
}

// celDouble writes a number as a CEL double.
func celDouble(x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// quantile of a column over everyone.
func (m *maker) quantile(c *column, p float64) (float64, error) {
	var q sql.NullFloat64
	err := m.db.QueryRowContext(m.ctx, fmt.Sprintf("SELECT quantile_cont(CAST(%s AS DOUBLE), %g) FROM %s", c.sql(), p, rootTable)).Scan(&q)
	return q.Float64, err
}

// size gives the share of everyone who is in a group.
func (m *maker) size(condition string) (members int64, share float64, err error) {
	n, err := m.ints("SELECT count(*) FILTER (WHERE "+condition+"), count(*) FROM "+rootTable, 2)
	if err != nil {
		return 0, 0, err
	}
	return n[0], float64(n[0]) / float64(max(n[1], 1)), nil
}
