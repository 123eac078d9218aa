package portraits

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"

	"github.com/dop251/goja"
)

//go:embed dicebear.js
var bundle string

//go:embed styles/*.json
var definitions embed.FS

// format is the revision of what this package makes of a drawing: part of the key
// in the cache.
const format = "1"

// Styles are the names that a persona may ask for, the first where it asks for none.
func Styles() []string {
	return []string{"notionists", "lorelei", "open_peeps", "pixel_art", "thumbs", "shapes"}
}

// Face is a face to draw. Alt describes it: where it speaks of a beard or glasses,
// they are drawn.
type Face struct {
	Style string // one of Styles; "" is the first
	Seed  string // decides all that Alt leaves open
	Alt   string // "" where the drawing is decoration
}

// Cache keeps drawings by content.
type Cache interface {
	Get(key string) ([]byte, bool)
	Put(key string, b []byte)
}

var program = sync.OnceValues(func() (*goja.Program, error) { return goja.Compile("dicebear.js", bundle, true) })

// Draw gives the face as one <svg> element. The cache may be nil.
func (f Face) Draw(cache Cache) (string, error) {
	if f.Style == "" {
		f.Style = Styles()[0]
	}
	definition, err := definitions.ReadFile("styles/" + f.Style + ".json")
	if err != nil {
		return "", fmt.Errorf("there is no style %q: there are %s", f.Style, strings.Join(Styles(), ", "))
	}
	options, err := json.Marshal(f.options())
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, part := range []string{format, bundle, string(definition), string(options), f.Alt} {
		fmt.Fprintf(h, "%d\n%s\n", len(part), part)
	}
	key := hex.EncodeToString(h.Sum(nil))
	if cache != nil {
		if b, ok := cache.Get(key); ok {
			return string(b), nil
		}
	}
	raw, err := draw(string(definition), string(options))
	if err != nil {
		return "", fmt.Errorf("the portrait of %q cannot be drawn: %w", f.Seed, err)
	}
	svg := clean(raw, f.Alt, "p"+key[:10])
	if cache != nil {
		cache.Put(key, []byte(svg))
	}
	return svg, nil
}

func draw(definition, options string) (string, error) {
	p, err := program()
	if err != nil {
		return "", err
	}
	vm := goja.New()
	if _, err := vm.RunProgram(p); err != nil {
		return "", err
	}
	portrait, ok := goja.AssertFunction(vm.Get("portrait"))
	if !ok {
		return "", fmt.Errorf("the bundle has no function portrait")
	}
	out, err := portrait(goja.Undefined(), vm.ToValue(definition), vm.ToValue(options))
	if err != nil {
		return "", err
	}
	return out.String(), nil
}

var (
	noise = regexp.MustCompile(`(?s)<!--.*?-->|<metadata.*?</metadata>|<title>.*?</title>`)
	ids   = regexp.MustCompile(`( id="|url\(#|href="#)`)
	head  = regexp.MustCompile(`^<svg [^>]*?viewBox="([^"]*)"[^>]*>`)
)

// clean makes of DiceBear's text the element that a page embeds: the credits stand
// in licences/, ids are this drawing's own, and its description is the persona's.
func clean(raw, alt, prefix string) string {
	out := noise.ReplaceAllString(raw, "")
	out = ids.ReplaceAllString(out, "${1}"+prefix+"-")
	told := ` aria-hidden="true" focusable="false"`
	if alt != "" {
		told = ` role="img" aria-label="` + html.EscapeString(alt) + `"`
	}
	return head.ReplaceAllStringFunc(strings.TrimSpace(out), func(start string) string {
		return `<svg class="portrait" viewBox="` + head.FindStringSubmatch(start)[1] + `" fill="none"` + told + `>`
	})
}
