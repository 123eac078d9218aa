package generate

import (
	"embed"
	"fmt"
)

//go:embed sql/*.sql
var files embed.FS

// setup runs once, in this order: macros and constants that the tables use.
var setup = []string{"random", "catalogue", "names", "lines", "phrases"}

// stage is made anew for each chunk of customers, in this order.
var stage = []string{"people", "baskets"}

// how says when a table is written.
type how int

const (
	whole   how = iota // once, one file, over everybody
	yearly             // a file a year, and a chunk where there are several
	growing            // one file, to which each chunk appends
	fixed              // once; does not read people
)

// table is one table of the example.
type table struct {
	name   string // also its SQL file
	how    how
	file   string // file, or folder of a yearly table
	years  []int
	format string // options of COPY
	header bool   // a first line with names
	prefix string // bytes before everything
	gzip   bool   // compressed here: DuckDB's gzip took four times as long as making the rows
}

const (
	parquet = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
	bom     = "\ufeff"
)

var (
	allYears  = []int{2022, 2023, 2024, 2025}
	lastYears = []int{2024, 2025}
)

var tables = []table{
	{name: "customers", how: whole, file: "customers.parquet", format: parquet},
	{name: "orders", how: yearly, file: "orders", years: allYears, format: parquet},
	{name: "items", how: yearly, file: "items", years: allYears, format: parquet},
	{name: "sessions", how: yearly, file: "sessions", years: lastYears, format: parquet},
	{name: "reviews", how: growing, file: "reviews.csv", format: "FORMAT csv", header: true},
	{name: "survey", how: growing, file: "survey.csv", format: "FORMAT csv, DELIMITER ';'", header: true, prefix: bom},
	{name: "touches", how: growing, file: "touches.ndjson.gz", format: "FORMAT json", gzip: true},
	{name: "stores", how: fixed, file: "stores.csv", format: "FORMAT csv", header: true},
	{name: "leads", how: fixed, file: "leads.csv", format: "FORMAT csv", header: true},
}

// script returns the text of an SQL file of this package.
func script(name string) string {
	text, err := files.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("generate: the program was built without sql/%s.sql", name))
	}
	return string(text)
}
