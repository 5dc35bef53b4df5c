package main

import (
	"bytes"
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
	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/topic"

	"golang.org/x/net/html"
)

// letterRow is an edition that the outside judges of `make mailcheck` get as an
// .eml file, beside the demo's.
type letterRow struct {
	name   string
	pieces []digest.Candidate
	quiet  digest.Quiet
	past   int            // earlier editions to compare with
	from   string         // default: a plain name
	to     mail.Recipient // default: a plain address
}

func letterRows() []letterRow {
	return []letterRow{
		{name: "sixty", pieces: invented(60), past: 4},
		{name: "one-camp", pieces: ofOneCamp(60), past: 1},
		{name: "none", quiet: digest.Quiet{Least: 3, Send: digest.QuietNote}, past: 2},
		{name: "one", pieces: invented(1)},
		{name: "note", pieces: invented(2), quiet: digest.Quiet{Least: 3, Send: digest.QuietNote}},
		{name: "long", pieces: append(invented(5), hostileLong(100)...)},
		{name: "markup", pieces: append(invented(5), hostileMarkup(100)...)},
		{name: "scripts", pieces: append(invented(5), hostileScripts(100)...)},
		{name: "bare", pieces: append(invented(5), hostileBare(100)...)},
		{
			name: "names", pieces: append(invented(5), hostileNames(100)...),
			from: `"Standpoint, the \"Weekly\"" <digest@standpoint.example>`,
			to:   mail.Recipient{ID: 1, Name: `Łukasz "Luke" Nowak, Jr.`, Address: "luke@reader.example"},
		},
	}
}

// TestLetters makes the letters with the real composing, rendering and mail
// code. They go into the folder that MAILCHECK_OUT names, where it does.
func TestLetters(t *testing.T) {
	dir := os.Getenv("MAILCHECK_OUT")
	if dir == "" {
		dir = t.TempDir()
	}
	for _, row := range letterRows() {
		t.Run(row.name, func(t *testing.T) {
			raw := row.message(t)
			check(t, os.WriteFile(filepath.Join(dir, row.name+".eml"), raw, 0o644))
			page, text := letterParts(t, raw)
			if root, err := html.Parse(strings.NewReader(page)); err != nil || root.FirstChild == nil {
				t.Errorf("the HTML part: %v", err)
			}
			if !strings.Contains(page, "</html>") || !strings.Contains(strings.ToLower(text), "leave") {
				t.Error("a part that breaks off, or has no way to leave")
			}
		})
	}
}

// message composes, renders and encodes the row's letter.
func (r letterRow) message(t *testing.T) []byte {
	t.Helper()
	cfg := config.Defaults()
	cfg.State = t.TempDir()
	cfg.Mail.From = orElse(r.from, "Standpoint <digest@standpoint.example>")
	cfg.Mail.Postal = "Rue de l’Exemple 1, 1000 Brussels, Belgium"
	now := time.Date(2026, 3, 2, 7, 7, 0, 0, cfg.Location())
	s, err := prepare(cfg)
	check(t, err)
	env := &environment{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &screen{out: io.Discard}, now: func() time.Time { return now }}
	o, err := s.open(t.Context(), env)
	check(t, err)
	defer func() { check(t, o.Close()) }()

	e := r.edition(s.pack, now)
	letter, err := o.worker.Renderer.Email(e, o.worker.Frame)
	check(t, err)
	composer, err := o.worker.Composer(pipeline.Draft{Edition: e, Letter: letter})
	check(t, err)
	to := r.to
	if to.Address == "" {
		to = mail.Recipient{ID: 1, Address: "reader@reader.example"}
	}
	m, err := composer.Message(to)
	check(t, err)
	return m.Bytes()
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
