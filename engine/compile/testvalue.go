package compile

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/source"
	"personae/engine/spec"
)

// value reads a written value as a type. What is wrong is reported, and not ok.
// What no quotes protect from being a word, null is; unknown only callers know.
func (t *testCompiler) value(g *spec.Given, typ catalog.Type, what string) (any, bool) {
	if g.IsBroken() {
		t.broken = true
		return nil, false
	}
	if g.IsNull() {
		if !mayBeNull(typ) {
			t.report("wrong-type", t.at(g), "%s is never empty", what).Detail = "Write " + example(typ) + "."
			return nil, false
		}
		return nil, true
	}
	switch typ.Kind {
	case catalog.List:
		return t.elements(g, typ, what)
	case catalog.Struct:
		return t.record(g, typ, what)
	case catalog.Map:
		return t.entries(g, typ, what)
	case catalog.Dyn, catalog.Invalid, catalog.Null:
		t.report("not-supported-yet", t.at(g), "%s holds %s, which a test cannot write yet", what, typ).
			Detail = "Leave it empty, and give the calculated values that read it."
		return nil, false
	}
	if g.Form != spec.Scalar {
		t.report("wrong-type", t.at(g), "%s is %s, and this is %s", what, plainValue(typ), formWord(g)).Detail = "Write " + example(typ) + "."
		return nil, false
	}
	v, problem := parseValue(g.Text.Value(), typ.Kind, t.c.settings.Zone)
	if problem != "" {
		d := t.report("wrong-type", t.at(g), "%s is %s, and %s is none", what, plainValue(typ), quote(g.Text.Value()))
		d.Detail = upperFirst(problem) + ". Write " + example(typ) + "."
		if typ.Kind == catalog.Bool && yesNo[strings.ToLower(g.Text.Value())] != "" {
			d.Fix = replace(g.Range, yesNo[strings.ToLower(g.Text.Value())])
		}
		return nil, false
	}
	return v, true
}

func (t *testCompiler) elements(g *spec.Given, typ catalog.Type, what string) (any, bool) {
	if g.Form != spec.Listed {
		t.report("wrong-type", t.at(g), "%s is a list, and this is %s", what, formWord(g)).Detail = "Write " + example(typ) + "."
		return nil, false
	}
	out, ok := make([]any, len(g.Items)), true
	for i, item := range g.Items {
		v, fine := t.value(item, *typ.Elem, what)
		out[i], ok = v, ok && fine
	}
	return out, ok
}

func (t *testCompiler) record(g *spec.Given, typ catalog.Type, what string) (any, bool) {
	if g.Form != spec.Keyed {
		t.report("wrong-type", t.at(g), "%s has fields, and this is %s", what, formWord(g)).Detail = "Write {" + typ.Fields[0].Name + ": ...}."
		return nil, false
	}
	out, ok := map[string]any{}, true
	types, names := map[string]catalog.Type{}, []string(nil)
	for _, f := range typ.Fields {
		types[f.Name], names = f.Type, append(names, f.Name)
		out[f.Name] = nil
	}
	for _, e := range g.Keys {
		field, known := types[e.Key.Value()]
		if !known {
			t.broken, ok = true, false
			unknown(&t.c.diags, e.Key.Range(), "field of "+what, e.Key.Value(), names, "")
			continue
		}
		v, fine := t.value(e.Value, field, what+"."+e.Key.Value())
		out[e.Key.Value()], ok = v, ok && fine
	}
	return out, ok
}

// entries reads a map: its keys are of one type, as its values are.
func (t *testCompiler) entries(g *spec.Given, typ catalog.Type, what string) (any, bool) {
	if g.Form != spec.Keyed {
		t.report("wrong-type", t.at(g), "%s has keys with values, and this is %s", what, formWord(g)).Detail = "Write " + example(typ) + "."
		return nil, false
	}
	out, ok := map[any]any{}, true
	for _, e := range g.Keys {
		key, problem := parseValue(e.Key.Value(), typ.Key.Kind, t.c.settings.Zone)
		if _, twice := out[key]; problem == "" && twice {
			problem = "this key is there already"
		}
		if problem != "" {
			t.report("wrong-type", e.Key.Range(), "%s cannot be a key of %s", quote(e.Key.Value()), what).
				Detail = upperFirst(problem) + ". Write " + example(typ) + "."
			ok = false
			continue
		}
		v, fine := t.value(e.Value, *typ.Elem, what+"["+e.Key.Value()+"]")
		out[key], ok = v, ok && fine
	}
	return out, ok
}

// at is where a value is spoken of: of a long one, its first line.
func (t *testCompiler) at(g *spec.Given) source.Range {
	if g.Range.End.Line > g.Range.Start.Line {
		return source.Range{File: g.Range.File, Start: g.Range.Start, End: g.Range.Start}
	}
	return g.Range
}

// mayBeNull says whether a value of the type may be empty. Times and lengths of
// time may in CEL as they are.
func mayBeNull(typ catalog.Type) bool {
	return typ.Nullable || typ.Kind == catalog.Timestamp || typ.Kind == catalog.Duration
}

var (
	wholeText  = regexp.MustCompile(`^[+-]?[0-9]{1,19}$`)
	numberText = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)
	lengthText = regexp.MustCompile(`^(days|hours|minutes|weeks)\((-?[0-9]{1,9})\)$`)
	yesNo      = map[string]string{"yes": "true", "on": "true", "1": "true", "true": "true", "no": "false", "off": "false", "0": "false", "false": "false"}
)

// parseValue reads a text as the database reads a cell (package duckdb), but
// that true and false are the only words, and that instants are exact.
func parseValue(text string, kind catalog.Kind, zone *time.Location) (v any, problem string) {
	switch kind {
	case catalog.Bool:
		switch text {
		case "true":
			return true, ""
		case "false":
			return false, ""
		}
		return nil, "only true and false are"
	case catalog.Int, catalog.Uint:
		if !wholeText.MatchString(text) {
			return nil, "a whole number has digits only"
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || kind == catalog.Uint && n < 0 {
			return nil, "it is out of range"
		}
		if kind == catalog.Uint {
			return uint64(n), ""
		}
		return n, ""
	case catalog.Double:
		x, err := strconv.ParseFloat(text, 64)
		switch {
		case !numberText.MatchString(text):
			return nil, "a number has digits and one decimal point"
		case err != nil || math.IsInf(x, 0):
			return nil, "it is out of range"
		}
		return x, ""
	case catalog.Timestamp:
		at, problem := parseInstant(text, zone)
		if problem != "" {
			return nil, problem
		}
		return at, ""
	case catalog.Duration:
		return parseLength(text)
	case catalog.Bytes:
		return []byte(text), ""
	}
	return text, ""
}

func parseLength(text string) (any, string) {
	if m := lengthText.FindStringSubmatch(text); m != nil {
		n, _ := strconv.ParseInt(m[2], 10, 64)
		unit := map[string]time.Duration{"weeks": 7 * 24 * time.Hour, "days": 24 * time.Hour, "hours": time.Hour, "minutes": time.Minute}[m[1]]
		if limit := math.MaxInt64 / int64(unit); n > limit || n < -limit {
			return nil, "it is out of range"
		}
		return time.Duration(n) * unit, ""
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, "a length of time is written as days(30) or 12h30m"
	}
	return d, ""
}

// parseInstant reads 2026-01-31, which is midnight in the zone, a clock time in
// the zone, or a time with its offset. Clock times that never were, or were
// twice, are refused: the same text has to mean one instant.
func parseInstant(text string, zone *time.Location) (time.Time, string) {
	if day, err := celenv.ParseDate(text, zone); err == nil {
		return inRange(day)
	}
	if at, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "T", 1)); err == nil {
		return inRange(at)
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		clock, err := time.Parse(layout, strings.Replace(text, " ", "T", 1))
		if err != nil {
			continue
		}
		at := time.Date(clock.Year(), clock.Month(), clock.Day(), clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), zone)
		if at.Hour() != clock.Hour() || at.Minute() != clock.Minute() {
			return time.Time{}, fmt.Sprintf("there is no such time in %s: clocks were put forward then", zone)
		}
		for _, hour := range []time.Duration{-time.Hour, time.Hour} {
			if other := at.Add(hour); other.Hour() == at.Hour() && other.Minute() == at.Minute() {
				return time.Time{}, fmt.Sprintf("this time was twice in %s, since clocks were put back: write it with its offset, as in %s", zone, min(at.Format(time.RFC3339), other.Format(time.RFC3339)))
			}
		}
		return inRange(at)
	}
	return time.Time{}, "a time is written as 2026-01-31, 2026-01-31T18:30:00 or 2026-01-31T18:30:00Z"
}

func inRange(at time.Time) (time.Time, string) {
	switch {
	case at.Year() < 2 || at.Year() > 9998:
		return time.Time{}, "it is out of range"
	case at.Nanosecond()%1000 != 0:
		return time.Time{}, "times are exact to a millionth of a second"
	}
	return at.UTC(), ""
}

// plainValue names a type for people: "a whole number".
func plainValue(typ catalog.Type) string {
	if typ.Nullable = false; typ.Kind == catalog.Struct {
		return "fields with values"
	}
	return plainCEL(typ.CEL())
}

// example is a value of a type as a test writes it.
func example(typ catalog.Type) string {
	switch typ.Kind {
	case catalog.Bool:
		return "true or false"
	case catalog.Int, catalog.Uint:
		return "a whole number, as in 3"
	case catalog.Double:
		return "a number, as in 12.5"
	case catalog.Timestamp:
		return "a time, as in 2026-01-31T18:30:00Z, or a day, as in 2026-01-31"
	case catalog.Duration:
		return "a length of time, as in days(30)"
	case catalog.Map:
		return "keys with values, as in " + written(typ)
	case catalog.List:
		return "a list, as in " + written(typ)
	}
	return "text"
}

// written is some value of a type, as it stands in a test.
func written(typ catalog.Type) string {
	switch typ.Kind {
	case catalog.Bool:
		return "true"
	case catalog.Int, catalog.Uint:
		return "3"
	case catalog.Double:
		return "12.5"
	case catalog.Timestamp:
		return "2026-01-31"
	case catalog.Duration:
		return "days(30)"
	case catalog.List:
		return "[" + written(*typ.Elem) + "]"
	case catalog.Map:
		return "{" + written(*typ.Key) + ": " + written(*typ.Elem) + "}"
	case catalog.Struct:
		return "{" + typ.Fields[0].Name + ": " + written(typ.Fields[0].Type) + "}"
	}
	return "text"
}

// formWord says how a value is written.
func formWord(g *spec.Given) string {
	switch {
	case g.Form == spec.Listed:
		return "a list"
	case g.Form == spec.Keyed:
		return "keys with values"
	case g.IsNull():
		return "empty"
	}
	return "text"
}
