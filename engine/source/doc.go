// Package source says where things stand in the files of a project.
//
// Input: the bytes of a file and the scalar nodes that yaml.v3 found in it. Output: positions, ranges, lines for
// excerpts, and for every YAML scalar the map from its decoded value back to the bytes it was written with.
//
// It must not know what a rule, a key or a diagnostic is, and it reads nothing from disk.
//
// Recipe, a new scalar style: one scan function beside scanPlain, one case in scalarScan, one table row in the tests.
package source
