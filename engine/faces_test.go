package engine_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"personae/engine"
)

// withFace gives the shop's persona a portrait.
func withFace(t *testing.T, portrait string) string {
	t.Helper()
	customers, orders := shopRows(200)
	dir := shopProject(t, customers, orders)
	rules := filepath.Join(dir, "rules", "shop.yaml")
	b, err := os.ReadFile(rules)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(b, []byte("identity:\n"), []byte("identity:\n  portrait: "+portrait+"\n"), 1)
	if bytes.Equal(b, changed) {
		t.Fatal("the shop has no persona with an identity")
	}
	if err := os.WriteFile(rules, changed, 0o644); err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"ann.png": picture.Bytes(), "text.png": []byte("I am no picture")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "out.png")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPortraitsThatCannotBeUsed(t *testing.T) {
	for portrait, want := range map[string]string{
		"{style: notionist}":         "Did you mean notionists?",
		"{file: text.png}":           "not a PNG, JPEG or WebP picture",
		"{file: missing.png}":        "no such file",
		"{file: ../../etc/hostname}": "escapes",
		"{file: out.png}":            "escapes",
		"{file: data}":               "not a file",
	} {
		_, list, err := engine.Check(context.Background(), engine.Options{Root: withFace(t, portrait), Now: noon})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, d := range list {
			found = found || strings.Contains(d.Summary+" "+d.Detail, want) && d.Range.File == "rules/shop.yaml"
		}
		if !found {
			t.Errorf("%s: nothing says %q: %v", portrait, want, list)
		}
	}
}

func TestPortraitsAreInThePages(t *testing.T) {
	dir := withFace(t, "{file: ann.png, alt: A photo of Ann}")
	_, first := runShop(t, dir, 0, noon)
	page, err := filepath.Glob(filepath.Join(first.Version.Dir, "report", "personas", "*.html"))
	if err != nil || len(page) != 1 {
		t.Fatal(page, err)
	}
	b, _ := os.ReadFile(page[0])
	if !bytes.Contains(b, []byte(`src="data:image/png;base64,`)) || !bytes.Contains(b, []byte(`alt="A photo of Ann"`)) {
		t.Error("the image is not in the page")
	}
	var other bytes.Buffer
	if err := png.Encode(&other, image.NewGray(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ann.png"), other.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, second := runShop(t, dir, 0, noon); second.Unchanged {
		t.Error("another image is no other version")
	}
	if _, third := runShop(t, dir, 0, noon); !third.Unchanged {
		t.Error("the same image makes a version")
	}
}
