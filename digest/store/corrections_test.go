package store_test

import (
	"errors"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

const pageA = "https://one.example/a"

// correct files a piece as the operator says.
func correct(t testing.TB, db *store.DB, at time.Time, item int64, to stance.Correction, why string) {
	t.Helper()
	to.Title, to.Text = "Title", "Text."
	must(t, db.Correct(t.Context(), []store.Ruling{{
		Correction: store.Correction{Correction: to, Item: item, Who: "operator", At: at, Why: why},
		Verdict:    stance.Ruling(to.Stance),
	}}))
}

var (
	toBind = stance.Correction{Stance: "bind"}
	toNone = stance.Correction{}
)

func told(t testing.TB, db *store.DB) []digest.Told {
	t.Helper()
	all, err := db.Told(t.Context())
	must(t, err)
	return all
}

func corrections(t testing.TB, db *store.DB) []store.Correction {
	t.Helper()
	all, err := db.Corrections(t.Context())
	must(t, err)
	return all
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", pageA, "Arm Ukraine", start))
	judgeAll(t, db, start, "")
	id := found(t, db, pageA).ID
	correct(t, db, hours(1), id, toBind, "it asks for a treaty")
	k := found(t, db, pageA)
	if v := k.Verdict; v.Stance != "bind" || v.By != stance.ByOperator || v.Doubt != stance.Sure || v.Confidence != 1 {
		t.Errorf("the verdict %+v", v)
	}
	if c := candidates(t, db, hours(1)); len(c) != 1 || c[0].Verdict.Stance != "bind" {
		t.Errorf("candidates %+v", c)
	}

	// A second word replaces the first, and what the program said stays known.
	correct(t, db, hours(2), id, toNone, "it is about Taiwan")
	if c := candidates(t, db, hours(2)); len(c) != 0 {
		t.Errorf("taken out and still there: %+v", c)
	}
	all := corrections(t, db)
	if len(all) != 1 || all[0].Stance != "" || all[0].Why != "it is about Taiwan" || all[0].Who != "operator" || all[0].Was.Stance != "bind" ||
		!all[0].At.Equal(hours(2)) || all[0].Title != "Title" || all[0].Text != "Text." {
		t.Errorf("corrections %+v", all)
	}
	if of, err := db.CorrectionsOf(t.Context(), id); err != nil || len(of) != 2 || of[0].Was.Stance != "arm" || !of[0].Ended.Equal(hours(2)) || !of[1].Ended.IsZero() {
		t.Errorf("%+v, %v", of, err)
	}
	if b, err := db.Barred(t.Context()); err != nil || len(b) != 1 || b[0].Item != id || b[0].Text != "Text." || b[0].Key != "one.example/a" {
		t.Errorf("barred %+v, %v", b, err)
	}

	must(t, db.Undo(t.Context(), []int64{id}, hours(3)))
	if v := found(t, db, pageA).Verdict; v.Stance != "arm" || v.By != "" || len(candidates(t, db, hours(3))) != 1 {
		t.Errorf("after the undo: %+v", v)
	}
	if all := corrections(t, db); len(all) != 0 {
		t.Errorf("after the undo: %+v", all)
	}
	if err := db.Undo(t.Context(), []int64{id}, hours(4)); !errors.Is(err, store.ErrNotCorrected) {
		t.Errorf("undone twice: %v", err)
	}
}

// A piece of which its feed says something else is judged anew, beneath the
// operator's word.
func TestCorrectionSurvivesARevision(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", pageA, "Arm Ukraine", start))
	judgeAll(t, db, start, "")
	id := found(t, db, pageA).ID
	correct(t, db, hours(1), id, toBind, "w")
	if v := visited(t, db, "one", hours(2), arrival("1", pageA, "Gardening after all", start)); v.Revised != 1 {
		t.Fatalf("%+v", v)
	}
	p := pending(t, db, hours(2))
	if len(p) != 1 || p[0].Word == nil || p[0].Word.Stance != "bind" || !p[0].Word.Relevant {
		t.Fatalf("waiting: %+v", p)
	}
	own := stance.Verdict{Relevant: true, Stance: "settle", By: stance.ByModel}
	must(t, db.RecordJudgement(t.Context(), store.Judgement{Item: id, Text: "New.", Verdict: *p[0].Word, Own: &own, At: hours(2)}))
	if k := found(t, db, pageA); k.Verdict.Stance != "bind" || k.Text != "New." || k.LeftOut != "" || len(candidates(t, db, hours(2))) != 1 {
		t.Errorf("%+v", k)
	}
	must(t, db.Undo(t.Context(), []int64{id}, hours(3)))
	if k := found(t, db, pageA); k.Verdict.Stance != "settle" || k.Verdict.By != stance.ByModel {
		t.Errorf("after the undo: %+v", k.Verdict)
	}
}

// What was left out unjudged and is put in waits for its text; taken back, it is
// left out again.
func TestCorrectionOfALeftOutPiece(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", pageA, "Gardening", start))
	id := found(t, db, pageA).ID
	correct(t, db, hours(1), id, toNone, "indeed")
	if k := found(t, db, pageA); k.LeftOut != store.OffSubject || k.Pending {
		t.Errorf("%+v", k)
	}
	correct(t, db, hours(2), id, toBind, "read it")
	if k := found(t, db, pageA); k.LeftOut != "" || !k.Pending || !k.Verdict.Relevant {
		t.Errorf("%+v", k)
	}
	must(t, db.Undo(t.Context(), []int64{id}, hours(3)))
	if k := found(t, db, pageA); k.LeftOut != store.OffSubject || k.Pending || k.Verdict.Relevant {
		t.Errorf("after the undo: %+v", k)
	}

	// What the program finds out meanwhile counts: it is in another language.
	correct(t, db, hours(4), id, toBind, "read it")
	word := stance.Ruling("bind")
	must(t, db.RecordJudgement(t.Context(), store.Judgement{Item: id, Text: "Texte.", Verdict: word, Own: &stance.Verdict{Language: "fr"}, At: hours(4)}))
	if k := found(t, db, pageA); k.LeftOut != "" || len(candidates(t, db, hours(4))) != 1 {
		t.Errorf("%+v", k)
	}
	must(t, db.Undo(t.Context(), []int64{id}, hours(5)))
	if k := found(t, db, pageA); k.LeftOut != store.OtherLanguage("fr") || len(candidates(t, db, hours(5))) != 0 {
		t.Errorf("after the undo: %+v", k)
	}
}

// publish freezes an edition with all candidates under the program's arm and
// the operator's bind, telling the corrections.
func publish(t testing.TB, db *store.DB, n int, told ...digest.Correction) {
	t.Helper()
	e := edition(n, hours(24*n), hours(24*n+24))
	e.Sections, e.Corrections = []digest.Section{{Stance: "bind"}, {Stance: "arm"}}, told
	c := candidates(t, db, hours(24*n+24))
	for _, c := range c {
		for i := range e.Sections {
			if e.Sections[i].Stance == c.Verdict.Stance {
				e.Sections[i].Entries = append(e.Sections[i].Entries, digest.Entry{Item: c.Item, Stance: c.Verdict.Stance})
			}
		}
	}
	_, err := db.Freeze(t.Context(), e, filed(n, c), hours(24*n+24))
	must(t, err)
}

func TestTold(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 1)
	visit(t, db, "one", start, arrival("1", pageA, "Arm Ukraine", start))
	judgeAll(t, db, start, "")
	id := found(t, db, pageA).ID
	if got := told(t, db); len(got) != 0 {
		t.Errorf("before an edition: %+v", got)
	}
	publish(t, db, 1)
	if got := told(t, db); len(got) != 0 {
		t.Errorf("nothing was corrected: %+v", got)
	}
	want := func(when, as, now, why string) {
		t.Helper()
		got := told(t, db)
		if len(got) != 1 || got[0].Item != id || got[0].Edition != 1 || string(got[0].As) != as || string(got[0].Verdict.Stance) != now || got[0].Why != why ||
			got[0].Title != "Arm Ukraine" || got[0].URL != pageA || got[0].Outlet != "One" {
			t.Errorf("%s: %+v", when, got)
		}
	}
	correct(t, db, hours(50), id, toBind, "w")
	want("corrected", "arm", "bind", "w")
	publish(t, db, 2, digest.Correction{Item: id, To: "bind"})
	want("told", "bind", "bind", "w")
	must(t, db.Undo(t.Context(), []int64{id}, hours(80)))
	want("taken back", "bind", "arm", "")
	publish(t, db, 3, digest.Correction{Item: id, To: "arm"})
	want("told again", "arm", "arm", "")
	correct(t, db, hours(100), id, toNone, "x")
	publish(t, db, 4, digest.Correction{Item: id})
	want("taken out", "", "", "x")
}

// A failed freeze tells nobody anything.
func TestNoticesAreFrozenWithTheEdition(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", pageA, "Arm Ukraine", start))
	judgeAll(t, db, start, "")
	id := found(t, db, pageA).ID
	e := edition(1, start, hours(24))
	e.Corrections = []digest.Correction{{Item: id, To: "bind"}}
	if _, err := db.Freeze(t.Context(), e, nil, hours(24)); !errors.Is(err, store.ErrNoReaders) {
		t.Fatalf("%v", err)
	}
	readers(t, db, 1)
	if _, err := db.Freeze(t.Context(), e, nil, hours(24)); err != nil {
		t.Errorf("the notice of the failed one is still there: %v", err)
	}
}

func TestCopies(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 1)
	visit(t, db, "one", start, arrival("1", pageA, "Arm Ukraine", start), arrival("2", "https://one.example/b", "Other", start))
	visit(t, db, "two", start, arrival("1", "https://two.example/c", "Arm Ukraine", start))
	judgeAll(t, db, start, "")
	a, b, c := found(t, db, pageA).ID, found(t, db, "https://one.example/b").ID, found(t, db, "https://two.example/c").ID
	if none, err := db.Copies(t.Context(), a); err != nil || len(none) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
	_, err := db.Freeze(t.Context(), edition(1, start, hours(1)),
		[]digest.Filing{{Item: a, Edition: 1}, {Item: b, Edition: 1}, {Item: c, Edition: 1, CopyOf: a, Why: "like it"}}, hours(1))
	must(t, err)
	for _, of := range []int64{a, c} {
		if all, err := db.Copies(t.Context(), of); err != nil || len(all) != 2 || all[0].ID != a || all[1].ID != c {
			t.Errorf("copies of %d: %+v, %v", of, all, err)
		}
	}
	must(t, db.Correct(t.Context(), []store.Ruling{
		{Correction: store.Correction{Correction: toBind, Item: a}, Verdict: stance.Ruling("bind")},
		{Correction: store.Correction{Correction: toBind, Item: c, Lead: a}, Verdict: stance.Ruling("bind")},
	}))
	if all := corrections(t, db); len(all) != 1 || all[0].Item != a {
		t.Errorf("a copy is learned, too: %+v", all)
	}
	must(t, db.Undo(t.Context(), []int64{a, c}, hours(2)))
}

// What keeps a correction out of training comes back as it was.
func TestBreaks(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", pageA, "Arm Ukraine", start))
	want := stance.Regression{ID: "r1", Title: "T", Before: "arm", After: "bind"}
	want.Expected = append(want.Expected, "arm")
	must(t, db.Correct(t.Context(), []store.Ruling{{
		Correction: store.Correction{Correction: toBind, Item: found(t, db, pageA).ID, Breaks: []stance.Regression{want}},
		Verdict:    stance.Ruling("bind"),
	}}))
	if all := corrections(t, db); len(all) != 1 || len(all[0].Breaks) != 1 || all[0].Breaks[0].String() != want.String() {
		t.Errorf("%+v", all)
	}
	if err := db.Correct(t.Context(), []store.Ruling{{Correction: store.Correction{Item: 99}}}); err == nil {
		t.Error("a piece that is none was corrected")
	}
	if all, err := db.Find(t.Context(), feeds.Key(pageA)); err != nil || len(all) != 1 || !all[0].Pending {
		t.Errorf("a piece that waits for its page waits on: %+v, %v", all, err)
	}
}
