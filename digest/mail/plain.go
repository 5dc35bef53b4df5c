package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// plain is a mail of text alone to one person, and no letter to a list: it has no
// list headers.
type plain struct {
	kind     string // part of the Message-ID
	key      string // the same key and address give the same Message-ID
	mark     string // stands in the Message-ID in their stead; may be empty
	envelope string // address that it bounces to
	from, to netmail.Address
	replyTo  *netmail.Address // nil: none
	subject  string
	text     string
	date     time.Time
}

// message makes the message and signs it. It belongs to no edition and no
// subscriber: both its numbers are 0.
func (p plain) message(keys []DKIMKey) (*Message, error) {
	subject := clean(p.subject, maxSubject)
	if subject == "" || strings.TrimSpace(p.text) == "" || p.date.IsZero() {
		return nil, errors.New("want a subject, a text and a date")
	}
	mark := p.mark
	if mark == "" {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s", p.key, p.to.Address))
		mark = strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
	}
	id := fmt.Sprintf("<standpoint.%s.%s@%s>", p.kind, mark, domain(p.from.Address))
	m := gomail.NewMsg(
		gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent(),
	)
	m.SetAddrHeaderFromMailAddress(gomail.HeaderFrom, &p.from)
	m.SetAddrHeaderFromMailAddress(gomail.HeaderTo, &p.to)
	if p.replyTo != nil {
		m.SetAddrHeaderFromMailAddress(gomail.HeaderReplyTo, p.replyTo)
	}
	m.Subject(subject)
	m.SetDateWithValue(p.date)
	m.SetMessageIDWithValue(strings.Trim(id, "<>"))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: no holiday replies, please (S15)
	m.SetBodyString(gomail.TypeTextPlain, strings.ToValidUTF8(p.text, "\uFFFD"))
	whole, err := render(m)
	if err != nil {
		return nil, err
	}
	var signatures bytes.Buffer
	for _, k := range keys {
		signature, err := k.sign(whole)
		if err != nil {
			return nil, err
		}
		signatures.WriteString(signature)
	}
	return &Message{ID: id, from: p.envelope, to: p.to.Address, head: signatures.Bytes(), tail: whole}, nil
}
