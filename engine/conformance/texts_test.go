package conformance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"

	"cel.dev/cel-go/cel"

	"personae/engine/catalog"
)

// seeds are texts that functions read, and texts on the edge of what they read;
// random ones are made from their pieces.
var seeds = map[string][]string{
	"timestamp": {"2024-02-29T12:30:45Z", "2024-02-29T12:30:45.5+02:00", "2023-02-29T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:30:00+01:00", "0000-12-31T23:30:00-01:00", "9999-12-31T23:59:59.999999Z",
		"9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-00:01", "9999-12-31T24:00:00Z", "2016-12-31T23:59:60Z", "2024-06-01T20:00:00+23:59", "2024-06-01T10:00:00-24:00", "2024-06-01T10:00:00+23:60", "2024-06-01t10:00:00z", "2024-06-01 10:00:00Z",
		"2024-06-01T10:00:00", "2024-06-01T1:00:00Z", "2024-06-01T10:00:00,5Z", "2024-06-01T10:00:00.Z", "2024-06-01T10:00:00.123456000Z", "2024-06-01T10:00:00.1234560001Z", "2024-06-01T10:00:00.123456789Z", "24-06-01T10:00:00Z", "2024-06-01", "now", "infinity", "epoch", ""},
	"duration": {"0", "-0", "+0s", "00", "1h", "-1.5h", "1h2m3s", "1ms2us3ns", "1µs", "1μs", ".5s", "5.s", ".s", "s", "1", "1d", "1.5.s", "+-1s", "1h 2m", "2562047h47m16.854775807s", "2562047h47m16.854775808s", "-2562047h47m16.854775808s",
		"9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns", "9223372036854775808ns9223372036854775808ns", "-9223372036854775808ns9223372036854775808ns1h", "9223372036854775809ns", "00000000000000000000000000000000000000000000001ns", "10000000000000000000000000000000000000000ns",
		"0.9223372036854775807h", "0.9223372036854775808h", "0.9223372036854775809h", "0.47208454592888888116h", "0.97279158112166659622h", "0.075333878018888891129h", "0.99999999999999999999h", "0.00000000000012345678901234567890h", "1.000000000000000000000000000000000000000001s", "0.3333333333333333333h", "9223372036854775.808us", "9223372036854775.807us", "2562047.99h", "1s1s1s", "100ms", "1.1e3s", "1_0s"},
	"date": {"2024-02-29", "2023-02-29", "0001-01-01", "0000-12-31", "9999-12-31", "1916-10-01", "1948-09-12", "1985-09-29", "1888-01-01", "1847-12-01", "2026-1-31", "2026-01-31 ", "2026-13-01", "2026-00-10", "2026-01-00", "20260131", "2026-01-31T00:00:00Z", "+2026-01-31", "today", ""},
	"double": {"0", "-0", "1.5", ".5", "5.", ".", "1e3", "1E-3", "1e400", "1e-400", "0x1p-2", "0X1.8P+1", "0x1", "0x.p1", "0x_1p1", "0x1_0p1_0", "1_000", "1_000.5e1_0", "_1", "1_", "1__0", "1_.5", "1._5", "1e_5", "inf", "-Infinity", "+INF", "infinit", "nan", "-nan", "+NaN",
		"0x1.fffffffffffff8p0", "0x1.fffffffffffff80000000000000000001p0", "0x1.fffffffffffff7p1023", "0x1.fffffffffffffcp1023", "0x1p1024", "0x1p-1074", "0x0.8p-1074", "0x0.80001p-1074", "0x1.8p-1074", "0x1.8p-1075", "0x1p-1075", "0x1.000000000000080p0", "0x1.0000000000000801p0", "0x1.00000000000018p0", "0x1.00000000000008000000000000000000000001p0", "0x0.00000000001p-1030", "0x1fffffffffffff.8p0", "0x000000000000000000000000000000000000001p0", "0x1p00000000000000005", "0x1.00000000000008p-1022", "0x0p99999", "-0x0p0", "0x1p100000", "0x123456789abcdef012345p-200", "1.7976931348623159e308", "4.9e-324", "2.4703282292062327e-324", "9007199254740993", "123456789012345678901234567890"},
}

// textsLike makes n texts of the pieces of seeds: cut, doubled, exchanged.
func textsLike(random *rand.Rand, seeds []string, n int) []string {
	out := append([]string{}, seeds...)
	all := strings.Join(seeds, "") + " \x00é"
	piece := func() string {
		s := seeds[random.IntN(len(seeds))]
		if s == "" {
			return ""
		}
		from := random.IntN(len(s))
		return strings.ToValidUTF8(s[from:from+random.IntN(len(s)-from)+1], "")
	}
	for len(out) < n {
		s := seeds[random.IntN(len(seeds))]
		for range 1 + random.IntN(2) {
			at := random.IntN(len(s) + 1)
			to := min(len(s), at+random.IntN(3))
			switch random.IntN(9) {
			case 0:
				s = s[:at] + s[to:]
			case 1, 2:
				s = s[:at] + string(all[random.IntN(len(all))]) + s[to:]
			case 3:
				s = s[:at] + piece() + s[to:]
			case 4:
				s = s[:at] + fmt.Sprint(random.IntN(100)) + s[min(len(s), at+2):]
			case 5:
				s += piece()
			default: // a digit for a digit
				if at = max(at, at+strings.IndexFunc(s[at:], unicode.IsDigit)); at < len(s) && unicode.IsDigit(rune(s[at])) {
					s = s[:at] + fmt.Sprint(random.IntN(10)) + s[at+1:]
				}
			}
			s = strings.ToValidUTF8(s, "")
		}
		out = append(out, s)
	}
	return out
}

// oneColumn is a table of one column besides its key.
func oneColumn(name string, kind catalog.Kind) *catalog.Table {
	return &catalog.Table{Name: "rows", Entity: "row", Role: catalog.Root, Key: "id", Columns: []*catalog.Column{
		{Name: "id", Type: catalog.Type{Kind: catalog.Int}}, {Name: name, Type: catalog.Type{Kind: kind, Nullable: true}}}}
}

// ask compares expressions over rows that are numbered.
func ask(t *testing.T, table *catalog.Table, rows []map[string]any, zone *time.Location, texts ...string) []*answer {
	t.Helper()
	e := newEngines(t, table, rows, false, zone)
	var asts []*cel.Ast
	for _, text := range texts {
		checked, issues := e.env.Compile(text)
		if issues.Err() != nil {
			t.Fatal(issues.Err())
		}
		asts = append(asts, checked)
	}
	answers := e.compare(asts, texts)
	for _, a := range answers {
		if w := a.wrong(e); w != "" {
			t.Error(w)
		}
	}
	return answers
}

// TestTextsAreReadAsCELReadsThem compares what is read from thousands of texts.
// Only rows that the functions leave to cel-go on purpose may be undecided.
func TestTextsAreReadAsCELReadsThem(t *testing.T) {
	const texts = 8000
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	for _, c := range []struct {
		reads string
		zone  *time.Location
	}{{"timestamp", london}, {"duration", london}, {"date", london}, {"date", zone("Europe/Lisbon")}, {"date", zone("Asia/Tokyo")}, {"double", london}} {
		t.Run(c.reads+" "+c.zone.String(), func(t *testing.T) {
			var rows []map[string]any
			for i, s := range textsLike(rand.New(rand.NewPCG(3, *seed)), seeds[c.reads], texts) {
				rows = append(rows, map[string]any{"id": int64(i), "s": s})
			}
			rows[len(rows)-1]["s"] = nil
			a := ask(t, oneColumn("s", catalog.String), rows, c.zone, c.reads+"(row.s)")[0]
			read, left := 0, 0
			for r, w := range a.want {
				if _, isErr := w.(error); isErr {
					continue
				}
				if read++; a.got[r] != nil {
					continue
				}
				if left++; !leftOpen(w) {
					t.Errorf("%q is %v, and left open", rows[r]["s"], w)
				}
			}
			t.Logf("%d of %d texts are read, %d of them left to cel-go", read, len(rows), left)
			if read < len(rows)/20 || read > len(rows)*19/20 {
				t.Errorf("proves little: %d of %d texts are read", read, len(rows))
			}
		})
	}
}

// leftOpen says whether a value that cel-go reads from a text is a listed hole.
func leftOpen(v any) bool {
	t, ok := v.(time.Time)
	return ok && t.Nanosecond()%1000 != 0
}

// TestDoublesAreWrittenAsCELWritesThem compares the digits of doubles of all
// sizes, those that lie between two roundings among them.
func TestDoublesAreWrittenAsCELWritesThem(t *testing.T) {
	const doubles = 4000
	random := rand.New(rand.NewPCG(5, *seed))
	rows := []map[string]any{{"id": int64(0), "d": nil}}
	for _, x := range []float64{0, math.Copysign(0, -1), 5e-324, -math.MaxFloat64, 0.5, 1.5, 2.5, -9.5, 99.5, 0.05, 2.675, 1 << 53, 1<<53 + 2, 1e15, 1e16, 1e21, 1e22, 123456789012345680000, 0.0001, 0.00001} {
		rows = append(rows, map[string]any{"id": int64(len(rows)), "d": x})
	}
	for len(rows) < doubles {
		x := math.Float64frombits(random.Uint64())
		switch random.IntN(5) {
		case 0:
			x = float64(random.IntN(2_000_000)-1_000_000) / 1000
		case 1:
			x = (float64(random.IntN(2000)) + 0.5) / math.Pow(10, float64(random.IntN(6)))
		case 2:
			x = math.Ldexp(float64(random.Uint64()>>11), -random.IntN(80))
		case 3:
			x = random.NormFloat64() * math.Pow(10, float64(random.IntN(60)-30))
		}
		if x-x == 0 {
			rows = append(rows, map[string]any{"id": int64(len(rows)), "d": x})
		}
	}
	for _, a := range ask(t, oneColumn("d", catalog.Double), rows, london,
		"string(row.d)", "'%s'.format([row.d])", "'%d'.format([row.d])", "'%f'.format([row.d])", "'%.0f'.format([row.d])", "'%.2f'.format([row.d])", "'%.17f'.format([row.d])", "'%.100f'.format([row.d])",
		"'%e'.format([row.d])", "'%.0e'.format([row.d])", "'%.3e'.format([row.d])", "'%.100e'.format([row.d])", "'%f %e %s'.format([1.0 / (row.d - row.d), 0.0 / row.d, -1.0 / (row.d - row.d)])") {
		if len(a.holes) > 0 || a.decided < doubles-1 {
			t.Errorf("%s: %d of %d are written", a.text, a.decided, doubles)
		}
	}
}
