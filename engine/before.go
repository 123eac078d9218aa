package engine

import (
	"os"
	"path/filepath"

	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/evaluate"
	"personae/engine/store"
)

// remember finds who was in which segment in the latest version, for entities
// that have a segment with a rule for leaving, and makes it a part of the
// identity. Where there is no version, nobody was in any.
func (r *run) remember(reports *store.Store, list *diag.List) error {
	var asking []*compile.Rule
	for _, e := range r.outcome.Project.Rules.Entities {
		for _, rule := range e.Rules {
			if rule.Leave != nil {
				asking = append(asking, rule)
			}
		}
	}
	if len(asking) == 0 {
		return nil
	}
	latest, err := reports.Latest()
	if err != nil || latest == nil {
		return err
	}
	v, err := reports.Version(latest.Version)
	if err != nil {
		return err
	}
	r.before, r.identity.Before = map[string]evaluate.Before{}, map[string]string{}
	for _, rule := range asking {
		name := "data/" + rule.Entity + ".parquet"
		if _, known := r.before[rule.Entity]; known {
			continue
		}
		file, published := v.Manifest.File(name)
		if !published {
			continue // no rules were about them
		}
		path := filepath.Join(v.Dir, filepath.FromSlash(name))
		if _, err := os.Stat(path); err != nil {
			list.Warnf("memberships-lost", rule.Leave.Text.Range(), "Version %d no longer says who was in %s: everybody has to come in again", v.Number, rule.Name).
				Detail = "Its file " + name + " is gone. Who stays depends on it; bring it back, or accept that this version starts anew."
			continue
		}
		r.before[rule.Entity], r.identity.Before[rule.Entity] = evaluate.Before{Path: path, Digest: file.SHA256}, file.SHA256
	}
	return nil
}

// unchanged says whether the latest version stands. Who was in before is no
// reason for another one: rules for leaving that are asked again, over the same
// data, with their own answer as the version before it, give that answer.
func (r *run) unchanged(reports *store.Store, latest *store.Latest) (*store.Version, bool) {
	if latest == nil || r.options.Force {
		return nil, false
	}
	v, err := reports.Version(latest.Version)
	return v, err == nil && v.Manifest.Identity.SameInputs(r.identity)
}
