package mail

import (
	"bytes"
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// personal finds the places of the readers' tokens in the letter.
func (c *Composer) personal(l Letter) error {
	found := 0
	if c.slots, found = slots(c.tail, l.Mark); l.Mark != "" {
		if want := strings.Count(l.Text, l.Mark) + strings.Count(l.HTML, l.Mark); found != want {
			return fmt.Errorf("%d of %d places for the reader's token survived the encoding", found, want)
		}
	}
	return nil
}

// leaving says how to leave (RFC 2369 §3.2). With a web side the mail program can
// do it by itself, at one click (RFC 8058 §3.1, S10); its address comes first,
// since some programs take the first one only.
func (c *Composer) leaving(m *gomail.Msg, token string) {
	if c.web == "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, c.leave)
		return
	}
	m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+LeaveURL(c.web, token)+">, "+c.leave)
	m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
}

// unfold takes an address in angle brackets back onto the line of its field's
// name. go-mail puts a long one on a line of its own; that is allowed, but some
// servers read such a field as empty.
func unfold(head []byte) []byte {
	return bytes.ReplaceAll(head, []byte(":\r\n <"), []byte(": <"))
}

// sign puts the signatures before a head. None covers another.
func (c *Composer) sign(head, tail []byte) ([]byte, error) {
	if len(c.keys) == 0 {
		return head, nil
	}
	var all []byte
	for _, k := range c.keys {
		s, err := k.sign(head, tail)
		if err != nil {
			return nil, err
		}
		all = append(all, s...)
	}
	return append(all, head...), nil
}
