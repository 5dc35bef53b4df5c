package feeds

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, s := range hostileDocuments() {
		f.Add([]byte(s), "text/xml; charset=windows-1251")
		f.Add([]byte(s), "")
	}
	f.Fuzz(func(t *testing.T, doc []byte, contentType string) {
		got, err := Parse(doc, contentType, "https://example.org/feed", "s")
		if again, _ := Parse(doc, contentType, "https://example.org/feed", "s"); !reflect.DeepEqual(again, got) {
			t.Errorf("read twice: %+v and %+v", got, again)
		}
		if err != nil {
			checkError(t, err)
			return
		}
		size := len(got.Title) + len(got.Format)
		checkLine(t, "title of the feed", got.Title, maxTitle)
		checkLine(t, "format", got.Format, 40)
		for _, it := range got.Items {
			checkClean(t, it)
			checkItem(t, it)
			size += len(it.Title) + len(it.Teaser) + len(it.Text) + len(it.GUID)
		}
		if limit := 16*len(doc) + 1024; size > limit && !strings.HasPrefix(string(doc), "\x1f\x8b") {
			t.Errorf("%d bytes of text from a document of %d", size, len(doc))
		}
		for _, h := range got.SkipHours {
			if h < 0 || h > 23 {
				t.Errorf("hour %d", h)
			}
		}
		if got.TTL < 0 {
			t.Errorf("ttl %v", got.TTL)
		}
	})
}

// checkItem holds an item against what Item promises and what checkClean, which
// also sees the real feeds, leaves open.
func checkItem(t *testing.T, it Item) {
	t.Helper()
	checkLine(t, "title", it.Title, maxTitle)
	checkLine(t, "teaser", it.Teaser, maxTeaser)
	checkLine(t, "language", it.Language, 35)
	if len(it.Authors) > maxAuthors {
		t.Errorf("%d authors", len(it.Authors))
	}
	for _, a := range it.Authors {
		checkLine(t, "author", a, maxAuthor)
	}
	if it.Text != "" {
		for p := range strings.SplitSeq(it.Text, "\n\n") {
			checkLine(t, "paragraph", p, len(it.Text))
		}
	}
	if len(it.GUID) > maxURL || !utf8.ValidString(it.GUID) {
		t.Errorf("guid %q of %d bytes", it.GUID, len(it.GUID))
	}
	if it.URL != "" {
		checkAddress(t, it.URL)
	}
	for _, at := range []time.Time{it.Published, it.Updated} {
		if !at.IsZero() && (at.Year() < 1990 || at.Year() > 2100) {
			t.Errorf("date %v", at)
		}
	}
	if it.Source != "s" || it.Title+it.URL+it.GUID+it.Teaser+it.Text == "" {
		t.Errorf("an item without anything: %+v", it)
	}
}

// checkLine holds a text against what Line promises.
func checkLine(t *testing.T, what, s string, limit int) {
	t.Helper()
	joiner := func(r rune) bool { return r == '\u200c' || r == '\u200d' }
	switch {
	case !utf8.ValidString(s):
		t.Errorf("%s %q is no UTF-8", what, s)
	case strings.ContainsFunc(s, func(r rune) bool { return hidden(r) && !joiner(r) }):
		t.Errorf("%s %q has a hidden character", what, s)
	case strings.Contains(s, "  ") || strings.TrimSpace(s) != s:
		t.Errorf("%s %q has more than single blanks", what, s)
	case utf8.RuneCountInString(s) > limit:
		t.Errorf("%s of %d runes", what, utf8.RuneCountInString(s))
	}
}

// checkAddress holds an address against what readers and mail programs bear.
func checkAddress(t *testing.T, s string) {
	t.Helper()
	clean := Clean(s)
	u, err := url.Parse(clean)
	switch {
	case !utf8.ValidString(s) || len(s) > 4*maxURL || strings.ContainsAny(s, " \t\r\n\x00"):
		t.Errorf("address %q", s)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil:
		t.Errorf("address %q, clean %q: %v", s, clean, err)
	}
}

// checkError holds an error against what Error promises.
func checkError(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Class == "" || e.Op != "parse" || e.Subject != "s" || e.Detail == "" {
		t.Errorf("error %#v", err)
		return
	}
	checkLine(t, "error", e.Error(), 2000)
	if !strings.HasPrefix(e.Error(), "parse s: ") || len(e.Feeds) > 5 {
		t.Errorf("error %v offers %q", e, e.Feeds)
	}
	for _, address := range e.Feeds {
		checkAddress(t, address)
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"https://example.org/a?utm_source=x&id=41#y", "HTTP://EXAMPLE.ORG:80/../%7ea/", "javascript:alert(1)", "https://[::1]:443/", "https://é.example/?a=%zz&b;c", "https://example.org/#!x", "http://a@b:c@d/", "https://example.org/?&&=&a", "https://example.org/%2F%2f/%",
		"data:text/html,<script>", "java\nscript:alert(1)", " https://example.org/\r\nBcc:a", "https://example.org/\u202egpj.exe", "https://user:secret@example.org/", "http://2130706433/", "http://0x7f.1/", "https://[::ffff:127.0.0.1%25eth0]/", "https://example.org:/", "https://www.www.example.org./", "HTTP://0..", "http://0#!%00",
		"https://xn--e1aybc.example/?q=\"><svg/onload=x>", "//example.org/", "https:example.org", "https://example.org\\@evil.example/", "https://example.org/?a=1&a=1&A=1&utm_id", "https://example.org/#!?utm_source=x", "https://example.org/" + strings.Repeat("ж", 1400), "feed:https://example.org/",
		"https://example.org/?UTM_SOURCE=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e&fbclid=f&gclid=g&mc_cid=h&mc_eid=i&ref=rss&_hsenc=j&mkt_tok=k",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		clean, key := Clean(raw), Key(raw)
		if clean == "" {
			if key != "" {
				t.Fatalf("Key(%q) = %q, but Clean has none", raw, key)
			}
			return
		}
		u, err := url.Parse(clean)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(clean) > maxURL {
			t.Fatalf("Clean(%q) = %q: %v", raw, clean, err)
		}
		if strings.ContainsFunc(clean, func(r rune) bool { return r <= ' ' || r >= 0x7f }) || strings.ContainsAny(clean, "\"<>\\^`{|}") {
			t.Fatalf("Clean(%q) = %q", raw, clean)
		}
		if strings.ContainsFunc(key, hidden) || strings.Contains("&"+strings.ToLower(u.RawQuery), "&utm_") {
			t.Fatalf("Key(%q) = %q", raw, key)
		}
		if again := Clean(clean); again != clean {
			t.Fatalf("Clean(%q) = %q, and again %q", raw, clean, again)
		}
		if b := Key(clean); key != b {
			t.Fatalf("Key(%q) = %q, Key(%q) = %q", raw, key, clean, b)
		}
	})
}
