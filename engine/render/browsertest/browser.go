// Package browsertest opens pages in Chromium and says what is wrong with them.
//
// Input: files of a report. Output: failures of the test that asked. Each page is
// opened at three widths in light and dark, and must write no error to the console,
// ask for nothing, be no wider than the window, hold no text too small to read, and
// lead nowhere that is not there; axe-core (axe/, which
// `make assets` takes from the lock file in ../assets) must find nothing serious
// that keeps people from reading it. It must not know what pages are about. Only
// tests import it.
package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed axe/axe.min.js
var axe string

// Required is the environment variable that makes a missing browser a failure, as
// `make test` does, which installs one.
const Required = "PERSONAE_BROWSER"

// Widths are a phone's, a desk's and a projector's, in pixels.
var Widths = []int64{360, 1024, 1920}

// Browser is a running Chromium with one tab.
type Browser struct {
	ctx  context.Context
	mu   sync.Mutex
	said []string // by the page that is open: errors and requests
	page string
}

// T is what findings are reported to: a test, or what stands for one.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Open starts Chromium for a test. Where there is none, the test is skipped, or
// fails where one is required.
func Open(t *testing.T) *Browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv(Required) != "" {
			t.Fatal("there is no Chromium, and pages must be looked at: apt-get install chromium")
		}
		t.Skip("there is no Chromium here: `make test` installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.WSURLReadTimeout(90*time.Second), chromedp.UserDataDir(t.TempDir()))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeTab := chromedp.NewContext(allocated)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); closeTab(); stop() })
	b := &Browser{ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal("Chromium does not start: ", err)
	}
	call(b, t, network.Enable, network.EnableParams{})
	call(b, t, log.Enable, cdp.Empty{})
	call(b, t, runtime.Enable, cdp.Empty{})
	return b
}

// listen takes down what a page must not do.
func (b *Browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, "throws "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.said = append(b.said, fmt.Sprintf("writes to the console: %v", e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.said = append(b.said, "logs "+e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; u != b.page && !strings.HasPrefix(u, "data:") {
			b.said = append(b.said, "asks for "+u)
		}
	}
}

// limit is how long one step may take, on a machine that does much else.
const limit = 2 * time.Minute

func call[P, R any](b *Browser, t T, command cdp.Command[P, R], params P) {
	t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, limit)
	defer stop()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		t.Fatalf("%s: %v", command.Method, err)
	}
}

// ask runs JavaScript in the page, which the page's own policy does not forbid.
func ask[R any](b *Browser, t T, script string) R {
	t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, limit)
	defer stop()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[R](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", b.page, err)
	}
	return answer
}

// Text is all that a page says, folded or not.
func (b *Browser) Text(t T) string { return ask[string](b, t, `document.body.textContent`) }

// Visit opens a page in every width and colour scheme and reports what is wrong.
// Accessible asks axe-core too, which takes a second or two.
func (b *Browser) Visit(t T, file string, accessible bool) {
	t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatalf("%v", err)
	}
	b.mu.Lock()
	b.page, b.said = "file://"+path, nil
	b.mu.Unlock()
	name := filepath.Join(filepath.Base(filepath.Dir(path)), filepath.Base(path))
	ctx, stop := context.WithTimeout(b.ctx, limit)
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+path)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, scheme := range []string{"light", "dark"} {
		call(b, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		for _, width := range Widths {
			at := fmt.Sprintf("%s, %d pixels, %s", name, width, scheme)
			call(b, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 600})
			b.look(t, at, tooWide)
			b.look(t, at, tooSmall)
			if accessible && width == Widths[1] {
				b.accessible(t, at)
			}
		}
	}
	b.look(t, name, badlySaid)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.said {
		t.Errorf("%s %s", name, s)
	}
}

// tooWide names the elements that reach beyond the window, folded ones unfolded.
// What scrolls by itself may.
const tooWide = `(() => {
  document.querySelectorAll("details").forEach((d) => { d.open = true; });
  const wide = document.documentElement.clientWidth;
  const out = [];
  if (document.documentElement.scrollWidth > wide) out.push("the page is " + document.documentElement.scrollWidth + " wide");
  for (const e of document.querySelectorAll("body *")) {
    const r = e.getBoundingClientRect(), scrolls = e.closest(".scroll, .map, .sr, .store, .skip");
    if ((scrolls || e.closest("svg")) && !e.matches("svg.chart")) continue;
    if (!scrolls && r.width > 0 && (r.right > wide + 1 || r.left < -1)) out.push("<" + e.tagName.toLowerCase() + " class=" + JSON.stringify(e.className.baseVal ?? e.className) + "> goes from " + Math.round(r.left) + " to " + Math.round(r.right));
    if (e.matches("svg.chart") && r.height < 20 && e.checkVisibility()) out.push("a chart is " + Math.round(r.width) + " × " + Math.round(r.height));
  }
  return out.slice(0, 5);
})()`

// tooSmall names texts that nobody can read: of less than nine pixels, in charts too,
// which shrink with their page.
const tooSmall = `(() => {
  const out = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || e.closest(".sr, .skip, script, style") || !e.checkVisibility()) continue;
    let size = parseFloat(getComputedStyle(e).fontSize);
    const drawing = e.closest("svg");
    if (drawing && drawing.viewBox.baseVal && drawing.viewBox.baseVal.width) size *= drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
    if (size < 9) out.push(JSON.stringify(e.textContent.trim().slice(0, 40)) + " is " + size.toFixed(1) + " pixels high");
  }
  return out.slice(0, 5);
})()`

// badlySaid names what a page says or leads to that it never may: words of programs
// in place of numbers, places of the page that are not there, and pages elsewhere
// but for those that a story names.
const badlySaid = `(() => {
  const out = (document.body.innerText.match(/\b(NaN|undefined|Infinity)\b|\[object \w+\]/g) ?? []).map((w) => "it says " + w);
  for (const a of document.querySelectorAll("[href]")) {
    const to = a.getAttribute("href");
    if (to.startsWith("#") && !document.getElementById(to.slice(1))) out.push("nothing is at " + to);
    if (/^([a-z]+:)?\/\//i.test(to) && !a.closest(".prose")) out.push("it leads to " + to);
  }
  for (const svg of document.querySelectorAll("svg.chart")) {
    if (!svg.querySelector("text, path, rect")) out.push("a chart is empty: " + svg.getAttribute("aria-label"));
  }
  return out.slice(0, 5);
})()`

func (b *Browser) look(t T, at, script string) {
	t.Helper()
	for _, f := range ask[[]string](b, t, script) {
		t.Errorf("%s: %s", at, f)
	}
}

// violation is a finding of axe-core.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

func (b *Browser) accessible(t T, at string) {
	t.Helper()
	ask[int](b, t, "window.axe ? 0 : (() => {"+axe+"\n})(), 0")
	raw := ask[string](b, t, `axe.run(document, {resultTypes: ["violations"]}).then((r) => JSON.stringify(r.violations))`)
	var found []violation
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		t.Fatalf("axe-core gave no findings: %v", err)
	}
	for _, v := range found {
		if v.Impact != "serious" && v.Impact != "critical" {
			continue
		}
		for _, n := range v.Nodes[:min(len(v.Nodes), 3)] {
			t.Errorf("%s: %s (%s): %s\n%s", at, v.Help, v.ID, n.HTML, n.FailureSummary)
		}
	}
}
