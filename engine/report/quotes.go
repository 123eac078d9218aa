package report

import (
	"cmp"
	"crypto/sha256"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"personae/engine/compile"
	"personae/engine/results"
)

// The fixed words about quotes.
const (
	wordNoWords   = "No customer words collected"
	wordAnyone    = "the rows are by anyone"
	defaultQuotes = 3
)

// How long a quote is, in characters, and how alike two may be: the share of
// their words that both have.
const (
	shortestQuote = 40
	longestQuote  = 240
	mostAlike     = 0.5
)

// quotes picks the words of customers for a persona, or says why there are none.
func (b *builder) quotes(p *compile.Persona, h hidden) (list []Quote, why string) {
	if p.Quotes == nil {
		return nil, ""
	}
	for _, q := range b.Results.Quotes {
		if q.Persona != p.Name {
			continue
		}
		switch {
		case h != shown && !q.Anyone:
			return nil, b.hide(h).Reason
		case q.Rows == 0:
			return nil, wordNoWords
		case q.Authors < b.min:
			return nil, b.hide(tooFew).Reason
		}
		pick := int(p.Quotes.Spec.Pick.V)
		if pick <= 0 {
			pick = defaultQuotes
		}
		from := b.datasetTitle(p.Quotes.Table.Name)
		for _, text := range representative(q.Texts, pick) {
			one := Quote{Text: text, From: from}
			if q.Anyone {
				one.Note = "From " + strings.ToLower(from) + " by anyone, not only this group"
			}
			list = append(list, one)
		}
		if len(list) == 0 {
			return nil, wordNoWords
		}
		return list, ""
	}
	return nil, wordNoWords
}

// representative picks texts that say what many say: those whose words are in
// most of the other texts, each by another author, none much like one before.
// It depends on the texts alone, not on their order.
func representative(texts []results.QuotedText, pick int) []string {
	var list []quotable
	in := map[string]int{} // texts that have a word
	for _, t := range texts {
		n := utf8.RuneCountInString(t.Text)
		if n < shortestQuote || n > longestQuote {
			continue
		}
		q := quotable{QuotedText: t, words: wordsOf(t.Text), digest: sha256.Sum256([]byte(t.Text))}
		for _, w := range q.words {
			in[w]++
		}
		list = append(list, q)
	}
	for i := range list {
		sum := 0.0
		for _, w := range list[i].words {
			sum += float64(in[w]-1) / float64(len(list))
		}
		// Dividing by the root keeps long texts from winning by length, and short
		// ones from winning by one common word.
		list[i].score = math.Round(sum/math.Sqrt(float64(max(len(list[i].words), 1)))*1e9) / 1e9
	}
	slices.SortFunc(list, func(x, y quotable) int {
		return cmp.Or(cmp.Compare(y.score, x.score), slices.Compare(x.digest[:], y.digest[:]), cmp.Compare(x.Author, y.Author))
	})
	var out []string
	var chosen []quotable
	for _, q := range list {
		if len(out) == pick {
			break
		}
		if slices.ContainsFunc(chosen, func(c quotable) bool { return c.Author == q.Author || alike(c.words, q.words) > mostAlike }) {
			continue
		}
		chosen = append(chosen, q)
		out = append(out, q.Text)
	}
	return out
}

type quotable struct {
	results.QuotedText
	words  []string // sorted, each once
	score  float64
	digest [32]byte
}

// wordsOf lists the different words of four letters or more; shorter ones say
// little, in most languages.
func wordsOf(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		if utf8.RuneCountInString(w) > 3 {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// alike is the share of words that two texts have in common (Jaccard).
func alike(x, y []string) float64 {
	both := 0
	for _, w := range x {
		if _, ok := slices.BinarySearch(y, w); ok {
			both++
		}
	}
	if all := len(x) + len(y) - both; all > 0 {
		return float64(both) / float64(all)
	}
	return 1
}
