package parquet

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// sample holds every type, ids that are far apart, and a list of more than 14.
func sample() value {
	var many []value
	for i := range 20 {
		many = append(many, value{kind: typeInt64, number: int64(i * i * -1000)})
	}
	return value{kind: typeStruct, fields: []field{
		{1, value{kind: typeTrue}}, {2, value{kind: typeFalse}}, {3, value{kind: typeByte, bytes: []byte{200}}},
		{4, value{kind: typeInt16, number: -7}}, {300, value{kind: typeInt32, number: 1 << 30}}, {301, value{kind: typeInt64, number: -1 << 63}},
		{302, value{kind: typeDouble, bytes: []byte("12345678")}}, {303, value{kind: typeBinary, bytes: []byte("text")}},
		{304, value{kind: typeList, item: typeInt64, items: many}},
		{305, value{kind: typeList, item: typeStruct, items: []value{{kind: typeStruct, fields: []field{{1, value{kind: typeInt64, number: 5}}}}}}},
		{306, value{kind: typeList, item: typeTrue, items: []value{{kind: typeByte, bytes: []byte{1}}, {kind: typeByte, bytes: []byte{2}}}}},
	}}
}

func TestValuesAreWrittenAsTheyWereRead(t *testing.T) {
	want := sample()
	b := want.append(nil)
	r := &reader{b: b}
	got := r.value(typeStruct)
	if r.bad || len(r.b) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if again := got.append(nil); !bytes.Equal(again, b) {
		t.Errorf("%x, want %x", again, b)
	}
}

func TestCutOffValuesAreNotRead(t *testing.T) {
	s := sample()
	b := s.append(nil)
	for n := range b {
		if r := (&reader{b: b[:n]}); len(r.value(typeStruct).fields) > len(s.fields) || !r.bad && n < len(b)-1 {
			// Without its stop byte a struct is cut off; every shorter one too.
			t.Errorf("%d of %d bytes were read as if they were whole", n, len(b))
		}
	}
}

func TestFilesThatAreNoParquet(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "short": "PAR1", "other": strings.Repeat("x", 100), "cut": "PAR1....\xff\x00\x00\x00PAR1", "footer": "PAR1zz\x02\x00\x00\x00PAR1"} {
		part := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(part, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "out")
		if err := Join(out, []string{part}); err == nil {
			t.Errorf("%s was joined", name)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s left a file behind", name)
		}
	}
	if err := Join(filepath.Join(t.TempDir(), "out"), nil); err == nil {
		t.Error("nothing was joined")
	}
}

func FuzzReader(f *testing.F) {
	s := sample()
	f.Add(s.append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := &reader{b: b}
		v := r.value(typeStruct)
		if r.bad {
			return
		}
		again := &reader{b: v.append(nil)}
		if w := again.value(typeStruct); again.bad || !reflect.DeepEqual(v, w) {
			t.Errorf("%+v became %+v", v, w)
		}
	})
}
