package report

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"personae/engine/results"
)

func TestRepresentativeQuotes(t *testing.T) {
	var texts []results.QuotedText
	add := func(author int, text string) { texts = append(texts, results.QuotedText{Text: text, Author: author}) }
	for i := range 8 {
		add(i, fmt.Sprintf("The delivery came late and the parcel was damaged, number %d of many", i))
	}
	add(20, "My neighbour repairs bicycles in winter when nobody else wants to")
	add(21, "late delivery")                                                 // too short
	add(22, "delivery parcel late damaged "+strings.Repeat("and more ", 60)) // too long
	add(1, "The parcel came late, the delivery was rude and damaged things") // much like the others
	first := representative(texts, 3)
	if len(first) != 2 || !strings.Contains(first[0], "delivery") {
		t.Fatalf("%q", first)
	}
	if !slices.Contains(first, "My neighbour repairs bicycles in winter when nobody else wants to") {
		t.Errorf("what is not like the others is missing: %q", first)
	}
	for range 20 {
		rand.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
		if again := representative(texts, 3); !slices.Equal(again, first) {
			t.Fatalf("the order of rows changes the quotes:\n%q\n%q", first, again)
		}
	}
	if got := representative(nil, 3); len(got) != 0 {
		t.Errorf("%q", got)
	}
}
