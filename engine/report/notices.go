package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"personae/engine/english"
)

// severityOrder is worst first.
var severityOrder = map[string]int{"error": 0, "warn": 1, "info": 2}

// notices lists what a reader must know before believing the numbers.
func (b *builder) notices(r *Report) []Notice {
	out := []Notice{}
	for _, d := range r.Datasets {
		if d.Stale != "" {
			out = append(out, Notice{Severity: "warn", Kind: "stale", Text: d.Stale, Subject: d.Name})
		}
		for _, p := range d.Problems {
			out = append(out, Notice{Severity: p.Severity, Kind: "data", Text: p.Text, Subject: d.Name})
		}
	}
	for _, s := range r.Segments {
		if s.Guard.Verdict == "low" || s.Guard.Verdict == "high" {
			out = append(out, Notice{Severity: "warn", Kind: "guard", Text: s.Title + ": " + s.Guard.Text, Subject: s.Name})
		}
		if s.Size.Unknown.Value != nil && *s.Size.Unknown.Value > 0 {
			out = append(out, Notice{Severity: "info", Kind: "unknown", Text: CannotTellFor(s.Title, s.Entity, s.Size), Subject: s.Name})
		}
	}
	for _, s := range r.Segmentations {
		if !s.Adds && s.Proof != "" {
			out = append(out, Notice{Severity: "error", Kind: "data", Text: s.Title + ": " + s.Proof, Subject: s.Name})
		}
	}
	for _, p := range r.Personas {
		if p.Hidden != "" {
			out = append(out, Notice{Severity: "warn", Kind: "hidden", Text: p.DisplayName + ": " + p.Hidden, Subject: p.Name})
		}
		if day, err := time.ParseInLocation(time.DateOnly, p.ReviewBy, b.Rules.Settings.Zone); err == nil && r.AsOf.After(day.AddDate(0, 0, 1)) {
			out = append(out, Notice{Severity: "warn", Kind: "review", Text: p.DisplayName + " was to be reviewed by " + p.ReviewText, Subject: p.Name})
		}
		for _, s := range p.statements() {
			if s.Status == Broken {
				out = append(out, Notice{Severity: "warn", Kind: "claim", Text: fmt.Sprintf("%s: %q. %s", p.DisplayName, s.Text, s.StatusText), Subject: p.Name})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Notice) int {
		return cmp.Compare(severityOrder[x.Severity], severityOrder[y.Severity])
	})
	return out
}

// Warns says whether a notice is worse than a remark: data that is stale or
// dirty, a size out of bounds, a statement that no longer holds.
func (r *Report) Warns() bool {
	return slices.ContainsFunc(r.Notices, func(n Notice) bool { return n.Severity != "info" })
}

// CannotTellFor is the fixed sentence for customers whom a rule cannot decide.
func CannotTellFor(subject, entity string, s Size) string {
	who := english.Spoken(entity)
	if s.Unknown.Value == nil || *s.Unknown.Value != 1 {
		who = english.Plural(who)
	}
	text := fmt.Sprintf("%s: can't tell for %s %s", subject, s.Unknown.Text, who)
	if s.UnknownWhy != "" {
		text += ": " + s.UnknownWhy
	}
	return text
}
