package store_test

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

func TestIdentity(t *testing.T) {
	t.Parallel()
	type piece struct{ guid, url, title string }
	const a, b = "https://one.example/a", "https://one.example/b"
	rows := []struct {
		name          string
		first, second piece
		new           int
	}{
		{"nothing changed", piece{"1", a, "Title"}, piece{"1", a, "Title"}, 0},
		{"edited title", piece{"1", a, "Title"}, piece{"1", a, "Title, corrected"}, 0},
		{"other GUID", piece{"1", a, "Title"}, piece{"2", a, "Title"}, 0},
		{"other GUID and title", piece{"1", a, "Title"}, piece{"2", a, "Corrected"}, 0},
		{"other address", piece{"1", a, "Title"}, piece{"1", b, "Title"}, 0},
		{"address with tracking", piece{"", a, "Title"}, piece{"", a + "?utm_source=rss#top", "Title!"}, 0},
		{"http, www, slash", piece{"", a, "Title"}, piece{"", "http://www.one.example/a/", "Title!"}, 0},
		{"GUID used again", piece{"1", a, "Title"}, piece{"1", b, "Another"}, 1},
		{"other GUID and address", piece{"1", a, "Title"}, piece{"2", b, "Title"}, 1},
		{"all other", piece{"1", a, "Title"}, piece{"2", b, "Another"}, 1},
		{"no GUID, no address", piece{"", "", "Title"}, piece{"", "", " TITLE."}, 0},
		{"no GUID, no address, other title", piece{"", "", "Title"}, piece{"", "", "Another"}, 1},
		{"GUID alone", piece{"1", "", "Title"}, piece{"1", "", "Corrected"}, 0},
		{"other GUID alone", piece{"1", "", "Title"}, piece{"2", "", "Title"}, 1},
		{"an address at last", piece{"1", "", "Title"}, piece{"1", a, "Corrected"}, 0},
		{"an address no more", piece{"1", a, "Title"}, piece{"1", "", "Corrected"}, 0},
		{"bare host", piece{"1", "https://one.example/", "Title"}, piece{"2", "https://one.example", "Another"}, 1},
		{"bare host without GUID", piece{"", "https://one.example/", "Title"}, piece{"", "https://one.example/", "Another"}, 1},
		{"bare host, the same", piece{"", "https://one.example/", "Title"}, piece{"", "https://one.example/", "Title"}, 0},
		{"empty titles", piece{"1", a, ""}, piece{"2", b, ""}, 1},
		{"another script", piece{"", "", "Гарантії безпеки"}, piece{"", "", "ГАРАНТІЇ БЕЗПЕКИ"}, 0},
	}
	db := open(t, t.TempDir())
	var all []feeds.Source
	for _, each := range rows {
		all = append(all, source(each.name))
	}
	must(t, db.SetSources(t.Context(), all))
	for i, each := range rows {
		t.Run(each.name, func(t *testing.T) {
			id := all[i].ID
			first := arrival(each.first.guid, each.first.url, each.first.title, time.Time{})
			second := arrival(each.second.guid, each.second.url, each.second.title, time.Time{})
			if n := visit(t, db, id, start, first); n != 1 {
				t.Fatalf("the first visit brought %d", n)
			}
			if n := visit(t, db, id, hours(3), second); n != each.new {
				t.Errorf("the second visit brought %d new, want %d", n, each.new)
			}
			if n := visit(t, db, id, hours(6), first) + visit(t, db, id, hours(9), second); n != 0 {
				t.Errorf("later visits brought %d new, want none", n)
			}
		})
	}
}

// What one source brought says nothing of another's: each keeps its own, and the
// edition joins them.
func TestIdentityIsTheSources(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	a := arrival("1", "https://one.example/a", "Title", start)
	if n := visit(t, db, "one", start, a) + visit(t, db, "two", start, a); n != 2 {
		t.Errorf("%d new, want one of each", n)
	}
}

// A site that moves to another host changes addresses and with them GUIDs.
func TestMoveToAnotherHost(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	at := start.Add(-time.Hour)
	visit(t, db, "one", start, arrival("https://one.example/a", "https://one.example/a", "Title", at))
	moved := arrival("https://new.example/a", "https://new.example/a", "Title", at)
	if n := visit(t, db, "one", hours(3), moved); n != 0 {
		t.Errorf("the moved piece is new")
	}
	again := arrival("https://new.example/b", "https://new.example/b", "Title", at.Add(time.Hour))
	if n := visit(t, db, "one", hours(3), again); n != 1 {
		t.Errorf("a column with the same title is not new")
	}
}

// Some feeds announce all their pieces on one page.
func TestPiecesOfOnePage(t *testing.T) {
	t.Parallel()
	const page = "https://one.example/news"
	db := withSources(t)
	first := arrival("1", page+"#1", "One", time.Time{})
	if n := visit(t, db, "one", start, first, arrival("2", page+"#2", "Two", time.Time{}), arrival("3", page+"#3", "Three", time.Time{})); n != 3 {
		t.Errorf("%d of 3 pieces", n)
	}
	if n := visit(t, db, "one", hours(3), arrival("4", page+"#4", "Four", time.Time{}), first); n != 1 {
		t.Errorf("%d new, want 1", n)
	}
	for _, p := range pending(t, db, hours(3))[:3] {
		if p.Own || p.URL != page {
			t.Errorf("%s: %q is its own page: %v", p.Title, p.URL, p.Own)
		}
	}
	judgeAll(t, db, hours(3), "")
	if c := candidates(t, db, hours(3)); len(c) != 4 || c[0].Key != "" {
		t.Errorf("%d candidates, key %q", len(c), c[0].Key)
	}
	// One piece twice in a document is no list of pieces.
	db = withSources(t)
	if n := visit(t, db, "one", start, arrival("1", page, "One", time.Time{}), arrival("1", page, "One, corrected", time.Time{})); n != 1 {
		t.Errorf("a piece and its correction are %d", n)
	}
}

// All items of some feeds link to the bare host. Once one of them was in an
// edition, the others must not be taken for it.
func TestBareHostsAreNoRepeats(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 1)
	visit(t, db, "one", start, arrival("1", "https://one.example/", "Title", start))
	judgeAll(t, db, start, "https://one.example/")
	_, err := db.Freeze(t.Context(), edition(1, start, hours(1)), filed(1, candidates(t, db, start)), hours(1))
	must(t, err)
	visit(t, db, "one", hours(3), arrival("2", "https://one.example/", "Another", hours(3)))
	judgeAll(t, db, hours(3), "https://one.example/")
	if c := candidates(t, db, hours(3)); len(c) != 1 || c[0].Repeat != 0 || c[0].Key != "" || c[0].Canonical != "" {
		t.Errorf("candidates: %+v", c)
	}
}

func TestNothingIsForgotten(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	a := arrival("1", "https://one.example/a", "Title", start)
	visit(t, db, "one", start, a)
	fail(t, db, "one", hours(1), "broken")
	visit(t, db, "one", hours(2)) // an empty feed
	must(t, db.SetSources(t.Context(), []feeds.Source{source("Two")}))
	must(t, db.SetSources(t.Context(), []feeds.Source{source("One")})) // taken out and back
	if n := visit(t, db, "one", start.AddDate(2, 0, 0), a); n != 0 {
		t.Errorf("the piece came again")
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, each := range []struct {
		name      string
		published time.Time
		candidate bool
		want      time.Time
	}{
		{"new", start.Add(-time.Hour), true, start.Add(-time.Hour)},
		{"none", time.Time{}, true, time.Time{}},
		{"to come", start.AddDate(1, 0, 0), true, start},
		{"just not too old", start.AddDate(0, 0, -8), true, start.AddDate(0, 0, -8)},
		{"too old", start.AddDate(0, 0, -8).Add(-time.Second), false, time.Time{}},
	} {
		t.Run(each.name, func(t *testing.T) {
			db := withSources(t)
			if n := visit(t, db, "one", start, arrival("1", "https://one.example/a", "Title", each.published)); n != 1 {
				t.Errorf("%d new: also what is too old must be remembered", n)
			}
			if got := len(pending(t, db, start)) == 1; got != each.candidate {
				t.Errorf("pending: %v", got)
			}
			judgeAll(t, db, start, "")
			c := candidates(t, db, start)
			if got := len(c) == 1; got != each.candidate {
				t.Fatalf("candidate: %v", got)
			}
			if each.candidate && !c[0].Published.Equal(each.want) {
				t.Errorf("published %v, want %v", c[0].Published, each.want)
			}
			if n := visit(t, db, "one", hours(3), arrival("1", "https://one.example/a", "Title", each.published)); n != 0 {
				t.Errorf("it came again")
			}
		})
	}
}

func TestOutsAreKeptAsSeen(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	a := arrival("1", "https://one.example/a", "Gardening", start)
	a.Text = "Long text."
	visit(t, db, "one", start, a)
	if p := pending(t, db, start); len(p) != 0 {
		t.Errorf("pending: %v", p)
	}
	if c := candidates(t, db, start); len(c) != 0 {
		t.Errorf("candidates: %v", c)
	}
	if n := visit(t, db, "one", hours(3), a); n != 0 {
		t.Error("it came again")
	}
}

func TestJudgement(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	withAll := arrival("1", "https://one.example/a", "Title", start)
	withAll.Authors, withAll.Text = []string{"Feed Author"}, "Text of the feed."
	visit(t, db, "one", start, withAll, arrival("2", "https://one.example/b", "Bare", time.Time{}))
	pieces := pending(t, db, start)
	if len(pieces) != 2 || pieces[0].Text != "Text of the feed." || pieces[1].Teaser != "Teaser of Bare" || !pieces[0].Own || pieces[0].Outlet != "One" {
		t.Fatalf("pending: %+v", pieces)
	}
	must(t, db.RecordPageFailure(t.Context(), pieces[1].ID, "503"))
	again := pending(t, db, start)
	if len(again) != 2 || again[1].Attempts != 1 {
		t.Errorf("after a failed page: %+v", again)
	}
	v := stance.Verdict{Relevant: true, Stance: "arm", Doubt: stance.Leaning, Evidence: []stance.Quote{{Text: "Text", Start: 0, End: 4}}}
	for _, p := range pieces {
		must(t, db.RecordJudgement(t.Context(), store.Judgement{
			Item: p.ID, Text: "Text of the page.", Basis: stance.BasisPage, Verdict: v,
			Canonical: "https://origin.example/x", Authors: []string{"Page Author"}, Published: start.Add(-time.Hour),
		}))
	}
	c := candidates(t, db, start)
	if len(c) != 2 {
		t.Fatalf("%d candidates", len(c))
	}
	if got := c[0]; got.Authors[0] != "Feed Author" || !got.Published.Equal(start) || got.Canonical != "origin.example/x" || got.Key != "one.example/a" {
		t.Errorf("the page overruled the feed: %+v", got)
	}
	if got := c[1]; got.Authors[0] != "Page Author" || !got.Published.Equal(start.Add(-time.Hour)) || got.Text != "Text of the page." {
		t.Errorf("what the page says is lost: %+v", got)
	}
	if got := c[0].Verdict; got.Stance != "arm" || got.Doubt != stance.Leaning || got.Evidence[0] != v.Evidence[0] {
		t.Errorf("verdict: %+v", got)
	}
	if p := pending(t, db, start); len(p) != 0 {
		t.Errorf("still pending: %v", p)
	}
}

func TestTooOldByThePagesDate(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", "https://one.example/a", "Title", time.Time{}))
	must(t, db.RecordJudgement(t.Context(), store.Judgement{
		Item: pending(t, db, start)[0].ID, Verdict: stance.Verdict{Relevant: true, Stance: "arm"}, Published: start.AddDate(-1, 0, 0), TooOld: true,
	}))
	if c := candidates(t, db, hours(99)); len(c) != 0 {
		t.Errorf("candidates: %+v", c)
	}
}

func TestUnknownSource(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	_, err := db.RecordVisit(t.Context(), store.Visit{Contact: store.Contact{Source: "three", At: start}, Items: []feeds.Item{arrival("1", "", "Title", start)}})
	if err == nil || !strings.Contains(err.Error(), "three") {
		t.Errorf("got %v", err)
	}
}
