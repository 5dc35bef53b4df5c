package bounce_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"standpoint/digest/bounce"
)

// mark is the one that stands in the corpus.
const mark = "abcdefghijklmnopqrstuvwxyz234567abcdefg"

func read(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// corpus says what each message of testdata gives. All were written for it; the
// shapes are those of the servers that their names say.
var corpus = map[string]struct {
	kind    bounce.Kind
	address string // of the first recipient
	status  string
	detail  string // a part of it
	marked  bool
}{
	"postfix-unknown":        {bounce.Hard, "reader@example.net", "5.1.1", "User unknown", true},
	"postfix-expired":        {bounce.Soft, "reader@example.net", "4.4.1", "Connection timed out", true},
	"postfix-delayed":        {bounce.Delayed, "reader@example.net", "4.2.0", "Greylisted", true},
	"postfix-no-domain":      {bounce.Hard, "reader@gone.example", "5.4.4", "Host not found", true},
	"exim-unknown":           {bounce.Hard, "reader@example.net", "5.0.0", "No such user", true},
	"exchange-unknown":       {bounce.Hard, "reader@tenant.example", "5.1.10", "RecipientNotFound", true},
	"exchange-edge-denied":   {bounce.Hard, "reader@tenant.example", "5.4.1", "Access denied", true},
	"outlook-full":           {bounce.Soft, "reader@live.example", "5.2.2", "mailbox full", true},
	"gmail-unknown":          {bounce.Hard, "reader@gmail.example", "5.1.1", "does not exist", true},
	"gmail-unauthenticated":  {bounce.Policy, "reader@gmail.example", "5.7.26", "unauthenticated", true},
	"gmail-full":             {bounce.Soft, "reader@gmail.example", "4.2.2", "out of storage", true},
	"sendmail-unknown":       {bounce.Hard, "reader@example.net", "5.1.1", "User unknown", true},
	"domino-unknown":         {bounce.Hard, "reader@corp.example", "5.0.0", "not listed", true},
	"german-unknown":         {bounce.Hard, "leser@post.example", "5.1.1", "existiert nicht", true},
	"too-large":              {bounce.Policy, "reader@example.net", "5.3.4", "size", true},
	"spam-as-unknown":        {bounce.Policy, "reader@example.net", "5.1.1", "blocklist", true},
	"sender-refused":         {bounce.Policy, "reader@example.net", "5.1.8", "Sender", true},
	"relayed":                {bounce.Delivered, "reader@example.net", "2.0.0", "queued", true},
	"several-recipients":     {bounce.Hard, "team@alias.example", "5.1.1", "User unknown", true},
	"international":          {bounce.Hard, "leser@bücher.example", "5.1.1", "не существует", true},
	"mixed-no-report-type":   {bounce.Hard, "reader@example.net", "5.1.1", "bad destination", true},
	"cut-off":                {bounce.Hard, "reader@example.net", "5.1.1", "", true},
	"base64-upper-case":      {bounce.Hard, "reader@example.net", "5.2.1", "disabled", true},
	"forwarder-srs":          {bounce.Hard, "reader@fwd.example", "5.1.1", "no mailbox", true},
	"qmail":                  {bounce.Hard, "reader@example.net", "5.1.1", "no mailbox here", true},
	"qmail-queue-too-long":   {bounce.Soft, "reader@example.net", "4.3.2", "busy", true},
	"exim-plain":             {bounce.Hard, "reader@example.net", "", "Unrouteable", true},
	"exim-plain-delayed":     {bounce.Delayed, "reader@example.net", "4.7.1", "try again", true},
	"sendmail-plain":         {bounce.Hard, "reader@old.example", "5.0.0", "User unknown", true},
	"sendmail-plain-warning": {bounce.Delayed, "reader@old.example", "4.0.0", "Connection refused", true},
	"exchange-old":           {bounce.Hard, "reader@ministry.example", "5.1.1", "5.1.1", true},
	"yahoo-old":              {bounce.Hard, "reader@yahoo.example", "5.0.0", "doesn't have", true},
	"html-only-french":       {bounce.Soft, "lecteur@fr.example", "5.2.2", "pleine", true},
	"russian-plain":          {bounce.Hard, "chitatel@ru.example", "5.0.0", "не найден", true},
	"unclear":                {bounce.Unclear, "reader@odd.example", "", "could not be delivered", true},
	"postmaster-report":      {kind: bounce.Ordinary},
	"arf-abuse":              {bounce.Complaint, "reader@isp.example", "", "abuse", true},
	"arf-redacted":           {bounce.Complaint, "redacted-8f2c1a@isp.example", "", "abuse", true},
	"arf-opt-out":            {bounce.Complaint, "", "", "opt-out", true},
	"arf-fraud":              {bounce.Complaint, "", "", "fraud", true},
	"arf-not-spam":           {bounce.Notice, "", "", "not-spam", true},
	"arf-auth-failure":       {bounce.Notice, "", "", "auth-failure", true},
	"complaint-hotmail":      {bounce.Complaint, "", "", "abuse", true},
	"vacation":               {bounce.Notice, "", "", "Week 9", true},
	"vacation-german":        {bounce.Notice, "", "", "Abwesenheitsnotiz", false},
	"left-the-company":       {bounce.Notice, "", "", "Automatic reply", false},
	"read-receipt":           {bounce.Notice, "", "", "displayed", true},
	"challenge":              {bounce.Challenge, "", "", "confirm", true},
	"reply":                  {bounce.Ordinary, "", "", "", true},
	"forwarded-bounce":       {bounce.Ordinary, "", "", "", true},
}

func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(files) != len(corpus) {
		t.Errorf("%d files, %d in the table, %v", len(files), len(corpus), err)
	}
	ids := map[string]string{}
	for name, want := range corpus {
		t.Run(name, func(t *testing.T) {
			raw := read(t, name)
			for how, raw := range map[string][]byte{
				"as it is": raw, "from a pipe": append([]byte("From bounces@example.org Mon Mar  2 07:08:02 2026\n"), raw...),
				"with CR LF": bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n")),
			} {
				got := bounce.Parse(raw)
				first := bounce.Recipient{Detail: got.Detail}
				if len(got.Recipients) > 0 {
					first = got.Recipients[0]
				}
				if got.Kind != want.kind || first.Address != want.address || first.Status != want.status || !strings.Contains(first.Detail, want.detail) {
					t.Errorf("%s: %+v\nwant %+v", how, got, want)
				}
				if want.marked != slices.Equal(got.Marks, []string{mark}) {
					t.Errorf("%s: marks %q", how, got.Marks)
				}
				if strings.Contains(first.Detail, "@") {
					t.Errorf("%s: an address in %q", how, first.Detail)
				}
				if ids[name] != "" && ids[name] != got.ID {
					t.Errorf("%s: has another ID", how)
				}
				ids[name] = got.ID
			}
		})
	}
	seen := map[string]string{}
	for name, id := range ids {
		if other := seen[id]; other != "" {
			t.Errorf("%s and %s have one ID", name, other)
		}
		seen[id] = name
	}
}

// Of several recipients, the one with the reader's address counts; if none has
// it, one that got the letter is enough.
func TestFor(t *testing.T) {
	r := bounce.Parse(read(t, "several-recipients"))
	for address, want := range map[string]bounce.Kind{
		"Team@alias.example": bounce.Hard, "ann@example.net": bounce.Hard, "bob@example.com": bounce.Soft,
		"cy@example.com": bounce.Delivered, "reader@example.org": bounce.Delivered,
	} {
		if got := r.For(address); got.Kind != want {
			t.Errorf("%s: %+v, want %s", address, got, want)
		}
	}
	if got := bounce.Parse(read(t, "forwarder-srs")).For("reader@example.org"); got.Kind != bounce.Hard {
		t.Errorf("passed on by a forwarder: %+v", got)
	}
	if got := bounce.Parse(read(t, "arf-opt-out")).For("reader@example.org"); got.Kind != bounce.Complaint || got.Detail != "opt-out" {
		t.Errorf("complaint: %+v", got)
	}
}

// Whoever writes such things gets no more of our time than others.
func TestBoundedWork(t *testing.T) {
	nested := strings.Repeat("Content-Type: multipart/mixed; boundary=a\n\n--a\n", 20_000)
	for name, raw := range map[string]string{
		"nested":      nested,
		"many parts":  "Content-Type: multipart/report; boundary=a\n\n" + strings.Repeat("--a\n\nx\n", 100_000),
		"many groups": "Content-Type: message/delivery-status\n\n" + strings.Repeat("Action: failed\nFinal-Recipient: a@b\nStatus: 5.1.1\n\n", 20_000),
		"long line":   "Subject: " + strings.Repeat("x", 5<<20),
		"folded":      "Subject: x\n" + strings.Repeat(" x\n", 300_000),
		"many marks":  "\n" + strings.Repeat("+"+mark+"@x ", 20_000),
		"tags":        "From: MAILER-DAEMON\nContent-Type: text/html\n\n" + strings.Repeat("<script", 150_000),
		"addresses":   "From: MAILER-DAEMON\nSubject: failure notice\n\n" + strings.Repeat("a@", 400_000) + "could not be delivered",
		"fields":      strings.Repeat("A: b\n", 200_000),
		"no fields":   strings.Repeat("nothing\n", 200_000),
	} {
		start := time.Now()
		r := bounce.Parse([]byte(raw))
		if took := time.Since(start); took > 10*time.Second { // milliseconds on a quiet machine; minutes where work grows with the square
			t.Errorf("%s: took %s", name, took)
		}
		if len(r.Recipients) > 50 || len(r.Marks) > 16 || len(r.Detail) > 2000 {
			t.Errorf("%s: %d recipients, %d marks", name, len(r.Recipients), len(r.Marks))
		}
	}
}

func FuzzParse(f *testing.F) {
	for name := range corpus {
		f.Add(read(f, name))
	}
	f.Add([]byte("Content-Type: multipart/report; boundary=\"\n\n--\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := bounce.Parse(raw)
		if r.Kind == "" || len(r.ID) != 32 {
			t.Errorf("%+v", r)
		}
		for _, each := range append(r.Recipients, r.For("reader@example.net"), bounce.Recipient{Kind: r.Kind, Detail: r.Detail}) {
			if each.Kind == "" || strings.ContainsAny(each.Address+each.Final+each.Status+each.Detail, "\r\n\x00\x1b") {
				t.Errorf("%+v", each)
			}
		}
		for _, m := range r.Marks {
			if len(m) != 39 || m != strings.ToLower(m) {
				t.Errorf("mark %q", m)
			}
		}
	})
}
