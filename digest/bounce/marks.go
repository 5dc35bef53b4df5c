package bounce

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

const (
	maxMarks   = 16
	markLength = 39
)

// marks collects what may be the signed mark of a letter of ours, or of a mail that asks for confirmation: in the address
// to which the report came, in the fields of the letter that it returns, or
// wherever a server found it fit to quote them. It is signed, so that it does
// not matter where it stands; but the report's own address is asked first.
//
// The mark is in the envelope's sender behind a plus sign, and in the Message-ID
// (see mail.Composer and mail.Confirmation). Forwarders put more around an address and leave the mark
// before an @ (SRS, BATV).
func marks(m *part) []string {
	var found []string
	shape := regexp.MustCompile(`(?i)(?:[+]|\bstandpoint\.(?:[0-9]{1,9}|confirm)\.)([a-z2-7]{39})@`)
	look := func(text []byte) {
		for len(found) < maxMarks {
			at := shape.FindSubmatchIndex(text)
			if at == nil {
				return
			}
			if mark := strings.ToLower(string(text[at[2]:at[3]])); !slices.Contains(found, mark) {
				found = append(found, mark)
			}
			text = text[at[1]:]
		}
	}
	m.each(func(p *part) bool {
		for _, f := range p.header {
			look([]byte(f.value))
		}
		if bytes.IndexByte(p.body, '@') >= 0 {
			look(p.body)
		}
		return true
	})
	return found
}
