package format

import (
	"strings"
	"time"
)

// Value prints a value in its unit, as people read it: an ISO currency code as
// money, "%" as a percentage (41 is 41%), "share" as a share (0.41 is 41%),
// any other unit behind the number: 12 km. Truth is yes or no. False where
// there is no value to print: nil, NaN, infinities, empty text.
func (f *Formatter) Value(v any, unit string) (string, bool) {
	switch x := v.(type) {
	case float64:
		return f.inUnit(x, unit)
	case int64:
		if _, money := currencies[unit]; !money && unit != "share" {
			return f.Int(x) + f.suffix(unit), true
		}
		return f.inUnit(float64(x), unit)
	case int:
		return f.Value(int64(x), unit)
	case bool:
		if x {
			return "yes", true
		}
		return "no", true
	case string:
		return x, strings.TrimSpace(x) != ""
	case time.Time:
		return f.Date(x), !x.IsZero()
	case time.Duration:
		return f.Duration(x), true
	}
	return "", false
}

func (f *Formatter) inUnit(x float64, unit string) (string, bool) {
	if unit == "share" {
		return f.Percent(x, Auto)
	}
	if _, ok := currencies[unit]; ok {
		return f.MoneyIn(x, unit, Auto)
	}
	text, ok := f.Number(x, Auto)
	if !ok {
		return "", false
	}
	return text + f.suffix(unit), true
}

// suffix is a unit behind a number, after a space that does not break.
func (f *Formatter) suffix(unit string) string {
	switch unit {
	case "":
		return ""
	case "%":
		return f.sym.percent
	}
	return "\u00a0" + unit
}

// MoneyIn prints an amount in any known currency. False for NaN, infinities
// and unknown currencies.
func (f *Formatter) MoneyIn(x float64, code string, decimals int) (string, bool) {
	sym, err := f.sym.inCurrency(f.locale, code)
	if err != nil {
		return "", false
	}
	d, ok := digitsOf(x, decimals, autoMoney(x))
	if !ok {
		return "", false
	}
	return sym.money(d), true
}
