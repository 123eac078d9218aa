package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"personae/engine/catalog"
	"personae/engine/english"
	"personae/engine/sqltext"
)

// mostlyFits is the share of values that must fit a type before it is chosen
// with the rest rejected.
const mostlyFits = 0.98

// dateFormats are tried on text that is no ISO date; of two that fit alike the
// first wins. To add one, add a row.
var dateFormats = []string{
	"%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y",
	"%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%y", "%b %d %Y",
	"%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%m-%d-%Y %H:%M",
	"%d-%m-%Y %H:%M:%S", "%m-%d-%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S",
	"%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p", "%d/%m/%y %H:%M", "%m/%d/%y %H:%M", "%d %b %Y %H:%M", "%d %b %Y %H:%M:%S",
}

// yesNo are pairs of words that are true and false. Our own grammar knows
// true/false and yes/no.
var yesNo = [][2]string{{"y", "n"}, {"t", "f"}, {"ja", "nein"}, {"j", "n"}, {"oui", "non"}, {"si", "no"}, {"on", "off"}}

// values looks at every text column: what stands for null, and what else than
// text it is. Then all is read once more, with what was found.
func (m *maker) values() error {
	again := false
	m.nulls = map[string]int{}
	for _, t := range m.tables {
		for _, c := range t.columns {
			if c.typ.Kind != catalog.String || c.count == 0 {
				continue
			}
			changed, err := m.text1(t, c)
			if err != nil {
				return err
			}
			again = again || changed
		}
	}
	if again {
		if err := m.read(); err != nil || m.list.HasErrors() {
			return err
		}
	}
	for _, t := range m.tables {
		for _, c := range t.columns {
			if err := m.numbers(t, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// text1 looks at one text column.
func (m *maker) text1(t *table, c *column) (changed bool, err error) {
	found, err := m.most(t, c, "lower(trim("+c.sql()+")) IN ("+sqltext.Literals(append(slices.Clone(nullWords), softNullWords...))+")", 40)
	if err != nil {
		return false, err
	}
	var hard, soft []valueCount
	for _, v := range found {
		word := strings.ToLower(strings.TrimSpace(v.value))
		if word == "na" && strings.Contains(c.name, "countr") { // Namibia
			continue
		}
		if slices.Contains(nullWords, word) {
			hard = append(hard, v)
		} else {
			soft = append(soft, v)
		}
	}
	rest := "trim(" + c.sql() + ") NOT IN (" + sqltext.Literals(append(valuesOf(append(slices.Clone(hard), soft...)), "")) + ")"
	typed, err := m.typed(t, c, rest)
	if err != nil {
		return false, err
	}
	nulls := hard
	if typed != "" {
		nulls = append(nulls, soft...)
	}
	var all int64
	for _, v := range nulls {
		all += v.n
		c.nulls = append(c.nulls, v.value)
		m.nulls[v.value]++
	}
	if len(nulls) > 0 && all == c.count && len(nulls) == 1 && typed == "" && strings.TrimSpace(nulls[0].value) == "-" {
		c.nulls = nil // a column of dashes says nothing either way
		return false, nil
	}
	if len(nulls) > 0 {
		c.notes = append(c.notes, m.guess(t.given+" "+c.from, quotedList(valuesOf(nulls))+" for not known", confidenceOfNulls(typed, nulls), counted(nulls)))
	}
	if typed != "" && typed != "sniffed" {
		c.notes = append(c.notes, typed)
	}
	return len(nulls) > 0 || typed != "" && typed != "sniffed", nil
}

func confidenceOfNulls(typed string, nulls []valueCount) string {
	for _, v := range nulls {
		if w := strings.ToLower(v.value); typed == "" && (w == "select" || w == "-" || w == "na") {
			return Medium
		}
	}
	return High
}

// typed finds out whether a text column without its null texts is something
// else: "sniffed" where our grammar will see it, else a comment; "" for text.
func (m *maker) typed(t *table, c *column, rest string) (string, error) {
	x := "trim(" + c.sql() + ")"
	match := func(pattern string) string { return "regexp_full_match(" + x + ", " + sqltext.Literal(pattern) + ")" }
	const whole = `[+-]?(0|[1-9][0-9]{0,14})`
	tests := []string{
		match(whole), match(whole + `(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?`),
		match(`[+-]?([0-9]{1,12}|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?`), match(`.*,[0-9]+`),
		match(`[0-9]{4}-[0-9]{2}-[0-9]{2}`), match(`[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].*`),
		match(`.*[0-9].*`), match(`[0-9]+`),
	}
	counts := make([]string, len(tests)+1)
	counts[0] = "count(*)"
	for i, test := range tests {
		counts[i+1] = "count(*) FILTER (" + test + ")"
	}
	n, err := m.ints("SELECT "+strings.Join(counts, ", ")+" FROM "+t.profiled()+" WHERE "+c.sql()+" IS NOT NULL AND "+rest, len(counts))
	if err != nil || n[0] == 0 {
		return "", err
	}
	enough := mostlyFits
	if idName.MatchString(c.name) {
		enough = 1 // C536379 among invoice numbers is no dirt
	}
	fits := func(i int) bool { return float64(n[i]) >= enough*float64(n[0]) && n[0] >= 2 }
	declare := func(typ string, i int) string {
		c.declare = typ
		if n[i] == n[0] {
			return "sniffed"
		}
		return m.guess(t.given+" "+c.from, typ, Medium, fmt.Sprintf("%s of %s values fit; the others become null and are counted", english.Number(n[i]), english.Number(n[0])))
	}
	subject := t.given + " " + c.from
	switch {
	case fits(1):
		return declare("int", 1), nil
	case fits(2):
		return declare("double", 2), nil
	case fits(3) && n[4] > 0:
		c.declare, c.decimal = "double", true
		return m.guess(subject, "decimal commas", High, fmt.Sprintf("%s of %s values are written like 12,5", english.Number(n[4]), english.Number(n[0]))), nil
	case fits(5):
		return declare("date", 5), nil
	case fits(6):
		return declare("timestamp", 6), nil
	case fits(7) && (n[8] < n[0] || dateName(c.name)):
		if note, err := m.date(t, c, rest, n[0]); err != nil || note != "" {
			return note, err
		}
	}
	return m.yesNo(t, c, rest, n[0])
}

func dateName(name string) bool {
	return strings.Contains(name, "date") || strings.Contains(name, "time") || strings.HasSuffix(name, "_at") || strings.HasPrefix(name, "dt_") || birthName.MatchString(name)
}

// date finds the format of dates that are not ISO. Day-first and month-first
// are told apart by the values that only one of them can read.
func (m *maker) date(t *table, c *column, rest string, all int64) (string, error) {
	counts := make([]string, len(dateFormats))
	for i, f := range dateFormats {
		counts[i] = "count(try_strptime(trim(" + c.sql() + "), " + sqltext.Literal(f) + "))"
	}
	fits, err := m.ints("SELECT "+strings.Join(counts, ", ")+" FROM "+t.profiled()+" WHERE "+c.sql()+" IS NOT NULL AND "+rest, len(counts))
	if err != nil {
		return "", err
	}
	best := -1
	for i, n := range fits {
		if float64(n) >= mostlyFits*float64(all) && (best < 0 || n > fits[best]) {
			best = i
		}
	}
	if best < 0 {
		return "", nil
	}
	c.format, c.declare = dateFormats[best], "date"
	if strings.ContainsAny(c.format, "HI") {
		c.declare = "timestamp"
	}
	other := slices.Index(dateFormats, swapped(c.format))
	subject, what := t.given+" "+c.from, "dates as "+c.format
	switch {
	case other < 0:
		return m.guess(subject, what, High, fmt.Sprintf("%s of %s values fit", english.Number(fits[best]), english.Number(all))), nil
	case fits[other] < fits[best]:
		which := "day"
		if strings.Index(c.format, "%m") < strings.Index(c.format, "%d") {
			which = "month"
		}
		return m.guess(subject, what+" ("+which+" first)", High, fmt.Sprintf("%s of %s values can be read in no other order: the other number is above 12", english.Number(all-fits[other]), english.Number(all))), nil
	}
	return m.guess(subject, what+" (day first)", Low, "no value has a number above 12 there, so month first fits as well: check it"), nil
}

// swapped exchanges day and month.
func swapped(format string) string {
	return strings.NewReplacer("%d", "%m", "%m", "%d").Replace(format)
}

// yesNo finds columns of two words that are yes and no.
func (m *maker) yesNo(t *table, c *column, rest string, all int64) (string, error) {
	if c.distinct > 8 {
		return "", nil
	}
	found, err := m.most(t, c, rest, 8)
	if err != nil || len(found) != 2 {
		return "", err
	}
	for _, pair := range append([][2]string{{"true", "false"}, {"yes", "no"}}, yesNo...) {
		for i := range 2 {
			yes, no := found[i].value, found[1-i].value
			if !strings.EqualFold(yes, pair[0]) || !strings.EqualFold(no, pair[1]) {
				continue
			}
			c.declare = "bool"
			if pair[0] != "true" && pair[0] != "yes" {
				c.replace = [][2]string{{yes, "true"}, {no, "false"}}
			}
			return m.guess(t.given+" "+c.from, "yes or no", High, fmt.Sprintf("its %s values are %s and %s", english.Number(all), yes, no)), nil
		}
	}
	return "", nil
}

// numbers takes numbers that are only 0 and 1 for yes and no.
func (m *maker) numbers(t *table, c *column) error {
	if c.declare == "" && c.typ.Kind == catalog.Int && c.distinct == 2 && c.min.String == "0" && c.max.String == "1" && c.count >= 20 &&
		!quantityName.MatchString(c.name) && !strings.Contains(c.name, "count") && !strings.Contains(c.name, "number") {
		c.declare, c.typ.Kind = "bool", catalog.Bool
		c.notes = append(c.notes, m.guess(t.given+" "+c.from, "yes or no", Medium, fmt.Sprintf("its %s values are 0 and 1", english.Number(c.count))))
	}
	if c.typ.Kind != catalog.Double || c.declare != "" || c.count == 0 || !idName.MatchString(c.name) {
		return nil
	}
	broken, err := m.ints("SELECT count(*) FILTER ("+c.sql()+" != trunc("+c.sql()+")) FROM "+t.profiled(), 1)
	if err == nil && broken[0] == 0 {
		c.declare, c.typ.Kind = "int", catalog.Int
		c.notes = append(c.notes, m.guess(t.given+" "+c.from, "whole numbers", High, "it is stored as a decimal number and no value has a fraction"))
	}
	return err
}

func valuesOf(list []valueCount) []string {
	var out []string
	for _, v := range list {
		out = append(out, v.value)
	}
	return out
}

func quotedList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = `"` + clean(s) + `"`
	}
	return strings.Join(quoted, ", ")
}

func counted(list []valueCount) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = fmt.Sprintf("%q stands %s", clean(v.value), english.Count(v.n, "time", "times"))
	}
	return strings.Join(parts, ", ")
}
