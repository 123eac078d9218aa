// Package server shows what a watching engine holds: the pages of the
// evaluation that stands, as a draft, what was rejected after it, and metrics.
//
// Input: the events of a watch.Loop. Output: HTTP answers, from memory. Showing
// an event swaps one pointer, so that no reader waits and none sees half of it;
// pages are drawn beside that, and until they are there, those before them say
// that they are older. It must not evaluate anything.
package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"
	"sync/atomic"

	"personae/engine/watch"
)

// Server answers requests. Its methods may be called by any goroutine.
type Server struct {
	shown   atomic.Pointer[shown]
	metrics *metrics
	mux     *http.ServeMux

	mutex   sync.Mutex // of who changes what is shown; readers need none
	next    *drawing   // the newest pages that nobody draws yet
	busy    bool       // a goroutine draws
	drawing sync.WaitGroup
}

// shown is what readers see: never changed, only replaced.
type shown struct {
	status Status
	pages  map[string][]byte // by path below /
}

// Pages draws the pages of an evaluation, by path below /.
type Pages func() (map[string][]byte, error)

// drawing is the pages of one evaluation, to be drawn.
type drawing struct {
	of   drawnOf
	draw Pages
}

// New makes a server that shows nothing yet.
func New() *Server {
	s := &Server{metrics: newMetrics(), mux: http.NewServeMux()}
	s.shown.Store(&shown{status: Status{}.said()})
	s.mux.HandleFunc("GET /status", s.serveStatus)
	s.mux.Handle("GET /metrics", s.metrics.handler())
	s.mux.HandleFunc("GET /", s.servePage)
	return s
}

// Show makes an event what readers see. pages draws the evaluation that stands;
// nil leaves the pages as they are. It returns at once: pages are drawn one
// evaluation at a time, the newest next.
func (s *Server) Show(e watch.Event, now watch.Status, pages Pages) {
	s.metrics.count(e, now)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	before := s.shown.Load()
	status := statusOf(now)
	status.Drawn = before.status.Drawn
	s.shown.Store(&shown{status: status.said(), pages: before.pages})
	if pages == nil || now.Active == nil {
		return
	}
	s.next = &drawing{drawnOf{Revision: now.Active.Revision, At: now.Active.At}, pages}
	if !s.busy {
		s.busy = true
		s.drawing.Go(s.draw)
	}
}

// draw draws pages until there are none to be drawn. Those that cannot be drawn
// leave the old ones standing.
func (s *Server) draw() {
	for {
		s.mutex.Lock()
		next := s.next
		s.next, s.busy = nil, next != nil
		s.mutex.Unlock()
		if next == nil {
			return
		}
		pages, err := next.draw()
		s.mutex.Lock()
		now := *s.shown.Load()
		if err != nil {
			now.status.Drawn.Error = err.Error()
		} else {
			now.status.Drawn, now.pages = next.of, pages
		}
		now.status = now.status.said()
		s.shown.Store(&now)
		s.mutex.Unlock()
	}
}

// ServeHTTP answers only requests that were meant for this machine: a page on
// the internet that has its name lead here gets nothing.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !local(r.Host) {
		http.Error(w, "This server answers on this machine only: open http://127.0.0.1", http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	s.mux.ServeHTTP(w, r)
}

// local says whether a Host header names this machine.
func local(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.Trim(name, "[]")
	ip := net.ParseIP(name)
	return strings.EqualFold(name, "localhost") || ip != nil && ip.IsLoopback()
}

func (s *Server) serveStatus(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	_ = enc.Encode(s.shown.Load().status) // the reader has gone
}

func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	now := s.shown.Load()
	page, ok := now.pages[name]
	switch {
	case !ok && now.pages == nil:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "There are no results yet. "+now.status.Sentence, http.StatusServiceUnavailable)
		return
	case !ok:
		http.Error(w, "There is no such page. The report is at /", http.StatusNotFound)
		return
	}
	if path.Ext(name) == ".html" {
		page = withBanner(page, now.status)
	}
	sum := sha256.Sum256(page)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", contentType(name))
	_, _ = w.Write(page) // the reader has gone
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".json":
		return "application/json; charset=utf-8"
	case ".md":
		return "text/markdown; charset=utf-8"
	}
	return "text/html; charset=utf-8"
}
