package sqlgen

import (
	"fmt"
	"strings"
	"time"

	"personae/engine/plan"
	"personae/engine/sqltext"
)

// WeekHoursSQL counts the instants of related rows by hour of the week: hour (0
// is Monday's first, NULL a row without an instant; -1 everyone who has a row),
// n rows and p people, and of picture i its members' n<i> and p<i>. Each person
// is counted once an hour: rows are first grouped by person and hour.
func WeekHoursSQL(w plan.WeekHours, entity *plan.EntityPlan, zone *time.Location, d Dialect, asOf time.Time) (string, error) {
	rows := sqltext.Path(SnapshotSchema, w.Table.Name)
	inner, err := SelectSQL(d, asOf, rows, "", []plan.Output{{Name: "t", Expr: w.At}, {Name: "keep", Expr: w.Keep}})
	if err != nil {
		return "", err
	}
	local := "x.t AT TIME ZONE " + sqltext.Literal(zone.String())
	hour := "((isodow(" + local + ") - 1) * 24 + hour(" + local + "))::INT"
	one := fmt.Sprintf("SELECT s.%s AS who, %s AS hour, count(*) AS c FROM (%s) x POSITIONAL JOIN %s s WHERE x.keep GROUP BY 1, 2", sqltext.Ident(w.Table.By), hour, inner, rows)
	var members, counts []string
	for i, p := range w.Pictures {
		members = append(members, fmt.Sprintf(", (r.%s IS NOT DISTINCT FROM true) AS m%d", sqltext.Ident(p.Members), i))
		counts = append(counts, fmt.Sprintf(", coalesce(sum(c) FILTER (m%d), 0)::BIGINT AS n%[1]d, (count(DISTINCT who) FILTER (m%[1]d))::BIGINT AS p%[1]d", i))
	}
	from := fmt.Sprintf("(SELECT g.*%s FROM (%s) g JOIN %s r ON r.%s = g.who)", strings.Join(members, ""), one, sqltext.Path(ResultSchema, entity.Entity.Name), sqltext.Ident(entity.Entity.Table.Key))
	list := "sum(c)::BIGINT AS n, count(DISTINCT who) AS p" + strings.Join(counts, "")
	return "WITH one AS MATERIALIZED " + from + "\nSELECT hour, " + list + " FROM one GROUP BY hour UNION ALL SELECT -1, " + list + " FROM one", nil
}
