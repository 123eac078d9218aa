package scaffold

import (
	"regexp"
	"slices"

	"personae/engine/english"
)

// Words in the names of columns and files that give away what they hold. Names
// are compared in their snake_case form.
var (
	// people are what one customer may be called.
	people = []string{"customer", "client", "lead", "prospect", "member", "subscriber", "buyer", "shopper", "user", "account",
		"contact", "guest", "person", "household", "donor", "student", "patient", "employee", "kunde", "cliente", "visitor", "player"}

	idName       = regexp.MustCompile(`(^|_)(id|uuid|guid|key|no|nr|number|code|num)$|^(id|uuid|guid)_|id$`)
	orderIDName  = regexp.MustCompile(`^(invoice|order|receipt|transaction|basket|bill|purchase|sale|booking|cart|checkout)(_?(no|nr|number|id|code|key|num))?$`)
	orderTable   = regexp.MustCompile(`order|invoice|transaction|purchase|sale|retail|receipt|payment|booking|basket`)
	itemTable    = regexp.MustCompile(`item|line|position|detail`)
	birthName    = regexp.MustCompile(`birth|^dob$|geburt|year_born|naissance`)
	updateName   = regexp.MustCompile(`updat|modif|deliver|ship|due|expir|cancel|refund|loaded|export`)
	joinName     = regexp.MustCompile(`sign_?up|regist|creat|join|since|enrol|dt_customer|first_seen|opened`)
	quantityName = regexp.MustCompile(`^(quantity|qty|units|pieces|anzahl|menge|count)$|_(quantity|qty)$`)
	priceName    = regexp.MustCompile(`(^|_)(unit_?price|price|unit_?cost|preis)$`)
	totalName    = regexp.MustCompile(`(^|_)(total|amount|revenue|sales|spend|spent|turnover|net|gross|paid|payment|value|betrag|umsatz|montant|grand_total|subtotal)(_|$)`)
	shareOfTotal = regexp.MustCompile(`tax|vat|ship|discount|fee|freight|tip|count|items|quantity|number|percent|rate|balance`)
	moneyName    = regexp.MustCompile(`(^|_)(total|amount|revenue|sales|spend|spent|turnover|income|salary|price|cost|value|budget|balance|paid|payment|fee|mnt[a-z]*|ltv|clv)(_|$)|^mnt_`)
	outcomeName  = regexp.MustCompile(`^(converted|conversion|is_converted|response|responded|churn|churned|is_churned|won|closed_won|subscribed|purchased|exited|target|outcome|label|accepted|clicked|bought|success|default|defaulted|attrition)$`)
	currencyEnd  = regexp.MustCompile(`(^|_)(gbp|eur|usd|chf|cad|aud|sek|nok|dkk|pln|jpy|inr)$`)

	piiName = regexp.MustCompile(`(^|_)(e_?mail|mail_address|phone|telephone|mobile|cell|fax|first_?name|last_?name|sur_?name|full_?name|given_name|family_name|fname|lname|street|address|addr|post_?code|postal(_code)?|zip(_?code)?|plz|iban|card_number|passport|ssn|national_insurance|nino|ip(_address)?|birth_?date|date_of_birth|dob|birthday|latitude|longitude|signature|username|login|vorname|nachname)(_|$)`)
	// personName is `name` alone, or the name of a person: a product's name is none.
	personName = regexp.MustCompile(`^(name|(customer|client|lead|contact|member|person|user|account)_name)$`)

	sensitiveName = regexp.MustCompile(`(^|_)(ethnic(ity)?|race|religion|religious|faith|belief|health|medical|disease|diagnosis|illness|disab(led|ility)|pregnan(t|cy)|sexual(ity)?|orientation|politic(s|al)?|party_affiliation|union_member|trade_union|biometric|genetic|criminal|conviction|hiv|mental|diet|smoker|medication|nationality)(_|$)`)

	basisOf = []struct {
		name  *regexp.Regexp
		basis string
	}{
		{regexp.MustCompile(`^(\w+?_){0,4}?(age|age_group|birth|gender|sex|education|marital_status|income|salary|occupation|job|kidhome|teenhome|children|kids|household|household_size|family|employment)$`), "demographic"},
		{regexp.MustCompile(`^(\w+?_){0,4}?(city|country|region|state|county|postcode|location|province)$`), "geographic"},
	}
)

// nullWords stand for "not known" in any column; the second list only where
// all else in the column is of another type than text.
var (
	nullWords     = []string{"select", "na", "n/a", "#n/a", "nan", "null", "(null)", "nil", "-", "--", "?", "not available", "not specified", "undefined", "missing", "(blank)", "\\n", ""}
	softNullWords = []string{"none", "unknown", ".", "x", "n.a.", "tbd", "error", "0000-00-00", "not known"}
)

// isPerson says whether a name holds a word for a customer, and which.
func isPerson(name string) (string, bool) {
	for _, w := range words(name) {
		if one := english.Singular(w); slices.Contains(people, one) {
			return one, true
		}
	}
	for _, p := range people { // customerid
		if len(name) > len(p) && name[:len(p)] == p && idName.MatchString(name[len(p):]) {
			return p, true
		}
	}
	return "", false
}
