package pipeline_test

import (
	"bytes"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// unfit reports whether a rune must not stand in a letter: control characters,
// overrides of the writing direction, and what has no glyph.
func unfit(r rune) bool {
	switch {
	case r == '\n':
		return false
	case r < ' ', 0x7f <= r && r < 0xa0, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0xfeff, r == 0xfffd:
		return true
	}
	return false
}

// checkOutbox holds all files of an outbox against what may come to a reader.
func checkOutbox(t *testing.T, dir string) {
	t.Helper()
	name := regexp.MustCompile(`^edition-\d{4}(/(edition\.(html|txt|json)|page\.html|\d{4}\.eml))?$`)
	files := 0
	must(t, fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == "." {
			return err
		}
		if !name.MatchString(path) {
			t.Errorf("a file %q", path)
		}
		if d.IsDir() {
			return nil
		}
		files++
		text := fileText(t, dir+"/"+path)
		switch {
		case strings.HasSuffix(path, ".eml"):
			checkMessage(t, text)
		case strings.HasSuffix(path, ".html"):
			checkHTML(t, path, text)
		default:
			checkText(t, path, text)
		}
		return nil
	}))
	if files != 5 {
		t.Errorf("%d files", files)
	}
}

// checkText has a plain text without hidden characters.
func checkText(t *testing.T, where, text string) {
	t.Helper()
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		if strings.ContainsFunc(line, unfit) {
			t.Errorf("%s: %q", where, line)
		}
	}
}

// checkHTML has nothing in a page that runs, loads or leads anywhere but to the
// web and to a mail program.
func checkHTML(t *testing.T, where, page string) {
	t.Helper()
	checkText(t, where, page)
	root, err := html.Parse(strings.NewReader(page))
	must(t, err)
	links := 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"script", "img", "iframe", "object", "embed", "form", "base", "svg", "video", "audio", "input", "button"}, n.Data) {
			t.Errorf("%s: an element <%s>", where, n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "srcdoc" || a.Key == "action":
				t.Errorf("%s: %s=%q", where, a.Key, a.Val)
			case a.Key == "href":
				links++
				ok := strings.HasPrefix(a.Val, "http://") || strings.HasPrefix(a.Val, "https://") || strings.HasPrefix(a.Val, "mailto:") || strings.HasPrefix(a.Val, "#")
				if !ok || strings.Contains(a.Val, "secret") || strings.ContainsAny(a.Val, "\"<> ") {
					t.Errorf("%s: a link to %q", where, a.Val)
				}
			case a.Key == "style" && (strings.Contains(a.Val, "url(") || strings.Contains(a.Val, "expression")):
				t.Errorf("%s: style %q", where, a.Val)
			}
		}
	}
	if links < 5 {
		t.Errorf("%s: %d links", where, links)
	}
}

// checkMessage has headers that we wrote ourselves, each one line when decoded,
// and two parts as above.
func checkMessage(t *testing.T, raw string) {
	t.Helper()
	if strings.Contains(strings.ReplaceAll(raw, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(raw, "\r\n", ""), "\r") {
		t.Error("a line of the message does not end in CR LF")
	}
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	must(t, err)
	own := []string{
		"Date", "Mime-Version", "Message-Id", "Subject", "From", "To", "Reply-To", "Sender", "Content-Type", "List-Id", "List-Unsubscribe",
		"List-Unsubscribe-Post", "Auto-Submitted", "Precedence", "Content-Language", "List-Post", "List-Help", "List-Archive", "User-Agent", "X-Mailer", "Feedback-Id", "X-Auto-Response-Suppress", "Archived-At", "List-Owner",
	}
	for name, values := range m.Header {
		if !slices.Contains(own, name) || len(values) != 1 {
			t.Errorf("a header %s: %q", name, values)
		}
		text, err := new(mime.WordDecoder).DecodeHeader(values[0])
		if err != nil || strings.ContainsFunc(text, unfit) || strings.Contains(text, "\n") {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if to, err := m.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "reader0@example.org" {
		t.Errorf("to %v, %v", to, err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	must(t, err)
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{"text/plain", "text/html"} {
		p, err := parts.NextRawPart()
		must(t, err)
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		must(t, err)
		if kind != want || p.Header.Get("Content-Disposition") != "" || p.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			t.Errorf("a part %v", p.Header)
		}
		var b bytes.Buffer
		_, err = io.Copy(&b, quotedprintable.NewReader(p))
		must(t, err)
		if want == "text/html" {
			checkHTML(t, "html part", b.String())
		} else {
			checkText(t, "text part", b.String())
		}
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Errorf("a third part: %v", err)
	}
}
