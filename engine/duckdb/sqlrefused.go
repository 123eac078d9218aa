package duckdb

import (
	"sort"
	"strings"

	"personae/engine/source"
	"personae/engine/spec"
)

// refusedFunctions read the clock, chance, settings or the order of rows'
// storage: the same data would not always give the same version.
var refusedFunctions = map[string]string{
	"now": "the clock", "current_timestamp": "the clock", "get_current_timestamp": "the clock", "transaction_timestamp": "the clock",
	"current_date": "the clock", "today": "the clock", "current_time": "the clock", "get_current_time": "the clock",
	"current_localtime": "the clock", "current_localtimestamp": "the clock",
	"random": "chance", "setseed": "chance", "uuid": "chance", "gen_random_uuid": "chance", "uuidv4": "chance", "uuidv7": "chance",
	"current_setting": "settings", "getvariable": "settings", "getenv": "settings", "current_database": "settings", "current_schema": "settings",
	"current_schemas": "settings", "current_user": "settings", "session_user": "settings", "user": "settings", "version": "settings",
	"current_query": "settings", "txid_current": "settings", "current_connection_id": "settings", "current_transaction_id": "settings",
	"current_query_id": "settings", "pg_typeof": "settings", "nextval": "settings", "currval": "settings", "write_log": "settings",
}

// orderedAggregates give another result for another order of rows. Those that
// are true may stand with an ORDER BY of their own.
var orderedAggregates = map[string]bool{
	"any_value": false, "arbitrary": false, "mode": false, "arg_min": false, "arg_max": false, "argmin": false, "argmax": false,
	"min_by": false, "max_by": false, "reservoir_quantile": false,
	"first": true, "last": true, "list": true, "array_agg": true, "string_agg": true, "group_concat": true, "listagg": true,
}

// clockWords are functions that SQL calls without brackets.
var clockWords = map[string]bool{
	"current_date": true, "current_time": true, "current_timestamp": true, "localtime": true, "localtimestamp": true,
}

// tableFunctions may stand in FROM; all others read files or settings.
var tableFunctions = map[string]bool{"range": true, "generate_series": true, "unnest": true}

// tableForms are what may stand in FROM.
var tableForms = map[string]bool{
	"EMPTY": true, "EMPTY_FROM": true, "BASE_TABLE": true, "SUBQUERY": true, "JOIN": true,
	"EXPRESSION_LIST": true, "TABLE_FUNCTION": true, "PIVOT": true, "COLUMN_DATA": true,
}

// check refuses what is no plain reading of datasets, and collects names.
func (q *query) check(b *builder, ds *spec.Dataset, node any) {
	walk(node, func(m map[string]any) {
		at := sqlPlace(q.text, m["query_location"])
		if _, isTable := m["sample"]; isTable {
			if m["sample"] != nil {
				b.list.Errorf("sql-error", at, "The SQL takes a random sample").Detail = "The same data must always give the same rows. Choose by a column, for example with a hash of the key."
			}
			if form := asString(m["type"]); m["class"] == nil && !tableForms[form] && !strings.HasSuffix(form, "_NODE") {
				b.list.Errorf("sql-not-select", at, "The SQL reads something that is no dataset").Detail = "FROM names other datasets, subqueries and VALUES, and nothing else."
			}
		}
		switch {
		case asString(m["type"]) == "BASE_TABLE":
			q.checkTable(b, ds, m, at)
		case asString(m["type"]) == "TABLE_FUNCTION":
			f, _ := m["function"].(map[string]any)
			if name := strings.ToLower(asString(f["function_name"])); !tableFunctions[name] {
				b.list.Errorf("sql-not-select", at, "The SQL reads from %s(), which is no dataset", name).Detail = "Name another dataset instead. Files are read by datasets with `source: {path: ...}`, so that paths are checked."
			}
		case asString(m["class"]) == "FUNCTION":
			b.checkFunction(m, at)
		case asString(m["class"]) == "STAR":
			q.star = true
		case asString(m["class"]) == "COLUMN_REF":
			parts := asList(m["column_names"])
			for _, n := range parts {
				q.names[strings.ToLower(asString(n))] = true
			}
			if len(parts) == 1 {
				name := strings.ToLower(asString(parts[0]))
				q.alone[name] = true
				if clockWords[name] {
					b.refuseFunction(name, "the clock", at)
				}
			}
		case asString(m["class"]) == "PARAMETER":
			b.list.Errorf("sql-error", at, "The SQL has a placeholder").Detail = "Nobody fills it in: write the value."
		}
		for _, n := range asList(m["using_columns"]) {
			q.names[strings.ToLower(asString(n))] = true
		}
		if asString(m["ref_type"]) == "NATURAL" {
			q.star = true
		}
	})
}

// checkFunction refuses a function that does not always give the same.
func (b *builder) checkFunction(m map[string]any, at source.Range) {
	name := strings.ToLower(asString(m["function_name"]))
	if what, refused := refusedFunctions[name]; refused {
		b.refuseFunction(name+"()", what, at)
	}
	if name == "list_sort" { // what DuckDB makes of list(x ORDER BY x)
		for _, child := range asList(m["children"]) {
			if f, ok := child.(map[string]any); ok {
				f[sortedMark] = true
			}
		}
	}
	if may, ordered := orderedAggregates[name]; ordered && !(may && isOrdered(m)) {
		b.refuseOrder(name, may, at)
	}
}

// sortedMark is set on an aggregate whose list is sorted around it.
const sortedMark = "personae:sorted"

// isOrdered tells whether an aggregate has an ORDER BY of its own.
func isOrdered(function map[string]any) bool {
	if function[sortedMark] != nil {
		return true
	}
	by, _ := function["order_bys"].(map[string]any)
	return len(asList(by["orders"])) > 0
}

func (b *builder) refuseOrder(name string, may bool, at source.Range) {
	d := b.list.Errorf("sql-not-select", at, "%s() depends on the order of rows, and files have none", name)
	if may {
		d.Detail = "Give it an order of its own, down to a key: " + name + "(x ORDER BY time, key)."
		return
	}
	d.Detail = "Use min or max, or number the rows by a total order: row_number() OVER (PARTITION BY who ORDER BY time, key)."
}

func (b *builder) refuseFunction(name, what string, at source.Range) {
	b.list.Errorf("sql-error", at, "The SQL uses %s, which depends on %s", name, what).Detail =
		"The same data must always give the same version. Leave what depends on the day to rules: they have `now`."
}

func (q *query) checkTable(b *builder, ds *spec.Dataset, m map[string]any, at source.Range) {
	name := asString(m["table_name"])
	if asString(m["schema_name"]) != "" || asString(m["catalog_name"]) != "" {
		b.list.Errorf("sql-not-select", at, "The SQL names a table of another schema").Detail = "It may use the other datasets by their plain names, and nothing else."
		return
	}
	isDataset := b.specs[name] != nil
	switch {
	case q.ctes[strings.ToLower(name)] && isDataset:
		b.list.Errorf("sql-error", at, "WITH gives %s, the name of a dataset, to something else", name).Detail = "Give it another name in WITH."
	case q.ctes[strings.ToLower(name)]:
	case !isDataset:
		var names []string
		for n := range b.specs {
			if n != ds.Name.Value() {
				names = append(names, n)
			}
		}
		sort.Strings(names)
		d := b.list.Errorf("unknown-name", at, "The SQL reads %s, which is no dataset", name)
		suggest(d, name, names)
	default:
		if _, ok := q.tables[name]; !ok {
			q.tables[name] = at
		}
		if alias := asString(m["alias"]); alias != "" {
			q.aliases[strings.ToLower(alias)] = true
		}
		q.aliases[strings.ToLower(name)] = true
	}
}
