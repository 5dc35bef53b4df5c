package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// bounded ends a record that does not end by itself.
type bounded struct {
	io.Reader
	left int
}

var errEndless = errors.New("a quotation mark is not closed, or a row is longer than 1 MB")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errEndless
	}
	n, err := b.Reader.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// readRows reads a table (RFC 4180) whose first row names its columns.
func readRows(in io.Reader, comma rune, offer offer, yield func(listedReader, error) bool) {
	limit := &bounded{in, longestRecord}
	rows := csv.NewReader(limit)
	rows.Comma, rows.FieldsPerRecord, rows.TrimLeadingSpace, rows.ReuseRecord = comma, -1, comma != '\t', true
	header, err := rows.Read()
	if err != nil {
		yield(listedReader{}, fmt.Errorf("the first line: %w", err))
		return
	}
	t := newTable(header, offer)
	last := 1
	for {
		limit.left = longestRecord
		row, err := rows.Read()
		if err == io.EOF {
			return
		}
		bad, isBad := errors.AsType[*csv.ParseError](err)
		switch {
		case isBad && bad.Line == bad.StartLine:
			last = bad.StartLine
			if !yield(listedReader{line: last, err: errors.New("has a quotation mark that belongs to no field")}, nil) {
				return
			}
			continue
		case isBad:
			yield(listedReader{}, fmt.Errorf("line %d: a quotation mark is not closed, or not in its place: what follows cannot be told apart", bad.StartLine))
			return
		case err != nil:
			yield(listedReader{}, fmt.Errorf("after line %d: %w", last, err))
			return
		}
		last, _ = rows.FieldPos(0)
		entry, ok, err := t.entry(last, row)
		if err != nil {
			yield(listedReader{}, err)
			return
		}
		if ok && !yield(entry, nil) {
			return
		}
	}
}
