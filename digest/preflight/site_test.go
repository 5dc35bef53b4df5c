package preflight_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"standpoint/digest/preflight"
)

// What can stand between a reader's click and this program, and that each is told
// by its rule.
func TestSite(t *testing.T) {
	const token = "tttttttttttttttttttttttttttttttt"
	good := func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/d/editions":
		case r.URL.Path != "/d/leave/"+token:
			http.NotFound(w, r)
		case r.Method == http.MethodPost:
			if r.PostFormValue("List-Unsubscribe") != "One-Click" {
				http.Error(w, "no", http.StatusBadRequest)
				return
			}
			w.Write([]byte("unsubscribed\n"))
		}
	}
	on := func(method, path string, instead http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == method && strings.HasPrefix(r.URL.Path, path) {
				instead(w, r)
				return
			}
			good(w, r)
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	away := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://www.example.org"+r.URL.Path, http.StatusMovedPermanently)
	}
	for name, row := range map[string]struct {
		site http.HandlerFunc
		want string // empty: all is well
	}{
		"good":            {good, ""},
		"nothing there":   {status(404), "error  S10  the link for leaving (GET URL/d/leave/…) is unknown there"},
		"proxy alone":     {status(502), "S10  the link for leaving (GET URL/d/leave/…) answers with status 502"},
		"led on":          {away, "S10  the link for leaving (GET URL/d/leave/…) leads on to https://www.example.org/d/leave/" + token},
		"no HEAD":         {on(http.MethodHead, "/", status(405)), "S12  the link for leaving (HEAD URL/d/leave/…) answers with status 405"},
		"POST refused":    {on(http.MethodPost, "/", status(403)), "S11  a click on unsubscribe in a mail program is answered with status 403"},
		"POST led on":     {on(http.MethodPost, "/", away), "S11  a click on unsubscribe in a mail program is led on to"},
		"another program": {func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("welcome")) }, "S11  a click on unsubscribe in a mail program is answered by something else"},
		"a cookie": {on(http.MethodPost, "/", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Set-Cookie", "a=b")
			good(w, r)
		}), "S11  a click on unsubscribe in a mail program is answered with a cookie"},
		"no archive": {on(http.MethodGet, "/d/editions", status(404)), "S45  the list of editions (GET URL/d/editions) answers with status 404"},
		"breaks off": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "S10  the link for leaving (GET URL/d/leave/…) does not answer: EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(row.site)
			defer server.Close()
			r := preflight.Site(t.Context(), http.DefaultTransport, server.URL+"/d", token)
			if row.want == "" {
				if len(r.Findings) > 0 || len(r.Facts) != 1 || !strings.Contains(r.Facts[0].String(), "answers") {
					t.Errorf("%v", r)
				}
				return
			}
			want := strings.ReplaceAll(row.want, "URL", server.URL)
			if len(r.Findings) != 1 || !strings.Contains(r.Findings[0].String(), want) || r.Findings[0].Severity != preflight.Error || len(r.Facts) > 0 {
				t.Errorf("%v\nwant %s", r, want)
			}
		})
	}
}

// A certificate that is nobody's is a fault, since no provider would take it.
func TestSiteCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	r := preflight.Site(t.Context(), http.DefaultTransport, server.URL, "t")
	if len(r.Findings) != 1 || !strings.Contains(r.Findings[0].String(), "certificate") {
		t.Errorf("%v", r)
	}
}
