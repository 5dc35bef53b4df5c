package web_test

import (
	"context"
	"errors"
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

// editorsSite is a site with a draft of edition 1, whose forms write down what
// they ask for.
func editorsSite(t *testing.T) (s *web.Site, link string, asked *[]string, fault *error) {
	t.Helper()
	s = newSite(t)
	e := render.Sample(s.Pack, noon)
	e.Number, e.Corrections = 1, nil
	e.Window = digest.Window{From: noon.AddDate(0, 0, -7), To: noon}
	if err := s.Store.Draft(t.Context(), e, nil, "window", noon); err != nil {
		t.Fatal(err)
	}
	if err := s.Store.TellEditor(t.Context(), 1, "editor", noon.Add(4*time.Hour), noon); err != nil {
		t.Fatal(err)
	}
	asked, fault = &[]string{}, new(error)
	note := func(format string, args ...any) error {
		*asked = append(*asked, fmt.Sprintf(format, args...))
		return *fault
	}
	s.Drafts = web.Drafts{
		Approve: func(_ context.Context, n, revision int) error { return note("approve %d %d", n, revision) },
		Hold:    func(_ context.Context, n int, why string) error { return note("hold %d %s", n, why) },
		Correct: func(_ context.Context, o store.Order, revision int) error {
			return note("correct %d %d %d %q %v %s", o.Edition, revision, o.Item, o.Stance, o.Undo, o.Why)
		},
		Drop: func(_ context.Context, n, revision int, item int64, why string) error {
			return note("drop %d %d %d %s", n, revision, item, why)
		},
		Restore: func(_ context.Context, n, revision int, item int64) error {
			return note("restore %d %d %d", n, revision, item)
		},
	}
	return s, "/d/draft/" + s.Keys.Sign(token.Editor, 1), asked, fault
}

// press sends a form of the editor's page.
func press(t *testing.T, s *web.Site, link string, fields ...string) (*httptest.ResponseRecorder, string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, link, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w, w.Body.String()
}

func TestDraftPageShows(t *testing.T) {
	s, link, asked, _ := editorsSite(t)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, path := range []string{link, link + "/letter", link + "?do=approve&revision=1"} {
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, httptest.NewRequest(method, path, nil))
			if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(w.Header().Get("X-Robots-Tag"), "noindex") {
				t.Errorf("%s %s: %d %v", method, path, w.Code, w.Header())
			}
			if method == http.MethodGet && strings.Contains(path, "letter") != strings.Contains(w.Header().Get("Content-Security-Policy"), "sha256-") {
				t.Errorf("policy of %s: %s", path, w.Header().Get("Content-Security-Policy"))
			}
		}
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, link, nil))
	for _, want := range []string{"Edition 1: draft", "Fri 20 Nov 2026, 16:00 UTC", `value="approve"`, `value="hold"`, `value="drop"`, `name="revision" value="1"`, "made the draft"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(w.Body.String(), "style=") || strings.Contains(w.Body.String(), "<script") {
		t.Error("a style or a script that the policy forbids")
	}
	if len(*asked) > 0 {
		t.Errorf("looking did %v", *asked)
	}
}

func TestDraftPageActs(t *testing.T) {
	for _, each := range []struct {
		fields []string
		want   string
	}{
		{[]string{"do", "approve"}, "approve 1 1"},
		{[]string{"do", "hold", "why", " wait\r\n for it "}, "hold 1 wait for it"},
		{[]string{"do", "drop", "item", "7", "why", "old"}, "drop 1 1 7 old"},
		{[]string{"do", "restore", "item", "7"}, "restore 1 1 7"},
		{[]string{"do", "undo", "item", "7"}, `correct 1 1 7 "" true `},
		{[]string{"do", "correct", "item", "7", "stance", "arm", "why", "so"}, `correct 1 1 7 "arm" false so`},
		{[]string{"do", "correct", "item", "7", "stance", "irrelevant", "why", "so"}, `correct 1 1 7 "" false so`},
	} {
		s, link, asked, _ := editorsSite(t)
		w, _ := press(t, s, link, append(each.fields, "revision", "1")...)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != link || len(*asked) != 1 || (*asked)[0] != each.want {
			t.Errorf("%v: %d %v", each.fields, w.Code, *asked)
		}
	}
}

func TestDraftPageRefuses(t *testing.T) {
	for name, each := range map[string]struct {
		fields []string
		status int
	}{
		"no reason to hold":    {[]string{"do", "hold", "revision", "1"}, 422},
		"no reason to drop":    {[]string{"do", "drop", "item", "7", "revision", "1"}, 422},
		"unknown stance":       {[]string{"do", "correct", "item", "7", "stance", "'; DROP", "why", "x", "revision", "1"}, 422},
		"nothing known":        {[]string{"do", "explode", "revision", "1"}, 422},
		"no revision":          {[]string{"do", "approve"}, 400},
		"a revision of before": {[]string{"do", "approve", "revision", "-1"}, 400},
	} {
		s, link, asked, _ := editorsSite(t)
		if w, _ := press(t, s, link, each.fields...); w.Code != each.status || len(*asked) > 0 {
			t.Errorf("%s: %d, did %v", name, w.Code, *asked)
		}
	}
	s, link, _, fault := editorsSite(t)
	for err, want := range map[error]string{
		store.ErrRevised: "has changed since you saw it", store.ErrNoPiece: "no such piece", store.ErrBusy: "being worked on",
		&web.Refusal{Why: "no reader"}: "no reader", errors.New("disk full of secrets"): "The fault is ours",
	} {
		*fault = err
		w, body := press(t, s, link, "do", "approve", "revision", "1")
		if w.Code < 400 || !strings.Contains(body, want) || strings.Contains(body, "secrets") {
			t.Errorf("%v: %d\n%s", err, w.Code, body)
		}
	}
}

// Another purpose's token, another key's and a cut one open nothing.
func TestDraftPageIsTheEditors(t *testing.T) {
	s, link, asked, _ := editorsSite(t)
	for _, bad := range []string{
		"/d/draft/" + s.Keys.Sign(token.Leave, 1), "/d/draft/" + s.Keys.Sign(token.Place, 1), "/d/draft/" + s.Keys.Sign(token.Editor, 2),
		link[:len(link)-1], link + "A", "/d/draft/1",
	} {
		if r := get(t, s.Handler(), bad); r.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: %d", bad, r.StatusCode)
		}
		if w, _ := press(t, s, bad, "do", "approve", "revision", "1"); w.Code != http.StatusNotFound {
			t.Errorf("POST %s: %d", bad, w.Code)
		}
	}
	if len(*asked) > 0 {
		t.Errorf("did %v", *asked)
	}
}

// When the edition is out, the page says so and offers nothing.
func TestDraftPageAfterwards(t *testing.T) {
	s, link, _, fault := editorsSite(t)
	subscribe(t, s)
	if _, err := s.Store.Approve(t.Context(), 1, 1, true, "deadline", noon.Add(4*time.Hour)); err != nil {
		t.Fatal(err)
	}
	*fault = store.ErrNoDraft
	w, body := press(t, s, link, "do", "hold", "why", "late", "revision", "1")
	if w.Code != http.StatusConflict || !strings.Contains(body, "Edition 1 was approved") || strings.Contains(body, `name="do"`) {
		t.Errorf("%d\n%s", w.Code, body)
	}
}

// subscribe puts one reader on the list.
func subscribe(t *testing.T, s *web.Site) {
	t.Helper()
	err := s.Store.SyncSubscribers(t.Context(), func(yield func(store.Subscriber, error) bool) {
		yield(store.Subscriber{Address: "reader@example.org", Origin: store.FromConfig}, nil)
	}, noon)
	if err != nil {
		t.Fatal(err)
	}
}
