package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"standpoint/digest/store"
	"standpoint/feeds"
)

func alert(about, event string, hour int) store.Alert {
	return store.Alert{Key: about + " " + event, About: about, Subject: event, Text: event, Raised: hours(hour)}
}

// hear returns the subjects of what is to be told, and tells it.
func hear(t *testing.T, db *store.DB, hour int) string {
	t.Helper()
	all, err := db.Untold(t.Context())
	must(t, err)
	must(t, db.Tell(t.Context(), all, hours(hour)))
	out := ""
	for _, a := range all {
		out += a.Subject + ";"
	}
	return out
}

// start is 06:00, so hours 18 to 41 are the next day.
func TestAlertsAreToldOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	raise := func(a store.Alert, want bool) {
		t.Helper()
		news, err := db.Raise(t.Context(), a)
		must(t, err)
		if news != want {
			t.Errorf("%s: news %v, want %v", a.Key, news, want)
		}
	}
	raise(alert("edition", "stopped on Monday", 1), true)
	raise(alert("edition", "stopped on Monday", 2), false)
	raise(alert("edition", "stopped again", 3), false) // the same day
	raise(alert("feed one", "is dead", 3), true)
	if got := hear(t, db, 4); got != "stopped on Monday;is dead;" {
		t.Errorf("told %q", got)
	}
	must(t, db.Close())
	db = open(t, dir) // a restart repeats nothing
	raise(alert("edition", "stopped on Monday", 20), false)
	raise(alert("edition", "stopped on Tuesday", 20), true)
	raise(alert("edition", "stopped on Tuesday", 45), false) // the same event
	if got := hear(t, db, 46); got != "stopped on Tuesday;" {
		t.Errorf("told %q", got)
	}
	raise(alert("edition", "stopped in spring", 24*420), true)
	if n := number(t, raw(t, dir), `SELECT count(*) FROM alerts`); n != 1 {
		t.Errorf("%d alerts are kept, want the newest only", n)
	}
}

func TestAlertsAreOver(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	down, back := alert("feed one", "is dead", 1), alert("feed one", "is back", 2)
	if _, err := db.Raise(t.Context(), down); err != nil {
		t.Fatal(err)
	}
	if open, err := db.OpenAlerts(t.Context()); err != nil || open["feed one"].Key != down.Key {
		t.Errorf("%v, %v", open, err)
	}
	hear(t, db, 1)
	for range 2 {
		must(t, db.Over(t.Context(), down.Key, back))
	}
	if got := hear(t, db, 3); got != "is back;" {
		t.Errorf("told %q", got)
	}
	if open, err := db.OpenAlerts(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("%v, %v", open, err)
	}

	// What was over before the mail could be sent is not told at all.
	brief := alert("feed one", "is dead again", 30)
	if news, err := db.Raise(t.Context(), brief); err != nil || !news {
		t.Fatal(news, err)
	}
	must(t, db.Over(t.Context(), brief.Key, alert("feed one", "is back again", 31)))
	if got := hear(t, db, 32); got != "" {
		t.Errorf("told %q", got)
	}
}

func TestLockHeld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lock, err := store.Acquire(dir, "me")
	must(t, err)
	defer lock.Release()
	if err := lock.Held(); err != nil {
		t.Error(err)
	}
	path := filepath.Join(dir, "lock")
	must(t, os.Remove(path))
	if lock.Held() == nil {
		t.Error("a lock whose file is gone is held")
	}
	must(t, os.WriteFile(path, nil, 0o600))
	if lock.Held() == nil {
		t.Error("a lock whose file is another one is held")
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	if got, err := db.Tally(t.Context(), hours(0)); err != nil || got.Sources != 2 || got.Edition != 0 || !got.Cutoff.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
	visit(t, db, "one", hours(1), arrival("a", "https://one.example/a", "Guarantees for Kyiv", hours(0)), arrival("b", "https://one.example/b", "Guarantees for Lviv", hours(0)))
	must(t, db.RecordFailure(t.Context(), store.Failure{Source: "two", At: hours(1), Reason: "gone fishing"}))
	got, err := db.Tally(t.Context(), hours(2))
	if err != nil || got.Pieces != 2 || got.Waiting != 2 || got.Failing != 1 || got.Ready != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	must(t, db.Pause(t.Context(), feeds.SourceID("two"), hours(2)))
	if got, err = db.Tally(t.Context(), hours(2)); err != nil || got.Failing != 0 || got.Paused != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}
