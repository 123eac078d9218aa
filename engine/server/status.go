package server

import (
	"fmt"
	"time"

	"personae/engine/diag"
	"personae/engine/watch"
)

// Status is what /status tells: which evaluation stands and which was rejected
// after it.
type Status struct {
	Sentence string    `json:"sentence"` // for people
	Active   *Revision `json:"active"`
	Rejected *Revision `json:"rejected"`
}

// Revision is one evaluation.
type Revision struct {
	Revision int       `json:"revision"`
	At       time.Time `json:"at"`
	Cause    string    `json:"cause"`
	AsOf     string    `json:"as_of,omitempty"`
	Rules    string    `json:"rules_digest,omitempty"`
	Version  int       `json:"version,omitempty"` // where it was published
	Errors   []string  `json:"errors,omitempty"`
	TookMS   int64     `json:"took_ms"`
}

func statusOf(s watch.Status) Status {
	out := Status{Active: revisionOf(s.Active), Rejected: revisionOf(s.Rejected)}
	switch {
	case s.Active == nil && s.Rejected == nil:
		out.Sentence = "The first evaluation is under way."
	case s.Active == nil:
		out.Sentence = "The rules have errors, and there are no results yet: " + out.Rejected.Errors[0]
	case s.Rejected == nil:
		out.Sentence = fmt.Sprintf("Draft, evaluated at %s.", s.Active.At.Format("15:04:05"))
		if out.Active.Version > 0 {
			out.Sentence = fmt.Sprintf("Version %d, evaluated at %s.", out.Active.Version, s.Active.At.Format("15:04:05"))
		}
	default:
		out.Sentence = fmt.Sprintf("Error in the rules: %s. Showing the results of %s.", out.Rejected.Errors[0], s.Active.At.Format("15:04:05"))
	}
	return out
}

func revisionOf(e *watch.Event) *Revision {
	if e == nil {
		return nil
	}
	r := &Revision{Revision: e.Revision, At: e.At, Cause: e.Cause.String(), TookMS: e.Took.Milliseconds()}
	for _, d := range e.Diagnostics {
		if e.Rejected && d.Severity == diag.Error {
			r.Errors = append(r.Errors, fmt.Sprintf("%s:%d: %s", d.Range.File, d.Range.Start.Line, d.Summary))
		}
	}
	if e.Rejected {
		return r
	}
	r.AsOf = e.Outcome.AsOf.UTC().Format(time.RFC3339)
	if e.Outcome.Project.Rules != nil {
		r.Rules = e.Outcome.Project.Rules.Digest
	}
	if e.Outcome.Version != nil {
		r.Version = e.Outcome.Version.Number
	}
	return r
}
