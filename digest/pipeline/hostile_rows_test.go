package pipeline_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf16"

	"standpoint/feeds"
)

// kept is what is to be seen of a piece in the store. In a row, HOST in the
// address stands for the row's site.
type kept struct {
	title, url, at string // at in UTC as RFC 3339 has it; empty: no date
}

// hostile is a source that was well, answers as given, and is well again.
type hostile struct {
	name   string
	answer func(s site)
	want   []kept      // what the answer adds to the store, in its order
	class  feeds.Class // of the error; empty: it is no error
	says   string      // a part of the error's line
}

// site is what an answer works with.
type site struct {
	http.ResponseWriter
	r    *http.Request
	base string // the site's own address, without a slash at the end
	was  item   // the piece that the feed had while it was well
}

// fill puts the site's address and the text of a piece on the subject, which is
// the row's own, into a document.
func (s site) fill(doc string) string {
	text := item{id: "of " + s.base}.text()
	return strings.NewReplacer("HOST", s.base, "TEXT", "&lt;p>"+strings.Join(text, "&lt;/p>&lt;p>")+"&lt;/p>",
		"XHTML", "<p>"+strings.Join(text, "</p><p>")+"</p>", "PLAIN", strings.Join(text, " ")).Replace(doc)
}

// body answers with a document of the type.
func body(contentType, doc string) func(site) {
	return func(s site) {
		s.Header().Set("Content-Type", contentType)
		fmt.Fprint(s, s.fill(doc))
	}
}

// raw answers with bytes of our own in place of what net/http would send.
func raw(head, doc string) func(site) {
	return func(s site) {
		conn, _, err := s.ResponseWriter.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/xml\r\n"+head+"\r\n"+s.fill(doc))
	}
}

func leadTo(status int, address string) func(site) {
	return func(s site) {
		s.Header().Set("Location", s.fill(address))
		s.WriteHeader(status)
	}
}

const (
	rssType = "application/rss+xml; charset=utf-8"
	rssHead = `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Site</title><link>HOST/</link>`
	rssTail = "</channel></rss>"
	rssDate = "<pubDate>Mon, 02 Mar 2026 05:00:00 GMT</pubDate>"
	rssText = "<content:encoded>TEXT</content:encoded>"
	isoDate = "2026-03-02T05:00:00Z"
)

// rss is a feed of items.
func rss(items ...string) string { return rssHead + strings.Join(items, "") + rssTail }

// entry is an item with an address, a date and a text on the subject.
func entry(title, more string) string {
	return "<item><title>" + title + "</title><link>HOST/hostile</link>" + rssDate + rssText + more + "</item>"
}

// whole is what is stored of entry.
func whole(title string) []kept { return []kept{{title, "HOST/hostile", isoDate}} }

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprint(z, s)
	z.Close()
	return b.String()
}

func utf16LE(s string) string {
	b := []byte("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

const sentence = "Ukraine needs security guarantees"

// hostileRows is the table: what a server answers, and what is to come of it.
func hostileRows() []hostile {
	rows := append(hostileDocuments(), hostileItems()...)
	rows = append(rows, hostileServers()...)
	return append(rows, hostileTurns()...)
}

// hostileServers do harm by HTTP.
func hostileServers() []hostile {
	endless := func(s site) {
		for block := strings.Repeat("<item>", 1000); ; {
			if _, err := fmt.Fprint(s, block); err != nil {
				return
			}
		}
	}
	bomb := zipped("<rss><channel><title>" + strings.Repeat("x", 16<<20))
	packed := func(s site) {
		s.Header().Set("Content-Encoding", "gzip")
		fmt.Fprint(s, bomb)
	}
	loop := func(s site) {
		s.Header().Set("Location", s.base+"/feed?again="+s.r.FormValue("again")+"x")
		s.WriteHeader(http.StatusFound)
	}
	first := entry(sentence+" before the end", "")
	whole := whole(sentence + " before the end")
	return []hostile{
		{"endless body", endless, nil, feeds.ClassTooLarge, "sent more than 1024 KiB"},
		{"truncated body", body(rssType, rssHead+first+"<item><title>Cut</ti"), whole, "", ""},
		{"connection broken off", raw("Content-Length: 99999\r\n", rssHead+first+"<item><title>Cut</ti"), whole, "", ""},
		{"connection broken off at once", raw("Content-Length: 99999\r\n", "<?xml"), nil, feeds.ClassConnect, "broke off the connection"},
		{"Content-Length too small", raw("Content-Length: 100\r\n", rss(first)), nil, feeds.ClassNotFeed, "no feed"},
		{"Content-Length within the first item", raw("Content-Length: 300\r\n", rss(first)), nil, feeds.ClassUnparsable, "breaks off before its first"},
		{"Content-Length no number", raw("Content-Length: 1e3\r\n", rss(first)), nil, feeds.ClassConnect, "Content-Length"},
		{"two Content-Lengths", raw("Content-Length: 1\r\nContent-Length: 2\r\n", rss(first)), nil, feeds.ClassConnect, "Content-Length"},
		{"chunks of nonsense", raw("Transfer-Encoding: chunked\r\n", "zz\r\n"+rss(first)), nil, feeds.ClassConnect, "chunk"},
		{"endless header", raw(strings.Repeat("X-Header: "+strings.Repeat("x", 1000)+"\r\n", 2000), ""), nil, feeds.ClassConnect, "header"},
		{"gzip bomb", packed, nil, feeds.ClassTooLarge, "sent more than 1024 KiB"},
		{"gzip bomb without a label", func(s site) { fmt.Fprint(s, bomb) }, nil, feeds.ClassTooLarge, "too"},
		{"gzip that is none", raw("Content-Encoding: gzip\r\n", "\x1f\x8b\x08\x00broken"), nil, feeds.ClassConnect, "broke off"},
		{"redirect loop", loop, nil, feeds.ClassRedirect, "redirects more than 10 times"},
		{"redirect to itself", leadTo(http.StatusFound, "HOST/feed"), nil, feeds.ClassRedirect, "redirects more than 10 times"},
		{"redirect to a file", leadTo(http.StatusFound, "file:///etc/passwd"), nil, feeds.ClassRedirect, "no web address"},
		{"redirect to a script", leadTo(http.StatusMovedPermanently, "javascript:alert(1)"), nil, feeds.ClassRedirect, "no web address"},
		{"redirect to loopback", leadTo(http.StatusFound, "http://127.0.0.1/"), nil, feeds.ClassRefused, "127.0.0.1, an address in a private"},
		{"redirect to metadata", leadTo(http.StatusMovedPermanently, "http://169.254.169.254/latest/meta-data/"), nil, feeds.ClassRefused, "169.254.169.254"},
		{"redirect to a mapped address", leadTo(http.StatusTemporaryRedirect, "http://[::ffff:10.0.0.1]/"), nil, feeds.ClassRefused, "private"},
		{"redirect to a spelled-out address", leadTo(http.StatusFound, "http://0x7f.1/"), nil, feeds.ClassRefused, "private"},
		{"redirect to a private name", leadTo(http.StatusFound, "http://printer.local/"), nil, feeds.ClassRefused, "private"},
		{"304 to whom it was not promised", func(s site) {
			s.Header().Set("ETag", `"other"`)
			s.WriteHeader(http.StatusNotModified)
		}, nil, feeds.ClassStatus, "304"},
		{"404", func(s site) { http.NotFound(s, s.r) }, nil, feeds.ClassClientError, "404"},
		{"500", func(s site) { s.WriteHeader(http.StatusInternalServerError) }, nil, feeds.ClassServerError, "500"},
		{"410", func(s site) { s.WriteHeader(http.StatusGone) }, nil, feeds.ClassClientError, "410"},
	}
}

// hostileWaits make us wait.
func hostileWaits() []hostile {
	drip := func(s site) {
		flusher := http.NewResponseController(s.ResponseWriter)
		fmt.Fprint(s, "<rss><channel>")
		for flusher.Flush() == nil {
			select {
			case <-s.r.Context().Done():
				return
			case <-time.After(100 * time.Millisecond):
				fmt.Fprint(s, " ")
			}
		}
	}
	silent := func(s site) { <-s.r.Context().Done() }
	return []hostile{
		{"slow drip", drip, nil, feeds.ClassTimeout, "less than 1 KiB in"},
		{"silence", silent, nil, feeds.ClassTimeout, "did not answer within"},
	}
}

// hostileTurns are what a feed that was well may turn into.
func hostileTurns() []hostile {
	moved := func(s site) {
		if s.r.URL.Path == "/feed" {
			leadTo(http.StatusMovedPermanently, "HOST/new/feed")(s)
			return
		}
		body(rssType, rss(entry(sentence+" at another address", "")))(s)
	}
	edited := func(s site) {
		s.was.heading = sentence + ", edited"
		fmt.Fprint(s, (&web{Server: serverAt(s.base)}).rss("/", []item{s.was}))
	}
	again := func(s site) {
		fmt.Fprint(s, s.fill(rss(`<item><guid isPermaLink="false">`+s.was.id+"</guid><title>"+sentence+" under an old GUID</title><link>HOST/again</link>"+rssDate+rssText+"</item>")))
	}
	other := func(s site) {
		s.was.link = s.base + "/renamed"
		fmt.Fprint(s, (&web{Server: serverAt(s.base)}).rss("/", []item{s.was}))
	}
	login := `<!doctype html><html><head><title>Sign in</title></head><body><form action="/login"><input name="u"><input type="password" name="p"></form></body></html>`
	return []hostile{
		{"moved for good", moved, whole(sentence + " at another address"), "", ""},
		{"full and now without items", body(rssType, rss()), nil, "", ""},
		{"full and now empty", body(rssType, ""), nil, feeds.ClassEmpty, "empty"},
		{"full and now blank", body(rssType, " \r\n\t"), nil, feeds.ClassEmpty, "empty"},
		{"an item edited", edited, nil, "", ""},
		{"an item's address changed", other, nil, "", ""},
		{"a GUID used again", again, []kept{{sentence + " under an old GUID", "HOST/again", isoDate}}, "", ""},
		{"login page", body("text/html", login), nil, feeds.ClassNotFeed, "a login page, not a feed"},
		{"bot wall", body("text/html", `<!doctype html><html><head><title>Just a moment...</title></head><body><script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>`), nil, feeds.ClassBotWall, "keeps programs out"},
		{"web page", body("text/html", `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/rss&#13;&#10;Bcc: x"></head><body>Welcome`), nil, feeds.ClassNotFeed, "a web page, not a feed"},
		{"another XML", body("text/xml", `<?xml version="1.0"?><urlset><url><loc>HOST/</loc></url></urlset>`), nil, feeds.ClassNotFeed, "its root is <urlset>"},
		{"another JSON", body("application/json", `{"error":"forbidden"}`), nil, feeds.ClassNotFeed, "no JSON Feed"},
		{"broken JSON", body("application/json", `{"version":"https://jsonfeed.org/version/1","items":[{`), nil, feeds.ClassUnparsable, "broken"},
		{"bytes", body("image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), nil, feeds.ClassNotFeed, "no feed"},
	}
}
