package duckdb

import (
	"context"
	"strings"
	"testing"

	"personae/engine/catalog"
	"personae/engine/sqltext"
)

// TestGrammar: what a cell is for each declared type; "!" for rejected.
func TestGrammar(t *testing.T) {
	cases := []struct {
		typ   string
		rules cellRules
		cells string // cell=value, separated by blanks; _ in a cell stands for a blank
	}{
		{"int", cellRules{}, "7=7 +7=7 -7=-7 007=7 7.6=! 7.0=! 1_000=! 1,000=! 1e3=! 0x1F=! 9223372036854775807=9223372036854775807 9223372036854775808=! -9223372036854775808=-9223372036854775808 --1=! x=! NaN=! ٣=!"},
		{"double", cellRules{}, "1=1 1.5=1.5 -.5=-0.5 5.=5 1e3=1000 1E-2=0.01 1e999=! NaN=! nan=! inf=! -Infinity=! 1_0=! 1,5=! 1,000.5=! .=! 0x1p3=! 1d=! 1f=!"},
		{"double", cellRules{comma: true}, "1,5=1.5 1.234,5=1234.5 1.234=1234 1234=1234 -0,25=-0.25 1,2,3=! 12.34=! 1.5,2=! ,5=!"},
		{"bool", cellRules{}, "true=true FALSE=false Yes=true no=false 1=true 0=false t=! y=! 2=! on=!"},
		{"date", cellRules{zone: "Europe/London"}, "2025-01-31=2025-01-31T00:00:00Z 2025-07-01=2025-06-30T23:00:00Z 2025-02-30=! 31.01.2025=! 2025-1-1=! 0000-01-01=! infinity=! epoch=! 2025-01-01_10:00:00=!"},
		{"timestamp", cellRules{zone: "Europe/London"}, "2025-07-01T12:00:00=2025-07-01T11:00:00Z 2025-07-01_12:00=2025-07-01T11:00:00Z 2025-07-01T12:00:00Z=2025-07-01T12:00:00Z " +
			"2025-07-01T12:00:00+02:00=2025-07-01T10:00:00Z 2025-07-01T12:00:00.123456=2025-07-01T11:00:00.123456Z 2025-07-01=2025-06-30T23:00:00Z 2025-07-01T25:00:00=! now=! infinity=! 1751371200=!"},
		{"date", cellRules{zone: "UTC", format: "%d/%m/%Y"}, "31/01/2025=2025-01-31T00:00:00Z 30/02/2025=! 2025-01-31=! 1/2/2025=2025-02-01T00:00:00Z"},
		{"timestamp", cellRules{zone: "Europe/London", format: "%d.%m.%Y_%H:%M"}, "01.07.2025_12:00=2025-07-01T11:00:00Z 01.07.2025=!"},
		{"timestamp", cellRules{zone: "Europe/London", format: "%Y-%m-%dT%H:%M%z"}, "2025-07-01T12:00+0200=2025-07-01T10:00:00Z"},
		{"date", cellRules{zone: "Europe/London", format: "%Y-%m-%dT%H:%M%z"}, "2025-07-01T12:00+0200=2025-06-30T23:00:00Z"},
		{"string", cellRules{}, "x=x 007=007"},
		{"list<int>", cellRules{}, `[1,"2",null]=[1_2_<nil>] []=[] [1,"x"]=! {"a":1}=! 1=! [=!`},
	}
	w := newWorld(t, pathYAML("x.csv", ""), map[string]string{"x.csv": "id\n1\n"})
	for _, c := range cases {
		declared, err := catalog.ParseDeclared(c.typ)
		if err != nil {
			t.Fatal(err)
		}
		c.rules.date = declared.Date
		c.rules.format = strings.ReplaceAll(c.rules.format, "_", " ")
		if c.rules.zone == "" {
			c.rules.zone = "UTC"
		}
		for _, cell := range strings.Fields(c.cells) {
			i := strings.LastIndex(cell, "=")
			in, wanted := cell[:i], cell[i+1:]
			if c.typ != "int" && c.typ != "double" {
				in = strings.ReplaceAll(in, "_", " ")
			}
			wanted = strings.ReplaceAll(wanted, "_", " ")
			got := w.rows("SELECT " + textTo(declared.Type, c.rules, "x") + " FROM (SELECT " + sqltext.Literal(in) + " AS x)")[0]
			if got == "-" {
				got = "!"
			}
			if got != wanted {
				t.Errorf("%s %+v: %q is %s, want %s", c.typ, c.rules, in, got, wanted)
			}
		}
	}
}

// TestSniffing: a type is chosen only if every cell fits.
func TestSniffing(t *testing.T) {
	header := "i,d,b,yn,day,when,zip,long,mixed,empty,num01,words,sp\n"
	rows := header +
		"1,1.5,true,Yes,2025-01-01,2025-01-01 10:00:00,01234,12345678901234567890,1,,0,a, 1\n" +
		"2,2,false,no,2025-12-31,2025-01-01T10:00:00Z,99999,1,x,,1,b,2 \n" +
		",,,,,,,,,,,,\n"
	w := newWorld(t, "kind: Dataset\nname: d\nsource: {path: x.csv}\n", map[string]string{"x.csv": rows})
	var got []string
	for _, c := range w.introspect().Tables[0].Columns {
		got = append(got, c.Name+" "+c.Type.String())
	}
	want := "i int?,d double?,b bool?,yn bool?,day timestamp?,when timestamp?,zip string?,long string?,mixed string?,empty string?,num01 int?,words string?,sp int?"
	if strings.Join(got, ",") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ","), want)
	}
}

// TestSniffingReadsEverything: the cell that decides is far behind the sample.
func TestSniffingReadsEverything(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,1\n", sampleRows+10) + "x,2\n"
	w := newWorld(t, "kind: Dataset\nname: d\nsource: {path: x.csv}\n", map[string]string{"x.csv": text})
	c := w.introspect().Tables[0]
	if c.Columns[0].Type.Kind != catalog.String || c.Columns[1].Type.Kind != catalog.Int {
		t.Errorf("%s %s", c.Columns[0].Type, c.Columns[1].Type)
	}
}

// TestNativeTypes: typed values of Parquet become the canonical types.
func TestNativeTypes(t *testing.T) {
	yaml := `kind: Project
name: p
timezone: Europe/London
---
kind: Dataset
name: d
key: k
source: {path: x.parquet}
columns:
  as_int: {from: dbl, type: int}
  as_text: {from: i8, type: string}
  flag: {from: i8, type: bool}
  day: {from: ts, type: date}
  status: {replace: {"1": new}, null_values: ["2"]}
  nums: {from: txts, type: list<int>}
`
	w := newWorld(t, yaml, nil)
	w.make(`COPY (SELECT * FROM (VALUES
	 (1, 1::TINYINT, 5.0::DOUBLE, 2.5::DECIMAL(10,2), 'nan'::FLOAT, DATE '2025-07-01', TIMESTAMP '2025-07-01 12:00:00', TIMESTAMPTZ '2025-07-01 12:00:00+00', 18446744073709551615::UBIGINT, 1, ['1','2'], [1,2], {'a': 1, 'b c': DATE '2025-07-01'}, MAP {'x': 1.5}, TIME '10:00', 'a'::BLOB),
	 (2, 0::TINYINT, 5.5::DOUBLE, 3, 1.5::FLOAT, DATE 'infinity', TIMESTAMP 'infinity', TIMESTAMPTZ '2025-01-01 12:00:00+00', 7, 2, ['1','x'], NULL, NULL, NULL, NULL, NULL),
	 (3, 2::TINYINT, NULL, NULL, 'inf'::FLOAT, NULL, NULL, NULL, NULL, 3, NULL, NULL, NULL, NULL, NULL, NULL)
	 ) t(k, i8, dbl, "dec", f, d, ts, tz, big, status, txts, l, s, m, tod, blob)) TO '` + w.root + `/x.parquet'`)
	s := w.mustLoad()
	w.wantRows(`SELECT as_text, as_int, flag, "dec", f, d, day, tz, big, status, nums, l, s, m FROM snapshot.d ORDER BY k`,
		`1|5|true|2.5|-|2025-06-30T23:00:00Z|2025-06-30T23:00:00Z|2025-07-01T12:00:00Z|-|new|[1 2]|[1 2]|map[a:1 b c:2025-06-30 23:00:00 +0000 UTC]|OrderedMap{x: 1.5}`,
		`0|-|false|3|1.5|-|-|2025-01-01T12:00:00Z|7|-|-|-|-|-`,
		`2|-|-|-|-|-|-|-|-|3|-|-|-|-`)
	wantProblems(t, s.health(t, "d"),
		`unreadable value/as_int/1/set to null/warn x.parquet:2 "5.5"`,
		`unreadable value/big/1/set to null/warn x.parquet:1 "18446744073709551615"`,
		`unreadable value/d/1/set to null/warn x.parquet:2 "infinity"`,
		`unreadable value/day/1/set to null/warn x.parquet:2 "infinity"`,
		`unreadable value/f/2/set to null/warn x.parquet:1 "nan"`,
		`unreadable value/flag/1/set to null/warn x.parquet:3 "2"`,
		`unreadable value/nums/1/set to null/warn x.parquet:2 "[1, x]"`)
	if h := w.db.state.catalog.Tables[0].Hidden; len(h) != 1 || h[0].Name != "tod" {
		t.Errorf("hidden: %v", h)
	}
}

func TestHiddenAndOddNames(t *testing.T) {
	yaml := "kind: Dataset\nname: d\nkey: \"Lead Number\"\nsource: {path: x.csv}\ncolumns:\n  big: {from: größe}\n"
	w := newWorld(t, yaml, map[string]string{"x.csv": "Lead Number,größe,naïve,a,A,,\"q\"\"; DROP TABLE x;\",a\n1,2,3,4,5,6,7,8\n"})
	c, list := w.db.Introspect(context.Background(), w.m)
	if list.HasErrors() {
		t.Fatal(show(list))
	}
	var visible, hidden []string
	for _, col := range c.Tables[0].Columns {
		visible = append(visible, col.Name)
	}
	for _, h := range c.Tables[0].Hidden {
		hidden = append(hidden, h.Name)
		if h.Reason == "" {
			t.Errorf("%s: no reason", h.Name)
		}
	}
	if got := strings.Join(visible, ","); got != "Lead Number,big,a,column_6" {
		t.Errorf("visible: %s", got)
	}
	if got := strings.Join(hidden, ","); got != `naïve,A (2),q"; DROP TABLE x;,a (2)` && got != `naïve,A (2),q"; DROP TABLE x;,a (3)` {
		t.Errorf("hidden: %s", got)
	}
	want(t, list, yaml, "bad-name", "x.csv", "Column 6", "column_6")
	want(t, list, yaml, "type-not-supported", "x.csv", "4 columns", "naïve")
	s := w.mustLoad()
	w.wantRows("FROM snapshot.d", "1|2|4|6")
	if len(s.Facts.Tables["d"].Columns) != 4 {
		t.Errorf("%v", s.Facts.Tables["d"].Columns)
	}
}

// TestNestedValues: what does not fit inside a list, struct or map rejects the cell.
func TestNestedValues(t *testing.T) {
	w := newWorld(t, "kind: Dataset\nname: d\nkey: k\nsource: {path: x.parquet}\n", nil)
	w.make(`COPY (SELECT * FROM (VALUES
	 (1, [1.5, NULL], {'a': 1.5, 'b': NULL::UBIGINT}, MAP {'x': 1.5, 'y': NULL}, [{'d': DATE '2025-01-01'}], MAP {7::UBIGINT: 1}),
	 (2, ['nan'::DOUBLE], {'a': 'inf'::DOUBLE, 'b': 1::UBIGINT}, MAP {'x': 'nan'::DOUBLE}, [{'d': DATE 'infinity'}], MAP {18446744073709551615::UBIGINT: 1}),
	 (3, NULL, {'a': 1, 'b': 18446744073709551615::UBIGINT}, NULL, [], NULL)
	 ) t(k, l, s, m, ls, hm)) TO '` + w.root + `/x.parquet'`)
	s := w.mustLoad()
	w.wantRows("FROM snapshot.d",
		"1|[1.5 <nil>]|map[a:1.5 b:<nil>]|OrderedMap{x: 1.5, y: <nil>}|[map[d:2025-01-01 00:00:00 +0000 UTC]]|OrderedMap{7: 1}",
		"2|-|-|-|-|-", "3|-|-|-|[]|-")
	h := s.health(t, "d")
	for i, want := range []int64{1, 1, 1, 1, 2} { // hm l ls m s
		if len(h.Problems) != 5 || h.Problems[i].Rows != want {
			t.Fatalf("problems:\n%s", problems(h))
		}
	}
}
