package format

import (
	"sort"
	"strings"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/cs"
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

// entry is one locale that is supported. Where signs stand is ours, from CLDR:
// the library has them wrong for several locales (nl, pl, es-MX, nb).
type entry struct {
	name    string
	make    func() locales.Translator
	money   place
	percent string // behind the number
}

// place is where the currency's sign stands.
type place uint8

const (
	before place = iota // £5
	apart               // CHF 5
	behind              // 5 €
)

const (
	tight = "%"
	loose = "\u00a0%"
)

// table holds the supported locales by their usual names, sorted. A language
// with its main country, such as de-DE, is found as the language.
var table = []entry{
	{"cs", cs.New, behind, loose},
	{"da", da.New, behind, loose},
	{"de", de.New, behind, loose},
	{"de-AT", de_AT.New, apart, loose},
	{"de-CH", de_CH.New, apart, tight},
	{"en", en.New, before, tight},
	{"en-AU", en_AU.New, before, tight},
	{"en-CA", en_CA.New, before, tight},
	{"en-GB", en_GB.New, before, tight},
	{"en-IE", en_IE.New, before, tight},
	{"en-IN", en_IN.New, before, tight},
	{"en-NZ", en_NZ.New, before, tight},
	{"en-US", en_US.New, before, tight},
	{"en-ZA", en_ZA.New, before, tight},
	{"es", es.New, behind, loose},
	{"es-MX", es_MX.New, before, tight},
	{"fi", fi.New, behind, loose},
	{"fr", fr.New, behind, loose},
	{"fr-BE", fr_BE.New, behind, loose},
	{"fr-CA", fr_CA.New, behind, loose},
	{"fr-CH", fr_CH.New, behind, tight},
	{"it", it.New, behind, tight},
	{"nb", nb.New, behind, loose},
	{"nl", nl.New, apart, tight},
	{"nl-BE", nl_BE.New, apart, tight},
	{"pl", pl.New, behind, tight},
	{"pt", pt.New, apart, tight},
	{"pt-BR", pt_BR.New, apart, tight},
	{"pt-PT", pt_PT.New, behind, tight},
	{"sv", sv.New, behind, loose},
}

// mainCountries are the countries that a bare language stands for.
var mainCountries = map[string]string{
	"cs-CZ": "cs", "da-DK": "da", "de-DE": "de", "es-ES": "es", "fi-FI": "fi", "fr-FR": "fr",
	"it-IT": "it", "nb-NO": "nb", "nl-NL": "nl", "pl-PL": "pl", "sv-SE": "sv",
}

// lateGrouping are the locales that write 1234 and 12.345 (CLDR's
// minimumGroupingDigits of 2, which the library leaves out).
var lateGrouping = map[string]bool{"es": true, "es-ES": true, "pl": true, "pl-PL": true, "pt-PT": true}

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

func didYouMean(name string, known []string) string {
	if near := diag.Suggest(name, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
