package mail

import (
	"fmt"
	netmail "net/mail"
	"path/filepath"
	"time"
)

// Confirmation is a mail to somebody who asked to be a reader, or in whose name
// somebody else did. Who gets it is on no list, so it has no list headers: there
// is nothing to leave. Nothing that was written into the form is in it, or the form
// would carry anybody's words to anybody.
type Confirmation struct {
	Request int64  // the store's number: the same gives the same Message-ID
	To      string // bare address
	Subject string
	Text    string // plain text; lines are not wrapped
	Date    time.Time
	// Return, signed by the caller, tells what comes back to be about this mail: it
	// stands in the Message-ID and, with bounces' own address, on the envelope.
	// Empty: nothing does.
	Return string
}

// NewConfirmation makes the message of a confirmation. Its errors name the
// request, and never the address.
func NewConfirmation(s Sender, c Confirmation) (*Message, error) {
	m, err := newConfirmation(s, c)
	if err != nil {
		return nil, fmt.Errorf("compose confirmation of request %d: %w", c.Request, err)
	}
	return m, nil
}

func newConfirmation(s Sender, c Confirmation) (*Message, error) {
	from, err := address(path(s.From.Address))
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	to, err := address(c.To)
	if err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	if err := checkFolded(c.Return); err != nil {
		return nil, err
	}
	p := plain{
		kind: "confirm", key: fmt.Sprint(c.Request), mark: c.Return,
		from:    netmail.Address{Name: clean(s.From.Name, maxName), Address: from},
		to:      netmail.Address{Address: to},
		subject: c.Subject, text: c.Text, date: c.Date,
	}
	replyTo, err := mailbox(s.ReplyTo, p.from)
	if err != nil {
		return nil, fmt.Errorf("reply-to: %w", err)
	}
	p.replyTo = &replyTo
	bounces, err := mailbox(s.Bounces, p.from)
	if err != nil {
		return nil, fmt.Errorf("bounces: %w", err)
	}
	if p.envelope = bounces.Address; s.Bounces != "" && c.Return != "" {
		p.envelope = returning(p.envelope, c.Return)
	}
	return p.message(s.DKIM)
}

// Confirmation stores a message to somebody who asked as confirmations/REQUEST.eml,
// beside the editions.
func (o Outbox) Confirmation(m *Message, request int64) error {
	dir := filepath.Join(o.Dir, "confirmations")
	if err := makeFolder(dir, 0o700); err != nil {
		return o.fault(err)
	}
	return o.fault(writeFile(dir, file{fmt.Sprintf("%06d.eml", request), m.Bytes()}, 0o600))
}
