package mail_test

import (
	"bytes"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/digest/mail"
)

var noticed = time.Date(2026, 3, 2, 7, 7, 0, 0, time.UTC)

// A notice is a plain mail to one person: it says that a machine wrote it, and
// nothing in it claims to come from a list.
func TestNotice(t *testing.T) {
	n := mail.Notice{
		To: "ops@example.org", Subject: "Żółw is dead\r\nBcc: eve@example.org", Key: "feed/zolw", Date: noticed,
		Text: "The feed of Żółw could not be read.\n.\nIt answers 404.\n" + strings.Repeat("long ", 300) + "\n",
	}
	m, err := mail.NewNotice(onWeb(t, "rsa", "ed25519"), n)
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
		if strings.HasPrefix(field, "List-") || field == "Precedence" || field == "Feedback-Id" || field == "Bcc" {
			t.Errorf("a notice has a field %s", field)
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	if err != nil || subject != "Żółw is dead Bcc: eve@example.org" {
		t.Errorf("subject %q, %v", subject, err)
	}
	if got.Header.Get("Auto-Submitted") != "auto-generated" || got.Header.Get("To") != "<ops@example.org>" || got.Header.Get("Message-Id") != m.ID {
		t.Errorf("%v", got.Header)
	}
	if body, err := io.ReadAll(quotedprintable.NewReader(got.Body)); err != nil || strings.ReplaceAll(string(body), "\r\n", "\n") != n.Text {
		t.Errorf("%q, %v", body, err)
	}
	if again, err := mail.NewNotice(onWeb(t, "rsa"), n); err != nil || again.ID != m.ID {
		t.Errorf("a second try has another Message-ID: %v", err)
	}
}

func TestNoticeRefuses(t *testing.T) {
	good := mail.Notice{To: "ops@example.org", Subject: "s", Text: "t", Date: noticed}
	for want, n := range map[string]mail.Notice{
		"to: not a mail address": {To: "ops", Subject: "s", Text: "t", Date: noticed},
		"want a subject":         {To: good.To, Text: "t", Date: noticed},
		"a text":                 {To: good.To, Subject: "s", Text: " \n", Date: noticed},
		"a date":                 {To: good.To, Subject: "s", Text: "t"},
	} {
		if _, err := mail.NewNotice(sender, n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestNoticeIntoTheOutbox(t *testing.T) {
	m, err := mail.NewNotice(sender, mail.Notice{To: "ops@example.org", Subject: "s", Text: "t", Date: noticed})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := (mail.Outbox{Dir: dir}).Notice(m, noticed); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "operator", "2026-03-02T070700Z.eml")); err != nil || !bytes.Equal(got, m.Bytes()) {
		t.Errorf("%q, %v", got, err)
	}
}
