package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	netmail "net/mail"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Draft is the mail that shows an editor an edition before its readers get it: a
// few sentences, what can be done, and then the letter. It is no letter to the
// list: it has no list headers and no reader's token.
type Draft struct {
	To       string // bare address
	Edition  int
	Reminder bool      // the editor has had one before
	Says     []string  // sentences that stand before the letter
	Page     string    // https address of the editor's page; empty: commands are named in its stead
	Date     time.Time // the same date, edition and kind give the same Message-ID

	// The letter; all empty where no piece is left in it.
	Subject, HTML, Text string
}

// NewDraft makes the message of a draft. As a notice it belongs to no edition and
// no subscriber: an outbox keeps it apart from letters.
func NewDraft(s Sender, d Draft) (*Message, error) {
	m, err := newDraft(s, d)
	if err != nil {
		return nil, fmt.Errorf("compose draft of edition %d: %w", d.Edition, err)
	}
	return m, nil
}

func newDraft(s Sender, d Draft) (*Message, error) {
	from, err := address(path(s.From.Address))
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	to, err := address(d.To)
	if err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	if len(d.Says) == 0 || d.Edition < 1 || d.Date.IsZero() {
		return nil, errors.New("want a sentence, an edition and a date")
	}
	kind, subject := "draft", fmt.Sprintf("For approval: edition %d", d.Edition)
	if d.Reminder {
		kind, subject = "reminder", fmt.Sprintf("Still waits for approval: edition %d", d.Edition)
	}
	if d.Subject != "" {
		subject += ": " + d.Subject
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s\x00%d", kind, d.Edition, to, d.Date.UnixNano()))
	id := fmt.Sprintf("<standpoint.%s.%d.%s@%s>", kind, d.Edition, strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10])), domain(from))
	text, page := d.text(), d.html()
	m := gomail.NewMsg(
		gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent(),
	)
	m.SetAddrHeaderFromMailAddress(gomail.HeaderFrom, &netmail.Address{Name: clean(s.From.Name, maxName), Address: from})
	m.SetAddrHeaderFromMailAddress(gomail.HeaderTo, &netmail.Address{Address: to})
	m.Subject(clean(subject, maxSubject))
	m.SetDateWithValue(d.Date)
	m.SetMessageIDWithValue(strings.Trim(id, "<>"))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: no holiday replies, please (S15)
	bound := sha256.Sum256([]byte(id + "\x00" + text + "\x00" + page))
	m.SetBoundary("standpoint-" + hex.EncodeToString(bound[:16]))
	m.SetBodyString(gomail.TypeTextPlain, text)
	m.AddAlternativeString(gomail.TypeTextHTML, page)
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

// calls are what an editor without a web side types.
func (d Draft) calls() [][2]string {
	return [][2]string{
		{"Approve", fmt.Sprintf("standpoint editions approve %d", d.Edition)},
		{"Hold", fmt.Sprintf("standpoint editions hold %d --why TEXT", d.Edition)},
		{"Correct", "standpoint correct URL STANCE --why TEXT"},
		{"Drop", fmt.Sprintf("standpoint editions drop %d URL --why TEXT", d.Edition)},
		{"See it again", fmt.Sprintf("standpoint editions replay %d --out DIR", d.Edition)},
	}
}

func (d Draft) text() string {
	var b strings.Builder
	for _, s := range d.Says {
		b.WriteString(s + "\n\n")
	}
	if d.Page != "" {
		b.WriteString("Approve, hold, correct or drop here:\n" + d.Page + "\n\nThe page acts only when you press a button on it. Keep the address to yourself: whoever has it can do the same.\n")
	} else {
		for _, c := range d.calls() {
			fmt.Fprintf(&b, "%s:\n  %s\n", c[0], c[1])
		}
	}
	if d.Text != "" {
		b.WriteString("\nThis is the letter:\n\n" + strings.Repeat("=", 72) + "\n\n" + d.Text)
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

const (
	besideStyle = `margin:0 auto;max-width:640px;padding:20px 24px 24px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:25px;color:#1e1d1a;background:#fff8dc;border-bottom:3px solid #1e1d1a;`
	linkStyle   = `display:inline-block;padding:12px 24px;color:#ffffff;background:#1e1d1a;font-weight:bold;text-decoration:none;`
)

// html puts the sentences before the letter, within its body.
func (d Draft) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div style="%s">`+"\n", besideStyle)
	for _, s := range d.Says {
		fmt.Fprintf(&b, `<p style="margin:0 0 12px;">%s</p>`+"\n", html.EscapeString(s))
	}
	if d.Page != "" {
		fmt.Fprintf(&b, `<p style="margin:18px 0;"><a href="%s" style="%s">Approve, hold, correct or drop</a></p>`+"\n", html.EscapeString(d.Page), linkStyle)
		b.WriteString(`<p style="margin:0;font-size:14px;line-height:22px;">The page acts only when you press a button on it. Keep its address to yourself: whoever has it can do the same.</p>` + "\n")
	} else {
		for _, c := range d.calls() {
			fmt.Fprintf(&b, `<p style="margin:0 0 6px;">%s: <code>%s</code></p>`+"\n", c[0], html.EscapeString(c[1]))
		}
	}
	b.WriteString("</div>\n")
	letter := strings.ToValidUTF8(d.HTML, "\uFFFD")
	if letter == "" {
		letter = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Draft</title></head>\n<body>\n</body>\n</html>\n"
	}
	if at := regexp.MustCompile(`(?i)<body[^>]*>`).FindStringIndex(letter); at != nil {
		return letter[:at[1]] + "\n" + b.String() + letter[at[1]:]
	}
	return b.String() + letter // of an operator's own template
}

// Draft stores the mail with a draft as editor/TIME.eml, beside the editions: where
// letters go to a folder, there is nobody to mail it.
func (o Outbox) Draft(m *Message, at time.Time) error {
	dir := filepath.Join(o.Dir, "editor")
	if err := makeFolder(dir, 0o700); err != nil {
		return o.fault(err)
	}
	return o.fault(writeFile(dir, file{at.UTC().Format("2006-01-02T150405Z") + ".eml", m.Bytes()}, 0o600))
}
