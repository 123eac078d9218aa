package celenv

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/catalog"
)

// events makes a list of rows from a text: a letter for each row's kind, each a
// day after the row before; a digit before it says another number of days, and
// ? is a row whose kind is not known.
func events(t *testing.T, env *cel.Env, text string) *Record {
	t.Helper()
	typ, owner := RecordOf(env, "event"), RecordOf(env, "customer")
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	now := types.Timestamp{Time: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	var rows []ref.Val
	days := 1
	for _, letter := range text {
		if n, err := strconv.Atoi(string(letter)); err == nil {
			days = n
			continue
		}
		at = at.Add(time.Duration(days) * 24 * time.Hour)
		days = 1
		values := make([]ref.Val, len(typ.Fields()))
		if i, _ := typ.Field("kind"); letter != '?' {
			values[i] = types.String(string(letter))
		}
		rows = append(rows, NewRelated(typ, values, types.Timestamp{Time: at}, now))
	}
	values := make([]ref.Val, len(owner.Fields()))
	i, _ := owner.Field("events")
	values[i] = types.NewRefValList(types.DefaultTypeAdapter, rows)
	return NewRecord(owner, values)
}

func eventEnv(t *testing.T) *cel.Env {
	t.Helper()
	text := catalog.Type{Kind: catalog.String, Nullable: true}
	env, err := Row(Options{Entity: "customer", Tables: []*catalog.Table{
		{Name: "customers", Entity: "customer", Role: catalog.Root, Key: "id", Columns: []*catalog.Column{{Name: "id", Type: catalog.Type{Kind: catalog.String}}}},
		{Name: "events", Entity: "event", Role: catalog.Relation, Of: "customer", By: "id", Time: "at", Columns: []*catalog.Column{
			{Name: "id", Type: catalog.Type{Kind: catalog.String}}, {Name: "at", Type: catalog.Type{Kind: catalog.Timestamp}}, {Name: "kind", Type: text}}},
		{Name: "notes", Entity: "note", Role: catalog.Relation, Of: "customer", By: "id", Columns: []*catalog.Column{{Name: "id", Type: catalog.Type{Kind: catalog.String}}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// is writes e.kind > '...': a row of unknown kind is ⊥, unlike with ==.
func sequenceText(parts string) string {
	var list []string
	for _, part := range strings.Fields(parts) {
		condition := "(e.kind >= '" + part[:1] + "' && e.kind <= '" + part[:1] + "')"
		switch rest := part[1:]; {
		case rest == "!":
			list = append(list, "never("+condition+")")
		case rest != "":
			list = append(list, "step("+condition+", days("+rest+"))")
		default:
			list = append(list, "step("+condition+")")
		}
	}
	return "customer.events.sequence(e, " + strings.Join(list, ", ") + ")"
}

func TestSequence(t *testing.T) {
	env := eventEnv(t)
	const yes, no, open = "true", "false", "⊥"
	for _, c := range []struct{ parts, rows, want string }{
		{"a", "", no}, {"a", "b", no}, {"a", "a", yes}, {"a b", "ab", yes}, {"a b", "ba", no}, {"a b", "axb", yes},
		{"a a", "a", no}, {"a a", "aa", yes}, // one row is one step
		{"a b7", "a7b", yes}, {"a b7", "a8b", no}, {"a b7", "aa8ba3b", yes},
		{"a b7", "a5a5b", yes}, // the latest a counts
		{"a b7 c7", "a7b7c", yes}, {"a b7 c7", "a7b8c", no}, {"a b7 c7", "a3b6b7c", no}, {"a b7 c7", "a3b3b7c", yes},
		{"a x! b", "ab", yes}, {"a x! b", "axb", no}, {"a x! b", "axab", yes}, {"a x! b", "xab", yes}, {"a x! b", "abx", yes},
		{"a a! b", "aab", yes}, {"a b! a", "aba", no}, {"a b! a", "abaa", yes},
		{"x! a", "a", yes}, {"x! a", "xa", no}, {"x! a", "axa", yes}, {"a! a", "a", yes},
		{"a x!", "a", yes}, {"a x!", "ax", no}, {"a x!", "axa", yes}, {"a b x!", "abxb", yes}, {"a b x!", "abx", no},
		{"a x! y! b", "axb", no}, {"a x! y! b", "ayb", no}, {"a x! y! b", "azb", yes},
		{"a b", "a?", open}, {"a b", "?b", open}, {"a b", "a?b", yes}, {"a b", "b?", no}, {"a b", "?", no}, {"a b", "??", open},
		{"a x! b", "a?b", open}, {"a x! b", "a?ab", yes}, {"a x! b", "ax?b", open}, {"a x! b", "a?xb", open}, {"a x! b", "axb", no}, {"a b7", "?8b", no}, {"a b7", "?7b", open},
		{"a x!", "a?", open}, {"a x!", "?", open}, {"x! a", "?a", open}, {"x! a", "?", open},
	} {
		text := sequenceText(c.parts)
		checked, issues := env.Compile(text)
		if issues.Err() != nil {
			t.Fatalf("%s: %v", text, issues.Err())
		}
		program, err := env.Program(checked)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := program.Eval(map[string]any{"customer": events(t, env, c.rows)})
		got := open
		if err == nil {
			got = strconv.FormatBool(out == types.True)
		} else if !strings.Contains(err.Error(), "no such overload") {
			t.Errorf("%s over %s: the reason is %v", c.parts, c.rows, err)
		}
		if got != c.want {
			t.Errorf("%s over %s: %s, want %s", c.parts, c.rows, got, c.want)
		}
	}
}

// Every choice of rows, tried out, says the same.
func TestSequenceIsExistsOverAllChoices(t *testing.T) {
	env := eventEnv(t)
	counts := map[string]int{}
	for _, parts := range []string{"a b", "a b2", "a x! b2", "x! a b", "a b2 x!", "a x! b1 a3", "a a2 x! b"} {
		program, err := func() (cel.Program, error) {
			checked, issues := env.Compile(sequenceText(parts))
			if issues.Err() != nil {
				return nil, issues.Err()
			}
			return env.Program(checked)
		}()
		if err != nil {
			t.Fatal(err)
		}
		for n := range 625 * 5 {
			rows := ""
			for ; n > 0; n /= 5 {
				rows += string("abx?2"[n%5])
			}
			out, _, err := program.Eval(map[string]any{"customer": events(t, env, rows)})
			got := "⊥"
			if err == nil {
				got = strconv.FormatBool(out == types.True)
			}
			want := tried(parts, rows)
			counts[want]++
			if got != want {
				t.Fatalf("%s over %s: %s, want %s", parts, rows, got, want)
			}
		}
	}
	if counts["true"] == 0 || counts["false"] == 0 || counts["⊥"] == 0 {
		t.Errorf("the test proves nothing: %v", counts)
	}
}

// tried is the definition: TRUE where a choice of rows is certain, FALSE where
// none is possible.
func tried(parts, rows string) string {
	type row struct {
		kind rune
		day  int
	}
	var list []row
	day, next := 0, 1
	for _, letter := range rows {
		if letter == '2' {
			next = 2
			continue
		}
		day += next
		next = 1
		list = append(list, row{letter, day})
	}
	fields := strings.Fields(parts)
	for _, sure := range []bool{true, false} {
		is := func(r row, kind byte, sure bool) bool { return r.kind == rune(kind) || !sure && r.kind == '?' }
		var choose func(part, after, open int) bool
		// open is the row of the last step, whose nevers are in force; -1 for none.
		choose = func(part, after, open int) bool {
			nevers := ""
			for part < len(fields) && strings.HasSuffix(fields[part], "!") {
				nevers += fields[part][:1]
				part++
			}
			spoilt := func(until int) bool {
				for i := open + 1; i < until; i++ {
					for k := range len(nevers) {
						if is(list[i], nevers[k], !sure) {
							return true
						}
					}
				}
				return false
			}
			if part == len(fields) {
				return !spoilt(len(list))
			}
			for i := after; i < len(list); i++ {
				limit := 1 << 20
				if len(fields[part]) > 1 {
					limit, _ = strconv.Atoi(fields[part][1:])
				}
				if is(list[i], fields[part][0], sure) && !spoilt(i) && (open < 0 || list[i].day-list[open].day <= limit) && choose(part+1, i+1, i) {
					return true
				}
			}
			return false
		}
		if choose(0, 0, -1) {
			if sure {
				return "true"
			}
			return "⊥"
		}
	}
	return "false"
}

func TestSequenceIsWrittenWell(t *testing.T) {
	env := eventEnv(t)
	for text, want := range map[string]string{
		"customer.events.sequence(e)":                                              "is written",
		"customer.events.sequence(e, e.kind == 'a')":                               "is written",
		"customer.events.sequence(e, step(e.kind == 'a', days(7)))":                "comes after nothing",
		"customer.events.sequence(e, never(e.kind == 'a'))":                        "at least one step",
		"customer.events.sequence(e, step(e.kind))":                                "no matching overload for '@truth'",
		"customer.notes.sequence(e, step(e.id == 'a'))":                            "no matching overload for '@event'",
		"customer.events.sequence(e, step(e.kind == 'a'), step(e.kind == 'b', 7))": "",
	} {
		_, issues := env.Compile(text)
		if issues.Err() == nil || !strings.Contains(issues.Err().Error(), want) {
			t.Errorf("%s: %v, want %q", text, issues.Err(), want)
		}
	}
}

func TestRhythm(t *testing.T) {
	env := eventEnv(t)
	for _, c := range []struct {
		text, rows string
		want       ref.Val // nil: ⊥
	}{
		{"customer.events.gaps().size()", "", types.IntZero}, {"customer.events.gaps().size()", "a", types.IntZero}, {"customer.events.gaps().size()", "abc", types.Int(2)},
		{"customer.events.gaps().max() == days(4)", "a4bc", types.True}, {"customer.events.gaps().avg() == hours(60)", "a4bc", types.True},
		{"customer.events.gaps().median() == hours(60)", "a4bc", types.True}, {"customer.events.gaps().median() == null", "a", types.True},
		{"customer.events.gaps().last().value() == days(1)", "a4bc", types.True}, {"customer.events.gaps().percentile(25) == days(2)", "a5bc2dd", types.False},
		{"customer.events.filter(e, e.kind == 'a').gaps().min() == days(5)", "a4ba", types.True},
		{"customer.events.filter(e, e.kind > 'a').gaps().size()", "a?b", nil},
		{"customer.events.weeksActive(4)", "", types.IntZero}, {"customer.events.weeksActive(100)", "aaaaaaa", types.Int(2)},
		{"customer.events.weeksActive(100)", "a7a7a", types.Int(3)}, {"customer.events.weeksActive(1)", "a7a7a", types.IntZero}, {"customer.events.weeksActive(0)", "a", nil},
	} {
		checked, issues := env.Compile(c.text)
		if issues.Err() != nil {
			t.Fatalf("%s: %v", c.text, issues.Err())
		}
		program, err := env.Program(checked)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := program.Eval(map[string]any{"customer": events(t, env, c.rows)})
		if c.want == nil {
			if err == nil {
				t.Errorf("%s over %s: %v, want ⊥", c.text, c.rows, out)
			}
			continue
		}
		if err != nil || out.Equal(c.want) != types.True {
			t.Errorf("%s over %s: %v %v, want %v", c.text, c.rows, out, err, c.want)
		}
	}
}
