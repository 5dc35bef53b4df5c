package pipeline_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/pipeline"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

// known finds all copies of a piece at its address.
func (w *world) known(t testing.TB, i item) []store.Known {
	t.Helper()
	link := i.link
	if link == "" {
		link = w.web.URL + "/one/" + i.id
	}
	all, err := w.Store.Find(t.Context(), feeds.Key(link))
	must(t, err)
	if len(all) == 0 {
		t.Fatalf("nothing at %s", link)
	}
	return all
}

// correct files a piece as the operator says.
func (w *world) correct(t testing.TB, i item, key topic.StanceKey) pipeline.Corrected {
	t.Helper()
	c, err := w.Correct(t.Context(), w.known(t, i), key, "because of "+string(key))
	must(t, err)
	return c
}

func (w *world) undo(t testing.TB, i item) {
	t.Helper()
	_, err := w.Undo(t.Context(), w.known(t, i))
	must(t, err)
}

// wantCorrections asserts how many corrections each edition tells.
func (w *world) wantCorrections(t testing.TB, want ...int) {
	t.Helper()
	var got []int
	for _, e := range w.editions(t) {
		got = append(got, len(e.Corrections))
	}
	if !slices.Equal(got, want) {
		t.Errorf("corrections of the editions: %v, want %v", got, want)
	}
}

// shown is the entry of a piece in an edition.
func shown(t testing.TB, e digest.Edition, i item) (topic.StanceKey, digest.Entry) {
	t.Helper()
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			if en.Title == i.title() {
				return s.Stance, en
			}
		}
	}
	t.Fatalf("%s is not in edition %d", i.title(), e.Number)
	return "", digest.Entry{}
}

// next brings one more piece and publishes it.
func (w *world) next(t testing.TB, id string) {
	t.Helper()
	w.wait(7 * 24 * time.Hour)
	i := piece(id, 1)
	i.published = w.clock().Add(-time.Hour)
	w.web.add("one", i)
	w.gather(t)
	w.publish(t)
}

func TestCorrectionBeforeTheEdition(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	c := w.correct(t, a, "settle")
	if c.Learnt != 1 || c.Now.Stance != "settle" || c.Piece.Verdict.Stance != "bind" || len(c.Breaks) != 0 {
		t.Errorf("%+v", c)
	}
	w.gather(t)
	w.publish(t)
	section, en := shown(t, w.editions(t)[0], a)
	if section != "settle" || en.By != stance.ByOperator || en.Doubt != stance.Sure || en.Quote == "" {
		t.Errorf("in %s: %+v", section, en)
	}
	w.next(t, "b")
	w.wantCorrections(t, 0, 0) // nobody was told otherwise
}

func TestCorrectionOfAMailedPiece(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	w.publish(t)
	w.correct(t, a, "settle")
	w.wait(7 * 24 * time.Hour)
	w.gather(t)
	if p := w.publish(t); p.Edition != nil {
		t.Error("a correction alone makes an edition")
	}
	w.next(t, "b")
	w.wantCorrections(t, 0, 1)
	e := w.editions(t)[1]
	if c := e.Corrections[0]; c.Title != a.title() || c.From != "bind" || c.To != "settle" || c.Why != "because of settle" || c.Edition != 1 || c.Outlet != "ONE" {
		t.Errorf("%+v", c)
	}
	w.undo(t, a)
	w.next(t, "c")
	w.wantCorrections(t, 0, 1, 1)
	if c := w.editions(t)[2].Corrections[0]; c.From != "settle" || c.To != "bind" || c.Why != "" {
		t.Errorf("%+v", c)
	}
	w.correct(t, a, "") // and taken back before anybody is told
	w.undo(t, a)
	w.next(t, "d")
	w.wantCorrections(t, 0, 1, 1, 0)
	if _, err := w.Undo(t.Context(), w.known(t, a)); !errors.Is(err, store.ErrNotCorrected) {
		t.Errorf("undone twice: %v", err)
	}
}

// A copy is corrected with the piece, and a copy that comes later does not bring
// back what was taken out.
func TestCorrectionAndCopies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	a := piece("a", 1)
	copied := a
	copied.link = w.web.URL + "/one/a"
	w.web.add("one", a)
	w.gather(t)
	w.correct(t, a, "")
	w.web.add("two", copied)
	w.gather(t)
	if p := w.publish(t); p.Edition != nil {
		t.Error("a copy of what was taken out is shown")
	}
	if all := w.known(t, a); len(all) != 2 {
		t.Fatalf("%d copies", len(all))
	}
	c := w.correct(t, a, "deploy")
	if len(c.Copies) != 1 || c.Copies[0].Verdict.Stance != "bind" {
		t.Errorf("%+v", c.Copies)
	}
	for _, k := range w.known(t, a) {
		if k.Verdict.Stance != "deploy" {
			t.Errorf("copy %d is %s", k.ID, k.Verdict.Stance)
		}
	}
	if learnt, err := w.Store.Learnt(t.Context()); err != nil || len(learnt) != 1 {
		t.Errorf("learnt %+v, %v", learnt, err)
	}
	w.wait(time.Hour)
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
	if section, _ := shown(t, w.editions(t)[0], a); section != "deploy" {
		t.Errorf("in %s", section)
	}
}

// What a window passed over, the operator can still put into the next edition,
// and into no other.
func TestCorrectionAfterItsWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	off, a := piece("off", 1), piece("a", 2)
	off.off = true
	w.web.add("one", off, a)
	w.gather(t)
	w.publish(t)
	w.correct(t, off, "survey")
	w.wait(7 * 24 * time.Hour)
	w.gather(t) // for its page
	w.publish(t)
	w.next(t, "b")
	w.wantOnce(t, titles(off, a, piece("b", 1)), 1)
	section, en := shown(t, w.editions(t)[1], off)
	if section != "survey" || en.By != stance.ByOperator || en.Basis != stance.BasisPage {
		t.Errorf("in %s: %+v", section, en)
	}
	w.wantCorrections(t, 0, 0, 0)
}

// The operator's word survives that the feed says something else, and is quoted
// from what the piece says now.
func TestCorrectionSurvivesARevision(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	a := piece("a", 1)
	a.full = true
	w.web.add("one", a)
	w.gather(t)
	w.correct(t, a, "settle")
	w.wait(time.Hour)
	w.web.put("one", func(o *outlet) {
		o.items[0].reprints, o.items[0].heading = "z", "Another title altogether for Ukraine’s guarantees"
	})
	if g := w.gather(t); g.Revised != 1 || g.Judged != 1 {
		t.Fatalf("%+v", g)
	}
	k := w.known(t, a)[0]
	if k.Verdict.By != stance.ByOperator || k.Verdict.Stance != "settle" || !strings.Contains(k.Text, "our partners") || len(k.Verdict.Evidence) == 0 {
		t.Errorf("%+v", k)
	}
	for _, q := range k.Verdict.Evidence {
		if k.Text[q.Start:q.End] != q.Text {
			t.Errorf("%q is not verbatim", q.Text)
		}
	}
	w.undo(t, a)
	if v := w.known(t, a)[0].Verdict; v.By != stance.ByModel || len(v.Evidence) == 0 || !strings.Contains(w.known(t, a)[0].Text, v.Evidence[0].Text) {
		t.Errorf("after the undo: %+v", v)
	}
}

func TestReclassify(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	mailed, word, open := piece("mailed", 1), piece("word", -10), piece("open", -11)
	w.web.add("one", mailed)
	old := w.Model
	w.Model = func() (*stance.Classifier, error) { // that is never sure
		p, err := pack()
		must(t, err)
		of := *p
		of.Thresholds.Sure, of.Thresholds.Leaning = 0.9999999, 0.9999998
		return stance.Open(&of)
	}
	w.gather(t)
	w.publish(t)
	w.wait(24 * time.Hour)
	w.web.add("one", word, open)
	w.gather(t)
	w.correct(t, word, "arm")
	before := w.known(t, open)[0].Verdict
	w.Model = old
	for _, keep := range []bool{false, true, true} {
		same := w.known(t, open)[0].Verdict.Doubt == before.Doubt
		r, err := w.Reclassify(t.Context(), keep)
		must(t, err)
		if r.Judged != 1 || same != (len(r.Changed) == 1) || r.Restated != 0 {
			t.Errorf("keep %v: %+v", keep, r)
		}
		now := w.known(t, open)[0].Verdict
		if (now.Doubt == before.Doubt) == keep || now.Stance != before.Stance {
			t.Errorf("keep %v: %s after %s", keep, now.Doubt, before.Doubt)
		}
	}
	if v := w.known(t, mailed)[0].Verdict; v.Doubt != stance.Unsure {
		t.Errorf("what an edition has was judged anew: %+v", v)
	}
	if v := w.known(t, word)[0].Verdict; v.By != stance.ByOperator {
		t.Errorf("the operator's word was judged anew: %+v", v)
	}
}

// TestKilledWhileCorrecting takes the store as a kill at each place would leave
// it: all copies are corrected, or none.
func TestKilledWhileCorrecting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := worldOn(t, newWeb(t), dir, 1, "one", "two")
	a := piece("a", 1)
	copied := a
	copied.link = w.web.URL + "/one/a"
	w.web.add("one", a)
	w.web.add("two", copied)
	w.gather(t)
	var snaps []string
	take := func(string) {
		to := t.TempDir()
		must(t, store.Copy(t.Context(), dir, to))
		snaps = append(snaps, to)
	}
	places(w, take)
	train := w.Train
	w.Train = func(c []stance.Correction) (*stance.Classifier, error) { take(""); return train(c) }
	w.correct(t, a, "settle")
	take("")
	unhook(w)
	seen := map[int]int{}
	for _, snap := range snaps {
		again := worldOn(t, w.web, snap, 1, "one", "two")
		corrected := 0
		for _, k := range again.known(t, a) {
			if k.Verdict.Stance == "settle" {
				corrected++
			}
		}
		seen[corrected]++
		again.correct(t, a, "settle") // the same command goes on from there
		again.publish(t)
		again.wantOnce(t, titles(a), 1)
		if section, _ := shown(t, again.editions(t)[0], a); section != "settle" {
			t.Errorf("in %s", section)
		}
	}
	if seen[0] < 2 || seen[2] != 1 || seen[1] > 0 {
		t.Errorf("corrected copies: %v", seen)
	}
}
