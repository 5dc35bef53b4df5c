package mail

import (
	"bytes"
	"errors"
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

// own is what stands in the places of a letter's mark for one reader: with a web
// side the token of its address, else that of the mail address for leaving.
func (c *Composer) own(to Recipient) string {
	if c.web == "" {
		return to.Leave
	}
	return to.Token
}

// checkOwn refuses a reader without what this letter needs of him.
func (c *Composer) checkOwn(to Recipient) error {
	if err := checkFolded(to.Leave); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	if err := checkFolded(to.Return); err != nil {
		return fmt.Errorf("return: %w", err)
	}
	switch {
	case c.web != "":
		if err := checkToken(to.Token); err != nil {
			return fmt.Errorf("token: %w", err)
		}
	case len(c.slots) > 0 && to.Leave == "":
		return errors.New("leave: none, and each reader's letter needs one")
	}
	return nil
}

// leaving says how to leave (RFC 2369 §3.2). With a web side the mail program can
// do it by itself, at one click (RFC 8058 §3.1, S10); its address comes first,
// since some programs take the first one only.
func (c *Composer) leaving(m *gomail.Msg, to Recipient) {
	byMail := "<" + leaveMail(c.leave, to.Leave) + ">"
	if c.web == "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, byMail)
		return
	}
	m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+LeaveURL(c.web, to.Token)+">, "+byMail)
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
