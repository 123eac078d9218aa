package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/english"
	"personae/engine/ruletest"
	"personae/engine/server"
	"personae/engine/watch"
)

func newWatch(g *globals) *cobra.Command {
	w := &watcher{g: g}
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Evaluate again after each save, and say what moved",
		Long: `watch evaluates the project, and again whenever rules or data change. It says who entered and left
each group, and which statements moved. Only what changed is calculated. Results are a draft: nothing is
published without --publish. A save with an error changes nothing: the last good results stand, and the
error is shown.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			g.brief = !w.verbose
			w.cmd = cmd
			return w.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&w.publish, "publish", false, "publish a version after each good save")
	flags.BoolVar(&w.test, "test", false, "run the tests of the rules at each save; a failed one rejects it")
	flags.DurationVar(&w.every, "every", 0, "evaluate again at this `interval`, as in 1h, for rules that depend on the clock")
	flags.DurationVar(&w.poll, "poll", 0, "look at the files at this `interval`, as in 2s, instead of listening for changes: for network drives")
	flags.StringVar(&w.listen, "listen", "", "show the draft's pages, /status and /metrics at this `address`, as in 127.0.0.1:7788")
	flags.BoolVar(&w.verbose, "verbose", false, "show each warning with its place in the rules and what to do, and every error")
	flags.StringVar(&w.log, "log", "off", "one line for each evaluation on standard error: off, text, json")
	return cmd
}

// watcher prints what a loop tells.
type watcher struct {
	cmd     *cobra.Command
	g       *globals
	publish bool
	test    bool
	every   time.Duration
	poll    time.Duration
	log     string
	listen  string
	verbose bool

	loop   *watch.Loop
	server *server.Server // nil where nothing is shown
	logger *slog.Logger
	said   map[string]bool // warnings of the last good evaluation
}

func (w *watcher) run(ctx context.Context) error {
	if err := w.openLog(); err != nil {
		return err
	}
	fmt.Fprintln(w.cmd.OutOrStdout(), "watching rules, datasets and their files · Ctrl-C stops")
	w.loop = &watch.Loop{
		Options: w.options(), Publish: w.publish, Every: w.every, Poll: w.poll, Tell: w.tell,
		Say: func(sentence string) { w.line("note", sentence) },
	}
	if w.listen != "" {
		stop, err := w.serve(ctx)
		if err != nil {
			return err
		}
		defer stop()
	}
	return w.loop.Run(ctx)
}

// options are those of each evaluation.
func (w *watcher) options() func() engine.Options {
	if !w.test {
		return w.g.options
	}
	verify := ruletest.Gate(w.g.options)
	return func() engine.Options {
		o := w.g.options()
		o.Verify = verify
		return o
	}
}

// serve shows pages on this machine only: they are about people.
func (w *watcher) serve(ctx context.Context) (stop func(), err error) {
	host, _, err := net.SplitHostPort(w.listen)
	if err != nil || host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return nil, usageError(w.cmd, fmt.Sprintf("--listen %q is not an address of this machine: write 127.0.0.1:7788", w.listen))
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", w.listen)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be listened to: %w; choose another port with --listen", w.listen, err)
	}
	w.server = server.New()
	h := &http.Server{Handler: w.server, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = h.Serve(listener) }() // ends with the command
	w.line("open", "http://"+listener.Addr().String())
	return func() { _ = h.Close() }, nil
}

// show puts an event before readers.
func (w *watcher) show(e watch.Event) {
	if w.server == nil || e.Superseded {
		return
	}
	var pages server.Pages
	if e.Err == nil && !e.Rejected {
		o := w.g.options()
		pages = func() (map[string][]byte, error) { return engine.Pages(o, e.Outcome) }
	}
	w.server.Show(e, w.loop.Status(), pages)
}

func (w *watcher) openLog() error {
	switch w.log {
	case "off":
		w.logger = slog.New(slog.DiscardHandler)
	case "text":
		w.logger = slog.New(slog.NewTextHandler(w.cmd.ErrOrStderr(), nil))
	case "json":
		w.logger = slog.New(slog.NewJSONHandler(w.cmd.ErrOrStderr(), nil))
	default:
		return usageError(w.cmd, fmt.Sprintf("--log %q is not known: write off, text or json", w.log))
	}
	return nil
}

// tell prints one evaluation.
func (w *watcher) tell(e watch.Event) {
	defer w.record(e)
	w.show(e)
	switch {
	case e.Superseded:
		return // the newer save is being evaluated
	case e.Err != nil:
		fmt.Fprintln(w.cmd.ErrOrStderr(), "personae:", e.Err)
		w.still(e)
	case e.Rejected:
		w.rejected(e)
		w.still(e)
	case e.Good == nil:
		w.problems(e, e.Diagnostics)
		w.remember(e)
		e.Outcome.Took = e.Took
		printOutcome(w.cmd.OutOrStdout(), e.Outcome)
		w.newer()
	default:
		w.problems(e, w.news(e.Diagnostics))
		w.remember(e)
		w.moved(e)
		w.newer()
	}
}

// newer says that what was saved after the rules that are shown was rejected.
func (w *watcher) newer() {
	if r := w.loop.Status().Rejected; r != nil {
		w.line("rejected", fmt.Sprintf("revision %d, saved since: correct the error and save again", r.Revision))
	}
}

// news leaves out what was said of the evaluation before.
func (w *watcher) news(list diag.List) diag.List {
	var out diag.List
	for _, d := range list {
		if !w.said[d.Summary] {
			out = append(out, d)
		}
	}
	return out
}

func (w *watcher) remember(e watch.Event) {
	w.said = map[string]bool{}
	for _, d := range e.Diagnostics {
		w.said[d.Summary] = true
	}
}

func (w *watcher) problems(e watch.Event, list diag.List) {
	if len(list) == 0 {
		return
	}
	if err := w.g.report(w.cmd, list, e.Outcome.Project.Files); err != nil && !printed(err) {
		fmt.Fprintln(w.cmd.ErrOrStderr(), "personae:", err)
	}
}

// rejected says what is wrong with a save. A name that is gone is missed in many
// places: it is shown in the first of them.
func (w *watcher) rejected(e watch.Event) {
	list := e.Diagnostics
	if g := w.g; !w.verbose && g.format == "text" && !g.json {
		said := map[string]bool{}
		list = slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool {
			again := said[d.Summary]
			said[d.Summary] = true
			return again
		})
	}
	w.problems(e, list)
	if more := int64(len(e.Diagnostics) - len(list)); more > 0 {
		w.line("note", english.Count(more, "more place has", "more places have")+" the same problems: personae check shows all")
	}
}

// still says whose results stand after a save that failed.
func (w *watcher) still(e watch.Event) {
	text := "no results yet: correct the error and save again"
	switch {
	case e.Beside > 0:
		text = fmt.Sprintf("revision %d; revision %d, saved before it, is still being evaluated", e.Revision, e.Beside)
	case e.Good != nil:
		text = fmt.Sprintf("revision %d; still showing the results of revision %d, %s", e.Revision, e.Good.Revision, e.Good.At.Format("15:04:05"))
	}
	w.line("rejected", text)
}

// moved says who entered and left which group, and which statements moved.
func (w *watcher) moved(e watch.Event) {
	moves := e.Outcome.MovesSince(e.Good.Outcome)
	for _, m := range moves {
		w.line("changed", m)
	}
	if len(moves) == 0 {
		w.line("same", "no group and no claim changed")
	}
	state, stands := "draft", ""
	if v := e.Outcome.Version; v != nil && e.Outcome.Unchanged {
		state, stands = "unchanged", fmt.Sprintf("version %d stands, ", v.Number)
	} else if v != nil {
		state = fmt.Sprintf("version %d", v.Number)
	}
	w.line(state, fmt.Sprintf("revision %d, %s: %s%s", e.Revision, e.At.Format("15:04:05"), stands, effort(e)))
}

func (w *watcher) line(label, text string) {
	fmt.Fprintf(w.cmd.OutOrStdout(), "  %-10s%s\n", label, text)
}

// effort says what an evaluation took: "2 of 120 columns calculated in 0.1 s".
func effort(e watch.Event) string {
	took := rounded(e.Took)
	if e.Took < time.Second {
		took = fmt.Sprintf("%d ms", e.Took.Milliseconds())
	}
	r := e.Outcome.Results
	if r == nil {
		return "in " + took
	}
	return fmt.Sprintf("%d of %d columns calculated in %s", r.Effort.Computed, r.Effort.Computed+r.Effort.Reused, took)
}

// record logs one evaluation in one line.
func (w *watcher) record(e watch.Event) {
	level := slog.LevelInfo
	attrs := []any{slog.Int("revision", e.Revision), slog.String("cause", e.Cause.String())}
	switch {
	case e.Superseded:
	case e.Err != nil:
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", e.Err.Error()))
	case e.Rejected:
		level = slog.LevelWarn
		attrs = append(attrs, slog.Int("errors", e.Diagnostics.Count(diag.Error)), slog.String("first", firstError(e.Diagnostics)))
	}
	attrs = append(attrs, slog.String("result", e.Result()))
	if e.Good != nil {
		attrs = append(attrs, slog.Int("standing", e.Good.Revision))
	}
	if e.Outcome != nil && e.Outcome.Results != nil {
		r := e.Outcome.Results.Effort
		attrs = append(attrs, slog.Int("columns_computed", r.Computed), slog.Int("columns_reused", r.Reused),
			slog.String("changed", firstOf(r.Changed, loggedColumns)))
	}
	if e.Outcome != nil && e.Outcome.Version != nil {
		attrs = append(attrs, slog.Int("version", e.Outcome.Version.Number))
	}
	attrs = append(attrs, slog.Duration("took", e.Took))
	w.logger.Log(w.cmd.Context(), level, "evaluated", attrs...)
}

// loggedColumns is how many columns a log line names.
const loggedColumns = 20

// firstOf names the first of some columns, and says how many more there are.
func firstOf(names []string, most int) string {
	text := strings.Join(names[:min(len(names), most)], " ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func firstError(list diag.List) string {
	for _, d := range list {
		if d.Severity == diag.Error {
			return d.Error()
		}
	}
	return ""
}
