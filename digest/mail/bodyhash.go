package mail

import (
	"bytes"
	"crypto/sha256"
	"io"
)

// bodyHash is what a signature needs of a body, made ready once for all readers.
type bodyHash struct {
	form  []byte // the form that is signed
	slots []slot // of the readers' tokens in it
	whole [sha256.Size]byte
}

// newBodyHash takes what follows the head: the last field, an empty line and the
// body. No blank stands in a mark, so it has as many places in the signed form.
func newBodyHash(tail []byte, mark string) *bodyHash {
	_, body, _ := bytes.Cut(tail, []byte("\r\n\r\n"))
	b := &bodyHash{form: relaxedBody(body)}
	b.slots, _ = slots(b.form, mark)
	b.whole = sha256.Sum256(b.form)
	return b
}

// of is the hash of the body with a token in its places.
func (b *bodyHash) of(token string) [sha256.Size]byte {
	if len(b.slots) == 0 {
		return b.whole
	}
	h := sha256.New()
	last := 0
	for _, s := range b.slots {
		h.Write(b.form[last:s.at])
		_, _ = io.WriteString(h, token[s.from:s.from+s.n]) // a hash never fails
		last = s.at + s.n
	}
	h.Write(b.form[last:])
	return [sha256.Size]byte(h.Sum(nil))
}
