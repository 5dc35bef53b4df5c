package main

import (
	"bufio"
	"bytes"
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
	reader store.Incoming
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
// whole file. What a reader may wish for is in the offer.
func readList(file io.Reader, offer offer) iter.Seq2[listedReader, error] {
	return func(yield func(listedReader, error) bool) {
		in := lineEnds(bufio.NewReaderSize(file, headerWithin))
		comma, err := tableOf(in)
		switch {
		case err != nil:
			yield(listedReader{}, err)
		case comma == 0:
			readLines(in, yield)
		default:
			readRows(in, comma, offer, yield)
		}
	}
}

// lineEnds reads a file whose lines end with a carriage return alone, as old
// spreadsheets write them, like any other.
func lineEnds(in *bufio.Reader) *bufio.Reader {
	head, _ := in.Peek(headerWithin) // a fault shows when it is read
	if bytes.IndexByte(head, '\r') < 0 || bytes.IndexByte(head, '\n') >= 0 {
		return in
	}
	return bufio.NewReaderSize(&returns{in: in}, headerWithin)
}

// returns makes newlines of carriage returns.
type returns struct{ in io.Reader }

func (r *returns) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
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
		if column(cells, columns["email"]) >= 0 {
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
		out.reader.Subscriber, out.err = parseReader(text)
	}
	return out
}
