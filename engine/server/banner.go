package server

import (
	"bytes"
	"html"
)

// The colours of a banner are its own: pages differ in theirs.
const (
	calm   = "background:#1f3a5f;color:#fff"
	urgent = "background:#ffb000;color:#000"
	banner = `<div role="status" style="position:sticky;top:0;z-index:99;padding:.5rem 1rem;font:600 1rem/1.4 system-ui,sans-serif;overflow-wrap:anywhere;`
)

// withBanner says at the top of a page that it is a draft, or that what is on
// disk was rejected.
func withBanner(page []byte, s Status) []byte {
	at := bytes.Index(page, []byte("<body"))
	if at < 0 {
		return page
	}
	end := bytes.IndexByte(page[at:], '>')
	if end < 0 {
		return page
	}
	at += end + 1
	style := calm
	if s.Rejected != nil {
		style = urgent
	}
	text := banner + style + `">` + html.EscapeString(s.Sentence) + "</div>"
	return append(append(append([]byte{}, page[:at]...), text...), page[at:]...)
}
