package feeds

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestRobotsAnswers(t *testing.T) {
	const closed = "User-agent: *\nDisallow: /page\n"
	for name, row := range map[string]struct {
		robots    func(w http.ResponseWriter, r *http.Request)
		class     Class // empty: the page comes
		temporary bool
		text      string
	}{
		"closed": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, closed) }, ClassRobots, false, "page URL: the site's robots.txt asks programs to stay away from this page"},
		"open":   {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /other\n") }, "", false, ""},
		"none":   {http.NotFound, "", false, ""},
		"secret": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, "", false, ""},
		"in trouble": {
			func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "60"); w.WriteHeader(503) }, ClassRobots, true,
			"page URL: the site's robots.txt answered 503 Service Unavailable, so its pages are left alone for now; it asks to be left alone for 1m",
		},
		"too many questions": {
			func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "60"); w.WriteHeader(429) }, ClassRobots, true,
			"page URL: the site's robots.txt answered 429 Too Many Requests, so its pages are left alone for now; it asks to be left alone for 1m",
		},
		"breaks off": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "9999")
				fmt.Fprint(w, "User-agent: x\n")
			}, ClassConnect, true, "page URL: robots.txt: broke off the connection",
		},
		"moved": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/robots.txt" {
				fmt.Fprint(w, closed)
				return
			}
			http.Redirect(w, r, "/r5", http.StatusFound)
		}, ClassRobots, false, ""},
		"moved for ever": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, "", false, ""},
		"too long": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, closed, strings.Repeat("# filler\n", 100_000))
		}, ClassRobots, false, ""},
		"in an odd encoding": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "x")
		}, "", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/page" {
					w.Header().Set("Content-Type", "text/html")
					fmt.Fprint(w, "<p>Hello</p>")
					return
				}
				if r.URL.Path == "/robots.txt" {
					asked.Add(1)
				}
				row.robots(w, r)
			})
			c := newTestClient(t, Options{})
			for range 2 {
				_, _, _, err := c.Page(t.Context(), srv.URL+"/page")
				if row.class == "" {
					if err != nil {
						t.Error(err)
					}
					continue
				}
				fault := faultOf(t, err, row.class)
				if got := strings.ReplaceAll(err.Error(), srv.URL+"/page", "URL"); fault.Temporary() != row.temporary || row.text != "" && got != row.text {
					t.Errorf("temporary %v, %q", fault.Temporary(), got)
				}
			}
			if n := asked.Load(); n != 1 && name != "moved for ever" {
				t.Errorf("robots.txt was asked for %d times", n)
			}
		})
	}
}

// TestRobotsOfOthers: feeds are not asked about, and a page that redirects to a
// site that closes it is not followed there.
func TestRobotsOfOthers(t *testing.T) {
	strict := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /")
		case "/feed":
			fmt.Fprint(w, smallFeed)
		default:
			t.Errorf("%s was asked for", r.URL)
		}
	})
	lax := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, strict.URL+"/page", http.StatusFound)
	})
	c := newTestClient(t, Options{})
	_, _, _, err := c.Page(t.Context(), lax.URL)
	faultOf(t, err, ClassRobots)
	if _, err := c.Fetch(t.Context(), Source{ID: "s", URL: strict.URL + "/feed"}, Validators{}); err != nil {
		t.Error(err)
	}
}

// TestRobotsOnce lets many ask for pages of one site, of whom the first gives
// up: one robots.txt after his, and nobody is left waiting.
func TestRobotsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{PerHost: 1, Parallel: 2})
		var asked atomic.Int32
		scripted(t, c, func(w net.Conn, r *http.Request) {
			time.Sleep(time.Second)
			if r.URL.Path == "/robots.txt" {
				asked.Add(1)
				reply(w, 404, "", "")
				return
			}
			reply(w, 200, "Content-Type: text/html\r\n", "<p>Hello</p>")
		})
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		errs := make(chan error)
		page := func(ctx context.Context) {
			_, _, _, err := c.Page(ctx, "http://site.example/page")
			errs <- err
		}
		go page(ctx)
		synctest.Wait()
		for range 8 {
			go page(t.Context())
		}
		faultOf(t, <-errs, ClassCancelled)
		for range 8 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if n := asked.Load(); n != 2 {
			t.Errorf("robots.txt was asked for %d times", n)
		}
	})
}

// TestCrawlDelayKept: pages of a site come at the pace that it asks for, and
// those of another are not held up.
func TestCrawlDelayKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{Parallel: 1})
		begin := time.Now()
		got := make(chan string, 8)
		scripted(t, c, func(w net.Conn, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				if r.Host == "slow.example" {
					reply(w, 200, "", "User-agent: *\nCrawl-delay: 7\n")
					return
				}
				reply(w, 404, "", "")
				return
			}
			got <- fmt.Sprint(r.Host, " ", time.Since(begin))
			reply(w, 200, "Content-Type: text/html\r\n", "<p>Hello</p>")
		})
		done := make(chan error)
		ask := func(host string) {
			_, _, _, err := c.Page(t.Context(), "http://"+host+"/page")
			done <- err
		}
		for range 3 {
			go ask("slow.example")
		}
		synctest.Wait()
		for range 2 {
			go ask("fast.example")
		}
		for range 5 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		for _, want := range []string{"slow.example 0s", "fast.example 0s", "fast.example 0s", "slow.example 7s", "slow.example 14s"} {
			if s := <-got; s != want {
				t.Errorf("asked %s, want %s", s, want)
			}
		}
		time.Sleep(time.Minute) // the last turn comes back
	})
}

// TestRobotsKept: a day for what was answered, ten minutes for a failure, longer
// where the site asks for it.
func TestRobotsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, Options{})
		asked := map[string]int{}
		scripted(t, c, func(w net.Conn, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				asked[r.Host]++
				reply(w, map[string]int{"well.example": 200, "ill.example": 500, "busy.example": 503}[r.Host], map[string]string{"busy.example": "Retry-After: 3600\r\n"}[r.Host], "")
				return
			}
			reply(w, 200, "Content-Type: text/html\r\n", "<p>Hello</p>")
		})
		for _, row := range []struct {
			after     time.Duration
			well, ill int
			busy      int
		}{{0, 1, 1, 1}, {9 * time.Minute, 1, 1, 1}, {2 * time.Minute, 1, 2, 1}, {23 * time.Hour, 1, 3, 2}, {time.Hour, 2, 4, 3}} {
			time.Sleep(row.after)
			_, _, _, err := c.Page(t.Context(), "http://well.example/page")
			_, _, _, ill := c.Page(t.Context(), "http://ill.example/page")
			_, _, _, _ = c.Page(t.Context(), "http://busy.example/page")
			if faultOf(t, ill, ClassRobots); asked["busy.example"] != row.busy || err != nil || asked["well.example"] != row.well || asked["ill.example"] != row.ill {
				t.Errorf("after %v: asked %v, %v", row.after, asked, err)
			}
		}
	})
}

// TestRobotsBounded fills the book beyond its bounds.
func TestRobotsBounded(t *testing.T) {
	b := robotsBook{sites: map[string]*site{}}
	defer b.close()
	fill := func(key string, r *rules) {
		s, mine := b.find(key)
		if !mine {
			t.Fatalf("%s is known", key)
		}
		s.rules = r
		b.keep(key, s)
		if again, _ := b.find(key); again != s {
			t.Errorf("%s is forgotten at once", key)
		}
	}
	for i := range 2 * maxSites {
		fill(fmt.Sprint("small", i), &rules{lines: []rule{{pattern: "/x"}}})
	}
	if len(b.sites) != maxSites {
		t.Errorf("%d sites", len(b.sites))
	}
	for i := range 100 {
		fill(fmt.Sprint("large", i), &rules{lines: []rule{{pattern: strings.Repeat("x", maxRobotsBytes)}}})
	}
	sum := 0
	for _, s := range b.sites {
		sum += s.size
	}
	if b.bytes > maxRuleBytes || b.bytes != sum {
		t.Errorf("%d bytes counted, %d held", b.bytes, sum)
	}
}
