package watch

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/spec"
)

// Loop evaluates a project again after each batch of changes. What is wrong
// leaves the last good evaluation standing.
type Loop struct {
	Options func() engine.Options // read for each evaluation, the clock included
	Publish bool                  // publish a version after each good evaluation
	Every   time.Duration         // evaluate again at intervals, for what depends on the clock; 0: never
	Poll    time.Duration         // as Options.Poll
	Settle  time.Duration         // as Options.Settle
	// Tell is told of every evaluation, one at a time; it must not be nil.
	Tell func(Event)
	// Say is told in a sentence what users have to know of the watching itself.
	Say func(sentence string)

	mutex  sync.Mutex
	status Status
	first  *spec.Module  // says where data is before there is an evaluation
	again  chan struct{} // has a look taken
}

// Event is one evaluation: of the start, of a batch of changes, or of a tick of
// the clock.
type Event struct {
	Revision    int // counts the evaluations, from 1
	Cause       Cause
	Outcome     *engine.Outcome // nil where Err is set
	Diagnostics diag.List
	Rejected    bool      // Diagnostics has errors: the last good evaluation stands
	Beside      int       // of a rejected one: the revision of an earlier, good one that is still running; 0 for none
	Superseded  bool      // a newer save made it pointless before it had ended
	Good        *Event    // the good evaluation before it; nil for the first
	Err         error     // of the machine, not of the project
	At          time.Time // when it began
	Took        time.Duration
}

// Result is what became of an evaluation, in one word: active, rejected,
// superseded, failed.
func (e Event) Result() string {
	switch {
	case e.Superseded:
		return "superseded"
	case e.Err != nil:
		return "failed"
	case e.Rejected:
		return "rejected"
	}
	return "active"
}

// Cause says why a project is evaluated.
type Cause struct{ Start, Rules, Data, Clock bool }

// String lists the causes: "rules, data".
func (c Cause) String() string {
	var out []string
	for _, x := range []struct {
		is   bool
		word string
	}{{c.Start, "start"}, {c.Rules, "rules"}, {c.Data, "data"}, {c.Clock, "clock"}} {
		if x.is {
			out = append(out, x.word)
		}
	}
	return strings.Join(out, ", ")
}

func (c Cause) and(d Cause) Cause {
	return Cause{c.Start || d.Start, c.Rules || d.Rules, c.Data || d.Data, c.Clock || d.Clock}
}

// Status is which evaluation stands, and which one was rejected after it.
type Status struct {
	Active   *Event // the last good evaluation; nil before there is one
	Rejected *Event // the last one that was rejected since; nil for none
}

// Status may be called at any time, by any goroutine.
func (l *Loop) Status() Status {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.status
}

// Run evaluates once, and then again and again until ctx ends, which is no
// error.
func (l *Loop) Run(ctx context.Context) error {
	session, err := engine.NewSession(l.Options())
	if err != nil {
		return err
	}
	defer session.Close()
	l.first, _ = spec.Load(l.root())
	ctx, stop := context.WithCancel(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer stop()
	changes := make(chan Change)
	l.again = make(chan struct{}, 1)
	// What is saved from here on is seen, be it before the first evaluation reads it.
	o, waiter, before := l.watched().begin()
	watching.Go(func() {
		_ = o.run(ctx, waiter, before, func(c Change) {
			select {
			case changes <- c:
			case <-ctx.Done():
			}
		})
	})
	w := &work{loop: l, session: session, done: make(chan Event), named: l.data()}
	w.due = Cause{Start: true}
	return w.run(ctx, changes)
}

func (l *Loop) root() string {
	if root := l.Options().Root; root != "" {
		return root
	}
	return "."
}

// watched says what to watch: the rules, and the data that they name now.
func (l *Loop) watched() Options {
	dir := func(name string) string { return filepath.Join(l.root(), name) }
	return Options{
		Rules: []string{dir("rules"), dir("datasets"), dir("schemas")}, Poll: l.Poll, Settle: l.Settle, Say: l.Say, Data: l.data, Again: l.again,
	}
}

// data is where the evaluation that stands finds its data and portraits, and
// where the one that was rejected looks for them.
func (l *Loop) data() []Glob {
	s := l.Status()
	modules := []*spec.Module{l.first}
	if s.Active != nil {
		modules[0] = s.Active.Outcome.Project.Module
	}
	if s.Rejected != nil {
		modules = append(modules, s.Rejected.Outcome.Project.Module)
	}
	var out []Glob
	for _, m := range modules {
		for _, g := range engine.DataGlobs(l.Options(), m) {
			out = append(out, Glob(g))
		}
	}
	return out
}

// work is the state of a running loop.
type work struct {
	loop     *Loop
	session  *engine.Session
	done     chan Event
	due      Cause // what is to be evaluated when the running one has ended
	running  int   // the revision of the running one; 0 for none
	cancel   context.CancelFunc
	revision int
	named    []Glob // data and portraits
}

// run starts evaluations and takes their results. The running one keeps the
// rules that it started with; a good save after it ends it.
func (w *work) run(ctx context.Context, changes <-chan Change) error {
	var tick <-chan time.Time
	if w.loop.Every > 0 {
		t := time.NewTicker(w.loop.Every)
		defer t.Stop()
		tick = t.C
	}
	for {
		if w.running == 0 && w.due != (Cause{}) {
			w.start(ctx)
		}
		w.lookAgain()
		select {
		case <-ctx.Done():
			if w.running > 0 {
				w.cancel()
				<-w.done
			}
			return nil
		case c := <-changes:
			w.changed(ctx, Cause{Rules: c.Rules, Data: c.Data})
		case <-tick:
			w.due = w.due.and(Cause{Clock: true})
		case e := <-w.done:
			w.running = 0
			w.cancel()
			w.finish(ctx, e)
		}
	}
}

// lookAgain has a look taken where other files are named than before: they may
// be in folders that nobody listens to yet.
func (w *work) lookAgain() {
	named := w.loop.data()
	if slices.Equal(named, w.named) {
		return
	}
	w.named = named
	select {
	case w.loop.again <- struct{}{}:
	default: // asked for already
	}
}

// changed makes the running evaluation end where its results would be of no
// use. Rules that are wrong are rejected at once, and leave it running: it may
// be the last good one for long.
func (w *work) changed(ctx context.Context, c Cause) {
	if w.running > 0 && !c.Data {
		if e := w.aside(ctx, c); e.Rejected {
			w.tell(e)
			return
		}
	}
	w.due = w.due.and(c)
	if w.running > 0 {
		w.cancel()
	}
}

// aside checks what was saved while an evaluation runs.
func (w *work) aside(ctx context.Context, c Cause) Event {
	var known *engine.Project
	if s := w.loop.Status(); s.Active != nil {
		known = s.Active.Outcome.Project
	}
	o := w.loop.Options()
	begin := time.Now()
	p, list, err := engine.CheckAside(ctx, o, known)
	e := Event{Cause: c, Outcome: &engine.Outcome{Project: p}, Diagnostics: list, At: o.Now, Took: time.Since(begin)}
	if err == nil && list.HasErrors() {
		w.revision++
		e.Revision, e.Rejected, e.Beside = w.revision, true, w.running
	}
	return e
}

// start evaluates on a goroutine of its own.
func (w *work) start(ctx context.Context) {
	cause := w.due
	ctx, w.cancel = context.WithCancel(ctx)
	w.revision++
	w.due, w.running = Cause{}, w.revision
	e := Event{Revision: w.revision, Cause: cause}
	go func() { w.done <- w.evaluate(ctx, e) }()
}

func (w *work) evaluate(ctx context.Context, e Event) Event {
	o := w.loop.Options()
	e.At = o.Now
	begin := time.Now()
	evaluate := w.session.Draft
	if w.loop.Publish {
		evaluate = w.session.Run
	}
	e.Outcome, e.Diagnostics, e.Err = evaluate(ctx, o)
	e.Superseded = errors.Is(e.Err, context.Canceled)
	e.Rejected = e.Err == nil && e.Diagnostics.HasErrors()
	e.Took = time.Since(begin)
	return e
}

// finish tells of an evaluation that ended. A failure of the machine, as a full
// disk, is told, and the next save tries again.
func (w *work) finish(ctx context.Context, e Event) {
	if e.Superseded {
		if ctx.Err() == nil {
			w.due = w.due.and(e.Cause)
			w.tell(e)
		}
		return
	}
	w.tell(e)
}

// tell moves the status and tells of an event.
func (w *work) tell(e Event) {
	l := w.loop
	l.mutex.Lock()
	stands := e // without the one before it, or each would hold all before it
	if r := l.status.Rejected; r != nil && r.Beside == e.Revision {
		alone := *r
		alone.Beside = 0
		l.status.Rejected = &alone
	}
	e.Good = l.status.Active
	switch {
	case e.Rejected:
		l.status.Rejected = &stands
	case e.Err == nil:
		// Rules that were rejected while this one ran are newer than its own.
		if r := l.status.Rejected; r != nil && r.Revision < e.Revision {
			l.status.Rejected = nil
		}
		l.status.Active = &stands
	}
	l.mutex.Unlock()
	l.Tell(e)
}
