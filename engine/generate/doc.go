// Package generate writes the data of the shipped example: Harbour & Field, a retailer for home and outdoors that
// does not exist (project harbour, Europe/London, GBP, en-GB; the example is calculated for 2026-01-01).
//
// Input: a database handle for DuckDB, a folder, a number of customers, a seed. Output: files and a Summary.
// It must not know the driver, the project's YAML or the rules; rows pass through Go only as bytes to be put into one file.
//
//	customers.parquet        one row a customer, attributes that hang together
//	orders/2022.parquet ...  2022 to 2025 by year; about nine a customer
//	items/2022.parquet ...   the lines of the orders, which sum to their totals
//	sessions/2024.parquet .. visits to web shop and app, kept for two years
//	reviews.csv              texts put together from a stock of phrases
//	survey.csv               every fifth customer: semicolons, byte order mark, decimal commas, day.month.year
//	touches.ndjson.gz        what reached people in 2025, friends included
//	stores.csv, leads.csv    eleven shops; firms that may buy
//
// Above 200,000 customers, orders, items and sessions come in several files a year (orders/2022-0001.parquet).
//
// Every value is a function of hash(seed, id, name of the draw), so that rows do not depend on threads or chunks.
// Every table is one SQL file in sql/ with the table's name. Before them run random (draws), catalogue (constants),
// names, lines and phrases (stocks of words); people holds what drives each customer and baskets what they ordered.
//
// # Dirt
//
// Planted where the id says, so that its amount is known exactly; Summary.Dirt has the numbers for a run.
// For 20,000 customers:
//
//	customers  income empty 480, income 666666 5, born in 1893 10, exact duplicates 20, no key 5,
//	           city with trailing spaces 100, in capitals 80, in small letters 40,
//	           phone only spaces 50, occupation only spaces 40, education an empty string 40
//	orders     customer does not exist 50 (£1,475.00), no customer 10, no time 10, in the future 20, refunds as negative totals 200
//	reviews    no customer 100, rating "five" 10
//	survey     risk "n/a" 40, budget "n/a" 40, "1,234.5" 20, "abc" 20, only spaces 20, customer does not exist 10
//	leads      budget empty 40, "n/a" 10, "1,234.5" 5, "abc" 5 ("Select" stands for no answer in four columns)
//	stores     floor area "n/a" 1
//
// Phones, newsletters, life stages and companies that are empty are ordinary gaps, not dirt.
//
// To add a table: a file in sql/, a line in tables.
package generate
