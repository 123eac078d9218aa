package portraits

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
)

func drawn(t *testing.T, f Face) string {
	t.Helper()
	svg, err := f.Draw(nil)
	if err != nil {
		t.Fatal(err)
	}
	return svg
}

func TestEveryStyleDraws(t *testing.T) {
	seen := map[string]string{}
	for _, style := range Styles() {
		svg := drawn(t, Face{Style: style, Seed: "bianca Bianca Keller", Alt: `A "drawing" of <a> woman`})
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", style, err)
			}
		}
		if !strings.HasPrefix(svg, `<svg class="portrait" viewBox="`) || !strings.Contains(svg, `aria-label="A &#34;drawing&#34; of &lt;a&gt; woman"`) {
			t.Errorf("%s begins %.200s", style, svg)
		}
		for _, bad := range []string{"<metadata", "<!--", "<script", "http", "url(#viewbox", "<style", "<animate"} {
			if strings.Contains(svg, bad) {
				t.Errorf("%s holds %s", style, bad)
			}
		}
		if other := seen[svg]; other != "" {
			t.Errorf("%s draws what %s draws", style, other)
		}
		seen[svg] = style
	}
	if drawn(t, Face{Seed: "x"}) != drawn(t, Face{Style: Styles()[0], Seed: "x"}) {
		t.Error("no style is not the first style")
	}
	if _, err := (Face{Style: "nobody", Seed: "x"}).Draw(nil); err == nil || !strings.Contains(err.Error(), "notionists") {
		t.Error(err)
	}
}

func TestSeedAndWordsDecide(t *testing.T) {
	for _, style := range []string{"notionists", "open_peeps"} {
		a := Face{Style: style, Seed: "a"}
		b, hat, beard := a, a, a
		b.Seed, hat.Alt, beard.Alt = "b", "A man with a hat", "A man with a beard"
		if first, again := drawn(t, a), drawn(t, a); first != again {
			t.Errorf("%s: the same face has other bytes when drawn again", style)
		}
		if drawn(t, a) == drawn(t, b) {
			t.Errorf("%s: the seed decides nothing", style)
		}
		if o, p := hat.options(), beard.options(); o["hairVariant"] == nil && o["headVariant"] == nil || p[looks[style].beard+"Probability"] != 100 || o[looks[style].beard+"Probability"] != 0 {
			t.Errorf("%s: words decide nothing: %v %v", style, o, p)
		}
		human, man := Face{Style: style, Alt: "a human face"}, Face{Style: style, Alt: "a man's face"}
		key := looks[style].component + "Variant"
		if reflect.DeepEqual(human.options()[key], man.options()[key]) {
			t.Error("part of a word counts as a word")
		}
	}
}

// A variant that a style does not have would be drawn as nothing.
func TestEveryVariantIsThere(t *testing.T) {
	for style, l := range looks {
		definition, err := definitions.ReadFile("styles/" + style + ".json")
		if err != nil {
			t.Fatal(err)
		}
		has := func(name string) bool { return bytes.Contains(definition, []byte(`"`+name+`":{`)) }
		if has("variant99") {
			t.Fatal("the check finds everything")
		}
		for _, h := range l.hair {
			for _, v := range h.variants {
				if !has(v) {
					t.Errorf("%s has no %s", style, v)
				}
			}
		}
		for k, list := range l.set {
			names, _ := list.([]string)
			for _, v := range names {
				if !has(v) {
					t.Errorf("%s %s has no %s", style, k, v)
				}
			}
		}
	}
}

type memory map[string][]byte

func (m memory) Get(key string) ([]byte, bool) { b, ok := m[key]; return b, ok }
func (m memory) Put(key string, b []byte)      { m[key] = b }

func TestCache(t *testing.T) {
	m := memory{}
	f := Face{Style: "shapes", Seed: "x"}
	first, _ := f.Draw(m)
	for k := range m {
		m[k] = []byte("held")
	}
	if again, _ := f.Draw(m); again != "held" || first == "held" {
		t.Error("the cache is not read")
	}
	f.Seed = "y"
	if other, _ := f.Draw(m); other == "held" || len(m) != 2 {
		t.Error("another face came from the cache")
	}
}

func pixels(t *testing.T, side int) (asPNG, asJPEG []byte) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, side, 4))
	img.Set(1, 1, color.RGBA{200, 10, 10, 255})
	var p, j bytes.Buffer
	if err := png.Encode(&p, img); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&j, img, nil); err != nil {
		t.Fatal(err)
	}
	return p.Bytes(), j.Bytes()
}

func TestImages(t *testing.T) {
	p, j := pixels(t, 8)
	notes := append([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, 12}, "GPS 51.5N "...)
	place := append(notes, j[2:]...)
	uri, err := Image(place)
	if plain, _ := Image(j); err != nil || uri != plain || !strings.HasPrefix(uri, "data:image/jpeg;base64,/9j/") {
		t.Errorf("what a camera wrote is kept: %v", err)
	}
	if uri, err := Image(p); err != nil || !strings.HasPrefix(uri, "data:image/png;base64,") {
		t.Error(err)
	}
	webp := append([]byte("RIFF\x10\x00\x00\x00WEBPVP8 \x04\x00\x00\x00"), 1, 2, 3, 4)
	if uri, err := Image(webp); err != nil || !strings.HasPrefix(uri, "data:image/webp;base64,") {
		t.Error(err)
	}
	large, _ := pixels(t, maxSide+1)
	for name, bad := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"html": []byte("<html><script>"), "cut png": p[:12], "cut jpeg": j[:10], "cut webp": webp[:18], "too many pixels": large,
		"too large": append(p, make([]byte, MaxImage)...), "gif": []byte("GIF89a\x01\x00\x01\x00"),
	} {
		if uri, err := Image(bad); err == nil {
			t.Errorf("%s is taken for an image: %.40s", name, uri)
		}
	}
}

// TestLook writes faces to the page that LOOK names.
func TestLook(t *testing.T) {
	file := os.Getenv("LOOK")
	if file == "" {
		t.Skip("set LOOK to a file")
	}
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><meta charset="utf-8"><style>.portrait{width:150px;background:#dfeae6;border-radius:50%}div{display:inline-block}</style>`)
	for _, style := range Styles() {
		for _, alt := range []string{"Drawing of a woman with short dark hair", "Drawing of a man with a beard and a woollen hat", "Drawing of an older woman with white hair and glasses",
			"Drawing of a young man with curly hair", "Drawing of a person with a fringe", "a woman with long hair", ""} {
			b.WriteString("<div>" + drawn(t, Face{Style: style, Seed: "s" + alt, Alt: alt}) + "</div>")
		}
		b.WriteString("<br>")
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
