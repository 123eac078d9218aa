package engine

import (
	"strings"
	"time"

	"personae/engine/compile"
	"personae/engine/english"
	"personae/engine/format"
	"personae/engine/report"
	"personae/engine/results"
	"personae/engine/store"
)

// Outcome is what a run came to.
type Outcome struct {
	Project   *Project
	AsOf      time.Time
	Health    []results.DatasetHealth
	Results   *results.Results // nil where a single run finds its inputs unchanged
	Report    *report.Report   // as Results
	Version   *store.Version   // the version that now stands; nil for a draft
	Unchanged bool             // the current version has the same identity: nothing was published
	Same      bool             // the session's last evaluation has the same identity: it stands
	Refused   bool             // warnings kept a version from being published (Options.Strict)
	FrontPage string           // path of reports/index.html
	Took      time.Duration
	Steps     []Step // what the time went to, in order
}

// MovesSince says in sentences who entered and left which group since an earlier
// evaluation of the project, and which claims moved.
func (o *Outcome) MovesSince(before *Outcome) []string {
	var moved []results.Moved
	if o.Results != nil {
		moved = o.Results.Effort.Moved
	}
	s := o.Project.Rules.Settings
	f, err := format.New(s.Locale, s.Currency, s.Zone)
	if err != nil {
		return nil // there would be no report
	}
	return report.Moves(before.Report, o.Report, moved, f.Int)
}

// ByRow lists the rules that were worked out row by row, in order of evaluation.
func (o *Outcome) ByRow() []ByRow {
	out := []ByRow{}
	if o.Results == nil {
		return out
	}
	for _, e := range o.Results.Entities {
		for _, r := range e.ByRow {
			kind := string(r.Kind)
			if kind == "" {
				kind = string(compile.TraitRule)
			}
			out = append(out, ByRow{Entity: e.Entity, Kind: kind, Name: r.Name, Rows: r.Asked, Decided: r.Decided})
		}
	}
	return out
}

// Step is one part of a run.
type Step struct {
	Name string        `json:"name"`
	Took time.Duration `json:"took_ns"`
}

// Summary counts what the project is made of: "24 files · 14 segments · 5 personas".
func (p *Project) Summary() string {
	parts := []string{english.Count(int64(len(p.Module.Files)), "file", "files")}
	kinds := map[compile.RuleKind]int{}
	if p.Rules != nil {
		for _, e := range p.Rules.Entities {
			for _, r := range e.Rules {
				kinds[r.Kind]++
			}
		}
		for _, k := range []struct {
			kind compile.RuleKind
			word string
		}{{compile.TraitRule, "trait"}, {compile.RankRule, "rank"}, {compile.SegmentRule, "segment"}, {compile.SegmentationRule, "segmentation"}, {compile.ScoreRule, "score"}, {compile.JourneyRule, "journey"}} {
			if n := kinds[k.kind]; n > 0 {
				parts = append(parts, english.Count(int64(n), k.word, k.word+"s"))
			}
		}
		if n := len(p.Rules.Personas); n > 0 {
			parts = append(parts, english.Count(int64(n), "persona", "personas"))
		}
	}
	return strings.Join(parts, " · ")
}
