package bounce

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
)

// Limits of what is looked at. A report has about five parts, two deep.
const (
	maxDepth  = 8
	maxParts  = 64
	maxFields = 500 // of a header
	maxValue  = 8 << 10
)

// part is a message or a part of one. Reports are broken in many ways, cut off
// most of all, and a parser that refuses a whole message for one bad line would
// lose the bounce with it; so this one takes what it can.
type part struct {
	header
	kind   string // media type in lower case; text/plain where nothing says otherwise
	params map[string]string
	raw    []byte // body as it came
	body   []byte // without transfer encoding; nil for a multipart
	parts  []*part
}

type field struct{ name, value string }

type header []field

// get returns the first value of a field, on one line.
func (h header) get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

func parse(raw []byte) *part {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	if bytes.HasPrefix(raw, []byte("From ")) { // as mail files and pipes begin
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	left := maxParts
	return entity(raw, 0, &left)
}

// entity reads header and body (RFC 5322 §2.1, RFC 2045).
func entity(raw []byte, depth int, left *int) *part {
	*left--
	p := &part{}
	p.header, p.raw = fields(raw)
	p.kind, p.params = mediaType(p.get("Content-Type"))
	boundary := p.params["boundary"]
	if !strings.HasPrefix(p.kind, "multipart/") || boundary == "" || depth >= maxDepth {
		p.body = decode(p.raw, p.get("Content-Transfer-Encoding"))
		return p
	}
	for each := range between(p.raw, boundary) {
		if *left <= 0 {
			break
		}
		p.parts = append(p.parts, entity(each, depth+1, left))
	}
	if len(p.parts) == 0 {
		p.body = p.raw
	}
	return p
}

// mediaType reads a Content-Type, the type alone where its parameters are broken
// (RFC 2045 §5.1).
func mediaType(s string) (kind string, params map[string]string) {
	kind, params, err := mime.ParseMediaType(s)
	if err != nil {
		before, _, _ := strings.Cut(s, ";")
		kind = strings.ToLower(strings.TrimSpace(before))
		if _, after, ok := strings.Cut(strings.ToLower(s), "boundary="); ok {
			at := len(s) - len(after)
			b := strings.TrimLeft(s[at:], `"`)
			params = map[string]string{"boundary": b[:max(0, min(len(b), indexAny(b, "\"; \t")))]}
		}
	}
	if !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	return kind, params
}

func indexAny(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}

// between yields the parts between a boundary's lines; the last may have no end
// (RFC 2046 §5.1.1).
func between(body []byte, boundary string) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		line := []byte("--" + boundary)
		start := -1
		for at := 0; at < len(body); {
			end := at + lineEnd(body[at:])
			if rest, ok := bytes.CutPrefix(body[at:end], line); ok {
				rest = bytes.TrimRight(rest, " \t\n")
				last := string(rest) == "--"
				if last || len(rest) == 0 {
					if start >= 0 && !yield(body[start:max(start, at-1)]) {
						return
					}
					if start = end; last {
						return
					}
				}
			}
			at = end
		}
		if start >= 0 && start < len(body) {
			yield(body[start:])
		}
	}
}

func lineEnd(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	return len(b)
}

// fields reads a header up to its empty line. Lines that are no fields are left
// out.
func fields(raw []byte) (h header, rest []byte) {
	for len(raw) > 0 {
		end := lineEnd(raw)
		line := strings.TrimRight(string(raw[:min(end, maxValue)]), "\n")
		if strings.TrimSpace(line) == "" {
			return h, raw[end:]
		}
		raw = raw[end:]
		if line[0] == ' ' || line[0] == '\t' {
			if n := len(h); n > 0 && len(h[n-1].value) < maxValue {
				h[n-1].value += " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if name = strings.TrimRight(name, " \t"); ok && !strings.ContainsAny(name, " \t") && len(h) < maxFields {
			h = append(h, field{name, strings.TrimSpace(value)})
		}
	}
	return h, nil
}

// decode undoes a transfer encoding, as far as it goes (RFC 2045 §6).
func decode(raw []byte, encoding string) []byte {
	var r io.Reader
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		r = quotedprintable.NewReader(bytes.NewReader(raw))
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, bytes.NewReader(raw))
	default:
		return raw
	}
	out, _ := io.ReadAll(r)
	return out
}

// each yields the parts that the message itself has, not those of a message in
// it: a person may send us somebody's bounce.
func (p *part) each(yield func(*part) bool) bool {
	if !yield(p) {
		return false
	}
	for _, child := range p.parts {
		if !child.each(yield) {
			return false
		}
	}
	return true
}

// find returns the first part of one of the types, or nil.
func (p *part) find(kinds ...string) (found *part) {
	p.each(func(each *part) bool {
		for _, k := range kinds {
			if each.kind == k {
				found = each
			}
		}
		return found == nil
	})
	return found
}
