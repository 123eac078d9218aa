package format

import (
	"fmt"
	"sort"
	"strings"
)

// money is how a currency is written: with its sign, or with its clear sign
// where the locale's own currency has the same one. Home are the countries
// that use the plain sign.
type money struct {
	plain, clear string
	home         []string
}

// currencies are those that are supported, by ISO code. The library's own
// tables give "GBP" for pounds in en-GB, so the signs are ours and only their
// place is the library's.
var currencies = map[string]money{
	"AUD": {"$", "A$", []string{"AU"}},
	"BRL": {"R$", "R$", nil},
	"CAD": {"$", "CA$", []string{"CA"}},
	"CHF": {"CHF", "CHF", nil},
	"CNY": {"CN¥", "CN¥", nil},
	"CZK": {"Kč", "Kč", nil},
	"DKK": {"kr.", "DKK", []string{"DK"}},
	"EUR": {"€", "€", nil},
	"GBP": {"£", "£", nil},
	"INR": {"₹", "₹", nil},
	"JPY": {"¥", "¥", nil},
	"MXN": {"$", "MX$", []string{"MX"}},
	"NOK": {"kr", "NOK", []string{"NO"}},
	"NZD": {"$", "NZ$", []string{"NZ"}},
	"PLN": {"zł", "zł", nil},
	"SEK": {"kr", "SEK", []string{"SE"}},
	"USD": {"$", "US$", []string{"US"}},
	"ZAR": {"R", "R", nil},
}

// homeCountries are the countries of locales that name none.
var homeCountries = map[string]string{"en": "US", "da": "DK", "nb": "NO", "sv": "SE"}

// Currencies are the codes of all supported currencies, sorted.
func Currencies() []string {
	codes := make([]string, 0, len(currencies))
	for code := range currencies {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	return codes
}

// inCurrency returns the symbols with a currency's sign in its place.
func (s symbols) inCurrency(locale, code string) (symbols, error) {
	m, ok := currencies[code]
	if !ok {
		return s, fmt.Errorf("currency %q is not known%s; known are %s", code, didYouMean(code, Currencies()), strings.Join(Currencies(), ", "))
	}
	sign := m.clear
	language, country, _ := strings.Cut(locale, "-")
	if country == "" {
		country = homeCountries[language]
	}
	for _, home := range m.home {
		if home == country {
			sign = m.plain
		}
	}
	switch {
	case s.place == behind:
		s.moneyBefore, s.moneyAfter = "", "\u00a0"+sign
	case s.place == apart, len(sign) > 1 && isLetter(sign[len(sign)-1]):
		s.moneyBefore, s.moneyAfter = sign+"\u00a0", ""
	default:
		s.moneyBefore, s.moneyAfter = sign, ""
	}
	return s, nil
}

func isLetter(b byte) bool { return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' }
