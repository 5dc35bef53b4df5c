package pipeline_test

import (
	"testing"
	"time"
)

// reprinted is a piece and a reprint of it at another outlet, which only their
// wording links.
func reprinted(w *world) (a, reprint item) {
	a, reprint = piece("a", 1), piece("z", 1)
	a.full, reprint.full = true, true
	reprint.published = a.published.Add(time.Hour)
	reprint.reprints, reprint.heading = "a", "Why the promise to Ukraine must become a security guarantee"
	reprint.link = w.web.URL + "/two/z"
	return a, reprint
}

// The operator's word on a reprint of what readers had is told of the piece that
// they know, once.
func TestCorrectionOfALateReprint(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	a, reprint := reprinted(w)
	w.web.add("one", a)
	w.gather(t)
	w.publish(t)
	w.wait(24 * time.Hour)
	w.web.add("two", reprint)
	w.gather(t)
	w.correct(t, reprint, "settle")
	w.next(t, "b") // which files the reprint
	if k := w.known(t, reprint)[0]; k.Edition != 1 || k.CopyOf == 0 {
		t.Fatalf("in edition %d, a copy of %d", k.Edition, k.CopyOf)
	}
	w.next(t, "c")
	w.next(t, "d")
	w.wantCorrections(t, 0, 0, 1, 0)
	if all := w.editions(t)[2].Corrections; len(all) == 1 && (all[0].Title != a.title() || all[0].To != "settle" || all[0].Why != "because of settle") {
		t.Errorf("%+v", all[0])
	}
}

// Readers are told nothing while the word on a reprint stands, under which they
// got the piece, and hear of it when it is taken back.
func TestTheWordOnAReprintStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	a, reprint := reprinted(w)
	w.web.add("one", a)
	w.web.add("two", reprint)
	w.gather(t)
	w.correct(t, a, "arm")
	w.undo(t, a)
	w.correct(t, reprint, "settle")
	w.publish(t)
	if section, _ := shown(t, w.editions(t)[0], a); section != "settle" {
		t.Fatalf("in %s", section)
	}
	w.next(t, "b")
	w.undo(t, reprint)
	w.next(t, "c")
	w.wantCorrections(t, 0, 0, 1)
	if all := w.editions(t)[2].Corrections; len(all) == 1 && (all[0].Title != a.title() || all[0].To != "bind" || all[0].Why != "") {
		t.Errorf("%+v", all[0])
	}
}
