package diag

import (
	"fmt"
	"sort"

	"personae/engine/source"
)

// Severity says how bad a finding is. The zero value is Error, so that a forgotten severity is not overlooked.
type Severity int

// The severities, worst first.
const (
	Error   Severity = iota // the exit code is 1
	Warning                 // the exit code is 1 with --strict
	Info                    // never changes the exit code
)

// String gives "error", "warning" or "info".
func (s Severity) String() string {
	switch s.known() {
	case Error:
		return "error"
	case Warning:
		return "warning"
	}
	return "info"
}

// known gives the severity itself if it is one, else the nearest, for tables by severity.
func (s Severity) known() Severity { return min(max(s, Error), Info) }

// MarshalText gives the word that String gives.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Diagnostic is one finding about one place.
type Diagnostic struct {
	Code     string       // stable, kebab-case, listed in Codes: "unknown-key"
	Severity Severity     //
	Summary  string       // one line, what is wrong
	Detail   string       // what to do; may have several lines
	Range    source.Range // where; a file without a place, or zero for the project as a whole
	Related  []Related    // other places that explain it
	Fix      *Fix         // optional: what to write instead
}

// Related is another place that explains a diagnostic: "first defined here".
type Related struct {
	Message string
	Range   source.Range
}

// Fix is a change of the text at a range that removes the problem.
type Fix struct {
	Range       source.Range
	Replacement string
	Title       string // "write 2.5 instead of 2"
}

// Error gives place, severity, summary and code on one line: a Diagnostic is an error where one is wanted.
func (d Diagnostic) Error() string {
	place := d.Range.String()
	if place != "" {
		place += ": "
	}
	return fmt.Sprintf("%s%s: %s [%s]", clean(place), d.Severity, clean(d.Summary), d.Code)
}

// List collects diagnostics. The zero List is empty and ready.
type List []Diagnostic

// Add appends diagnostics as they are.
func (l *List) Add(ds ...Diagnostic) { *l = append(*l, ds...) }

// Report appends a diagnostic with the severity that Codes gives its code. The result may be filled in (Detail, Fix,
// Related) until the next diagnostic is added.
func (l *List) Report(code string, r source.Range, format string, args ...any) *Diagnostic {
	severity := Error
	if c, ok := Lookup(code); ok {
		severity = c.Severity
	}
	return l.add(code, severity, r, format, args)
}

// Errorf appends an error. The result may be filled in until the next diagnostic is added.
func (l *List) Errorf(code string, r source.Range, format string, args ...any) *Diagnostic {
	return l.add(code, Error, r, format, args)
}

// Warnf appends a warning. The result may be filled in until the next diagnostic is added.
func (l *List) Warnf(code string, r source.Range, format string, args ...any) *Diagnostic {
	return l.add(code, Warning, r, format, args)
}

// Infof appends a remark. The result may be filled in until the next diagnostic is added.
func (l *List) Infof(code string, r source.Range, format string, args ...any) *Diagnostic {
	return l.add(code, Info, r, format, args)
}

func (l *List) add(code string, s Severity, r source.Range, format string, args []any) *Diagnostic {
	summary := format
	if len(args) > 0 {
		summary = fmt.Sprintf(format, args...)
	}
	*l = append(*l, Diagnostic{Code: code, Severity: s, Summary: summary, Range: r})
	return &(*l)[len(*l)-1]
}

// Relate adds another place and returns the diagnostic.
func (d *Diagnostic) Relate(r source.Range, message string) *Diagnostic {
	d.Related = append(d.Related, Related{Message: message, Range: r})
	return d
}

// HasErrors says whether any diagnostic is an error.
func (l List) HasErrors() bool { return l.Count(Error) > 0 }

// Count gives how many diagnostics have the severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Sort puts the worst first, then orders by file, place and code. Equal ones keep their order.
func (l List) Sort() {
	sort.SliceStable(l, func(i, j int) bool {
		a, b := l[i], l[j]
		switch {
		case a.Severity != b.Severity:
			return a.Severity < b.Severity
		case a.Range != b.Range:
			return a.Range.Less(b.Range)
		case a.Code != b.Code:
			return a.Code < b.Code
		}
		return a.Summary < b.Summary
	})
}

// Sorted gives a sorted copy.
func (l List) Sorted() List {
	c := append(List(nil), l...)
	c.Sort()
	return c
}

// Dedup gives the list without diagnostics that say the same about the same place as an earlier one.
func (l List) Dedup() List {
	type same struct {
		code, summary string
		place         source.Range
	}
	seen := make(map[same]bool, len(l))
	var out List
	for _, d := range l {
		k := same{d.Code, d.Summary, d.Range}
		if !seen[k] {
			seen[k] = true
			out = append(out, d)
		}
	}
	return out
}

// Err gives the list as one error, nil if it holds no errors.
func (l List) Err() error {
	n := l.Count(Error)
	if n == 0 {
		return nil
	}
	first := l.Sorted()[0]
	if n == 1 {
		return first
	}
	return fmt.Errorf("%w (and %d more)", first, n-1)
}
