package feeds

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"mime"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// unpack undoes a gzip that no Content-Encoding told of.
func (p *parser) unpack(body []byte) (_ []byte, packed bool, _ error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, false, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, true, p.fault(ClassUnparsable, "it is a broken gzip file", "")
	}
	out, err := io.ReadAll(io.LimitReader(z, p.limit+1))
	if int64(len(out)) > p.limit {
		return nil, true, p.tooLarge(errTooMany)
	}
	if err != nil && len(out) == 0 {
		return nil, true, p.fault(ClassUnparsable, "it is a broken gzip file", "")
	}
	return out, true, nil
}

// fromUTF16 decodes UTF-16, which it knows by the byte order mark or by the
// zeros beside the first two characters (XML 1.0, appendix F.1). A single zero
// before a '<' is dirt.
func fromUTF16(b []byte) (_ []byte, was bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("<\x00")) && len(b) > 3 && b[3] == 0:
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("\xfe\xff")), bytes.HasPrefix(b, []byte("\x00<\x00")):
		order = binary.BigEndian
	default:
		return b, false
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return []byte(string(utf16.Decode(units))), true
}

// isUTF8Text reports whether the bytes are UTF-8 beyond doubt: valid, and not
// plain ASCII. Text in a single-byte charset is never that by accident.
func isUTF8Text(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return utf8.Valid(b)
		}
	}
	return false
}

// keepsASCII reports whether an encoding is one of the single-byte ones in
// which every byte below 0x80 is ASCII, also within a longer sequence. In the
// others a '<' may be half of another character.
func keepsASCII(label string) bool {
	_, name := charset.Lookup(label)
	for _, family := range []string{"utf-8", "windows-", "iso-8859-", "koi8-", "macintosh", "x-mac-cyrillic", "ibm866"} {
		if strings.HasPrefix(name, family) {
			return true
		}
	}
	return false
}

// toUTF8 decodes the body by its byte order mark, the HTTP header or its own
// declaration (RFC 7303, section 3), whichever fits first. Bytes that are no
// UTF-8 in the end are taken for windows-1252, one by one: curly quotes pasted
// into an otherwise sound feed are the usual case.
func (p *parser) toUTF8(b []byte, declared []string) []byte {
	if bytes.HasPrefix(b, []byte("\ufeff")) || utf8.Valid(b) && !bytes.Contains(b, []byte("\x1b$")) {
		return mendUTF8(b) // an escape, dollar begins the Japanese part of ISO-2022-JP, which is all ASCII
	}
	labels := declared[:min(len(declared), 2)]
	if _, params, err := mime.ParseMediaType(p.contentType); err == nil && params["charset"] != "" {
		labels = append([]string{params["charset"]}, declared...)
	}
	for _, label := range labels {
		enc, name := charset.Lookup(label)
		if enc == nil || name == "utf-8" || name == "replacement" || strings.HasPrefix(name, "utf-16") {
			continue
		}
		if out, err := enc.NewDecoder().Bytes(b); err == nil {
			return out
		}
	}
	return mendUTF8(b)
}

func mendUTF8(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	c1 := []rune(windows1252)
	out := make([]byte, 0, len(b)+len(b)/8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			if r = rune(b[0]); r < 0xa0 {
				r = c1[r-0x80]
			}
		}
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return out
}
