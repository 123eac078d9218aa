package parquet

import (
	"encoding/binary"
	"errors"
)

// The types of Thrift's compact protocol, in which the footer of a Parquet file
// is written (github.com/apache/thrift, doc/specs/thrift-compact-protocol.md).
const (
	typeStop   = 0
	typeTrue   = 1
	typeFalse  = 2
	typeByte   = 3
	typeInt16  = 4
	typeInt32  = 5
	typeInt64  = 6
	typeDouble = 7
	typeBinary = 8
	typeList   = 9
	typeSet    = 10
	typeStruct = 12
)

// value is one value of the protocol, which describes itself: a footer is read
// and written without knowing what all its fields mean.
type value struct {
	kind   byte
	number int64   // of whole numbers
	bytes  []byte  // of doubles, binaries, and bytes
	item   byte    // type of the items of a list
	items  []value // of a list
	fields []field // of a struct
}

type field struct {
	id int16
	value
}

// field gives a field of a struct, nil where it has none of that number.
func (v *value) field(id int16) *value {
	for i := range v.fields {
		if v.fields[i].id == id {
			return &v.fields[i].value
		}
	}
	return nil
}

var errFooter = errors.New("the footer of a Parquet file cannot be read")

// reader reads values. After an error it reads nothing more.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *reader) one() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) varint() uint64 {
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) zigzag() int64 {
	n := r.varint()
	return int64(n>>1) ^ -int64(n&1)
}

func (r *reader) value(kind byte) value {
	v := value{kind: kind}
	switch kind {
	case typeTrue, typeFalse:
	case typeByte:
		v.bytes = r.take(1)
	case typeInt16, typeInt32, typeInt64:
		v.number = r.zigzag()
	case typeDouble:
		v.bytes = r.take(8)
	case typeBinary:
		v.bytes = r.take(r.varint())
	case typeList, typeSet:
		r.list(&v)
	case typeStruct:
		r.structure(&v)
	default:
		r.bad, r.b = true, nil
	}
	return v
}

func (r *reader) list(v *value) {
	head := r.one()
	v.item = head & 15
	size := uint64(head >> 4)
	if size == 15 {
		size = r.varint()
	}
	for ; size > 0 && !r.bad; size-- {
		if v.item == typeTrue || v.item == typeFalse { // a byte each
			v.items = append(v.items, value{kind: typeByte, bytes: r.take(1)})
			continue
		}
		v.items = append(v.items, r.value(v.item))
	}
}

func (r *reader) structure(v *value) {
	id := int16(0)
	for !r.bad {
		head := r.one()
		if head == typeStop {
			return
		}
		if delta := int16(head >> 4); delta > 0 {
			id += delta
		} else {
			id = int16(r.zigzag())
		}
		v.fields = append(v.fields, field{id, r.value(head & 15)})
	}
}

// append writes a value as reader reads it.
func (v *value) append(b []byte) []byte {
	switch v.kind {
	case typeByte, typeDouble:
		return append(b, v.bytes...)
	case typeInt16, typeInt32, typeInt64:
		return binary.AppendUvarint(b, uint64(v.number<<1)^uint64(v.number>>63))
	case typeBinary:
		return append(binary.AppendUvarint(b, uint64(len(v.bytes))), v.bytes...)
	case typeList, typeSet:
		if n := len(v.items); n < 15 {
			b = append(b, byte(n)<<4|v.item)
		} else {
			b = binary.AppendUvarint(append(b, 15<<4|v.item), uint64(n))
		}
		for i := range v.items {
			b = v.items[i].append(b)
		}
		return b
	case typeStruct:
		last := int16(0)
		for i := range v.fields {
			f := &v.fields[i]
			if delta := f.id - last; delta > 0 && delta < 16 {
				b = append(b, byte(delta)<<4|f.kind)
			} else {
				b = binary.AppendUvarint(append(b, f.kind), uint64(uint16(f.id<<1^f.id>>15)))
			}
			last = f.id
			b = f.append(b)
		}
		return append(b, typeStop)
	}
	return b // true and false are their type
}
