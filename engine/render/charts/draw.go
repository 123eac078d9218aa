package charts

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"

	"github.com/dop251/goja"
)

//go:embed echarts.js
var bundle string

// format is the revision of what this package makes of a drawing: part of the key
// in the cache.
const format = "2"

// Chart is a picture to draw. Option is what ECharts reads; its size is in the
// pixels of the picture, which the page scales.
type Chart struct {
	Width, Height int
	Label         string // what a reader who cannot see it is told
	Option        Option

	axes   Axes
	middle float64 // where the title of the lower axis stands
}

// Option is a part of an ECharts option.
type Option = map[string]any

// Cache keeps pictures by content. Get gives what Put was last given under a key.
type Cache interface {
	Get(key string) ([]byte, bool)
	Put(key string, b []byte)
}

// program is ECharts, compiled when the first picture is drawn.
var program = sync.OnceValues(func() (*goja.Program, error) { return goja.Compile("echarts.js", bundle, true) })

var bundleDigest = sync.OnceValue(func() string {
	sum := sha256.Sum256([]byte(bundle))
	return hex.EncodeToString(sum[:8])
})

// Draw gives the picture as one <svg> element. The cache may be nil.
func (c Chart) Draw(cache Cache) (string, error) {
	if c.Option == nil {
		return "", nil
	}
	in, err := json.Marshal(map[string]any{"width": c.Width, "height": c.Height, "option": c.Option})
	if err != nil {
		return "", fmt.Errorf("the chart %q has a number that cannot be drawn: %w", c.Label, err)
	}
	sum := sha256.Sum256([]byte(format + bundleDigest() + "\n" + c.Label + "\n" + c.axes.Across + "\n" + c.axes.Up + "\n" + string(in)))
	key := hex.EncodeToString(sum[:])
	if cache != nil {
		if b, ok := cache.Get(key); ok {
			return string(b), nil
		}
	}
	raw, err := render(string(in))
	if err != nil {
		return "", fmt.Errorf("the chart %q cannot be drawn: %w", c.Label, err)
	}
	svg := clean(raw, c, "c"+key[:10])
	if cache != nil {
		cache.Put(key, []byte(svg))
	}
	return svg, nil
}

// render runs ECharts in a fresh runtime.
func render(in string) (string, error) {
	p, err := program()
	if err != nil {
		return "", err
	}
	vm := goja.New()
	if _, err := vm.RunProgram(p); err != nil {
		return "", err
	}
	draw, ok := goja.AssertFunction(vm.Get("draw"))
	if !ok {
		return "", fmt.Errorf("the bundle has no function draw")
	}
	out, err := draw(goja.Undefined(), vm.ToValue(in))
	if err != nil {
		return "", err
	}
	return out.String(), nil
}

// Job is one picture and what became of it.
type Job struct {
	Chart Chart
	SVG   string
	Err   error
}

// DrawAll draws every job, on all cores.
func DrawAll(jobs []*Job, cache Cache) error {
	next := make(chan *Job)
	var busy sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		busy.Go(func() {
			for j := range next {
				j.SVG, j.Err = j.Chart.Draw(cache)
			}
		})
	}
	for _, j := range jobs {
		next <- j
	}
	close(next)
	busy.Wait()
	for _, j := range jobs {
		if j.Err != nil {
			return j.Err
		}
	}
	return nil
}
