package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// taken is a test that takes findings down.
type taken struct{ findings []string }

func (r *taken) Helper() {}
func (r *taken) Errorf(format string, args ...any) {
	r.findings = append(r.findings, fmt.Sprintf(format, args...))
}
func (r *taken) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// A check that finds nothing on a bad page proves nothing on a good one.
func TestBadPagesAreFound(t *testing.T) {
	b := Open(t)
	bad := `<!DOCTYPE html><html lang="en"><head><title>x</title><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-x'; style-src 'unsafe-inline'"></head>
<body><main><h1 style="width:3000px">wide</h1><p style="color:#ddd;background:#fff">pale</p><a href="x"><img src="https://127.0.0.1:9/x.png"></a><script>alert(1)</script></main></body></html>`
	good := `<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><main><h1>A page</h1><p>Text</p></main></body></html>`
	visit := func(page string) string {
		file := filepath.Join(t.TempDir(), "page.html")
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		r := &taken{}
		b.Visit(r, file, true)
		return strings.Join(r.findings, "\n")
	}
	findings := visit(bad)
	for _, want := range []string{"the page is 3", "color-contrast", "Content Security Policy", "image-alt"} {
		if !strings.Contains(findings, want) {
			t.Errorf("%q is not found:\n%s", want, findings)
		}
	}
	if findings := visit(good); findings != "" {
		t.Errorf("a good page is found bad:\n%s", findings)
	}
}
