package pipeline_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/pipeline"
	"standpoint/digest/stance"
	"standpoint/digest/store"
)

// A correction composes the draft anew, from its pieces and its window; nobody is
// told of it later.
func TestCorrectionInADraft(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 1, pipeline.ByEditor)
	before := w.editions(t)[0]
	w.wait(time.Hour)
	late := piece("late", 0)
	w.web.add("one", late)
	w.gather(t)
	w.correct(t, a, "settle")
	e := w.editions(t)[0]
	if section, _ := shown(t, e, a); section != "settle" || e.Entries() != 2 || !e.Window.To.Equal(before.Window.To) || e.Pieces.Seen != before.Pieces.Seen {
		t.Errorf("%+v", e)
	}
	w.correct(t, b, "")
	if e := w.editions(t)[0]; e.Entries() != 1 {
		t.Errorf("%d entries", e.Entries())
	}
	w.undo(t, b)
	if e := w.editions(t)[0]; e.Entries() != 2 {
		t.Errorf("%d entries after the undo", e.Entries())
	}
	w.did(t, 1, store.ActDrafted, store.ActTold, store.ActCorrected, store.ActCorrected, store.ActUndone)
	w.approve(t, 1)
	w.publish(t)
	w.approve(t, 2)
	w.resume(t)
	w.wantOnce(t, titles(a, b, late), 1)
	w.wantCorrections(t, 0, 0)
}

// A piece that is corrected out of a draft, and back when the edition is out,
// comes with the next.
func TestCorrectedOutOfADraft(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 1, pipeline.ByEditor)
	w.correct(t, b, "")
	w.approve(t, 1)
	w.resume(t)
	w.wantOnce(t, titles(a), 1)
	w.undo(t, b)
	edited(w, "")
	w.wait(time.Hour)
	w.publish(t)
	w.wantOnce(t, titles(a, b), 1)
}

// What is dropped is in no edition, and neither are copies of it that come later.
func TestDroppedPiece(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 1, pipeline.ByEditor)
	id := w.known(t, b)[0].ID
	must(t, w.Drop(t.Context(), 1, 1, id, "editor", "it is old"))
	if e := w.editions(t)[0]; e.Entries() != 1 {
		t.Errorf("%d entries", e.Entries())
	}
	if err := w.Drop(t.Context(), 1, 1, id, "editor", "it is old"); !errors.Is(err, store.ErrRevised) {
		t.Errorf("a form of before: %v", err)
	}
	must(t, w.Restore(t.Context(), 1, 2, id, "editor"))
	if e := w.editions(t)[0]; e.Entries() != 2 {
		t.Errorf("%d entries when it was put back", e.Entries())
	}
	must(t, w.Drop(t.Context(), 1, 0, id, "editor", "it is old"))
	if _, err := w.Approve(t.Context(), 1, 2, "editor"); !errors.Is(err, store.ErrRevised) {
		t.Errorf("approved what was not seen: %v", err)
	}
	w.approve(t, 1)
	w.resume(t)
	w.wait(7 * 24 * time.Hour)
	copied := b
	copied.link, copied.published = w.web.URL+"/one/b", w.clock().Add(-time.Hour)
	w.web.put("two", func(*outlet) {})
	w.Sources = append(w.Sources, w.web.source("two"))
	w.web.add("two", copied)
	w.gather(t)
	if p := w.publish(t); p.Edition != nil {
		t.Errorf("a copy makes edition %+v", p.Edition)
	}
	w.wantOnce(t, titles(a), 1)
}

// Of a draft without any piece nothing goes out, and the next edition does.
func TestEverythingIsDropped(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 1, pipeline.ByWindow)
	for _, i := range []item{a, b} {
		must(t, w.Drop(t.Context(), 1, 0, w.known(t, i)[0].ID, "editor", "no"))
	}
	w.wait(5 * time.Hour)
	w.resume(t)
	if at := w.approval(t, 1); at.State != store.DraftWithdrawn {
		t.Errorf("%+v", at)
	}
	w.letters(t, 0)
	edited(w, "")
	w.next(t, "c")
	w.letters(t, 1)
	if l := w.box.letters()[0]; l.edition != 2 {
		t.Errorf("edition %d", l.edition)
	}
	w.wantCorrections(t, 0, 0)
}

// The corrections of the draft's page are done in order, and one that cannot be
// done holds nothing up.
func TestObey(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 1, pipeline.ByEditor)
	first, second := w.known(t, a)[0].ID, w.known(t, b)[0].ID
	must(t, w.Store.Order(t.Context(), store.Order{Edition: 1, Item: first, Undo: true, Who: pipeline.Editor, At: monday}, 1))
	must(t, w.Store.Order(t.Context(), store.Order{Edition: 1, Item: second, Stance: "settle", Why: "so", Who: pipeline.Editor, At: monday}, 1))
	must(t, w.Obey(t.Context()))
	must(t, w.Obey(t.Context()))
	if section, _ := shown(t, w.editions(t)[0], b); section != "settle" {
		t.Errorf("in %s", section)
	}
	w.did(t, 1, store.ActDrafted, store.ActTold, store.ActCorrected)
	log, err := w.Store.ApprovalLog(t.Context(), 1)
	if err != nil || log[2].Who != pipeline.Editor {
		t.Errorf("%+v, %v", log, err)
	}
}

// What becomes of a draft with few pieces follows edition.quiet, but what it has is
// not held over any more.
func TestQuietDraft(t *testing.T) {
	t.Parallel()
	for _, each := range []struct {
		quiet   digest.Quiet
		drops   int
		letters int
	}{
		{digest.Quiet{Send: digest.QuietNote}, 2, 1},
		{digest.Quiet{Send: digest.QuietNothing, Least: 2}, 1, 1},
		{digest.Quiet{Send: digest.QuietNothing, Least: 2}, 2, 0},
		{digest.Quiet{Least: 2}, 2, 0},
	} {
		w := newWorld(t, 1, "one")
		edited(w, pipeline.ByEditor)
		w.Quiet = each.quiet
		all := []item{piece("a", 1), piece("b", 2)}
		w.web.add("one", all...)
		w.gather(t)
		w.publish(t)
		for _, i := range all[:each.drops] {
			must(t, w.Drop(t.Context(), 1, 0, w.known(t, i)[0].ID, "editor", "no"))
		}
		w.approve(t, 1)
		w.resume(t)
		w.letters(t, each.letters)
	}
}

// A correction that comes in at the deadline is done first, and the edition goes
// out right after it, not an hour later.
func TestCorrectionAtTheDeadline(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 1, pipeline.ByWindow)
	item := w.known(t, b)[0].ID
	w.wait(4 * time.Hour)
	clock, late := w.Now, false
	w.Now = func() time.Time { // it comes in after the look for corrections
		if !late {
			late = true
			must(t, w.Store.Order(t.Context(), store.Order{Edition: 1, Item: item, Stance: "settle", Why: "so", Who: pipeline.Editor, At: clock()}, 0))
		}
		return clock()
	}
	must(t, w.Attend(t.Context()))
	if at := w.approval(t, 1); !late || !at.Open() || !at.Deadline.Equal(w.clock()) {
		t.Errorf("%+v", at)
	}
	w.resume(t)
	w.wantOnce(t, titles(a, b), 1)
	w.did(t, 1, store.ActDrafted, store.ActTold, store.ActCorrected, store.ActApproved)
}

// A correction that cannot be done is said where the editor looks, and holds
// nothing up.
func TestCorrectionThatCannotBeDone(t *testing.T) {
	t.Parallel()
	w, _, _, b := drafted(t, 1, pipeline.ByEditor)
	item := w.known(t, b)[0].ID
	must(t, w.Store.Order(t.Context(), store.Order{Edition: 1, Item: item, Stance: "settle", Why: "so", Who: pipeline.Editor, At: w.clock()}, 0))
	w.Train = func([]stance.Correction) (*stance.Classifier, error) { return nil, errors.New("no room to learn") }
	must(t, w.Attend(t.Context()))
	w.did(t, 1, store.ActDrafted, store.ActTold, store.ActNotCorrected)
	log, err := w.Store.ApprovalLog(t.Context(), 1)
	must(t, err)
	if last := log[len(log)-1]; last.Item != item || !strings.Contains(last.Why, "no room to learn") {
		t.Errorf("%+v", last)
	}
	w.approve(t, 1)
}
