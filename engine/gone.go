package engine

import (
	"fmt"
	"path"
	"slices"

	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/store"
)

// hasRules says whether anything is evaluated over the data.
func (p *Project) hasRules() bool {
	m := p.Module
	return len(m.Traits)+len(m.Segments)+len(m.Segmentations)+len(m.Scores)+len(m.Journeys)+len(m.Personas)+len(m.Exports) > 0
}

// gone refuses a project without a rule where there were some before: a folder
// that was moved away or is not mounted yet is nobody's decision to have none.
func (s *Session) gone(p *Project) diag.List {
	if p.hasRules() {
		return nil
	}
	had := ""
	if s.last != nil && s.last.outcome.Project.hasRules() {
		had = "the evaluation before this one had some"
	} else if latest, err := s.reports.Latest(); err == nil && latest != nil && s.evaluated(latest.Version) {
		had = fmt.Sprintf("version %d has some", latest.Version)
	}
	if had == "" {
		return nil
	}
	var list diag.List
	list.Errorf("rules-gone", source.Range{}, "All rules are gone, and %s", had).Detail =
		"Bring rules/ back: what is published stands until then. A report without rules goes to another folder, with --reports."
	return list
}

// evaluated says whether a version holds a table of results.
func (s *Session) evaluated(version int) bool {
	v, err := s.reports.Version(version)
	return err == nil && slices.ContainsFunc(v.Manifest.Files, func(f store.File) bool {
		return path.Dir(f.Path) == "data" && f.Path != "data/memberships.parquet"
	})
}
