package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	netmail "net/mail"
	"path/filepath"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Notice is a mail from the program to its operator. It is no letter to the list:
// it has no list headers and nobody's token.
type Notice struct {
	To      string // bare address
	Subject string
	Text    string // plain text; lines are not wrapped
	Key     string // what it tells of: the same key and date give the same Message-ID
	Date    time.Time
}

// NewNotice makes the message of a notice. It belongs to no edition and no
// subscriber: both its numbers are 0.
func NewNotice(s Sender, n Notice) (*Message, error) {
	m, err := newNotice(s, n)
	if err != nil {
		return nil, fmt.Errorf("compose notice to the operator: %w", err)
	}
	return m, nil
}

func newNotice(s Sender, n Notice) (*Message, error) {
	from, err := address(path(s.From.Address))
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	to, err := address(n.To)
	if err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	subject := clean(n.Subject, maxSubject)
	if subject == "" || strings.TrimSpace(n.Text) == "" || n.Date.IsZero() {
		return nil, errors.New("want a subject, a text and a date")
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", n.Key, to, n.Date.UnixNano()))
	id := fmt.Sprintf("<standpoint.notice.%s@%s>", strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10])), domain(from))
	m := gomail.NewMsg(
		gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent(),
	)
	m.SetAddrHeaderFromMailAddress(gomail.HeaderFrom, &netmail.Address{Name: clean(s.From.Name, maxName), Address: from})
	m.SetAddrHeaderFromMailAddress(gomail.HeaderTo, &netmail.Address{Address: to})
	m.Subject(subject)
	m.SetDateWithValue(n.Date)
	m.SetMessageIDWithValue(strings.Trim(id, "<>"))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: no holiday replies, please (S15)
	m.SetBodyString(gomail.TypeTextPlain, strings.ToValidUTF8(n.Text, "\uFFFD"))
	whole, err := render(m)
	if err != nil {
		return nil, err
	}
	var signatures bytes.Buffer
	for _, k := range s.DKIM {
		signature, err := k.sign(whole)
		if err != nil {
			return nil, err
		}
		signatures.WriteString(signature)
	}
	return &Message{ID: id, from: from, to: to, head: signatures.Bytes(), tail: whole}, nil
}

// Notice stores a message to the operator as operator/TIME.eml, beside the
// editions: where letters go to a folder, there is nobody to mail it.
func (o Outbox) Notice(m *Message, at time.Time) error {
	dir := filepath.Join(o.Dir, "operator")
	if err := makeFolder(dir, 0o700); err != nil {
		return o.fault(err)
	}
	return o.fault(writeFile(dir, file{at.UTC().Format("2006-01-02T150405Z") + ".eml", m.Bytes()}, 0o600))
}
