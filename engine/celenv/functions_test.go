package celenv

import (
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// evaluate runs an expression over a customer with the given born and joined.
func evaluate(t *testing.T, zone string, now time.Time, expr string, values map[string]any) (ref.Val, error) {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	o := testOptions(t)
	o.Zone = loc
	env, err := Row(o)
	if err != nil {
		t.Fatal(err)
	}
	ast, iss := env.Compile(expr)
	if iss.Err() != nil {
		t.Fatalf("%s: %v", expr, iss.Err())
	}
	prg, err := env.Program(ast)
	if err != nil {
		t.Fatal(err)
	}
	typ := RecordOf(env, "customer")
	row := make([]ref.Val, len(typ.Fields()))
	for name, v := range values {
		i, ok := typ.Field(name)
		if !ok {
			t.Fatalf("no field %s", name)
		}
		row[i] = types.DefaultTypeAdapter.NativeToValue(v)
	}
	out, _, err := prg.Eval(map[string]any{"customer": NewRecord(typ, row), "now": now})
	return out, err
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestTimeFunctions(t *testing.T) {
	const london, saoPaulo, apia = "Europe/London", "America/Sao_Paulo", "Pacific/Apia"
	for _, c := range []struct {
		zone, now, born, expr string
		want                  any
	}{
		// Birthdays by the calendar of the zone.
		{"UTC", "2026-03-01T00:00:00Z", "1990-03-01T00:00:00Z", "age(customer.born)", int64(36)},
		{"UTC", "2026-02-28T23:59:59Z", "1990-03-01T00:00:00Z", "age(customer.born)", int64(35)},
		{"UTC", "2026-02-28T12:00:00Z", "2000-02-29T00:00:00Z", "age(customer.born)", int64(25)},
		{"UTC", "2026-03-01T00:00:00Z", "2000-02-29T00:00:00Z", "age(customer.born)", int64(26)},
		{"UTC", "2024-02-28T12:00:00Z", "2000-02-29T00:00:00Z", "age(customer.born)", int64(23)},
		{"UTC", "2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "age(customer.born)", int64(24)},
		{"UTC", "2026-01-01T00:00:00Z", "1921-07-05T00:00:00Z", "age(customer.born)", int64(104)},
		{"UTC", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "age(customer.born)", int64(-1)},
		{"UTC", "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z", "age(customer.born)", int64(0)},
		{london, "2026-06-30T23:00:00Z", "1990-07-01T00:00:00+01:00", "age(customer.born)", int64(36)}, // already 1 July there
		{"UTC", "2026-06-30T23:00:00Z", "1990-07-01T00:00:00Z", "age(customer.born)", int64(35)},
		// Calendar days, over clock changes, backwards and before 1970.
		{london, "2026-03-29T23:30:00Z", "2026-03-29T00:30:00Z", "daysSince(customer.born)", int64(1)}, // 23 hours, next day in summer time
		{london, "2026-10-25T23:30:00Z", "2026-10-24T23:30:00Z", "daysSince(customer.born)", int64(0)}, // 24 hours, one long day
		{"UTC", "2026-10-25T23:30:00Z", "2026-10-24T23:30:00Z", "daysSince(customer.born)", int64(1)},
		{"UTC", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "daysSince(customer.born)", int64(1)},
		{"UTC", "2026-01-01T23:59:59Z", "2026-01-01T00:00:00Z", "daysSince(customer.born)", int64(0)},
		{"UTC", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z", "daysSince(customer.born)", int64(-2)},
		{"UTC", "1970-01-02T00:00:00Z", "1969-12-31T23:00:00Z", "daysSince(customer.born)", int64(2)},
		{"UTC", "2000-03-01T00:00:00Z", "1900-03-01T00:00:00Z", "daysSince(customer.born)", int64(36525)},
		{apia, "2011-12-31T12:00:00Z", "2011-12-29T12:00:00Z", "daysSince(customer.born)", int64(3)}, // 29 December to 1 January by the calendar, though 30 December never was
		// Clocks.
		{london, "2026-06-30T23:30:00Z", "2026-06-30T23:30:00Z", "hourOf(customer.born)", int64(0)},
		{london, "2026-01-01T00:00:00Z", "2026-01-01T23:30:00Z", "hourOf(customer.born)", int64(23)},
		{"UTC", "2026-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "hourOf(customer.born)", int64(23)},
		{"Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01T18:45:00Z", "hourOf(customer.born)", int64(0)},
		{london, "2026-01-01T00:00:00Z", "2026-06-28T23:30:00Z", "weekdayOf(customer.born)", int64(1)}, // Sunday in UTC, Monday there
		{"UTC", "2026-01-01T00:00:00Z", "2026-06-28T23:30:00Z", "weekdayOf(customer.born)", int64(7)},
		{"UTC", "2026-01-01T00:00:00Z", "1969-12-29T00:00:00Z", "weekdayOf(customer.born)", int64(1)},
		// Days that begin where clocks jump.
		{"UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "date('2026-01-01') == now", true},
		{london, "2026-06-30T23:00:00Z", "2026-01-01T00:00:00Z", "date('2026-07-01') == now", true},
		{saoPaulo, "2018-11-04T03:00:00Z", "2026-01-01T00:00:00Z", "date('2018-11-04') == now", true},         // midnight was skipped
		{saoPaulo, "2018-02-18T03:00:00Z", "2026-01-01T00:00:00Z", "date('2018-02-18') == now", true},         // 23:00 to 24:00 was repeated the evening before
		{"Asia/Beirut", "2022-10-29T22:00:00Z", "2026-01-01T00:00:00Z", "date('2022-10-30') == now", true},    // 24:00 became 23:00 first
		{"America/Havana", "2025-11-02T04:00:00Z", "2026-01-01T00:00:00Z", "date('2025-11-02') == now", true}, // 00:00 to 01:00 is repeated: the first
		{"UTC", "1969-12-30T00:00:00Z", "2026-01-01T00:00:00Z", "date('1970-01-01') - days(2) == now", true},
		// Lengths.
		{"UTC", "2026-01-01T00:00:00Z", "2025-12-02T00:00:00Z", "now - customer.born == days(30)", true},
		{london, "2026-03-30T00:00:00Z", "2026-03-29T00:00:00Z", "now - customer.born == days(1) && days(1) == hours(24) && weeks(2) == days(14) && hours(1) == minutes(60)", true},
		{"UTC", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "now - customer.born == days(-1)", true},
		{"UTC", "2026-01-01T00:00:00Z", "2025-12-31T00:00:00Z", "customer.born.between(now - days(1), now) && !customer.born.between(now, now)", true},
	} {
		out, err := evaluate(t, c.zone, instant(t, c.now), c.expr, map[string]any{"born": instant(t, c.born)})
		if err != nil || out.Value() != c.want {
			t.Errorf("%s in %s, born %s, now %s: got %v, %v; want %v", c.expr, c.zone, c.born, c.now, out, err, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	for expr, bottom := range map[string]bool{
		"days(106751) > days(0)": false, "days(106752) > days(0)": true, "days(-106752) < days(0)": true, "weeks(9223372036854775807) > days(1)": true,
		"hours(0) == days(0)": false, "date(customer.city) == now": true,
	} {
		_, err := evaluate(t, "UTC", instant(t, "2026-01-01T00:00:00Z"), expr, map[string]any{"city": "2026-13-01"})
		if (err != nil) != bottom {
			t.Errorf("%s: %v", expr, err)
		}
	}
}

func TestMentions(t *testing.T) {
	for text, want := range map[string]bool{
		"Too tight": true, "TIGHT!": true, "tightly": false, "a-tight-fit": true, "atight": false, "tight2": false, "un_tight": false,
		"": false, "zu eng": true, "ZU ENG.": true, "Zu  eng": false, "größe": true, "GRÖSSE": false, "Größe passt": true, "übergröße": false,
		"costs $5 (net)": true, "line\ntight\nline": true,
	} {
		out, err := evaluate(t, "UTC", time.Time{}, "mentions(customer.city, ['tight', 'zu eng', 'größe', '$5', ''])", map[string]any{"city": text})
		if err != nil || out.Value() != want {
			t.Errorf("%q: %v, %v; want %v", text, out, err, want)
		}
	}
	if out, err := evaluate(t, "UTC", time.Time{}, "mentions(customer.city, ['', ''])", map[string]any{"city": "any"}); err != nil || out.Value() != false {
		t.Errorf("no words: %v, %v", out, err)
	}
}

func TestSample(t *testing.T) {

	in := map[string]int{}
	for _, salt := range []string{"a", "b"} {
		for i := range 2000 {
			out, err := evaluateSample(t, salt, "c"+string(rune('0'+i%10))+time.Duration(i).String())
			if err != nil {
				t.Fatal(err)
			}
			if out == types.True {
				in[salt]++
			}
		}
	}
	for salt, n := range in {
		if n < 140 || n > 260 {
			t.Errorf("10%% of 2,000 with salt %s are %d", salt, n)
		}
	}
	if in["a"] == 0 || in["b"] == 0 {
		t.Error("a sample is empty")
	}
	// printf 'a:c1' | md5sum begins 214d173f, which is 13.0079... percent of 2^32.
	for percent, want := range map[float64]bool{13.007: false, 13.009: true} {
		if got := sample(nil, []ref.Val{types.String("c1"), types.String("a"), types.Double(percent)}); got != types.Bool(want) {
			t.Errorf("sample of %v%% of c1: %v", percent, got)
		}
	}
	for percent, want := range map[float64]bool{0: false, 100: true, 200: true, -1: false} {
		got := sample(nil, []ref.Val{types.String("k"), types.String("s"), types.Double(percent)})
		if got != types.Bool(want) {
			t.Errorf("sample of %v%%: %v", percent, got)
		}
	}
}

func evaluateSample(t *testing.T, salt, key string) (ref.Val, error) {
	t.Helper()
	return sample(time.UTC, []ref.Val{types.String(key), types.String(salt), types.Double(10)}), nil
}

func TestSumsDoNotDependOnOrder(t *testing.T) {
	values := []ref.Val{types.Double(1e8), types.Double(0.1), types.Double(-1e8), types.Double(0.2), types.Double(1e-9), types.Double(3e15), types.Double(-3e15)}
	want := sumOf(values, nil, types.Double(0))
	plain, reversed := 0.0, 0.0
	for i := range values {
		plain += float64(values[i].(types.Double))
		reversed += float64(values[len(values)-1-i].(types.Double))
	}
	if plain == reversed {
		t.Error("the example does not show the difference that it is for")
	}
	for shift := range values {
		turned := append(append([]ref.Val{}, values[shift:]...), values[:shift]...)
		if got := sumOf(turned, nil, types.Double(0)); got.Equal(want) != types.True {
			t.Errorf("turned by %d: %v, not %v", shift, got, want)
		}
	}
	if want.Equal(types.Double(0.300000001)) != types.True {
		t.Errorf("sum is %v", want)
	}
}

func TestRefused(t *testing.T) {
	env, err := Row(testOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	for expr, want := range map[string]string{
		"date('2026-02-30') < now":     `"2026-02-30" is no date; write it as 2026-01-31`,
		"timestamp('yesterday') < now": "invalid timestamp argument",
		"duration('a day') < days(2)":  "invalid duration argument",
		"customer.city.matches('(')":   "invalid matches argument",
		"[1, 'a'].size() > 0":          "expected type 'int' but found 'string'",
		"atLeast(1)":                   "atLeast() needs a number and at least one condition",
		"customer.age > 'x'":           "found no matching overload for '_>_'",
		"customer{}":                   "a rule reads records and cannot write them",
		"customer.nothing > 1":         "undefined field 'nothing'",
		"count() > 1":                  "undeclared reference to 'count'",
		"customer.home_store == 'x'":   "no matching overload",
		"days(1.5) > days(1)":          "no matching overload for 'days'",
	} {
		_, iss := env.Compile(expr)
		if iss.Err() == nil {
			t.Errorf("%s was accepted", expr)
		} else if !strings.Contains(iss.Err().Error(), want) {
			t.Errorf("%s: %v; want %s", expr, iss.Err(), want)
		}
	}
	for _, expr := range []string{"segmentation.lifecycle == customer.city", "segmentation.lifecycle != 'champion'"} {
		if _, iss := env.Compile(expr); iss.Err() != nil {
			t.Errorf("%s: %v", expr, iss.Err())
		}
	}
	o := testOptions(t)
	o.Tables[0].Key = ""
	env, err = Row(o)
	if err != nil {
		t.Fatal(err)
	}
	if _, iss := env.Compile("sample('a', 10.0)"); iss.Err() == nil || !strings.Contains(iss.Err().Error(), "these rows have none") {
		t.Errorf("a sample without a key: %v", iss.Err())
	}
	o.Params = map[string]any{"bad": 3}
	if _, err := Row(o); err == nil {
		t.Error("an int parameter that is no int64 was accepted")
	}
	o = testOptions(t)
	o.Entity = "nobody"
	if _, err := Row(o); err == nil {
		t.Error("an entity without a table was accepted")
	}
}

// TestTable holds for every function: it is documented, has its own overload
// id, and what is over one row can run.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range append(RowFunctions(), Statistics()...) {
		if f.Doc == "" || f.Name == "" || seen[f.Overload] {
			t.Errorf("%s: no doc, no name or an overload id that another has: %q", f.Name, f.Overload)
		}
		seen[f.Overload] = true
		if name, stat := Statistic(f.Overload); stat == (f.Impl != nil) || stat && name != f.Name {
			t.Errorf("%s: a statistic has no implementation, every other function has one", f.Overload)
		}
	}
}

func TestOddMidnights(t *testing.T) {
	const most = 41
	for zone, want := range map[string]string{
		"UTC": "", "Europe/London": "", "Europe/Berlin": "1916-10-01", // clocks went back at one o'clock
		"America/Toronto":   "1919-03-31", // they went on at half past eleven
		"Asia/Tokyo":        "1888-01-01 1948-09-12 1949-09-11 1950-09-10 1951-09-09",
		"America/Sao_Paulo": "1950-04-16", // they have skipped midnight at midnight since
	} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(OddMidnights(loc, most), " "); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
	if havana, err := time.LoadLocation("America/Havana"); err != nil || len(OddMidnights(havana, most)) != most {
		t.Error("clocks in Havana repeat midnight every year")
	}
}
