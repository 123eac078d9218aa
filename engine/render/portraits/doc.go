// Package portraits draws the faces of personas, and embeds images of the user's
// own.
//
// Input: a style, a seed and the words that describe the face; or the bytes of an
// image. Output: one SVG element, or a data: URI. The same input gives the same
// bytes. It must not know personas, pages or files.
//
// DiceBear (dicebear.js and styles/, which `make assets` reproduces from the lock
// file in ../assets) runs in goja: 0.2 s a face. Only styles in the public domain
// (CC0 1.0) are here; licences/ names who drew them.
//
// To add a style: its name in ../assets/build.mjs and in styles (draw.go).
package portraits
