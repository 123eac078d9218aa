package prose

import (
	"strconv"

	"cel.dev/cel-go/common/ast"
)

// wording is how a function is said. Its operands stand in holes, by number,
// the target of a method first: {0} where words follow, {0>} where it is the
// last, {0=} in the unit of the first, {0,} a list entry by entry, {0?} a
// condition, {0~} with an of before it where it needs one, {0th} an ordinal.
// Conditions have is and isNot, all others value.
type wording struct {
	is, isNot string
	value     string
	ofTime    string // value, where the result is a point in time
	unit      string
	keepsUnit bool // the unit is that of the first operand
	bound     binding
}

func states(is, isNot string) wording { return wording{is: is, isNot: isNot} }
func names(value string) wording      { return wording{value: value, bound: open} }
func makes(value string) wording      { return wording{value: value, bound: loose} }
func measures(value string) wording   { return wording{value: value, bound: open, keepsUnit: true} }
func extremes(value, ofTime string) wording {
	return wording{value: value, ofTime: ofTime, bound: open, keepsUnit: true}
}

// wordings are the functions, by name and number of operands, the target
// included. condition.go and value.go hold those that need more than a line.
var wordings = withParts(map[string]wording{
	// Text.
	"startsWith/2":    states("{0} starts with {1>}", "{0} does not start with {1>}"),
	"endsWith/2":      states("{0} ends with {1>}", "{0} does not end with {1>}"),
	"contains/2":      states("{0} contains {1>}", "{0} does not contain {1>}"),
	"matches/2":       states("{0} matches the pattern {1>}", "{0} does not match the pattern {1>}"),
	"mentions/2":      states("{0} mentions any of {1,} (whole words, capital letters or not)", "{0} mentions none of {1,} (whole words, capital letters or not)"),
	"lowerAscii/1":    makes("{0} in small letters"),
	"upperAscii/1":    makes("{0} in capital letters"),
	"trim/1":          makes("{0} without spaces at its ends"),
	"reverse/1":       makes("{0} back to front"),
	"charAt/2":        names("the character of {0} at position {1>} counted from 0"),
	"indexOf/2":       names("the first position of {1} in {0>} counted from 0"),
	"indexOf/3":       names("the first position of {1} in {0} counted from 0, searched from {2>}"),
	"lastIndexOf/2":   names("the last position of {1} in {0>} counted from 0"),
	"lastIndexOf/3":   names("the last position of {1} in {0} counted from 0, searched up to {2>}"),
	"join/1":          makes("{0} joined into one text"),
	"join/2":          makes("{0} joined into one text by {1}"),
	"replace/3":       makes("{0} with {1} replaced by {2}"),
	"replace/4":       makes("{0} with the first {3} of {1} replaced by {2}"),
	"split/2":         makes("{0} split at {1}"),
	"split/3":         makes("{0} split at {1} into at most {2} parts"),
	"substring/2":     names("the part of {0} from position {1>} counted from 0"),
	"substring/3":     names("the part of {0} from position {1} to before {2>} counted from 0"),
	"strings.quote/1": makes("{0} in quotes"),

	// Types. A whole number as one with decimals is the same number.
	"double/1":    {value: "{0>}", keepsUnit: true},
	"int/1":       {value: "{0} as a whole number", bound: loose, keepsUnit: true},
	"uint/1":      {value: "{0} as a whole number from 0 on", bound: loose, keepsUnit: true},
	"string/1":    makes("{0} as text"),
	"bytes/1":     makes("{0} as bytes"),
	"bool/1":      makes("{0} read as yes or no"),
	"timestamp/1": makes("{0} as a point in time"),
	"duration/1":  makes("{0} as a length of time"),
	"date/1":      makes("{0} as a calendar day"),
	"dyn/1":       {value: "{0>}", keepsUnit: true},
	"type/1":      names("the type of {0>}"),

	// Numbers.
	"-_/1":                 {value: "minus {0}", bound: loose, keepsUnit: true},
	"math.@max/1":          {value: "the largest of {0,}", bound: loose, keepsUnit: true},
	"math.@max/2":          {value: "the larger of {0}, {1=}", bound: loose, keepsUnit: true},
	"math.@min/1":          {value: "the smallest of {0,}", bound: loose, keepsUnit: true},
	"math.@min/2":          {value: "the smaller of {0}, {1=}", bound: loose, keepsUnit: true},
	"math.abs/1":           {value: "{0} without its sign", bound: loose, keepsUnit: true},
	"math.ceil/1":          {value: "{0} rounded up", bound: loose, keepsUnit: true},
	"math.floor/1":         {value: "{0} rounded down", bound: loose, keepsUnit: true},
	"math.round/1":         {value: "{0} rounded", bound: loose, keepsUnit: true},
	"math.trunc/1":         {value: "{0} without decimals", bound: loose, keepsUnit: true},
	"math.sign/1":          names("the sign of {0>}"),
	"math.sqrt/1":          names("the square root of {0>}"),
	"math.isNaN/1":         states("{0} is not a number", "{0} is a number"),
	"math.isInf/1":         states("{0} is infinite", "{0} is not infinite"),
	"math.isFinite/1":      states("{0} is a finite number", "{0} is not a finite number"),
	"math.bitAnd/2":        makes("the bits in both {0}, {1}"),
	"math.bitOr/2":         makes("the bits in any of {0}, {1}"),
	"math.bitXor/2":        makes("the bits in only one of {0}, {1}"),
	"math.bitNot/1":        makes("the bits not in {0}"),
	"math.bitShiftLeft/2":  makes("{0} with its bits moved left by {1}"),
	"math.bitShiftRight/2": makes("{0} with its bits moved right by {1}"),

	// Time.
	"days/1":      makes("{0} times 1 day"),
	"hours/1":     makes("{0} times 1 hour"),
	"minutes/1":   makes("{0} times 1 minute"),
	"weeks/1":     makes("{0} times 1 week"),
	"age/2":       {value: "the full years from {0} to {1>}", bound: open, unit: "years"},
	"daysSince/2": {value: "the calendar days from {0} to {1>}", bound: open, unit: "days"},
	"hourOf/1":    names("the hour on the clock of {0>}"),
	"weekdayOf/1": makes("the weekday of {0}, Monday being 1"),

	// Lists.
	"flatten/1":         makes("{0} as one list"),
	"flatten/2":         makes("{0} as one list, down to depth {1}"),
	"lists.range/1":     makes("the numbers from 0 to before {0}"),
	"slice/3":           makes("the part of {0} from position {1} to before {2} counted from 0"),
	"sort/1":            makes("{0} in order"),
	"first/1":           {value: "the first {0~}", bound: open, keepsUnit: true},
	"last/1":            {value: "the last {0~}", bound: open, keepsUnit: true},
	"sum/1":             measures("the sum of {0>}"),
	"avg/1":             measures("the average {0~}"),
	"min/1":             extremes("the smallest {0~}", "the earliest {0~}"),
	"max/1":             extremes("the largest {0~}", "the latest {0~}"),
	"median/1":          measures("the median {0~}"),
	"percentile/2":      measures("the {1th} percentile of {0>}"),
	"mode/1":            measures("the most frequent {0~}"),
	"sets.contains/2":   states("{0} contains every one of {1,}", "{0} does not contain every one of {1,}"),
	"sets.equivalent/2": states("{0} has the same values as {1>}", "{0} does not have the same values as {1>}"),
	"sets.intersects/2": states("{0} contains any of {1,}", "{0} contains none of {1,}"),
	"hasAll/2":          states("{0} contains every one of {1,}", "{0} does not contain every one of {1,}"),
	"hasAny/2":          states("{0} contains any of {1,}", "{0} contains none of {1,}"),
	"hasExactly/2":      states("{0} contains exactly {1,}", "{0} does not contain exactly {1,}"),
	"hasOnly/2":         states("{0} contains only values among {1,}", "{0} does not contain only values among {1,}"),
	"_[_]/2":            {value: "entry {1} of {0>}", bound: open, keepsUnit: true},
	"_[?_]/2":           {value: "entry {1} of {0>}", bound: open, keepsUnit: true},

	// Values that may be missing.
	"orValue/2":                 {value: "{0} ({1=} where there is none)", keepsUnit: true},
	"or/2":                      {value: "{0} ({1=} where there is none)", keepsUnit: true},
	"hasValue/1":                states("{0} has a value", "{0} has no value"),
	"hasValue/2":                states("{0} has the value {1=}", "{0} does not have the value {1=}"),
	"value/1":                   {value: "{0>}", keepsUnit: true},
	"optional.of/1":             {value: "{0>}", keepsUnit: true},
	"optional.ofNonZeroValue/1": {value: "{0} (none where it is zero or nothing)", keepsUnit: true},
	"optional.none/0":           {value: "none"},
	"optional.unwrap/1":         makes("{0} without those that are missing"),
	"unwrapOpt/1":               makes("{0} without those that are missing"),

	// Patterns in time.
	"gaps/1":        names("the times between successive {0>}"),
	"weeksActive/2": names("the number of the last {1} weeks (7 days each, back from now) with any {0>}"),

	// Statistics over the members of a persona.
	"count/0":     {value: "the number of members"},
	"share/1":     {value: "the share of members for whom {0?}", unit: "share", bound: open},
	"lift/1":      {value: "how many times as common as among everyone it is that {0?}", bound: open},
	"top/2":       names("the {1} most frequent values of {0>}"),
	"asPercent/1": {value: "{0>}", keepsUnit: true}, "asPercent/2": makes("{0} with {1} decimals"),
	"asMoney/1": {value: "{0>}", keepsUnit: true}, "asMoney/2": makes("{0} with {1} decimals"),
	"asNumber/1": {value: "{0>}", keepsUnit: true}, "asNumber/2": makes("{0} with {1} decimals"),
	"asDate/1": {value: "{0>}"},
})

// withParts adds the parts of an instant. Without a zone they are those of the
// clock in UTC; those of a length of time have no zone.
func withParts(table map[string]wording) map[string]wording {
	for name, words := range map[string]string{
		"getFullYear": "the year", "getMonth": "the month, counted from 0,", "getDate": "the day of the month",
		"getDayOfMonth": "the day of the month, counted from 0,", "getDayOfYear": "the day of the year, counted from 0,",
		"getDayOfWeek": "the weekday, Sunday being 0,", "getHours": "the hours", "getMinutes": "the minutes",
		"getSeconds": "the seconds", "getMilliseconds": "the milliseconds",
	} {
		table[name+"/1"] = makes(words + " of {0}")
		table[name+"/2"] = makes(words + " of {0} in the zone {1}")
	}
	return table
}

// wordingOf finds the words of a call.
func wordingOf(c ast.CallExpr) (wording, bool) {
	w, ok := wordings[c.FunctionName()+"/"+strconv.Itoa(len(operandsOf(c)))]
	return w, ok
}
