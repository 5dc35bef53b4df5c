package pipeline_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// A site that breaks off its pages is asked for two of them in a run, not for
// all; what it did not send waits, and comes when it is well again.
func TestSiteThatIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	w.Parallel = 1
	var asked atomic.Int32
	var well atomic.Bool
	var pieces []item
	site := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(rw, r)
			return
		}
		asked.Add(1)
		if !well.Load() {
			panic(http.ErrAbortHandler)
		}
		for _, p := range pieces {
			if strings.HasSuffix(p.link, r.URL.Path) {
				w.web.page(rw, p)
			}
		}
	}))
	defer site.Close()
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		p := piece(id, 1)
		p.link = site.URL + "/" + id
		pieces = append(pieces, p)
	}
	w.web.add("one", pieces...)
	// A request on a kept connection that breaks is made once more by net/http.
	if g, n := w.gather(t), asked.Load(); g.Waiting != 8 || g.Judged != 0 || n < 2 || n > 4 {
		t.Errorf("%d requests, %+v", n, g)
	}
	well.Store(true)
	if g := w.gather(t); g.Waiting != 0 || g.Judged != 8 {
		t.Errorf("when it is well again: %+v", g)
	}
	w.publish(t)
	w.wantOnce(t, titles(pieces...), 1)
}
