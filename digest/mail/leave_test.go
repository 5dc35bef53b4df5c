package mail_test

import (
	"bytes"
	"strings"
	"testing"

	"standpoint/digest/mail"
)

// What holds the place of a folded token, and two readers' own.
const (
	foldedMark = "ae2markmarkmarkmarkmarkmarkmarkmarkmark"
	aLeave     = "aeaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa7"
	bLeave     = "aebbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb2"
)

// byMail is a letter of a sender without a web side.
func byMail() mail.Letter {
	l := personalLetter()
	l.Mark = foldedMark
	for _, part := range []*string{&l.HTML, &l.Text} {
		*part = strings.ReplaceAll(*part, leaveMark, mail.LeaveMail("digest+unsubscribe@example.org", foldedMark))
	}
	return l
}

func TestLeaveMail(t *testing.T) {
	long := strings.Repeat("d", 24)
	for _, c := range []struct{ address, token, want string }{
		{"digest+unsubscribe@example.org", aLeave, "mailto:digest+unsubscribe+" + aLeave + "@example.org?subject=unsubscribe"},
		{"leave@Bücher.example", aLeave, "mailto:leave+" + aLeave + "@xn--bcher-kva.example?subject=unsubscribe"},
		{"leave@example.org", "", "mailto:leave@example.org?subject=unsubscribe"},
		// RFC 5321 §4.5.3.1.1: a local part of 64 octets, and not one more.
		{long + "@example.org", aLeave, "mailto:" + long + "+" + aLeave + "@example.org?subject=unsubscribe"},
		{long + "d@example.org", aLeave, "mailto:" + long + "d@example.org?subject=leave%20" + aLeave},
		{`"a b"@example.org`, aLeave, "mailto:%22a%20b%22@example.org?subject=leave%20" + aLeave},
		{"leave@" + strings.Repeat("d.", 110) + "example", aLeave, "mailto:leave@" + strings.Repeat("d.", 110) + "example?subject=leave%20" + aLeave},
		{"nobody", aLeave, ""},
	} {
		if got := mail.LeaveMail(c.address, c.token); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.address, c.token, got, c.want)
		}
	}
}

// S10, S14: without a web side the letter names an address of the reader's own in
// its header and in both parts, the same to the byte.
func TestLeavingByMailIsPersonal(t *testing.T) {
	c, err := mail.NewComposer(sender, byMail(), 12, date)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for id, own := range map[int64]string{1: aLeave, 2: bLeave} {
		m, err := c.Message(mail.Recipient{ID: id, Address: "a@example.com", Leave: own})
		if err != nil {
			t.Fatal(err)
		}
		p, want := parse(t, m.Bytes()), mail.LeaveMail("digest+unsubscribe@example.org", own)
		if got := p.head.Get("List-Unsubscribe"); got != "<"+want+">" {
			t.Errorf("List-Unsubscribe: %s, want <%s>", got, want)
		}
		if p.head.Get("List-Unsubscribe-Post") != "" {
			t.Error("RFC 8058 §3.1: one click without an https address")
		}
		if n, m := strings.Count(p.contents[0], want), strings.Count(p.contents[1], want); n != 1 || m != 2 {
			t.Errorf("%d and %d links of reader %d, want 1 and 2", n, m, id)
		}
		if bytes.Contains(m.Bytes(), []byte(foldedMark)) {
			t.Error("a mark is left")
		}
		if size != 0 && size != m.Size() {
			t.Errorf("%d and %d bytes", size, m.Size())
		}
		size = m.Size()
	}
}

// With a web side the address for leaving by mail is the reader's own, too.
func TestBothWaysArePersonal(t *testing.T) {
	m, err := mail.Compose(onWeb(t, "ed25519"), personalLetter(), mail.Recipient{ID: 1, Address: "a@example.com", Token: aToken, Leave: aLeave}, 12, date)
	if err != nil {
		t.Fatal(err)
	}
	want := "<" + webSide + "/leave/" + aToken + ">, <mailto:digest+unsubscribe+" + aLeave + "@example.org?subject=unsubscribe>"
	if got := parse(t, m.Bytes()).head.Get("List-Unsubscribe"); got != want {
		t.Errorf("List-Unsubscribe: %s, want %s", got, want)
	}
	lines(t, m.Bytes())
}

func TestFoldedTokensAreChecked(t *testing.T) {
	for own, want := range map[string]string{
		"": "subscriber 9: leave: none", aLeave: "", aLeave[1:]: "leave: 38 characters, want 39", aLeave[1:] + "@": "leave: characters", strings.ToUpper(aLeave): "leave: characters",
		aLeave[1:] + "\n": "leave: characters", aToken: "leave: 32 characters",
	} {
		_, err := mail.Compose(sender, byMail(), mail.Recipient{ID: 9, Address: "a@example.com", Leave: own}, 1, date)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", own, err, want)
		}
		if err != nil && own != "" && strings.Contains(err.Error(), own) {
			t.Errorf("the error tells the token: %v", err)
		}
	}
}
