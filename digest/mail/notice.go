package mail

import (
	"fmt"
	netmail "net/mail"
	"path/filepath"
	"time"
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
	return plain{
		kind: "notice", key: fmt.Sprintf("%s\x00%d", n.Key, n.Date.UnixNano()), envelope: from,
		from: netmail.Address{Name: clean(s.From.Name, maxName), Address: from}, to: netmail.Address{Address: to},
		subject: n.Subject, text: n.Text, date: n.Date,
	}.message(s.DKIM)
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
