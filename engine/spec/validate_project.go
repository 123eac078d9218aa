package spec

import (
	"regexp"
	"strings"
	"time"

	"personae/engine/diag"
)

var localePattern = regexp.MustCompile(`^[a-z]{2,3}([-_][A-Z][a-z]{3})?([-_]([A-Z]{2}|[0-9]{3}))?$`)

// commonZones are suggested for misspelled time zones; any zone that Go knows is accepted.
var commonZones = strings.Fields(`UTC Europe/London Europe/Dublin Europe/Lisbon Europe/Berlin Europe/Paris Europe/Madrid Europe/Rome
	Europe/Vienna Europe/Zurich Europe/Amsterdam Europe/Brussels Europe/Copenhagen Europe/Stockholm Europe/Oslo Europe/Helsinki
	Europe/Warsaw Europe/Prague Europe/Budapest Europe/Athens Europe/Istanbul Europe/Kyiv America/New_York America/Chicago
	America/Denver America/Los_Angeles America/Toronto America/Vancouver America/Mexico_City America/Sao_Paulo
	America/Argentina/Buenos_Aires Africa/Cairo Africa/Johannesburg Africa/Lagos Africa/Nairobi Asia/Dubai Asia/Kolkata
	Asia/Singapore Asia/Hong_Kong Asia/Shanghai Asia/Tokyo Asia/Seoul Asia/Jakarta Australia/Sydney Australia/Perth Pacific/Auckland`)

// currencies are the codes of ISO 4217 that are in use for money that people pay with.
var currencies = strings.Fields(`AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
	BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
	HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
	MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
	SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED
	VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG`)

func (v *validator) project() {
	p := v.m.Project
	v.name(p.Name)
	if t := p.Timezone; !t.IsZero() {
		if _, err := time.LoadLocation(t.Value()); err != nil || t.Value() == "" || t.Value() == "Local" {
			one := v.Report("bad-value", t.Range(), "There is no time zone %q", t.Value())
			one.Detail = "Write a name from the IANA list, such as Europe/London or UTC."
			suggest(one, t.Value(), commonZones, t.Range())
		}
	}
	if t := p.Locale; !t.IsZero() && !localePattern.MatchString(t.Value()) {
		v.Report("bad-value", t.Range(), "%q is not a locale", t.Value()).
			Detail = "Write a language and a country, such as en-GB or de-DE."
	}
	if t := p.Currency; !t.IsZero() {
		v.oneOf(t, "currency", "an ISO 4217 currency", "Write the three letters of a currency, such as GBP or EUR.", currencies)
	}
	v.asOf(p.AsOf)
	for _, e := range p.Values {
		v.name(e.Key)
	}
	if p.Privacy != nil {
		v.atLeast("min_group", p.Privacy.MinGroup, 1)
	}
}

// oneOf checks a value against a list that is too long for an enum tag.
func (v *validator) oneOf(t Text, key, what, detail string, allowed []string) {
	for _, a := range allowed {
		if a == t.Value() {
			return
		}
	}
	one := v.Report("bad-value", t.Range(), "`%s`: %q is not %s", key, t.Value(), what)
	one.Detail = detail
	for _, a := range allowed {
		if strings.EqualFold(a, t.Value()) {
			one.Fix = &diag.Fix{Range: t.Range(), Replacement: a, Title: "write " + a}
			return
		}
	}
	suggest(one, t.Value(), allowed, t.Range())
}

func (v *validator) asOf(t Text) {
	switch t.Value() {
	case "today":
		return
	case "latest":
		for _, d := range v.m.Datasets {
			if !d.Time.IsZero() {
				return
			}
		}
		if len(v.m.Datasets) > 0 && len(v.m.Broken) == 0 {
			v.Report("bad-as-of", t.Range(), "`as_of: latest` is the newest event, and no dataset has a `time`").
				Detail = "Name the column with the time of events in a dataset, or write `as_of: today`."
		}
		return
	}
	if t.IsZero() {
		return
	}
	if _, err := time.Parse(time.RFC3339, t.Value()); err == nil {
		return
	}
	words := []string{"today", "latest"}
	one := v.Report("bad-as-of", t.Range(), "%q is no instant", t.Value())
	one.Detail = "Write today, latest, or an instant with its zone, such as 2026-01-31T00:00:00Z."
	if _, err := time.Parse(time.DateOnly, t.Value()); err == nil {
		full := t.Value() + "T00:00:00Z"
		one.Fix = &diag.Fix{Range: t.Range(), Replacement: full, Title: "write " + full}
		return
	}
	suggest(one, t.Value(), words, t.Range())
}

// date checks a calendar day.
func (v *validator) date(key string, t Text) {
	if t.IsZero() {
		return
	}
	if _, err := time.Parse(time.DateOnly, t.Value()); err == nil {
		return
	}
	v.Report("bad-value", t.Range(), "`%s` is %q, which is not a date", key, t.Value()).
		Detail = "Write year, month and day: 2026-12-31."
}
