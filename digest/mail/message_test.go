package mail_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"standpoint/digest/mail"
)

var update = flag.Bool("update", false, "write the golden files anew")

// parsed is a message as a reader's program sees it.
type parsed struct {
	head     netmail.Header
	types    []string
	contents []string
}

func parse(t testing.TB, eml []byte) parsed {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(eml))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type %q: %v", m.Header.Get("Content-Type"), err)
	}
	p := parsed{head: m.Header}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return p
		}
		if err != nil {
			t.Fatal(err)
		}
		if enc := part.Header.Get("Content-Transfer-Encoding"); enc != "quoted-printable" {
			t.Errorf("S22: part is %q, want quoted-printable", enc)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		p.types = append(p.types, part.Header.Get("Content-Type"))
		p.contents = append(p.contents, strings.ReplaceAll(string(b), "\r\n", "\n"))
	}
}

func decoded(t testing.TB, p parsed, field string) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(p.head.Get(field))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMessage(t *testing.T) {
	letter := mail.Letter{
		Subject: "Standpoint 12: гарантії безпеки для України, з понеділка 23 лютого до неділі 1 березня",
		HTML:    "<!doctype html>\n<html lang=\"en\"><p>Garantien für die Ukraine – “guarantees”</p>" + strings.Repeat("<td>wide</td>", 100) + "</html>\n",
		Text:    "Guarantees = words?\n\n.\nFrom here on: “troops”. Trailing \n" + strings.Repeat("long ", 50) + "\n",
	}
	from := mail.Sender{
		From:    netmail.Address{Name: "Standpoint – weekly", Address: "digest@news.example.org"},
		ReplyTo: `"Editors, The" <editors@example.org>`, ListID: "Standpoint: Ukraine, weekly <ukraine.example.org>",
	}
	m, err := mail.Compose(from, letter, mail.Recipient{ID: 7, Address: "reader@bücher.example", Name: "Zoë Reader"}, 12, date)
	if err != nil {
		t.Fatal(err)
	}
	eml := m.Bytes()
	p := parse(t, eml)

	// S20: text first, HTML last, both whole.
	want := []string{letter.Text, letter.HTML}
	if diff := cmp.Diff(want, p.contents); diff != "" {
		t.Errorf("S20: parts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8"}, p.types); diff != "" {
		t.Errorf("S20: types (-want +got):\n%s", diff)
	}
	for field, want := range map[string]string{
		"From": `Standpoint – weekly <digest@news.example.org>`, "To": "Zoë Reader <reader@xn--bcher-kva.example>",
		"Reply-To": `"Editors, The" <editors@example.org>`, "Subject": letter.Subject,
		"Date": "Mon, 02 Mar 2026 07:07:00 +0100", "Mime-Version": "1.0",
		"List-Id":          `"Standpoint: Ukraine, weekly" <ukraine.example.org>`,
		"List-Unsubscribe": "<mailto:digest+unsubscribe@news.example.org?subject=unsubscribe>",
		"Auto-Submitted":   "auto-generated", "Precedence": "bulk", "Message-Id": m.ID,
	} {
		if got := p.head[field]; len(got) != 1 {
			t.Errorf("S9: %d fields %s, want one", len(got), field)
		}
		if got := decoded(t, p, field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	for _, field := range []string{"User-Agent", "X-Mailer", "List-Unsubscribe-Post", "Bcc", "Cc"} {
		if _, ok := p.head[textproto.CanonicalMIMEHeaderKey(field)]; ok {
			t.Errorf("field %s is there", field)
		}
	}
	if !regexp.MustCompile(`^<standpoint\.12\.[a-z2-7]{16}@news\.example\.org>$`).MatchString(m.ID) {
		t.Errorf("S9: Message-ID %s", m.ID)
	}
	if strings.Contains(m.ID, "reader") {
		t.Errorf("Message-ID %s tells the address", m.ID)
	}
	lines(t, eml)
	golden(t, "testdata/letter.eml", eml)
}

// lines checks S22: CR LF alone ends a line, all is ASCII, and no line passes 78.
func lines(t testing.TB, eml []byte) {
	t.Helper()
	text := strings.ReplaceAll(string(eml), "\r\n", "\x00")
	if strings.ContainsAny(text, "\r\n") {
		t.Error("S22: a lone CR or LF")
	}
	for line := range strings.SplitSeq(text, "\x00") {
		// What stands in angle brackets cannot be folded; go-msgauth folds by tags.
		signs := strings.HasPrefix(line, "DKIM-Signature: ") || strings.HasPrefix(line, " h=From:")
		if len(line) > 78 && !signs && !strings.HasPrefix(line, "Message-ID: <") && !strings.HasPrefix(line, "List-Unsubscribe: <") && !strings.HasPrefix(line, " <mailto:") {
			t.Errorf("S22: line of %d octets: %q", len(line), line)
		}
		if len(line) > 998 {
			t.Errorf("S22: line of %d octets", len(line))
		}
		for _, b := range []byte(line) {
			if b >= utf8.RuneSelf {
				t.Fatalf("S22: 8-bit octet in %q", line)
			}
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got), go test -update if meant:\n%s", name, diff)
	}
}

func TestOnlyToAndMessageIDArePersonal(t *testing.T) {
	a := strings.Split(string(letterTo(t, 1, "a@example.com").Bytes()), "\r\n")
	b := strings.Split(string(letterTo(t, 2, "b@example.com").Bytes()), "\r\n")
	if len(a) != len(b) {
		t.Fatalf("%d and %d lines", len(a), len(b))
	}
	for i := range a {
		field, _, _ := strings.Cut(a[i], ":")
		if a[i] != b[i] && field != "To" && field != "Message-ID" {
			t.Errorf("differs: %q and %q", a[i], b[i])
		}
	}
}

func TestMessageIDIsStable(t *testing.T) {
	first := letterTo(t, 1, "a@example.com")
	again := letterTo(t, 1, "a@example.com")
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same letter twice is not the same bytes")
	}
	if other := letterTo(t, 2, "a@example.com"); other.ID == first.ID {
		t.Error("two subscribers have one Message-ID")
	}
}

func BenchmarkComposePerRecipient(b *testing.B) {
	l := mail.Letter{Subject: "Standpoint 12", HTML: strings.Repeat("<p>Garantien für alle</p>\n", 2500), Text: strings.Repeat("Garantien\n", 1000)}
	c, err := mail.NewComposer(sender, l, 12, date)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := c.Message(mail.Recipient{ID: int64(i), Address: fmt.Sprintf("reader%d@example.com", i)}); err != nil {
			b.Fatal(err)
		}
	}
}
