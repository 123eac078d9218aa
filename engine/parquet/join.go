// Package parquet puts Parquet files of the same columns one after the other
// into one file. Row groups are copied as they are; only the footer, which says
// where they lie, is written anew. In: paths. Out: a file. It knows no database
// and no value of any row.
package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

const magic = "PAR1"

// Numbers of fields in the footer (parquet.thrift of apache/parquet-format).
const (
	fileSchema, fileRows, fileGroups                       = 2, 3, 4
	groupColumns, groupOffset, groupOrdinal                = 1, 5, 7
	chunkOffset, chunkMeta, chunkOffsetIndex, chunkIndex   = 2, 3, 4, 6
	metaData, metaIndexPage, metaDictionary, metaBloomData = 9, 10, 11, 14
)

// Join writes the row groups of parts, in their order, to path. Parts have the
// same columns; key-value metadata is that of the first. A file that could not
// be written whole is removed.
func Join(path string, parts []string) (err error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if closed := out.Close(); err == nil {
			err = closed
		}
		if err != nil {
			os.Remove(path)
		}
	}()
	j := &joiner{out: out}
	if err := j.write([]byte(magic)); err != nil {
		return err
	}
	for _, p := range parts {
		if err := j.add(p); err != nil {
			return err
		}
	}
	return j.finish()
}

// joiner is a file in the making.
type joiner struct {
	out    io.Writer
	at     int64 // bytes written
	footer *value
}

func (j *joiner) write(b []byte) error {
	n, err := j.out.Write(b)
	j.at += int64(n)
	return err
}

// add copies the body of a part, and moves its row groups to where they are now.
func (j *joiner) add(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	footer, end, err := readFooter(f)
	if err != nil {
		return err
	}
	by := j.at - int64(len(magic))
	if _, err := f.Seek(int64(len(magic)), io.SeekStart); err != nil {
		return err
	}
	n, err := io.Copy(j.out, io.LimitReader(f, end-int64(len(magic))))
	if j.at += n; err != nil {
		return err
	}
	groups := footer.field(fileGroups)
	for i := range groups.items {
		moveGroup(&groups.items[i], by)
	}
	if j.footer == nil {
		j.footer = footer
		return nil
	}
	if !bytes.Equal(j.footer.field(fileSchema).append(nil), footer.field(fileSchema).append(nil)) {
		return errors.New("files of different columns cannot be joined")
	}
	j.footer.field(fileRows).number += footer.field(fileRows).number
	all := j.footer.field(fileGroups)
	all.items = append(all.items, groups.items...)
	return nil
}

// finish writes the footer.
func (j *joiner) finish() error {
	if j.footer == nil {
		return errors.New("there are no Parquet files to join")
	}
	for i, g := range j.footer.field(fileGroups).items {
		if n := g.field(groupOrdinal); n != nil && i < 1<<15 {
			n.number = int64(i)
		}
	}
	b := j.footer.append(nil)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(b)))
	return j.write(append(b, magic...))
}

// readFooter reads the footer and where it begins.
func readFooter(f *os.File) (*value, int64, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	tail := make([]byte, 8)
	if _, err := f.ReadAt(tail, info.Size()-8); err != nil {
		return nil, 0, fmt.Errorf("%w: %w", errFooter, err)
	}
	begin := info.Size() - 8 - int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != magic || begin < int64(len(magic)) {
		return nil, 0, errFooter
	}
	b := make([]byte, info.Size()-8-begin)
	if _, err := f.ReadAt(b, begin); err != nil {
		return nil, 0, err
	}
	r := &reader{b: b}
	v := r.value(typeStruct)
	if r.bad || v.field(fileSchema) == nil || v.field(fileRows) == nil || v.field(fileGroups) == nil {
		return nil, 0, errFooter
	}
	return &v, begin, nil
}

// moveGroup adds to every place in the file that a row group names. 0 is no
// place: the file begins with its mark.
func moveGroup(g *value, by int64) {
	move := func(v *value, ids ...int16) {
		for _, id := range ids {
			if at := v.field(id); at != nil && at.number > 0 {
				at.number += by
			}
		}
	}
	move(g, groupOffset)
	columns := g.field(groupColumns)
	if columns == nil {
		return
	}
	for i := range columns.items {
		c := &columns.items[i]
		move(c, chunkOffset, chunkOffsetIndex, chunkIndex)
		if meta := c.field(chunkMeta); meta != nil {
			move(meta, metaData, metaIndexPage, metaDictionary, metaBloomData)
		}
	}
}
