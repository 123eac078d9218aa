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
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes a suite for each file with findings, the worst file first, and a case for each finding. Errors are
// failures; warnings and remarks pass and speak in their output, since JUnit knows nothing between. Without findings
// there is one case that passes, since many readers take an empty report for a broken one.
func JUnit(w io.Writer, l List, _ Sources, opt Options) error {
	report := junitSuites{Name: "personae check", Tests: max(1, len(l)), Failures: l.Count(Error)}
	at := map[string]int{}
	for _, d := range l.Sorted() {
		file := clean(opt.Path(d.Range))
		i, ok := at[file]
		if !ok {
			i = len(report.Suites)
			at[file] = i
			report.Suites = append(report.Suites, junitSuite{Name: nameOr(file, "project")})
		}
		suite := &report.Suites[i]
		c := junitCase{
			Name: clean(d.Range.String()) + " " + clean(d.Summary), Class: d.Code, File: file, Line: d.Range.Start.Line,
		}
		if d.Range.IsZero() {
			c.Name = clean(d.Summary)
		}
		suite.Tests++
		if d.Severity.known() == Error {
			suite.Failures++
			c.Failure = &junitFailure{Type: d.Code, Message: clean(d.Summary), Text: d.message()}
		} else {
			c.Output = d.Severity.String() + ": " + d.message()
		}
		suite.Cases = append(suite.Cases, c)
	}
	if len(l) == 0 {
		report.Suites = []junitSuite{{Name: "project", Tests: 1, Cases: []junitCase{
			{Name: closing(l, opt.Files), Class: "check"},
		}}}
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
