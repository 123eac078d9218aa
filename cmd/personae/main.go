// Command personae turns customer tables into market segments and personas,
// from rules that people can read, review and test.
//
// One file a command; each is thin: it reads flags, calls the engine and prints.
// The clock is read here, once, and nowhere below.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes of DESIGN section 7.
const (
	exitFindings = 1 // any finding of severity error, failed data checks, missing data
	exitFailure  = 2 // usage, unwritable output, internal
)

// errFindings ends a command whose diagnostics are already printed.
var errFindings = errors.New("findings")

// errUnwritable ends a command whose diagnostics say that nothing can be written.
var errUnwritable = errors.New("unwritable")

func main() { os.Exit(run()) }

// run is main without the exit, so that tests can run the command in process.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	err := newRoot().ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errUnwritable):
		return exitFailure
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "stopped; nothing was published or changed")
		return exitFailure
	}
	fmt.Fprintln(os.Stderr, "personae:", err)
	return exitFailure
}
