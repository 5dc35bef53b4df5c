package web_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"standpoint/digest/web"
)

// public serves a handler at an address of its own.
func public(t *testing.T, h http.Handler) string {
	t.Helper()
	l, err := web.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := web.ServePublic(l, h, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

// A body longer than any form is refused, and what is refused reaches no handler.
func TestLongBody(t *testing.T) {
	t.Parallel()
	asked := make(chan int, 8)
	addr := public(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked <- len(body)
	}))
	for size, want := range map[int]int{0: 200, 1 << 10: 200, 64 << 10: 200, 64<<10 + 1: 413, 10 << 20: 413} {
		r, err := http.Post("http://"+addr+"/subscribe", "text/plain", bytes.NewReader(make([]byte, size)))
		if err != nil {
			t.Errorf("%d bytes: %v", size, err)
			continue
		}
		r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("%d bytes: %d, want %d", size, r.StatusCode, want)
		}
		if want == 200 {
			if n := <-asked; n != size {
				t.Errorf("%d of %d bytes came", n, size)
			}
		}
	}
	if len(asked) > 0 {
		t.Errorf("a body of %d bytes reached the handler", <-asked)
	}
}

// Junk before a request ends the connection, and nothing else.
func TestHeaderJunk(t *testing.T) {
	t.Parallel()
	addr := public(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for name, text := range map[string]string{
		"long":    "GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + strings.Repeat("x", 64<<10) + "\r\n\r\n",
		"many":    "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: y\r\n", 8<<10) + "\r\n",
		"binary":  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"no host": "GET / HTTP/1.1\r\n\r\n",
		"split":   "GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
		"twice":   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, text)
		got, _ := io.ReadAll(conn)
		conn.Close()
		if !strings.HasPrefix(string(got), "HTTP/1.1 4") {
			t.Errorf("%s: %q", name, got)
		}
	}
	if r, err := http.Get("http://" + addr); err != nil || r.StatusCode != 200 {
		t.Errorf("afterwards: %v, %v", r, err)
	} else {
		r.Body.Close()
	}
}
