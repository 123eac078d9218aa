package render

import (
	"fmt"
	"time"

	"personae/engine/report"
)

// FrontInput is what the front page over all versions is made of: the current
// report, and what depends on the past or on the run.
type FrontInput struct {
	Report          *report.Report
	Previous        *report.Report // nil for the first version
	Version         int
	PreviousVersion int
	PublishedAt     time.Time
	Commit          string         // of the rules; "" where they are not in git
	Dirty           bool           // the rules differ from the commit
	Versions        []VersionLink  // newest first, the current one included
	History         []Past         // oldest first, without the current one
	Flows           []report.Flows // who moved since Previous, as far as it may be shown
	Art             Art
}

// VersionLink is one line of the list of versions.
type VersionLink struct {
	Number      int
	AsOf        time.Time
	PublishedAt time.Time
}

// frontView is what the front page has over a version's own page.
type frontView struct {
	Version   int
	Published string
	Commit    string
	Previous  int // 0 for the first version
	Changes   []string
	MoreThan  int    // changes that are not listed
	Hint      string // the command that makes a version to compare with
	Pages     string // link to the version's own page
	Markdown  string
	Data      string
	Versions  []versionView
}

type versionView struct {
	Number          int
	Link            string
	AsOf, Published string
	Current         bool
}

// VersionDir is the folder of a version inside reports/.
func VersionDir(number int) string { return fmt.Sprintf("versions/%06d", number) }

// Front is reports/index.html.
func Front(in FrontInput) ([]byte, error) {
	s, err := newSite(in.Report, VersionDir(in.Version)+"/report/", in.Art)
	if err != nil {
		return nil, err
	}
	v := s.index()
	f := &frontView{
		Version: in.Version, Published: s.f.DateTime(in.PublishedAt), Commit: commit(in.Commit, in.Dirty),
		Pages: s.base + "index.html", Markdown: s.base + "report.md", Data: s.base + "report.json",
	}
	if in.Dirty {
		v.Badges = append(v.Badges, badge{"warn", "Rules changed since the commit"})
	}
	if in.Previous == nil {
		month := in.Report.AsOf.In(s.f.Zone()).AddDate(0, -1, 0)
		f.Hint = "personae run --as-of " + month.Format(time.DateOnly)
	} else {
		f.Previous = in.PreviousVersion
		c := &comparison{site: s, before: in.Previous, number: in.PreviousVersion}
		f.Changes, f.MoreThan = c.sentences()
		c.mark(v)
		for i := range v.Segmentations {
			c.sinceBefore(&v.Segmentations[i], in.Flows)
		}
	}
	for _, x := range in.Versions {
		one := versionView{Number: x.Number, Link: VersionDir(x.Number) + "/report/index.html", AsOf: s.instant(x.AsOf), Published: "–", Current: x.Number == in.Version}
		if !x.PublishedAt.IsZero() { // nobody knows when its record is gone
			one.Published = s.f.DateTime(x.PublishedAt)
		}
		f.Versions = append(f.Versions, one)
	}
	s.trends(v, in.History)
	v.Front = f
	if err := s.easel.draw(); err != nil {
		return nil, err
	}
	return s.page("index", in.Report.Project.Name, "", v)
}

func commit(id string, dirty bool) string {
	if id == "" {
		return "not in git"
	}
	if len(id) > 10 {
		id = id[:10]
	}
	if dirty {
		id += ", with changes"
	}
	return id
}
