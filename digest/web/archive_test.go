package web_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/web"
	"standpoint/feeds"
)

// body reads an answer and holds its status.
func body(t testing.TB, r *http.Response, status int) string {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != status {
		t.Fatalf("status %d, want %d; %v\n%s", r.StatusCode, status, err, data)
	}
	return string(data)
}

func page(t testing.TB, h http.Handler, path string) string {
	t.Helper()
	return body(t, get(t, h, path), http.StatusOK)
}

// withEditions makes a site with so many editions of so many pieces.
func withEditions(t testing.TB, editions, pieces int) *web.Site {
	t.Helper()
	dir := t.TempDir()
	s := newSiteIn(t, dir)
	grow(t, dir, s.Store, s.Pack, editions, pieces)
	return s
}

// correct makes the operator speak on a piece.
func correct(t testing.TB, db *store.DB, item int64, to stance.Verdict, why string, at time.Time) {
	t.Helper()
	if err := db.Correct(t.Context(), []store.Ruling{{
		Correction: store.Correction{Item: item, Who: "secret-name", At: at, Why: why, Correction: stance.Correction{Stance: to.Stance}}, Verdict: to,
	}}); err != nil {
		t.Fatal(err)
	}
}

// Each page of the archive is one page at one address, and says nothing of
// readers.
func TestArchivePages(t *testing.T) {
	s := withEditions(t, 30, 6)
	h := s.Handler()
	for path, want := range map[string]string{
		"/d/":                 "No.&nbsp;30",
		"/d/editions":         `href="/d/editions/30"`,
		"/d/editions/7":       "Invented piece 7-1",
		"/d/editions/7.json":  `"number": 7`,
		"/d/editions.atom":    "<id>https://digest.example.org/d/editions/30</id>",
		"/d/pieces/37":        "Invented piece 7-1",
		"/d/method":           "What is read",
		"/editions/1":         "Invented piece 1-1",
		"/d/editions/1?a=b#c": "Invented piece 1-1",
	} {
		got := page(t, h, path)
		if !strings.Contains(got, want) {
			t.Errorf("%s: lacks %q:\n%.2000s", path, want, got)
		}
		for _, private := range []string{"reader0@example.org", "secret-name", "style=", "<script", "javascript:"} {
			if strings.Contains(got, private) {
				t.Errorf("%s: has %q", path, private)
			}
		}
	}
	for _, path := range []string{
		"/d/editions/0", "/d/editions/31", "/d/editions/007", "/d/editions/+7", "/d/editions/7.xml", "/d/editions/7/", "/d/editions/-1",
		"/d/editions/99999999999999999999", "/d/editions/7.json.json", "/d/pieces/0", "/d/pieces/9999", "/d/pieces/x", "/d/pieces/",
	} {
		if r := get(t, h, path); r.StatusCode != http.StatusNotFound || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %s", path, r.StatusCode, r.Header.Get("Cache-Control"))
		}
	}
	if got := page(t, newSite(t).Handler(), "/"); !strings.Contains(got, "No edition has come out yet") {
		t.Errorf("home before the first edition: %s", got)
	}
}

// The edition's page brings a style element: the policy lets that through by its
// hash, and nothing else beside the site's own sheet.
func TestEditionStyles(t *testing.T) {
	s := withEditions(t, 2, 6)
	r := get(t, s.Handler(), "/d/editions/1")
	policy := r.Header.Get("Content-Security-Policy")
	if !regexp.MustCompile(`style-src 'self' 'sha256-[A-Za-z0-9+/]{43}=';`).MatchString(policy) || !strings.HasPrefix(policy, "default-src 'none';") {
		t.Errorf("policy %q", policy)
	}
	if got := body(t, r, 200); strings.Count(got, "<style") != 1 {
		t.Errorf("%d style elements", strings.Count(got, "<style"))
	}
	if p := get(t, s.Handler(), "/d/editions").Header.Get("Content-Security-Policy"); strings.Contains(p, "sha256") {
		t.Errorf("the index has %q", p)
	}
}

func TestEditionNeighbours(t *testing.T) {
	h := withEditions(t, 3, 3).Handler()
	for n, want := range map[int][2]bool{1: {false, true}, 2: {true, true}, 3: {true, false}} {
		got := page(t, h, fmt.Sprintf("/d/editions/%d", n))
		if strings.Contains(got, `rel="prev"`) != want[0] || strings.Contains(got, `rel="next"`) != want[1] {
			t.Errorf("edition %d: before %v, after %v", n, strings.Contains(got, `rel="prev"`), strings.Contains(got, `rel="next"`))
		}
		if !strings.Contains(got, fmt.Sprintf(`<link rel="canonical" href="https://digest.example.org/d/editions/%d">`, n)) {
			t.Errorf("edition %d: no canonical address", n)
		}
	}
}

// A page that has not changed is not sent again; one that has is, at once.
func TestArchiveCaching(t *testing.T) {
	s := withEditions(t, 2, 3)
	h := s.Handler()
	ask := func(path, header, value string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set(header, value)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	for _, path := range []string{"/d/", "/d/editions", "/d/editions/1", "/d/editions/1.json", "/d/editions.atom", "/d/pieces/1", "/d/method"} {
		first := get(t, h, path)
		tag := first.Header.Get("ETag")
		if tag == "" || strings.HasPrefix(tag, "W/") || first.Header.Get("Last-Modified") != "" || !strings.HasPrefix(first.Header.Get("Cache-Control"), "public, max-age=") {
			t.Errorf("%s: %v", path, first.Header)
		}
		if r := ask(path, "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
			t.Errorf("%s with its tag: %d", path, r.StatusCode)
		}
		if r := ask(path, "If-None-Match", `"other"`); r.StatusCode != http.StatusOK {
			t.Errorf("%s with another tag: %d", path, r.StatusCode)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodHead, path, nil))
		if w.Body.Len() != 0 || w.Header().Get("ETag") != tag || w.Code != http.StatusOK {
			t.Errorf("HEAD %s: %d, %d bytes, %q", path, w.Code, w.Body.Len(), w.Header().Get("ETag"))
		}
	}
	before := get(t, h, "/d/editions/1").Header
	correct(t, s.Store, 1, stance.Ruling("settle"), "it asks for talks first", noon)
	after := get(t, h, "/d/editions/1")
	if after.Header.Get("ETag") == before.Get("ETag") {
		t.Error("a corrected edition has its old tag")
	}
	if got := body(t, after, 200); !strings.Contains(got, "Corrected since.") || !strings.Contains(got, "it asks for talks first") {
		t.Error("the correction is not told at the piece")
	}
	if r := ask("/d/editions/2", "If-None-Match", get(t, h, "/d/editions/2").Header.Get("ETag")); r.StatusCode != http.StatusNotModified {
		t.Errorf("the other edition: %d", r.StatusCode)
	}
}

func TestNoIndex(t *testing.T) {
	s := withEditions(t, 1, 3)
	for _, path := range []string{"/d/", "/d/editions", "/d/editions/1", "/d/editions/1.json", "/d/pieces/1"} {
		s.NoIndex = false
		open := get(t, s.Handler(), path)
		s.NoIndex = true
		closed := get(t, s.Handler(), path)
		if open.Header.Get("X-Robots-Tag") != "" || closed.Header.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%s: %q and %q", path, open.Header.Get("X-Robots-Tag"), closed.Header.Get("X-Robots-Tag"))
		}
		if got := body(t, closed, 200); strings.HasPrefix(got, "<!DOCTYPE") && !strings.Contains(got, `<meta name="robots" content="noindex">`) {
			t.Errorf("%s: no mark in the page", path)
		}
	}
}

func TestAtom(t *testing.T) {
	got := page(t, withEditions(t, 25, 2).Handler(), "/d/editions.atom")
	var f struct {
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Summary string `xml:"summary"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(got), &f); err != nil {
		t.Fatal(err)
	}
	if f.ID != "https://digest.example.org/d/editions" || len(f.Entries) != 20 || f.Updated != f.Entries[0].Updated {
		t.Errorf("%s", got)
	}
	for _, e := range f.Entries {
		if _, err := time.Parse(time.RFC3339, e.Updated); err != nil || e.Title == "" || e.Summary == "" || !strings.HasPrefix(e.ID, "https://") {
			t.Errorf("%+v, %v", e, err)
		}
	}
	if strings.Contains(got, "Evidence of") {
		t.Error("the feed has texts of pieces")
	}
}

// The list, the chart and its table tell the same pieces.
func TestIndexCounts(t *testing.T) {
	h := withEditions(t, 60, 7).Handler()
	got := page(t, h, "/d/editions")
	if n := len(regexp.MustCompile(`<a href="/d/editions/\d+">No`).FindAllString(got, -1)); n != 60 {
		t.Errorf("%d editions are listed", n)
	}
	if !strings.Contains(got, "420 pieces in all") || !strings.Contains(got, `role="img" aria-labelledby="chart-title chart-desc"`) {
		t.Errorf("chart: %.3000s", got)
	}
	_, table, _ := strings.Cut(got, "The figures of this chart</summary>")
	table, _, _ = strings.Cut(table, "</table>")
	sum := 0
	for _, m := range regexp.MustCompile(`<td>(\d+)</td></tr>`).FindAllStringSubmatch(table, -1) {
		n := 0
		fmt.Sscan(m[1], &n)
		sum += n
	}
	if sum != 420 {
		t.Errorf("the chart's table adds up to %d", sum)
	}
	var e struct {
		Sections []struct{ Entries []any }
	}
	if err := json.Unmarshal([]byte(page(t, h, "/d/editions/60.json")), &e); err != nil || len(e.Sections) != 6 {
		t.Errorf("%+v, %v", e, err)
	}
}

// The method page names feeds by their host: an address may hold a secret.
func TestMethodSources(t *testing.T) {
	s := withEditions(t, 1, 2)
	err := s.Store.SetSources(t.Context(), []feeds.Source{
		{ID: "one", Name: "One <i>", Country: "BE", URL: "https://user:secret@feeds.one.example:8443/rss?key=secret"},
		{ID: "two", Name: "Two", URL: "https://two.example/feed"},
	})
	if err == nil {
		err = s.Store.RecordFailure(t.Context(), store.Failure{Source: "two", At: noon, Reason: "secret reason", Class: feeds.ClassServerError})
	}
	if err != nil {
		t.Fatal(err)
	}
	got := page(t, s.Handler(), "/d/method")
	for _, want := range []string{"One &lt;i&gt; (BE)", "<td>feeds.one.example</td>", "could not be read since 20 November 2026", "mailto:editor@example.org", "78\u00a0%", "Settlement first"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if strings.Contains(got, "secret") {
		t.Error("a secret is told")
	}
}
