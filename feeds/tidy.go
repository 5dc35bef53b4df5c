package feeds

import (
	"bytes"
)

// tidy rewrites a document in UTF-8 without declarations, comments and
// characters that XML 1.0 forbids (section 2.2), escapes what looks like markup
// and is none, and puts end tags where they belong. What the document leaves
// open at its end stays open.
func tidy(b []byte) []byte {
	t := tidier{in: legal(b)}
	t.out = make([]byte, 0, len(t.in)+len(t.in)/16)
	for {
		m, ok := nextMark(t.in, t.at)
		if !ok {
			t.text(t.in[t.at:])
			return t.out
		}
		t.text(t.in[t.at:m.start])
		t.at = m.end
		switch m.kind {
		case markPI, markComment, markDirective:
		case markCDATA:
			t.out = append(t.out, t.in[m.start:m.end]...)
		case markStray:
			t.out = append(t.out, "&lt;"...)
		case markStart, markEmpty:
			t.start(m)
		case markEnd:
			t.end(m)
		case markBroken:
			if bytes.HasPrefix(t.in[m.start:], []byte("<?")) { // and none of those behind it ends, so none is looked for again
				t.in, t.at = bytes.ReplaceAll(t.in[m.start:], []byte("<?"), []byte("&lt;?")), 0
				continue
			}
			if end := bytes.IndexByte(t.in[m.start:], '>'); m.name != "" && end > 0 {
				m.kind, m.end = markStart, m.start+end+1 // a quote that is never closed: the tag alone is lost
				t.at = m.end
				t.start(m)
				continue
			}
			return t.out // the document ends within markup: what came before is whole
		}
	}
}

// tidier is one call of tidy.
type tidier struct {
	in, out []byte
	at      int      // how far in is done
	open    [][]byte // names of the open elements
}

func (t *tidier) text(b []byte) {
	t.out = append(t.out, bytes.ReplaceAll(b, []byte("]]>"), []byte("]]&gt;"))...)
}

// start copies a start tag. A '<' within it (XML 1.0, section 3.1 forbids it)
// is a sign of quotes that do not match: such a tag ends early and loses its
// attributes.
func (t *tidier) start(m mark) {
	tag := t.in[m.start:m.end]
	name := nameAt(tag[1:])
	if bytes.IndexByte(tag[1:], '<') >= 0 || m.kind == markStart && tag[len(tag)-1] != '>' {
		end := bytes.IndexByte(tag, '>')
		t.at = m.start + end + 1
		m.kind = markStart
		tag = append(append([]byte("<"), name...), '>')
	}
	t.out = append(t.out, tag...)
	if m.kind == markStart {
		t.open = append(t.open, name)
	}
}

// end closes what is open above the element too, and drops an end tag that
// closes nothing: encoding/xml would let it close whatever is open.
func (t *tidier) end(m mark) {
	tag := t.in[m.start:m.end]
	if next := bytes.IndexByte(tag[1:], '<'); next >= 0 {
		t.at = m.start + 1 + next
	}
	name := nameAt(tag[2:])
	for i := len(t.open) - 1; i >= 0; i-- {
		if !bytes.EqualFold(t.open[i], name) {
			continue
		}
		for j := len(t.open) - 1; j >= i; j-- {
			t.out = append(append(append(t.out, "</"...), t.open[j]...), '>')
		}
		t.open = t.open[:i]
		return
	}
}
