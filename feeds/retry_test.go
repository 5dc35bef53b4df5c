package feeds

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestRetry goes through what heals and what does not, with the times at which
// the server is asked.
func TestRetry(t *testing.T) {
	status := func(code int, headers string) func(net.Conn) {
		return func(w net.Conn) { reply(w, code, headers, "sorry") }
	}
	good := func(w net.Conn) { reply(w, 200, "", smallFeed) }
	hangUp := func(net.Conn) {}
	cut := func(items int) func(net.Conn) {
		return func(w net.Conn) {
			body := strings.Repeat("<item><title>One</title><guid>1</guid></item>", items)
			fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nETag: \"v\"\r\nContent-Length: 99999\r\n\r\n<rss version=\"2.0\"><channel>%s<item>", body)
		}
	}
	slow := func(w net.Conn) { time.Sleep(6 * time.Second); reply(w, 500, "", "") }
	hangs := func(w net.Conn) { time.Sleep(time.Hour) }
	type script = []func(net.Conn)
	for name, row := range map[string]struct {
		script script
		asked  string // at which times
		class  Class  // empty: success
		items  int
	}{
		"good":                   {script{good}, "[0s]", "", 2},
		"reset once":             {script{hangUp, good}, "[0s 500ms]", "", 2},
		"reset twice":            {script{hangUp, hangUp, good}, "[0s 500ms 1.5s]", "", 2},
		"reset for ever":         {script{hangUp, hangUp, hangUp}, "[0s 500ms 1.5s]", ClassConnect, 0},
		"500 once":               {script{status(500, ""), good}, "[0s 500ms]", "", 2},
		"501":                    {script{status(501, "")}, "[0s]", ClassServerError, 0},
		"404":                    {script{status(404, "Retry-After: 1\r\n")}, "[0s]", ClassClientError, 0},
		"410":                    {script{status(410, "")}, "[0s]", ClassClientError, 0},
		"429 without a time":     {script{status(429, "")}, "[0s]", ClassClientError, 0},
		"429 shortly":            {script{status(429, "Retry-After: 3\r\n"), good}, "[0s 3s]", "", 2},
		"503 at the bound":       {script{status(503, "Retry-After: 5\r\n"), status(503, "Retry-After: 5\r\n")}, "[0s 5s]", ClassServerError, 0},
		"503 with a date":        {script{status(503, "Date: Mon, 01 Sep 2025 10:00:00 GMT\r\nRetry-After: Mon, 01 Sep 2025 10:00:02 GMT\r\n"), good}, "[0s 2s]", "", 2},
		"503 later":              {script{status(503, "Retry-After: 6\r\n")}, "[0s]", ClassServerError, 0},
		"bot wall":               {script{status(503, "Cf-Mitigated: challenge\r\n")}, "[0s]", ClassBotWall, 0},
		"late failure":           {script{slow}, "[0s]", ClassServerError, 0},
		"time-out":               {script{hangs}, "[0s]", ClassTimeout, 0},
		"no HTTP":                {script{func(w net.Conn) { fmt.Fprint(w, "SSH-2.0-x\r\n\r\n") }}, "[0s]", ClassConnect, 0},
		"cut off, then whole":    {script{cut(5), good}, "[0s 500ms]", "", 2},
		"cut off, then refused":  {script{cut(5), status(404, "")}, "[0s 500ms]", "", 5},
		"cut off again and less": {script{cut(5), cut(7), cut(6)}, "[0s 500ms 1.5s]", "", 7},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				var asked []time.Duration
				c := newTestClient(t, Options{})
				scripted(t, c, func(w net.Conn, _ *http.Request) {
					asked = append(asked, time.Since(begin))
					row.script[len(asked)-1](w)
				})
				got, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/"}, Validators{})
				time.Sleep(2 * time.Hour) // lets the scripts end
				synctest.Wait()
				if row.class == "" && err != nil {
					t.Fatal(err)
				}
				if row.class != "" {
					faultOf(t, err, row.class)
				}
				if fmt.Sprint(asked) != row.asked || len(got.Items) != row.items {
					t.Errorf("asked at %v, %d items; want %s, %d", asked, len(got.Items), row.asked, row.items)
				}
				if got.Incomplete && got.Validators != (Validators{}) {
					t.Error("an incomplete feed has validators")
				}
			})
		})
	}
}

// TestRetryDNS tells a name server in trouble from a name that does not exist.
func TestRetryDNS(t *testing.T) {
	for _, row := range []struct {
		fault *net.DNSError
		asked int
	}{
		{&net.DNSError{Err: "server misbehaving", Name: "feed.example", IsTemporary: true}, 3},
		{&net.DNSError{Err: "no such host", Name: "feed.example", IsNotFound: true}, 1},
		{&net.DNSError{Err: "i/o timeout", Name: "feed.example", IsTimeout: true, IsTemporary: true}, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := newTestClient(t, Options{})
			asked := 0
			c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
				asked++
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: row.fault}
			}
			_, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/"}, Validators{})
			faultOf(t, err, ClassDNS)
			if asked != row.asked {
				t.Errorf("%v: asked %d times, want %d", row.fault, asked, row.asked)
			}
		})
	}
}

// TestRetryHoldsNoPlace has one place in all, and a feed that waits for its
// second try: another one is read meanwhile.
func TestRetryHoldsNoPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{Parallel: 1, PerHost: 1})
		var asked atomic.Int32
		scripted(t, c, func(w net.Conn, r *http.Request) {
			if r.URL.Path == "/busy" && asked.Add(1) == 1 {
				reply(w, 503, "Retry-After: 4\r\n", "")
				return
			}
			reply(w, 200, "", smallFeed)
		})
		busy := make(chan error)
		go func() {
			_, err := c.Fetch(t.Context(), Source{ID: "busy", URL: "http://feed.example/busy"}, Validators{})
			busy <- err
		}()
		synctest.Wait() // busy now waits for its second try
		begin := time.Now()
		if _, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/other"}, Validators{}); err != nil || time.Since(begin) != 0 {
			t.Errorf("the other feed came after %v, %v", time.Since(begin), err)
		}
		if err := <-busy; err != nil || time.Since(begin) != 4*time.Second {
			t.Errorf("the busy feed came after %v, %v", time.Since(begin), err)
		}
	})
}

// TestRetryEndsWithContext: nobody waits for a second try that is not wanted.
func TestRetryEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{})
		scripted(t, c, func(w net.Conn, _ *http.Request) { reply(w, 503, "Retry-After: 4\r\n", "") })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		_, err := c.Fetch(ctx, Source{ID: "s", URL: "http://feed.example/"}, Validators{})
		if faultOf(t, err, ClassServerError); time.Since(begin) != time.Second {
			t.Errorf("came back after %v", time.Since(begin))
		}
	})
}

// TestWorstCase bounds how long one feed can keep a run, with the default
// time-out: the site that does most to be waited for.
func TestWorstCase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{})
		asked := 0
		scripted(t, c, func(w net.Conn, _ *http.Request) {
			if asked++; asked == 1 {
				time.Sleep(5*time.Second - time.Millisecond)
				reply(w, 503, "Retry-After: 5\r\n", "")
				return
			}
			fmt.Fprint(w, "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
			var err error
			for err == nil {
				time.Sleep(4 * time.Second)
				_, err = fmt.Fprint(w, strings.Repeat(" ", 1<<10))
			}
		})
		begin := time.Now()
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/"}, Validators{})
		if faultOf(t, err, ClassTimeout); time.Since(begin) > 20*time.Second {
			t.Errorf("came back after %v", time.Since(begin))
		}
		time.Sleep(time.Minute)
	})
}

// TestRetryHTTP2 breaks off a stream of HTTP/2, whose errors have no types.
func TestRetryHTTP2(t *testing.T) {
	var asked atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, smallFeed)
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	c := newTestClient(t, Options{})
	c.transport.TLSClientConfig = srv.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	got, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL}, Validators{})
	if err != nil || len(got.Items) != 2 || asked.Load() != 2 {
		t.Errorf("%d items after %d tries, %v", len(got.Items), asked.Load(), err)
	}
}

// TestRetryAfterBrokenBody: whoever sends half a feed and then asks to be left
// alone is left alone, and the half is kept.
func TestRetryAfterBrokenBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{})
		asked := 0
		scripted(t, c, func(w net.Conn, _ *http.Request) {
			if asked++; asked == 1 {
				fmt.Fprint(w, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss><channel><item><title>One</title></item><item>")
				return
			}
			reply(w, 429, "Retry-After: 3600\r\n", "")
		})
		got, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/"}, Validators{})
		if err != nil || asked != 2 || len(got.Items) != 1 || got.Fresh != time.Hour || got.FreshBy != "Retry-After" || got.Validators != (Validators{}) {
			t.Errorf("asked %d times, %+v, %v", asked, got, err)
		}
	})
}
