package mail_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"standpoint/digest/mail"
)

var update = flag.Bool("update", false, "write the golden files anew")

// parsed is a message as a reader's program sees it.
type parsed struct {
	head     netmail.Header
	types    []string
	contents []string
}

func parse(t testing.TB, eml []byte) parsed {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(eml))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type %q: %v", m.Header.Get("Content-Type"), err)
	}
	p := parsed{head: m.Header}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return p
		}
		if err != nil {
			t.Fatal(err)
		}
		if enc := part.Header.Get("Content-Transfer-Encoding"); enc != "quoted-printable" {
			t.Errorf("S22: part is %q, want quoted-printable", enc)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		p.types = append(p.types, part.Header.Get("Content-Type"))
		p.contents = append(p.contents, strings.ReplaceAll(string(b), "\r\n", "\n"))
	}
}

func decoded(t testing.TB, p parsed, field string) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(p.head.Get(field))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMessage(t *testing.T) {
	letter := mail.Letter{
		Subject: "Standpoint 12: гарантії безпеки для України, з понеділка 23 лютого до неділі 1 березня",
		HTML:    "<!doctype html>\n<html lang=\"en\"><p>Garantien für die Ukraine – “guarantees”</p>" + strings.Repeat("<td>wide</td>", 100) + "</html>\n",
		Text:    "Guarantees = words?\n\n.\nFrom here on: “troops”. Trailing \n" + strings.Repeat("long ", 50) + "\n",
	}
	from := mail.Sender{
		From:    netmail.Address{Name: "Standpoint – weekly", Address: "digest@news.example.org"},
		ReplyTo: `"Editors, The" <editors@example.org>`, ListID: "Standpoint: Ukraine, weekly <ukraine.example.org>",
	}
	m, err := mail.Compose(from, letter, mail.Recipient{ID: 7, Address: "reader@bücher.example", Name: "Zoë Reader"}, 12, date)
	if err != nil {
		t.Fatal(err)
	}
	eml := m.Bytes()
	p := parse(t, eml)

	// S20: text first, HTML last, both whole.
	want := []string{letter.Text, letter.HTML}
	if diff := cmp.Diff(want, p.contents); diff != "" {
		t.Errorf("S20: parts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8"}, p.types); diff != "" {
		t.Errorf("S20: types (-want +got):\n%s", diff)
	}
	for field, want := range map[string]string{
		"From": `Standpoint – weekly <digest@news.example.org>`, "To": "Zoë Reader <reader@xn--bcher-kva.example>",
		"Reply-To": `"Editors, The" <editors@example.org>`, "Subject": letter.Subject,
		"Date": "Mon, 02 Mar 2026 07:07:00 +0100", "Mime-Version": "1.0",
		"List-Id":          `"Standpoint: Ukraine, weekly" <ukraine.example.org>`,
		"List-Unsubscribe": "<mailto:digest+unsubscribe@news.example.org?subject=unsubscribe>",
		"Auto-Submitted":   "auto-generated", "Precedence": "bulk", "Message-Id": m.ID,
	} {
		if got := p.head[field]; len(got) != 1 {
			t.Errorf("S9: %d fields %s, want one", len(got), field)
		}
		if got := decoded(t, p, field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	for _, field := range []string{"User-Agent", "X-Mailer", "List-Unsubscribe-Post", "Bcc", "Cc"} {
		if _, ok := p.head[textproto.CanonicalMIMEHeaderKey(field)]; ok {
			t.Errorf("field %s is there", field)
		}
	}
	if !regexp.MustCompile(`^<standpoint\.12\.[a-z2-7]{16}@news\.example\.org>$`).MatchString(m.ID) {
		t.Errorf("S9: Message-ID %s", m.ID)
	}
	if strings.Contains(m.ID, "reader") {
		t.Errorf("Message-ID %s tells the address", m.ID)
	}
	lines(t, eml)
	golden(t, "testdata/letter.eml", eml)
}

// lines checks S22: CR LF alone ends a line, all is ASCII, and no line passes 78.
func lines(t testing.TB, eml []byte) {
	t.Helper()
	text := strings.ReplaceAll(string(eml), "\r\n", "\x00")
	if strings.ContainsAny(text, "\r\n") {
		t.Error("S22: a lone CR or LF")
	}
	for line := range strings.SplitSeq(text, "\x00") {
		if len(line) > 78 && !strings.HasPrefix(line, "Message-ID:") {
			t.Errorf("S22: line of %d octets: %q", len(line), line)
		}
		if len(line) > 998 {
			t.Errorf("S22: line of %d octets", len(line))
		}
		for _, b := range []byte(line) {
			if b >= utf8.RuneSelf {
				t.Fatalf("S22: 8-bit octet in %q", line)
			}
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got), go test -update if meant:\n%s", name, diff)
	}
}

func TestOnlyToAndMessageIDArePersonal(t *testing.T) {
	a := strings.Split(string(letterTo(t, 1, "a@example.com").Bytes()), "\r\n")
	b := strings.Split(string(letterTo(t, 2, "b@example.com").Bytes()), "\r\n")
	if len(a) != len(b) {
		t.Fatalf("%d and %d lines", len(a), len(b))
	}
	for i := range a {
		field, _, _ := strings.Cut(a[i], ":")
		if a[i] != b[i] && field != "To" && field != "Message-ID" {
			t.Errorf("differs: %q and %q", a[i], b[i])
		}
	}
}

func TestMessageIDIsStable(t *testing.T) {
	first := letterTo(t, 1, "a@example.com")
	again := letterTo(t, 1, "a@example.com")
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same letter twice is not the same bytes")
	}
	if other := letterTo(t, 2, "a@example.com"); other.ID == first.ID {
		t.Error("two subscribers have one Message-ID")
	}
}

// Nothing that a feed or a form says may end a field, begin another, or hide.
func TestInjection(t *testing.T) {
	for _, evil := range []string{
		"Talks\r\nBcc: victim@example.net", "Talks\nX-Evil: 1\n\nbody", "Talks\rBcc: v@example.net", "Talks\u2028Bcc: v\u2029\u0085x",
		"Talks \u202egnp.exe\u2066", "=?utf-8?q?Talks=0D=0ABcc:_v@example.net?=", "Talks\x00\x1b[31m\x7f", "Talks\u200b\ufeff\u00ad\U000E0041",
		"Talks " + strings.Repeat("long ", 500), strings.Repeat("ї", 3000), "Talks \xff\xfe", strings.Repeat("x", 3000),
	} {
		l := mail.Letter{Subject: evil, HTML: "<p>x</p>", Text: "x"}
		s := sender
		s.From.Name, s.ListID = evil, "\""+evil+"\" <list.example.org>"
		m, err := mail.Compose(s, l, mail.Recipient{ID: 1, Address: "a@example.com", Name: evil}, 1, date)
		if err != nil {
			t.Errorf("%.40q: %v", evil, err)
			continue
		}
		checkInjection(t, m)
	}
}

func checkInjection(t *testing.T, m *mail.Message) {
	t.Helper()
	eml := m.Bytes()
	p := parse(t, eml)
	if len(p.head) != 12 {
		t.Errorf("%d fields, want 12: %v", len(p.head), p.head)
	}
	for _, field := range []string{"Subject", "From", "To", "List-Id"} {
		got := decoded(t, p, field)
		if i := strings.IndexFunc(got, hidden); i >= 0 {
			t.Errorf("%s holds %q", field, got[i:])
		}
	}
	lines78 := true
	for line := range strings.SplitSeq(string(eml), "\r\n") {
		lines78 = lines78 && len(line) <= 998
	}
	if !lines78 {
		t.Error("S22: a line passes 998")
	}
}

func hidden(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xad || r == 0x200b || r == 0xfeff ||
		r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r >= 0xe0000 && r <= 0xe007f
}

func FuzzCompose(f *testing.F) {
	f.Add("Talks\r\nBcc: x", "Ann\r\nX: y", "body\r.\n--standpoint-")
	f.Add("=?utf-8?b?DQo=?=", "=?", "\x00")
	f.Fuzz(func(t *testing.T, subject, name, body string) {
		l := mail.Letter{Subject: "s" + subject, HTML: "h" + body, Text: "t" + body}
		m, err := mail.Compose(sender, l, mail.Recipient{ID: 1, Address: "a@example.com", Name: name}, 1, date)
		if err != nil {
			t.Fatal(err)
		}
		checkInjection(t, m)
		if p := parse(t, m.Bytes()); len(p.contents) != 2 {
			t.Errorf("%d parts", len(p.contents))
		}
	})
}

func TestComposeRefuses(t *testing.T) {
	whole := mail.Letter{Subject: "s", HTML: "h", Text: "t"}
	for name, c := range map[string]struct {
		s    func(*mail.Sender)
		l    mail.Letter
		to   string
		want string
	}{
		"no subject":       {l: mail.Letter{Subject: "\r\n\u200b", HTML: "h", Text: "t"}, to: "a@b.example", want: "without a subject"},
		"no text":          {l: mail.Letter{Subject: "s", HTML: "h"}, to: "a@b.example", want: "without a text part"},
		"no html":          {l: mail.Letter{Subject: "s", Text: "t"}, to: "a@b.example", want: "without an HTML part"},
		"two addresses":    {l: whole, to: "a@b.example, c@d.example", want: "subscriber 9: not a mail address"},
		"address injects":  {l: whole, to: "a@b.example>\r\nRCPT TO:<c@d.example", want: "subscriber 9: not a mail address"},
		"quoted injects":   {l: whole, to: "\"a\r\nb\"@b.example", want: "subscriber 9: "},
		"local part":       {l: whole, to: "zoë@b.example", want: "outside ASCII"},
		"long":             {l: whole, to: "a@" + strings.Repeat("b.", 130) + "example", want: "subscriber 9: "},
		"from":             {s: func(s *mail.Sender) { s.From.Address = "digest" }, l: whole, to: "a@b.example", want: "from: not a mail address"},
		"reply-to":         {s: func(s *mail.Sender) { s.ReplyTo = "nobody" }, l: whole, to: "a@b.example", want: "reply-to: not a mail address"},
		"unsubscribe":      {s: func(s *mail.Sender) { s.Unsubscribe = "https://x" }, l: whole, to: "a@b.example", want: "unsubscribe: not a mail address"},
		"list on no host":  {s: func(s *mail.Sender) { s.ListID = "digest.localhost" }, l: whole, to: "a@b.example", want: "list-id: localhost"},
		"list no domain":   {s: func(s *mail.Sender) { s.ListID = "Digest" }, l: whole, to: "a@b.example", want: "list-id: needs a label"},
		"list too long":    {s: func(s *mail.Sender) { s.ListID = strings.Repeat("x.", 130) + "org" }, l: whole, to: "a@b.example", want: "255 octets"},
		"list not an atom": {s: func(s *mail.Sender) { s.ListID = "a b.example.org" }, l: whole, to: "a@b.example", want: `part "a b"`},
	} {
		t.Run(name, func(t *testing.T) {
			s := sender
			if c.s != nil {
				c.s(&s)
			}
			_, err := mail.Compose(s, c.l, mail.Recipient{ID: 9, Address: c.to}, 3, date)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "b.example") {
				t.Errorf("error tells the address: %v", err)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	from := netmail.Address{Address: "digest@News.Example.org"}
	if got := mail.DefaultUnsubscribe(from); got != "digest+unsubscribe@News.Example.org" {
		t.Errorf("unsubscribe %q", got)
	}
	if got := mail.DefaultListID(from); got != "standpoint.news.example.org" {
		t.Errorf("list id %q", got)
	}
	if mail.DefaultListID(netmail.Address{}) != "" || mail.DefaultUnsubscribe(netmail.Address{}) != "" {
		t.Error("defaults out of nothing")
	}
}

func TestUnsubscribeIsEscaped(t *testing.T) {
	s := sender
	s.Unsubscribe = `"leave>, now?"@example.org`
	m, err := mail.Compose(s, mail.Letter{Subject: "s", HTML: "h", Text: "t"}, mail.Recipient{Address: "a@b.example"}, 1, date)
	if err != nil {
		t.Fatal(err)
	}
	want := "<mailto:%22leave%3E%2C%20now%3F%22@example.org?subject=unsubscribe>"
	if got := parse(t, m.Bytes()).head.Get("List-Unsubscribe"); got != want {
		t.Errorf("List-Unsubscribe %s, want %s", got, want)
	}
}

func BenchmarkComposePerRecipient(b *testing.B) {
	l := mail.Letter{Subject: "Standpoint 12", HTML: strings.Repeat("<p>Garantien für alle</p>\n", 2500), Text: strings.Repeat("Garantien\n", 1000)}
	c, err := mail.NewComposer(sender, l, 12, date)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := c.Message(mail.Recipient{ID: int64(i), Address: fmt.Sprintf("reader%d@example.com", i)}); err != nil {
			b.Fatal(err)
		}
	}
}
