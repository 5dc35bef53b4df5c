package render

import (
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode"
)

// How long a letter may be. A reader has seven minutes; Gmail clips what is
// longer than some 102 KB and hides the footer with it (S21), as the HTML part
// or as it is encoded on the way.
const (
	mostWords = 1100
	mostHTML  = 92_000  // octets
	mostWire  = 100_000 // octets, quoted-printable
)

// wordsIn counts what there is to read: no addresses, no signs alone.
func wordsIn(texts ...string) int {
	n := 0
	for _, t := range texts {
		for w := range strings.FieldsSeq(t) {
			if strings.ContainsFunc(w, readable) && !strings.Contains(w, "://") && !strings.HasPrefix(w, "mailto:") {
				n++
			}
		}
	}
	return n
}

func readable(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// fits says whether a mail program shows an HTML part of this size whole (S21).
func fits(html string) bool {
	if len(html) > mostHTML {
		return false
	}
	var wire counter
	w := quotedprintable.NewWriter(&wire)
	_, _ = io.WriteString(w, html) // a counter takes everything
	_ = w.Close()
	return int(wire) <= mostWire
}

// counter counts the octets that are written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
