// Package format prints numbers, shares, money, dates and lengths of time for
// people, in the manner of a locale.
//
// Input: values and units. Output: text. It must not know rules, tables or
// reports. Nothing here reads the clock or the environment: the same value
// gives the same text everywhere. NaN, infinities and missing values are never
// printed: the functions return false, and the caller says in words what is
// missing.
//
// Rounding is half away from zero, on the shortest decimal that stands for
// the number: 0.125 with two decimals is 0.13, and so is 0.285 0.29, although
// the binary number is a little less.
//
// To add a locale: one line in the table of locales.go.
package format
