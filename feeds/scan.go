package feeds

import (
	"bytes"
	"errors"
	"strings"
)

// Limits of what goes to gofeed. It recurses into nested elements and copies
// the namespaces in scope for each element: 5 MB of nested tags cost it a
// gigabyte, 7.5 MB its process. All limits are far above any real feed.
const (
	maxDepth      = 64
	maxElements   = 250_000
	maxItems      = 50_000
	maxTag        = 64 << 10 // bytes of one start tag
	maxBase       = 2 << 10  // bytes of a start tag with an xml:base, and of an address that others are relative to: it is copied into each
	maxNamespaces = 200      // declarations in scope
	maxScoped     = 4 << 20  // declarations in scope, of all elements together: they are copied for each
)

// markKind is the kind of a piece of markup.
type markKind int

const (
	markStart markKind = iota // <a b="c">
	markEmpty                 // <a/>
	markEnd                   // </a>
	markCDATA
	markComment
	markPI        // <?xml …?>
	markDirective // <!DOCTYPE …>
	markStray     // a < that begins nothing
	markBroken    // markup that the document ends in
)

// mark is one piece of markup, from '<' to behind '>'.
type mark struct {
	kind       markKind
	name       string // of elements: local name in lower case; of instructions: the target
	start, end int
}

// nextMark finds the next markup at or after from. It cuts the document where
// encoding/xml cuts it when not strict, wherever that one goes on at all: what
// it takes for a comment or a quoted value is never an element to gofeed.
// FuzzScan holds the two against each other.
func nextMark(b []byte, from int) (mark, bool) {
	i := bytes.IndexByte(b[from:], '<')
	if i < 0 {
		return mark{}, false
	}
	i += from
	m := mark{start: i, end: len(b), kind: markBroken}
	rest := b[i:]
	until := func(kind markKind, skip int, end string) (mark, bool) {
		if j := bytes.Index(rest[skip:], []byte(end)); j >= 0 {
			m.kind, m.end = kind, i+skip+j+len(end)
		}
		return m, true
	}
	switch {
	case len(rest) < 2:
		return m, true
	case rest[1] == '?':
		m.name = string(nameAt(rest[2:]))
		return until(markPI, 2, "?>")
	case bytes.HasPrefix(rest, []byte("<!--")):
		return until(markComment, 4, "-->")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return until(markCDATA, 9, "]]>")
	case rest[1] == '!':
		if n := directiveEnd(rest); n > 0 {
			m.kind, m.end = markDirective, i+n
		}
		return m, true
	case rest[1] == '/':
		m.name = local(nameAt(rest[2:]))
		return until(markEnd, 2, ">")
	}
	name := nameAt(rest[1:])
	if len(name) == 0 || name[0] == '-' || name[0] == '.' || '0' <= name[0] && name[0] <= '9' {
		m.kind, m.end = markStray, i+1
		return m, true
	}
	m.name = local(name)
	if n := tagEnd(rest); n > 0 {
		m.kind, m.end = markStart, i+n
		if rest[n-2] == '/' {
			m.kind = markEmpty
		}
	}
	return m, true
}

// nameAt takes an XML name, generously.
func nameAt(b []byte) []byte {
	for i, c := range b {
		if !isAlnum(c) && c != '_' && c != ':' && c != '-' && c != '.' && c < 0x80 {
			return b[:i]
		}
	}
	return b
}

func local(name []byte) string {
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return strings.ToLower(string(name))
}

// tagEnd finds the end of a start tag, past quoted values; 0 when there is none.
func tagEnd(b []byte) int {
	var quote, last byte
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote, last = 0, c
			}
			continue
		case c == '>':
			return i + 1
		case (c == '"' || c == '\'') && last == '=':
			quote = c
		}
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			last = c
		}
	}
	return 0
}

// directiveEnd finds the end of <!…>, which may hold others, quotes and
// comments; 0 when there is none.
func directiveEnd(b []byte) int {
	depth := 0
	var quote byte
	for i := 3; i < len(b); i++ { // encoding/xml takes the first byte behind <! as it is, quote or not
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<' && bytes.HasPrefix(b[i:], []byte("<!--")):
			j := bytes.Index(b[i+4:], []byte("-->"))
			if j < 0 {
				return 0
			}
			i += 4 + j + 2
		case c == '<':
			depth++
		case c == '>' && depth == 0:
			return i + 1
		case c == '>':
			depth--
		}
	}
	return 0
}

// outline is what one pass over the raw bytes tells about a document.
type outline struct {
	root      string // first element's local name in lower case
	rootAt    int    // its offset
	open      bool   // the document ends inside an element or a piece of markup
	items     int    // outermost items
	depth     int
	encodings []string // of its XML declarations, in their order
}

// errTooDeep and its like are what the limits say.
var (
	errTooDeep  = errors.New("nests elements too deep")
	errTooMany  = errors.New("has too many elements")
	errTagSize  = errors.New("has an oversized tag")
	errTooManyN = errors.New("declares too many namespaces")
)

// survey walks over a document in an encoding that keeps ASCII and holds it
// against the limits.
func survey(b []byte) (outline, error) {
	var o outline
	var scope []int                           // namespace declarations in scope, for each open element
	elements, scoped, item, at := 0, 0, -1, 0 // item: elements open around the outermost item
	for {
		m, ok := nextMark(b, at)
		if !ok {
			o.open = len(scope) > 0
			return o, nil
		}
		at = m.end
		switch m.kind {
		case markStart, markEmpty:
			if o.root == "" {
				o.root, o.rootAt = m.name, m.start
			}
			if size := m.end - m.start; size > maxTag || size > maxBase && bytes.Contains(b[m.start:m.end], []byte(":base")) {
				return o, errTagSize
			}
			if item < 0 && isItem(m.name) {
				o.items++
				if m.kind == markStart {
					item = len(scope)
				}
			}
			if elements++; elements > maxElements || o.items > maxItems {
				return o, errTooMany
			}
			n := bytes.Count(b[m.start:m.end], []byte("xmlns"))
			if len(scope) > 0 {
				n += scope[len(scope)-1]
			}
			if scoped += n; n > maxNamespaces || scoped > maxScoped {
				return o, errTooManyN
			}
			if o.depth = max(o.depth, len(scope)+1); o.depth > maxDepth {
				return o, errTooDeep
			}
			if m.kind == markStart {
				scope = append(scope, n)
			}
		case markEnd:
			if len(scope) > 0 {
				scope = scope[:len(scope)-1]
			}
			if len(scope) <= item {
				item = -1
			}
		case markPI:
			if m.name == "xml" {
				o.encodings = append(o.encodings, declaredEncoding(b[m.start:m.end]))
			}
		case markBroken:
			o.open = true
		case markCDATA, markComment, markDirective, markStray:
		}
	}
}

func isItem(name string) bool { return name == "item" || name == "entry" }

// declaredEncoding reads the label of an XML declaration, in lower case.
func declaredEncoding(pi []byte) string {
	_, after, ok := bytes.Cut(pi, []byte("encoding"))
	if !ok {
		return ""
	}
	after = bytes.TrimLeft(after, " \t\r\n=")
	if len(after) == 0 || after[0] != '"' && after[0] != '\'' {
		return ""
	}
	label, _, _ := bytes.Cut(after[1:], after[:1])
	return strings.ToLower(string(label[:min(len(label), 40)]))
}
