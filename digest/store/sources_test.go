package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"standpoint/digest/store"
	"standpoint/feeds"
)

func TestSources(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	v := feeds.Validators{ETag: `"1"`, LastModified: "Mon, 02 Mar 2026 06:00:00 GMT"}
	_, err := db.RecordVisit(t.Context(), store.Visit{Contact: store.Contact{Source: "one", At: start, Validators: v}})
	must(t, err)
	fail(t, db, "two", start, "first")
	fail(t, db, "two", hours(3), "second")
	all, err := db.Sources(t.Context())
	must(t, err)
	if s := all[0]; s.Validators != v || !s.Contacted.Equal(start) || s.Failures != 0 || !s.FailingSince.IsZero() {
		t.Errorf("one: %+v", s)
	}
	if s := all[1]; s.Failures != 2 || s.Error != "second" || !s.FailingSince.Equal(start) || !s.Tried.Equal(hours(3)) || !s.Contacted.IsZero() {
		t.Errorf("two: %+v", s)
	}
	moved := source("One")
	moved.URL = "https://elsewhere.example/feed"
	must(t, db.SetSources(t.Context(), []feeds.Source{source("Two"), moved}))
	visit(t, db, "two", hours(6))
	all, err = db.Sources(t.Context())
	must(t, err)
	if s := all[1]; s.ID != "one" || s.Validators != (feeds.Validators{}) || !s.Contacted.Equal(start) {
		t.Errorf("validators of the old address are sent to the new one, or the contact is forgotten: %+v", s)
	}
	if s := all[0]; s.Failures != 0 || s.Error != "" || !s.FailingSince.IsZero() {
		t.Errorf("two, mended: %+v", s)
	}
}

func state(t testing.TB, db *store.DB, id feeds.SourceID) store.SourceState {
	t.Helper()
	all, err := db.Sources(t.Context())
	must(t, err)
	for _, s := range all {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no source %s", id)
	return store.SourceState{}
}

func TestMovedAndGone(t *testing.T) {
	t.Parallel()
	const to = "https://new.example/feed"
	db := withSources(t)
	must(t, db.RecordUnchanged(t.Context(), []store.Contact{
		{Source: "one", At: start, Moved: to, Due: hours(12), DueBy: "ttl", Validators: feeds.Validators{ETag: "x"}},
		{Source: "two", At: start},
	}))
	s := state(t, db, "one")
	if s.Address() != to || !s.Due.Equal(hours(12)) || s.DueBy != "ttl" || !s.Since.Equal(start) || s.Items != -1 || s.Validators.ETag != "x" {
		t.Errorf("moved: %+v", s)
	}
	if s := state(t, db, "two"); s.Address() != s.URL || !s.Due.IsZero() || !s.Contacted.Equal(start) {
		t.Errorf("not moved: %+v", s)
	}
	fail(t, db, "one", hours(13), "503")
	if s := state(t, db, "one"); s.Address() != s.URL || !s.Due.IsZero() || s.Class != feeds.ClassServerError || s.Validators != (feeds.Validators{}) {
		t.Errorf("after a failure at the new address: %+v", s)
	}
	must(t, db.RecordFailure(t.Context(), store.Failure{Source: "one", At: hours(16), Reason: "410", Gone: true}))
	if s := state(t, db, "one"); !s.Gone.Equal(hours(16)) || !s.FailingSince.Equal(hours(13)) {
		t.Errorf("gone: %+v", s)
	}
	must(t, db.Resume(t.Context(), "one"))
	if s := state(t, db, "one"); !s.Gone.IsZero() || s.Failures != 0 || s.Error != "" || !s.Contacted.Equal(start) {
		t.Errorf("resumed: %+v", s)
	}
	must(t, db.RecordFailure(t.Context(), store.Failure{Source: "one", At: hours(19), Reason: "410", Gone: true}))
	other := source("One")
	other.URL = to
	must(t, db.SetSources(t.Context(), []feeds.Source{other}))
	if s := state(t, db, "one"); !s.Gone.IsZero() || s.Moved != "" {
		t.Errorf("under another address: %+v", s)
	}
}

func TestPause(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	must(t, db.Pause(t.Context(), "one", hours(1)))
	if s := state(t, db, "one"); !s.Paused.Equal(hours(1)) {
		t.Errorf("paused: %+v", s)
	}
	must(t, db.Resume(t.Context(), "one"))
	if s := state(t, db, "one"); !s.Paused.IsZero() {
		t.Errorf("resumed: %+v", s)
	}
	_, released := db.Release(t.Context(), "three", start)
	_, discarded := db.Discard(t.Context(), "three")
	for _, err := range []error{db.Pause(t.Context(), "three", start), db.Resume(t.Context(), "three"), released, discarded} {
		if !errors.Is(err, store.ErrNoSource) {
			t.Errorf("of a source that is none: %v", err)
		}
	}
}

// numbered makes so many items, numbered from the first.
func numbered(first, n int, at time.Time) []feeds.Item {
	var out []feeds.Item
	for i := range n {
		name := fmt.Sprint(first + i)
		out = append(out, arrival(name, "https://one.example/"+name, "Piece "+name, at))
	}
	return out
}

// TestFlood brings two pieces a week for five weeks, then the archive under new
// addresses.
func TestFlood(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, numbered(0, 40, start)...) // the first contact is no rhythm
	now := start
	for w := range 5 {
		now = start.Add(time.Duration(w+1) * 7 * 24 * time.Hour)
		if v := visited(t, db, "one", now, numbered(100+2*w, 2, now)...); v != (store.Visited{New: 2}) {
			t.Fatalf("week %d: %+v", w, v)
		}
	}
	judgeAll(t, db, now, "")
	before := len(candidates(t, db, now))
	now = now.Add(3 * time.Hour)
	if v := visited(t, db, "one", now, append(numbered(200, 50, now), arrival("g", "", "Gardening", now), arrival("old", "", "Old", now.AddDate(-1, 0, 0)))...); v.New != 52 || v.Held != 51 {
		t.Errorf("the flood: %+v", v)
	}
	if s := state(t, db, "one"); !s.HeldSince.Equal(now) {
		t.Errorf("held since %v", s.HeldSince)
	}
	now = now.Add(3 * time.Hour)
	if v := visited(t, db, "one", now, numbered(200, 51, now)...); v.New != 1 || v.Held != 1 {
		t.Errorf("what comes while it is held: %+v", v)
	}
	if p := pending(t, db, now); len(p) != 0 {
		t.Errorf("%d held pieces wait for their pages", len(p))
	}
	if h, err := db.Health(t.Context(), now); err != nil || h[0].Held != 52 {
		t.Errorf("%+v, %v", h, err)
	}
	if n, err := db.Discard(t.Context(), "two"); err != nil || n != 0 {
		t.Errorf("of a source that holds nothing: %d, %v", n, err)
	}
	now = now.Add(time.Hour)
	if n, err := db.Release(t.Context(), "one", now); err != nil || n != 52 {
		t.Errorf("released %d, %v", n, err)
	}
	judgeAll(t, db, now, "")
	if c := candidates(t, db, now); len(c) != before+51 {
		t.Errorf("%d candidates after the release, %d before", len(c), before)
	}
	if c := candidates(t, db, now.Add(-time.Second)); len(c) != before {
		t.Errorf("they count as come before their release: %d", len(c))
	}
	// Released, they are part of the rhythm's past, and the next week is quiet.
	now = now.Add(24 * time.Hour)
	if v := visited(t, db, "one", now, numbered(300, 2, now)...); v != (store.Visited{New: 2}) {
		t.Errorf("after the release: %+v", v)
	}
}

func TestDiscard(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start)
	now := start.AddDate(0, 0, 30)
	visit(t, db, "one", now)
	now = now.Add(time.Hour)
	if v := visited(t, db, "one", now, numbered(0, 30, now)...); v.Held != 30 {
		t.Fatalf("%+v", v)
	}
	if n, err := db.Discard(t.Context(), "one"); err != nil || n != 30 {
		t.Errorf("%d, %v", n, err)
	}
	judgeAll(t, db, now, "")
	if c := candidates(t, db, now); len(c) != 0 {
		t.Errorf("%d candidates", len(c))
	}
	if v := visited(t, db, "one", now.Add(time.Hour), numbered(0, 31, now)...); v != (store.Visited{New: 1}) {
		t.Errorf("they came again: %+v", v)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	now := start.AddDate(0, 1, 0)
	for i := range 8 { // two a week
		at := now.AddDate(0, 0, -4*i-1)
		visit(t, db, "one", now, arrival(fmt.Sprint(i), "", fmt.Sprint(i), at))
	}
	visit(t, db, "two", now)
	h, err := db.Health(t.Context(), now)
	must(t, err)
	if one := h[0]; one.Weekly != 7.0/4 || !one.Latest.Equal(now.AddDate(0, 0, -1)) || one.Silent || one.Items != 1 {
		t.Errorf("one: %+v", one)
	}
	if two := h[1]; two.Weekly != 0 || !two.Latest.IsZero() || two.Silent || two.Items != 0 {
		t.Errorf("two: %+v", two)
	}
	if h, err = db.Health(t.Context(), now.AddDate(0, 1, 0)); err != nil || !h[0].Silent || h[0].Weekly != 0 {
		t.Errorf("a month later: %+v, %v", h[0], err)
	}
}
