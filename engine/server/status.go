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
	Drawn    drawnOf   `json:"pages"`
}

// drawnOf says which evaluation the pages are of.
type drawnOf struct {
	Revision int       `json:"revision"` // 0 before there are any
	At       time.Time `json:"at,omitzero"`
	Error    string    `json:"error,omitempty"` // why newer ones could not be drawn
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
	Beside   int       `json:"beside,omitempty"` // of a rejected one: an earlier revision that is still being evaluated
	TookMS   int64     `json:"took_ms"`
}

func statusOf(s watch.Status) Status {
	return Status{Active: revisionOf(s.Active), Rejected: revisionOf(s.Rejected)}
}

// said is the status with its sentence.
func (s Status) said() Status {
	switch {
	case s.Active == nil && s.Rejected == nil:
		s.Sentence = "The first evaluation is under way."
	case s.Active == nil && s.Rejected.Beside > 0:
		s.Sentence = "The first evaluation is under way. The rules saved since have errors: " + s.Rejected.Errors[0]
	case s.Active == nil:
		s.Sentence = "The rules have errors, and there are no results yet: " + s.Rejected.Errors[0]
	case s.Rejected == nil:
		s.Sentence = fmt.Sprintf("Draft, evaluated at %s.", clock(s.Active.At))
		if s.Active.Version > 0 {
			s.Sentence = fmt.Sprintf("Version %d, evaluated at %s.", s.Active.Version, clock(s.Active.At))
		}
		if s.Drawn.Revision != s.Active.Revision {
			s.Sentence += s.behind()
		}
	default:
		at := s.Active.At
		if s.Drawn.Revision > 0 {
			at = s.Drawn.At
		}
		s.Sentence = fmt.Sprintf("Error in the rules: %s. Showing the results of %s.", s.Rejected.Errors[0], clock(at))
	}
	return s
}

// behind says of which evaluation the pages are while they are not of the one
// that stands.
func (s Status) behind() string {
	text := " Its pages are being drawn"
	if s.Drawn.Error != "" {
		text = " Its pages cannot be drawn (" + s.Drawn.Error + ")"
	}
	if s.Drawn.Revision > 0 {
		text += "; these are of " + clock(s.Drawn.At)
	}
	return text + "."
}

func clock(t time.Time) string { return t.Format("15:04:05") }

func revisionOf(e *watch.Event) *Revision {
	if e == nil {
		return nil
	}
	r := &Revision{Revision: e.Revision, At: e.At, Cause: e.Cause.String(), Beside: e.Beside, TookMS: e.Took.Milliseconds()}
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
