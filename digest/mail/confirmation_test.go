package mail_test

import (
	"bytes"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"standpoint/digest/mail"
)

// A confirmation claims to come from no list, is signed, and says that a machine
// wrote it. Its link is whole on a line of its own.
func TestConfirmation(t *testing.T) {
	link := "https://digest.example.org/confirm/" + strings.Repeat("x", mail.TokenLength)
	c := mail.Confirmation{Request: 7, To: "ada@bücher.example", Subject: "Please confirm", Text: "You asked.\n\n" + link + "\n", Date: noticed}
	sender := onWeb(t, "rsa", "ed25519")
	m, err := mail.NewConfirmation(sender, c)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := goVerifies(t, m.Bytes(), dns(t, "rsa", "ed25519")); err != nil || n != 2 {
		t.Errorf("%d signatures: %v", n, err)
	}
	lines(t, m.Bytes())
	got, err := netmail.ReadMessage(bytes.NewReader(m.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for field := range got.Header {
		if strings.HasPrefix(field, "List-") || field == "Precedence" || field == "Feedback-Id" {
			t.Errorf("it has a field %s", field)
		}
	}
	if h := got.Header; h.Get("Auto-Submitted") != "auto-generated" || h.Get("To") != "<ada@xn--bcher-kva.example>" || h.Get("Reply-To") == "" {
		t.Errorf("%v", h)
	}
	again, err := mail.NewConfirmation(sender, c)
	if err != nil || again.ID != m.ID {
		t.Errorf("a second try has another Message-ID: %v", err)
	}
	c.Request++
	if next, err := mail.NewConfirmation(sender, c); err != nil || next.ID == m.ID {
		t.Errorf("another request has the same Message-ID: %v", err)
	}

	dir := t.TempDir()
	if err := (mail.Outbox{Dir: dir}).Confirmation(m, 7); err != nil {
		t.Fatal(err)
	}
	if file, err := os.ReadFile(filepath.Join(dir, "confirmations", "000007.eml")); err != nil || !slices.Equal(file, m.Bytes()) {
		t.Errorf("outbox: %v", err)
	}
	c.To = "Ada <ada@example.org>\r\nBcc: eve@example.org"
	if _, err := mail.NewConfirmation(sender, c); err == nil || strings.Contains(err.Error(), "@") {
		t.Errorf("no address: %v", err)
	}
}
