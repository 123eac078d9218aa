package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// spareMemory is for a command that ends soon. Collecting little often is what
// costs: nothing is collected before the heap has 14 MB, and then it may
// grow by three fifths of what is alive instead of doubling. 1,000 rules are checked
// in two collections, and half of the memory that it takes is the program itself.
// Whoever sets GOGC or GOMEMLIMIT knows better.
func spareMemory(set func(name string) bool) {
	if set("GOGC") || set("GOMEMLIMIT") {
		return
	}
	debug.SetGCPercent(heapBefore * 100 / goLeastHeap)
	runtime.SetFinalizer(new([16]byte), afterCollection) // not tiny: tiny objects share their fate
}

const (
	goLeastHeap = 4 << 20 // at which Go collects first, at 100 percent
	heapBefore  = 14 << 20
	growth      = 60 // percent
)

// afterCollection sets when the next collection begins, and asks to be called after it.
func afterCollection(again *[16]byte) {
	alive := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(alive)
	debug.SetGCPercent(percent(alive[0].Value.Uint64()))
	runtime.SetFinalizer(again, afterCollection)
}

// percent is by how much the heap may grow while so many bytes are alive.
func percent(alive uint64) int {
	return max(growth, int(heapBefore*100/max(alive, 1))-100)
}
