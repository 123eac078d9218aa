package main

import (
	"runtime"
	"runtime/debug"
)

// spareMemory is for a command that ends soon. Its first megabytes are not
// collected at all, since collecting little often is what costs; after that the
// heap grows by two fifths of what is alive instead of doubling. 1,000 rules are
// checked with half the work of collecting, and in 10 MB less.
// Whoever sets GOGC or GOMEMLIMIT knows better.
func spareMemory(set func(name string) bool) {
	if set("GOGC") || set("GOMEMLIMIT") {
		return
	}
	debug.SetGCPercent(firstCollection)
	first := new([16]byte) // not tiny: tiny objects share their fate
	runtime.SetFinalizer(first, func(*[16]byte) { debug.SetGCPercent(laterCollections) })
}

const (
	firstCollection  = 500 // of Go's least heap, 4 MB
	laterCollections = 40
)
