package feeds

import (
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		smallFeed, "", "<rss>", "<feed><entry><title>x</title></entry>", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"}]}`,
		"\xff\xfe<\x00r\x00s\x00s\x00>\x00", "\x1f\x8b\x08", "<rdf:RDF xmlns:rdf='x'><item><title>&#8;&amp;lt;b&gt;</title></item></rdf:RDF>", "<?xml version='1.0' encoding='koi8-r'?><rss><channel><item><title>\xf0\xd2</title><link>/x</link>",
		"<html><link rel=alternate type=application/rss+xml href=/f></html>", "<rss><channel><item><pubDate>Fri, 09/05/2025 - 10:30</pubDate><guid>http://[</guid></item></channel></rss>",
	} {
		f.Add([]byte(s), "text/xml; charset=windows-1251")
	}
	f.Fuzz(func(t *testing.T, doc []byte, contentType string) {
		got, err := Parse(doc, contentType, "https://example.org/feed", "s")
		if err != nil {
			if s := err.Error(); strings.ContainsFunc(s, hidden) || len(s) > 2000 {
				t.Errorf("error text %q", s)
			}
			return
		}
		for _, it := range got.Items {
			checkClean(t, it)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"https://example.org/a?utm_source=x&id=41#y", "HTTP://EXAMPLE.ORG:80/../%7ea/", "javascript:alert(1)", "https://[::1]:443/", "https://é.example/?a=%zz&b;c", "https://example.org/#!x", "http://a@b:c@d/", "https://example.org/?&&=&a", "https://example.org/%2F%2f/%",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		clean := Clean(raw)
		if clean == "" {
			if key := Key(raw); key != "" {
				t.Fatalf("Key(%q) = %q, but Clean has none", raw, key)
			}
			return
		}
		if !strings.HasPrefix(clean, "https://") && !strings.HasPrefix(clean, "http://") || strings.ContainsFunc(clean, hidden) || strings.ContainsAny(clean, "\"<> ") {
			t.Fatalf("Clean(%q) = %q", raw, clean)
		}
		if again := Clean(clean); again != clean && len(clean) <= maxURL {
			t.Fatalf("Clean(%q) = %q, and again %q", raw, clean, again)
		}
		if a, b := Key(raw), Key(clean); a != b && len(clean) <= maxURL {
			t.Fatalf("Key(%q) = %q, Key(%q) = %q", raw, a, clean, b)
		}
	})
}
