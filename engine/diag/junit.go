package diag

import (
	"encoding/xml"
	"io"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []JUnitSuite `xml:"testsuite"`
}

// JUnitSuite is a file with its cases, for readers of JUnit's XML.
type JUnitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []JUnitCase `xml:"testcase"`
}

// JUnitCase is one finding, or one test.
type JUnitCase struct {
	Name     string         `xml:"name,attr"`
	Class    string         `xml:"classname,attr"`
	File     string         `xml:"file,attr,omitempty"`
	Line     int            `xml:"line,attr,omitempty"`
	Failures []JUnitFailure `xml:"failure"`
	Output   string         `xml:"system-out,omitempty"`
}

// JUnitFailure says why a case failed.
type JUnitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// Add counts a case in.
func (s *JUnitSuite) Add(c JUnitCase) {
	s.Tests++
	if len(c.Failures) > 0 {
		s.Failures++
	}
	s.Cases = append(s.Cases, c)
}

// JUnitFailureOf writes a diagnostic as a failure.
func JUnitFailureOf(d Diagnostic) JUnitFailure {
	return JUnitFailure{Type: d.Code, Message: clean(d.Summary), Text: d.message()}
}

// JUnit writes a suite for each file with findings, the worst file first, and a case for each finding. Errors are
// failures; warnings and remarks pass and speak in their output, since JUnit knows nothing between. Without findings
// there is one case that passes, since many readers take an empty report for a broken one.
func JUnit(w io.Writer, l List, _ Sources, opt Options) error {
	var suites []JUnitSuite
	at := map[string]int{}
	for _, d := range l.Sorted() {
		file := clean(opt.Path(d.Range))
		i, ok := at[file]
		if !ok {
			i = len(suites)
			at[file] = i
			suites = append(suites, JUnitSuite{Name: nameOr(file, "project")})
		}
		c := JUnitCase{
			Name: clean(d.Range.String()) + " " + clean(d.Summary), Class: d.Code, File: file, Line: d.Range.Start.Line,
		}
		if d.Range.IsZero() {
			c.Name = clean(d.Summary)
		}
		if d.Severity.known() == Error {
			c.Failures = []JUnitFailure{JUnitFailureOf(d)}
		} else {
			c.Output = d.Severity.String() + ": " + d.message()
		}
		suites[i].Add(c)
	}
	if len(l) == 0 {
		suites = []JUnitSuite{{Name: "project"}}
		suites[0].Add(JUnitCase{Name: closing(l, opt.Files), Class: "check"})
	}
	return WriteJUnit(w, "personae check", suites)
}

// WriteJUnit writes suites as XML.
func WriteJUnit(w io.Writer, name string, suites []JUnitSuite) error {
	report := junitSuites{Name: name, Suites: suites}
	for _, s := range suites {
		report.Tests, report.Failures = report.Tests+s.Tests, report.Failures+s.Failures
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(report); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func nameOr(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}
