package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

const keep = 60 * 24 * time.Hour

func forget(t testing.TB, db *store.DB, at time.Time) int {
	t.Helper()
	n, err := db.Forget(t.Context(), at.Add(-keep), at)
	must(t, err)
	return n
}

// piece finds the one piece at an address.
func piece(t testing.TB, db *store.DB, url string) store.Known {
	t.Helper()
	found, err := db.Find(t.Context(), feeds.Key(url))
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("%d pieces at %s", len(found), url)
	}
	return found[0]
}

func freeze(t testing.TB, db *store.DB, n int, at time.Time) {
	t.Helper()
	_, err := db.Freeze(t.Context(), edition(n, at.Add(-time.Hour), at), filed(n, candidates(t, db, at)), at)
	must(t, err)
}

// Of a piece that was published long ago the verdict, its quotation and a hash of
// its text stay, and so does what is known of the edition.
func TestForget(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 1)
	a := arrival("a", "https://one.example/a", "Alpha", start)
	visit(t, db, "one", start, a)
	verdict := stance.Verdict{Relevant: true, Stance: "arm", Doubt: stance.Sure, Evidence: []stance.Quote{{Text: "Words.", Start: 4, End: 10}}}
	must(t, db.RecordJudgement(t.Context(), store.Judgement{
		Item: pending(t, db, start)[0].ID, Text: "Two Words.", Basis: stance.BasisPage, Verdict: verdict, At: start,
	}))
	freeze(t, db, 1, hours(1))
	a.Teaser = "Nothing of what this said before is in it any more"
	if v := visited(t, db, "one", hours(2), a); v.Revised != 1 {
		t.Fatalf("%+v", v)
	}
	before, err := db.Edition(t.Context(), 1)
	must(t, err)
	if n := forget(t, db, start.Add(keep)); n != 0 { // first seen then, not before
		t.Errorf("%d pieces lost their texts too early", n)
	}
	if n := forget(t, db, hours(1).Add(keep)); n != 0 {
		t.Errorf("%d pieces of an edition that copies are compared with lost their texts", n)
	}
	late := hours(2).Add(keep)
	if n := forget(t, db, late); n != 1 {
		t.Errorf("%d pieces lost their texts, want 1", n)
	}
	k := piece(t, db, a.URL)
	sum := sha256.Sum256([]byte("Two Words."))
	if k.Text != "" || k.Teaser != "" || k.TextHash != hex.EncodeToString(sum[:]) || k.TextWords != 2 || !k.Gone.Equal(late) {
		t.Errorf("left of the text: %+v", k)
	}
	if len(k.Verdict.Evidence) != 1 || k.Verdict.Evidence[0] != verdict.Evidence[0] || k.Edition != 1 || k.Basis != stance.BasisPage {
		t.Errorf("left of the verdict: %+v", k)
	}
	for _, r := range k.Revisions {
		if r.Text+r.Teaser != "" || r.Title == "" {
			t.Errorf("left of a revision: %+v", r)
		}
	}
	after, err := db.Edition(t.Context(), 1)
	must(t, err)
	if fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("the edition was %+v and is %+v", before, after)
	}
	if n := forget(t, db, late.Add(keep)); n != 0 {
		t.Errorf("%d pieces lost their texts twice", n)
	}
	// It is known again, whatever its feed says of it now, and gets no text anew.
	a.Teaser, a.Text = "Once more it says quite different things from those", strings.Repeat("All new words in here. ", 30)
	if v := visited(t, db, "one", late, a); v != (store.Visited{}) {
		t.Errorf("met again: %+v", v)
	}
	if n := len(pending(t, db, late)); n != 0 {
		t.Errorf("%d pieces wait for a text", n)
	}
	if k := piece(t, db, a.URL); k.Text+k.Teaser != "" || len(k.Revisions) != 2 {
		t.Errorf("after its feed revised it: %+v", k)
	}
}

// Whatever may still enter an edition keeps its text, however old it is.
func TestForgetSparesWhatWaits(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 1)
	late := hours(1).Add(2 * keep)
	visit(t, db, "one", start, arrival("a", "https://one.example/a", "Waits for an edition", start))
	judgeAll(t, db, start, "")
	visit(t, db, "one", start, arrival("b", "https://one.example/b", "Waits for its page", start), arrival("c", "https://one.example/c", "Gardening", start))
	if n := forget(t, db, late); n != 1 {
		t.Errorf("%d pieces lost their texts, want the one on gardening", n)
	}
	for url, gone := range map[string]bool{"a": false, "b": false, "c": true} {
		if k := piece(t, db, "https://one.example/"+url); k.Gone.IsZero() == gone || (k.Teaser == "") != gone {
			t.Errorf("%s: gone %v, teaser %q", url, k.Gone, k.Teaser)
		}
	}
	if n := len(candidates(t, db, late)); n != 1 {
		t.Errorf("%d candidates", n)
	}
	// It is in an edition of today: reprints of the next weeks are compared with it.
	freeze(t, db, 1, late)
	if n := forget(t, db, late.Add(time.Hour)); n != 0 {
		t.Errorf("%d pieces lost their texts", n)
	}
	if all, err := db.Earlier(t.Context(), late.Add(-keep)); err != nil || len(all) != 1 {
		t.Errorf("pieces to compare copies with: %v, %v", all, err)
	}
}

// A text that the operator corrected is kept for as long as the correction stands:
// the model learns from it.
func TestForgetKeepsLessons(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("a", "https://one.example/a", "Alpha", start))
	judgeAll(t, db, start, "")
	id := piece(t, db, "https://one.example/a").ID
	must(t, db.Correct(t.Context(), []store.Ruling{{
		Correction: store.Correction{Correction: stance.Correction{Title: "Alpha", Text: "What it said."}, Item: id, Who: "me", At: hours(1), Why: "x"},
	}}))
	if n := forget(t, db, start.Add(2*keep)); n != 1 {
		t.Errorf("%d pieces lost their texts, want 1", n)
	}
	learnt, err := db.Learnt(t.Context())
	must(t, err)
	barred, err := db.Barred(t.Context())
	must(t, err)
	if len(learnt) != 1 || learnt[0].Text != "What it said." || len(barred) != 1 || barred[0].Text != "What it said." {
		t.Errorf("learnt %+v, barred %+v", learnt, barred)
	}
	// Taken back, it waits for no edition, and its text goes, too.
	must(t, db.Undo(t.Context(), []int64{id}, start.Add(2*keep)))
	if c := candidates(t, db, start.Add(3*keep)); len(c) != 0 {
		t.Errorf("a piece without its text would be published: %+v", c)
	}
	if u, err := db.Unsettled(t.Context(), time.Time{}, 0, 10); err != nil || len(u) != 0 {
		t.Errorf("it would be judged anew from nothing: %+v, %v", u, err)
	}
	forget(t, db, start.Add(4*keep))
	all, err := db.CorrectionsOf(t.Context(), id)
	if err != nil || len(all) != 1 || all[0].Text != "" || all[0].Why != "x" {
		t.Errorf("left of the correction: %+v, %v", all, err)
	}
}

// Many pieces lose their texts in several transactions, each of them once.
func TestForgetMany(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	var items []feeds.Item
	for i := range 450 {
		items = append(items, arrival(fmt.Sprint(i), fmt.Sprintf("https://one.example/%d", i), fmt.Sprintf("Gardening %d", i), start))
	}
	// In four visits: some share the moment, some do not.
	for i := range 4 {
		visit(t, db, "one", hours(i/2), items[i*110:min(len(items), (i+1)*110+10)]...)
	}
	if n := forget(t, db, hours(9).Add(keep)); n != 450 {
		t.Errorf("%d pieces lost their texts, want 450", n)
	}
	left, err := db.Seen(t.Context(), digest.Window{To: hours(9)})
	if err != nil || left != 450 {
		t.Errorf("%d pieces are known, %v", left, err)
	}
}
