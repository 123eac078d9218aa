// Package watch says when the files of a project have changed.
//
// Input: folders of rules and patterns of data files. Output: one call for each
// batch of changes, when the files have come to rest. Contents decide, not
// events: an editor that saves the same bytes changes nothing. Events only say
// when to look; where the system has none to give, looking at intervals does. It
// must not know what the files mean.
package watch

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Options say what to watch.
type Options struct {
	Rules  []string      // folders whose YAML files count by content
	Data   func() []Glob // data files, which count by size and time of change; asked again for each batch, since rules name them
	Settle time.Duration // how long files must rest before a batch ends; default 30 ms
	Poll   time.Duration // look at intervals instead of listening, as network mounts need; 0: listen
	// Again asks for a look, as where Data names other files than before; it may be nil.
	Again <-chan struct{}
	// Say is told, once, that events cannot be had and files are looked at
	// instead; it may be nil.
	Say func(sentence string)
}

// Defaults of Options.
const (
	settle      = 30 * time.Millisecond
	longest     = time.Second // a storm that never rests is looked at in between
	fallbackGap = time.Second
)

// Change says which files are not what they were at the call before.
type Change struct{ Rules, Data bool }

// Run calls changed after each batch of changes until ctx ends, which is no
// error. changed runs on the caller's goroutine: changes during it are one batch
// after it.
func Run(ctx context.Context, o Options, changed func(Change)) error {
	o, w, before := o.begin()
	return o.run(ctx, w, before, changed)
}

// begin listens, and looks: what changes from then on is found out.
func (o Options) begin() (Options, waiter, seen) {
	if o.Settle == 0 {
		o.Settle = settle
	}
	if o.Say == nil {
		o.Say = func(string) {}
	}
	var w waiter = poller(o.Poll)
	if o.Poll == 0 {
		w = o.listen()
	}
	return o, w, o.look()
}

// run is Run where the files were like before when listening had begun.
func (o Options) run(ctx context.Context, w waiter, before seen, changed func(Change)) error {
	defer func() { w.close() }()
	for {
		next, err := w.wait(ctx, o)
		if err != nil {
			return nil //nolint:nilerr // ctx has ended: that is how watching ends
		}
		w = next
		now, err := w.rested(ctx, o, before)
		if err != nil {
			return nil //nolint:nilerr // as above
		}
		c := Change{Rules: now.rules != before.rules, Data: now.data != before.data}
		if before = now; c != (Change{}) {
			changed(c)
		}
	}
}

// waiter waits until it is time to look, and gives the waiter for the next
// time; rested looks when files have come to rest. Their only error is ctx's.
type waiter interface {
	wait(ctx context.Context, o Options) (waiter, error)
	rested(ctx context.Context, o Options, before seen) (seen, error)
	close()
}

// poller looks at intervals.
type poller time.Duration

func (p poller) wait(ctx context.Context, _ Options) (waiter, error) {
	return p, pause(ctx, time.Duration(p))
}

// rested looks until two looks are the same: a file may be half written.
func (p poller) rested(ctx context.Context, o Options, before seen) (seen, error) {
	now := o.look()
	for begin := time.Now(); now != before && time.Since(begin) < longest; {
		if err := pause(ctx, o.Settle); err != nil {
			return now, err
		}
		last := now
		if now = o.look(); now == last {
			break
		}
	}
	return now, nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (poller) close() {}

// listener waits for the system's events.
type listener struct{ w *fsnotify.Watcher }

// listen listens, or looks at intervals where the system gives no events.
func (o Options) listen() waiter {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return o.giveUp(err)
	}
	l := &listener{w: w}
	if err := l.follow(o.folders()); err != nil {
		l.close()
		return o.giveUp(err)
	}
	return l
}

func (o Options) giveUp(err error) waiter {
	o.Say("the system tells of no more changes (" + err.Error() + "): files are looked at every second instead. On Linux, raise fs.inotify.max_user_watches and max_user_instances")
	return poller(fallbackGap)
}

func (l *listener) close() { _ = l.w.Close() }

// follow listens to these folders, and to no others. A folder that went away
// and came back is another folder of the same name.
func (l *listener) follow(folders []string) error {
	alive := map[string]bool{}
	for _, dir := range l.w.WatchList() {
		alive[dir] = true
	}
	wanted := map[string]bool{}
	for _, dir := range folders {
		wanted[dir] = true
		if alive[dir] {
			continue
		}
		if err := l.w.Add(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for dir := range alive {
		if !wanted[dir] {
			_ = l.w.Remove(dir)
		}
	}
	return nil
}

func (l *listener) wait(ctx context.Context, o Options) (waiter, error) {
	err := o.rest(ctx, l.w.Events, l.w.Errors)
	switch {
	case ctx.Err() != nil:
		return l, ctx.Err()
	case err != nil:
		l.close()
		return o.giveUp(err), nil
	}
	return l.again(o), nil
}

// rest waits for an event, and then until none has come for the settling time.
// Events that were lost are one event: looking finds out what they would have said.
func (o Options) rest(ctx context.Context, events <-chan fsnotify.Event, failures <-chan error) error {
	rest := time.NewTimer(time.Hour)
	rest.Stop()
	defer rest.Stop()
	var storm <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err, ok := <-failures:
			if !ok {
				return fsnotify.ErrClosed
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return err
			}
		case <-events:
		case <-o.Again:
		case <-rest.C:
			return nil
		case <-storm:
			return nil
		}
		if storm == nil {
			storm = time.After(longest)
		}
		rest.Reset(o.Settle)
	}
}

// rested looks: the events had come to rest.
func (l *listener) rested(_ context.Context, o Options, _ seen) (seen, error) { return o.look(), nil }

// again listens to folders that are new, before the files are looked at: what
// happens after the look is an event.
func (l *listener) again(o Options) waiter {
	if err := l.follow(o.folders()); err != nil {
		l.close()
		return o.giveUp(err)
	}
	return l
}
