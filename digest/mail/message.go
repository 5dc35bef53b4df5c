package mail

import (
	"io"
	netmail "net/mail"
	"time"
)

// Sender is who the letter comes from: the same for every reader.
type Sender struct {
	From netmail.Address // its domain ends every Message-ID (S9); without Bounces it is the envelope's, too

	Bounces     string // bare address to which letters bounce, its domain aligned with From's (S8); empty: From
	ReplyTo     string // address, with or without a name; empty: From
	Unsubscribe string // bare address that takes leavers; empty: DefaultUnsubscribe(From)
	ListID      string // "Name <label.domain>" or "label.domain"; empty: DefaultListID(From)

	Web        string    // https address of the web side, see CheckWeb; empty: none, readers leave by mail alone
	FeedbackID string    // the sender's name in Gmail's reports, 5 to 15 characters; empty: no Feedback-ID
	DKIM       []DKIMKey // each signs every message; none: no signature
}

// Letter is one edition as text, rendered and complete.
type Letter struct {
	Subject string
	HTML    string
	Text    string
	// Mark stands in HTML and Text wherever a reader's token belongs, as long and
	// of the same characters as that one: Recipient.Token where the sender has a web
	// side, else Recipient.Leave. Nobody who writes into a letter could know it
	// beforehand. Empty: the letter is the same for all.
	Mark string
}

// Recipient is one reader. ID is the store's number and what logs and file
// names show; 0 is for a proof that belongs to no subscriber.
type Recipient struct {
	ID      int64
	Address string // bare; its domain may be international, its local part is ASCII
	Name    string // may be empty
	Token   string // stands in the web address for leaving: TokenLength URL-safe characters; required where the sender has a web side
	Leave   string // stands in the mail address for leaving: FoldedLength small letters and digits; required where a letter without a web side has a mark
	Return  string // what tells a bounce of this letter: FoldedLength small letters and digits that nobody can guess; empty for a proof
}

// Message is one letter to one reader, finished: it is never changed, and it is
// safe to hand over again as it is.
type Message struct {
	Edition   int
	Recipient int64  // Recipient.ID
	ID        string // the Message-ID with its angle brackets

	from, to string // envelope, bare addresses in ASCII
	head     []byte // signatures and header fields up to Content-Type, this reader's own
	tail     []byte // Content-Type and body, shared by all readers of the edition unless it has their tokens in it
}

// Compose makes the message of one edition for one reader. To make many, make a
// [Composer] once: it encodes the body once.
func Compose(s Sender, l Letter, to Recipient, edition int, date time.Time) (*Message, error) {
	c, err := NewComposer(s, l, edition, date)
	if err != nil {
		return nil, err
	}
	return c.Message(to)
}

// Bytes returns the whole message with CR LF line ends: what a server is given
// and what an .eml file holds.
func (m *Message) Bytes() []byte {
	b := make([]byte, 0, m.Size())
	return append(append(b, m.head...), m.tail...)
}

// WriteTo writes what Bytes returns, without a copy.
func (m *Message) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(m.head)
	if err != nil {
		return int64(n), err
	}
	k, err := w.Write(m.tail)
	return int64(n + k), err
}

// Size is the length of the message in bytes.
func (m *Message) Size() int { return len(m.head) + len(m.tail) }
