package store_test

import (
	"fmt"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

func found(t testing.TB, db *store.DB, address string) store.Known {
	t.Helper()
	all, err := db.Find(t.Context(), feeds.Key(address))
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d pieces at %s", len(all), address)
	}
	return all[0]
}

func TestRevisions(t *testing.T) {
	t.Parallel()
	const a = "https://one.example/a"
	db := withSources(t)
	first := arrival("1", a, "Arm Ukraine", start)
	visit(t, db, "one", start, first)
	judgeAll(t, db, start, "")
	edited := first
	edited.Teaser = "Teaser, of ARM Ukraine!"
	if v := visited(t, db, "one", hours(1), edited); v != (store.Visited{}) || len(found(t, db, a).Revisions) != 0 {
		t.Errorf("an edit is new, or a revision: %+v", v)
	}
	revised := first
	revised.Title, revised.Text = "Do not arm Ukraine", "A whole text."
	if v := visited(t, db, "one", hours(2), revised); v != (store.Visited{Revised: 1}) {
		t.Errorf("a revision: %+v", v)
	}
	k := found(t, db, a)
	if len(k.Revisions) != 2 || k.Revisions[0].Title != "Arm Ukraine" || !k.Revisions[0].Seen.Equal(start) ||
		k.Revisions[1].Title != "Do not arm Ukraine" || k.Revisions[1].Text != "A whole text." || !k.Revisions[1].Seen.Equal(hours(2)) {
		t.Errorf("revisions: %+v", k.Revisions)
	}
	if p := pending(t, db, hours(2)); len(p) != 1 || p[0].Title != "Do not arm Ukraine" || p[0].Text != "A whole text." {
		t.Errorf("it is not judged anew: %+v", p)
	}
	if c := candidates(t, db, hours(2)); len(c) != 0 {
		t.Errorf("it stands under its old verdict: %+v", c)
	}
	judgeAll(t, db, hours(2), "")
	if v := visited(t, db, "one", hours(3), revised); v != (store.Visited{}) {
		t.Errorf("the same again: %+v", v)
	}
}

// A document that has a piece twice, in two wordings, must not revise it at each
// visit: it would be judged without end.
func TestRevisionsWithinADocument(t *testing.T) {
	t.Parallel()
	const a = "https://one.example/a"
	db := withSources(t)
	first := arrival("1", a, "Arm Ukraine", start)
	again := first
	again.Title = "Do not arm Ukraine"
	for i := range 4 {
		if v := visited(t, db, "one", hours(i), first, again); v.Revised > 0 || v.New != max(0, 1-i) {
			t.Errorf("visit %d: %+v", i, v)
		}
	}
	if k := found(t, db, a); k.Title != first.Title || len(k.Revisions) != 0 {
		t.Errorf("%q with revisions %+v", k.Title, k.Revisions)
	}
}

// What an edition says of a piece stays, and what it quotes is in its text.
func TestRevisionOfAPublishedPiece(t *testing.T) {
	t.Parallel()
	const a = "https://one.example/a"
	db := withSources(t)
	readers(t, db, 1)
	visit(t, db, "one", start, arrival("1", a, "Arm Ukraine", start))
	judgeAll(t, db, start, "")
	_, err := db.Freeze(t.Context(), edition(1, start, hours(1)), []digest.Filing{{Item: found(t, db, a).ID, Edition: 1}}, hours(1))
	must(t, err)
	if v := visited(t, db, "one", hours(3), arrival("1", a, "Do not arm Ukraine", start)); v != (store.Visited{Revised: 1}) {
		t.Errorf("%+v", v)
	}
	k := found(t, db, a)
	if k.Title != "Arm Ukraine" || k.Text != "Text." || k.Pending || k.Edition != 1 || len(k.Revisions) != 2 {
		t.Errorf("%+v", k)
	}
}

func TestRevisionOfALeftOutPiece(t *testing.T) {
	t.Parallel()
	const a = "https://one.example/a"
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", a, "Gardening", start))
	if k := found(t, db, a); k.LeftOut != store.OffSubject || k.Pending {
		t.Errorf("%+v", k)
	}
	visit(t, db, "one", hours(1), arrival("1", a, "Security guarantees", start))
	if k := found(t, db, a); k.LeftOut != "" || !k.Pending {
		t.Errorf("on the subject at last: %+v", k)
	}
	visit(t, db, "one", hours(2), arrival("1", a, "Gardening after all", start))
	if k := found(t, db, a); k.LeftOut != store.OffSubject || k.Pending || len(k.Revisions) != 3 {
		t.Errorf("and off it again: %+v", k)
	}
}

// A feed that says something else at each visit is not listened to for ever.
func TestRevisionsWithoutEnd(t *testing.T) {
	t.Parallel()
	const a = "https://one.example/a"
	db := withSources(t)
	revised := 0
	for n := range 50 {
		v := visited(t, db, "one", hours(n), arrival("1", a, fmt.Sprint("Title ", n), start))
		revised += v.Revised
	}
	if k := found(t, db, a); revised != 19 || len(k.Revisions) != 20 {
		t.Errorf("%d revisions reported, %d kept", revised, len(k.Revisions))
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", "https://one.example/a?utm_source=rss", "Title", time.Time{}))
	visit(t, db, "two", start, arrival("1", "https://two.example/b", "Title", start))
	all := pending(t, db, start)
	must(t, db.RecordJudgement(t.Context(), store.Judgement{
		Item: all[1].ID, At: hours(1), Text: "Text", Basis: stance.BasisTeaser, PageError: "login", Language: "en",
		Canonical: "http://www.one.example/a/", Verdict: stance.Verdict{Relevant: true, Stance: "arm"},
	}))
	both, err := db.Find(t.Context(), feeds.Key("https://one.example/a#top"))
	must(t, err)
	if len(both) != 2 || !both[0].Pending || both[0].Verdict.Relevant || both[0].Outlet != "One" {
		t.Fatalf("%+v", both)
	}
	if k := both[1]; k.PageError != "login" || k.Language != "en" || !k.Judged.Equal(hours(1)) || k.Verdict.Stance != "arm" || k.Key != "two.example/b" {
		t.Errorf("%+v", k)
	}
	if k, ok, err := db.Item(t.Context(), both[1].ID); err != nil || !ok || k.Title != "Title" {
		t.Errorf("%+v, %v, %v", k, ok, err)
	}
	if _, ok, err := db.Item(t.Context(), 99); err != nil || ok {
		t.Errorf("a piece that is none: %v, %v", ok, err)
	}
	if none, err := db.Find(t.Context(), ""); err != nil || none != nil {
		t.Errorf("%v, %v", none, err)
	}
}
