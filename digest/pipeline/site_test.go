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
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		p := piece(id, 1)
		p.link = site.URL + "/" + id
		pieces = append(pieces, p)
	}
	w.web.add("one", pieces...)
	if g := w.gather(t); g.Waiting != 5 || g.Judged != 0 || asked.Load() != 2 {
		t.Errorf("%d requests, %+v", asked.Load(), g)
	}
	well.Store(true)
	if g := w.gather(t); g.Waiting != 0 || g.Judged != 5 {
		t.Errorf("when it is well again: %+v", g)
	}
	w.publish(t)
	w.wantOnce(t, titles(pieces...), 1)
}
