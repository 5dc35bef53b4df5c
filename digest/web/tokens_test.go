package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/render"
	"standpoint/digest/store"
	"standpoint/digest/token"
	"standpoint/digest/web"
)

// route is a page that a token opens, with what its buttons send.
type route struct {
	path    string
	purpose token.Purpose
	number  int64
	forms   []url.Values
}

// fullSite is a site with a reader, a request that waits, and a draft, and the
// routes to them.
func fullSite(t *testing.T, dir string) (*web.Site, []route) {
	t.Helper()
	s := newSiteIn(t, dir)
	// Whom the operator adds has a record of consent, the first; nobody has its token.
	id, err := s.Store.AddSubscriber(t.Context(), store.Subscriber{Address: "reader@example.org", Origin: store.FromCommand, Added: noon})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.Ask(t.Context(), store.Request{Address: "new@example.org", At: noon}); err != nil {
		t.Fatal(err)
	}
	e := render.Sample(s.Pack, noon)
	e.Number, e.Corrections, e.Window = 1, nil, digest.Window{From: noon.AddDate(0, 0, -7), To: noon}
	if err := s.Store.Draft(t.Context(), e, nil, "required", noon); err != nil {
		t.Fatal(err)
	}
	s.Drafts = refusing(t)
	act := func(values ...string) (out []url.Values) {
		for _, v := range values {
			out = append(out, url.Values{"act": {v}, "do": {v}, "revision": {"1"}, "why": {"x"}, "item": {"1"}, "stance": {"arm"}, "letter": {"short"}})
		}
		return out
	}
	return s, []route{
		{"/d/leave/", token.Leave, id, append(act("leave", "pause"), url.Values{"List-Unsubscribe": {"One-Click"}})},
		{"/d/confirm/", token.Confirm, token.Dated(2, noon.Add(7*24*time.Hour)), act("")},
		{"/d/choose/", token.Choose, token.Dated(id, noon.Add(24*time.Hour)), act("save", "pause")},
		{"/d/draft/", token.Editor, 1, act("approve", "hold", "drop", "correct")},
	}
}

// refusing is drafts that nobody may get at.
func refusing(t *testing.T) web.Drafts {
	no := func() error { t.Error("the draft was reached"); return store.ErrNoDraft }
	return web.Drafts{
		Approve: func(_ context.Context, _, _ int) error { return no() },
		Hold:    func(_ context.Context, _ int, _ string) error { return no() },
		Correct: func(_ context.Context, _ store.Order, _ int) error { return no() },
		Drop:    func(_ context.Context, _, _ int, _ int64, _ string) error { return no() },
		Restore: func(_ context.Context, _, _ int, _ int64) error { return no() },
	}
}

// do sends a request and returns the status.
func do(h http.Handler, method, path string, form url.Values) int {
	r := httptest.NewRequest(method, "/", strings.NewReader(form.Encode()))
	r.URL = &url.URL{Path: path}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

// TestTokensThatAreNotGood tries on every route what is not its own good token:
// forged, cut, of another purpose, of another key, and expired. Nothing is done,
// and nothing is shown.
func TestTokensThatAreNotGood(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, routes := fullSite(t, dir)
	h := s.Handler()
	others, err := token.NewKeys(token.Key{ID: 1, Secret: token.NewSecret()})
	if err != nil {
		t.Fatal(err)
	}
	want := dump(t, dir)
	for _, r := range routes {
		good := s.Keys.Sign(r.purpose, r.number)
		if got := do(h, http.MethodGet, r.path+good, nil); got != http.StatusOK {
			t.Fatalf("%s with its own token: %d", r.path, got)
		}
		bad := map[string]string{
			"empty": "", "cut": good[:31], "cut to half": good[:16], "longer": good + "A", "with a dot": good + ".", "with a line end": good + "\r\n", "padded": good + "=",
			"upper case": strings.ToUpper(good), "lower case": strings.ToLower(good), "another key's": others.Sign(r.purpose, r.number), "folded": s.Keys.SignFolded(r.purpose, r.number),
			"zeros": strings.Repeat("A", 32), "twice": good + good, "with a path": good + "/x", "a number": fmt.Sprint(r.number),
		}
		for i := range good {
			for bit := range 6 {
				bad[fmt.Sprintf("bit %d of character %d", bit, i)] = flipBit(good, i, bit)
			}
		}
		for _, p := range []token.Purpose{token.Leave, token.Place, token.Return, token.Asked, token.Confirm, token.Choose, token.Editor, token.Stamp} {
			for _, n := range []int64{0, 1, r.number} {
				if p != r.purpose {
					bad[fmt.Sprintf("%s of %d", p, n)] = s.Keys.Sign(p, n)
				}
			}
		}
		for name, text := range bad {
			refused(t, h, r, name, text)
		}
		if got := dump(t, dir); got != want {
			t.Fatalf("%s: the store has changed:\n%s", r.path, difference(want, got))
		}
	}
	// Some are good for a while: in the hour after it they are not.
	s.Now = func() time.Time { return noon.Add(8 * 24 * time.Hour) }
	for _, r := range routes[1:3] {
		refused(t, s.Handler(), r, "expired", s.Keys.Sign(r.purpose, r.number))
	}
	if got := dump(t, dir); got != want {
		t.Errorf("expired: the store has changed:\n%s", difference(want, got))
	}
}

// refused asks a route with a token in every way that it knows.
func refused(t *testing.T, h http.Handler, r route, name, text string) {
	t.Helper()
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if got := do(h, method, r.path+text, nil); got != http.StatusNotFound && got != http.StatusGone {
			t.Errorf("%s %s with a token that is %s (%.60q): %d", method, r.path, name, text, got)
		}
	}
	for _, form := range r.forms {
		switch got := do(h, http.MethodPost, r.path+text, form); got {
		case http.StatusNotFound, http.StatusGone, http.StatusMethodNotAllowed:
		default:
			t.Errorf("POST %s with a token that is %s (%.60q): %d", r.path, name, text, got)
		}
	}
}

// flipBit changes a bit of what a character of a token stands for.
func flipBit(s string, i, bit int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	at := strings.IndexByte(alphabet, s[i]) ^ 1<<bit
	return s[:i] + alphabet[at:at+1] + s[i+1:]
}

// TestTokensAgain sends each form twice. What was asked for is done once.
func TestTokensAgain(t *testing.T) {
	dir := t.TempDir()
	s, routes := fullSite(t, dir)
	h := s.Handler()
	for _, r := range []route{routes[1], routes[2], routes[0]} {
		for _, form := range r.forms {
			path := r.path + s.Keys.Sign(r.purpose, r.number)
			if got := do(h, http.MethodPost, path, form); got != http.StatusOK {
				t.Errorf("POST %s %v: %d", r.path, form, got)
			}
			want := dump(t, dir)
			do(h, http.MethodPost, path, form)
			if got := dump(t, dir); got != want {
				t.Errorf("POST %s %v again:\n%s", r.path, form, difference(want, got))
			}
		}
	}
	// The link of the request that made a reader does not bring back who left.
	path := routes[1].path + s.Keys.Sign(token.Confirm, routes[1].number)
	if news, err := s.Store.Leave(t.Context(), 2, "by link", noon.Add(time.Minute)); err != nil || !news {
		t.Fatalf("%v, %v", news, err)
	}
	want := dump(t, dir)
	if got := do(h, http.MethodPost, path, url.Values{}); got != http.StatusGone {
		t.Errorf("confirmed once more: %d", got)
	}
	if got := dump(t, dir); got != want {
		t.Errorf("the request was used twice:\n%s", difference(want, got))
	}
}
