package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func replaceAll(text, old, new string) (string, error) {
	if !strings.Contains(text, old) {
		return "", fmt.Errorf("%q is not in it", old)
	}
	return strings.ReplaceAll(text, old, new), nil
}

// shop copies testdata/shop; with rows, its data are that many customers.
func shop(t *testing.T, rows int) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/shop")); err != nil {
		t.Fatal(err)
	}
	if rows > 0 {
		var b bytes.Buffer
		b.WriteString("id,name,age,city,spend,joined\n")
		for i := range rows {
			fmt.Fprintf(&b, "c%d,N%d,%d,%s,%d.5,2025-01-%02d\n", i, i, 18+i%70, []string{"Leeds", "York", "Hull"}[i%3], i%1000, 1+i%28)
		}
		write(t, filepath.Join(dir, "data/customers.csv"), b.String())
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// outcome is what a command did.
type outcome struct {
	code           int
	stdout, stderr string
}

func start(t *testing.T, args ...string) (*exec.Cmd, func() outcome) {
	t.Helper()
	cmd := exec.Command("personae", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, func() outcome {
		err := cmd.Wait()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
	}
}

func personae(t *testing.T, args ...string) outcome {
	t.Helper()
	_, wait := start(t, args...)
	return wait()
}

// versions lists what is in reports/versions, and checks that each is whole
// and that latest.json names one of them.
func versions(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "reports/versions"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "staging-") {
			continue // what no reader takes for a version
		}
		names = append(names, e.Name())
		var manifest struct {
			Files []struct {
				Path string
				Size int64
			}
		}
		b, err := os.ReadFile(filepath.Join(dir, "reports/versions", e.Name(), "manifest.json"))
		if err != nil {
			t.Fatalf("half a version: %v", err)
		}
		if err := json.Unmarshal(b, &manifest); err != nil || len(manifest.Files) < 5 {
			t.Fatalf("%s: %v, %d files", e.Name(), err, len(manifest.Files))
		}
		for _, f := range manifest.Files {
			info, err := os.Stat(filepath.Join(dir, "reports/versions", e.Name(), f.Path))
			if err != nil || info.Size() != f.Size {
				t.Fatalf("half a version: %s of %s: %v", f.Path, e.Name(), err)
			}
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "reports/latest.json"))
	if os.IsNotExist(err) {
		return names
	}
	var latest struct{ Version int }
	if err := json.Unmarshal(b, &latest); err != nil || latest.Version < 1 || latest.Version > len(names) {
		t.Fatalf("latest.json: %v: %s", err, b)
	}
	return names
}

// leftovers lists what should not outlive a run.
func leftovers(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{".cache/*", ".cache/charts/.new-*", "versions/staging-*", ".*.tmp-*"} {
		names, err := filepath.Glob(filepath.Join(dir, "reports", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			if base := filepath.Base(n); base != "lock" && base != "charts" { // drawings are kept
				found = append(found, n)
			}
		}
	}
	return found
}

// TestKilledRuns kills runs at random moments: whatever stands is whole, and
// the next run works and removes what was left.
func TestKilledRuns(t *testing.T) {
	t.Parallel()
	dir := shop(t, 60_000)
	begin := time.Now()
	if o := personae(t, "-C", dir, "run"); o.code != 0 {
		t.Fatal(o)
	}
	took := time.Since(begin)
	random := rand.New(rand.NewPCG(1, 2))
	left := 0
	for range 8 {
		cmd, wait := start(t, "-C", dir, "run", "--force")
		time.Sleep(time.Duration(random.Int64N(int64(took))))
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		wait()
		if len(versions(t, dir)) == 0 {
			t.Fatal("the first version is gone")
		}
		left += len(leftovers(t, dir))
	}
	if left == 0 {
		t.Error("no kill left anything behind, so this test proved nothing")
	}
	before := len(versions(t, dir))
	if o := personae(t, "-C", dir, "run", "--force"); o.code != 0 {
		t.Errorf("the next run fails: %s", o.stderr)
	}
	if after := len(versions(t, dir)); after != before+1 {
		t.Errorf("%d versions, then %d", before, after)
	}
	if l := leftovers(t, dir); len(l) > 0 {
		t.Errorf("left behind: %v", l)
	}
}

// TestInterruptedRun is Ctrl-C: it says so, publishes nothing and leaves nothing.
func TestInterruptedRun(t *testing.T) {
	t.Parallel()
	dir := shop(t, 100_000)
	cmd, wait := start(t, "-C", dir, "run")
	for deadline := time.Now().Add(20 * time.Second); len(leftovers(t, dir)) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the run does not begin")
		}
	}
	time.Sleep(100 * time.Millisecond)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	o := wait()
	if o.code != exitFailure || o.stderr != "stopped; nothing was published or changed\n" || o.stdout != "" {
		t.Errorf("%+v", o)
	}
	if v, l := versions(t, dir), leftovers(t, dir); len(v)+len(l) > 0 {
		t.Errorf("versions %v, left behind %v", v, l)
	}
}

// TestSecondRunWaits holds the lock as another run would.
func TestSecondRunWaits(t *testing.T) {
	t.Parallel()
	dir := shop(t, 0)
	if err := os.MkdirAll(filepath.Join(dir, "reports/.cache"), 0o755); err != nil {
		t.Fatal(err)
	}
	lock, err := os.Create(filepath.Join(dir, "reports/.cache/lock"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(lock, 4711)
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	_, wait := start(t, "-C", dir, "run")
	time.Sleep(700 * time.Millisecond)
	if v := versions(t, dir); len(v) > 0 {
		t.Errorf("it did not wait: %v", v)
	}
	lock.Close()
	o := wait()
	want := "another run is writing to " + filepath.Join(dir, "reports") + " (process 4711); waiting for it\n"
	if o.code != 0 || o.stderr != want {
		t.Errorf("exit %d, %q, want %q", o.code, o.stderr, want)
	}
	if v := versions(t, dir); len(v) != 1 {
		t.Errorf("%v", v)
	}
}

// TestFullDisk publishes to file systems that are too small at different
// steps: exit 2, a sentence, and no half version.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := shop(t, 60_000)
	codes := map[int]int{}
	for _, size := range []string{"16k", "256k", "1m", "2m", "3m", "4m", "64m"} {
		disk := filepath.Join(dir, "reports")
		if err := os.MkdirAll(disk, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size="+size); err != nil {
			t.Skipf("no file system can be mounted here: %v", err)
		}
		o := personae(t, "-C", dir, "run")
		codes[o.code]++
		published := len(versions(t, dir))
		left := leftovers(t, dir)
		if err := unix.Unmount(disk, 0); err != nil {
			t.Fatal(err)
		}
		switch {
		case o.code == 0 && published == 1 && size == "64m":
		case o.code == exitFailure && published == 0 && strings.Contains(strings.ToLower(o.stderr), "disk is full"):
		case o.code == 0 && published == 1:
		default:
			t.Errorf("%s: %d versions, %+v", size, published, o)
		}
		if len(left) > 0 {
			t.Errorf("%s: left behind %v", size, left)
		}
	}
	if codes[0] == 0 || codes[exitFailure] < 2 {
		t.Errorf("exit codes %v: the sizes prove nothing", codes)
	}
}

// TestHugeRules: 50 MB of rules are refused before they cost time.
func TestHugeRules(t *testing.T) {
	t.Parallel()
	dir := shop(t, 0)
	text := strings.Repeat("---\nkind: Segment\nname: s\nwhen: customer.spend > 1.0\n", 1_000_000)
	write(t, filepath.Join(dir, "rules/huge.yaml"), text)
	begin := time.Now()
	o := personae(t, "-C", dir, "check")
	if o.code != exitFindings || !strings.Contains(o.stderr, "a file of rules has at most 5 MB") {
		t.Errorf("%+v", o)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestFolderNames: quotes, semicolons and spaces in names of folders are no SQL.
func TestFolderNames(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	dir := filepath.Join(parent, `it's "my"; DROP TABLE x; -- shop`)
	if err := os.CopyFS(dir, os.DirFS("testdata/shop")); err != nil {
		t.Fatal(err)
	}
	if o := personae(t, "-C", dir, "run"); o.code != 0 {
		t.Errorf("%+v", o)
	}
	if v := versions(t, dir); len(v) != 1 {
		t.Errorf("%v", v)
	}
}
