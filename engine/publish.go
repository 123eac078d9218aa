package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"personae/engine/diag"
	"personae/engine/duckdb"
	"personae/engine/render"
	"personae/engine/report"
	"personae/engine/results"
	"personae/engine/store"
)

// frontPage is the page over all versions.
const frontPage = "index.html"

// publish stages every file of the version, publishes it and renews the front
// page. A failure before the end leaves the last version current.
func (r *run) publish(ctx context.Context, reports *store.Store, before *store.Latest, list diag.List) error {
	stage, err := reports.Stage()
	if err != nil {
		return err
	}
	defer stage.Discard()
	art := r.outcome.Project.art(reports)
	r.step("files", func() { err = r.stage(ctx, stage, art) })
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	commit := gitState(r.options.root())
	version, err := stage.Publish(r.identity, r.datasets(), r.record(commit, list), r.options.Now)
	if err != nil {
		return err
	}
	r.outcome.Version = version
	if err := reports.Log(store.Entry{At: r.options.Now, Event: "publish", Version: version.Number, Digest: version.Manifest.Digest}); err != nil {
		return err
	}
	return r.front(ctx, reports, before, version, commit, art)
}

// stage writes the files of REPORTS and of DESIGN section 6.
func (r *run) stage(ctx context.Context, stage *store.Staging, art render.Art) error {
	r.options.say("drawing pages", 0, 0)
	pages, err := pagesOf(r.outcome.Report, art)
	if err != nil {
		return err
	}
	for _, path := range sortedKeys(pages) {
		if err := stage.Write("report/"+path, pages[path]); err != nil {
			return err
		}
	}
	for _, f := range r.outcome.Project.Module.Files {
		if err := stage.Write("rules/"+f.Path, f.Bytes); err != nil {
			return err
		}
	}
	return r.parquet(ctx, stage)
}

// Pages are the files that a version would have in report/, by path below it;
// where nothing was evaluated anew, those of the version that stands.
func Pages(o Options, out *Outcome) (map[string][]byte, error) {
	if out.Report == nil && out.Version != nil {
		return filesBelow(filepath.Join(out.Version.Dir, "report"))
	}
	reports, err := store.Open(o.reports())
	if err != nil {
		return nil, err
	}
	return pagesOf(out.Report, out.Project.art(reports))
}

// filesBelow reads all files of a folder, by path below it.
func filesBelow(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[path], err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		return err
	})
	return files, err
}

func pagesOf(rep *report.Report, art render.Art) (map[string][]byte, error) {
	pages, err := render.HTML(rep, art)
	if err != nil {
		return nil, err
	}
	if pages["report.json"], err = render.JSON(rep); err != nil {
		return nil, err
	}
	pages["report.md"], err = render.Markdown(rep)
	return pages, err
}

// parquet writes stats/ and data/.
func (r *run) parquet(ctx context.Context, stage *store.Staging) error {
	meta := map[string]string{"personae_format": strconv.Itoa(report.Format), "personae_version": r.identity.Digest()}
	path := func(parts ...string) string { return filepath.Join(append([]string{stage.Dir}, parts...)...) }
	for i, t := range report.Tables(r.outcome.Report, r.outcome.Project.Rules) {
		r.options.say("writing statistics", int64(i), 0)
		columns := make([]duckdb.Column, len(t.Columns))
		for i, c := range t.Columns {
			columns[i] = duckdb.Column(c)
		}
		if err := r.db.WriteParquet(ctx, path("stats", t.Name+".parquet"), columns, t.Rows, meta); err != nil {
			return err
		}
	}
	for _, e := range r.plan.Entities {
		r.options.say("writing rows", 0, 0)
		if err := r.snapshot.ExportEntity(ctx, e, path("data", e.Entity.Name+".parquet"), meta); err != nil {
			return err
		}
	}
	return r.snapshot.ExportMemberships(ctx, r.plan, path("data", "memberships.parquet"), meta)
}

func (r *run) datasets() []store.Dataset {
	out := []store.Dataset{}
	for _, h := range r.snapshot.Health {
		out = append(out, store.Dataset{Name: h.Dataset, Rows: h.Rows, Fingerprint: h.Fingerprint})
	}
	return out
}

// RunRecord is run.json: what is true of the run and not of the version.
type RunRecord struct {
	At       time.Time   `json:"at"`
	Host     string      `json:"host"`
	Commit   string      `json:"commit,omitempty"`
	Dirty    bool        `json:"uncommitted_rules"`
	Program  BuildInfo   `json:"program"`
	Steps    []Step      `json:"steps"`
	Files    []InputFile `json:"files"`
	Problems []Located   `json:"problems"`
	Warnings []string    `json:"warnings"`
	ByRow    []ByRow     `json:"decided_by_row"`
}

// ByRow says for how many rows a rule was worked out row by row.
type ByRow struct {
	Entity  string `json:"entity"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Rows    int64  `json:"rows"`    // that SQL left open
	Decided int64  `json:"decided"` // of those, with an answer
}

// InputFile is a data file that was read.
type InputFile struct {
	Dataset string `json:"dataset"`
	Path    string `json:"path"`
	Size    int64  `json:"size"`
	Rows    int64  `json:"rows"`
}

// Located is a problem of the data with its first place and, but for personal
// data, a sample.
type Located struct {
	Dataset string `json:"dataset"`
	Column  string `json:"column,omitempty"`
	Reason  string `json:"reason"`
	Rows    int64  `json:"rows"`
	File    string `json:"file,omitempty"`
	Row     int64  `json:"row,omitempty"`
	Sample  string `json:"sample,omitempty"`
}

func (r *run) record(c gitCommit, list diag.List) RunRecord {
	host, _ := os.Hostname()
	rec := RunRecord{
		At: r.options.Now.UTC(), Host: host, Commit: c.Hash, Dirty: c.Dirty, Program: Build(), Steps: r.outcome.Steps,
		Files: []InputFile{}, Problems: []Located{}, Warnings: []string{}, ByRow: r.outcome.ByRow(),
	}
	for _, h := range r.snapshot.Health {
		for _, f := range h.Files {
			rec.Files = append(rec.Files, InputFile{h.Dataset, f.Path, f.Size, f.Rows})
		}
		for _, p := range h.Problems {
			rec.Problems = append(rec.Problems, Located{h.Dataset, p.Column, p.Reason, p.Rows, p.File, p.Row, p.Sample})
		}
	}
	for _, d := range list {
		rec.Warnings = append(rec.Warnings, d.Error())
	}
	return rec
}

// front renews reports/index.html. It is made from versions that stand, so a
// run that is killed before it leaves only an older front page.
func (r *run) front(ctx context.Context, reports *store.Store, before *store.Latest, v *store.Version, c gitCommit, art render.Art) error {
	in := render.FrontInput{
		Report: r.outcome.Report, Version: v.Number, PublishedAt: r.options.Now.UTC(), Commit: c.Hash, Dirty: c.Dirty, Art: art,
	}
	if before != nil {
		if previous, err := readReport(reports, before.Version); err == nil {
			in.Previous, in.PreviousVersion = previous, before.Version
			if in.Flows, err = r.flows(ctx, reports, previous, before.Version); err != nil {
				return err
			}
		}
	}
	numbers, err := reports.Numbers()
	if err != nil {
		return err
	}
	for _, n := range numbers {
		old, err := reports.Version(n)
		if err != nil {
			return err
		}
		in.Versions = append(in.Versions, render.VersionLink{Number: n, AsOf: old.Manifest.Identity.AsOf, PublishedAt: publishedAt(old)})
	}
	slices.SortFunc(in.Versions, func(x, y render.VersionLink) int { return y.Number - x.Number })
	in.History = pastOf(reports, numbers, v.Number)
	page, err := render.Front(in)
	if err != nil {
		return err
	}
	r.outcome.FrontPage = filepath.Join(reports.Root(), frontPage)
	return reports.WriteAtomic(frontPage, page)
}

// trendVersions is how many versions before the current one trends go back.
const trendVersions = 11

// latest are the last so many of some versions, oldest first.
func latest(numbers []int) []int { return numbers[max(len(numbers)-trendVersions, 0):] }

// pastOf reads what trends show of the versions before one, oldest first. A version
// whose report cannot be read is left out.
func pastOf(reports *store.Store, numbers []int, current int) []render.Past {
	var out []render.Past
	before := slices.DeleteFunc(slices.Clone(numbers), func(n int) bool { return n >= current })
	for _, n := range latest(before) {
		if old, err := readReport(reports, n); err == nil {
			out = append(out, render.PastOf(old))
		}
	}
	return out
}

// publishedAt is when a version was published; no time where its run.json is gone.
func publishedAt(v *store.Version) time.Time {
	var record RunRecord
	b, err := os.ReadFile(filepath.Join(v.Dir, "run.json"))
	if err != nil || json.Unmarshal(b, &record) != nil {
		return time.Time{}
	}
	return record.At
}

func readReport(reports *store.Store, n int) (*report.Report, error) {
	v, err := reports.Version(n)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(filepath.Join(v.Dir, "report", "report.json"))
	if err != nil {
		return nil, err
	}
	var rep report.Report
	return &rep, json.Unmarshal(b, &rep)
}

// healthDigest stands for all of a dataset that a version's bytes depend on:
// its content and its counts of dirt, and not where the dirt was found.
func healthDigest(h results.DatasetHealth) string {
	var b bytes.Buffer
	fmt.Fprintln(&b, h.Fingerprint, h.Rows, h.Read, h.Stale, h.FreshWithin)
	if h.NewestEvent != nil {
		fmt.Fprintln(&b, h.NewestEvent.UTC().Format(time.RFC3339Nano))
	}
	for _, p := range h.Problems {
		fmt.Fprintf(&b, "%q %q %q %q %q %d %v %v\n", p.Column, p.Rule, p.Reason, p.Action, p.Severity, p.Rows, p.Value, p.HasValue)
	}
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:])
}
