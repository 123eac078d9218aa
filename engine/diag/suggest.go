package diag

import (
	"slices"
	"sort"
	"strings"
)

// Suggest gives the candidate nearest to a mistyped name, "" if none is near. Near means: at most one edit for every
// three characters (one at least), where an edit inserts, deletes or replaces a character or swaps two neighbours
// (optimal string alignment, the restricted Damerau-Levenshtein distance). Case counts for nothing. Of equally near
// candidates the one with the same letters in another order wins, then one with the same first letter, then the
// alphabetically first.
func Suggest(name string, candidates []string) string {
	if name == "" {
		return ""
	}
	sorted := append([]string(nil), candidates...)
	sort.Strings(sorted)
	folded := []rune(strings.ToLower(name))
	limit := max(1, len(folded)/3)
	best, bestCost := "", 2*limit+2
	for _, c := range sorted {
		if c == name || c == "" {
			continue
		}
		other := []rune(strings.ToLower(c))
		if n := len(other) - len(folded); n > limit || -n > limit {
			continue
		}
		d := distance(folded, other)
		if d > limit || d >= len(folded) && len(folded) > 1 || len(folded) == 1 && d > 0 {
			continue
		}
		cost := 2 * d
		if sameLetters(folded, other) {
			cost--
		} else if folded[0] != other[0] {
			cost++
		}
		if cost < bestCost {
			best, bestCost = c, cost
		}
	}
	return best
}

// sameLetters says whether b is a in another order.
func sameLetters(a, b []rune) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// distance is the optimal string alignment distance, in three rows of the usual table.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
