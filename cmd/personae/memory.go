package main

import (
	"runtime"
	"runtime/debug"
)

// spareMemory is for a command that ends soon. Its first megabytes are not
// collected at all, since collecting little often is what costs; after that the
// heap grows by three fifths of what is alive instead of doubling. 1,000 rules are
// checked in 8 MB less, and half of what they take is the program itself.
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
	firstCollection  = 200 // of Go's least heap, 4 MB
	laterCollections = 60
)
