package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/config"
	"standpoint/digest/topic"

	"golang.org/x/net/html"
)

// letterRow is an edition that the outside judges of `make mailcheck` get as an
// .eml file, beside the demo's.
type letterRow struct {
	name   string
	pieces []digest.Candidate
	quiet  digest.Quiet
	past   int      // earlier editions to compare with
	from   string   // default: a plain name
	to     string   // default: a plain address
	noWeb  bool     // without public_url
	dkim   []string // kinds of the signing keys
	wish   digest.Wish
}

func letterRows() []letterRow {
	note := digest.Quiet{Least: 3, Send: digest.QuietNote}
	return []letterRow{
		{name: "sixty", pieces: invented(60), past: 4},
		{name: "one-camp", pieces: ofOneCamp(60), past: 1},
		{name: "none", quiet: note, past: 2},
		{name: "one", pieces: invented(1), noWeb: true},
		{name: "note", pieces: invented(2), quiet: note},
		{name: "long", pieces: append(invented(5), hostileLong(100)...)},
		{name: "markup", pieces: append(invented(5), hostileMarkup(100)...)},
		{name: "scripts", pieces: append(invented(5), hostileScripts(100)...)},
		{name: "bare", pieces: append(invented(5), hostileBare(100)...)},
		{
			name: "names", pieces: append(invented(5), hostileNames(100)...),
			from: `"Standpoint, the \"Weekly\"" <digest@standpoint.example>`,
			to:   `"Łukasz \"Luke\" Nowak, Jr." <luke@reader.example>`,
		},
		{name: "german", pieces: invented(60), past: 4, wish: digest.Wish{Language: "de"}},
		{name: "french", pieces: invented(9), past: 1, wish: digest.Wish{Language: "fr"}, noWeb: true},
		{name: "ukrainian", pieces: append(invented(9), hostileNames(100)...), past: 2, wish: digest.Wish{Language: "uk", Short: true}},
		{name: "dkim-rsa", pieces: invented(3), dkim: []string{"rsa"}},
		{name: "dkim-ed25519", pieces: invented(3), dkim: []string{"ed25519"}, noWeb: true},
		{name: "dkim-both", pieces: invented(3), dkim: []string{"ed25519", "rsa"}},
	}
}

// TestLetters has the real code compose, freeze and deliver the editions into an
// outbox. The letters and web copies go into the folder that MAILCHECK_OUT names,
// where it does, with what the DNS would hold for the keys.
func TestLetters(t *testing.T) {
	dir := os.Getenv("MAILCHECK_OUT")
	every := dir != "" || os.Getenv("LONG") != ""
	if dir == "" {
		dir = t.TempDir()
	}
	for n, row := range letterRows() {
		if !every && n%3 != 0 {
			continue
		}
		t.Run(row.name, func(t *testing.T) {
			raw, web, records := row.deliver(t)
			check(t, os.WriteFile(filepath.Join(dir, row.name+".eml"), raw, 0o644))
			if row.dkim != nil { // their letters and pages look like the others
				check(t, os.WriteFile(filepath.Join(dir, row.name+".dkim"), []byte(records), 0o644))
			} else {
				check(t, os.WriteFile(filepath.Join(dir, row.name+".page.html"), web, 0o644))
			}
			page, text := letterParts(t, raw)
			for _, p := range []string{page, string(web)} {
				if _, err := html.Parse(strings.NewReader(p)); err != nil || !strings.HasSuffix(strings.TrimSpace(p), "</html>") {
					t.Errorf("HTML that breaks off: %v", err)
				}
			}
			leave := "https://standpoint.example/leave/"
			if row.noWeb {
				leave = "mailto:digest+unsubscribe+"
			}
			if !strings.Contains(page, `<html lang="`+orElse(row.wish.Language, "en")+`"`) {
				t.Errorf("another language than %q", row.wish.Language)
			}
			if !strings.Contains(page, leave) || !strings.Contains(text, leave) {
				t.Errorf("a part without a way to leave by %s", leave)
			}
			if n := strings.Count(string(raw), "DKIM-Signature:"); n != len(row.dkim) {
				t.Errorf("%d signatures", n)
			}
		})
	}
}

// deliver freezes the row's edition and has the worker deliver it. It returns
// the letter, the web copy and the DNS records of the keys, a line each: the
// name, a tab, the text.
func (r letterRow) deliver(t *testing.T) (letter, page []byte, records string) {
	t.Helper()
	cfg := config.Defaults()
	cfg.State = t.TempDir()
	cfg.Mail.From = orElse(r.from, "Standpoint <digest@standpoint.example>")
	cfg.Mail.Postal = "Rue de l’Exemple 1, 1000 Brussels, Belgium"
	cfg.SubscribersFile = filepath.Join(cfg.State, "readers.txt")
	write(t, cfg.State, "readers.txt", orElse(r.to, "reader@reader.example")+"\n")
	if !r.noWeb {
		cfg.PublicURL = "https://standpoint.example"
	}
	for _, kind := range r.dkim {
		file := filepath.Join(cfg.State, kind+".pem")
		check(t, os.WriteFile(file, signingKey(t, kind), 0o600))
		cfg.Mail.DKIM = append(cfg.Mail.DKIM, config.DKIM{Selector: kind, KeyFile: file})
	}
	s, err := prepare(cfg)
	check(t, err)
	for _, key := range s.sender.DKIM {
		name, text := key.Record()
		records += name + "\t" + text + "\n"
	}
	now := time.Date(2026, 3, 2, 7, 7, 0, 0, cfg.Location())
	env := &environment{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &screen{out: io.Discard}, now: func() time.Time { return now }}
	o, err := s.open(t.Context(), env)
	check(t, err)
	defer func() { check(t, o.Close()) }()

	check(t, o.worker.Store.Choose(t.Context(), 1, "", r.wish))
	e := r.edition(s.pack, now)
	_, err = o.worker.Store.Freeze(t.Context(), e, nil, now)
	check(t, err)
	_, err = o.worker.Resume(t.Context())
	check(t, err)
	folder := filepath.Dir(o.shelf(e.Number))
	letter, err = os.ReadFile(filepath.Join(folder, "0001.eml"))
	check(t, err)
	page, err = os.ReadFile(filepath.Join(folder, "page.html"))
	check(t, err)
	return letter, page, records
}

// edition composes the row's pieces after as many editions as it asks for.
func (r letterRow) edition(pack *topic.Pack, now time.Time) digest.Edition {
	var past []digest.Edition // the newest first
	for n := range r.past {
		to := now.AddDate(0, 0, 7*(n-r.past))
		e, _ := digest.Compose(pack, digest.Draft{
			Number: 40 + n, Window: digest.Window{From: to.AddDate(0, 0, -7), To: to},
			Feeds: digest.FeedCount{Read: 31}, Seen: 180 + n, Past: past,
		}, dated(invented(9+3*n), to))
		past = append([]digest.Edition{e}, past...)
	}
	e, _ := digest.Compose(pack, digest.Draft{
		Number: 40 + r.past, Window: digest.Window{From: now.AddDate(0, 0, -7), To: now},
		Feeds: digest.FeedCount{Read: 31, Failed: 2}, Seen: 214, Other: 12, Past: past, Quiet: r.quiet,
	}, dated(r.pieces, now))
	return e
}

// letterParts takes a message apart as a mail program does.
func letterParts(t *testing.T, raw []byte) (page, text string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	check(t, err)
	for _, name := range []string{"From", "To"} {
		if list, err := m.Header.AddressList(name); err != nil || len(list) != 1 {
			t.Errorf("%s: %v, %v", name, list, err)
		}
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	check(t, err)
	if kind != "multipart/alternative" {
		t.Fatalf("a %s", kind)
	}
	var parts []string
	for all := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := all.NextRawPart()
		if err == io.EOF {
			break
		}
		check(t, err)
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		check(t, err)
		parts = append(parts, string(body))
	}
	if len(parts) != 2 {
		t.Fatalf("%d parts", len(parts))
	}
	return parts[1], parts[0]
}

// signingKey makes a private key in PEM, as openssl does.
func signingKey(t *testing.T, kind string) []byte {
	t.Helper()
	var key any
	var err error
	if kind == "rsa" {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		_, key, err = ed25519.GenerateKey(rand.Reader)
	}
	check(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	check(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}
