package sqlgen

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"personae/engine/plan"
	"personae/engine/sqltext"
)

// What lies between related rows, and sequences of them, are about a row and
// those before it: windows over the rows of one owner in their order.

// Columns of these queries; no rule can use such names.
const (
	atColumn  = `"≡at"`
	numbered  = `"≡n"`
	badColumn = `"≡bad"`
)

// inOrder sorts columns, nulls at the end.
func inOrder(columns []string) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = sqltext.Ident(c) + " NULLS LAST"
	}
	return strings.Join(list, ", ")
}

// gaps is a FROM clause with a row for each kept row of a relation but the
// first of each owner: the time since the one before.
func (r *relations) gaps(e *plan.Expr) string {
	f := e.Fold
	t := f.Relation()
	pass := []string{t.By}
	if t.Key != "" {
		pass = append(pass, t.Key)
	}
	l, w := r.rows(f, pass)
	at, kept := w.value(f.Value), (&grouper{r: r, l: l, w: w}).kept(f)
	from := l.from()
	if l.err != nil && r.err == nil {
		r.err = l.err
	}
	condition := ""
	if kept != "" {
		condition = " WHERE " + kept
	}
	var list []string
	for _, c := range pass {
		list = append(list, sqltext.Ident(c))
	}
	columns, window := strings.Join(list, ", "), " OVER (PARTITION BY "+sqltext.Ident(t.By)+" ORDER BY "+atColumn+")"
	gap := "CASE WHEN \"≡us\" <= 9223372036854775 THEN \"≡us\" * 1000 END"
	return fmt.Sprintf(`(SELECT %s, %s, %s AS %s FROM
  (SELECT %s, row_number()%s AS %s, %s - lag(%s)%s AS "≡us" FROM
    (SELECT %s, %s AS %s FROM %s%s))
  WHERE "≡us" IS NOT NULL)`,
		columns, sqltext.Ident(plan.RowColumn), gap, sqltext.Ident(plan.GapColumn),
		columns, window, sqltext.Ident(plan.RowColumn), atColumn, atColumn, window,
		columns, r.d.Micros(at), atColumn, from, condition)
}

// rows are the layers over a relation's rows for a fold that is a query of its own.
func (r *relations) rows(f *plan.Fold, pass []string) (*layers, *writer) {
	source, names := r.join(sqltext.Path(SnapshotSchema, f.Relation().Name), f.Path, leaves(f.Inner()), pass)
	l := newLayers(r.d, r.now, source, f.Relation().By, withOperands(f.Inner()), 2)
	l.names, l.pass = names, slices.Clone(pass)
	slices.Sort(l.pass)
	return l, l.writer()
}

// sequencer writes the query of one sequence. Of all rows at which the first
// steps can end only the latest counts: what follows has the more time, and the
// less lies between. So each step is a look at the latest row before that ends
// the steps before it. Rows that no condition takes are left out first.
type sequencer struct {
	r     *relations
	f     *plan.Fold
	g     *grouper
	by    string
	order string // of the rows of one owner
	forms []form // sure: rows that are certain; maybe: rows that are possible
}

func (r *relations) sequence(e *plan.Expr) string {
	f := e.Fold
	s := &sequencer{r: r, f: f, by: sqltext.Ident(f.Relation().By), forms: []form{sure}}
	for _, p := range f.Sequence.Parts() {
		if p.MayBottom {
			s.forms = []form{sure, maybe}
		}
	}
	l, w := r.rows(f, append([]string{f.Relation().By}, f.Order()...))
	s.g = &grouper{r: r, l: l, w: w}
	s.order = s.eventOrder()
	from := s.events()
	if s.numbers() {
		from = "(SELECT *, row_number() OVER (PARTITION BY " + s.by + " ORDER BY " + s.order + ") AS " + numbered + " FROM " + from + ")"
		s.order = numbered
	}
	from = s.firstEnds(from)
	for step := 1; step < len(f.Sequence.Steps); step++ {
		from = s.step(step, from)
	}
	if l.err != nil && r.err == nil {
		r.err = l.err
	}
	result := s.ends(sure)
	if len(s.forms) > 1 {
		result = "CASE WHEN " + result + " THEN true WHEN " + s.ends(maybe) + " THEN NULL ELSE false END"
	}
	if f.Keep.MayBottom {
		result = "CASE WHEN NOT bool_or(" + badColumn + ") THEN " + result + " END"
	}
	return "SELECT " + s.by + " AS " + ownerKey + ", " + result + " AS " + nodeName(e) + "\nFROM " + from + "\nGROUP BY " + s.by
}

// other is the form in which a condition spoils what in this form makes a sequence.
func other(f form) form { return sure + maybe - f }

// bit is a condition in a form.
func (s *sequencer) bit(e *plan.Expr, f form) string {
	if e.Decided() {
		return "(" + s.g.w.value(e) + ")"
	}
	if f == sure {
		return "(" + s.g.w.sure(e) + " = 1)"
	}
	return "(" + s.g.w.maybe(e) + " = 1)"
}

// anyOf joins conditions; "" for none.
func (s *sequencer) anyOf(list []*plan.Expr, f form) string {
	bits := make([]string, len(list))
	for i, e := range list {
		bits[i] = s.bit(e, f)
	}
	return strings.Join(bits, " OR ")
}

func (s *sequencer) name(kind string, i int, f form) string {
	return fmt.Sprintf(`"≡%s%d%s"`, kind, i, [forms]string{sure: "", maybe: "?"}[f])
}

// events are the rows that a condition takes, numbered, with what each
// condition says of them, and where the first step ends.
func (s *sequencer) events() string {
	f := s.f
	list := []string{s.by, s.r.d.Micros(s.g.w.value(f.Value)) + " AS " + atColumn}
	var takes []string
	add := func(condition, name string) {
		list = append(list, condition+" AS "+name)
		takes = append(takes, name)
	}
	for _, form := range s.forms {
		for i, e := range f.Sequence.Steps {
			add(s.bit(e, form), s.name("step", i, form))
		}
		for i, never := range f.Sequence.Never {
			if len(never) > 0 {
				add("("+s.anyOf(never, other(form))+")", s.name("never", i, form))
			}
		}
	}
	for _, column := range f.Order() {
		list = append(list, sqltext.Ident(column)+" AS "+sqltext.Ident("≡by "+column))
	}
	kept := "true"
	if k := s.g.kept(f); k != "" {
		kept = k
	}
	if f.Keep.MayBottom {
		bad := s.g.isBottom(f.Keep)
		add(bad, badColumn)
		kept = "(" + kept + " OR " + bad + ")"
	}
	return fmt.Sprintf("(SELECT * FROM\n  (SELECT %s FROM %s WHERE %s)\n  WHERE %s)", strings.Join(list, ",\n      "), s.g.l.from(), kept, strings.Join(takes, " OR "))
}

// eventOrder is the order of the relation, by the columns that events keep.
func (s *sequencer) eventOrder() string {
	order := make([]string, len(s.f.Order()))
	for i, column := range s.f.Order() {
		order[i] = "≡by " + column
	}
	return inOrder(order)
}

// numbers says that rows are numbered: to say what lies between two, or because
// several steps sort by the number, which is cheaper. Two steps sort once.
func (s *sequencer) numbers() bool {
	for _, list := range s.f.Sequence.Never {
		if len(list) > 0 {
			return true
		}
	}
	return len(s.f.Sequence.Steps) > 2
}

// before is the window of the rows before a row.
func (s *sequencer) before() string {
	return " OVER (PARTITION BY " + s.by + " ORDER BY " + s.order + " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
}

// firstEnds adds where the first step ends.
func (s *sequencer) firstEnds(from string) string {
	ends := []string{"*"}
	for _, form := range s.forms {
		first := s.name("step", 0, form)
		if len(s.f.Sequence.Never[0]) > 0 {
			first += " AND NOT coalesce(bool_or(" + s.name("never", 0, form) + ")" + s.before() + ", false)"
		}
		ends = append(ends, first+" AS "+s.name("end", 0, form))
	}
	return "(SELECT " + strings.Join(ends, ", ") + " FROM " + from + ")"
}

// step adds where a step ends: at a row that it takes, if the latest row before
// at which the steps before can end is near enough, and nothing lies between
// that must not.
func (s *sequencer) step(i int, from string) string {
	before := s.before()
	latest := []string{"*"}
	ends := []string{"*"}
	for _, form := range s.forms {
		end, row, at, spoilt := s.name("end", i-1, form), s.name("row", i, form), s.name("at", i, form), s.name("spoilt", i, form)
		condition, limit, never := s.name("step", i, form), s.f.Sequence.Limits[i], len(s.f.Sequence.Never[i]) > 0
		if limit != nil {
			latest = append(latest, "max(CASE WHEN "+end+" THEN "+atColumn+" END)"+before+" AS "+at)
			condition += " AND " + atColumn + " - " + at + " <= " + s.r.d.Constant(micros(*limit))
		}
		if never {
			latest = append(latest, "max(CASE WHEN "+end+" THEN "+numbered+" END)"+before+" AS "+row,
				"max(CASE WHEN "+s.name("never", i, form)+" THEN "+numbered+" END)"+before+" AS "+spoilt)
			condition += " AND coalesce(" + spoilt + ", 0) <= " + row
		}
		if limit == nil && !never {
			latest = append(latest, "bool_or("+end+")"+before+" AS "+row)
			condition += " AND " + row
		}
		ends = append(ends, "coalesce("+condition+", false) AS "+s.name("end", i, form))
	}
	return "(SELECT " + strings.Join(ends, ",\n    ") + " FROM\n  (SELECT " + strings.Join(latest, ",\n    ") + " FROM " + from + "))"
}

// micros is a limit in whole microseconds, which is all that times have.
func micros(d time.Duration) int64 {
	us := int64(d / time.Microsecond)
	if d < 0 && d%time.Microsecond != 0 {
		us--
	}
	return us
}

// ends says whether all steps end at a row of the owner, and nothing comes after
// it that must not.
func (s *sequencer) ends(f form) string {
	n := len(s.f.Sequence.Steps)
	end := s.name("end", n-1, f)
	if len(s.f.Sequence.Never[n]) == 0 {
		return "bool_or(" + end + ")"
	}
	row := "max(CASE WHEN " + end + " THEN " + numbered + " END)"
	return "coalesce(" + row + " >= coalesce(max(CASE WHEN " + s.name("never", n, f) + " THEN " + numbered + " END), 0), false)"
}
