package evaluate

import "testing"

func TestRedact(t *testing.T) {
	names := []string{"Anna O'Neill", "Jo", "Björn"}
	for text, want := range map[string]string{
		"Write to anna.smith+shop@mail.example.co.uk today":   "Write to [mail] today",
		"write anna (at) mail (dot) com":                      "write [mail]",
		"See https://example.com/a?b=c, or www.shop.de/x":     "See [link] or [link]",
		"call +44 (0)20 7946 0958 or 0171-1234567 now":        "call [number] or [number] now",
		"It cost 1,234.50 in 2025, size 116":                  "It cost 1,234.50 in 2025, size 116",
		"ANNA said that annals are fine, Anna O'Neill agrees": "[name] said that annals are fine, [name] agrees",
		"Jo and BJÖRN, follow @bjorn_99":                      "Jo and [name], follow [name]",
		"tabs\tand\u202e lines\nare\x00 one":                  "tabs and lines are one",
		"ten o'clock is fine":                                 "ten o'clock is fine",
		"our site is shop.example.com":                        "our site is [link]",
		"عنوان a@b.io":                                        "عنوان [mail]",
	} {
		if got := redact(text, names); got != want {
			t.Errorf("%q\n  gives %q\n  want  %q", text, got, want)
		}
	}
}
