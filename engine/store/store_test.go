package store

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func identity(rules string) Identity {
	return Identity{
		Project: "harbour", Rules: rules, AsOf: noon,
		Data:   map[string]string{"customers": "a1", "orders": "b2"},
		Engine: Engine{Semantics: 1, Format: 1, DuckDB: "1.5.5", CEL: "0.33.2", TZData: "2025b"},
	}
}

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func publish(s *Store, rules string) (*Version, error) {
	st, err := s.Stage()
	if err != nil {
		return nil, err
	}
	defer st.Discard()
	for _, f := range []string{"report/index.html", "stats/segments.parquet", "data/customer.parquet"} {
		if err := st.Write(f, []byte(strings.Repeat(f+rules, 1000))); err != nil {
			return nil, err
		}
	}
	return st.Publish(identity(rules), []Dataset{{Name: "customers", Rows: 3, Fingerprint: "a1"}}, map[string]int{"pid": os.Getpid()}, noon)
}

func TestPublishNumbersVersionsAndPointsAtTheNewest(t *testing.T) {
	s := open(t, t.TempDir())
	if l, err := s.Latest(); l != nil || err != nil {
		t.Fatalf("a new store has a latest version: %v, %v", l, err)
	}
	for want := 1; want <= 3; want++ {
		v, err := publish(s, fmt.Sprint("rules", want))
		if err != nil {
			t.Fatal(err)
		}
		latest, err := s.Latest()
		if err != nil || v.Number != want || latest.Version != want || latest.Digest != v.Manifest.Digest {
			t.Fatalf("published %d, latest %+v, want %d (%v)", v.Number, latest, want, err)
		}
	}
	info, err := os.Stat(filepath.Join(s.versionDir(1), "data"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("rows about people are readable by others: %v %v", info.Mode(), err)
	}
}

func TestSameIdentitySameManifestBytes(t *testing.T) {
	read := func(rules string) string {
		s := open(t, t.TempDir())
		v, err := publish(s, rules)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(v.Dir, manifestFile))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	first, again := read("r"), read("r")
	if first != again {
		t.Error("the manifest depends on more than the identity")
	}
	if first == read("q") {
		t.Error("the manifest does not depend on the rules")
	}
	if strings.Contains(first, runFile) {
		t.Error("run.json is part of the manifest")
	}
}

func TestIdentityDependsOnEachPart(t *testing.T) {
	base := identity("r")
	if base.Digest() != identity("r").Digest() {
		t.Fatal("the same identity has two digests")
	}
	zoned := identity("r")
	zoned.AsOf = zoned.AsOf.In(time.FixedZone("x", 3600))
	if zoned.Digest() != base.Digest() {
		t.Error("the digest depends on the zone that the instant is written in")
	}
	for name, change := range map[string]func(*Identity){
		"project":   func(i *Identity) { i.Project = "x" },
		"rules":     func(i *Identity) { i.Rules = "x" },
		"data":      func(i *Identity) { i.Data["orders"] = "x" },
		"as of":     func(i *Identity) { i.AsOf = i.AsOf.Add(1) },
		"semantics": func(i *Identity) { i.Engine.Semantics++ },
		"format":    func(i *Identity) { i.Engine.Format++ },
		"duckdb":    func(i *Identity) { i.Engine.DuckDB = "x" },
		"cel":       func(i *Identity) { i.Engine.CEL = "x" },
		"tzdata":    func(i *Identity) { i.Engine.TZData = "x" },
	} {
		id := identity("r")
		change(&id)
		if id.Digest() == base.Digest() {
			t.Errorf("the digest does not depend on %s", name)
		}
	}
}

func TestRecoverRemovesWhatAKilledRunLeft(t *testing.T) {
	s := open(t, t.TempDir())
	if _, err := publish(s, "r"); err != nil {
		t.Fatal(err)
	}
	left, err := s.Stage()
	if err != nil {
		t.Fatal(err)
	}
	unfinished := filepath.Join(s.root, "."+latestFile+atomicInfix+"123")
	if err := os.WriteFile(unfinished, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Recover(time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{left.Dir, unfinished} {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is still there", path)
		}
	}
	if v, err := s.Version(1); err != nil || v.Number != 1 {
		t.Errorf("version 1 is gone: %v", err)
	}
}

// TestWorkFoldersOfTheLivingStay: a folder that nobody holds goes, one in use stays.
func TestWorkFoldersOfTheLivingStay(t *testing.T) {
	s := open(t, t.TempDir())
	dead := filepath.Join(s.Cache(), workPrefix+"dead")
	if err := os.MkdirAll(filepath.Join(dead, "personae-1"), 0o700); err != nil {
		t.Fatal(err)
	}
	living, done, err := s.Work()
	if err != nil {
		t.Fatal(err)
	}
	other, otherDone, err := s.Work()
	if err != nil {
		t.Fatal(err)
	}
	defer otherDone()
	for path, want := range map[string]bool{dead: false, living: true, other: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: there %v, want %v", path, err == nil, want)
		}
	}
	done()
	if _, err := os.Stat(living); !os.IsNotExist(err) {
		t.Errorf("%s stays after done", living)
	}
}

func TestRecoverFinishesAPublicationKilledBeforeLatest(t *testing.T) {
	s := open(t, t.TempDir())
	if _, err := publish(s, "r"); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(s.root, latestFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := publish(s, "q"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.root, latestFile), first, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.Recover(noon); err != nil {
		t.Fatal(err)
	}
	if l, _ := s.Latest(); l == nil || l.Version != 2 {
		t.Errorf("latest is %+v, want version 2", l)
	}
}

func TestLockAdmitsOneWriter(t *testing.T) {
	s := open(t, t.TempDir())
	unlock, err := s.Lock(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	var said string
	if _, err := s.Lock(ctx, func(m string) { said = m }); err == nil {
		t.Fatal("two writers hold the lock")
	}
	if !strings.Contains(said, fmt.Sprint(os.Getpid())) {
		t.Errorf("the waiting message %q does not name the holder", said)
	}
	unlock()
	again, err := s.Lock(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

// TestKilledWriterLeavesNoHalfVersion kills a process that publishes without
// pause, at many moments, and then reads what is there as a user would.
func TestKilledWriterLeavesNoHalfVersion(t *testing.T) {
	if dir := os.Getenv("PERSONAE_STORE_WRITER"); dir != "" {
		s := open(t, dir)
		for i := 0; ; i++ {
			if _, err := publish(s, fmt.Sprint(os.Getpid(), i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	s := open(t, t.TempDir())
	for i := range 25 {
		cmd := exec.Command(os.Args[0], "-test.run=TestKilledWriterLeavesNoHalfVersion")
		cmd.Env = append(os.Environ(), "PERSONAE_STORE_WRITER="+s.root)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(30+i*3) * time.Millisecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		checkAll(t, s)
	}
	if numbers, _ := s.Numbers(); len(numbers) == 0 {
		t.Fatal("no version was published: the test proves nothing")
	}
}

// checkAll checks that every version is whole and that latest.json names one.
func checkAll(t *testing.T, s *Store) {
	t.Helper()
	numbers, err := s.Numbers()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range numbers {
		v, err := s.Version(n)
		if err != nil {
			t.Fatal(err)
		}
		files, err := checksums(v.Dir)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := json.Marshal(files)
		want, _ := json.Marshal(v.Manifest.Files)
		if string(got) != string(want) {
			t.Fatalf("version %d differs from its manifest:\n%s\n%s", n, got, want)
		}
	}
	latest, err := s.Latest()
	if err != nil {
		t.Fatal(err)
	}
	if latest != nil {
		if _, err := s.Version(latest.Version); err != nil {
			t.Fatalf("latest.json names a version that is not there: %v", err)
		}
	}
}
