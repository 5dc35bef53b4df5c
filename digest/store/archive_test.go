package store_test

import (
	"errors"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"

	"github.com/google/go-cmp/cmp"
)

// sorted makes an edition with so many pieces in its sections.
func sorted(n int, zone *time.Location, arm, unsure int) digest.Edition {
	e := edition(n, hours(24*n).In(zone), hours(24*n+24).In(zone))
	e.Sections = []digest.Section{
		{Stance: "arm", Entries: make([]digest.Entry, arm)},
		{Stance: topic.Unsure, Entries: make([]digest.Entry, unsure)},
		{Stance: "settle"},
	}
	return e
}

func issue(t *testing.T, db *store.DB, e digest.Edition) {
	t.Helper()
	if _, err := db.Freeze(t.Context(), e, nil, e.Window.To); err != nil {
		t.Fatal(err)
	}
}

func TestArchiveListsWithoutReadingEditions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	readers(t, db, 1)
	kyiv := time.FixedZone("", 2*60*60)
	issue(t, db, sorted(1, time.UTC, 3, 0))
	issue(t, db, sorted(2, kyiv, 1, 2))
	_, err := raw(t, dir).ExecContext(t.Context(), `DELETE FROM archive WHERE edition = 1`)
	must(t, err)

	got, err := db.Archive(t.Context())
	must(t, err)
	want := []store.Listed{{
		Past:   digest.Past{Number: 2, Counts: map[topic.StanceKey]int{"arm": 1, "unsure": 2, "settle": 0}},
		Window: digest.Window{From: hours(48).In(kyiv), To: hours(72).In(kyiv)},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if h := got[0].Window.To.Hour(); h != 8 {
		t.Errorf("the window ends at %d o’clock, not in the edition’s own zone", h)
	}
}

func TestPublicEdition(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	readers(t, db, 1)
	if _, err := db.PublicEdition(t.Context(), 0); !errors.Is(err, store.ErrNoEdition) {
		t.Errorf("newest of none: %v", err)
	}
	for _, n := range []int{1, 2, 4} {
		issue(t, db, sorted(n, time.UTC, 1, 0))
	}
	for number, want := range map[int][3]int{1: {1, 0, 2}, 2: {2, 1, 4}, 4: {4, 2, 0}, 0: {4, 2, 0}} {
		p, err := db.PublicEdition(t.Context(), number)
		must(t, err)
		if got := [3]int{p.Number, p.Previous, p.Next}; got != want || !p.Frozen.Equal(p.Window.To) {
			t.Errorf("edition %d: %v, frozen %v; want %v", number, got, p.Frozen, want)
		}
	}
	if _, err := db.PublicEdition(t.Context(), 3); !errors.Is(err, store.ErrNoEdition) {
		t.Errorf("one that is not: %v", err)
	}
	latest, err := db.LatestPublic(t.Context(), 2)
	must(t, err)
	if len(latest) != 2 || latest[0].Number != 4 || latest[1].Number != 2 {
		t.Errorf("latest: %+v", latest)
	}
}

// Whatever pages tell anew gives another generation, and nothing else does: a run's
// deliveries must not empty a cache.
func TestArchiveGeneration(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 2)
	visit(t, db, "one", start, arrival("1", "https://one.example/a", "A", start))
	judgeAll(t, db, hours(1), "")
	item := candidates(t, db, hours(1))[0].Item
	last, err := db.ArchiveGeneration(t.Context())
	must(t, err)
	step := func(name string, changes bool, do func() error) {
		t.Helper()
		must(t, do())
		m, err := db.ArchiveGeneration(t.Context())
		must(t, err)
		if (m != last) != changes {
			t.Errorf("%s: %d after %d", name, m, last)
		}
		last = m
	}
	e := edition(1, start, hours(1))
	step("edition", true, func() error {
		_, err := db.Freeze(t.Context(), e, filed(1, candidates(t, db, hours(1))), hours(1))
		return err
	})
	step("visit", false, func() error {
		visit(t, db, "two", hours(2), arrival("2", "https://two.example/b", "B", start))
		_, err := db.SettleUnknown(t.Context(), 1, true, hours(2))
		return err
	})
	step("word", true, func() error {
		return db.Correct(t.Context(), []store.Ruling{{
			Correction: store.Correction{Item: item, At: hours(3), Why: "why", Correction: stance.Correction{Stance: "bind"}},
			Verdict:    stance.Ruling("bind"),
		}})
	})
	step("undo", true, func() error { return db.Undo(t.Context(), []int64{item}, hours(4)) })
	told, err := db.ToldOf(t.Context(), 1)
	must(t, err)
	none, err := db.ToldOf(t.Context(), 2)
	must(t, err)
	if len(told) != 1 || told[0].Item != item || len(none) != 0 {
		t.Errorf("told: %+v, %+v", told, none)
	}
}

func TestPublicPiece(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 1)
	a := arrival("1", "https://one.example/a", "A", start)
	a.Language = "uk"
	visit(t, db, "one", start, a)
	judgeAll(t, db, hours(1), "")
	item := candidates(t, db, hours(1))[0].Item
	if _, ok, err := db.PublicPiece(t.Context(), item); ok || err != nil {
		t.Errorf("before an edition has it: %v, %v", ok, err)
	}
	_, err := db.Freeze(t.Context(), edition(1, start, hours(1)), filed(1, candidates(t, db, hours(1))), hours(1))
	must(t, err)
	k, ok, err := db.PublicPiece(t.Context(), item)
	if !ok || err != nil || k.Edition != 1 || k.Title != "A" {
		t.Errorf("%+v, %v, %v", k, ok, err)
	}
	languages, err := db.Languages(t.Context(), 1)
	if err != nil || len(languages) != 1 || languages[item] != "uk" {
		t.Errorf("languages: %v, %v", languages, err)
	}
}

// A draft is nobody's to read until it is let go.
func TestDraftsAreNotPublic(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	readers(t, db, 1)
	issue(t, db, sorted(1, time.UTC, 1, 0))
	issue(t, db, sorted(2, time.UTC, 1, 0))
	public := func(want int) int64 {
		t.Helper()
		all, err := db.Archive(t.Context())
		must(t, err)
		latest, err := db.PublicEdition(t.Context(), 0)
		must(t, err)
		m, err := db.ArchiveGeneration(t.Context())
		must(t, err)
		if len(all) != want || latest.Number != want {
			t.Errorf("%d public, the last is %d; want %d", len(all), latest.Number, want)
		}
		return m
	}
	before := public(2)
	_, err := raw(t, dir).ExecContext(t.Context(), `INSERT INTO approvals (edition, mode, state, drafted) VALUES (2, 'required', 'waiting', '')`)
	must(t, err)
	waiting := public(1)
	_, err = raw(t, dir).ExecContext(t.Context(), `UPDATE approvals SET state = 'approved', decided = ?`, "2027-01-01T00:00:00.000000Z")
	must(t, err)
	after := public(2)
	if before == waiting || waiting == after {
		t.Errorf("generations %d, %d, %d", before, waiting, after)
	}
}
