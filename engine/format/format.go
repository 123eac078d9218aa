package format

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/go-playground/locales"
)

// Auto asks for the number of decimals that suits the value.
const Auto = -1

// Formatter prints values in one locale, currency and zone. It is immutable
// and safe for concurrent use.
type Formatter struct {
	locale   string
	currency string
	zone     *time.Location
	words    locales.Translator
	sym      symbols
}

// New makes a formatter. The locale is written as en-GB or en_GB; a currency
// is an ISO code such as GBP, or "" where amounts carry none.
func New(locale, code string, zone *time.Location) (*Formatter, error) {
	if locale == "" {
		locale = "en"
	}
	entry, ok := find(locale)
	if !ok {
		return nil, fmt.Errorf("locale %q is not known%s; known are %s", locale, didYouMean(locale, Locales()), strings.Join(Locales(), ", "))
	}
	if zone == nil {
		zone = time.UTC
	}
	words := entry.make()
	f := &Formatter{locale: entry.name, currency: code, zone: zone, words: words, sym: symbolsOf(entry, words)}
	if code != "" {
		var err error
		if f.sym, err = f.sym.inCurrency(f.locale, code); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Locale is the locale's name: en-GB.
func (f *Formatter) Locale() string { return f.locale }

// Currency is the ISO code of the currency, or "".
func (f *Formatter) Currency() string { return f.currency }

// Zone is the zone of dates; UTC for a nil Formatter.
func (f *Formatter) Zone() *time.Location {
	if f == nil {
		return time.UTC
	}
	return f.zone
}

// Number prints a number with its thousands marked: 1,234.5. With Auto,
// numbers from 100 on have no decimals, from 10 on at most one, else at most
// two, and zeros at the end are left out. False for NaN and infinities.
func (f *Formatter) Number(x float64, decimals int) (string, bool) {
	d, ok := digitsOf(x, decimals, autoNumber(x))
	if !ok {
		return "", false
	}
	return f.sym.number(d), true
}

// Int prints a whole number: 1,234.
func (f *Formatter) Int(n int64) string {
	text := fmt.Sprint(n)
	negative := strings.HasPrefix(text, "-")
	return f.sym.number(digits{negative: negative, whole: strings.TrimPrefix(text, "-")})
}

// Percent prints a share: 0.41 is 41%. With Auto, shares from 10% to 90%, and
// 0% and 100%, have no decimals, the others at most one. A share that is not 0
// or 1 is never rounded to 0% or 100%: it is "<0.1%" or ">99.9%", and of
// negative ones "just below 0%".
func (f *Formatter) Percent(share float64, decimals int) (string, bool) {
	if decimals == Auto {
		switch a := math.Abs(share); {
		case a > 0 && a < 0.0005:
			if share < 0 {
				return "just below " + f.percent(digits{whole: "0"}), true
			}
			return "<" + f.percent(digits{whole: "0", fraction: "1"}), true
		case a > 0.9995 && a < 1:
			if share < 0 {
				return "just above " + f.percent(digits{negative: true, whole: "100"}), true
			}
			return ">" + f.percent(digits{whole: "99", fraction: "9"}), true
		}
	}
	percent, ok := shift(share, 2)
	if !ok {
		return "", false
	}
	d, ok := roundDecimal(percent, decimals, autoPercent(share))
	if !ok {
		return "", false
	}
	return f.percent(d), true
}

func (f *Formatter) percent(d digits) string { return f.sym.number(d) + f.sym.percent }

// Money prints an amount in the project's currency: £1,234. With Auto, amounts
// from 100 on have no decimals and smaller ones have two, unless they are whole.
func (f *Formatter) Money(x float64, decimals int) (string, bool) {
	d, ok := digitsOf(x, decimals, autoMoney(x))
	if !ok {
		return "", false
	}
	return f.sym.money(d), true
}

// Date prints a calendar day in the project's zone: 31 Dec 2025.
func (f *Formatter) Date(t time.Time) string { return f.words.FmtDateMedium(t.In(f.zone)) }

// DateTime prints a day and the time on the clock in the project's zone, on
// the 24-hour clock in every locale: 31 Dec 2025, 14:05.
func (f *Formatter) DateTime(t time.Time) string {
	return f.Date(t) + ", " + t.In(f.zone).Format("15:04")
}
