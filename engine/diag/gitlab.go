package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
)

// gitlabSeverities gives GitLab's word for each severity.
var gitlabSeverities = [...]string{Error: "major", Warning: "minor", Info: "info"}

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end,omitempty"`
}

// GitLab writes a Code Quality report. Fingerprints leave out the line, so that an issue stays the same issue when
// lines are added above it; equal ones in a file are counted.
func GitLab(w io.Writer, l List, _ Sources, opt Options) error {
	issues := []gitlabIssue{}
	seen := map[string]int{}
	for _, d := range l.Sorted() {
		issue := gitlabIssue{
			Description: d.message(), CheckName: d.Code, Severity: gitlabSeverities[d.Severity.known()],
			Location: gitlabLocation{Path: opt.Path(d.Range), Lines: gitlabLines{Begin: max(1, d.Range.Start.Line)}},
		}
		if issue.Location.Path == "" {
			issue.Location.Path = "." // GitLab refuses an issue without a path
		}
		if last := lastLine(d.Range); last > d.Range.Start.Line {
			issue.Location.Lines.End = last
		}
		key := d.Code + "\x00" + issue.Location.Path + "\x00" + d.Summary
		seen[key]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
		issue.Fingerprint = hex.EncodeToString(sum[:16])
		issues = append(issues, issue)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(issues)
}
