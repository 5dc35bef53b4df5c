package preflight

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
)

// field is one header field; value is unfolded, as the message has it.
type field struct{ name, value string }

// leaf is a part of the message that holds no parts.
type leaf struct {
	kind     string // media type
	charset  string
	encoding string // transfer encoding, in lower case
	attached bool
	wire     []byte // as sent
	body     string // decoded, lines end in LF
}

// maxParts bounds the parts that are looked at.
const maxParts = 50

// read takes the message apart and holds it against RFC 5322; it says whether
// there is something to hold against the rules.
func (l *letter) read() bool {
	l.lines()
	raw := bytes.ReplaceAll(bytes.ReplaceAll(l.raw, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	raw = bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
	head, body, ok := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !ok {
		l.fail(0, "this is a fault of the program: please report it", "the message has no body")
		return false
	}
	l.body = body
	l.header(head)
	kind, params, err := mime.ParseMediaType(l.value("Content-Type"))
	if err != nil {
		l.fail(0, "this is a fault of the program: please report it", "Content-Type %q cannot be read", short(l.value("Content-Type")))
		return false
	}
	if !strings.HasPrefix(kind, "multipart/") {
		l.leaf(textproto.MIMEHeader{"Content-Type": {l.value("Content-Type")}, "Content-Transfer-Encoding": {l.value("Content-Transfer-Encoding")}}, body)
	} else if !l.split(body, params["boundary"], 0) {
		l.fail(0, "this is a fault of the program: please report it", "the parts of the message cannot be told apart")
		return false
	}
	return true
}

// lines holds line ends and bytes against RFC 5322 §2.3.
func (l *letter) lines() {
	const mend = "this is a fault of the program or of what hands it the letter: please report it"
	pairs := bytes.Count(l.raw, []byte("\r\n"))
	if n := bytes.Count(l.raw, []byte("\n")) - pairs; n > 0 {
		l.fail(0, mend, "%d line ends without a CR", n)
	}
	if n := bytes.Count(l.raw, []byte("\r")) - pairs; n > 0 {
		l.fail(0, mend, "%d CR without a LF", n)
	}
	if n := bytes.Count(l.raw, []byte{0}); n > 0 {
		l.fail(0, mend, "%d NUL bytes", n)
	}
}

// header reads the fields and holds them against RFC 5322 §2.2 and RFC 2047.
func (l *letter) header(head []byte) {
	const mend = "this is a fault of the program: please report it"
	for row := range strings.SplitSeq(string(head), "\r\n") {
		if row != "" && (row[0] == ' ' || row[0] == '\t') && len(l.fields) > 0 {
			l.fields[len(l.fields)-1].value += row
			continue
		}
		name, value, ok := strings.Cut(row, ":")
		if !ok || !l.re.fieldName.MatchString(name) {
			l.fail(0, mend, "a header line is no field: %q", short(row))
			l.broken = true
			continue
		}
		l.fields = append(l.fields, field{name, strings.TrimSpace(value)})
	}
	for _, f := range l.fields {
		if strings.ContainsFunc(f.value, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f }) {
			l.fail(0, mend, "%s holds raw bytes that are no printable ASCII", f.name)
		}
		if strings.EqualFold(f.name, "Bcc") || strings.EqualFold(f.name, "Resent-Bcc") {
			l.fail(0, mend, "a %s field shows readers each other", f.name)
		}
		if strings.EqualFold(f.name, "DKIM-Signature") {
			continue
		}
		for _, w := range l.re.encodedWord.FindAllString(f.value, -1) {
			if len(w) > 75 { // RFC 2047 §2
				l.fail(0, mend, "%s has an encoded word of %d characters, 75 are allowed", f.name, len(w))
			}
		}
	}
}

// split reads the parts between boundaries, parts of parts included.
func (l *letter) split(body []byte, boundary string, depth int) bool {
	if boundary == "" || !bytes.Contains(body, []byte("--"+boundary+"--")) {
		return false
	}
	for r := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return true
		}
		if err != nil {
			return false
		}
		wire, err := io.ReadAll(p)
		if err != nil {
			return false
		}
		kind, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err == nil && strings.HasPrefix(kind, "multipart/") && depth < 3 {
			if !l.split(wire, params["boundary"], depth+1) {
				return false
			}
			continue
		}
		if len(l.leaves) < maxParts {
			l.leaf(p.Header, wire)
		}
	}
}

// leaf decodes a part and keeps it.
func (l *letter) leaf(h textproto.MIMEHeader, wire []byte) {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind = "unreadable"
	}
	disposition, _, _ := strings.Cut(strings.ToLower(h.Get("Content-Disposition")), ";")
	p := leaf{
		kind: kind, charset: strings.ToLower(params["charset"]), encoding: fold(h.Get("Content-Transfer-Encoding")), wire: wire,
		attached: strings.TrimSpace(disposition) == "attachment" || params["name"] != "",
	}
	var decoded []byte
	switch p.encoding {
	case "quoted-printable":
		// What is wrong with it is told by S22, from the bytes as sent.
		decoded, _ = io.ReadAll(quotedprintable.NewReader(bytes.NewReader(wire)))
	case "base64":
		decoded, _ = io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(wire)))
	default:
		decoded = wire
	}
	p.body = strings.ReplaceAll(string(decoded), "\r\n", "\n")
	l.leaves = append(l.leaves, p)
}

// values returns the fields of a name; value the first one, or "".
func (l *letter) values(name string) []string {
	var out []string
	for _, f := range l.fields {
		if strings.EqualFold(f.name, name) {
			out = append(out, f.value)
		}
	}
	return out
}

func (l *letter) value(name string) string {
	if v := l.values(name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// decoded is a field with its encoded words read, or as it stands.
func decoded(value string) string {
	if s, err := new(mime.WordDecoder).DecodeHeader(value); err == nil {
		return s
	}
	return value
}
