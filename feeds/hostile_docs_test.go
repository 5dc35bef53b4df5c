package feeds

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// hostileDocuments has one small document of each kind of bad input, for the
// fuzzer to begin with.
func hostileDocuments() []string {
	docs := []string{
		smallFeed, "", " \n", "\x00", "<rss>", "<", "<!", "no feed at all", "{}", "[]", "null",
		`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><rss><channel><item><title>x &c; y</title></item></channel></rss>`,
		`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://127.0.0.1/"> %y;]><rss><channel><item><title>x &x; y</title></item></channel></rss>`,
		"<feed><entry><title>x</title></entry>", smallFeed[:len(smallFeed)/2], smallFeed[:len(smallFeed)-20],
		"<?xml version='1.0' encoding='koi8-r'?><rss><channel><item><title>\xf0\xd2</title><link>/x</link>",
		"<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>Caf\xe9 \x93quoted\x94</title></item></channel></rss>",
		`<?xml version="1.0" encoding="iso-2022-jp"?><rss>` + "\x1b$B<!--\x1b(B<a:b>-->",
		wideText(smallFeed, binary.LittleEndian), wideText(smallFeed, binary.BigEndian), "\xff\xfe<\x00r\x00s\x00s\x00>\x00",
		"\x1f\x8b\x08", "\xef\xbb\xbf" + smallFeed, "\r\n\r\nWarning: mysql_connect() in /srv/feed.php\n<br>" + smallFeed, "\x00\x00" + strings.ReplaceAll(smallFeed, "title", "ti\x00tle"),
		"<rdf:RDF xmlns:rdf='x'><channel/><item><title>&#8;&amp;lt;b&gt;</title></item></rdf:RDF>",
		`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"}]}`,
		`{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":2,"url":"javascript:alert(1)","title":"A\r\nBcc: x","content_html":"<script>x</script><p>Text","date_published":"0001-01-01T00:00:00Z","authors":[{"name":"A B"}]}]}`,
		"<html><link rel=alternate type=application/rss+xml href=/f></html>",
		`<!doctype html><html><head><title>Sign in</title></head><body><form action="/login"><input type="password" name="p"></form></body></html>`,
		`<!doctype html><html><head><title>Just a moment...</title></head><body><div id="cf-challenge"></div></body></html>`,
		`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/a/"><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b></div></title><entry xml:base="b/"><id>1</id><title type="html">&amp;lt;b&amp;gt;x</title><link href="c"/><updated>9999-12-31T23:59:59Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><script>x</script><p>Text</p></div></content></entry></feed>`,
		"<rss><channel><item><guid>1</guid><title>a</title></item><item><guid>1</guid><title>b</title></item><item/></channel></rss>",
		"<rss><channel><item><title>" + strings.Repeat("<![CDATA[", 9) + "x" + strings.Repeat("]]>", 9) + "</title></item></channel></rss>",
		"<rss><channel><item>" + strings.Repeat("<a:b>", 70) + "</item></channel></rss>", "<rss><channel><item><a></b></item><b><item></a></channel></rss>",
		"<rss><channel><ttl>99999999999999999999</ttl><skipHours><hour>24</hour><hour>-1</hour></skipHours><language>x_y_z</language></channel></rss>",
		"<rss><channel><item><pubDate>Fri, 09/05/2025 - 10:30</pubDate><guid>http://[</guid></item></channel></rss>",
	}
	for _, row := range hostileItems() {
		if len(row.item) < 1000 {
			docs = append(docs, inFeed(row.item))
		}
	}
	return docs
}

// wideText is s in UTF-16 with its byte order mark.
func wideText(s string, order binary.ByteOrder) string {
	out := order.(binary.AppendByteOrder).AppendUint16(nil, 0xfeff)
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.(binary.AppendByteOrder).AppendUint16(out, u)
	}
	return string(out)
}

// TestHostileDocuments holds what is read of them to the fuzzer's demands, and
// has no document read as more than it is.
func TestHostileDocuments(t *testing.T) {
	for _, doc := range hostileDocuments() {
		got, err := Parse([]byte(doc), "", "https://example.org/feed", "s")
		if err != nil {
			checkError(t, err)
			continue
		}
		for _, it := range got.Items {
			checkItem(t, it)
		}
	}
}
