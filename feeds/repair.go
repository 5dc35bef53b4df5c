package feeds

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
)

// repair makes a document that gofeed refuses one that it can read, or says why
// it is none: it decodes the text, cuts off what stands before the root, and
// takes out what XML forbids.
func (p *parser) repair(body []byte, o outline, wide bool) ([]byte, error) {
	if !wide {
		body = p.toUTF8(body, o.encodings)
	}
	o, err := survey(body)
	if err != nil {
		return nil, p.tooLarge(err)
	}
	at := o.rootAt
	if !isFeedRoot(o.root) {
		if at = feedRoot(body); at < 0 || isPageRoot(o.root) {
			return nil, p.notFeed(body, o.root)
		}
	}
	body = tidy(body[at:])
	if _, err := survey(body); err != nil {
		return nil, p.tooLarge(err)
	}
	return body, nil
}

func isPageRoot(root string) bool { return root == "html" || root == "head" || root == "body" }

// feedRoot finds the root of a feed behind leading junk, such as the warnings
// of a PHP program; -1 when there is none.
func feedRoot(b []byte) int {
	at := 0
	for range 1000 {
		m, ok := nextMark(b, at)
		if !ok {
			return -1
		}
		if m.kind == markStart && isFeedRoot(m.name) {
			return m.start
		}
		at = m.end
	}
	return -1
}

// legal drops the characters that XML forbids, also as numeric references.
func legal(b []byte) []byte {
	b = bytes.Map(func(r rune) rune {
		if !isXMLChar(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, b)
	var out []byte
	for {
		i := bytes.Index(b, []byte("&#"))
		if i < 0 {
			return append(out, b...)
		}
		out = append(out, b[:i]...)
		b = b[i:]
		end := bytes.IndexByte(b[:min(len(b), 12)], ';')
		if end < 0 {
			out, b = append(out, "&amp;#"...), b[2:]
			continue
		}
		digits, base := strings.ToLower(string(b[2:end])), 10
		if strings.HasPrefix(digits, "x") {
			digits, base = digits[1:], 16
		}
		if n, err := strconv.ParseUint(digits, base, 31); err == nil && isXMLChar(rune(n)) {
			out = append(out, b[:end+1]...)
		}
		b = b[end+1:]
	}
}

func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || 0x20 <= r && r <= 0xd7ff || 0xe000 <= r && r <= 0xfffd || 0x10000 <= r && r <= 0x10ffff
}

// salvage reads a tidied document. One that breaks off is closed behind its
// last whole item, and one that goes on behind its root is read to the end; one
// that gofeed still refuses is read item by item, so that a broken item is lost
// alone.
func salvage(doc []byte) (feed *gofeed.Feed, incomplete bool, err error) {
	s := dissect(doc)
	whole, err := decode(doc)
	if err == nil && len(whole.Items) >= len(s.items) {
		return whole, false, nil
	}
	feed, broken := decode(s.join(s.head, s.items)) // also those behind a root that ends too early
	switch {
	case broken == nil && (err != nil || len(feed.Items) > len(whole.Items)):
		return feed, s.open, nil
	case err == nil:
		return whole, s.open, nil
	}
	var good [][]byte
	single := min(len(s.items), 2000)
	if len(s.bare) > maxTag { // it is read again with each
		single = 0
	}
	for _, item := range s.items[:single] {
		if _, err := decode(s.join(s.bare, [][]byte{item})); err == nil {
			good = append(good, item)
		}
	}
	if len(good) == 0 && len(s.items) > 0 {
		return nil, false, broken
	}
	for _, head := range [][]byte{s.head, s.bare} {
		if feed, err = decode(s.join(head, good)); err == nil {
			return feed, s.open || len(good) < len(s.items), nil
		}
	}
	return nil, false, errors.Join(err)
}

// parts is a document taken apart: its head, its whole items, and the tags that
// close what is open around them.
type parts struct {
	head, bare []byte // all up to the first item; the tags around it alone
	items      [][]byte
	closers    []byte
	open       bool // the document ends within an element
}

func (s parts) join(head []byte, items [][]byte) []byte {
	var b bytes.Buffer
	b.Write(head)
	for _, it := range items {
		b.Write(it)
	}
	b.Write(s.closers)
	return b.Bytes()
}

// dissect finds the outermost items of a document.
func dissect(doc []byte) parts {
	var s parts
	var around []mark // open elements, without items
	nested, itemAt, at := 0, 0, 0
	seal := func(end int) { // the head ends here
		if s.head == nil {
			s.head = doc[:end:end]
			for i, m := range around {
				s.bare = append(s.bare, doc[m.start:m.end]...)
				tag := nameAt(doc[around[len(around)-1-i].start+1:])
				s.closers = append(append(append(s.closers, "</"...), tag...), '>')
			}
		}
	}
	for {
		m, ok := nextMark(doc, at)
		if !ok {
			break
		}
		at = m.end
		item := isItem(m.name)
		switch {
		case item && m.kind == markStart:
			if nested == 0 {
				seal(m.start)
				itemAt = m.start
			}
			nested++
		case item && m.kind == markEnd && nested > 0:
			if nested--; nested == 0 {
				s.items = append(s.items, doc[itemAt:m.end:m.end])
			}
		case nested > 0:
		case m.kind == markStart:
			around = append(around, m)
		case m.kind == markEnd && len(around) > 0:
			around = around[:len(around)-1]
		}
	}
	s.open = nested > 0 || len(around) > 0
	seal(len(doc))
	return s
}
