package web_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"standpoint/digest/mail"
	"standpoint/digest/store"
	"standpoint/digest/token"
	"standpoint/digest/web"
)

// fort is a site behind its own server, with one reader, as somebody with bad
// intentions finds it.
type fort struct {
	*web.Site
	dir, addr string
	reader    int64
	client    *http.Client
	rounds    int // 1 in the short form
}

// newFort serves a site on loopback. Requests may say whose they are, so that the
// limits on single clients do not end an attack before it begins.
func newFort(t *testing.T) *fort {
	t.Helper()
	f := &fort{dir: t.TempDir(), rounds: 1}
	if os.Getenv("ABUSE") != "" {
		f.rounds = 50
	}
	f.Site = newSiteIn(t, f.dir)
	f.Recipient = func(s string) (string, error) {
		a, err := mail.ParseReader(s)
		return a.Address, err
	}
	f.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	if _, err := f.Store.AddSubscriber(t.Context(), store.Subscriber{Address: "reader@example.org", Origin: store.FromCommand, Added: noon}); err != nil {
		t.Fatal(err)
	}
	s, _, err := f.Store.FirstActive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f.reader = s.ID
	l, err := web.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := web.ServePublic(l, f.Handler(), slog.New(slog.DiscardHandler))
	t.Cleanup(func() { server.Close() })
	f.addr = l.Addr().String()
	f.client = &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{MaxIdleConnsPerHost: 32},
	}
	t.Cleanup(f.client.CloseIdleConnections)
	return f
}

// paths are the routes that take a form, with tokens that are good; the request
// and the draft that two of them name do not exist.
func (f *fort) paths() []string {
	return []string{
		"/subscribe", "/leave/" + f.Keys.Sign(token.Leave, f.reader),
		"/choose/" + f.Keys.Sign(token.Choose, token.Dated(f.reader, noon.Add(time.Hour))),
		"/confirm/" + f.Keys.Sign(token.Confirm, token.Dated(1<<30, noon.Add(time.Hour))),
		"/draft/" + f.Keys.Sign(token.Editor, 1),
	}
}

// ask sends a request as some client and gives status, headers and body. A
// connection that the server ends counts as status 0.
func (f *fort) ask(method, path, kind string, body io.Reader, from int) (int, http.Header, string) {
	r, err := http.NewRequest(method, "http://"+f.addr+path, body)
	if err != nil {
		return 0, nil, ""
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", from>>8&0xff, from&0xff))
	answer, err := f.client.Do(r)
	if err != nil {
		return 0, nil, ""
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, answer.Header, string(text)
}

func (f *fort) post(path string, form url.Values, from int) (int, http.Header, string) {
	return f.ask(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), from)
}

// raw writes bytes to a connection of its own and gives the answer.
func (f *fort) raw(t *testing.T, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", f.addr)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(c, text)
	got, _ := io.ReadAll(c)
	return string(got)
}

// TestAbuse is a run of everything that strangers try. Afterwards the server
// answers, the store is sound and holds what it held, and nothing runs on. With
// ABUSE=1 it is long.
func TestAbuse(t *testing.T) {
	f := newFort(t)
	f.client.CloseIdleConnections()
	before, heap := goleak.IgnoreCurrent(), heapInUse()
	want := f.dump(t)
	for _, attack := range []struct {
		name string
		run  func(*fort, *testing.T)
	}{
		{"traversal", traversal},
		{"header junk", headerJunk},
		{"wrong methods", wrongMethods},
		{"wrong bodies", wrongBodies},
		{"long bodies", longBodies},
		{"slow clients", slowClients},
		{"floods", floods},
	} {
		t.Run(attack.name, func(t *testing.T) {
			attack.run(f, t)
			if status, _, _ := f.ask(http.MethodGet, "/robots.txt", "", nil, 0); status != http.StatusOK {
				t.Errorf("afterwards /robots.txt: %d", status)
			}
		})
	}
	if got := f.dump(t); got != want {
		t.Errorf("the store has changed:\n%s", difference(want, got))
	}
	f.sound(t)
	f.client.CloseIdleConnections()
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
	if now := heapInUse(); now > heap+16<<20 {
		t.Errorf("%d MB in use, %d before", now>>20, heap>>20)
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// floods asks and sends forms from few clients as fast as it can: no answer is a
// fault of ours, and few forms are taken.
func floods(f *fort, t *testing.T) {
	var work sync.WaitGroup
	for worker := range 16 {
		work.Go(func() {
			for i := range 25 * f.rounds {
				path := f.paths()[i%5]
				if status, _, _ := f.ask(http.MethodGet, path, "", nil, worker); status >= 500 {
					t.Errorf("GET %s: %d", path, status)
				}
				// Without the form's stamp, so that nobody is asked in.
				if status, _, _ := f.post("/subscribe", url.Values{"address": {fmt.Sprintf("flood%d-%d@example.org", worker, i)}}, worker); status >= 500 {
					t.Errorf("POST: %d", status)
				}
			}
		})
	}
	work.Wait()
}

// longBodies are refused, whether they say how long they are or not.
func longBodies(f *fort, t *testing.T) {
	long := make([]byte, 10<<20)
	for i, path := range f.paths() {
		for _, known := range []bool{true, false} {
			var body io.Reader = strings.NewReader(string(long))
			if !known {
				body = io.MultiReader(body) // chunked: RFC 9112, section 7.1
			}
			if status, _, _ := f.ask(http.MethodPost, path, "application/x-www-form-urlencoded", body, i); status != http.StatusRequestEntityTooLarge && status != 0 {
				t.Errorf("10 MB to %s, length known %v: %d", path, known, status)
			}
		}
		if status, _, _ := f.ask(http.MethodGet, path, "", strings.NewReader(string(long)), i); status/100 == 5 {
			t.Errorf("GET %s with 10 MB: %d", path, status)
		}
	}
}

// slowClients begin a request and go silent, a hundred at once; others are
// answered meanwhile. In the long form the server has ended them all.
func slowClients(f *fort, t *testing.T) {
	var open []net.Conn
	for i := range 100 {
		c, err := net.Dial("tcp", f.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		text := "GET / HTTP/1.1\r\nHost: digest.example.org\r\nX-Slow: "
		if i%2 == 1 {
			text = "POST " + f.paths()[1] + " HTTP/1.1\r\nHost: digest.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\nList-Unsubscribe=One"
		}
		_, _ = io.WriteString(c, text)
		open = append(open, c)
	}
	start := time.Now()
	if status, _, _ := f.ask(http.MethodGet, "/", "", nil, 1); status/100 == 5 || status == 0 || time.Since(start) > 2*time.Second {
		t.Errorf("beside slow clients: status %d after %v", status, time.Since(start))
	}
	if f.rounds == 1 {
		return
	}
	for i, c := range open {
		_ = c.SetReadDeadline(start.Add(40 * time.Second))
		if _, err := io.ReadAll(c); err != nil {
			t.Errorf("slow client %d is still there after 40 s: %v", i, err)
		}
	}
}
