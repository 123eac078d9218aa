package format

import (
	"fmt"
	"sort"
	"strings"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/cs"
	"github.com/go-playground/locales/currency"
	"github.com/go-playground/locales/da"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/de_AT"
	"github.com/go-playground/locales/de_CH"
	"github.com/go-playground/locales/en"
	"github.com/go-playground/locales/en_AU"
	"github.com/go-playground/locales/en_CA"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/en_IE"
	"github.com/go-playground/locales/en_IN"
	"github.com/go-playground/locales/en_NZ"
	"github.com/go-playground/locales/en_US"
	"github.com/go-playground/locales/en_ZA"
	"github.com/go-playground/locales/es"
	"github.com/go-playground/locales/es_MX"
	"github.com/go-playground/locales/fi"
	"github.com/go-playground/locales/fr"
	"github.com/go-playground/locales/fr_BE"
	"github.com/go-playground/locales/fr_CA"
	"github.com/go-playground/locales/fr_CH"
	"github.com/go-playground/locales/it"
	"github.com/go-playground/locales/nb"
	"github.com/go-playground/locales/nl"
	"github.com/go-playground/locales/nl_BE"
	"github.com/go-playground/locales/pl"
	"github.com/go-playground/locales/pt"
	"github.com/go-playground/locales/pt_BR"
	"github.com/go-playground/locales/pt_PT"
	"github.com/go-playground/locales/sv"

	"personae/engine/diag"
)

// entry is one locale that is supported.
type entry struct {
	name string
	make func() locales.Translator
}

// table holds the supported locales by their usual names, sorted. A language
// with its main country, such as de-DE, is found as the language.
var table = []entry{
	{"cs", cs.New}, {"da", da.New}, {"de", de.New}, {"de-AT", de_AT.New}, {"de-CH", de_CH.New},
	{"en", en.New}, {"en-AU", en_AU.New}, {"en-CA", en_CA.New}, {"en-GB", en_GB.New}, {"en-IE", en_IE.New},
	{"en-IN", en_IN.New}, {"en-NZ", en_NZ.New}, {"en-US", en_US.New}, {"en-ZA", en_ZA.New},
	{"es", es.New}, {"es-MX", es_MX.New}, {"fi", fi.New},
	{"fr", fr.New}, {"fr-BE", fr_BE.New}, {"fr-CA", fr_CA.New}, {"fr-CH", fr_CH.New},
	{"it", it.New}, {"nb", nb.New}, {"nl", nl.New}, {"nl-BE", nl_BE.New}, {"pl", pl.New},
	{"pt", pt.New}, {"pt-BR", pt_BR.New}, {"pt-PT", pt_PT.New}, {"sv", sv.New},
}

// mainCountries are the countries that a bare language stands for.
var mainCountries = map[string]string{
	"cs-CZ": "cs", "da-DK": "da", "de-DE": "de", "es-ES": "es", "fi-FI": "fi", "fr-FR": "fr",
	"it-IT": "it", "nb-NO": "nb", "nl-NL": "nl", "pl-PL": "pl", "sv-SE": "sv",
}

// Locales are the names of all supported locales, sorted.
func Locales() []string {
	names := make([]string, 0, len(table)+len(mainCountries))
	for _, e := range table {
		names = append(names, e.name)
	}
	for name := range mainCountries {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func find(name string) (entry, bool) {
	name = strings.ReplaceAll(name, "_", "-")
	asked := name
	if language, ok := mainCountries[name]; ok {
		name = language
	}
	for _, e := range table {
		if e.name == name {
			e.name = asked
			return e, true
		}
	}
	return entry{}, false
}

// symbols are how a locale writes numbers.
type symbols struct {
	decimal, group, minus, percent string
	indian                         bool // groups of two after the first: 12,34,567
	moneyBefore, moneyAfter        string
}

// symbolsOf reads a locale's symbols off what it prints. The library's own
// number functions are not used: they force two decimals on money, group no
// percentages and round binary numbers.
func symbolsOf(t locales.Translator) symbols {
	s := symbols{}
	plain := t.FmtNumber(1234567.5, 1)
	s.decimal = between(plain, "7", "5")
	s.group = between(plain, "1", "2")
	if s.group == "" {
		s.group, s.indian = between(plain, "2", "3"), false
	}
	s.indian = strings.HasPrefix(plain, "12"+s.group+"34"+s.group) && s.group != ""
	minus := t.FmtNumber(-5, 0)
	s.minus = minus[:strings.Index(minus, "5")]
	percent := t.FmtPercent(5, 0)
	s.percent = percent[strings.Index(percent, "5")+1:]
	money := t.FmtCurrency(5.55, 2, currency.GBP)
	first, last := strings.Index(money, "5"), strings.LastIndex(money, "5")
	s.moneyBefore, s.moneyAfter = money[:first], money[last+1:]
	return s
}

// between is the text between the last a before the first b that follows it.
func between(s, a, b string) string {
	_, rest, ok := strings.Cut(s, a)
	if !ok {
		return ""
	}
	text, _, ok := strings.Cut(rest, b)
	if !ok || strings.ContainsAny(text, "0123456789") {
		return ""
	}
	return text
}

// number lays digits out.
func (s symbols) number(d digits) string {
	text := s.grouped(d.whole)
	if d.fraction != "" {
		text += s.decimal + d.fraction
	}
	if d.negative {
		return s.minus + text
	}
	return text
}

func (s symbols) grouped(whole string) string {
	if s.group == "" || len(whole) <= 3 {
		return whole
	}
	size := 3
	if s.indian {
		size = 2
	}
	head, tail := whole[:len(whole)-3], s.group+whole[len(whole)-3:]
	for len(head) > size {
		head, tail = head[:len(head)-size], s.group+head[len(head)-size:]+tail
	}
	return head + tail
}

// money lays an amount out; the minus comes first: -£5.
func (s symbols) money(d digits) string {
	negative := d.negative
	d.negative = false
	text := s.moneyBefore + s.number(d) + s.moneyAfter
	if negative {
		return s.minus + text
	}
	return text
}

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

func (f *Formatter) useCurrency(code string) error {
	m, ok := currencies[code]
	if !ok {
		return fmt.Errorf("currency %q is not known%s; known are %s", code, didYouMean(code, Currencies()), strings.Join(Currencies(), ", "))
	}
	sign := m.clear
	language, country, _ := strings.Cut(f.locale, "-")
	if country == "" {
		country = homeCountries[language]
	}
	for _, home := range m.home {
		if home == country {
			sign = m.plain
		}
	}
	if before := strings.Trim(f.sym.moneyBefore, " \u00a0\u202f"); before != "" {
		gap := f.sym.moneyBefore[strings.Index(f.sym.moneyBefore, before)+len(before):]
		if gap == "" && isLetter(sign[len(sign)-1]) && len(sign) > 1 {
			gap = "\u00a0"
		}
		f.sym.moneyBefore, f.sym.moneyAfter = sign+gap, ""
		return nil
	}
	f.sym.moneyBefore, f.sym.moneyAfter = "", "\u00a0"+sign
	return nil
}

func isLetter(b byte) bool { return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' }

func didYouMean(name string, known []string) string {
	if near := diag.Suggest(name, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
