package render

import "sync"

// held keeps drawings for as long as the tests run.
type held struct {
	mu     sync.Mutex
	things map[string][]byte
	missed int
}

func (h *held) Get(key string) ([]byte, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	b, ok := h.things[key]
	if !ok {
		h.missed++
	}
	return b, ok
}

func (h *held) Put(key string, b []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.things[key] = b
}

// dot is a PNG of one pixel.
const dot = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

var art = Art{Cache: &held{things: map[string][]byte{}}, Images: map[string]string{"faces/layla.png": dot}}
