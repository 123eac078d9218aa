package diag

import (
	"encoding/json"
	"io"

	"personae/engine/source"
)

type jsonReport struct {
	Format      int              `json:"format"` // raised when a reader would have to change
	Errors      int              `json:"errors"`
	Warnings    int              `json:"warnings"`
	Infos       int              `json:"infos"`
	Files       int              `json:"files,omitempty"`
	Diagnostics []jsonDiagnostic `json:"diagnostics"`
}

type jsonDiagnostic struct {
	Code     string        `json:"code"`
	Severity Severity      `json:"severity"`
	Summary  string        `json:"summary"`
	Detail   string        `json:"detail,omitempty"`
	Range    *jsonRange    `json:"range,omitempty"`
	Related  []jsonRelated `json:"related,omitempty"`
	Fix      *jsonFix      `json:"fix,omitempty"`
}

type jsonRange struct {
	File  string   `json:"file,omitempty"`
	Start *jsonPos `json:"start,omitempty"`
	End   *jsonPos `json:"end,omitempty"`
}

type jsonPos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

type jsonRelated struct {
	Message string     `json:"message"`
	Range   *jsonRange `json:"range,omitempty"`
}

type jsonFix struct {
	Title       string     `json:"title,omitempty"`
	Range       *jsonRange `json:"range,omitempty"`
	Replacement string     `json:"replacement"`
}

// JSON writes one object: counts, and all diagnostics. Lines and columns are 1-based, columns count code points, the
// end is exclusive.
func JSON(w io.Writer, l List, _ Sources, opt Options) error {
	report := jsonReport{
		Format: 1, Errors: l.Count(Error), Warnings: l.Count(Warning), Infos: l.Count(Info), Files: opt.Files,
		Diagnostics: []jsonDiagnostic{},
	}
	for _, d := range l.Sorted() {
		j := jsonDiagnostic{
			Code: d.Code, Severity: d.Severity, Summary: d.Summary, Detail: d.Detail, Range: jsonRangeOf(d.Range, opt),
		}
		for _, r := range d.Related {
			j.Related = append(j.Related, jsonRelated{Message: r.Message, Range: jsonRangeOf(r.Range, opt)})
		}
		if d.Fix != nil {
			j.Fix = &jsonFix{Title: d.Fix.Title, Range: jsonRangeOf(d.Fix.Range, opt), Replacement: d.Fix.Replacement}
		}
		report.Diagnostics = append(report.Diagnostics, j)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(report)
}

func jsonRangeOf(r source.Range, opt Options) *jsonRange {
	if r.IsZero() {
		return nil
	}
	j := &jsonRange{File: opt.Path(r)}
	if r.Start.Line > 0 {
		start, end := jsonPos(r.Start), jsonPos(r.End)
		j.Start, j.End = &start, &end
	}
	return j
}
