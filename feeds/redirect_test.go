package feeds

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestMoved goes through chains. In the path a letter is a redirect with its
// status, and the one before it the scheme that it leads to, s or h: "/h1s2" is
// a 301 to http and then a 302 to https.
func TestMoved(t *testing.T) {
	base := map[byte]string{}
	hop := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		chain := strings.Trim(r.URL.Path, "/")
		if chain == "" {
			fmt.Fprint(w, smallFeed)
			return
		}
		var status int
		fmt.Sscan("30"+chain[1:2], &status)
		http.Redirect(w, r, base[chain[0]]+"/"+chain[2:], status)
	})
	plain, secure := httptest.NewServer(hop), httptest.NewTLSServer(hop)
	defer plain.Close()
	defer secure.Close()
	base['h'], base['s'] = plain.URL, secure.URL
	c := newTestClient(t, Options{})
	c.transport.TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	for _, row := range []struct{ path, moved string }{
		{"", ""},
		{"h1", "h"},
		{"h8", "h"},
		{"s1", "s"},
		{"h2", ""},
		{"h3", ""},
		{"h7", ""},
		{"h1s8h1", "s/h1"}, // back to http is followed and not kept
		{"s1s1s8", "s"},
		{"h1h2", "h/h2"},
		{"h1s1h7", "s/h7"},
		{"h2h1", ""},
		{"h1h2h1", "h/h2h1"},
	} {
		if row.moved != "" {
			row.moved = base[row.moved[0]] + "/" + strings.TrimPrefix(row.moved[1:], "/")
		}
		got, err := c.Fetch(t.Context(), Source{ID: "s", URL: plain.URL + "/" + row.path}, Validators{})
		if err != nil || got.Moved != row.moved {
			t.Errorf("/%s: moved to %q, want %q; %v", row.path, got.Moved, row.moved, err)
		}
	}
}

// TestRedirectsThatLeadNowhere each end in one line.
func TestRedirectsThatLeadNowhere(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		location := map[string]string{
			"/nowhere": "", "/no-host": "http:///x", "/broken": "http://[::1", "/mail": "mailto:a@example.org", "/round": "/round?" + strings.Repeat("x", 100), "/long": "/?" + strings.Repeat("x", maxHop),
		}[r.URL.Path]
		w.Header()["Location"] = []string{location}
		w.WriteHeader(http.StatusMovedPermanently)
	})
	c := newTestClient(t, Options{})
	for path, class := range map[string]Class{
		"/nowhere": ClassStatus, "/no-host": ClassRedirect, "/broken": ClassRedirect, "/mail": ClassRedirect, "/round": ClassRedirect, "/long": ClassRedirect,
	} {
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL + path}, Validators{})
		if faultOf(t, err, class).Temporary() {
			t.Errorf("%s is temporary", path)
		}
	}
}

func TestGone(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(map[string]int{"/410": 410, "/404": 404}[r.URL.Path])
	})
	c := newTestClient(t, Options{})
	for path, want := range map[string]bool{"/410": true, "/404": false} {
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL + path}, Validators{})
		if faultOf(t, err, ClassClientError).Gone() != want {
			t.Errorf("%s: gone is not %v", path, want)
		}
	}
}
