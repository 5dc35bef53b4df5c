package feeds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const smallFeed = `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https://example.org/</link>
<item><title>One</title><link>https://example.org/1</link><guid>g1</guid><pubDate>Mon, 01 Sep 2025 10:00:00 GMT</pubDate><description>First.</description></item>
<item><title>Two</title><link>/2</link></item></channel></rss>`

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

// faultOf fails unless err is a *Error with the class, and holds its text
// against what Error promises.
func faultOf(t *testing.T, err error, class Class) *Error {
	t.Helper()
	fault, ok := errors.AsType[*Error](err)
	if !ok || fault.Class != class {
		t.Fatalf("error %v, want class %q", err, class)
	}
	if s := err.Error(); len(s) > 900 || strings.ContainsFunc(s, hidden) {
		t.Fatalf("error text of %d bytes: %q", len(s), s)
	}
	return fault
}

func TestConditionalGet(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") == "Mon, 01 Sep 2025 10:00:00 GMT" {
			w.Header().Set("ETag", `"v1"`)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Mon, 01 Sep 2025 10:00:00 GMT")
		fmt.Fprint(w, smallFeed)
	})
	c := newTestClient(t, Options{})
	src := Source{ID: "s", URL: srv.URL + "/feed"}
	first, err := c.Fetch(t.Context(), src, Validators{})
	if err != nil || first.NotModified || len(first.Items) != 2 {
		t.Fatalf("first fetch: %+v, %v", first, err)
	}
	if want := (Validators{`"v1"`, "Mon, 01 Sep 2025 10:00:00 GMT"}); first.Validators != want {
		t.Fatalf("validators %+v, want %+v", first.Validators, want)
	}
	again, err := c.Fetch(t.Context(), src, first.Validators)
	if err != nil || !again.NotModified || again.Items != nil || again.Validators != first.Validators {
		t.Fatalf("second fetch: %+v, %v", again, err)
	}
	if got := first.Items[1].URL; got != "https://example.org/2" {
		t.Errorf("relative link became %q", got)
	}
}

func TestNotModifiedUnasked(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	_, err := newTestClient(t, Options{}).Fetch(t.Context(), Source{ID: "s", URL: srv.URL}, Validators{})
	faultOf(t, err, ClassStatus)
}

func TestValidatorsThatCannotBeSent(t *testing.T) {
	for _, bad := range []string{"a\r\nBcc: x", strings.Repeat("x", 600), "a\x7f"} {
		if got := validators(http.Header{"Etag": {bad}}); got.ETag != "" {
			t.Errorf("%q kept as %q", bad, got.ETag)
		}
	}
}

func TestRedirects(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		to := map[string]struct {
			status int
			path   string
		}{
			"/moved": {301, "/moved2"}, "/moved2": {308, "/feed"},
			"/mixed": {301, "/temp"}, "/temp": {302, "/feed"},
			"/there-and-back": {302, "/moved"},
			"/loop":           {302, "/loop"}, "/file": {302, "file:///etc/passwd"}, "/script": {302, "javascript:alert(1)"},
		}[r.URL.Path]
		if to.status != 0 {
			w.Header().Set("Location", to.path)
			w.WriteHeader(to.status)
			return
		}
		fmt.Fprint(w, smallFeed)
	})
	c := newTestClient(t, Options{})
	for path, moved := range map[string]string{"/feed": "", "/moved": "/feed", "/mixed": "/temp", "/temp": "", "/there-and-back": ""} {
		if moved != "" {
			moved = srv.URL + moved
		}
		got, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL + path}, Validators{})
		if err != nil || got.Moved != moved || got.FinalURL != srv.URL+"/feed" {
			t.Errorf("%s: moved to %q, answered from %s, %v", path, got.Moved, got.FinalURL, err)
		}
	}
	for _, path := range []string{"/loop", "/file", "/script"} {
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL + path}, Validators{})
		if fault := faultOf(t, err, ClassRedirect); fault.Temporary() {
			t.Errorf("%s is temporary", path)
		}
	}
}

func TestStatuses(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusNotFound // for robots.txt
		fmt.Sscan(strings.TrimPrefix(r.URL.Path, "/"), &status)
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(status)
		fmt.Fprint(w, "\x1b[31mgo away\r\n")
	})
	c := newTestClient(t, Options{})
	for status, temporary := range map[int]bool{400: false, 401: false, 403: false, 404: false, 408: true, 410: false, 425: true, 429: true, 500: true, 503: true} {
		address := fmt.Sprintf("%s/%d", srv.URL, status)
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: address}, Validators{})
		class := map[int]Class{4: ClassClientError, 5: ClassServerError}[status/100]
		fault := faultOf(t, err, class)
		if fault.Status != status || fault.Temporary() != temporary || !strings.HasPrefix(err.Error(), "fetch s: "+address+" answered ") {
			t.Errorf("%d: temporary %v, %v", status, fault.Temporary(), err)
		}
		if _, _, _, err = c.Page(t.Context(), address); faultOf(t, err, class).Temporary() != temporary {
			t.Errorf("page %d: %v", status, err)
		}
		if want := 90 * time.Second; (status == 429 || status == 503) && fault.RetryAfter != want {
			t.Errorf("%d: retry after %v", status, fault.RetryAfter)
		}
	}
}

func TestBotWall(t *testing.T) {
	const wall = `<!doctype html><html><head><title>Just a moment...</title></head><body></body></html>`
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body := []byte(wall)
		if strings.HasPrefix(r.URL.Path, "/packed") {
			w.Header().Set("Content-Encoding", "gzip")
			body = gzipped(t, wall)
		}
		if strings.HasSuffix(r.URL.Path, "/403") {
			w.WriteHeader(http.StatusForbidden)
		}
		_, _ = w.Write(body)
	})
	for _, path := range []string{"/403", "/200", "/packed/403", "/packed/200"} {
		_, err := newTestClient(t, Options{}).Fetch(t.Context(), Source{ID: "s", URL: srv.URL + path}, Validators{})
		faultOf(t, err, ClassBotWall)
	}
}

func TestWebPageInsteadOfFeed(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body><p>Hello</p></body></html>`)
	})
	_, err := newTestClient(t, Options{}).Fetch(t.Context(), Source{ID: "s", URL: srv.URL + "/"}, Validators{})
	fault := faultOf(t, err, ClassNotFeed)
	if len(fault.Feeds) != 1 || fault.Feeds[0] != srv.URL+"/rss.xml" || !strings.Contains(err.Error(), srv.URL+"/rss.xml") {
		t.Errorf("advertised %q: %v", fault.Feeds, err)
	}
}

func TestNoAddress(t *testing.T) {
	c := newTestClient(t, Options{})
	for _, u := range []string{"", "feed", "file:///etc/passwd", "ftp://example.org/", "http://", "gopher://x", "http://a b/", "://"} {
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: u}, Validators{})
		faultOf(t, err, ClassRefused)
	}
}

func TestConnectionRefused(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	_, err := newTestClient(t, Options{}).Fetch(t.Context(), Source{ID: "s", URL: srv.URL}, Validators{})
	if !faultOf(t, err, ClassConnect).Temporary() {
		t.Error("a refused connection is not temporary")
	}
}

func TestCertificate(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	_, err := newTestClient(t, Options{}).Fetch(t.Context(), Source{ID: "s", URL: srv.URL}, Validators{})
	faultOf(t, err, ClassTLS)
	_, err = newTestClient(t, Options{}).Fetch(t.Context(), Source{ID: "s", URL: strings.Replace(srv.URL, "https", "http", 1)}, Validators{})
	faultOf(t, err, ClassClientError)
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newTestClient(t, Options{}).Fetch(ctx, Source{ID: "s", URL: "http://127.0.0.1:1/"}, Validators{})
	faultOf(t, err, ClassCancelled)
	if !errors.Is(err, context.Canceled) {
		t.Error("the cause is lost")
	}
}

func TestPasswordStaysSecret(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if user, password, ok := r.BasicAuth(); r.URL.Path != "/robots.txt" && (!ok || user != "user" || password != "secret") {
			t.Errorf("the server was told %q, %q", user, password)
		}
		w.WriteHeader(http.StatusNotFound)
	})
	address := strings.Replace(srv.URL, "://", "://user:secret@", 1)
	c := newTestClient(t, Options{})
	_, err := c.Fetch(t.Context(), Source{ID: "s", URL: address}, Validators{})
	_, _, _, perr := c.Page(t.Context(), address)
	for _, err := range []error{err, perr} {
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is in %v", err)
		}
	}
}

// TestPerHost shows that one host never gets more requests at once than it may,
// and that waiting for a turn does not count as the server's slowness.
func TestPerHost(t *testing.T) {
	var now, peak atomic.Int32
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n := now.Add(1); n > peak.Load() {
			peak.Store(n)
		}
		defer now.Add(-1)
		select {
		case <-time.After(15 * time.Millisecond): // the server's own latency; nothing waits for it but the client
		case <-r.Context().Done():
		}
		fmt.Fprint(w, smallFeed)
	})
	c := newTestClient(t, Options{Timeout: 150 * time.Millisecond})
	errs := make(chan error)
	for range 40 {
		go func() {
			_, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL}, Validators{})
			errs <- err
		}()
	}
	for range 40 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if peak.Load() > 2 {
		t.Errorf("%d requests at once", peak.Load())
	}
}

func TestPage(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/from":
			http.Redirect(w, r, "/page", http.StatusFound)
		case "/page":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "<p>Hello</p>")
		case "/pdf":
			w.Header().Set("Content-Type", "application/pdf")
			fmt.Fprint(w, "%PDF-1.7")
		}
	})
	c := newTestClient(t, Options{})
	body, contentType, final, err := c.Page(t.Context(), srv.URL+"/from")
	if err != nil || string(body) != "<p>Hello</p>" || contentType != "text/html; charset=utf-8" || final != srv.URL+"/page" {
		t.Errorf("page %q, %q, %q, %v", body, contentType, final, err)
	}
	_, _, _, err = c.Page(t.Context(), srv.URL+"/pdf")
	faultOf(t, err, ClassNotPage)
	_, _, _, err = c.Page(t.Context(), srv.URL+"/empty")
	faultOf(t, err, ClassEmpty)
}
