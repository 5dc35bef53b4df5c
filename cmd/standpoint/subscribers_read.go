package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"standpoint/digest/store"
)

// listedReader is a line of a list of readers, or a row of a table of them.
type listedReader struct {
	line   int
	reader store.Subscriber
	err    error // why it is refused; nil: it is not
}

// errNotUTF8 is how a line looks that was saved by an old spreadsheet.
var errNotUTF8 = errors.New("is not in UTF-8; save the file as UTF-8 (spreadsheets call it CSV UTF-8)")

const (
	longestName   = 200
	longestRecord = 1 << 20 // bytes; a quotation mark that nobody closed would else swallow the file
	headerWithin  = 1 << 14 // bytes in which a table's first line must end
)

// readList reads a list, one address a line, or a table (CSV) with a header, as a
// stream. What is wrong with one line is told with it; an error is one of the
// whole file.
func readList(file io.Reader) iter.Seq2[listedReader, error] {
	return func(yield func(listedReader, error) bool) {
		in := bufio.NewReaderSize(file, headerWithin)
		comma, err := tableOf(in)
		switch {
		case err != nil:
			yield(listedReader{}, err)
		case comma == 0:
			readLines(in, yield)
		default:
			readRows(in, comma, yield)
		}
	}
}

// tableOf says what separates a table's columns; 0: it is a plain list.
func tableOf(in *bufio.Reader) (comma rune, err error) {
	head, err := in.Peek(headerWithin)
	if err != nil && err != io.EOF {
		return 0, err
	}
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) || bytes.IndexByte(head, 0) >= 0 {
		return 0, errors.New("the file is in UTF-16, or no text; save it as UTF-8")
	}
	if rest, ok := bytes.CutPrefix(head, []byte("\ufeff")); ok {
		if _, err := in.Discard(len(head) - len(rest)); err != nil {
			return 0, err
		}
		head = rest
	}
	first, _, _ := strings.Cut(strings.TrimLeft(string(head), "\r\n \t"), "\n")
	first = strings.TrimSpace(first)
	for _, comma := range ",;\t" {
		cells := strings.Split(first, string(comma))
		if column(cells, addressNames) >= 0 {
			return comma, nil
		}
		switch {
		case len(cells) < 2 || strings.HasPrefix(first, "#"):
		case !strings.ContainsRune(first, '@'):
			return 0, fmt.Errorf("no column of the first line, %q, is named email", short(first, 80))
		case !holdsAddress(first) && slices.ContainsFunc(cells, func(cell string) bool { return holdsAddress(bare(cell)) }):
			return 0, fmt.Errorf("a table needs a first line that names its columns: write email%cname above the others", comma)
		}
	}
	return 0, nil
}

// The names of columns, without space and signs, the best first.
var (
	addressNames = []string{"email", "emailaddress", "mail", "mailaddress", "subscriberemail", "address", "emailadresse", "mailadresse", "adresse"}
	wholeNames   = []string{"name", "fullname", "displayname"}
	firstNames   = []string{"firstname", "givenname", "vorname"}
	lastNames    = []string{"lastname", "surname", "familyname", "nachname"}
	stateNames   = []string{"subscriptionstatus", "status", "state"}
)

// onList are the states, here and in other list programs, of somebody who wants
// the letters. Whoever is in another one has left, and must not be written to.
var onList = []string{"", "active", "enabled", "subscribed", "confirmed"}

// column finds a column by its names; -1: there is none.
func column(header []string, names []string) int {
	keys := make([]string, len(header))
	for i, cell := range header {
		keys[i] = strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(bare(cell)))
	}
	for _, name := range names {
		if i := slices.Index(keys, name); i >= 0 {
			return i
		}
	}
	return -1
}

func bare(cell string) string { return strings.Trim(strings.TrimSpace(cell), `"`) }

func holdsAddress(text string) bool {
	_, err := mail.ParseAddress(text)
	return err == nil
}

// readLines reads a plain list. Empty lines and remarks, which begin with #, are
// passed over.
func readLines(in *bufio.Reader, yield func(listedReader, error) bool) {
	for n := 1; ; n++ {
		text, err := addressLine(in)
		if err == io.EOF {
			return
		}
		if err != nil && err != errLongLine {
			yield(listedReader{}, err)
			return
		}
		if err == nil && (text == "" || strings.HasPrefix(text, "#")) {
			continue
		}
		if !yield(readerOf(n, text, err), nil) {
			return
		}
	}
}

// readerOf makes a reader of an address with or without a name.
func readerOf(line int, text string, err error) listedReader {
	out := listedReader{line: line, err: err}
	if err == nil && !utf8.ValidString(text) {
		out.err = errNotUTF8
	}
	if out.err == nil {
		out.reader, out.err = parseReader(text)
		out.reader.Name = short(out.reader.Name, longestName)
	}
	return out
}

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
func readRows(in io.Reader, comma rune, yield func(listedReader, error) bool) {
	limit := &bounded{in, longestRecord}
	rows := csv.NewReader(limit)
	rows.Comma, rows.FieldsPerRecord, rows.TrimLeadingSpace, rows.ReuseRecord = comma, -1, comma != '\t', true
	header, err := rows.Read()
	if err != nil {
		yield(listedReader{}, fmt.Errorf("the first line: %w", err))
		return
	}
	t := newTable(header)
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

// table knows which column holds what; -1: none.
type table struct{ address, name, first, last, state int }

func newTable(header []string) table {
	return table{
		column(header, addressNames), column(header, wholeNames), column(header, firstNames), column(header, lastNames), column(header, stateNames),
	}
}

// entry makes a reader of a row; ok is false for an empty one. A field of several
// lines with an address in it is no field: a quotation mark was left open.
func (t table) entry(at int, row []string) (entry listedReader, ok bool, err error) {
	empty := true
	for _, field := range row {
		empty = empty && strings.TrimSpace(field) == ""
		if _, rest, many := strings.Cut(field, "\n"); many && strings.ContainsRune(rest, '@') {
			return listedReader{}, false, fmt.Errorf("line %d: a field goes on over lines with other addresses: a quotation mark is not closed", at)
		}
	}
	if empty {
		return listedReader{}, false, nil
	}
	cell := func(i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	name := line(orElse(cell(t.name), cell(t.first)+" "+cell(t.last)))
	switch state := cell(t.state); {
	case cell(t.address) == "":
		return listedReader{line: at, err: errors.New("has no address")}, true, nil
	case !slices.Contains(onList, strings.ToLower(state)):
		return listedReader{line: at, err: fmt.Errorf("is not active (%s) where the table comes from", short(state, 40))}, true, nil
	case len(cell(t.address)) > longestLine:
		return listedReader{line: at, err: errLongLine}, true, nil
	case !utf8.ValidString(row[t.address] + cell(t.name) + cell(t.first) + cell(t.last)):
		return listedReader{line: at, err: errNotUTF8}, true, nil
	}
	entry = readerOf(at, cell(t.address), nil)
	if name != "" {
		entry.reader.Name = short(name, longestName)
	}
	return entry, true, nil
}
