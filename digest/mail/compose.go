package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Composer holds one edition, encoded, and makes the readers' messages of it.
// It never changes and may be used from many goroutines.
type Composer struct {
	edition int
	date    time.Time
	from    netmail.Address
	replyTo netmail.Address
	list    listID
	bounces netmail.Address // from, if none is set
	verp    bool
	leave   string // bare address that takes leavers
	help    string // the List-Help value
	web     string // empty: none
	report  string // the Feedback-ID value; empty: none
	subject string

	tail  []byte // Content-Type and body
	slots []slot // of the readers' tokens in it
	keys  []DKIMKey
}

// NewComposer checks sender and letter and encodes the body. The date is the
// message's Date field, in its own zone; it decides nothing else.
func NewComposer(s Sender, l Letter, edition int, date time.Time) (*Composer, error) {
	c := &Composer{edition: edition, date: date, subject: clean(l.Subject, maxSubject)}
	if err := errors.Join(c.sender(s), c.letter(l)); err != nil {
		return nil, fmt.Errorf("compose edition %d: %w", edition, err)
	}
	// Strings, not streams: a body writer that fails in the middle of DATA
	// would leave half a letter with the server, accepted.
	m := c.fields()
	m.SetBoundary(c.boundary(l))
	m.SetBodyString(gomail.TypeTextPlain, strings.ToValidUTF8(l.Text, "\uFFFD"))
	m.AddAlternativeString(gomail.TypeTextHTML, strings.ToValidUTF8(l.HTML, "\uFFFD"))
	whole, err := render(m)
	if err != nil {
		return nil, fmt.Errorf("compose edition %d: %w", edition, err)
	}
	// go-mail writes Content-Type last, so all before it is one reader's and
	// all from it on is everybody's. No field can hold the mark: none has a CR LF.
	at := bytes.Index(whole, []byte("\r\nContent-Type: multipart/alternative;"))
	if at < 0 {
		return nil, fmt.Errorf("compose edition %d: no multipart/alternative in the rendered message", edition)
	}
	c.tail = bytes.Clone(whole[at+len("\r\n"):])
	if err := c.personal(l); err != nil {
		return nil, fmt.Errorf("compose edition %d: %w", edition, err)
	}
	return c, nil
}

// Message makes the message for one reader.
func (c *Composer) Message(to Recipient) (*Message, error) {
	addr, err := address(to.Address)
	if err != nil {
		// By number, never by address: this text goes to logs.
		return nil, fmt.Errorf("compose edition %d for subscriber %d: %w", c.edition, to.ID, err)
	}
	if err := c.checkOwn(to); err != nil {
		return nil, fmt.Errorf("compose edition %d for subscriber %d: %w", c.edition, to.ID, err)
	}
	id := c.messageID(to, addr)
	m := c.fields()
	c.leaving(m, to)
	m.SetMessageIDWithValue(strings.Trim(id, "<>"))
	m.SetAddrHeaderFromMailAddress(gomail.HeaderTo, &netmail.Address{Name: clean(to.Name, maxName), Address: addr})
	head, err := render(m)
	if err != nil {
		return nil, fmt.Errorf("compose edition %d for subscriber %d: %w", c.edition, to.ID, err)
	}
	tail := fill(c.tail, c.slots, c.own(to))
	head, err = c.sign(unfold(head), tail)
	if err != nil {
		return nil, fmt.Errorf("compose edition %d for subscriber %d: %w", c.edition, to.ID, err)
	}
	return &Message{
		Edition: c.edition, Recipient: to.ID, ID: id,
		from: c.envelope(to.Return), to: addr, head: head, tail: tail,
	}, nil
}

// fields starts a go-mail message with all that does not depend on the reader.
func (c *Composer) fields() *gomail.Msg {
	m := gomail.NewMsg(
		gomail.WithCharset(gomail.CharsetUTF8),
		gomail.WithEncoding(gomail.EncodingQP), // RFC 2045 §6.7: lines of 76 and no 8-bit, on every server (S22)
		gomail.WithNoDefaultUserAgent(),        // no version to the world, no change of bytes with an update
	)
	m.SetAddrHeaderFromMailAddress(gomail.HeaderFrom, &c.from)
	m.SetAddrHeaderFromMailAddress(gomail.HeaderReplyTo, &c.replyTo)
	m.Subject(c.subject)
	m.SetDateWithValue(c.date)                         // RFC 5322 §3.6.1
	m.SetGenHeader("List-ID", c.list.String())         // RFC 2919 §3 (S13)
	m.SetGenHeader("List-Help", c.help)                // RFC 2369 §3.1 (S13)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: no holiday replies, please (S15)
	m.SetGenHeader(gomail.HeaderPrecedence, "bulk")    // the older sign of the same (S15)
	if c.web != "" {
		m.SetGenHeader("List-Archive", "<"+archiveURL(c.web)+">") // RFC 2369 §3.6 (S13)
	}
	if c.report != "" {
		m.SetGenHeader("Feedback-ID", c.report) // S15
	}
	return m
}

// messageID names the message of one edition to one reader. A second hand-over
// after a lost answer has the same one, so that a server or a mail client can
// see that both are one (RFC 5322 §3.6.4, S9). Reports of bounces and complaints
// quote it, and what stands in it for the reader shows that they are not
// invented; in a proof that is a hash of the address.
func (c *Composer) messageID(to Recipient, addr string) string {
	reader := to.Return
	if reader == "" {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s", c.list.id, to.ID, addr))
		reader = strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
	}
	return fmt.Sprintf("<standpoint.%d.%s@%s>", c.edition, reader, domain(c.from.Address))
}

// boundary is a hash of what it parts: the same for the same letter, and no
// text can contain the hash of itself (RFC 2046 §5.1.1).
func (c *Composer) boundary(l Letter) string {
	h := sha256.New()
	for _, s := range []string{c.list.id, fmt.Sprint(c.edition), l.Text, l.HTML} {
		fmt.Fprintf(h, "%d\x00%s", len(s), s)
	}
	return "standpoint-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// sender checks and takes over what concerns the sender; all faults at once.
func (c *Composer) sender(s Sender) error {
	var errs []error
	from, err := address(path(s.From.Address))
	if err != nil {
		errs = append(errs, fmt.Errorf("from: %w", err))
	}
	c.from = netmail.Address{Name: clean(s.From.Name, maxName), Address: from}
	if c.replyTo, err = mailbox(s.ReplyTo, c.from); err != nil {
		errs = append(errs, fmt.Errorf("reply-to: %w", err))
	}
	if c.leave, err = address(orElse(s.Unsubscribe, DefaultUnsubscribe(c.from))); err != nil {
		errs = append(errs, fmt.Errorf("unsubscribe: %w", err))
	}
	if c.bounces, err = mailbox(s.Bounces, c.from); err != nil {
		errs = append(errs, fmt.Errorf("bounces: %w", err))
	} else if c.verp = s.Bounces != ""; c.verp {
		errs = append(errs, checkBounces(c.bounces.Address, c.from.Address))
	}
	c.help = "<" + mailto(c.replyTo.Address) + "?subject=help>"
	if c.list, err = parseListID(orElse(s.ListID, DefaultListID(c.from))); err != nil {
		errs = append(errs, fmt.Errorf("list-id: %w", err))
	}
	if c.web = s.Web; c.web != "" {
		if err := CheckWeb(c.web); err != nil {
			errs = append(errs, fmt.Errorf("web side: %w", err))
		}
	}
	if err := checkFeedback(s.FeedbackID); err != nil {
		errs = append(errs, fmt.Errorf("feedback id: %w", err))
	} else if s.FeedbackID != "" {
		label, _, _ := strings.Cut(c.list.id, ".")
		c.report = fmt.Sprintf("%d:%s:standpoint:%s", c.edition, label, s.FeedbackID)
	}
	c.keys = s.DKIM
	for _, k := range s.DKIM {
		if !k.aligned(domain(c.from.Address)) {
			errs = append(errs, fmt.Errorf("dkim: a signature of %s does not vouch for %s", k.domain, domain(c.from.Address)))
		}
	}
	return errors.Join(errs...)
}

// letter refuses a letter that is not whole (S20).
func (c *Composer) letter(l Letter) error {
	switch {
	case c.subject == "":
		return errors.New("letter without a subject")
	case strings.TrimSpace(l.HTML) == "":
		return errors.New("letter without an HTML part")
	case strings.TrimSpace(l.Text) == "":
		return errors.New("letter without a text part")
	case c.edition < 0:
		return errors.New("edition number below zero")
	case c.date.IsZero():
		return errors.New("no date")
	case l.Mark != "":
		if err := checkMark(l.Mark, c.web == ""); err != nil {
			return fmt.Errorf("mark of the reader's token: %w", err)
		}
	}
	return nil
}

func render(m *gomail.Msg) ([]byte, error) {
	var b bytes.Buffer
	_, err := m.WriteTo(&b)
	return b.Bytes(), err
}

func orElse(s, other string) string {
	if strings.TrimSpace(s) == "" {
		return other
	}
	return s
}
