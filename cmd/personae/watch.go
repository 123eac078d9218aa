package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/report"
	"personae/engine/watch"
)

func newWatch(g *globals) *cobra.Command {
	var publish bool
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Evaluate again after each save, and say what moved",
		Long: `watch evaluates the project, and again whenever rules or data change. It says who entered and left
each group. Results are a draft: nothing is published without --publish. A save with an error changes
nothing: the last good results stand, and the error is shown.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			g.brief = true
			w := &watcher{cmd: cmd, g: g, publish: publish}
			if err := w.evaluate(cmd.Context()); err != nil {
				if cmd.Context().Err() != nil {
					return nil // stopped by the user, which is how watching ends
				}
				return err
			}
			return w.follow(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&publish, "publish", false, "publish a version after each good save")
	return cmd
}

// watcher keeps the last good results.
type watcher struct {
	cmd     *cobra.Command
	g       *globals
	publish bool
	good    *engine.Outcome
	goodAt  time.Time
	failure error
}

func (w *watcher) follow(ctx context.Context) error {
	dir := func(name string) string { return filepath.Join(w.g.project, name) }
	opt := watch.Options{
		Rules: []string{dir("rules"), dir("datasets")},
		Data:  append([]string{dir("data")}, w.g.data...),
	}
	fmt.Fprintln(w.cmd.OutOrStdout(), "watching rules/, datasets/ and data/ · Ctrl-C stops")
	err := watch.Run(ctx, opt, func() {
		if err := w.evaluate(ctx); err != nil && ctx.Err() == nil {
			w.failure = err
			fmt.Fprintln(w.cmd.ErrOrStderr(), "personae:", err)
			w.still()
		}
	})
	if ctx.Err() != nil {
		return nil // stopped by the user, which is how watching ends
	}
	return err
}

// evaluate runs once; an error or an error diagnostic leaves the last good
// results standing.
func (w *watcher) evaluate(ctx context.Context) error {
	opt := w.g.options()
	start := time.Now()
	evaluate := engine.Draft
	if w.publish {
		evaluate = engine.Run
	}
	out, list, err := evaluate(ctx, opt)
	if err != nil {
		return err
	}
	out.Took = time.Since(start)
	if list.HasErrors() {
		if err := w.g.report(w.cmd, list, out.Project.Files); err != nil && !printed(err) {
			return err
		}
		w.still()
		return nil
	}
	w.say(out, list)
	if out.Report != nil {
		w.good, w.goodAt = out, opt.Now
	}
	return nil
}

// still says whose results stand after a save that failed.
func (w *watcher) still() {
	text := "no results yet: correct the error and save again"
	if w.good != nil {
		text = "still showing the results of " + w.goodAt.Format("15:04:05")
	}
	fmt.Fprintf(w.cmd.OutOrStdout(), "  %-10s%s\n", "rejected", text)
}

func (w *watcher) say(out *engine.Outcome, list diag.List) {
	if w.good == nil || w.good.Report == nil || out.Report == nil {
		if err := w.g.report(w.cmd, list, out.Project.Files); err != nil && !printed(err) {
			fmt.Fprintln(w.cmd.ErrOrStderr(), "personae:", err)
		}
		printOutcome(w.cmd.OutOrStdout(), out)
		return
	}
	o := w.cmd.OutOrStdout()
	moves := report.Moves(w.good.Report, out.Report)
	for _, m := range moves {
		fmt.Fprintf(o, "  %-10s%s\n", "changed", m)
	}
	if len(moves) == 0 {
		fmt.Fprintf(o, "  %-10s%s\n", "same", "no group and no claim changed")
	}
	state := "draft"
	if out.Version != nil {
		state = fmt.Sprintf("version %d", out.Version.Number)
	}
	fmt.Fprintf(o, "  %-10s%s in %s\n", state, w.g.options().Now.Format("15:04:05"), rounded(out.Took))
}
