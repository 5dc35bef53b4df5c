package feeds

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func gzipped(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for _, p := range parts {
		if _, err := z.Write([]byte(p)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBodyLimits(t *testing.T) {
	bomb := gzipped(t, "<rss><channel><title>", strings.Repeat("x", 16<<20))
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		case "/hidden-bomb":
			_, _ = w.Write(bomb)
		case "/endless":
			for block := bytes.Repeat([]byte("<item>"), 10_000); ; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, smallFeed)
		case "/cut":
			w.Header().Set("Content-Length", "100000")
			w.Header().Set("ETag", `"whole"`)
			fmt.Fprint(w, strings.Replace(smallFeed, "</item></channel></rss>", "", 1))
		case "/cut-early":
			w.Header().Set("Content-Length", "100000")
			fmt.Fprint(w, "<rss><channel><title>")
		}
	})
	c := newTestClient(t, Options{})
	for path, class := range map[string]Class{
		"/bomb": ClassTooLarge, "/hidden-bomb": ClassTooLarge, "/endless": ClassTooLarge, "/brotli": ClassUnparsable, "/cut-early": ClassConnect, "/empty": ClassEmpty,
	} {
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL + path}, Validators{})
		faultOf(t, err, class)
	}
	got, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL + "/cut"}, Validators{})
	if err != nil || !got.Incomplete || len(got.Items) != 1 || got.Validators != (Validators{}) {
		t.Errorf("a body that breaks off: %+v, %v", got, err)
	}
}

// TestSlowDrip lets a server send one byte a second, in a bubble where seconds
// cost nothing.
func TestSlowDrip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{})
		var servers sync.WaitGroup
		c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			servers.Go(func() {
				defer server.Close()
				go func() { _, _ = server.Read(make([]byte, 4096)) }()
				_, err := fmt.Fprint(server, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<rss>")
				for err == nil {
					time.Sleep(time.Second) // the bubble's clock
					_, err = server.Write([]byte(" "))
				}
			})
			return client, nil
		}
		begin := time.Now()
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://drip.example/"}, Validators{})
		faultOf(t, err, ClassTimeout)
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("gave up after %v", took)
		}
		servers.Wait()
	})
}

func TestStructureLimits(t *testing.T) {
	wrap := func(s string) string { return "<rss><channel><item>" + s + "</item></channel></rss>" }
	var names strings.Builder
	for i := range 300 {
		fmt.Fprintf(&names, ` xmlns:n%d="x"`, i)
	}
	for name, doc := range map[string]string{
		"nested extensions":   wrap(strings.Repeat("<a:b>", 2_000_000)),
		"nested and closed":   wrap(strings.Repeat("<a:b>", 100_000) + strings.Repeat("</a:b>", 100_000)),
		"nested in atom":      "<feed><entry>" + strings.Repeat("<x>", 100_000),
		"elements by million": wrap(strings.Repeat("<a:b/>", 1_000_000)),
		"items by million":    "<rss><channel>" + strings.Repeat("<item/>", 1_000_000) + "</channel></rss>",
		"namespaces":          "<rss" + names.String() + "><channel/></rss>",
		"long tag":            `<rss a="` + strings.Repeat("x", 100_000) + `"><channel/></rss>`,
		"json":                `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat("{},", 1_000_000) + "{}]}",
		"hidden in utf-16":    "\xff\xfe" + strings.Join(strings.Split(wrap(strings.Repeat("<a:b>", 10_000)), ""), "\x00") + "\x00",
		"hidden in iso-2022":  `<?xml version="1.0" encoding="iso-2022-jp"?><rss>` + "\x1b$B<!--\x1b(B" + strings.Repeat("<a:b>", 100_000) + "-->",
		"second declaration":  `<?xml version="1.0"?><rss><?xml version="1.0" encoding="iso-2022-jp"?>` + "\x1b$B<!--\x1b(B" + strings.Repeat("<a:b>", 100_000) + "-->",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(doc), "", "https://example.org/feed", "s")
			faultOf(t, err, ClassTooLarge)
		})
	}
}

// TestParseMemory holds the live heap of parsing a 5 MB feed down.
func TestParseMemory(t *testing.T) {
	doc := bigFeed(600)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := Parse(doc, "application/rss+xml", "https://example.org/feed", "s")
	if err != nil || len(got.Items) != 600 {
		t.Fatalf("%d items, %v", len(got.Items), err)
	}
	runtime.ReadMemStats(&after)
	if total := (after.TotalAlloc - before.TotalAlloc) >> 20; total > 150 {
		t.Errorf("%d MiB allocated for %d MiB", total, len(doc)>>20)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if live := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) >> 20; live > 12 {
		t.Errorf("%d MiB held for %d MiB", live, len(doc)>>20)
	}
	runtime.KeepAlive(got)
}

// bigFeed makes a feed of n items with some 8.7 kB of text each.
func bigFeed(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Big</title><link>https://example.org/</link>`)
	paragraph := "<p>The guarantee that allies discuss would rest on forces in place, on money that is promised for years, and on a treaty that parliaments have ratified.</p>\n"
	for i := range n {
		fmt.Fprintf(&b, `<item><title>Piece %d</title><link>https://example.org/%d?utm_source=rss</link><dc:creator>Ada Example and Ben Sample</dc:creator><guid isPermaLink="false">%d</guid><pubDate>Mon, 01 Sep 2025 10:00:00 +0000</pubDate><description>What piece %d says.</description><content:encoded><![CDATA[%s]]></content:encoded></item>`,
			i, i, i, i, strings.Repeat(paragraph, 56))
	}
	b.WriteString("</channel></rss>")
	return b.Bytes()
}
