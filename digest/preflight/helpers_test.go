package preflight_test

import (
	"bytes"
	"crypto/ed25519"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/preflight"
	"standpoint/digest/render"
	"standpoint/digest/topic"

	"github.com/emersion/go-msgauth/dkim"
)

const (
	web    = "https://digest.example.org"
	token  = "q7Zr2mK9xT4vB1nW8cY5hL3pD6sF0gJa"
	postal = "Example Street 1, 1000 Brussels"
	leaver = "digest+unsubscribe@example.org"
	folded = "aeb2q7zr5mk3xt4vbwnc6yhlpdsfgjaiuoe2bqk" // the token in a mail address
)

// setup is a configuration: what the operator has set, the letter that comes of
// it, and what is expected of it.
type setup struct {
	sender mail.Sender
	frame  render.Frame
	expect preflight.Expect
}

// smallest is the configuration of the required keys alone.
func smallest() setup {
	return setup{
		sender: mail.Sender{From: netmail.Address{Name: "Standpoint", Address: "digest@example.org"}},
		frame:  render.Frame{Sender: "Standpoint", Unsubscribe: leaver, Leave: mail.LeaveMail(leaver, folded), ReplyTo: "digest@example.org"},
		expect: preflight.Expect{Domains: []string{"example.org"}, Unsubscribe: leaver},
	}
}

// complete is one in which all is set.
func complete(tb testing.TB) setup {
	tb.Helper()
	s := smallest()
	key, err := mail.NewDKIMKey("example.org", "digest", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		tb.Fatal(err)
	}
	name, value := key.Record()
	s.sender.Web, s.sender.DKIM = web, []mail.DKIMKey{key}
	s.frame.Web, s.frame.Leave, s.frame.Postal = web, mail.LeaveURL(web, token), postal
	s.expect.Public, s.expect.Postal, s.expect.Signed = web, postal, true
	s.expect.Keys = map[string]string{name: value}
	return s
}

// message renders and composes the invented edition for one reader.
func (s setup) message(tb testing.TB) []byte {
	raw, _ := s.edition(tb, func(*digest.Edition) {})
	return raw
}

// edition does so after a change, and says what is expected then.
func (s setup) edition(tb testing.TB, change func(*digest.Edition)) ([]byte, preflight.Expect) {
	tb.Helper()
	pack, err := topic.Builtin(topic.BuiltinKeys()[0])
	if err != nil {
		tb.Fatal(err)
	}
	r, err := render.New(pack, nil)
	if err != nil {
		tb.Fatal(err)
	}
	to := time.Date(2026, 11, 23, 7, 7, 0, 0, time.UTC)
	e := render.Sample(pack, to)
	change(&e)
	l, err := r.Email(e, s.frame)
	if err != nil {
		tb.Fatal(err)
	}
	letter := mail.Letter{Subject: l.Subject, HTML: l.HTML, Text: l.Text}
	m, err := mail.Compose(s.sender, letter, mail.Recipient{ID: 1, Address: "reader@example.net", Token: token, Leave: folded}, e.Number, to)
	if err != nil {
		tb.Fatal(err)
	}
	x := s.expect
	x.Links, x.Texts = render.Links(e), render.Texts(e)
	return m.Bytes(), x
}

// draft is a message taken apart, for a defect to be put in.
type draft struct {
	tb     testing.TB
	fields []string // each with its name, unfolded lines kept
	text   string
	html   string
	parts  []part // if set, instead of text and html
	raw    []byte // if set, the finished message
	expect preflight.Expect
	signer *dkim.SignOptions // nil: the message is not signed anew
}

type part struct{ head, body string }

func take(tb testing.TB, raw []byte, x preflight.Expect) *draft {
	tb.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		tb.Fatal(err)
	}
	head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
	d := &draft{tb: tb, expect: x}
	for row := range strings.SplitSeq(head, "\r\n") {
		if row[0] == ' ' || row[0] == '\t' {
			d.fields[len(d.fields)-1] += "\r\n" + row
		} else {
			d.fields = append(d.fields, row)
		}
	}
	_, boundary, _ := strings.Cut(m.Header.Get("Content-Type"), "boundary=")
	r := multipart.NewReader(m.Body, strings.Trim(boundary, `"`))
	for _, into := range []*string{&d.text, &d.html} {
		p, err := r.NextRawPart()
		if err != nil {
			tb.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			tb.Fatal(err)
		}
		*into = strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	d.set("Content-Type", `multipart/alternative; boundary="b-o-u-n-d"`)
	if x.Signed {
		d.set("DKIM-Signature", "")
		d.signer = &dkim.SignOptions{
			Domain: "example.org", Selector: "digest", Signer: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)),
			HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		}
	}
	return d
}

// bytes puts the message together.
func (d *draft) bytes() []byte {
	if d.raw != nil {
		return d.raw
	}
	parts := d.parts
	if parts == nil {
		parts = []part{qp("text/plain; charset=UTF-8", d.text), qp("text/html; charset=UTF-8", d.html)}
	}
	var b strings.Builder
	b.WriteString(strings.Join(d.fields, "\r\n") + "\r\n\r\n")
	for _, p := range parts {
		b.WriteString("--b-o-u-n-d\r\n" + p.head + "\r\n\r\n" + p.body + "\r\n")
	}
	return d.sign([]byte(b.String() + "--b-o-u-n-d--\r\n"))
}

func (d *draft) sign(raw []byte) []byte {
	if d.signer == nil {
		return raw
	}
	var b bytes.Buffer
	if err := dkim.Sign(&b, bytes.NewReader(raw), d.signer); err != nil {
		d.tb.Fatal(err)
	}
	return b.Bytes()
}

func qp(kind, body string) part {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(strings.ReplaceAll(body, "\n", "\r\n")))
	_ = w.Close()
	return part{"Content-Type: " + kind + "\r\nContent-Transfer-Encoding: quoted-printable", b.String()}
}

// set writes a field anew; an empty value takes it out.
func (d *draft) set(name, value string) {
	for i, f := range d.fields {
		if strings.EqualFold(f[:strings.IndexByte(f, ':')], name) {
			if value == "" {
				d.fields = append(d.fields[:i:i], d.fields[i+1:]...)
			} else {
				d.fields[i] = name + ": " + value
			}
			return
		}
	}
	if value != "" {
		d.fields = append(d.fields, name+": "+value)
	}
}

func (d *draft) get(name string) string {
	for _, f := range d.fields {
		if n, v, _ := strings.Cut(f, ":"); strings.EqualFold(n, name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// inHTML replaces the first place in the HTML part that a pattern finds.
func (d *draft) inHTML(pattern, by string) { d.html = d.first(d.html, pattern, by) }

// inText replaces the first place in the text part that a pattern finds.
func (d *draft) inText(pattern, by string) { d.text = d.first(d.text, pattern, by) }

func (d *draft) first(s, pattern, by string) string {
	re := regexp.MustCompile(pattern)
	at := re.FindStringSubmatchIndex(s)
	if at == nil {
		d.tb.Fatalf("the letter holds no %s: this defect cannot be put in any more", pattern)
	}
	out := string(re.ExpandString(nil, by, s, at))
	if s[at[0]:at[1]] == out {
		d.tb.Fatalf("%s was replaced by itself", pattern)
	}
	return s[:at[0]] + out + s[at[1]:]
}
