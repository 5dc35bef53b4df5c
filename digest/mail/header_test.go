package mail_test

import (
	netmail "net/mail"
	"strings"
	"testing"

	"standpoint/digest/mail"
)

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
	if len(p.head) != 13 {
		t.Errorf("%d fields, want 13: %v", len(p.head), p.head)
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

// A Message-ID on a line of its own is lost on some servers (S9).
func TestMessageIDIsNotFolded(t *testing.T) {
	s := sender
	s.From.Address = "digest@newsletters.institute-for-european-security.example.org"
	m, err := mail.Compose(s, mail.Letter{Subject: "s", HTML: "h", Text: "t"}, mail.Recipient{Address: "a@b.example"}, 1, date)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(m.Bytes()), "\r\nMessage-ID: "+m.ID+"\r\n") {
		t.Errorf("head:\n%s", m.Bytes()[:900])
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
