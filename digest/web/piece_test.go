package web_test

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
)

// What the operator said of a piece, and took back, stays to be read.
func TestPieceHistory(t *testing.T) {
	s := withEditions(t, 2, 3)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	correct(t, s.Store, 1, stance.Ruling("settle"), "it asks for <b>talks</b> first", day(1))
	if got := page(t, s.Handler(), "/d/pieces/1"); !strings.Contains(got, "had gone by") || !strings.Contains(got, "Evidence of piece 1-1") {
		t.Errorf("what the program went by is gone:\n%s", got)
	}
	correct(t, s.Store, 1, stance.Ruling(""), "it is about another country", day(2))
	if err := s.Store.Undo(t.Context(), []int64{1}, day(3)); err != nil {
		t.Fatal(err)
	}
	if got := page(t, s.Handler(), "/d/pieces/2"); strings.Contains(got, "had gone by") || !strings.Contains(got, "speak for it") {
		t.Errorf("a piece without corrections:\n%s", got)
	}
	got := page(t, s.Handler(), "/d/pieces/1")
	for _, want := range []string{
		"The program filed it under", "Evidence of piece 1-1", "Against piece 1-1",
		"The editor filed it under Settlement first: it asks for &lt;b&gt;talks&lt;/b&gt; first.",
		"The editor filed it as a piece on another subject: it is about another country.",
		"The editor took that back", "21\u00a0November 2026", "23\u00a0November 2026",
		`href="/d/editions/1"`, `href="https://outlet.example/1-1"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if strings.Count(got, "took that back") != 1 {
		t.Error("the word that was replaced counts as taken back")
	}
}

// What was said of a draft's piece and ended before the edition went out, no reader
// was told: that it happened stays to be read, its reason does not. What stood then
// stays with its reason, whatever became of it later.
func TestReasonsThatNobodyWasTold(t *testing.T) {
	s := withEditions(t, 2, 3)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	correct(t, s.Store, 1, stance.Ruling("settle"), "a slip of the mouse", day(-40))
	correct(t, s.Store, 1, stance.Ruling("arm"), "the author rang me", day(-39))
	if err := s.Store.Undo(t.Context(), []int64{1}, day(-38)); err != nil {
		t.Fatal(err)
	}
	correct(t, s.Store, 1, stance.Ruling("settle"), "it asks for talks", day(-37))
	if err := s.Store.Undo(t.Context(), []int64{1}, day(3)); err != nil {
		t.Fatal(err)
	}
	got := page(t, s.Handler(), "/d/pieces/1")
	for _, want := range []string{"The editor filed it under Settlement first.", "The editor filed it under Settlement first: it asks for talks."} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	for _, bad := range []string{"mouse", "rang"} {
		if strings.Contains(got, bad) {
			t.Errorf("says %q:\n%s", bad, got)
		}
	}
	if n := strings.Count(got, "took that back"); n != 2 {
		t.Errorf("taken back %d times", n)
	}
}

// Texts may be gone; what the verdict says and quotes is not.
func TestPieceWithoutText(t *testing.T) {
	s := withEditions(t, 1, 3)
	if n, err := s.Store.Forget(t.Context(), noon.AddDate(30, 0, 0), noon); err != nil || n == 0 {
		t.Fatalf("%d texts dropped, %v", n, err)
	}
	got := page(t, s.Handler(), "/d/pieces/1")
	if !strings.Contains(got, "is not kept any more") || !strings.Contains(got, "Evidence of piece 1-1") || !strings.Contains(got, "(5 words)") {
		t.Errorf("%s", got)
	}
}

// Titles, names and reasons come from outside.
func TestHostilePieces(t *testing.T) {
	dir := t.TempDir()
	s := newSiteIn(t, dir)
	grow(t, dir, s.Store, s.Pack, 2, 1, func(en *digest.Entry) {
		en.Title, en.Outlet, en.Authors = `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, []string{"\u202eevil"}
		en.URL, en.Quote = "javascript:alert(1)", "</blockquote><style>*{display:none}</style>"
	})
	for _, path := range []string{"/d/", "/d/editions", "/d/editions/1", "/d/editions.atom", "/d/pieces/1"} {
		r := get(t, s.Handler(), path)
		got := body(t, r, 200)
		for _, bad := range []string{"<script", "<img", "javascript:", "\u202e", "<style>*"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s: has %q", path, bad)
			}
		}
		if n := strings.Count(r.Header.Get("Content-Security-Policy"), "sha256-"); n > 1 {
			t.Errorf("%s: %d styles are let through", path, n)
		}
	}
}
