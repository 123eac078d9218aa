// Command peak runs a command and prints how many KB of memory it had at most.
// A process is said to have had what the one that started it had at that moment:
// the test, which links the database without the care of `make build`, has more
// than the program. This has 4 MB.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

func main() {
	c := exec.Command(os.Args[1], os.Args[2:]...)
	if out, err := c.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v: %s\n", err, out)
		os.Exit(1)
	}
	fmt.Println(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
}
