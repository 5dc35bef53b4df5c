package mail

import (
	netmail "net/mail"
	"strings"
	"testing"
	"time"
)

func TestEnvelopeSender(t *testing.T) {
	const reader = "abcdefghijklmnopqrstuvwxyz234567abcdefg"
	for _, each := range []struct{ bounces, reader, envelope, id string }{
		{"", "", "digest@example.org", "<standpoint.12.kh54k2x2msujtxdz@example.org>"},
		{"", reader, "digest@example.org", "<standpoint.12." + reader + "@example.org>"},
		{"bounces@example.org", "", "bounces@example.org", "<standpoint.12.kh54k2x2msujtxdz@example.org>"},
		{"digest@example.org", reader, "digest+" + reader + "@example.org", "<standpoint.12." + reader + "@example.org>"},
		{"b@Mail.example.org", reader, "b+" + reader + "@mail.example.org", "<standpoint.12." + reader + "@example.org>"},
	} {
		s := Sender{From: netmail.Address{Address: "digest@example.org"}, Bounces: each.bounces}
		m, err := Compose(s, Letter{Subject: "S", HTML: "<p>x", Text: "x"}, Recipient{ID: 4, Address: "r@example.net", Return: each.reader}, 12, time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		if m.from != each.envelope || m.ID != each.id {
			t.Errorf("%+v: %s, %s", each, m.from, m.ID)
		}
		if head := string(m.Bytes()); strings.Contains(head, "b+") || strings.Contains(head, "bounces@") {
			t.Errorf("%+v: the header tells the envelope:\n%s", each, head)
		}
		if len(m.from) > maxAddress || len(m.from)-len("@mail.example.org") > maxLocal {
			t.Errorf("%s is too long", m.from)
		}
	}
}

func TestEnvelopeSenderRefused(t *testing.T) {
	letter := Letter{Subject: "S", HTML: "<p>x", Text: "x"}
	for _, bounces := range []string{"bounces@example.com", "nobody", "b+x@example.org", strings.Repeat("b", 25) + "@example.org", "b@evilexample.org"} {
		if _, err := NewComposer(Sender{From: netmail.Address{Address: "digest@example.org"}, Bounces: bounces}, letter, 1, time.Unix(0, 0)); err == nil {
			t.Errorf("%s: accepted", bounces)
		}
	}
	c, err := NewComposer(Sender{From: netmail.Address{Address: "digest@example.org"}, Bounces: strings.Repeat("b", 24) + "@example.org"}, letter, 1, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, reader := range []string{"short", strings.Repeat("A", 39), strings.Repeat("a", 38) + "\n", strings.Repeat("a", 38) + "@"} {
		if _, err := c.Message(Recipient{ID: 1, Address: "r@example.net", Return: reader}); err == nil {
			t.Errorf("%q: accepted", reader)
		}
	}
}

// The mail that asks for confirmation bounces to an address of its own, too, where
// there is one for bounces; its mark is in its Message-ID in any case.
func TestConfirmationsEnvelope(t *testing.T) {
	c := Confirmation{
		Request: 7, To: "ada@example.net", Subject: "Please confirm", Text: "You asked.", Date: time.Unix(1e9, 0),
		Return: strings.Repeat("a", FoldedLength),
	}
	for bounces, want := range map[string]string{"": "digest@example.org", "bounces@example.org": "bounces+" + c.Return + "@example.org"} {
		m, err := NewConfirmation(Sender{From: netmail.Address{Address: "digest@example.org"}, Bounces: bounces}, c)
		if err != nil {
			t.Fatal(err)
		}
		if m.from != want || m.ID != "<standpoint.confirm."+c.Return+"@example.org>" {
			t.Errorf("envelope %s, Message-ID %s; want %s", m.from, m.ID, want)
		}
	}
}
