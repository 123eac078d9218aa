package format

import (
	"math"
	"strconv"
	"strings"
)

// digits is a rounded decimal number.
type digits struct {
	negative        bool
	whole, fraction string
}

// style is how many decimals a number has when nobody says.
type style struct {
	decimals  int
	trim      bool // zeros at the end are left out
	allOrNone bool // a fraction of only zeros is left out, others are kept
}

func autoNumber(x float64) style {
	switch a := math.Abs(x); {
	case a >= 100:
		return style{}
	case a >= 10:
		return style{decimals: 1, trim: true}
	case a >= 0.1 || a == 0:
		return style{decimals: 2, trim: true}
	}
	return style{decimals: 4, trim: true}
}

func autoPercent(share float64) style {
	if a := math.Abs(share); a >= 0.1 && a <= 0.9 || a >= 1 {
		return style{}
	}
	return style{decimals: 1, trim: true}
}

func autoMoney(x float64) style {
	if math.Abs(x) >= 100 {
		return style{}
	}
	return style{decimals: 2, allOrNone: true}
}

// digitsOf rounds a number to decimals, or as a style says where they are Auto.
func digitsOf(x float64, decimals int, auto style) (digits, bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return digits{}, false
	}
	return roundDecimal(strconv.FormatFloat(x, 'f', -1, 64), decimals, auto)
}

// shift multiplies by a power of ten without a rounding error: 0.57 is 57, and
// not 56.99999999999999.
func shift(x float64, places int) (string, bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "", false
	}
	text := strconv.FormatFloat(x, 'f', -1, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	for range places {
		if fraction == "" {
			whole += "0"
			continue
		}
		whole, fraction = whole+fraction[:1], fraction[1:]
	}
	if fraction == "" {
		return whole, true
	}
	return whole + "." + fraction, true
}

// roundDecimal rounds decimal text, half away from zero.
func roundDecimal(text string, decimals int, auto style) (digits, bool) {
	d := digits{negative: strings.HasPrefix(text, "-")}
	d.whole, d.fraction, _ = strings.Cut(strings.TrimPrefix(text, "-"), ".")
	keep := decimals
	if decimals < 0 {
		keep = auto.decimals
	}
	up := len(d.fraction) > keep && d.fraction[keep] >= '5'
	if len(d.fraction) > keep {
		d.fraction = d.fraction[:keep]
	} else {
		d.fraction += strings.Repeat("0", keep-len(d.fraction))
	}
	if up {
		all := increment(d.whole + d.fraction)
		d.whole, d.fraction = all[:len(all)-keep], all[len(all)-keep:]
	}
	if decimals < 0 {
		if zeros := strings.Trim(d.fraction, "0") == ""; zeros && (auto.allOrNone || auto.trim) {
			d.fraction = ""
		}
		if auto.trim {
			d.fraction = strings.TrimRight(d.fraction, "0")
		}
	}
	d.whole = strings.TrimLeft(d.whole, "0")
	if d.whole == "" {
		d.whole = "0"
	}
	if strings.Trim(d.whole+d.fraction, "0") == "" {
		d.negative = false // there is no minus zero
	}
	return d, true
}

// increment adds one to decimal digits.
func increment(s string) string {
	b := []byte(s)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] != '9' {
			b[i]++
			return string(b)
		}
		b[i] = '0'
	}
	return "1" + string(b)
}
