// Package english counts things in the words of messages: numbers with their
// nouns, and nouns of one and of many. What reports say in a project's own locale
// is package format's. It knows nothing of rules or data.
package english

import (
	"strings"
	"sync"

	"github.com/dustin/go-humanize"
	"github.com/gertd/go-pluralize"
)

// nouns compiles its rules once, and only where a noun is asked for.
var nouns = sync.OnceValue(pluralize.NewClient)

// Number writes a whole number with its thousands separated: 20,000.
func Number(n int64) string { return humanize.Comma(n) }

// Count writes a number with its noun: 1 row, 20,000 rows.
func Count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Spoken writes a name as people would: order_item is "order item".
func Spoken(name string) string { return strings.ReplaceAll(name, "_", " ") }

// Plural is the name of several of what is called name: "order item" → "order
// items". Only the last word changes.
func Plural(name string) string { return onLast(name, nouns().Plural) }

// Singular is the name of one of what is called name: "children" → "child".
func Singular(name string) string { return onLast(name, nouns().Singular) }

// Many says whether a name is that of many things, as far as English shows: not
// of "series" and "sheep", which are one thing as well.
func Many(name string) bool {
	last := name[lastWord(name):]
	return nouns().IsPlural(last) && !nouns().IsSingular(last)
}

func onLast(name string, f func(string) string) string {
	at := lastWord(name)
	if name[at:] == "" {
		return name
	}
	return name[:at] + f(name[at:])
}

// lastWord is where the last word of a name begins.
func lastWord(name string) int { return strings.LastIndexAny(name, " _") + 1 }
