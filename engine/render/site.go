package render

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"personae/engine/english"
	"personae/engine/format"
	"personae/engine/report"
)

// site is one report and how its pages refer to each other and write numbers.
type site struct {
	r     *report.Report
	f     *format.Formatter
	easel *easel
	named map[string]int              // where each segment is
	pairs map[string][]report.Overlap // by their first segment
	base  string                      // from the page to the folder of the version's pages: "", "../" or "versions/000007/report/"
}

func newSite(r *report.Report, base string, art Art) (*site, error) {
	zone, err := time.LoadLocation(r.Project.Timezone)
	if err != nil {
		return nil, fmt.Errorf("the report's timezone %q is not known: %w", r.Project.Timezone, err)
	}
	f, err := format.New(r.Project.Locale, "", zone)
	if err != nil {
		return nil, err
	}
	s := &site{r: r, f: f, base: base, easel: &easel{art: art, faces: map[string]*face{}}, named: map[string]int{}, pairs: map[string][]report.Overlap{}}
	for i, g := range r.Segments {
		s.named[g.Name] = i
	}
	for _, o := range r.Overlaps { // 500 segments have 250,000: nobody goes through all for each
		s.pairs[o.A] = append(s.pairs[o.A], o)
	}
	return s, nil
}

// at is the same site seen from another folder.
func (s *site) at(base string) *site {
	c := *s
	c.base = base
	return &c
}

func (s *site) link(folder, name string) string { return s.base + folder + "/" + name + ".html" }

// instant writes a moment: the day alone where it is midnight there.
func (s *site) instant(t time.Time) string {
	if l := t.In(s.f.Zone()); l.Hour() == 0 && l.Minute() == 0 && l.Second() == 0 {
		return s.f.Date(t)
	}
	return s.f.DateTime(t)
}

// worth says whether the project names what one of this entity is worth: where
// it does not, pages say so once and have no columns of value.
func (s *site) worth(entity string) bool {
	for _, p := range s.r.Populations {
		if p.Entity == entity {
			return !p.Value.Hidden || p.Count.Hidden
		}
	}
	return false
}

func (s *site) population(entity string) report.Population {
	for _, p := range s.r.Populations {
		if p.Entity == entity {
			return p
		}
	}
	return report.Population{Entity: entity}
}

func (s *site) segment(name string) (report.Segment, bool) {
	if i, ok := s.named[name]; ok {
		return s.r.Segments[i], true
	}
	return report.Segment{}, false
}

// peopleOf is what several of an entity are called: customer → customers.
func peopleOf(entity string) string {
	if entity == "" {
		return "people"
	}
	return english.Plural(english.Spoken(entity))
}

// upper makes the first letter a capital one, as at the start of a sentence.
func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// fileName is what names must look like to be part of a path.
var fileName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*$`)

// someone says how many people there are of something, with a noun.
func someone(n report.Number, entity string) string {
	if n.Value != nil && *n.Value == 1 {
		return n.Text + " " + english.Spoken(entity)
	}
	return n.Text + " " + peopleOf(entity)
}

// cannotTell is the fixed sentence for people whom a rule cannot decide; ""
// where there is none.
func cannotTell(size report.Size, entity string) string {
	u := size.Unknown
	switch {
	case u.Hidden && u.Reason != "":
		return "Can't tell for some. " + u.Reason
	case u.Value == nil || *u.Value == 0:
		return ""
	}
	text := "Can't tell for " + someone(u, entity)
	if size.UnknownWhy != "" {
		text += ": " + size.UnknownWhy
	}
	return text
}

// holding says how many of a persona's claims hold.
func holding(m report.Meter) string {
	all := 0
	for _, n := range m.Claims {
		all += n
	}
	switch held := m.Claims[string(report.Holds)]; {
	case all == 0:
		return "No statement is checked against data"
	case all == 1 && held == 1:
		return "1 checked statement holds"
	case all == 1:
		return "The one checked statement does not hold"
	default:
		return fmt.Sprintf("%d of %d checked statements hold", held, all)
	}
}

// place is where something is written: file:line.
func place(file string, line int) string {
	if file == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", file, line)
}

// kinds of evidence, as people read them.
var evidenceWords = map[report.Evidence]string{
	report.Measured: "Measured", report.Researched: "From research", report.Assumed: "Assumed",
}

// needs puts a comparison in words: > 40 % → more than 40 %.
var needs = map[string]string{
	">": "more than ", ">=": "at least ", "<": "less than ", "<=": "at most ", "==": "exactly ", "!=": "anything but ",
}

// statusWord is a claim's state in words; "" where there is nothing to say.
func statusWord(s report.Statement) string {
	word := map[report.Status]string{
		report.Holds: "Holds", report.Broken: "No longer true",
		report.TooFew: "Too few to say", report.CannotTell: "Can't tell",
	}[s.Status]
	if word == "" {
		return ""
	}
	text := cmp.Or(s.StatusText, word)
	if s.Status == report.CannotTell && !strings.HasPrefix(text, word) {
		return word + ": " + text
	}
	return text
}

// isolate keeps text that runs from right to left from turning the sentence
// around it.
func isolate(s string) string {
	for _, r := range s {
		if r >= 0x0590 && r <= 0x08FF || r >= 0xFB1D && r <= 0xFEFC || r >= 0x10800 && r <= 0x10FFF {
			return "\u2068" + s + "\u2069"
		}
	}
	return s
}
