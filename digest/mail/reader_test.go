package mail_test

import (
	netmail "net/mail"
	"strings"
	"testing"

	"standpoint/digest/mail"
)

func TestParseReader(t *testing.T) {
	long := func(n int) string { return strings.Repeat("a", n) }
	for _, c := range []struct{ in, want, fault string }{
		{in: "ada@example.org", want: "ada@example.org"},
		{in: " Ada Reader <Ada@Example.ORG> ", want: "Ada@example.org"},
		{in: "a.d.a+news@example.org", want: "a.d.a+news@example.org"}, // dots and plus are the server's business
		{in: "ada@bücher.example", want: "ada@xn--bcher-kva.example"},
		{in: "ada@BÜCHER.example", want: "ada@xn--bcher-kva.example"},
		{in: "ada@localhost", want: "ada@localhost"},
		{in: long(64) + "@example.org", want: long(64) + "@example.org"},
		{in: long(65) + "@example.org", fault: "has 65 octets before the @, and mail allows 64"},
		{in: "ada@" + long(63) + ".example", want: "ada@" + long(63) + ".example"},
		{in: "ada@" + long(64) + ".example", fault: "a part of 64 octets in its domain"},
		{in: long(64) + "@" + strings.Repeat(long(49)+".", 4) + "example", fault: "is 272 octets long, and mail allows 254"},
		{in: "žofie@example.org", fault: "outside ASCII before the @"},
		{in: `"two words"@example.org`, fault: "quotation marks before the @"},
		{in: `"plain"@example.org`, want: "plain@example.org"},
		{in: "ada@[192.0.2.1]", fault: "domain that cannot be"},
		{in: "ada@a_b.example", fault: "domain that cannot be"},
		{in: "ada@example.org.", fault: "is no mail address"},
		{in: "ada@example..org", fault: "is no mail address"},
		{in: "ada@-x.example", fault: "domain that cannot be"},
		{in: "ada", fault: `"ada" is no mail address`},
		{in: "", fault: `"" is no mail address`},
		{in: "@example.org", fault: "is no mail address"},
		{in: "ada@@example.org", fault: "is no mail address"},
		{in: "ada@example.org, ben@example.org", fault: "is no mail address"},
		{in: "ada@example.org\x00", fault: "is no mail address"},
		{in: "ada\r\nBcc: ben@example.org", fault: "is no mail address"},
		{in: long(5000), fault: "…\" is no mail address"},
	} {
		got, err := mail.ParseReader(c.in)
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) || len(err.Error()) > 300 {
				t.Errorf("%.40q: %v, %v; want %q", c.in, got, err, c.fault)
			}
			continue
		}
		if err != nil || got.Address != c.want {
			t.Errorf("%.40q: %v, %v; want %s", c.in, got, err, c.want)
		}
	}
}

// What is accepted is one plain address, and reading it again changes nothing.
func FuzzParseReader(f *testing.F) {
	for _, seed := range []string{"Ada <ada@example.org>", `"a b"@x.example`, "ž@x.example", "a@bücher.example", "a@x.example\r\n", "=?utf-8?q?a?= <a@x.example>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := mail.ParseReader(s)
		if err != nil {
			return
		}
		if strings.ContainsFunc(a.Address, func(r rune) bool { return r <= ' ' || r >= 0x7f }) || strings.Count(a.Address, "@") != 1 {
			t.Errorf("%q gives %q", s, a.Address)
		}
		again, err := mail.ParseReader((&netmail.Address{Address: a.Address}).String())
		if err != nil || again.Address != a.Address {
			t.Errorf("%q gives %q, and that %q, %v", s, a.Address, again.Address, err)
		}
	})
}
