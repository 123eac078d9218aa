package format

import (
	"math"
	"strconv"
	"strings"
)

// exactDecimals is how many decimals Exact writes at most.
const exactDecimals = 9

// Exact prints a number in its unit as Value does, but never rounds: 0.125 as
// a share is 12.5%, £99.5 is £99.50. False for NaN, infinities, and numbers
// that need more than nine decimals or fifteen digits.
func (f *Formatter) Exact(x float64, unit string) (string, bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "", false
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(math.Abs(x), 'f', -1, 64), ".")
	decimals := len(fraction)
	if len(whole)+decimals > 15 || decimals > exactDecimals {
		return "", false
	}
	if unit == "share" {
		return f.Percent(x, max(decimals-2, 0))
	}
	if _, ok := currencies[unit]; ok {
		if decimals == 1 {
			decimals = 2
		}
		return f.MoneyIn(x, unit, decimals)
	}
	text, ok := f.Number(x, decimals)
	return text + f.suffix(unit), ok
}

// Suffixed says whether a unit stands behind its number: 30 years.
func (f *Formatter) Suffixed(unit string) bool {
	_, money := currencies[unit]
	return unit != "" && unit != "share" && !money
}
