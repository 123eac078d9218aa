package format

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func formatter(t testing.TB, locale, currency string) *Formatter {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	f, err := New(locale, currency, zone)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// spaced shows spaces that do not break as _ and narrow ones as ~.
func spaced(s string) string {
	return strings.NewReplacer("\u00a0", "_", "\u202f", "~").Replace(s)
}

func TestLocales(t *testing.T) {
	newYear := time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC)
	for _, c := range []struct{ locale, currency, want string }{
		{"en-GB", "GBP", "1,234,567 -1,234.50 £1,234 -£0.50 41% 31 Dec 2025"},
		{"en-US", "USD", "1,234,567 -1,234.50 $1,234 -$0.50 41% Dec 31, 2025"},
		{"en", "GBP", "1,234,567 -1,234.50 £1,234 -£0.50 41% Dec 31, 2025"},
		{"en_CA", "USD", "1,234,567 -1,234.50 US$1,234 -US$0.50 41% Dec. 31, 2025"},
		{"en-IN", "INR", "12,34,567 -1,234.50 ₹1,234 -₹0.50 41% 31-Dec-2025"},
		{"en-GB", "CHF", "1,234,567 -1,234.50 CHF_1,234 -CHF_0.50 41% 31 Dec 2025"},
		{"de", "EUR", "1.234.567 -1.234,50 1.234_€ -0,50_€ 41_% 31.12.2025"},
		{"de-DE", "EUR", "1.234.567 -1.234,50 1.234_€ -0,50_€ 41_% 31.12.2025"},
		{"de-CH", "CHF", "1’234’567 -1’234.50 CHF_1’234 -CHF_0.50 41% 31.12.2025"},
		{"fr", "EUR", "1~234~567 -1~234,50 1~234_€ -0,50_€ 41_% 31 déc. 2025"},
		{"es", "EUR", "1.234.567 -1234,50 1234_€ -0,50_€ 41_% 31 dic. 2025"},
		{"nl", "EUR", "1.234.567 -1.234,50 €_1.234 -€_0,50 41% 31 dec. 2025"},
		{"it", "EUR", "1.234.567 -1.234,50 1.234_€ -0,50_€ 41% 31 dic 2025"},
		{"sv", "SEK", "1_234_567 −1_234,50 1_234_kr −0,50_kr 41_% 31 dec. 2025"},
		{"pt-BR", "BRL", "1.234.567 -1.234,50 R$_1.234 -R$_0,50 41% 31 de dez. de 2025"},
	} {
		f := formatter(t, c.locale, c.currency)
		parts := []string{f.Int(1234567)}
		for _, p := range []func() (string, bool){
			func() (string, bool) { return f.Number(-1234.5, 2) },
			func() (string, bool) { return f.Money(1234.4, Auto) },
			func() (string, bool) { return f.Money(-0.5, Auto) },
			func() (string, bool) { return f.Percent(0.41, Auto) },
		} {
			text, ok := p()
			if !ok {
				t.Errorf("%s: no text", c.locale)
			}
			parts = append(parts, text)
		}
		if got := spaced(strings.Join(append(parts, f.Date(newYear)), " ")); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.locale, got, c.want)
		}
	}
}

func TestRounding(t *testing.T) {
	f := formatter(t, "en-GB", "GBP")
	for _, c := range []struct {
		x        float64
		decimals int
		want     string
	}{
		{0.125, 2, "0.13"}, {-0.125, 2, "-0.13"}, {0.285, 2, "0.29"}, {2.5, 0, "3"}, {-2.5, 0, "-3"}, {3.5, 0, "4"}, {0.4999, 0, "0"},
		{-0.4, 0, "0"}, {999.5, 0, "1,000"}, {9.999, 2, "10.00"}, {1e15, 0, "1,000,000,000,000,000"}, {1e21, 0, "1,000,000,000,000,000,000,000"},
		{1234.5678, Auto, "1,235"}, {12.345, Auto, "12.3"}, {12, Auto, "12"}, {1.5, Auto, "1.5"}, {0.333, Auto, "0.33"}, {0.0123, Auto, "0.0123"}, {0, Auto, "0"},
		{math.Copysign(0, -1), 2, "0.00"}, {5e-324, 2, "0.00"}, {99.96, Auto, "100"},
	} {
		if got, ok := f.Number(c.x, c.decimals); !ok || got != c.want {
			t.Errorf("Number(%v, %d) = %q, want %q", c.x, c.decimals, got, c.want)
		}
	}
	for share, want := range map[float64]string{
		0: "0%", 1: "100%", 0.5: "50%", 0.57: "57%", 0.075: "7.5%", 0.07: "7%", 0.0004: "<0.1%", 0.9999: ">99.9%", 0.9996: ">99.9%",
		0.9994: "99.9%", 0.125: "13%", 1.5: "150%", -0.25: "-25%", 12.34: "1,234%", 0.001: "0.1%", 0.95: "95%", 0.955: "95.5%",
	} {
		if got, ok := f.Percent(share, Auto); !ok || got != want {
			t.Errorf("Percent(%v) = %q, want %q", share, got, want)
		}
	}
	if got, _ := f.Percent(0.17645, 1); got != "17.6%" {
		t.Errorf("Percent with one decimal = %q", got)
	}
	for x, want := range map[float64]string{5: "£5", 5.5: "£5.50", 99.999: "£100", 450.49: "£450", -1234567.5: "-£1,234,568", 0: "£0"} {
		if got, ok := f.Money(x, Auto); !ok || got != want {
			t.Errorf("Money(%v) = %q, want %q", x, got, want)
		}
	}
}

func TestNothingToPrint(t *testing.T) {
	f := formatter(t, "en-GB", "GBP")
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for name, p := range map[string]func() (string, bool){
			"Number": func() (string, bool) { return f.Number(x, Auto) }, "Percent": func() (string, bool) { return f.Percent(x, 2) },
			"PercentAuto": func() (string, bool) { return f.Percent(x, Auto) }, "Money": func() (string, bool) { return f.Money(x, Auto) },
			"Lift": func() (string, bool) { return f.Lift(x, "all") }, "Share": func() (string, bool) { return f.Share(x) },
			"Value": func() (string, bool) { return f.Value(x, "km") }, "Value GBP": func() (string, bool) { return f.Value(x, "GBP") },
		} {
			if text, ok := p(); ok || text != "" {
				t.Errorf("%s(%v) printed %q", name, x, text)
			}
		}
	}
	for _, v := range []any{nil, "", " ", struct{}{}, time.Time{}} {
		if _, ok := f.Value(v, ""); ok {
			t.Errorf("Value(%#v) was printed", v)
		}
	}
}

func TestValue(t *testing.T) {
	f := formatter(t, "en-GB", "GBP")
	for _, c := range []struct {
		v    any
		unit string
		want string
	}{
		{1234.4, "GBP", "£1,234"}, {int64(1234), "EUR", "€1,234"}, {0.41, "share", "41%"}, {41.0, "%", "41%"}, {int64(12), "km", "12_km"},
		{12.55, "km", "12.6_km"}, {true, "", "yes"}, {false, "", "no"}, {"Leeds", "", "Leeds"}, {int64(9007199254740993), "", "9,007,199,254,740,993"},
		{time.Date(2026, 6, 30, 23, 30, 0, 0, time.UTC), "", "1 Jul 2026"}, {26 * time.Hour, "", "1 day 2 hours"}, {int64(math.MinInt64), "", "-9,223,372,036,854,775,808"},
	} {
		if got, ok := f.Value(c.v, c.unit); !ok || spaced(got) != c.want {
			t.Errorf("Value(%v, %q) = %q, want %q", c.v, c.unit, spaced(got), c.want)
		}
	}
}

func TestWords(t *testing.T) {
	f := formatter(t, "en-GB", "GBP")
	for x, want := range map[float64]string{
		1.42: "1.4 times as common as among all customers", 1: "about as common as among all customers", 1.04: "about as common as among all customers",
		0.6: "40% less common than among all customers", 0.94: "6% less common than among all customers", 0.3: "70% less common than among all customers", 0.04: "less than a tenth as common as among all customers",
		12.4: "12 times as common as among all customers", 0: "never seen here, unlike among all customers", 2: "2 times as common as among all customers",
	} {
		if got, ok := f.Lift(x, "all customers"); !ok || got != want {
			t.Errorf("Lift(%v) = %q, want %q", x, got, want)
		}
	}
	if _, ok := f.Lift(-1, "all"); ok {
		t.Error("a negative lift was printed")
	}
	for d, want := range map[time.Duration]string{
		0: "0 seconds", time.Millisecond: "less than a second", time.Second: "1 second", 61 * time.Second: "1 minute 1 second", time.Hour: "1 hour",
		50 * time.Hour: "2 days 2 hours", 400 * 24 * time.Hour: "400 days", -25 * time.Hour: "-1 day 1 hour", 2400 * 24 * time.Hour: "2,400 days",
		math.MinInt64: "-106,751 days",
	} {
		if got := f.Duration(d); got != want {
			t.Errorf("Duration(%v) = %q, want %q", d, got, want)
		}
	}
	if got := f.Count(1, "customer", "customers") + ", " + f.Count(20000, "customer", "customers") + ", " + f.Count(0, "customer", "customers"); got != "1 customer, 20,000 customers, 0 customers" {
		t.Error(got)
	}
	if got := List(nil) + List([]string{"a"}) + List([]string{"a", "b"}) + List([]string{"a", "b", "c"}); got != "aa and ba, b and c" {
		t.Error(got)
	}
	for s, want := range map[float64]string{0: "none", 1: "all", 0.5: "half", 0.41: "41%"} {
		if got, _ := f.Share(s); got != want {
			t.Errorf("Share(%v) = %q, want %q", s, got, want)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	for _, c := range []struct{ locale, currency, want string }{
		{"en-GBR", "GBP", "did you mean en-GB?"}, {"klingon", "GBP", `locale "klingon" is not known; known are cs,`}, {"en-GB", "GPB", "did you mean GBP?"},
	} {
		if _, err := New(c.locale, c.currency, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("New(%q, %q): %v", c.locale, c.currency, err)
		}
	}
}

// TestEveryLocale holds for each supported locale and currency: text is valid,
// has the digits of the number and a minus where there is one.
func TestEveryLocale(t *testing.T) {
	for _, locale := range Locales() {
		for _, code := range append(Currencies(), "") {
			f := formatter(t, locale, code)
			for _, x := range []float64{1234567.25, -1234567.25} {
				number, _ := f.Number(x, 2)
				money, _ := f.Money(x, 2)
				for _, text := range []string{number, money} {
					digits := strings.Map(func(r rune) rune {
						if r < '0' || r > '9' {
							return -1
						}
						return r
					}, text)
					if !utf8.ValidString(text) || digits != "123456725" {
						t.Errorf("%s %s: %q", locale, code, text)
					}
				}
			}
			positive, _ := f.Money(5, 2)
			negative, _ := f.Money(-5, 2)
			if positive == negative || f.sym.decimal == "" || f.sym.minus == "" || f.sym.percent == "" {
				t.Errorf("%s %s: %q and %q, symbols %+v", locale, code, positive, negative, f.sym)
			}
		}
	}
}

// Rounding never moves a number by more than half a unit of its last place.
func TestRoundingIsNear(t *testing.T) {
	f := formatter(t, "en-GB", "")
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-1e9, 1e9).Draw(t, "x")
		decimals := rapid.IntRange(0, 6).Draw(t, "decimals")
		text, ok := f.Number(x, decimals)
		if !ok {
			t.Fatalf("%v was not printed", x)
		}
		var back float64
		for _, d := range strings.ReplaceAll(strings.TrimPrefix(strings.ReplaceAll(text, ",", ""), "-"), ".", "") {
			back = back*10 + float64(d-'0')
		}
		back /= math.Pow10(decimals)
		if diff := math.Abs(back - math.Abs(x)); diff > 0.5*math.Pow10(-decimals)*(1+1e-6)+1e-6*math.Pow10(-decimals)+1e-15*math.Abs(x) { // the last: what a double can hold
			t.Fatalf("%v with %d decimals is %s", x, decimals, text)
		}
	})
}
