package feeds

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestTurnsTakeNoTime: pages that lead to a site with a Crawl-delay wait for
// their turn longer than a request may take, and come all the same.
func TestTurnsTakeNoTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{Timeout: 15 * time.Second})
		scripted(t, c, func(w net.Conn, r *http.Request) {
			switch {
			case r.URL.Path == "/robots.txt" && r.Host == "slow.example":
				reply(w, 200, "", "User-agent: *\nCrawl-delay: 10\n")
			case r.URL.Path == "/robots.txt":
				reply(w, 404, "", "")
			case r.Host == "short.example":
				reply(w, 302, "Location: http://slow.example/page\r\n", "")
			default:
				reply(w, 200, "Content-Type: text/html\r\n", "<p>Hello</p>")
			}
		})
		done := make(chan error)
		for range 4 {
			go func() {
				_, _, _, err := c.Page(t.Context(), "http://short.example/page")
				done <- err
			}()
		}
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		time.Sleep(time.Minute) // the last turn comes back
	})
}

// TestPlacesTakeNoTime: large feeds that drip keep their places for large
// bodies as long as a request may take. One that waits for a place comes whole.
func TestPlacesTakeNoTime(t *testing.T) {
	large := strings.Replace(smallFeed, "<item>", "<!-- "+strings.Repeat("x", 2*smallBody)+" --><item>", 1)
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{Timeout: 15 * time.Second})
		begin := time.Now()
		scripted(t, c, func(w net.Conn, r *http.Request) {
			if r.Host == "good.example" {
				reply(w, 200, "", large)
				return
			}
			fmt.Fprintf(w, "HTTP/1.1 200 X\r\n\r\n%s", large[:smallBody+smallBody/2])
			for range 60 {
				time.Sleep(time.Second)
				fmt.Fprint(w, strings.Repeat("x", crawl))
			}
		})
		done := make(chan struct{})
		for i := range 2 * largeBodies {
			go func() {
				_, _ = c.Fetch(t.Context(), Source{ID: "bad", URL: fmt.Sprintf("http://bad%d.example/", i)}, Validators{})
				done <- struct{}{}
			}()
		}
		synctest.Wait()
		got, err := c.Fetch(t.Context(), Source{ID: "good", URL: "http://good.example/"}, Validators{})
		if err != nil || len(got.Items) == 0 || got.Incomplete || time.Since(begin) < 16*time.Second {
			t.Errorf("after %v: %d items, incomplete %v, %v", time.Since(begin), len(got.Items), got.Incomplete, err)
		}
		for range 2 * largeBodies {
			<-done
		}
		time.Sleep(time.Minute) // the scripts end
	})
}

// TestSpan counts what runs, and nothing of the pauses.
func TestSpan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpan(t.Context(), 16*time.Second)
		defer s.close()
		for range 3 {
			time.Sleep(time.Hour)
			s.start()
			s.start()
			time.Sleep(5*time.Second + time.Millisecond)
			s.pause()
		}
		if err := s.Err(); err != nil {
			t.Fatal(err)
		}
		s.start()
		time.Sleep(time.Second + time.Millisecond)
		if err := s.cause(nil); err == nil || err.Error() != "did not finish within 16s" {
			t.Errorf("%v", err)
		}
	})
}
