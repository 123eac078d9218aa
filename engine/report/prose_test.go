package report

import (
	"slices"
	"testing"
)

func TestQuotedValuesAreNotRead(t *testing.T) {
	for value, want := range map[string]string{
		"Leeds":                   "Leeds",
		"*very* [x](javascript:)": `\*very\* \[x\](javascript:)`,
		"-5%":                     `\-5%`,
		"<b>a_b</b>":              `\<b\>a\_b\</b\>`,
		"two\n\nlines":            "two lines",
	} {
		if got := quoted(value); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

func TestItemsOfAListStayApart(t *testing.T) {
	got := items("She needs:\nmore than this\n- a rain suit,\n  two sizes up\n- boots\n2. never 3.5 of it")
	want := []item{{"", "She needs:\nmore than this"}, {"- ", "a rain suit,\n  two sizes up"}, {"- ", "boots"}, {"2. ", "never 3.5 of it"}}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := blocks("a\r\n\r\n  \nb\nc\n"); !slices.Equal(got, []string{"a", "b\nc"}) {
		t.Errorf("%q", got)
	}
}
