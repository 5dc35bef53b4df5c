package feeds

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestTimeouts has a server fall silent at each step of a request.
func TestTimeouts(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"
	for name, row := range map[string]struct {
		url    string
		answer func(w net.Conn)
		after  time.Duration
		text   string
	}{
		"handshake": {"https://feed.example/", func(w net.Conn) { _, _ = io.Copy(io.Discard, w) }, 5 * time.Second, "did not finish the TLS handshake within 5s"},
		"answer":    {"http://feed.example/", func(w net.Conn) { _, _ = io.Copy(io.Discard, w) }, 7500 * time.Millisecond, "took the request and did not answer within 7.5s"},
		"head": {"http://feed.example/", func(w net.Conn) {
			fmt.Fprint(w, "HTTP/1.1 200 OK\r\n")
			_, _ = io.Copy(io.Discard, w)
		}, 7500 * time.Millisecond, "took the request and did not answer within 7.5s"},
		"no body": {"http://feed.example/", func(w net.Conn) {
			fmt.Fprint(w, head)
			_, _ = io.Copy(io.Discard, w)
		}, 5 * time.Second, "began its answer and sent nothing for 5s"},
		"body": {"http://feed.example/", func(w net.Conn) {
			fmt.Fprint(w, head, "<rss>")
			_, _ = io.Copy(io.Discard, w)
		}, 5 * time.Second, "sent less than 1 KiB in 5s"},
		"late in the body": {"http://feed.example/", func(w net.Conn) {
			fmt.Fprint(w, head, "<rss>")
			time.Sleep(4 * time.Second)
			fmt.Fprint(w, strings.Repeat(" ", 1<<10))
			_, _ = io.Copy(io.Discard, w)
		}, 9 * time.Second, "sent less than 1 KiB in 5s"},
		"slow loris": {"http://feed.example/", func(w net.Conn) {
			_, err := fmt.Fprint(w, head)
			for err == nil {
				time.Sleep(200 * time.Millisecond)
				_, err = fmt.Fprint(w, "<")
			}
		}, 5 * time.Second, "sent less than 1 KiB in 5s"},
		"slow and endless": {"http://feed.example/", func(w net.Conn) {
			_, err := fmt.Fprint(w, head)
			for err == nil {
				time.Sleep(4 * time.Second)
				_, err = fmt.Fprint(w, strings.Repeat(" ", 1<<10))
			}
		}, 15 * time.Second, "did not finish within 15s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newTestClient(t, Options{})
				c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
					client, server := net.Pipe()
					go func() {
						defer server.Close()
						if strings.HasPrefix(row.url, "http:") {
							_, _ = server.Read(make([]byte, 4096))
						}
						row.answer(server)
					}()
					return client, nil
				}
				begin := time.Now()
				_, err := c.Fetch(t.Context(), Source{ID: "s", URL: row.url}, Validators{})
				fault := faultOf(t, err, ClassTimeout)
				if took := time.Since(begin); took != row.after || fault.Detail != row.url+" "+row.text || !fault.Temporary() {
					t.Errorf("after %v: %v", took, err)
				}
				time.Sleep(time.Minute) // the scripts end
			})
		})
	}
}

// TestNotWaitedFor has answers whose body says nothing that we need, and never
// comes.
func TestNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{})
		scripted(t, c, func(w net.Conn, r *http.Request) {
			switch r.URL.Path {
			case "/moved":
				fmt.Fprint(w, "HTTP/1.1 302 X\r\nLocation: /feed\r\nContent-Length: 1000\r\n\r\n")
			case "/missing":
				fmt.Fprint(w, "HTTP/1.1 404 X\r\nContent-Length: 1000\r\n\r\n")
			default:
				reply(w, 200, "", smallFeed)
				return
			}
			_, _ = io.Copy(io.Discard, w)
		})
		begin := time.Now()
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/moved"}, Validators{})
		if took := time.Since(begin); err != nil || took != time.Second {
			t.Errorf("after %v: %v", took, err)
		}
		begin = time.Now()
		_, err = c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/missing"}, Validators{})
		if faultOf(t, err, ClassClientError); time.Since(begin) != time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

// TestTimeoutOfConnect holds the words; the dialler's time is net's business.
func TestTimeoutOfConnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{Timeout: 6 * time.Second})
		c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
		}
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/"}, Validators{})
		if want := "http://feed.example/ did not take a connection within 2s"; faultOf(t, err, ClassTimeout).Detail != want {
			t.Error(err)
		}
	})
}

// TestParallel holds the budget over all hosts: feeds, pages, robots.txt.
func TestParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{Parallel: 3})
		var now, peak, all atomic.Int32
		scripted(t, c, func(w net.Conn, r *http.Request) {
			all.Add(1)
			if n := now.Add(1); n > peak.Load() {
				peak.Store(n)
			}
			time.Sleep(20 * time.Second / 4)
			now.Add(-1)
			reply(w, 200, "Content-Type: text/html\r\n", map[string]string{"/feed": smallFeed, "/page": "<p>Hello</p>"}[r.URL.Path])
		})
		errs := make(chan error)
		for i := range 20 {
			go func() {
				_, err := c.Fetch(t.Context(), Source{ID: "s", URL: fmt.Sprintf("http://h%d.example/feed", i)}, Validators{})
				errs <- err
			}()
			go func() {
				_, _, _, err := c.Page(t.Context(), fmt.Sprintf("http://h%d.example/page", i))
				errs <- err
			}()
		}
		begin := time.Now()
		for range 40 {
			if err := <-errs; err != nil { // the wait for a place is no slowness of the server
				t.Error(err)
			}
		}
		if all.Load() != 60 || peak.Load() != 3 || time.Since(begin) != 100*time.Second {
			t.Errorf("%d requests, %d at once, %v", all.Load(), peak.Load(), time.Since(begin))
		}
	})
}

// TestRedirectsTakePlaces: many feeds that lead to one host do not rush it, and
// hosts that lead to each other do not block each other.
func TestRedirectsTakePlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{PerHost: 1})
		var now, peak atomic.Int32
		scripted(t, c, func(w net.Conn, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/to/") {
				reply(w, 302, "Location: http://"+strings.TrimPrefix(r.URL.Path, "/to/")+"/feed\r\n", "")
				return
			}
			if n := now.Add(1); r.Host == "one.example" && n > peak.Load() {
				peak.Store(n)
			}
			time.Sleep(time.Second)
			now.Add(-1)
			reply(w, 200, "", smallFeed)
		})
		errs := make(chan error)
		fetch := func(url string) {
			_, err := c.Fetch(t.Context(), Source{ID: "s", URL: url}, Validators{})
			errs <- err
		}
		for i := range 9 {
			go fetch(fmt.Sprintf("http://h%d.example/to/one.example", i))
		}
		for range 9 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if peak.Load() != 1 {
			t.Errorf("%d at once", peak.Load())
		}
		go fetch("http://a.example/to/b.example")
		go fetch("http://b.example/to/a.example")
		for range 2 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestHostKey(t *testing.T) {
	for raw, want := range map[string]string{
		"http://Example.org/x": "example.org", "https://example.org.:443/": "example.org", "http://example.org:443/": "example.org:443",
		"http://[::1]:8080/": "[::1]:8080", "https://[::1]/": "::1",
	} {
		req, err := http.NewRequest(http.MethodGet, raw, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostKey(req.URL); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}
