// Package charts draws the report's pictures as SVG.
//
// Input: numbers of a report and the words to write them with. Output: one SVG
// element, as text, whose bytes depend on the input alone. Colours are the CSS
// variables of the page that it stands in, so that the same picture serves light
// and dark, screen and paper. It must not know HTML pages, files, rules or
// clocks, and it hides nothing by itself: a number that the report hides arrives
// hidden, and is drawn hatched.
//
// Apache ECharts (echarts.js, a bundle that `make assets` reproduces from the lock
// file in ../assets) runs in goja, without a browser: 0.3 s to compile, once, and
// 30 to 80 ms a picture. Each picture has a runtime of its own, since ECharts counts
// ids up inside of one: the second drawing of the same chart would have other
// bytes.
//
// To add a picture: a function that gives a Chart, in its own file, and a line in
// the test that draws them all.
package charts
