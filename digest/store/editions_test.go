package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

func TestCandidatesWaitForTheirTime(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", hours(5), arrival("1", "https://one.example/a", "Title", start))
	if c := candidates(t, db, hours(9)); len(c) != 0 {
		t.Errorf("a piece without a verdict is a candidate: %+v", c)
	}
	judgeAll(t, db, hours(9), "")
	if c := candidates(t, db, hours(5).Add(-time.Microsecond)); len(c) != 0 {
		t.Errorf("a piece that came after the cut-off is a candidate: %+v", c)
	}
	if c := candidates(t, db, hours(5)); len(c) != 1 { // half-open: the cut-off belongs to the window it ends
		t.Errorf("a piece that came at the cut-off is none")
	}
}

func TestFreezeTakesEachPieceOnce(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 3)
	visit(t, db, "one", start, arrival("1", "https://one.example/a", "Title", start))
	judgeAll(t, db, start, "")
	pieces := candidates(t, db, hours(1))
	e := edition(1, start, hours(1))
	e.Sections = []digest.Section{{Stance: "arm", Entries: []digest.Entry{{Item: pieces[0].Item, Title: "Title", Doubt: stance.Sure, Published: start}}}}
	planned, err := db.Freeze(t.Context(), e, filed(1, pieces), hours(1))
	if err != nil || planned != 3 {
		t.Fatalf("planned %d, %v", planned, err)
	}
	got, err := db.Edition(t.Context(), 1)
	must(t, err)
	if diff := cmp.Diff(e, got); diff != "" {
		t.Errorf("the frozen edition differs (-frozen +read):\n%s", diff)
	}
	if c := candidates(t, db, hours(99)); len(c) != 0 {
		t.Errorf("a published piece is a candidate again: %+v", c)
	}

	// A second edition with the piece fails and leaves nothing behind.
	if _, err := db.Freeze(t.Context(), edition(2, hours(1), hours(2)), filed(2, pieces), hours(2)); err == nil {
		t.Error("a piece was frozen twice")
	}
	// So does a second one of the same number.
	if _, err := db.Freeze(t.Context(), edition(1, hours(1), hours(2)), nil, hours(2)); err == nil {
		t.Error("an edition was frozen twice")
	}
	if _, err := db.Edition(t.Context(), 2); !errors.Is(err, store.ErrNoEdition) {
		t.Errorf("edition 2: %v", err)
	}
	cutoff, last, err := db.LastCutoff(t.Context())
	if err != nil || last != 1 || !cutoff.Equal(hours(1)) {
		t.Errorf("last cut-off %v, edition %d, %v", cutoff, last, err)
	}
	if count, err := db.Deliveries(t.Context(), 2); err != nil || len(count) != 0 {
		t.Errorf("deliveries of the refused edition: %v, %v", count, err)
	}
}

func TestFreezeNeedsReaders(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", "https://one.example/a", "Title", start))
	judgeAll(t, db, start, "")
	readers(t, db, 1)
	readers(t, db, 0) // paused
	_, err := db.Freeze(t.Context(), edition(1, start, hours(1)), filed(1, candidates(t, db, start)), hours(1))
	if !errors.Is(err, store.ErrNoReaders) {
		t.Errorf("got %v", err)
	}
	if c := candidates(t, db, start); len(c) != 1 {
		t.Error("the piece was spent on nobody")
	}
}

func TestRepeats(t *testing.T) {
	t.Parallel()
	for _, each := range []struct {
		name       string
		url, title string
		canonical  string // that the copy's page names
		repeat     int
		address    bool // is why
	}{
		{name: "one address", url: "https://one.example/a", title: "Other title", repeat: 1, address: true},
		{name: "canonical and title", url: "https://two.example/b", title: "Title", canonical: "https://one.example/a", repeat: 1},
		{name: "canonical alone", url: "https://two.example/b", title: "Another", canonical: "https://one.example/a"},
		{name: "title alone", url: "https://two.example/b", title: "Title"},
	} {
		t.Run(each.name, func(t *testing.T) {
			db := withSources(t)
			readers(t, db, 1)
			visit(t, db, "one", start, arrival("1", "https://one.example/a", "Title", start))
			judgeAll(t, db, start, "")
			_, err := db.Freeze(t.Context(), edition(1, start, hours(1)), filed(1, candidates(t, db, start)), hours(1))
			must(t, err)
			weeks := hours(24 * 21)
			visit(t, db, "two", weeks, arrival("9", each.url, each.title, weeks), arrival("10", "https://two.example/new", "New", weeks))
			for i, p := range pending(t, db, weeks) {
				j := store.Judgement{Item: p.ID, Verdict: stance.Verdict{Relevant: true, Stance: "arm"}}
				if i == 0 {
					j.Canonical = each.canonical
				}
				must(t, db.RecordJudgement(t.Context(), j))
			}
			c := candidates(t, db, weeks)
			if len(c) != 2 || c[0].Repeat != each.repeat || c[1].Repeat != 0 ||
				c[0].SameAddress != each.address || (c[0].Original != 0) != (each.repeat != 0) {
				t.Fatalf("candidates: %+v", c)
			}
			copied, original := c[0].Item, c[0].Original
			// The copy goes home to the edition that carried the piece.
			_, err = db.Freeze(t.Context(), edition(2, hours(1), weeks), filed(2, c), weeks)
			must(t, err)
			if c := candidates(t, db, weeks); len(c) != 0 {
				t.Errorf("left over: %+v", c)
			}
			wantHome := 2 - each.repeat
			k, _, err := db.Item(t.Context(), copied)
			if err != nil || k.Edition != wantHome || k.CopyOf != original || (k.Why != "") != (original != 0) {
				t.Errorf("the copy: edition %d, copy of %d, %q, %v", k.Edition, k.CopyOf, k.Why, err)
			}
			// A third copy is one of the piece that was shown, not of the second.
			visit(t, db, "two", weeks, arrival("11", "https://one.example/a?utm_source=feed", "Third", weeks))
			judgeAll(t, db, weeks, "")
			if c := candidates(t, db, weeks); each.repeat != 0 && len(c) == 1 && c[0].Original != original {
				t.Errorf("the third copy: %+v, want one of piece %d", c, original)
			}
		})
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	db := frozen(t, 1)
	to := hours(2).Add(123456 * time.Microsecond)
	must(t, db.RecordQuiet(t.Context(), digest.Window{From: hours(1), To: to}, nil))
	cutoff, last, err := db.LastCutoff(t.Context())
	if err != nil || last != 1 || !cutoff.Equal(to) {
		t.Errorf("after a quiet week: %v, edition %d, %v", cutoff, last, err)
	}
	empty := open(t, t.TempDir())
	if cutoff, last, err := empty.LastCutoff(t.Context()); err != nil || last != 0 || !cutoff.IsZero() {
		t.Errorf("of a new store: %v, edition %d, %v", cutoff, last, err)
	}
}

func TestSeenCountsTheWindow(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	for i, at := range []time.Time{hours(1), hours(2), hours(3)} {
		visit(t, db, "one", at, arrival(string(rune('a'+i)), "", "Gardening"+strings.Repeat("x", i+1), time.Time{}))
	}
	n, err := db.Seen(t.Context(), digest.Window{From: hours(1), To: hours(3)})
	if err != nil || n != 2 {
		t.Errorf("%d, %v: want the two after the first moment", n, err)
	}
}

// What editions showed can be compared with what comes later; copies and what
// lies further back cannot.
func TestEarlier(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 1)
	var shown []int64
	for week := range 3 {
		at := hours(24 * 7 * week)
		visit(t, db, "one", at, arrival(fmt.Sprint(week), "", fmt.Sprint("Piece ", week), at))
		visit(t, db, "two", at, arrival(fmt.Sprint(week), "", fmt.Sprint("Copy ", week), at))
		judgeAll(t, db, at, "")
		filings := filed(week+1, candidates(t, db, at))
		filings[1].CopyOf, filings[1].Why = filings[0].Item, "the same"
		shown = append(shown, filings[0].Item)
		_, err := db.Freeze(t.Context(), edition(week+1, at.AddDate(0, 0, -7), at), filings, at)
		must(t, err)
	}
	earlier, err := db.Earlier(t.Context(), hours(24*7))
	must(t, err)
	if len(earlier) != 2 || earlier[0].Item != shown[1] || earlier[0].Edition != 2 || earlier[1].Item != shown[2] || earlier[1].Edition != 3 {
		t.Fatalf("earlier: %+v, want pieces %v", earlier, shown[1:])
	}
	want := feeds.NewFingerprint("One", "Piece 1", "Text.", hours(24*7))
	if !reflect.DeepEqual(earlier[0].Print, want) {
		t.Error("the fingerprint is not the piece's")
	}
}

// A week with nothing but copies files them, so that they are not weighed again
// when the piece has long left the span that wording is compared over.
func TestQuietWeekFilesCopies(t *testing.T) {
	t.Parallel()
	db := frozen(t, 1)
	must(t, db.SetSources(t.Context(), []feeds.Source{source("One")}))
	visit(t, db, "one", hours(2), arrival("1", "https://one.example/a", "Title", hours(2)))
	judgeAll(t, db, hours(2), "")
	c := candidates(t, db, hours(2))
	filings := []digest.Filing{{Item: c[0].Item, Edition: 1, CopyOf: 77, Why: "like it"}}
	w := digest.Window{From: hours(1), To: hours(2)}
	must(t, db.RecordQuiet(t.Context(), w, filings))
	if c := candidates(t, db, hours(2)); len(c) != 0 {
		t.Errorf("left over: %+v", c)
	}
	if k, _, err := db.Item(t.Context(), c[0].Item); k.Edition != 1 || k.CopyOf != 77 || k.Why != "like it" || err != nil {
		t.Errorf("the copy: edition %d, copy of %d, %q, %v", k.Edition, k.CopyOf, k.Why, err)
	}
	// It is all or nothing: a piece that is filed already leaves no window behind.
	if err := db.RecordQuiet(t.Context(), digest.Window{From: hours(2), To: hours(3)}, filings); err == nil {
		t.Error("a piece was filed twice")
	}
	if cutoff, _, err := db.LastCutoff(t.Context()); err != nil || !cutoff.Equal(hours(2)) {
		t.Errorf("the refused week left its cut-off: %v, %v", cutoff, err)
	}
}
