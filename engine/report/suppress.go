package report

// What small groups would tell about single people stays out of every output
// (DESIGN section 8). A count is shown only where at least `min` people are in
// it and at least `min` are not; in a table whose cells add up to a shown total,
// further cells are hidden until the hidden ones together hold at least `min`
// people, because their sum can be worked out.

// The fixed words for what is hidden (REPORTS A).
const (
	wordHidden     = "Hidden: " // how all of them begin
	wordNobodyElse = "Hidden: all but fewer than %s people"
	wordTooFew     = "Hidden: fewer than %s people"
	wordNobody     = "Nobody"
	wordEverybody  = "Everybody"
	wordGivesAway  = "Hidden: it would give a smaller group away"
	wordExtreme    = "Hidden: so few are beyond it that it tells about single people"
	wordNoValue    = "No value is set for this project"
	wordNoNumber   = "it divides by nothing"
)

type hidden uint8

const (
	shown hidden = iota
	tooFew
	tooMany   // the others are too few
	secondary // hidden to protect another cell
)

// disclosure says whether a group of n out of population may be shown.
func disclosure(n, population, min int64) hidden {
	switch {
	case n < min:
		return tooFew
	case population-n < min:
		return tooMany
	}
	return shown
}

func (b *builder) small(n int64) bool { return n > 0 && n < b.min }

// suppressCells decides for the cells of a table whose sum is shown. Ties are
// broken by position.
func suppressCells(cells []int64, min int64) []hidden {
	return suppressMore(make([]hidden, len(cells)), cells, min)
}

// suppressMore does the same where some cells are hidden already: one that is
// hidden alone is what the others leave.
func suppressMore(out []hidden, cells []int64, min int64) []hidden {
	var sum int64
	gone := 0
	for i, n := range cells {
		if n < min {
			out[i] = tooFew
		}
		if out[i] != shown && n > 0 {
			sum, gone = sum+n, gone+1
		}
	}
	for gone == 1 || gone > 0 && sum < min {
		smallest := -1
		for i, n := range cells {
			if out[i] == shown && (smallest < 0 || n < cells[smallest]) {
				smallest = i
			}
		}
		if smallest < 0 {
			break
		}
		out[smallest] = secondary
		sum, gone = sum+cells[smallest], gone+1
	}
	return out
}
