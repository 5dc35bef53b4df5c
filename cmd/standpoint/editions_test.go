package main

import (
	"database/sql"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"standpoint/digest/store"
)

// unknownEdition is a folder with a config and with edition 1, of which nobody
// knows whether ben has it: the connection broke after the letter was handed over.
func unknownEdition(t *testing.T, config string) (dir string, mails *sink) {
	t.Helper()
	dir, mails = t.TempDir(), newSink()
	copyBase(t, dir)
	smallPack(t, filepath.Join(dir, "pack"))
	site := serveFolder(filepath.Join(dir, "web"))
	t.Cleanup(site.Close)
	check(t, mails.start())
	t.Cleanup(mails.stop)
	write(t, dir, "config.yaml", strings.NewReplacer("FEEDS", site.URL, "PORT", strconv.Itoa(mails.port)).Replace(config))
	if status, _, errs := standpoint(t, "--now", "--config", filepath.Join(dir, "config.yaml")); status != statusDone {
		t.Fatalf("status %d: %s", status, errs)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "state", store.FileName))
	check(t, err)
	defer db.Close()
	_, err = db.Exec(`UPDATE deliveries SET state = 'unknown', reply = 'the connection broke', due = '2099-01-01T00:00:00.000000Z' WHERE subscriber = 2`)
	check(t, err)
	mails.take()
	return dir, mails
}

const reportUnknown = `topic: ./pack
fetch: {allow_private: true}
mail:
  from: Standpoint <digest@example.org>
  delivery: smtp
  unknown: report
  retry_now: 0s
  smtp: {host: 127.0.0.1, port: PORT, tls: none}
subscribers: [ada@example.org, ben@example.org]
sources: [{name: North Wind Institute, url: "FEEDS/north/feed"}]
`

// With mail.unknown: report, such a letter is the operator's to settle, one way or
// the other, and what is settled stays so.
func TestOperatorSettlesUnknown(t *testing.T) {
	for _, c := range []struct {
		choice, said, stands string
		letters              int
	}{
		{"accepted", "1 delivery whose outcome was unknown is taken for accepted", "2 accepted", 0},
		{"resend", "Delivery of edition 1: 2 accepted.", "2 accepted", 1},
	} {
		t.Run(c.choice, func(t *testing.T) {
			dir, mails := unknownEdition(t, reportUnknown)
			config := filepath.Join(dir, "config.yaml")
			_, out, _ := standpoint(t, "editions", "show", "1", "--config", config)
			if !strings.Contains(out, "Deliveries   1 unknown: the connection broke before the server answered; yours to settle: standpoint editions resume 1 --unknown resend (or accepted)") ||
				!strings.Contains(out, "the connection broke\n") {
				t.Errorf("show:\n%s", out)
			}
			status, out, errs := standpoint(t, "editions", "resume", "1", "--config", config)
			if status != statusDone || !strings.Contains(out, "Edition 1 is finished: 1 accepted, 1 unknown.") || len(mails.take()) != 0 {
				t.Errorf("resume without a choice: %d\n%s%s", status, out, errs)
			}
			status, out, errs = standpoint(t, "editions", "resume", "1", "--unknown", c.choice, "--config", config)
			if got := mails.take(); status != statusDone || !strings.Contains(out, c.said) || len(got) != c.letters {
				t.Errorf("status %d, letters %v\n%s%s", status, got, out, errs)
			} else if c.letters == 1 && got[0].to != "ben@example.org" {
				t.Errorf("letter to %s", got[0].to)
			}
			status, out, _ = standpoint(t, "editions", "resume", "1", "--unknown", "resend", "--config", config)
			if status != statusDone || !strings.Contains(out, "Edition 1 has no delivery whose outcome is unknown.") ||
				!strings.Contains(out, "Edition 1 is finished: "+c.stands) || len(mails.take()) != 0 {
				t.Errorf("once more: %d\n%s", status, out)
			}
		})
	}
}

// While such a letter is resent by itself, its turn can be taken before its time.
func TestUnknownIsResentAtOnce(t *testing.T) {
	dir, mails := unknownEdition(t, strings.ReplaceAll(reportUnknown, "unknown: report", "unknown: resend"))
	status, out, errs := standpoint(t, "editions", "resume", "1", "--unknown", "resend", "--config", filepath.Join(dir, "config.yaml"))
	if n := len(mails.take()); status != statusDone || n != 1 || !strings.Contains(out, "2 accepted") {
		t.Errorf("status %d, %d letters\n%s%s", status, n, out, errs)
	}
}
