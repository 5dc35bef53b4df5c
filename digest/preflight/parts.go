package preflight

import (
	"bytes"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What an HTML part may have (S21), in bytes: Gmail clips a little above.
const (
	MaxHTML = 92_000  // decoded
	MaxWire = 100_000 // as encoded for the way
)

// parts holds the message's parts against S20 to S23.
func (l *letter) parts() {
	for i := range l.leaves {
		p := &l.leaves[i]
		switch {
		case p.attached || p.kind != "text/plain" && p.kind != "text/html":
			l.fail(23, "take it out: a link does as well", "the message carries a part of type %s", short(p.kind))
			continue
		case p.kind == "text/plain" && l.plain == nil:
			l.plain = p
		case p.kind == "text/html" && l.html == nil:
			l.html = p
		default:
			l.fail(20, report, "more than one part of type %s", p.kind)
		}
		l.charset(p)
		l.wire(p)
	}
	l.order()
	if l.html == nil {
		return
	}
	if n := len(l.html.body); n > MaxHTML {
		l.fail(21, "shorten the template: summaries and the tail were shortened before", "the HTML part has %d bytes, %d are allowed", n, MaxHTML)
	} else if n := len(l.html.wire); n > MaxWire {
		l.fail(21, "shorten the template: summaries and the tail were shortened before", "the HTML part has %d bytes as encoded, %d are allowed", n, MaxWire)
	}
}

// order holds the first half of S20.
func (l *letter) order() {
	const mend = "give the letter a text part and an HTML part that are not empty"
	if l.plain == nil || strings.TrimSpace(l.plain.body) == "" {
		l.fail(20, mend, "no text part")
		l.plain = nil
	}
	if l.html == nil || strings.TrimSpace(l.html.body) == "" {
		l.fail(20, mend, "no HTML part")
		l.html = nil
	}
	if l.plain == nil || l.html == nil {
		return
	}
	if kind, _, _ := mime.ParseMediaType(l.value("Content-Type")); kind != "multipart/alternative" && kind != "multipart/mixed" {
		l.fail(20, report, "the message is %s, not multipart/alternative", short(kind))
	}
	for _, p := range l.leaves {
		if p.kind == "text/plain" {
			return
		}
		if p.kind == "text/html" {
			l.fail(20, report, "the HTML part comes first; programs show the last one that they can")
			return
		}
	}
}

// charset holds S20's UTF-8, and that nothing unseen is in the text.
func (l *letter) charset(p *leaf) {
	if p.charset != "utf-8" {
		l.fail(20, report, "the %s part says charset %q, not UTF-8", p.kind, short(p.charset))
	}
	if !utf8.ValidString(p.body) {
		l.fail(20, "mend the template's bytes", "the %s part is no valid UTF-8", p.kind)
		p.body = strings.ToValidUTF8(p.body, "\uFFFD")
	}
	if i := strings.IndexFunc(p.body, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
		l.fail(0, "take it out of the template", "the %s part holds a control character after %q", p.kind, short(p.body[max(0, i-30):i]))
	}
	if i := strings.IndexFunc(p.body, turns); i >= 0 {
		l.fail(0, "take it out of the template", "the %s part turns the direction of writing after %q", p.kind, short(p.body[max(0, i-30):i]))
	}
}

// wire holds S22: what travels is ASCII in short lines (RFC 2045 §6.7).
func (l *letter) wire(p *leaf) {
	switch p.encoding {
	case "quoted-printable", "base64":
	case "", "7bit":
	default:
		l.fail(22, report, "the %s part travels as %q", p.kind, short(p.encoding))
	}
	if p.encoding == "base64" {
		l.warn(22, report, "the %s part is in base64, which filters mistrust; want quoted-printable", p.kind)
	}
	for row := range bytes.SplitSeq(p.wire, []byte("\r\n")) {
		limit := 78
		if p.encoding == "quoted-printable" {
			limit = 76
			if !quoted(row) {
				l.fail(22, report, "the %s part has an = that is no quoted-printable: %q", p.kind, short(string(row)))
			}
		}
		if len(row) > 998 {
			l.fail(22, report, "the %s part has a line of %d octets, 998 are allowed", p.kind, len(row))
		} else if len(row) > limit {
			l.fail(22, report, "the %s part has a line of %d octets, its encoding allows %d", p.kind, len(row), limit)
		}
		if bytes.ContainsFunc(row, func(r rune) bool { return r >= 0x80 }) {
			l.fail(22, report, "the %s part has bytes outside ASCII", p.kind)
		}
	}
}

// quoted reports whether each = of a line is followed by two hex digits or ends
// the line (RFC 2045 §6.7).
func quoted(row []byte) bool {
	for i := bytes.IndexByte(row, '='); i >= 0; i = bytes.IndexByte(row, '=') {
		if i == len(row)-1 {
			return true
		}
		if i+2 >= len(row) || !upperHex(row[i+1]) || !upperHex(row[i+2]) {
			return false
		}
		row = row[i+3:]
	}
	return true
}

func upperHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' }
