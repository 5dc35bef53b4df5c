package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"standpoint/digest/render"
	"standpoint/digest/store"
	"standpoint/digest/token"
	"standpoint/digest/topic"
	"standpoint/digest/web"
	"standpoint/templates"
)

// noon is when the tests' sites live.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// newSite makes a site on an empty store, at https://digest.example.org/d.
func newSite(t testing.TB) *web.Site {
	t.Helper()
	return newSiteIn(t, t.TempDir())
}

func newSiteIn(t testing.TB, dir string) *web.Site {
	t.Helper()
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	pack, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := render.New(pack, nil)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := templates.ParseSite()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := token.NewKeys(token.Key{ID: 1, Secret: token.NewSecret()})
	if err != nil {
		t.Fatal(err)
	}
	return &web.Site{
		Store: db, Keys: keys, Pack: pack, Renderer: renderer, Pages: pages, Zone: time.UTC,
		Frame:  render.Frame{Sender: "Standpoint", Web: "https://digest.example.org/d", Unsubscribe: "leave@example.org", ReplyTo: "editor@example.org"},
		Now:    func() time.Time { return noon },
		Log:    slog.New(slog.DiscardHandler),
		SignUp: true,
	}
}

// get asks a site for a path.
func get(t testing.TB, h http.Handler, path string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Result()
}

// The public address has a path of its own; a proxy may take it off or leave it.
func TestSiteBase(t *testing.T) {
	h := newSite(t).Handler()
	for path, want := range map[string]int{
		"/d/site.css": 200, "/site.css": 200, "/d": 200, "/dd/site.css": 404, "/d/no/such": 404,
	} {
		r := get(t, h, path)
		if r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
		if p := r.Header.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe") || strings.Contains(p, "script-src") {
			t.Errorf("%s: policy %q", path, p)
		}
	}
}
