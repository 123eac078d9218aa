package server

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/watch"
)

var (
	good = watch.Event{Revision: 1, Cause: watch.Cause{Start: true}, At: time.Date(2026, 1, 1, 9, 30, 0, 0, time.UTC), Took: time.Second,
		Outcome: &engine.Outcome{Project: &engine.Project{}, AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}
	bad = watch.Event{Revision: 2, Cause: watch.Cause{Rules: true}, At: time.Date(2026, 1, 1, 9, 31, 0, 0, time.UTC), Rejected: true,
		Outcome:     &engine.Outcome{Project: &engine.Project{}},
		Diagnostics: diag.List{{Severity: diag.Error, Summary: "There is no <column> spent", Range: source.Range{File: "rules/a.yaml", Start: source.Pos{Line: 14}}}}}
	pages = drawn("hello")
)

// drawn are pages that cost nothing.
func drawn(text string) Pages {
	return func() (map[string][]byte, error) {
		return map[string][]byte{"index.html": []byte("<html><body class=x>" + text + "</body></html>"), "report.json": []byte("{}")}, nil
	}
}

func get(t *testing.T, s *Server, path, host string, header ...string) (int, string, http.Header) {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Host = host
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	b, _ := io.ReadAll(w.Result().Body)
	return w.Code, string(b), w.Result().Header
}

const here = "127.0.0.1:7788"

func TestPagesSayWhatStandsAndWhatWasRejected(t *testing.T) {
	s := New()
	if code, text, _ := get(t, s, "/", here); code != 503 || !strings.Contains(text, "first evaluation is under way") {
		t.Errorf("before the first evaluation: %d %q", code, text)
	}
	s.Show(good, watch.Status{Active: &good}, pages)
	s.drawing.Wait()
	_, text, h := get(t, s, "/", here)
	if !strings.Contains(text, `<body class=x><div role="status"`) || !strings.Contains(text, "Draft, evaluated at 09:30:00.") {
		t.Errorf("a good evaluation: %q", text)
	}
	if code, _, _ := get(t, s, "/", here, "If-None-Match", h.Get("ETag")); code != http.StatusNotModified {
		t.Errorf("the same page again: %d", code)
	}
	s.Show(bad, watch.Status{Active: &good, Rejected: &bad}, nil)
	_, text, _ = get(t, s, "/", here)
	if !strings.Contains(text, "rules/a.yaml:14: There is no &lt;column&gt; spent. Showing the results of 09:30:00.") || !strings.Contains(text, "hello") {
		t.Errorf("a rejected save: %q", text)
	}
	if _, text, _ = get(t, s, "/status", here); !strings.Contains(text, `"revision": 1`) || !strings.Contains(text, `"revision": 2`) {
		t.Errorf("status: %s", text)
	}
	_, text, _ = get(t, s, "/metrics", here)
	for _, want := range []string{"personae_active_revision 1", "personae_rejected_revision 2", `personae_evaluations_total{result="rejected"} 1`, "personae_as_of_timestamp_seconds 1.7672256e+09"} {
		if !strings.Contains(text, want) {
			t.Errorf("metrics have no %s:\n%s", want, text)
		}
	}
	if code, _, _ := get(t, s, "/../../etc/passwd", here); code == 200 {
		t.Error("a path that climbs was answered")
	}
	if _, text, h := get(t, s, "/report.json", here); text != "{}" || !strings.HasPrefix(h.Get("Content-Type"), "application/json") {
		t.Errorf("report.json: %q %v", text, h)
	}
}

func TestOnlyThisMachineIsAnswered(t *testing.T) {
	s := New()
	s.Show(good, watch.Status{Active: &good}, pages)
	s.drawing.Wait()
	for host, want := range map[string]int{here: 200, "localhost": 200, "[::1]:7788": 200, "evil.example": 403, "127.0.0.1.evil.example:80": 403, "": 403} {
		if code, _, _ := get(t, s, "/", host); code != want {
			t.Errorf("host %q: %d, want %d", host, code, want)
		}
	}
}

// TestReadersNeverSeeHalf reads while evaluations are shown.
func TestReadersNeverSeeHalf(t *testing.T) {
	s := New()
	s.Show(good, watch.Status{Active: &good}, pages)
	s.drawing.Wait()
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				code, text, _ := get(t, s, "/", here)
				rejected, calm := strings.Contains(text, "Error in the rules"), strings.Contains(text, "Draft")
				if code != 200 || rejected == calm {
					t.Errorf("%d %q", code, text)
					return
				}
			}
		})
	}
	for i := range 500 {
		if i%2 == 0 {
			s.Show(bad, watch.Status{Active: &good, Rejected: &bad}, nil)
		} else {
			s.Show(good, watch.Status{Active: &good}, pages)
		}
	}
	close(stop)
	readers.Wait()
}

// TestPagesAreDrawnBeside has drawing wait, and looks at what readers see: the
// pages that there are, with which evaluation they are of. Of several evaluations
// that wait the newest is drawn.
func TestPagesAreDrawnBeside(t *testing.T) {
	s := New()
	revision := func(n int) watch.Event {
		e := good
		e.Revision, e.At = n, good.At.Add(time.Duration(n)*time.Minute)
		return e
	}
	show := func(n int, pages Pages) {
		e := revision(n)
		s.Show(e, watch.Status{Active: &e}, pages)
	}
	show(1, drawn("first"))
	s.drawing.Wait()
	begun, goOn := make(chan struct{}), make(chan struct{})
	show(2, func() (map[string][]byte, error) {
		close(begun)
		<-goOn
		return drawn("second")()
	})
	<-begun
	show(3, func() (map[string][]byte, error) {
		t.Error("an evaluation was drawn that a newer one had replaced")
		return nil, nil
	})
	show(4, drawn("fourth"))
	if code, text, _ := get(t, s, "/", here); code != 200 || !strings.Contains(text, "first") || !strings.Contains(text, "evaluated at 09:34:00. Its pages are being drawn; these are of 09:31:00.") {
		t.Errorf("while pages are drawn: %d %q", code, text)
	}
	close(goOn)
	s.drawing.Wait()
	if _, text, _ := get(t, s, "/", here); !strings.Contains(text, "fourth") || !strings.Contains(text, "evaluated at 09:34:00.</div>") {
		t.Errorf("when all is drawn: %q", text)
	}
	show(5, func() (map[string][]byte, error) { return nil, errors.New("no ink") })
	s.drawing.Wait()
	if _, text, _ := get(t, s, "/", here); !strings.Contains(text, "fourth") || !strings.Contains(text, "Its pages cannot be drawn (no ink); these are of 09:34:00.") {
		t.Errorf("pages that cannot be drawn: %q", text)
	}
}
