package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/english"
	"personae/engine/report"
)

func newRun(g *globals) *cobra.Command {
	var force, verbose bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Evaluate the rules over the data and publish a version",
		Long: `run reads the data, evaluates every rule over every customer, and publishes a report.

A version is published whole or not at all: until the last step, the version before stays current.
Where nothing that a report depends on has changed, nothing is published.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			g.brief = !verbose && !g.strict
			opt := g.options()
			opt.Force = force
			bars := newProgress(cmd)
			opt.Progress = bars.step
			opt.Waiting = func(sentence string) { bars.say(cmd.ErrOrStderr(), sentence) }
			start := time.Now()
			out, list, err := engine.Run(cmd.Context(), opt)
			bars.close()
			if out != nil {
				out.Took = time.Since(start)
			}
			if err != nil {
				return err
			}
			return g.finish(cmd, out, list)
		},
	}
	cmd.Flags().BoolVar(&verbose, "verbose", false, "show each warning with its place in the rules and what to do")
	cmd.Flags().BoolVar(&force, "force", false, "evaluate and publish even where nothing has changed")
	return cmd
}

// runJSON is what `run --json` prints.
type runJSON struct {
	Version   int             `json:"version,omitempty"` // the version that stands; none where nothing came of the run
	Digest    string          `json:"digest,omitempty"`
	Published bool            `json:"published"`
	Unchanged bool            `json:"unchanged"`
	AsOf      time.Time       `json:"as_of,omitzero"`
	Directory string          `json:"directory,omitempty"`
	FrontPage string          `json:"front_page,omitempty"`
	Steps     []engine.Step   `json:"steps"`
	Problems  json.RawMessage `json:"problems"`
}

func writeOutcome(cmd *cobra.Command, out *engine.Outcome, problems json.RawMessage) error {
	v := runJSON{Unchanged: out.Unchanged, AsOf: out.AsOf, FrontPage: out.FrontPage, Steps: out.Steps, Problems: problems}
	if out.Version != nil {
		v.Published = !out.Unchanged
		v.Version, v.Digest, v.Directory = out.Version.Number, out.Version.Manifest.Digest, out.Version.Dir
	}
	return writeJSON(cmd, v)
}

// printOutcome is the summary that people read: rules, data, what to know, and
// where the report is.
func printOutcome(w io.Writer, out *engine.Outcome) {
	line := func(label, text string) { fmt.Fprintf(w, "  %-10s%s\n", label, text) }
	line("rules", out.Project.Summary())
	if len(out.Health) > 0 {
		line("data", dataLine(out))
	}
	if r := out.Report; r != nil {
		for _, n := range r.Notices {
			// What is wrong with the data has its diagnostic, with its place, above.
			if n.Severity != "info" && n.Kind != "data" && n.Kind != "stale" {
				line("warn", n.Text)
			}
		}
		for _, s := range r.Segments {
			if s.Size.Unknown.Value != nil && *s.Size.Unknown.Value > 0 {
				line("note", report.CannotTellFor(s.Title, s.Entity, s.Size))
			}
		}
	}
	if text := byRowLine(out.ByRow()); text != "" {
		line("by row", text)
	}
	switch {
	case out.Unchanged:
		line("unchanged", fmt.Sprintf("nothing was published: version %d was made from the same rules, data and instant", out.Version.Number))
	case out.Version == nil && out.Refused:
		line("refused", "nothing was published: with --strict a warning counts as an error")
	case out.Version == nil:
		line("draft", fmt.Sprintf("evaluated for %s in %s; nothing was published", instant(out), rounded(out.Took)))
	default:
		line("version "+fmt.Sprint(out.Version.Number), fmt.Sprintf("calculated for %s in %s", instant(out), rounded(out.Took)))
	}
	if out.FrontPage != "" {
		line("open", filepath.ToSlash(out.FrontPage))
	}
}

// byRowLine names the rules that the database could not decide for every row,
// the most rows first: "9,120 rows for few_words, 310 for odd_names".
func byRowLine(list []engine.ByRow) string {
	list = slices.DeleteFunc(slices.Clone(list), func(r engine.ByRow) bool { return r.Rows == 0 })
	slices.SortStableFunc(list, func(a, b engine.ByRow) int { return cmp.Compare(b.Rows, a.Rows) })
	var parts []string
	for i, r := range list {
		if i == 3 {
			parts = append(parts, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		parts = append(parts, english.Count(r.Rows, "row", "rows")+" for "+r.Name)
	}
	return strings.Join(parts, ", ")
}

// instant writes the as-of instant as the project's people say it.
func instant(out *engine.Outcome) string {
	at := out.AsOf
	if out.Project.Rules != nil {
		at = at.In(out.Project.Rules.Settings.Zone)
	}
	return at.Format("2 Jan 2006 15:04 MST")
}

func dataLine(out *engine.Outcome) string {
	var parts []string
	newest := time.Time{}
	made := map[string]bool{} // from other datasets: no news about what was delivered
	for _, d := range out.Project.Module.Datasets {
		made[d.Name.Value()] = d.Source != nil && d.Source.Path.Value() == "" && d.Source.Database.Value() == "" && d.Entity.Value() == ""
	}
	for _, h := range out.Health {
		if made[h.Dataset] {
			continue
		}
		parts = append(parts, h.Dataset+" "+english.Number(h.Rows))
		if h.NewestEvent != nil && h.NewestEvent.After(newest) {
			newest = *h.NewestEvent
		}
	}
	text := strings.Join(parts, " · ")
	if !newest.IsZero() {
		text += "      newest " + newest.Format("2 Jan 2006")
	}
	return text
}

func rounded(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// finish prints what a run came to: diagnostics first, then the summary.
func (g *globals) finish(cmd *cobra.Command, out *engine.Outcome, list diag.List) error {
	if g.json {
		var problems bytes.Buffer
		if err := diag.JSON(&problems, list, nil, g.rendering(&problems, out.Project.Files)); err != nil {
			return err
		}
		if err := writeOutcome(cmd, out, json.RawMessage(problems.Bytes())); err != nil {
			return err
		}
		return g.outcomeVerdict(out, list)
	}
	if err := g.report(cmd, list, out.Project.Files); err != nil && !printed(err) {
		return err
	}
	if g.format == "text" && !list.HasErrors() {
		printOutcome(cmd.OutOrStdout(), out)
	}
	return g.outcomeVerdict(out, list)
}

// outcomeVerdict fails the command where a finding does, or with --strict a
// warning in the report: a size out of bounds, a statement no longer true.
func (g *globals) outcomeVerdict(out *engine.Outcome, list diag.List) error {
	if g.strict && out.Report != nil && out.Report.Warns() {
		return errFindings
	}
	return g.verdict(list)
}
