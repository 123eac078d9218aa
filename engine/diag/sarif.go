package diag

import (
	"io"
	"net/url"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"personae/engine/source"
)

// sarifLevels gives SARIF's word for each severity.
var sarifLevels = [...]string{Error: sarif.LevelError, Warning: sarif.LevelWarning, Info: sarif.LevelNote}

// SARIF writes one SARIF 2.1.0 log, as code scanning of GitHub and editors read it: the rules that were broken with
// their explanations, and the results with ranges, related places and fixes.
func SARIF(w io.Writer, l List, _ Sources, opt Options) error {
	driver := sarif.NewToolComponent().WithName("personae")
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver)).WithColumnKind("unicodeCodePoints")
	if opt.Version != "" {
		driver.WithVersion(opt.Version)
	}
	for _, d := range l.Sorted() {
		addSARIFRule(run, d.Code)
		result := run.CreateResultForRule(d.Code).WithLevel(sarifLevels[d.Severity.known()])
		text := d.Summary
		if d.Detail != "" {
			text += "\n" + d.Detail
		}
		result.WithMessage(sarif.NewTextMessage(text))
		place := sarifPlace(d.Range, opt)
		if place == nil { // code scanning drops a result without a place: the project's folder stands for it
			place = sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(nameOr(opt.Prefix, ".")))
		}
		result.AddLocation(sarif.NewLocationWithPhysicalLocation(place))
		for _, r := range d.Related {
			if place := sarifPlace(r.Range, opt); place != nil {
				location := sarif.NewLocationWithPhysicalLocation(place)
				result.AddRelatedLocation(location.WithMessage(sarif.NewTextMessage(r.Message)))
			}
		}
		if d.Fix != nil && d.Fix.Range.Start.Line > 0 {
			result.AddFixe(sarifFix(*d.Fix, opt))
		}
	}
	report := sarif.NewReport()
	report.AddRun(run)
	return report.PrettyWrite(w)
}

func addSARIFRule(run *sarif.Run, name string) {
	rule := run.AddRule(name)
	if c, ok := Lookup(name); ok && rule.ShortDescription == nil {
		rule.WithShortDescription(sarif.NewMultiformatMessageString().WithText(c.Title))
		rule.WithFullDescription(sarif.NewMultiformatMessageString().WithText(c.Explanation))
		rule.WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevels[c.Severity]))
	}
}

// sarifPlace gives a place as SARIF writes it: a relative URI, and an end that is exclusive as ours is.
func sarifPlace(r source.Range, opt Options) *sarif.PhysicalLocation {
	if r.File == "" {
		return nil
	}
	place := sarif.NewPhysicalLocation().WithArtifactLocation(sarifFile(r, opt))
	if r.Start.Line > 0 {
		place.WithRegion(sarifRegion(r))
	}
	return place
}

func sarifFile(r source.Range, opt Options) *sarif.ArtifactLocation {
	return sarif.NewSimpleArtifactLocation((&url.URL{Path: opt.Path(r)}).EscapedPath())
}

func sarifRegion(r source.Range) *sarif.Region {
	return sarif.NewRegion().WithStartLine(r.Start.Line).WithStartColumn(max(1, r.Start.Column)).
		WithEndLine(max(r.Start.Line, r.End.Line)).WithEndColumn(max(1, r.End.Column))
}

func sarifFix(f Fix, opt Options) *sarif.Fix {
	replacement := sarif.NewReplacement().WithDeletedRegion(sarifRegion(f.Range)).
		WithInsertedContent(sarif.NewArtifactContent().WithText(f.Replacement))
	change := sarif.NewArtifactChange().WithArtifactLocation(sarifFile(f.Range, opt)).AddReplacement(replacement)
	return sarif.NewFix().WithDescription(sarif.NewTextMessage(fixTitle(f))).AddArtifactChange(change)
}
