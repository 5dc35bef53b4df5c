package pipeline_test

import (
	"slices"
	"testing"
	"time"

	"standpoint/digest"
)

// A reprint under another title, an excerpt, and a second address are one entry;
// a reprint that comes a week later goes to the edition that showed the piece.
func TestOnePieceOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two", "three", "four")
	a, other := piece("a", 9), piece("other", 5)
	reprint, excerpt, again := piece("x", 3), piece("a", 2), piece("y", 1)
	a.full, reprint.full, again.full = true, true, true
	reprint.reprints, reprint.heading = "a", "Why the promise to Ukraine must become a security guarantee"
	excerpt.status = 404 // its page is gone: the teaser is all there is
	again.link = w.web.URL + "/one/a?utm_source=four"
	w.web.add("one", a)
	w.web.add("two", reprint, other)
	w.web.add("three", excerpt)
	w.web.add("four", again)
	w.gather(t)
	e := w.publish(t).Edition
	if e == nil || e.Pieces.Kept != 2 {
		t.Fatalf("edition %+v", e)
	}
	var at []string
	for _, c := range entries(t, w)[a.title()].AlsoAt {
		at = append(at, c.Outlet)
	}
	slices.Sort(at)
	if !slices.Equal(at, []string{"FOUR", "THREE", "TWO"}) {
		t.Errorf("also at %v; entries %v", at, entries(t, w))
	}

	w.wait(7 * 24 * time.Hour)
	late := piece("z", -160)
	late.full, late.reprints, late.heading = true, "a", "A guarantee to Ukraine that is worth its name"
	w.web.add("four", late)
	w.gather(t)
	if p := w.publish(t); p.Edition != nil {
		t.Errorf("a piece was shown twice: %+v", p.Edition)
	}
	left, err := w.Store.Candidates(t.Context(), w.clock())
	if err != nil || len(left) != 0 {
		t.Errorf("left over: %+v, %v", left, err)
	}
	w.wantOnce(t, titles(a, other), 1)
	wantFates(t, w, 1, 6)
}

// wantFates asserts that an edition has so many pieces and that each copy says
// of which shown piece it is one, and why.
func wantFates(t testing.TB, w *world, edition, pieces int) {
	t.Helper()
	filed := map[int64]digest.Filing{}
	for item := range int64(100) {
		k, _, err := w.Store.Item(t.Context(), item)
		must(t, err)
		if k.Edition == edition {
			filed[item] = digest.Filing{Item: item, CopyOf: k.CopyOf, Why: k.Why}
		}
	}
	if len(filed) != pieces {
		t.Errorf("%d pieces in edition %d, want %d: %+v", len(filed), edition, pieces, filed)
	}
	for item, f := range filed {
		if (f.CopyOf == 0) != (f.Why == "") || f.CopyOf != 0 && filed[f.CopyOf].CopyOf != 0 {
			t.Errorf("piece %d: %+v", item, f)
		}
	}
}
