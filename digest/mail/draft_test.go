package mail_test

import (
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/digest/mail"
)

func draft() mail.Draft {
	return mail.Draft{
		To: "editor@example.org", Edition: 12, Date: noticed,
		Says:    []string{"Edition 12 is ready, with 9 pieces, and no reader has it yet.", "It goes out on Monday 2 March 2026 at 12:07 CET, unless you hold it."},
		Subject: "Żółw\r\nBcc: eve@example.org", HTML: "<!DOCTYPE html>\n<html><head><title>x</title></head><body class=\"page\">\n<p>The letter.</p>\n</body></html>\n",
		Text: "The letter.\n",
	}
}

func TestDraft(t *testing.T) {
	sender := mail.Sender{From: netmail.Address{Name: "Standpoint", Address: "digest@news.example.org"}}
	paged, reminder, empty := draft(), draft(), draft()
	paged.Page = "https://news.example.org/draft/AbC_d-9"
	reminder.Reminder = true
	empty.Subject, empty.HTML, empty.Text = "", "", ""
	ids := map[string]bool{}
	for name, d := range map[string]mail.Draft{"draft": draft(), "draft-page": paged, "draft-reminder": reminder, "draft-empty": empty} {
		m, err := mail.NewDraft(sender, d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := mail.NewDraft(sender, d)
		if err != nil || string(again.Bytes()) != string(m.Bytes()) {
			t.Errorf("%s: made again it is another: %v", name, err)
		}
		ids[m.ID] = true
		lines(t, m.Bytes())
		for _, never := range []string{"\nList-", "\nPrecedence", "\nBcc"} {
			if strings.Contains(string(m.Bytes()), never) {
				t.Errorf("%s: has %q", name, never)
			}
		}
		golden(t, "testdata/"+name+".eml", m.Bytes())
	}
	if len(ids) != 2 { // the same draft and kind
		t.Errorf("Message-IDs %v", ids)
	}
	signed, err := mail.NewDraft(onWeb(t, "rsa", "ed25519"), paged)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := goVerifies(t, signed.Bytes(), dns(t, "rsa", "ed25519")); err != nil || n != 2 {
		t.Errorf("%d signatures: %v", n, err)
	}
}

func TestDraftRefuses(t *testing.T) {
	for name, change := range map[string]func(*mail.Draft){
		"no editor": func(d *mail.Draft) { d.To = "" }, "no date": func(d *mail.Draft) { d.Date = time.Time{} },
		"no edition": func(d *mail.Draft) { d.Edition = 0 }, "no sentence": func(d *mail.Draft) { d.Says = nil },
	} {
		d := draft()
		change(&d)
		if _, err := mail.NewDraft(mail.Sender{From: netmail.Address{Address: "digest@example.org"}}, d); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestOutboxDraft(t *testing.T) {
	m, err := mail.NewDraft(mail.Sender{From: netmail.Address{Address: "digest@example.org"}}, draft())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := (mail.Outbox{Dir: dir}).Draft(m, noticed); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "editor", "2026-03-02T070700Z.eml")
	data, err := os.ReadFile(path)
	if err != nil || string(data) != string(m.Bytes()) {
		t.Errorf("%v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}
