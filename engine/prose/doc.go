// Package prose says rules as plain sentences: "spend in the last 365 days is
// more than £500 and has no orders in the last 60 days".
//
// Input: checked expressions, the catalog's titles and units, the rules'
// titles, and a formatter. Output: text without markup. It must not know rows,
// SQL, HTML or the clock.
//
// # What a sentence promises
//
// It says neither more nor less than the rule: it is true of exactly those for
// whom the rule is true. Where CEL's answer for an empty value surprises, the
// sentence says so: "city is not “Berlin” (empty counts as well)". Its subject
// is the customer, the lead, or inside "where (...)" the related row.
//
// The words and, or, not with a parenthesis behind it, and parentheses around
// conditions are logic; where && and || meet there are parentheses. Names that
// could be read as logic, and all text, stand in quotes. What has no words, for
// example a loop over rows that names two rows of one kind, stands as code
// between backticks, never in wrong words.
//
// To give a function words: a line in the table of wording.go, under its name
// and number of arguments. TestEveryOverloadHasWords calls every overload that
// there is and finds the ones without.
package prose
