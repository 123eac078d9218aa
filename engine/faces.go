package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"personae/engine/diag"
	"personae/engine/render"
	"personae/engine/render/portraits"
	"personae/engine/source"
	"personae/engine/store"
)

// readFaces checks how the personas' portraits are drawn, and reads those that are
// images of the user's own: data: URIs, by path.
func (p *Project) readFaces(o Options) diag.List {
	var list diag.List
	p.images = map[string]string{}
	for _, x := range p.Module.Personas {
		if x.Identity == nil || x.Identity.Portrait == nil {
			continue
		}
		face := x.Identity.Portrait
		if style := face.Style.Value(); !portraits.KnownStyle(style) {
			d := list.Errorf("bad-value", face.Style.Range(), "There is no style of portraits called %q", style)
			d.Detail = "There are " + strings.Join(portraits.Styles(), ", ") + "."
			if near := diag.Suggest(style, portraits.Styles()); near != "" {
				d.Detail = "Did you mean " + near + "? " + d.Detail
				d.Fix = &diag.Fix{Range: face.Style.Range(), Replacement: near, Title: "write " + near}
			}
		}
		if path := face.File.Value(); path != "" && p.images[path] == "" {
			p.readFace(o, path, face.File.Range(), &list)
		}
	}
	return list
}

func (p *Project) readFace(o Options, path string, at source.Range, list *diag.List) {
	b, err := readInside(o.root(), path)
	if err != nil {
		list.Errorf("bad-portrait", at, "The portrait %s cannot be read: %v", path, reason(err)).
			Detail = "The path is written from the project's folder, and stays inside of it."
		return
	}
	uri, err := portraits.Image(b)
	if err != nil {
		list.Errorf("bad-portrait", at, "The portrait %s cannot be used: %v", path, err).
			Detail = "Give a PNG, JPEG or WebP picture of at most 2 MB; 512 × 512 pixels are plenty. Or let one be drawn: portrait: {style: notionists}."
		return
	}
	p.images[path] = uri
}

// readInside reads a file that must not lie outside of a folder, whatever links say.
func readInside(root, path string) ([]byte, error) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	f, err := dir.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, errors.New("it is not a file"))
	}
	return io.ReadAll(io.LimitReader(f, portraits.MaxImage+1))
}

// reason is what an error of the file system says, without the path that stands in
// the sentence already.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// imageDigests are the fingerprints of the images: a version depends on them.
func (p *Project) imageDigests(into map[string]string) {
	for path, uri := range p.images {
		sum := sha256.Sum256([]byte(uri))
		into["image "+path] = hex.EncodeToString(sum[:])
	}
}

// art is what the pages are drawn with: the images, and what was drawn before.
func (p *Project) art(reports *store.Store) render.Art {
	kept := reports.Drawings("charts")
	kept.Sweep()
	return render.Art{Cache: kept, Images: p.images}
}
