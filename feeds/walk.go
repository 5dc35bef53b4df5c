package feeds

import (
	"bytes"
	"fmt"
	"runtime"
)

const (
	walkFrom = 2 << 20   // bytes from which a document is read in parts
	walkPart = 512 << 10 // bytes of a part, more only where one item has more
	walkHead = 64 << 10  // bytes that may stand before the first item, as each part repeats them
)

// Walk reads a document as Parse does and hands its items over, in the feed's
// order, instead of returning them. A large document is read in parts, some at
// once: that is faster, and takes little more memory than the document itself.
// The error is for a document of which nothing can be read.
func Walk(body []byte, contentType, base string, src SourceID, each func(Item)) (Parsed, error) {
	p := parser{src: src, base: base, contentType: contentType, limit: 8 << 20}
	whole, groups := p.divide(body)
	read := make([]chan walked, max(1, len(groups)))
	for i := range read {
		read[i] = make(chan walked, 1)
	}
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	go func() {
		for i := range read {
			places <- struct{}{}
			go func() {
				doc := body
				if len(groups) > 0 {
					doc = whole.join(whole.head, groups[i])
				}
				read[i] <- p.walk(doc)
			}()
		}
	}()
	var all Parsed
	var first error
	good := 0
	for i := range read {
		part := <-read[i]
		<-places // now, so that items wait for their turn in few parts only
		if part.err != nil {
			if first == nil {
				first = part.err
			}
			continue
		}
		for _, item := range part.Items {
			each(item)
		}
		part.Items = nil
		if good++; good == 1 {
			part.Repaired, part.Incomplete = part.Repaired || all.Repaired, part.Incomplete || all.Incomplete
			all = part.Parsed
			continue
		}
		all.Repaired, all.Incomplete = all.Repaired || part.Repaired, all.Incomplete || part.Incomplete
	}
	if good == 0 {
		return Parsed{}, first
	}
	all.Incomplete = all.Incomplete || first != nil
	return all, nil
}

// walked is what became of a part.
type walked struct {
	Parsed
	err error
}

// walk parses a part. It runs beside the caller, whom a panic would pass by.
func (p *parser) walk(doc []byte) (w walked) {
	defer func() {
		if r := recover(); r != nil {
			w = walked{err: p.fault(ClassUnparsable, "the parser gave up: "+visible(fmt.Sprint(r), 160), "")}
		}
	}()
	w.Parsed, w.err = p.parse(doc)
	return w
}

// divide takes a large document apart into groups of items; no groups where it
// is small, or so unusual that only the whole of it tells what it is.
func (p *parser) divide(body []byte) (whole parts, groups [][][]byte) {
	if len(body) < walkFrom || bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return parts{}, nil
	}
	o, err := survey(body)
	if err != nil || !isFeedRoot(o.root) || o.open || needsDecoding(o, body) {
		return parts{}, nil
	}
	whole = dissect(body)
	if whole.open || len(whole.head) > walkHead || len(whole.items) < 2 || !whole.fill(body) {
		return parts{}, nil
	}
	for items := whole.items; len(items) > 0; {
		n, size := 0, 0
		for n < len(items) && (n == 0 || size+len(items[n]) <= walkPart) {
			size += len(items[n])
			n++
		}
		groups = append(groups, items[:n])
		items = items[n:]
	}
	return whole, groups
}

// fill reports whether the document has little else than its head and its items:
// what a feed says of itself behind its first item would be lost.
func (s parts) fill(body []byte) bool {
	rest := len(body) - len(s.head)
	for _, item := range s.items {
		rest -= len(item)
	}
	return rest < 1024+16*len(s.items)
}
