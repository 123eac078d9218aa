package engine

import (
	"fmt"
	"time"

	"personae/engine/compile"
)

// asOf resolves the instant that a run calculates for. latest says that the
// data decide: the newest event in them.
func asOf(o Options, s compile.Settings) (at time.Time, latest bool, err error) {
	text := s.AsOf
	if o.AsOf != "" {
		text = o.AsOf
	}
	switch text {
	case "", "today":
		y, m, d := o.Now.In(s.Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, s.Zone).UTC(), false, nil
	case "latest":
		y, m, d := o.Now.In(s.Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, s.Zone).UTC(), true, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t.UTC(), false, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, s.Zone); err == nil {
		return t.UTC(), false, nil
	}
	return time.Time{}, false, fmt.Errorf("--as-of %q is no instant: write today, latest, 2026-01-31 or 2026-01-31T00:00:00Z", text)
}

// IsInstant says whether text names an instant, in any zone.
func IsInstant(text string) bool {
	_, _, err := asOf(Options{AsOf: text}, compile.Settings{Zone: time.UTC})
	return err == nil
}
