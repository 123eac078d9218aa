package portraits

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"image/jpeg"
	"image/png"
	"net/http"
)

// MaxImage is how large an image of the user's own may be: it stands in every page
// that shows the face.
const MaxImage = 2 << 20

// maxSide keeps small files from unfolding into huge pictures.
const maxSide = 6000

// Image checks that b is a PNG, JPEG or WebP picture, by its content, and gives it
// as a data: URI. What cameras write about place and time into a JPEG is left out.
func Image(b []byte) (string, error) {
	if len(b) > MaxImage {
		return "", fmt.Errorf("it has %.1f MB, and may have %d", float64(len(b))/(1<<20), MaxImage>>20)
	}
	kind := http.DetectContentType(b)
	width, height := 0, 0
	switch kind {
	case "image/png":
		c, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil {
			return "", fmt.Errorf("it begins as a PNG picture, and is none: %w", err)
		}
		width, height = c.Width, c.Height
	case "image/jpeg":
		c, err := jpeg.DecodeConfig(bytes.NewReader(b))
		if err != nil {
			return "", fmt.Errorf("it begins as a JPEG picture, and is none: %w", err)
		}
		width, height = c.Width, c.Height
		b = withoutNotes(b)
	case "image/webp":
		if len(b) < 20 || int(binary.LittleEndian.Uint32(b[4:8]))+8 > len(b) {
			return "", fmt.Errorf("it begins as a WebP picture, and is cut off")
		}
	default:
		return "", fmt.Errorf("it is not a PNG, JPEG or WebP picture")
	}
	if width > maxSide || height > maxSide {
		return "", fmt.Errorf("it is %d × %d pixels, and may be %d on a side", width, height, maxSide)
	}
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(b), nil
}

// withoutNotes leaves out a JPEG's application and comment segments but for those
// that say how its colours are meant.
func withoutNotes(b []byte) []byte {
	out := append([]byte{}, b[:2]...)
	for at := 2; at+4 <= len(b); {
		if b[at] != 0xFF {
			return b
		}
		marker := b[at+1]
		if marker == 0xDA { // the picture itself
			return append(out, b[at:]...)
		}
		end := at + 2 + int(binary.BigEndian.Uint16(b[at+2:at+4]))
		if end > len(b) {
			return b
		}
		keep := marker < 0xE1 && marker != 0xFE || marker == 0xE2 || marker == 0xEE || marker > 0xEF && marker != 0xFE
		if keep {
			out = append(out, b[at:end]...)
		}
		at = end
	}
	return b
}
