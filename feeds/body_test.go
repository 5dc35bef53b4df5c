package feeds

import (
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// TestEncodings has servers that pack without being asked, twice, wrongly, or
// only in name.
func TestEncodings(t *testing.T) {
	once := gzipped(t, smallFeed)
	whole := "<p>Hello</p>"
	for name, row := range map[string]struct {
		header string
		body   []byte
		page   []byte
		class  Class // empty: both come
	}{
		"as asked":         {"gzip", once, gzipped(t, whole), ""},
		"by the old name":  {"X-Gzip", once, gzipped(t, whole), ""},
		"in two members":   {"gzip", append(gzipped(t, smallFeed[:50]), gzipped(t, smallFeed[50:])...), append(gzipped(t, whole[:3]), gzipped(t, whole[3:])...), ""},
		"twice":            {"gzip, gzip", gzipped(t, string(once)), gzipped(t, string(gzipped(t, whole))), ""},
		"in name only":     {"gzip", []byte(smallFeed), []byte(whole), ""},
		"as itself":        {"identity", []byte(smallFeed), []byte(whole), ""},
		"in brotli":        {"br", []byte(smallFeed), []byte(whole), ClassUnparsable},
		"in both":          {"br, gzip", once, gzipped(t, whole), ClassUnparsable},
		"again and again":  {"gzip, gzip, gzip", once, gzipped(t, whole), ClassUnparsable},
		"with a bad head":  {"gzip", []byte("\x1f\x8b\xff\xff\xff\xff\xff\xff\xff\xff\xff"), []byte("\x1f\x8b\xff\xff\xff\xff\xff\xff\xff\xff\xff"), ClassUnparsable},
		"with a bad start": {"gzip", append(once[:10:10], 0xff, 0xff, 0xff), append(once[:10:10], 0xff, 0xff, 0xff), ClassUnparsable},
	} {
		t.Run(name, func(t *testing.T) {
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Accept-Encoding") != "gzip" {
					t.Errorf("accepts %q", r.Header.Get("Accept-Encoding"))
				}
				switch r.URL.Path {
				case "/feed":
					w.Header().Set("Content-Encoding", row.header)
					_, _ = w.Write(row.body)
				case "/page":
					w.Header().Set("Content-Encoding", row.header)
					w.Header().Set("Content-Type", "text/html")
					_, _ = w.Write(row.page)
				}
			})
			c := newTestClient(t, Options{})
			got, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL + "/feed"}, Validators{})
			body, _, _, perr := c.Page(t.Context(), srv.URL+"/page")
			if row.class != "" {
				faultOf(t, err, row.class)
				faultOf(t, perr, row.class)
				return
			}
			if err != nil || perr != nil || len(got.Items) != 2 || string(body) != whole || got.Repaired {
				t.Errorf("%d items, %v; page %q, %v", len(got.Items), err, body, perr)
			}
		})
	}
}

// TestPageBomb: the limit of a page counts what it grows to.
func TestPageBomb(t *testing.T) {
	bomb := gzipped(t, "<p>", strings.Repeat("x", 16<<20))
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page" {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		}
	})
	_, _, _, err := newTestClient(t, Options{}).Page(t.Context(), srv.URL+"/page")
	faultOf(t, err, ClassTooLarge)
}

// TestContentLength has servers that miscount.
func TestContentLength(t *testing.T) {
	one := `<rss version="2.0"><channel><item><title>One</title></item>`
	for name, row := range map[string]struct {
		head       string
		body       string
		class      Class
		items      int
		incomplete bool
	}{
		"right":          {fmt.Sprintf("Content-Length: %d", len(smallFeed)), smallFeed, "", 2, false},
		"none":           {"X: y", smallFeed, "", 2, false},
		"too long":       {"Content-Length: 99999", one, "", 1, true},
		"all the same":   {"Content-Length: 99999", smallFeed, "", 2, false},
		"far too long":   {"Content-Length: 9223372036854775807", one, "", 1, true},
		"too short":      {fmt.Sprintf("Content-Length: %d", len(one)), smallFeed[:0] + one + "<item><title>Two</title></item></channel></rss>", "", 1, true},
		"nought":         {"Content-Length: 0", smallFeed, ClassEmpty, 0, false},
		"negative":       {"Content-Length: -1", smallFeed, ClassConnect, 0, false},
		"two":            {"Content-Length: 5\r\nContent-Length: 6", smallFeed, ClassConnect, 0, false},
		"a bad chunk":    {"Transfer-Encoding: chunked", "zz\r\n" + smallFeed, ClassConnect, 0, false},
		"a chunk cut":    {"Transfer-Encoding: chunked", "ffff\r\n" + one, "", 1, true},
		"too many heads": {"X: " + strings.Repeat("x", 200<<10), smallFeed, ClassConnect, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestClient(t, Options{Timeout: time.Minute})
			scripted(t, c, func(w net.Conn, _ *http.Request) {
				fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nConnection: close\r\n%s\r\n\r\n%s", row.head, row.body)
			})
			c.opts.Pause = time.Millisecond
			got, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/"}, Validators{})
			if row.class != "" {
				faultOf(t, err, row.class)
				return
			}
			if err != nil || len(got.Items) != row.items || got.Incomplete != row.incomplete {
				t.Errorf("%d items, incomplete %v, %v", len(got.Items), got.Incomplete, err)
			}
		})
	}
}

// TestReadLimit reads bodies around the sizes at which something changes.
func TestReadLimit(t *testing.T) {
	c := newTestClient(t, Options{})
	s := newSpan(t.Context(), time.Minute)
	defer s.close()
	for _, limit := range []int64{1, 100, 4096, smallBody - 1, smallBody, smallBody + 1, 3 * smallBody} {
		for _, size := range []int64{0, 1, limit - 1, limit, limit + 1, limit + 5000} {
			for _, hint := range []int64{-1, 0, size, math.MaxInt64} {
				for _, wrap := range []func(io.Reader) io.Reader{iotest.DataErrReader, iotest.HalfReader} {
					watch := s.watch(wrap(strings.NewReader(strings.Repeat("x", int(size)))), time.Minute)
					got, release, err := c.read(s, watch, watch, hint, limit)
					watch.stop()
					if size <= limit && (err != nil || int64(len(got)) != size) || size > limit && err != errTooLarge || int64(cap(got)) > limit+4096 {
						t.Errorf("%d of at most %d bytes, hint %d: %d bytes, %v", size, limit, hint, len(got), err)
					}
					if held := len(c.large); held > 1 || held == 1 && limit < smallBody {
						t.Errorf("%d places held for %d bytes", held, size)
					}
					release()
					if len(c.large) != 0 {
						t.Fatal("a place is lost")
					}
				}
			}
		}
	}
}
