package catalog

import (
	"bytes"
	"strings"
	"testing"

	"personae/engine/diag"
	"personae/engine/source"
)

func TestParseDeclared(t *testing.T) {
	for text, want := range map[string]string{
		"int": "int", " double ": "double", "bool": "bool", "string": "string", "bytes": "bytes", "date": "timestamp", "timestamp": "timestamp",
		"list<int>": "list<int?>", "list<list<string>>": "list<list<string?>?>",
	} {
		got, err := ParseDeclared(text)
		if err != nil || got.Type.String() != want || got.Date != strings.Contains(text, "date") {
			t.Errorf("%q: %v %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "Int", "integer", "list<", "list<>", "list<x>", "list<int", "null", "dyn"} {
		if got, err := ParseDeclared(text); err == nil {
			t.Errorf("%q: %v, want an error", text, got)
		}
	}
}

func TestFromSQL(t *testing.T) {
	for text, want := range map[string]string{
		"BOOLEAN": "bool BOOLEAN", "UTINYINT": "int BIGINT", "HUGEINT": "int BIGINT", "DECIMAL(18,3)": "double DOUBLE", "FLOAT": "double DOUBLE",
		"ENUM('a', 'b''(,')": "string VARCHAR", "UUID": "string VARCHAR", "DATE": "timestamp TIMESTAMP WITH TIME ZONE", "TIMESTAMP_NS": "timestamp TIMESTAMP WITH TIME ZONE",
		"BLOB": "bytes BLOB", "INTEGER[]": "list<int?> BIGINT[]", "INTEGER[3]": "list<int?> BIGINT[]",
		`STRUCT("a ""b" INTEGER, c DATE[])`: `struct<a "b int?, c list<timestamp?>?> STRUCT("a ""b" BIGINT, "c" TIMESTAMP WITH TIME ZONE[])`,
		"MAP(VARCHAR, DECIMAL(10,2))":       "map<string, double?> MAP(VARCHAR, DOUBLE)",
		"STRUCT(a STRUCT(b INTEGER[])[])[]": `list<struct<a list<struct<b list<int?>?>?>?>?> STRUCT("a" STRUCT("b" BIGINT[])[])[]`,
	} {
		typ, snap, reason := FromSQL(ParseSQLType(text))
		if got := typ.String() + " " + snap; got != want || reason != "" {
			t.Errorf("%s: %s (%s), want %s", text, got, reason, want)
		}
		if reason == "" && SnapshotType(typ) != snap {
			t.Errorf("%s: SnapshotType %s, FromSQL %s", text, SnapshotType(typ), snap)
		}
	}
	for _, text := range []string{"TIME", "TIME WITH TIME ZONE", "INTERVAL", "BIT", "UNION(a INTEGER)", "TIME[]", "STRUCT(a TIME)", "MAP(DOUBLE, INTEGER)", "GEOMETRY"} {
		if _, _, reason := FromSQL(ParseSQLType(text)); reason == "" {
			t.Errorf("%s is visible", text)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string][2]bool{
		"age": {true, true}, "Lead Number": {false, true}, "in": {false, true}, "a-b/c.d": {false, true}, "größe": {false, false},
		"": {false, false}, "1a": {false, true}, "a`b": {false, false}, "_x1": {true, true}, "What?": {false, false},
	} {
		if IsIdentifier(name) != want[0] || IsQuotable(name) != want[1] {
			t.Errorf("%q: %v %v", name, IsIdentifier(name), IsQuotable(name))
		}
	}
	if Selector("a b") != "`a b`" || Selector("ab") != "ab" {
		t.Error("Selector")
	}
}

func TestParseType(t *testing.T) {
	for _, text := range []string{
		"int", "int?", "list<string?>?", "map<string, int?>", "struct<a int?, b c list<double?>?>?", "timestamp", "struct<>", "dyn",
		"struct<int int, a>b string?>",
	} {
		got, err := ParseType(text)
		if err != nil || got.String() != text {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
	for _, text := range []string{"", "integer", "list<int", "int??", "map<int>", "struct<a>", "int x"} {
		if got, err := ParseType(text); err == nil {
			t.Errorf("%q: %v, want an error", text, got)
		}
	}
}

func sample() *Catalog {
	str := Type{Kind: String, Nullable: true}
	return &Catalog{Tables: []*Table{
		{Name: "customers", Entity: "customer", Role: Root, Key: "id", Columns: []*Column{
			{Name: "id", From: "id", Type: Type{Kind: Int}, SQLType: "BIGINT", SourceType: "BIGINT"},
			{Name: "Lead: #1", From: "x", Type: str, SQLType: "VARCHAR", SourceType: "VARCHAR", PII: true, Description: "a: b"},
			{Name: "tags", From: "tags", Type: Type{Kind: List, Elem: &str, Nullable: true}, SQLType: "VARCHAR[]", SourceType: "VARCHAR[]"},
		}, Hidden: []HiddenColumn{{"t", "TIME", "rules cannot use TIME"}}},
		{Name: "orders", Entity: "order", Role: Relation, Of: "customer", By: "customer", Time: "at"},
	}}
}

func TestLockRoundTrip(t *testing.T) {
	b := WriteLock(sample())
	if !bytes.Contains(b, []byte("personae check --lock")) || !bytes.Equal(b, WriteLock(sample())) {
		t.Errorf("not deterministic, or without its header:\n%s", b)
	}
	c, list := ReadLock(source.NewFile(LockPath, b))
	if len(list) > 0 {
		t.Fatal(list)
	}
	if again := WriteLock(c); !bytes.Equal(b, again) {
		t.Errorf("not the same after reading:\n%s\n%s", b, again)
	}
	if got := c.Table("customers").Columns[2].SQLType; got != "VARCHAR[]" {
		t.Errorf("SQL type %s", got)
	}
	if d := Drift(c, sample()); len(d) > 0 {
		t.Errorf("drift of nothing: %v", d)
	}
}

func TestLockUnreadable(t *testing.T) {
	good := string(WriteLock(sample()))
	for name, text := range map[string]string{
		"empty": "", "no YAML": "a: [", "unknown key": good + "more: 1\n", "version": strings.Replace(good, "version: 1", "version: 9", 1),
		"type": strings.Replace(good, "type: int", "type: integer", 1), "role": strings.Replace(good, "role: root", "role: king", 1),
		"order": strings.Replace(good, "name: customers", "name: zebras", 1), "merge marks": "<<<<<<< HEAD\n" + good,
	} {
		c, list := ReadLock(source.NewFile(LockPath, []byte(text)))
		if c != nil || len(list) != 1 || list[0].Code != "lock-unreadable" || list[0].Range.File != LockPath {
			t.Errorf("%s: %v %v", name, c, list)
		}
	}
}

func TestDrift(t *testing.T) {
	now := sample()
	now.Tables[0].Columns[0].Type = Type{Kind: String}
	now.Tables[0].Columns[1].Name = "Lead: #2"
	now.Tables[0].Columns[2].Type.Nullable = false
	now.Tables = append(now.Tables[:1], &Table{Name: "stores"})
	was := sample()
	was.Tables[0].Columns = append(was.Tables[0].Columns, &Column{Name: "age", Type: Type{Kind: Int}})
	now.Tables[0].Columns = append(now.Tables[0].Columns, &Column{Name: "age", Type: Type{Kind: Int, Nullable: true}})
	want := []string{
		"error column-type-changed: Column customers.id was int and is string now",
		"error column-missing: Column customers.Lead: #1 vanished from the data",
		"info lock-drift: Column customers.tags is never empty now",
		"warning lock-drift: Column customers.age may be empty now",
		"info lock-drift: Column customers.Lead: #2 is new",
		"warning lock-drift: Dataset orders is recorded and is not in the project any more",
		"info lock-drift: Dataset stores is new",
	}
	var got []string
	list := Drift(was, now)
	for _, d := range list {
		got = append(got, d.Severity.String()+" "+d.Code+": "+d.Summary)
		if d.Detail == "" {
			t.Errorf("%s: no advice", d.Summary)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if list.Count(diag.Error) != 2 || !strings.Contains(list[1].Detail, "Lead: #2") {
		t.Errorf("%v", list)
	}
}
